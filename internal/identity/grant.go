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

// Given is a role of an account as the accounts' pages show it: by whose hand, since when and until when.
type Given struct {
	Grant
	From  string
	To    string
	ByID  string
	By    string // name of ByID; "" for the program itself
	At    int64
	State GivenState
	// Reason is why a role was asked for that waits for a second person.
	Reason string
}

// GivenState says whether a role holds.
type GivenState string

// The states of a given role.
const (
	GivenHolds   GivenState = "holds"
	GivenComes   GivenState = "comes" // from a later day on
	GivenEnded   GivenState = "ended"
	GivenWaiting GivenState = "waiting" // for a second person
)

// Forever reports whether no end was set.
func (g Given) Forever() bool { return g.To == store.Still }

const (
	upsertGrant = `INSERT INTO account_grant (account_id, place_id, role, valid_from, valid_to, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (account_id, place_id, role) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to, by_id = excluded.by_id, at = excluded.at`
	upsertRequest = `INSERT INTO grant_request (account_id, place_id, role, valid_from, valid_to, reason, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (account_id, place_id, role) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to, reason = excluded.reason,
			by_id = excluded.by_id, at = excluded.at`
	selectPlacePath = `SELECT path FROM place_parent WHERE place_id = $1 ORDER BY valid_from DESC LIMIT 1`
	selectHeld      = `SELECT role, place_id, valid_from, valid_to FROM account_grant WHERE account_id = $1 AND valid_to >= $2`
)

// pathOf is the newest path of a place: the verbs here do not take a page's word for it.
func pathOf(ctx context.Context, tx *store.Tx, placeID string) (string, error) {
	path, found, err := store.One(ctx, tx, store.Value[string], selectPlacePath, placeID)
	if err == nil && !found {
		err = fault.NotFound("place", placeID)
	}
	return path, err
}

// GrantTerms are what a role is given for.
type GrantTerms struct {
	AccountID string
	Role      Role
	PlaceID   string
	From      string // YYYY-MM-DD; "" = today
	To        string // last day; "" = until it is taken away
	Reason    string // needed where a second person has to confirm
}

func (d *GrantTerms) check(today string) error {
	var errs []fault.FieldError
	if _, known := policy[d.Role]; !known || d.Role == system {
		errs = append(errs, fault.Field("role", "account.role"))
	}
	if d.From == "" {
		d.From = today
	}
	if _, err := time.Parse(time.DateOnly, d.From); err != nil || d.From < today {
		errs = append(errs, fault.Field("from", "grant.from"))
	}
	if d.To == "" {
		d.To = store.Still
	} else if _, err := time.Parse(time.DateOnly, d.To); err != nil || d.To < d.From {
		errs = append(errs, fault.Field("to", "grant.to"))
	}
	if d.Reason = text.NFC(d.Reason); len(d.Reason) > 1000 {
		errs = append(errs, fault.Field("reason", "remark.long"))
	}
	return fault.Invalid(errs...)
}

// Needs reports whether what by gives has to be confirmed by a second person. A system admin makes accounts, and so could make one to look
// with: a role given by that power alone waits, and the giver cannot confirm it.
func (s *Service) Needs(by Actor, path string) bool {
	if by.Has(system) {
		return false
	}
	g, ok := by.by(ManageAccounts, path)
	for _, other := range by.Grants { // an officer who is admin besides acts as officer
		if other.Role != Admin && other.gives(ManageAccounts) && other.covers(path) {
			return false
		}
	}
	return ok && g.Role == Admin
}

// Give gives an account one more role, or the same role for another time. waits is true when a second person has to confirm it. It fails with
// fault.Conflict for the giver's own account and for a system admin who would see records, and with fault.Denied above the giver's reach.
func (s *Service) Give(ctx context.Context, by Actor, d GrantTerms) (waits bool, err error) {
	defer fault.Wrap(&err, "identity.Give(%s)", d.AccountID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := pathOf(ctx, tx, d.PlaceID)
		if err != nil {
			return err
		}
		if err := by.Check(ManageAccounts, path, d.PlaceID); err != nil {
			return err
		}
		if err := d.check(store.Date(s.now())); err != nil {
			return err
		}
		if d.AccountID == by.ID {
			return fault.Conflict("grant.own")
		}
		if err := mayGive(by, d.Role, d.PlaceID); err != nil {
			return err
		}
		if _, found, err := store.One(ctx, tx, store.Value[string], `SELECT id FROM account WHERE id = $1`, d.AccountID); err != nil || !found {
			if err == nil {
				err = fault.NotFound("account", d.AccountID)
			}
			return err
		}
		if err := s.inReach(ctx, tx, by, d.AccountID); err != nil {
			return err
		}
		if err := s.alone(ctx, tx, d.AccountID, d.Role); err != nil {
			return err
		}
		if waits = s.Needs(by, path); waits && d.Reason == "" {
			return fault.Invalid(fault.Field("reason", "remark.needed"))
		}
		return s.give(ctx, tx, by, d, waits)
	})
	return waits, err
}

// mayGive keeps the roles of the upper level to system admins.
func mayGive(by Actor, role Role, placeID string) error {
	if (role == Admin || role == ProvinceOfficer) && !by.Has(Admin) && !by.Has(system) {
		return fault.Denied("grant_role", placeID)
	}
	return nil
}

// inReach lets only those add a role to an account who manage it: one of its roles, waiting ones included, lies where they do.
func (s *Service) inReach(ctx context.Context, tx *store.Tx, by Actor, accountID string) error {
	reach := false
	err := store.Each(ctx, tx, func(sc store.Scanner) error {
		var path string
		err := sc.Scan(&path)
		reach = reach || by.May(ManageAccounts, path)
		return err
	}, `SELECT p.path FROM account_grant g JOIN place_parent p ON p.place_id = g.place_id WHERE g.account_id = $1
		UNION ALL SELECT p.path FROM grant_request q JOIN place_parent p ON p.place_id = q.place_id WHERE q.account_id = $2`, accountID, accountID)
	if err == nil && !reach && !by.Has(system) {
		err = fault.NotFound("account", accountID)
	}
	return err
}

// alone keeps system admins out of the assessments: that role stands beside no other, waiting ones included.
func (s *Service) alone(ctx context.Context, tx *store.Tx, accountID string, role Role) error {
	held, err := store.Collect(ctx, tx, store.Value[Role], `SELECT role FROM account_grant WHERE account_id = $1 AND valid_to >= $2
		UNION ALL SELECT role FROM grant_request WHERE account_id = $3`, accountID, store.Date(s.now()), accountID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if (h == Admin) != (role == Admin) {
			return fault.Conflict("grant.admin_alone")
		}
	}
	return nil
}

// give writes the role, or the request for it, with its journal entry.
func (s *Service) give(ctx context.Context, tx *store.Tx, by Actor, d GrantTerms, waits bool) error {
	at, act := s.now(), "grant"
	var err error
	if waits {
		act = "ask_grant"
		_, err = tx.Exec(ctx, upsertRequest, d.AccountID, d.PlaceID, string(d.Role), d.From, d.To, d.Reason, by.ID, store.Micros(at))
	} else {
		_, err = tx.Exec(ctx, upsertGrant, d.AccountID, d.PlaceID, string(d.Role), d.From, d.To, by.ID, store.Micros(at))
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, by.Who(), at, audit.Entry{PlaceID: d.PlaceID, Thing: "account", ThingID: d.AccountID, Act: act, Reason: d.Reason,
		After: map[string]any{"role": d.Role, "place": d.PlaceID, "from": d.From, "to": d.To}})
}

// giveFirst is give for an account that is being made.
func (s *Service) giveFirst(ctx context.Context, tx *store.Tx, by Actor, id string, d Draft) error {
	terms := GrantTerms{AccountID: id, Role: d.Grant.Role, PlaceID: d.Grant.PlaceID, From: store.Always, To: store.Still}
	return s.give(ctx, tx, by, terms, s.Needs(by, d.Path))
}

const (
	selectRequest = `SELECT valid_from, valid_to, reason, by_id FROM grant_request WHERE account_id = $1 AND place_id = $2 AND role = $3`
	deleteRequest = `DELETE FROM grant_request WHERE account_id = $1 AND place_id = $2 AND role = $3`
)

// mayRule refuses who does not manage accounts at a place, or may not give this role there.
func mayRule(ctx context.Context, tx *store.Tx, by Actor, role Role, placeID string) error {
	path, err := pathOf(ctx, tx, placeID)
	if err != nil {
		return err
	}
	if err := by.Check(ManageAccounts, path, placeID); err != nil {
		return err
	}
	return mayGive(by, role, placeID)
}

// ConfirmGrant settles a role that waits: yes makes it hold, no drops it. Whoever asked for it cannot say yes, nor can the one who is to have it,
// nor an account that the asker made.
func (s *Service) ConfirmGrant(ctx context.Context, by Actor, accountID, placeID string, role Role, yes bool) (err error) {
	defer fault.Wrap(&err, "identity.ConfirmGrant(%s)", accountID)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := mayRule(ctx, tx, by, role, placeID); err != nil {
			return err
		}
		d, found, err := store.One(ctx, tx, func(sc store.Scanner) (r struct {
			GrantTerms
			by string
		}, err error) {
			err = sc.Scan(&r.From, &r.To, &r.Reason, &r.by)
			return r, err
		}, selectRequest, accountID, placeID, string(role))
		if err != nil {
			return err
		}
		if !found {
			return fault.Stale("grant", accountID)
		}
		if yes {
			if by.ID == d.by || by.ID == accountID {
				return fault.Conflict("grant.second")
			}
			made, _, err := store.One(ctx, tx, store.Value[string], `SELECT by_id FROM account_grant WHERE account_id = $1 AND by_id = $2 LIMIT 1`, by.ID, d.by)
			if err != nil {
				return err
			}
			if made != "" {
				return fault.Conflict("grant.second_made")
			}
			if err := s.alone(ctx, tx, accountID, role); err != nil && role == Admin {
				return err
			}
			d.AccountID, d.PlaceID, d.Role = accountID, placeID, role
			if _, err := tx.Exec(ctx, upsertGrant, accountID, placeID, string(role), d.From, d.To, by.ID, store.Micros(s.now())); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, deleteRequest, accountID, placeID, string(role)); err != nil {
			return err
		}
		act := "confirm_grant"
		if !yes {
			act = "drop_grant"
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, Thing: "account", ThingID: accountID, Act: act,
			After: map[string]any{"role": role, "place": placeID, "asked_by": d.by}})
	})
}

const endGrant = `UPDATE account_grant SET valid_to = $1 WHERE account_id = $2 AND place_id = $3 AND role = $4 AND valid_to > $5`

// Take takes a role away, from this moment on: the next request of the account has it no more, nor what it has lent from it.
func (s *Service) Take(ctx context.Context, by Actor, accountID, placeID string, role Role) (err error) {
	defer fault.Wrap(&err, "identity.Take(%s)", accountID)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := mayRule(ctx, tx, by, role, placeID); err != nil {
			return err
		}
		if accountID == by.ID {
			return fault.Conflict("grant.own")
		}
		yesterday := store.Date(s.now().AddDate(0, 0, -1))
		n, err := tx.Exec(ctx, endGrant, yesterday, accountID, placeID, string(role), yesterday)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("grant", accountID)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, Thing: "account", ThingID: accountID, Act: "take_grant",
			Before: map[string]any{"role": role, "place": placeID}})
	})
}

const selectGiven = `
	SELECT g.account_id, g.role, g.place_id, g.valid_from, g.valid_to, g.by_id, coalesce(a.name, ''), g.at, '' AS reason, 0 AS waits
	FROM account_grant g LEFT JOIN account a ON a.id = g.by_id WHERE g.account_id = $1
	UNION ALL
	SELECT q.account_id, q.role, q.place_id, q.valid_from, q.valid_to, q.by_id, coalesce(b.name, ''), q.at, q.reason, 1
	FROM grant_request q LEFT JOIN account b ON b.id = q.by_id WHERE q.account_id = $2
	ORDER BY 10, 3, 2`

func (s *Service) scanGiven(sc store.Scanner) (id string, g Given, err error) {
	var waits int
	if err = sc.Scan(&id, &g.Role, &g.PlaceID, &g.From, &g.To, &g.ByID, &g.By, &g.At, &g.Reason, &waits); err != nil {
		return id, g, err
	}
	today := store.Date(s.now())
	g.State, g.Until = GivenHolds, g.To
	switch {
	case waits != 0:
		g.State = GivenWaiting
	case g.To < today:
		g.State = GivenEnded
	case g.From > today:
		g.State = GivenComes
	}
	return id, g, nil
}

// Given lists the roles of an account, those that ended and those that wait included, for the account itself and for who manages one of them.
func (s *Service) Given(ctx context.Context, by Actor, accountID string) (list []Given, err error) {
	defer fault.Wrap(&err, "identity.Given(%s)", accountID)
	if accountID != by.ID {
		if err := s.inReach(ctx, s.db.Read(), by, accountID); err != nil {
			return nil, err
		}
	}
	return s.given(ctx, accountID)
}

func (s *Service) given(ctx context.Context, accountID string) ([]Given, error) {
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (Given, error) { _, g, err := s.scanGiven(sc); return g, err }, selectGiven, accountID, accountID)
}

// Waiting is a role that waits for a second person, with whose it is to be.
type Waiting struct {
	Given
	AccountID string
	Login     string
	Name      string
}

// WaitingAt lists the roles at these places that wait; by must manage accounts at each place named in the answer.
func (s *Service) WaitingAt(ctx context.Context, by Actor, placeIDs ...string) (list []Waiting, err error) {
	defer fault.Wrap(&err, "identity.WaitingAt")
	var w store.Where
	w.In("q.place_id", placeIDs...)
	paths := map[string]bool{}
	all, err := store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (x Waiting, err error) {
		err = sc.Scan(&x.AccountID, &x.Login, &x.Name, &x.Role, &x.PlaceID, &x.From, &x.To, &x.ByID, &x.By, &x.At, &x.Reason)
		x.State = GivenWaiting
		return x, err
	}, `SELECT q.account_id, a.login, a.name, q.role, q.place_id, q.valid_from, q.valid_to, q.by_id, coalesce(b.name, ''), q.at, q.reason
		FROM grant_request q JOIN account a ON a.id = q.account_id LEFT JOIN account b ON b.id = q.by_id`+w.SQL()+` ORDER BY q.at, q.account_id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		may, asked := paths[x.PlaceID]
		if !asked {
			path, err := pathOf(ctx, s.db.Read(), x.PlaceID)
			if err != nil {
				return nil, err
			}
			may = by.May(ManageAccounts, path)
			paths[x.PlaceID] = may
		}
		if may {
			list = append(list, x)
		}
	}
	return list, nil
}
