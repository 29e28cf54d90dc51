// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package passkey

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

const purposeAdd = "passkey add"

// BeginAdd asks for a new key of the actor: options for the browser, and what must come back with its answer. The actor types his password again, so
// that a page left open gives nobody a key for ever.
func (s *Service) BeginAdd(ctx context.Context, by identity.Actor, p Party, password string) (options any, sealed string, err error) {
	defer fault.Wrap(&err, "passkey.BeginAdd(%s)", by.ID)
	rules, err := p.rules()
	if err != nil {
		return nil, "", err
	}
	if err := s.identity.Confirm(ctx, by, password); err != nil {
		return nil, "", err
	}
	o, err := s.owner(ctx, s.db.Read(), by)
	if err != nil {
		return nil, "", err
	}
	if len(o.keys) >= MaxKeys {
		return nil, "", fault.Conflict("passkey.too_many", "max", MaxKeys)
	}
	creation, session, err := rules.BeginRegistration(o, webauthn.WithExclusions(webauthn.Credentials(o.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", err
	}
	sealed, err = s.ceremonies.Seal(purposeAdd, by.ID, Life, session)
	return creation.Response, sealed, err
}

const (
	insertKey = `INSERT INTO passkey (account_id, id, credential_id, name, record, counter, synced, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (credential_id) DO NOTHING`
	countKeys = `SELECT count(*) FROM passkey WHERE account_id = $1`
)

// Add takes the browser's answer to BeginAdd and keeps the key under a name of the owner's.
func (s *Service) Add(ctx context.Context, by identity.Actor, p Party, sealed, name string, answer []byte) (k Key, err error) {
	defer fault.Wrap(&err, "passkey.Add(%s)", by.ID)
	if name, err = checkName(name); err != nil {
		return Key{}, err
	}
	var session webauthn.SessionData
	once, err := s.ceremonies.Open(purposeAdd, by.ID, sealed, &session)
	if err != nil {
		return Key{}, err
	}
	rules, err := p.rules()
	if err != nil {
		return Key{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Key{}, refused(err)
	}
	made, err := rules.CreateCredential(owner{id: by.ID, login: by.Login, name: by.Name}, session, parsed)
	if err != nil {
		return Key{}, refused(err)
	}
	made.Attestation = webauthn.CredentialAttestation{} // none was asked for; what the device says of itself is not kept
	record, err := json.Marshal(made)
	if err != nil {
		return Key{}, err
	}
	now := s.now()
	k = Key{ID: store.NewID(), Name: name, Synced: made.Flags.BackupEligible, Created: now}
	return k, s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.ceremonies.Spend(ctx, tx, once); err != nil {
			return err
		}
		if n, _, err := store.One(ctx, tx, store.Value[int], countKeys, by.ID); err != nil || n >= MaxKeys {
			return either(err, fault.Conflict("passkey.too_many", "max", MaxKeys))
		}
		n, err := tx.Exec(ctx, insertKey, by.ID, k.ID, credentialID(made.ID), name, string(record), int64(made.Authenticator.SignCount), k.Synced, store.Micros(now))
		if err != nil || n == 0 {
			return either(err, fault.Conflict("passkey.known"))
		}
		return s.note(ctx, tx, by, "passkey_add", nil, map[string]any{"key": k.ID, "name": name, "synced": k.Synced})
	})
}

func either(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func credentialID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// refused hides from the person what the library found; it stays in the chain for the developers' tests.
func refused(err error) error {
	return &fault.Fault{Kind: fault.KindInvalid, Key: "passkey.refused", Args: fault.Args{"why": err.Error()}}
}

func checkName(name string) (string, error) {
	name = text.NFC(name)
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return "", fault.Invalid(fault.Field("name", "passkey.name", "max", maxName))
	}
	return name, nil
}

func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, act string, before, after map[string]any) error {
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: by.ID, Act: act, Before: before, After: after})
}
