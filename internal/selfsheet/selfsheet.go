// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package selfsheet owns the slips (phiếu mã QR) by which a household, a clan, a unit or a citizen fills in its own sheet without an account: making,
// printing again, renewing and revoking them, what opens with one, and how often. What is saved goes through package assessment as identity.Own.
package selfsheet

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"hoctap/internal/assessment"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/keyring"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Service keeps slips.
type Service struct {
	db          *store.DB
	keys        *keyring.Ring
	places      *place.Service
	registry    *registry.Service
	assessments *assessment.Service
	evidence    *evidence.Service
	now         func() time.Time
}

// New returns a Service.
func New(db *store.DB, keys *keyring.Ring, places *place.Service, registry *registry.Service, assessments *assessment.Service, evidence *evidence.Service, now func() time.Time) *Service {
	return &Service{db: db, keys: keys, places: places, registry: registry, assessments: assessments, evidence: evidence, now: now}
}

// What one slip may do in its life. A household answers once and mends a few times; nobody needs more.
const (
	MaxSends   = 60
	MaxUploads = 30
	MaxTries   = 5 // wrong house numbers in a row
)

// readable is how long after the end of its stage a slip still shows what became of the sheet.
const readable = 30 * 24 * time.Hour

// Slip is one link.
type Slip struct {
	ID, PlaceID, FileID, RoundID, Model string
	Serial                              int
	Tries, Sends, Uploads               int
	MadeBy                              string
	MadeAt, UsedAt, ExpiresAt           time.Time
	Revoked                             bool

	pin string // sealed
}

// Locked reports that too many wrong house numbers were typed: only a new slip opens the answers to another phone.
func (s *Slip) Locked() bool { return s.Tries >= MaxTries }

const slipColumns = `id, place_id, assessment_id, round_id, model, serial, tries, sends, uploads, made_by, made_at, used_at, expires_at, revoked_at, pin`

func scanSlip(sc store.Scanner) (s Slip, err error) {
	var made, used, expires, revoked int64
	err = sc.Scan(&s.ID, &s.PlaceID, &s.FileID, &s.RoundID, &s.Model, &s.Serial, &s.Tries, &s.Sends, &s.Uploads, &s.MadeBy, &made, &used, &expires, &revoked, &s.pin)
	s.MadeAt, s.UsedAt, s.ExpiresAt, s.Revoked = store.Time(made), store.Time(used), store.Time(expires), revoked != 0
	return s, err
}

// The secret of a link has 128 bits, the code to type 50: without the key of the installation neither can be worked out, and the slip can be printed
// again without being kept. Crockford's signs: none is taken for another.
const (
	signs        = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	secretLength = 26
	codeLength   = 10
)

var base = base32.NewEncoding(signs).WithPadding(base32.NoPadding)

func (s *Service) derived(purpose, id string, serial, length int) string {
	raw, err := hex.DecodeString(s.keys.Hash(purpose, fmt.Sprintf("%s.%d", id, serial)))
	if err != nil {
		panic("keyring: a hash is no hexadecimal text") // its contract
	}
	return base.EncodeToString(raw[:16])[:length]
}

// Secret is what the link of a slip ends with.
func (s *Service) Secret(slip *Slip) string {
	return s.derived("self_link secret", slip.ID, slip.Serial, secretLength)
}

// Code is what is typed by hand, "K7M2Q-4XN8D".
func (s *Service) Code(slip *Slip) string {
	c := s.derived("self_link code", slip.ID, slip.Serial, codeLength)
	return c[:codeLength/2] + "-" + c[codeLength/2:]
}

func (s *Service) secretHash(secret string) string { return s.keys.Hash("self_link find", secret) }
func (s *Service) codeHash(code string) string     { return s.keys.Hash("self_link find code", code) }

// misread are letters that stand in no code, and what a reader meant by them.
var misread = map[rune]rune{'O': '0', 'I': '1', 'L': '1', 'U': 'V'}

// typed is a code as it is compared: any case, with or without blanks and dashes; "" for what cannot be one.
func typed(code string, length int) string {
	var b strings.Builder
	for _, r := range code {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == '.' || r == '_' {
			continue
		}
		r = unicode.ToUpper(r)
		if other, ok := misread[r]; ok {
			r = other
		}
		if r > unicode.MaxASCII || !strings.ContainsRune(signs, r) || b.Len() >= length {
			return ""
		}
		b.WriteRune(r)
	}
	if b.Len() != length {
		return ""
	}
	return b.String()
}

// unknown is the one answer to what opens nothing: no such slip, an old one, a revoked one. Nobody learns which.
func unknown() error { return fault.NotFound("slip", "") }

const (
	selectBySecret = `SELECT ` + slipColumns + ` FROM self_link WHERE secret_hash = $1`
	selectByCode   = `SELECT ` + slipColumns + ` FROM self_link WHERE code_hash = $1`
	updateUsed     = `UPDATE self_link SET used_at = $1 WHERE id = $2 AND used_at = 0`
)

// ByCode is the secret of the slip whose code was typed, or fault.NotFound.
func (s *Service) ByCode(ctx context.Context, code string) (secret string, err error) {
	defer fault.Wrap(&err, "selfsheet.ByCode")
	code = typed(code, codeLength)
	if code == "" {
		return "", unknown()
	}
	slip, err := s.find(ctx, selectByCode, s.codeHash(code))
	return s.Secret(&slip), err
}

func (s *Service) find(ctx context.Context, query, hash string) (slip Slip, err error) {
	slip, found, err := store.One(ctx, s.db.Read(), scanSlip, query, hash)
	if err == nil && (!found || slip.Revoked) {
		err = unknown()
	}
	return slip, err
}

// Opened is what a slip opens: one file, for one actor.
type Opened struct {
	Slip
	By   identity.Actor
	File assessment.OwnFile
	Area place.Place
}

// Open is what the secret of a link opens, for who asks from address with device. It fails with fault.NotFound for what opens nothing (any more), also
// when the subject has left or its data are only kept.
func (s *Service) Open(ctx context.Context, secret, address, device string) (o Opened, err error) {
	defer fault.Wrap(&err, "selfsheet.Open")
	if secret = typed(secret, secretLength); secret == "" {
		return o, unknown()
	}
	if o.Slip, err = s.find(ctx, selectBySecret, s.secretHash(secret)); err != nil {
		return o, err
	}
	o.By = identity.Own{PlaceID: o.PlaceID, FileID: o.FileID, LinkID: o.ID}.Actor(address, device)
	if o.File, err = s.assessments.Own(ctx, o.By); err != nil {
		return o, gone(err)
	}
	sub := &o.File.Row().Subject
	restricted, err := s.registry.Restricted(ctx, nil)
	if err != nil {
		return o, err
	}
	over := s.now().After(o.ExpiresAt) && o.File.Late != nil // an extension of the stage holds the slip open
	if over || sub.State != registry.Active || restricted[sub.ID] {
		return o, unknown()
	}
	if o.Area, err = s.places.Get(ctx, o.PlaceID); err != nil {
		return o, gone(err)
	}
	if o.UsedAt.IsZero() {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, updateUsed, store.Micros(s.now()), o.ID)
			return err
		})
	}
	return o, err
}

// gone makes a file that is not there any more one that never was.
func gone(err error) error {
	if fault.KindOf(err) == fault.KindNotFound {
		return unknown()
	}
	return err
}

// newPin draws a house number of four digits.
func newPin() string {
	n, err := rand.Int(rand.Reader, big.NewInt(10_000))
	if err != nil {
		panic("crypto/rand: " + err.Error()) // never fails, see its documentation
	}
	return fmt.Sprintf("%04d", n)
}
