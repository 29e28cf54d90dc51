// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Answer says why an account may, or may not, do an act at a place.
type Answer struct {
	Act     Act
	PlaceID string
	May     bool
	Closed  bool // the account is closed
	Reasons []Reason
	Who     []Post // whose task it is there
}

// Reason is one role of the account, its own or lent, and what it says to the question.
type Reason struct {
	Given
	Lent    bool
	Giver   string // name
	Verdict Verdict
}

// Verdict is what a role says to the question.
type Verdict string

// The verdicts, the best first.
const (
	VerdictAllows  Verdict = "allows"
	VerdictEnded   Verdict = "ended"   // it would, but its time is over or it was taken away
	VerdictComes   Verdict = "comes"   // it will, from a later day on
	VerdictWaits   Verdict = "waits"   // it would, once a second person confirms it
	VerdictVoid    Verdict = "void"    // lent by somebody who has the role no more
	VerdictOutside Verdict = "outside" // it does that, but elsewhere
	VerdictKept    Verdict = "kept"    // lent, and this act is passed on to nobody
	VerdictOther   Verdict = "other"   // the role does not do that anywhere
)

// Post is an office whose people may do an act at a place: what stands under their names, never the names.
type Post struct {
	Role    Role
	PlaceID string
	Post    string
	Count   int
}

const posts = ` g.role, g.place_id, a.post, count(*) FROM account_grant g JOIN account a ON a.id = g.account_id`

// Whose lists the offices that may do act at a place, the nearest place first.
func (s *Service) Whose(ctx context.Context, act Act, placeID string) (list []Post, err error) {
	defer fault.Wrap(&err, "identity.Whose(%s, %s)", act, placeID)
	path, err := pathOf(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	places, today := strings.Split(strings.Trim(path, "/"), "/"), store.Date(s.now())
	roles := RolesOf(act)
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	var w store.Where
	w.In("g.place_id", places...).In("g.role", names...).And("g.valid_from <= ? AND g.valid_to >= ? AND a.disabled_at = 0", today, today)
	list, err = store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (p Post, err error) {
		return p, sc.Scan(&p.Role, &p.PlaceID, &p.Post, &p.Count)
	}, `SELECT`+posts+w.SQL()+` GROUP BY g.role, g.place_id, a.post ORDER BY g.role, a.post`, w.Args()...)
	slices.SortStableFunc(list, func(a, b Post) int { return slices.Index(places, b.PlaceID) - slices.Index(places, a.PlaceID) })
	return list, err
}

// Why answers for an account, an act and a place. It is for the account itself and for who manages accounts at the place.
func (s *Service) Why(ctx context.Context, by Actor, accountID string, act Act, placeID string) (x Answer, err error) {
	defer fault.Wrap(&err, "identity.Why(%s, %s, %s)", accountID, act, placeID)
	path, err := pathOf(ctx, s.db.Read(), placeID)
	if err != nil {
		return x, err
	}
	if accountID != by.ID {
		if err := by.Check(ManageAccounts, path, placeID); err != nil {
			return x, err
		}
		if err := s.inReach(ctx, s.db.Read(), by, accountID); err != nil {
			return x, err
		}
	}
	x = Answer{Act: act, PlaceID: placeID}
	if RolesOf(act) == nil {
		return x, fault.NotFound("act", string(act))
	}
	given, err := s.given(ctx, accountID)
	if err != nil {
		return x, err
	}
	for _, g := range given {
		x.Reasons = append(x.Reasons, Reason{Given: g, Verdict: verdict(g, act, path)})
	}
	lent, err := s.delegations(ctx, accountID)
	if err != nil {
		return x, err
	}
	today := store.Date(s.now())
	for _, d := range lent {
		if d.TakerID != accountID {
			continue
		}
		g := Given{Grant: Grant{Role: d.Role, PlaceID: d.PlaceID, Giver: d.GiverID, Until: d.To}, From: d.From, To: d.To, At: d.At, Reason: d.Reason, State: GivenHolds}
		switch {
		case d.EndedAt != 0 || d.To < today:
			g.State = GivenEnded
		case d.From > today:
			g.State = GivenComes
		}
		r := Reason{Given: g, Lent: true, Giver: d.Giver, Verdict: verdict(g, act, path)}
		if r.Verdict == VerdictAllows && d.Void {
			r.Verdict = VerdictVoid
		}
		x.Reasons = append(x.Reasons, r)
	}
	disabled, _, err := store.One(ctx, s.db.Read(), store.Value[int64], `SELECT disabled_at FROM account WHERE id = $1`, accountID)
	if err != nil {
		return x, err
	}
	x.Closed = disabled != 0
	order := []Verdict{VerdictAllows, VerdictEnded, VerdictComes, VerdictWaits, VerdictVoid, VerdictOutside, VerdictKept, VerdictOther}
	slices.SortStableFunc(x.Reasons, func(a, b Reason) int { return slices.Index(order, a.Verdict) - slices.Index(order, b.Verdict) })
	x.May = !x.Closed && len(x.Reasons) > 0 && x.Reasons[0].Verdict == VerdictAllows
	x.Who, err = s.Whose(ctx, act, placeID)
	return x, err
}

func verdict(g Given, act Act, path string) Verdict {
	switch {
	case !slices.Contains(policy[g.Role], act):
		return VerdictOther
	case !g.gives(act):
		return VerdictKept
	case !g.covers(path):
		return VerdictOutside
	case g.State == GivenEnded:
		return VerdictEnded
	case g.State == GivenComes:
		return VerdictComes
	case g.State == GivenWaiting:
		return VerdictWaits
	}
	return VerdictAllows
}

// Named is an account by its id, without roles, for itself and for who manages one of its roles.
func (s *Service) Named(ctx context.Context, by Actor, accountID string) (a Account, err error) {
	defer fault.Wrap(&err, "identity.Named(%s)", accountID)
	if accountID != by.ID {
		if err := s.inReach(ctx, s.db.Read(), by, accountID); err != nil {
			return a, err
		}
	}
	a, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (a Account, err error) {
		return a, sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post)
	}, `SELECT id, login, name, post FROM account WHERE id = $1`, accountID)
	if err == nil && !found {
		err = fault.NotFound("account", accountID)
	}
	return a, err
}
