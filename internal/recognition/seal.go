// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"sync"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// sealKey is the secret of this database by which printed codes are told from guessed or copied addresses. It is drawn once.
type sealKey struct {
	mu  sync.Mutex
	key []byte
}

const (
	sealSetting   = "certificate_seal"
	selectSealKey = `SELECT value FROM setting WHERE key = $1`
	insertSealKey = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`
)

// Seal is what a printed code carries beside itself: 40 bits of HMAC-SHA-256 over the code, as 8 characters of Crockford's base 32.
func (s *Service) Seal(ctx context.Context, code Code) (seal string, err error) {
	defer fault.Wrap(&err, "recognition.Seal")
	key, err := s.sealKey(ctx)
	if err != nil {
		return "", err
	}
	return sealOf(key, code), nil
}

// EnsureSeal draws the secret that seals depend on, where there is none yet: before anybody reads, because a reader changes nothing.
func (s *Service) EnsureSeal(ctx context.Context) error {
	_, err := s.sealKey(ctx)
	return err
}

// Sealed says whether a seal is the code's: the address was printed by this system, and not made up around a code that somebody knew.
func (s *Service) Sealed(ctx context.Context, code Code, seal string) (ok bool, err error) {
	want, err := s.Seal(ctx, code)
	return err == nil && hmac.Equal([]byte(want), []byte(strings.ToUpper(seal))), err
}

func sealOf(key []byte, code Code) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("certificate\x00" + string(code)))
	return string(codeOf(binary.BigEndian.Uint64(mac.Sum(nil)) >> 24))[codeLength-8:]
}

func (s *Service) sealKey(ctx context.Context) ([]byte, error) {
	s.sealing.mu.Lock()
	defer s.sealing.mu.Unlock()
	if s.sealing.key != nil {
		return s.sealing.key, nil
	}
	text, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectSealKey, sealSetting)
	if err == nil && !found {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			fresh := make([]byte, 32)
			rand.Read(fresh) // never fails, see crypto/rand
			n, err := tx.Exec(ctx, insertSealKey, sealSetting, sealed.CertificateSeal.Seal(s.Keys, sealSetting, base64.StdEncoding.EncodeToString(fresh)))
			if err != nil {
				return err
			}
			if n > 0 { // the entry says that there is one, not which
				if err := audit.Write(ctx, tx, identity.System.Who(), s.now(), audit.Entry{Thing: "setting", ThingID: sealSetting, Act: "create"}); err != nil {
					return err
				}
			}
			text, _, err = store.One(ctx, tx, store.Value[string], selectSealKey, sealSetting)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	if text, err = sealed.CertificateSeal.Open(s.Keys, sealSetting, text); err != nil {
		return nil, err
	}
	if s.sealing.key, err = base64.StdEncoding.DecodeString(text); err != nil {
		s.sealing.key = nil
	}
	return s.sealing.key, err
}
