// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package passkey

import (
	"context"
	"encoding/json"

	"github.com/go-webauthn/webauthn/webauthn"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const selectRecords = `SELECT record FROM passkey WHERE account_id = $1`

func (s *Service) owner(ctx context.Context, tx *store.Tx, by identity.Actor) (o owner, err error) {
	o = owner{id: by.ID, login: by.Login, name: by.Name}
	o.keys, err = store.Collect(ctx, tx, func(sc store.Scanner) (c webauthn.Credential, err error) {
		var record string
		if err := sc.Scan(&record); err != nil {
			return c, err
		}
		return c, json.Unmarshal([]byte(record), &c)
	}, selectRecords, by.ID)
	return o, err
}

const selectKeys = `SELECT id, name, synced, created_at, used_at, cloned_at FROM passkey WHERE account_id = $1 ORDER BY created_at, id`

// List returns the actor's own keys, oldest first.
func (s *Service) List(ctx context.Context, by identity.Actor) (list []Key, err error) {
	defer fault.Wrap(&err, "passkey.List(%s)", by.ID)
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (k Key, err error) {
		var created, used, cloned int64
		err = sc.Scan(&k.ID, &k.Name, &k.Synced, &created, &used, &cloned)
		k.Created, k.Used, k.Cloned = store.Time(created), store.Time(used), store.Time(cloned)
		return k, err
	}, selectKeys, by.ID)
}

const (
	selectName = `SELECT name FROM passkey WHERE account_id = $1 AND id = $2`
	updateName = `UPDATE passkey SET name = $1 WHERE account_id = $2 AND id = $3`
	deleteKey  = `DELETE FROM passkey WHERE account_id = $1 AND id = $2`
)

// Rename gives one of the actor's own keys another name.
func (s *Service) Rename(ctx context.Context, by identity.Actor, id, name string) (err error) {
	defer fault.Wrap(&err, "passkey.Rename(%s)", id)
	if name, err = checkName(name); err != nil {
		return err
	}
	return s.change(ctx, by, id, func(tx *store.Tx, was string) error {
		if _, err := tx.Exec(ctx, updateName, name, by.ID, id); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "passkey_rename", map[string]any{"key": id, "name": was}, map[string]any{"key": id, "name": name})
	})
}

// Remove takes one of the actor's own keys away: it opens nothing from now on. Sessions it opened stay until they are ended.
func (s *Service) Remove(ctx context.Context, by identity.Actor, id string) (err error) {
	defer fault.Wrap(&err, "passkey.Remove(%s)", id)
	return s.change(ctx, by, id, func(tx *store.Tx, was string) error {
		if _, err := tx.Exec(ctx, deleteKey, by.ID, id); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "passkey_remove", map[string]any{"key": id, "name": was}, nil)
	})
}

func (s *Service) change(ctx context.Context, by identity.Actor, id string, do func(tx *store.Tx, was string) error) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		was, found, err := store.One(ctx, tx, store.Value[string], selectName, by.ID, id)
		if err != nil || !found {
			return either(err, fault.NotFound("passkey", id))
		}
		return do(tx, was)
	})
}
