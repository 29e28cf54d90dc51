// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// A form pressed twice must not take two numbers. Each page gives its form a random token; the first transaction to keep the token makes the thing, and
// whoever sends the token again is led there.

// pressed is what a token made.
type pressed struct{ thingID, byID string }

func scanPressed(sc store.Scanner) (x pressed, err error) {
	err = sc.Scan(&x.thingID, &x.byID)
	return x, err
}

const (
	insertToken = `INSERT INTO form_token (token, thing_id, by_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT (token) DO NOTHING`
	selectToken = `SELECT thing_id, by_id FROM form_token WHERE token = $1`
)

// claim keeps a token for the thing that is about to be made; used is what it made before, "" for a new one. On PostgreSQL the second of two waits here until
// the first is through. It fails with fault.Conflict for another person's token.
func claim(ctx context.Context, tx *store.Tx, by identity.Actor, token, thingID string, now time.Time) (used string, err error) {
	if token == "" {
		return "", nil
	}
	if len(token) > 64 {
		return "", fault.Conflict("recognition.form_used")
	}
	n, err := tx.Exec(ctx, insertToken, token, thingID, by.ID, store.Micros(now))
	if err != nil || n > 0 {
		return "", err
	}
	before, _, err := store.One(ctx, tx, scanPressed, selectToken, token)
	if err == nil && before.byID != by.ID {
		err = fault.Conflict("recognition.form_used")
	}
	return before.thingID, err
}

// Pressed returns the id of the paper or decision that by made with a form's token; found is false for a token that made nothing yet.
func (s *Service) Pressed(ctx context.Context, by identity.Actor, token string) (id string, found bool, err error) {
	defer fault.Wrap(&err, "recognition.Pressed")
	if token == "" {
		return "", false, nil
	}
	before, found, err := store.One(ctx, s.db.Read(), scanPressed, selectToken, token)
	return before.thingID, found && before.byID == by.ID, err
}
