// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Slip is what is cut out and handed over: the password stands nowhere else.
type Slip struct {
	Login    string
	Name     string
	PlaceID  string
	Password string
	Until    time.Time
}

// maxSlips is how many are made at once: each costs a hash.
const maxSlips = 400

// slipWords make a password that a slip shows.
const slipWords = 5

// Slips gives new passwords on paper to accounts of area heads below the actor, and makes accounts from drafts, whose passwords are made here; all of it or
// nothing. path is that of the commune in which all of their places lie. Sessions of the accounts end, and those that idleness had closed are open again.
func (s *Service) Slips(ctx context.Context, by Actor, path string, targets []Account, fresh []Draft) (slips []Slip, err error) {
	defer fault.Wrap(&err, "identity.Slips(%s)", path)
	if err := by.Check(ManageAccounts, path, ""); err != nil {
		return nil, err
	}
	if len(targets)+len(fresh) == 0 {
		return nil, fault.Invalid(fault.Field("chon", "slips.none"))
	}
	if len(targets)+len(fresh) > maxSlips {
		return nil, fault.TooMuch("slips.many", "max", maxSlips)
	}
	type task struct {
		before, hash string
		until        int64
	}
	todo := make([]task, 0, len(targets)+len(fresh))
	for _, t := range targets {
		if t.ID == by.ID {
			return nil, fault.Conflict("account.own_password")
		}
		for _, g := range t.Grants {
			if g.Role != AreaVolunteer {
				return nil, fault.Denied("slip", g.PlaceID)
			}
		}
		if t.Disabled && t.Why != "idle" {
			return nil, fault.Conflict("slips.closed", "login", t.Login)
		}
		if err := s.checkBelow(ctx, by, t); err != nil {
			return nil, err
		}
		o, err := s.own(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		slips = append(slips, Slip{Login: t.Login, Name: t.Name, PlaceID: placeOf(t), Password: Phrase(slipWords, " ", t.Login)})
		todo = append(todo, task{before: o.hash})
	}
	for _, d := range fresh {
		if d.Grant.Role != AreaVolunteer {
			return nil, fault.Denied("slip", d.Grant.PlaceID)
		}
		if err := by.Check(ManageAccounts, d.Path, d.Grant.PlaceID); err != nil {
			return nil, err
		}
		if err := d.Check(); err != nil {
			return nil, err
		}
		slips = append(slips, Slip{Login: foldLogin(d.Login), Name: text.NFC(d.Name), PlaceID: d.Grant.PlaceID, Password: Phrase(slipWords, " ", d.Login)})
		todo = append(todo, task{})
	}
	now := s.now()
	for i := range slips {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		todo[i].hash, todo[i].until = hashPassword(slipForm(slips[i].Password)), store.Micros(now.Add(SlipLife))
		slips[i].Until = now.Add(SlipLife)
	}
	return slips, s.db.Write(ctx, func(tx *store.Tx) error {
		for i, t := range targets {
			if err := s.hand(ctx, tx, by, t, todo[i].hash, todo[i].before, todo[i].until); err != nil {
				return err
			}
		}
		for i, d := range fresh {
			w := todo[len(targets)+i]
			id := store.NewID()
			n, err := tx.Exec(ctx, insertAccount, id, foldLogin(d.Login), text.NFC(d.Name), text.NFC(d.Post), w.hash, true, d.Demo, store.Micros(now), store.Micros(now), w.until)
			if err != nil {
				return err
			}
			if n == 0 {
				return fault.Invalid(fault.Field("login", "account.taken", "login", foldLogin(d.Login)))
			}
			if err := s.giveFirst(ctx, tx, by, id, d); err != nil {
				return err
			}
			if err := audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: d.Grant.PlaceID, Thing: "account", ThingID: id, Act: "create",
				After: map[string]any{"login": foldLogin(d.Login), "role": d.Grant.Role, "place": d.Grant.PlaceID, "slip": true}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// LoginFree says whether nobody has a login yet.
func (s *Service) LoginFree(ctx context.Context, login string) (bool, error) {
	_, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectLogin, foldLogin(login))
	return !found, err
}
