// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// key is one that signs or once signed.
type key struct {
	id     string
	public ed25519.PublicKey
	secret ed25519.PrivateKey // nil once another signs
}

const (
	selectKeys = `SELECT id, public, secret FROM badge_key ORDER BY created_at DESC, id DESC`
	insertKey  = `INSERT INTO badge_key (id, public, secret, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	retireKeys = `UPDATE badge_key SET secret = '', retired_at = $1 WHERE retired_at = 0`
)

func (s *Service) scanKey(sc store.Scanner) (k key, err error) {
	var public, secret string
	if err := sc.Scan(&k.id, &public, &secret); err != nil {
		return k, err
	}
	raw, err := base64.StdEncoding.DecodeString(public)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return k, fmt.Errorf("badge: key %s: no public key", k.id)
	}
	k.public = raw
	if secret == "" {
		return k, nil
	}
	if secret, err = sealed.BadgeKey.Open(s.Ring, k.id, secret); err != nil {
		return k, err
	}
	seed, err := base64.StdEncoding.DecodeString(secret)
	if err != nil || len(seed) != ed25519.SeedSize {
		return k, fmt.Errorf("badge: key %s: no secret", k.id)
	}
	if k.secret = ed25519.NewKeyFromSeed(seed); !k.public.Equal(k.secret.Public()) {
		return k, fmt.Errorf("badge: key %s: its halves do not belong together", k.id)
	}
	return k, nil
}

// keys are all of them, the newest first.
func (s *Service) keys(ctx context.Context, tx *store.Tx) ([]key, error) {
	return store.Collect(ctx, tx, s.scanKey, selectKeys)
}

// signing is the key that signs. It fails with fault.NotFound before the first badge.
func (s *Service) signing(ctx context.Context) (key, error) {
	list, err := s.keys(ctx, s.db.Read())
	if err != nil {
		return key{}, err
	}
	for _, k := range list {
		if k.secret != nil {
			return k, nil
		}
	}
	return key{}, fault.NotFound("badge", "")
}

// draw makes a new key sign, unless somebody draws one at the same moment: then that one does. The journal says that there is one, not which.
func (s *Service) draw(ctx context.Context, tx *store.Tx, by identity.Actor) error {
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	now, id := s.now(), store.NewID()
	n, err := tx.Exec(ctx, insertKey, id, base64.StdEncoding.EncodeToString(public), sealed.BadgeKey.Seal(s.Ring, id, base64.StdEncoding.EncodeToString(secret.Seed())), store.Micros(now))
	if err != nil || n == 0 {
		return err
	}
	return audit.Write(ctx, tx, by.Who(), now, audit.Entry{Thing: "badge_key", ThingID: id, Act: "create"})
}

// Rotate draws a new key. Badges given so far stay good: the old key stays published, and its secret is forgotten. It fails with fault.Denied for all but
// administrators of the whole.
func (s *Service) Rotate(ctx context.Context, by identity.Actor) (id string, err error) {
	defer fault.Wrap(&err, "badge.Rotate")
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := s.places.Path(ctx, tx, place.Root)
		if err != nil {
			return err
		}
		if err := by.Check(identity.ManageAccounts, path, place.Root); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, retireKeys, store.Micros(s.now())); err != nil {
			return err
		}
		if err := s.draw(ctx, tx, by); err != nil {
			return err
		}
		list, err := s.keys(ctx, tx)
		if err == nil {
			id = list[0].id
		}
		return err
	})
	return id, err
}

// Keys are the public halves of all keys, newest first, as readers of badges want them.
func (s *Service) Keys(ctx context.Context, at Address) (set jose.JSONWebKeySet, err error) {
	defer fault.Wrap(&err, "badge.Keys")
	list, err := s.keys(ctx, s.db.Read())
	for _, k := range list {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.public, KeyID: at.Key(k.id), Algorithm: string(jose.EdDSA), Use: "sig"})
	}
	if err == nil && len(list) == 0 {
		err = fault.NotFound("badge", "")
	}
	return set, err
}

// sign makes a JSON Web Signature of a payload.
func (k key) sign(at Address, kind string, payload []byte) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: k.secret, KeyID: at.Key(k.id)}}, (&jose.SignerOptions{}).WithType(jose.ContentType(kind)))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
