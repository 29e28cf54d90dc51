// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/mail"
	"hoctap/internal/store"
)

const (
	selectEmail = `SELECT email FROM account WHERE id = $1`
	updateEmail = `UPDATE account SET email = $1, version = version + 1 WHERE id = $2`
)

// Email is the actor's own address for reminders; "" for none.
func (s *Service) Email(ctx context.Context, by Actor) (string, error) {
	address, _, err := store.One(ctx, s.db.Read(), store.Value[string], selectEmail, by.ID)
	return address, err
}

// SetEmail changes the actor's own address for reminders; an empty one stops them. It fails with fault.Invalid for what is no address.
func (s *Service) SetEmail(ctx context.Context, by Actor, address string) (err error) {
	defer fault.Wrap(&err, "identity.SetEmail(%s)", by.ID)
	if address = strings.TrimSpace(address); address != "" && !mail.Address(address) {
		return fault.Invalid(fault.Field("email", "account.email"))
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, updateEmail, address, by.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: by.ID, Act: "email", After: map[string]bool{"set": address != ""}})
	})
}

const selectReachable = `SELECT a.id, a.login, a.name, a.email FROM account a JOIN account_grant g ON g.account_id = a.id
	WHERE g.place_id = $1 AND g.role = $2 AND g.valid_from <= $3 AND g.valid_to >= $3 AND a.disabled_at = 0 AND a.email <> '' ORDER BY a.id`

// Reachable lists the open accounts with a role at a place that have an e-mail address. It is for letters that the program sends by itself.
func (s *Service) Reachable(ctx context.Context, role Role, placeID string) (list []Account, err error) {
	defer fault.Wrap(&err, "identity.Reachable(%s, %s)", role, placeID)
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (a Account, err error) {
		err = sc.Scan(&a.ID, &a.Login, &a.Name, &a.Email)
		return a, err
	}, selectReachable, placeID, string(role), store.Date(s.now()))
}
