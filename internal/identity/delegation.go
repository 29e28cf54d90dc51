// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// MaxDelegation is how long a role may be lent at once: whoever is away longer is replaced by a grant.
const MaxDelegation = 90 * 24 * time.Hour

// Delegation is what an account that is away lends to another for a time (uỷ quyền): a role it has, or a smaller one, at its place or below. It
// holds only while the giver has the role it stems from, passes on nothing that was lent, and never the managing of accounts.
type Delegation struct {
	ID      string
	GiverID string
	Giver   string // name
	TakerID string
	Taker   string
	Role    Role
	PlaceID string
	Basis   Grant // the giver's own
	From    string
	To      string
	Reason  string
	At      int64
	EndedAt int64 // taken back; 0 while it was not
	Void    bool  // the giver has the role no more, or one of the two accounts is closed
}

// Holds reports whether the delegation counts on day.
func (d *Delegation) Holds(day string) bool {
	return d.EndedAt == 0 && !d.Void && d.From <= day && day <= d.To
}

// borrows is read with each session: only accounts that something was lent to pay for reading what. It is about the account a.
const borrows = `EXISTS (SELECT 1 FROM delegation l WHERE l.taker_id = a.id AND l.ended_at = 0)`

// selectLent joins the grant that a loan stems from, so that a loan ends with it.
const selectLent = `
	SELECT d.role, d.place_id, d.giver_id, d.basis_place_id, d.valid_to
	FROM delegation d
	JOIN account_grant g ON g.account_id = d.giver_id AND g.place_id = d.basis_place_id AND g.role = d.basis_role AND g.valid_from <= $1 AND g.valid_to >= $1
	JOIN account a ON a.id = d.giver_id AND a.disabled_at = 0
	WHERE d.taker_id = $2 AND d.ended_at = 0 AND d.valid_from <= $1 AND d.valid_to >= $1
	ORDER BY d.role, d.place_id, d.id`

// borrow adds to the actor what others have lent it and holds today.
func (s *Service) borrow(ctx context.Context, a *Actor) error {
	lent, err := store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (g Grant, err error) {
		var basis string
		err = sc.Scan(&g.Role, &g.PlaceID, &g.Giver, &basis, &g.Until)
		g.Below = basis != g.PlaceID
		return g, err
	}, selectLent, store.Date(s.now()), a.ID)
	if len(lent) > 0 {
		a.Grants, a.acting = append(a.Grants, lent...), new(atomic.Pointer[string])
	}
	return err
}

// Loan is what a giver asks for.
type Loan struct {
	TakerID string
	Role    Role
	PlaceID string
	From    string // "" = today
	To      string
	Reason  string
}

func (l *Loan) check(today string) error {
	var errs []fault.FieldError
	if l.Reason = text.NFC(l.Reason); l.Reason == "" || len(l.Reason) > 1000 {
		errs = append(errs, fault.Field("reason", "delegation.reason"))
	}
	if l.From == "" {
		l.From = today
	}
	from, err1 := time.Parse(time.DateOnly, l.From)
	to, err2 := time.Parse(time.DateOnly, l.To)
	switch {
	case err1 != nil || l.From < today:
		errs = append(errs, fault.Field("from", "grant.from"))
	case err2 != nil || to.Before(from):
		errs = append(errs, fault.Field("to", "grant.to"))
	case to.Sub(from) > MaxDelegation:
		errs = append(errs, fault.Field("to", "delegation.long", "days", int(MaxDelegation/(24*time.Hour))))
	}
	return fault.Invalid(errs...)
}

// Basis is the actor's own grant from which role can be lent at path; ok is false for what the actor does not have.
func (a Actor) Basis(role Role, path string) (basis Grant, ok bool) {
	for _, g := range a.Grants {
		if g.Giver == "" && g.Role != Admin && g.Role != system && role.Within(g.Role) && g.covers(path) {
			return g, true
		}
	}
	return basis, false
}

const (
	insertDelegation = `INSERT INTO delegation (id, giver_id, taker_id, role, place_id, basis_role, basis_place_id, valid_from, valid_to, reason, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	endDelegation  = `UPDATE delegation SET ended_at = $1, ended_by = $2 WHERE id = $3 AND ended_at = 0`
	selectTakerNow = `SELECT g.role, p.path FROM account a JOIN account_grant g ON g.account_id = a.id JOIN place_parent p ON p.place_id = g.place_id
		WHERE a.id = $1 AND a.disabled_at = 0 AND g.valid_from <= $2 AND g.valid_to >= $2`
)

// Delegate lends one of the actor's roles, or a smaller one, to another account of the same place or below it. It fails with fault.Denied for what
// the actor does not have as its own, and with fault.Conflict for a taker who works elsewhere or manages the system.
func (s *Service) Delegate(ctx context.Context, by Actor, l Loan) (id string, err error) {
	defer fault.Wrap(&err, "identity.Delegate(%s)", l.TakerID)
	id = store.NewID()
	return id, s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := pathOf(ctx, tx, l.PlaceID)
		if err != nil {
			return err
		}
		basis, ok := by.Basis(l.Role, path)
		if !ok {
			return fault.Denied("delegate", l.PlaceID)
		}
		if l.TakerID == by.ID {
			return fault.Conflict("delegation.self")
		}
		near, admin := false, false
		if err := store.Each(ctx, tx, func(sc store.Scanner) error {
			var role Role
			var at string
			err := sc.Scan(&role, &at)
			near, admin = near || strings.Contains(at, "/"+basis.PlaceID+"/"), admin || role == Admin
			return err
		}, selectTakerNow, l.TakerID, store.Date(s.now())); err != nil {
			return err
		}
		if !near || admin {
			return fault.Conflict("delegation.taker")
		}
		if err := l.check(store.Date(s.now())); err != nil {
			return err
		}
		at := s.now()
		if _, err := tx.Exec(ctx, insertDelegation, id, by.ID, l.TakerID, string(l.Role), l.PlaceID, string(basis.Role), basis.PlaceID, l.From, l.To, l.Reason,
			store.Micros(at)); err != nil {
			return err
		}
		said := map[string]any{"delegation": id, "giver": by.ID, "taker": l.TakerID, "role": l.Role, "place": l.PlaceID, "from": l.From, "to": l.To}
		for _, account := range []string{by.ID, l.TakerID} { // it stands in the history of both
			if err := audit.Write(ctx, tx, by.Who(), at, audit.Entry{PlaceID: l.PlaceID, Thing: "account", ThingID: account, Act: "delegate", After: said, Reason: l.Reason}); err != nil {
				return err
			}
		}
		return nil
	})
}

const selectDelegation = `
	SELECT d.id, d.giver_id, coalesce(x.name, ''), d.taker_id, coalesce(y.name, ''), d.role, d.place_id, d.basis_role, d.basis_place_id, d.valid_from, d.valid_to,
		d.reason, d.at, d.ended_at, CASE WHEN g.role IS NULL OR x.disabled_at <> 0 OR y.disabled_at <> 0 THEN 1 ELSE 0 END
	FROM delegation d JOIN account x ON x.id = d.giver_id JOIN account y ON y.id = d.taker_id
	LEFT JOIN account_grant g ON g.account_id = d.giver_id AND g.place_id = d.basis_place_id AND g.role = d.basis_role AND g.valid_from <= $1 AND g.valid_to >= $1`

func scanDelegation(sc store.Scanner) (d Delegation, err error) {
	var void int
	err = sc.Scan(&d.ID, &d.GiverID, &d.Giver, &d.TakerID, &d.Taker, &d.Role, &d.PlaceID, &d.Basis.Role, &d.Basis.PlaceID, &d.From, &d.To, &d.Reason, &d.At, &d.EndedAt, &void)
	d.Void = void != 0
	return d, err
}

// Recall ends a delegation at once. The giver may, the taker may hand it back, and so may who manages accounts at its place.
func (s *Service) Recall(ctx context.Context, by Actor, id string) (err error) {
	defer fault.Wrap(&err, "identity.Recall(%s)", id)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		d, found, err := store.One(ctx, tx, scanDelegation, selectDelegation+` WHERE d.id = $2`, store.Date(s.now()), id)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("delegation", id)
		}
		if by.ID != d.GiverID && by.ID != d.TakerID {
			path, err := pathOf(ctx, tx, d.PlaceID)
			if err != nil {
				return err
			}
			if !by.May(ManageAccounts, path) {
				return fault.NotFound("delegation", id)
			}
		}
		n, err := tx.Exec(ctx, endDelegation, store.Micros(s.now()), by.ID, id)
		if err != nil {
			return err
		}
		if n == 0 { // ended already
			return nil
		}
		for _, account := range []string{d.GiverID, d.TakerID} {
			if err := audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: d.PlaceID, Thing: "account", ThingID: account, Act: "recall", After: map[string]any{"delegation": id}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delegations lists what an account has lent and was lent, newest first, for itself and for who manages one of its roles.
func (s *Service) Delegations(ctx context.Context, by Actor, accountID string) (list []Delegation, err error) {
	defer fault.Wrap(&err, "identity.Delegations(%s)", accountID)
	if accountID != by.ID {
		if err := s.inReach(ctx, s.db.Read(), by, accountID); err != nil {
			return nil, err
		}
	}
	return s.delegations(ctx, accountID)
}

func (s *Service) delegations(ctx context.Context, accountID string) ([]Delegation, error) {
	list, err := store.Collect(ctx, s.db.Read(), scanDelegation, selectDelegation+` WHERE d.giver_id = $2 OR d.taker_id = $2 ORDER BY d.at DESC, d.id`, store.Date(s.now()), accountID)
	return list, err
}

// Lendable are the roles that the actor can lend at some place: its own and those that are less.
func (a Actor) Lendable() (roles []Role) {
	for _, r := range Roles {
		if slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Giver == "" && g.Role != Admin && g.Role != system && r.Within(g.Role) }) {
			roles = append(roles, r)
		}
	}
	return roles
}

const selectTakers = `SELECT DISTINCT a.id, a.login, a.name, a.post FROM place_parent p JOIN account_grant g ON g.place_id = p.place_id JOIN account a ON a.id = g.account_id
	WHERE p.path >= $1 AND p.path < $2 AND g.valid_from <= $3 AND g.valid_to >= $3 AND a.disabled_at = 0 AND g.role <> 'admin' AND a.id <> $4 ORDER BY a.name, a.login LIMIT 500`

// Takers are the accounts to whom the actor may lend: those that work at its places or below.
func (s *Service) Takers(ctx context.Context, by Actor) (list []Account, err error) {
	defer fault.Wrap(&err, "identity.Takers")
	seen := map[string]bool{}
	for _, g := range by.Grants {
		if g.Giver != "" || g.Role == Admin || g.Role == system {
			continue
		}
		path, err := pathOf(ctx, s.db.Read(), g.PlaceID)
		if err != nil {
			return nil, err
		}
		some, err := store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (a Account, err error) {
			err = sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post)
			return a, err
		}, selectTakers, path, store.PathEnd(path), store.Date(s.now()), by.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range some {
			if !seen[a.ID] {
				seen[a.ID] = true
				list = append(list, a)
			}
		}
	}
	return list, nil
}
