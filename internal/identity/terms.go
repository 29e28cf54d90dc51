// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Second says whether a role works with a second factor.
type Second string

// The three answers.
const (
	SecondOff   Second = "off"   // whoever has one is asked for it, nobody must have one
	SecondGrace Second = "grace" // from the first sign-in on there are some days to set one up
	SecondOn    Second = "on"    // nothing else is opened before it is set up
)

// Terms are what the accounts of one role keep to. Zero days mean never.
type Terms struct {
	Second       Second `json:"second"`
	GraceDays    int    `json:"grace_days"`
	IdleMinutes  int    `json:"idle_minutes"`  // a session ends after so long without a request
	LifeHours    int    `json:"life_hours"`    // and after so long in any case
	PasswordDays int    `json:"password_days"` // a password is changed after so many
	CloseDays    int    `json:"close_days"`    // an account that nobody used for so long is closed
}

// MaxLife bounds the life of any session, and of the browser's cookie.
const MaxLife = 30 * 24 * time.Hour

// Idle is how long a session lives without a request, Life how long in any case.
func (t Terms) Idle() time.Duration { return time.Duration(t.IdleMinutes) * time.Minute }

// Life is how long a session lives in any case.
func (t Terms) Life() time.Duration { return time.Duration(t.LifeHours) * time.Hour }

// StandardTerms hold where an administrator has decided nothing. TCVN 14423:2026, level 3: a second factor for staff and administrators, passwords
// of administrators changed every two months, accounts closed after 45 idle days. Heads of areas work in villages, on a phone that was
// paid for by themselves: they are asked for no second factor and stay signed in.
func StandardTerms() map[Role]Terms {
	staff := Terms{Second: SecondGrace, GraceDays: 14, IdleMinutes: 30, LifeHours: 12, CloseDays: 45}
	admin, viewer, volunteer := staff, staff, staff
	admin.PasswordDays, admin.GraceDays = 60, 3
	viewer.Second, viewer.GraceDays = SecondOff, 0
	volunteer = Terms{Second: SecondOff, IdleMinutes: 14 * 24 * 60, LifeHours: 14 * 24, CloseDays: 45}
	return map[Role]Terms{Admin: admin, ProvinceOfficer: staff, CommuneOfficer: staff, Reviewer: staff, Viewer: viewer, AreaVolunteer: volunteer}
}

// demoTerms let a newcomer walk about in invented data with nothing but the printed password.
func demoTerms() map[Role]Terms {
	all := map[Role]Terms{}
	for _, r := range Roles {
		all[r] = Terms{Second: SecondOff, IdleMinutes: 12 * 60, LifeHours: 14 * 24}
	}
	return all
}

// strictest is what an account with several roles keeps to.
func strictest(all map[Role]Terms, roles []Role) Terms {
	rank := map[Second]int{SecondOff: 0, SecondGrace: 1, SecondOn: 2}
	t, first := Terms{Second: SecondOff, IdleMinutes: 30, LifeHours: 12}, true
	shorter := func(a, b int) int {
		if a == 0 || b != 0 && b < a {
			return b
		}
		return a
	}
	for _, r := range roles {
		next, known := all[r]
		switch {
		case !known:
		case first:
			t, first = next, false
		default:
			switch rank[next.Second] - rank[t.Second] {
			case 0:
				t.GraceDays = min(t.GraceDays, next.GraceDays)
			case 1, 2:
				t.Second, t.GraceDays = next.Second, next.GraceDays
			}
			t.IdleMinutes, t.LifeHours = min(t.IdleMinutes, next.IdleMinutes), min(t.LifeHours, next.LifeHours)
			t.PasswordDays, t.CloseDays = shorter(t.PasswordDays, next.PasswordDays), shorter(t.CloseDays, next.CloseDays)
		}
	}
	return t
}

// termsMemo keeps what the setting says for a moment: every request asks.
type termsMemo struct {
	mu    sync.Mutex
	until time.Time
	all   map[Role]Terms
}

const (
	termsKey    = "sign_in_terms"
	termsLife   = 10 * time.Second
	selectTerms = `SELECT key, value FROM setting WHERE key IN ('demo', 'sign_in_terms')`
	upsertTerms = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
)

// Terms returns what each role keeps to.
func (s *Service) Terms(ctx context.Context) (all map[Role]Terms, err error) {
	defer fault.Wrap(&err, "identity.Terms")
	return s.readTerms(ctx, s.db.Read())
}

func (s *Service) readTerms(ctx context.Context, tx *store.Tx) (all map[Role]Terms, err error) {
	s.terms.mu.Lock()
	defer s.terms.mu.Unlock()
	if s.terms.all != nil && time.Now().Before(s.terms.until) {
		return maps.Clone(s.terms.all), nil
	}
	all = StandardTerms()
	said := ""
	err = store.Each(ctx, tx, func(sc store.Scanner) error {
		var key, value string
		if err := sc.Scan(&key, &value); err != nil {
			return err
		}
		if key == termsKey {
			said = value
		} else if value == "1" {
			all = demoTerms()
		}
		return nil
	}, selectTerms)
	if err != nil {
		return nil, err
	}
	if said != "" {
		if err := json.Unmarshal([]byte(said), &all); err != nil {
			return nil, err
		}
	}
	s.terms.all, s.terms.until = all, time.Now().Add(termsLife)
	return maps.Clone(all), nil
}

// CheckTerms reports every rule that terms break; fields are named "role.field".
func CheckTerms(all map[Role]Terms) error {
	var errs []fault.FieldError
	within := func(r Role, field string, value, from, to int) {
		if value < from || value > to {
			errs = append(errs, fault.Field(string(r)+"."+field, "terms.range", "from", from, "to", to))
		}
	}
	for _, r := range Roles {
		t, found := all[r]
		if !found {
			errs = append(errs, fault.Field(string(r)+".second", "terms.second"))
			continue
		}
		if !slices.Contains([]Second{SecondOff, SecondGrace, SecondOn}, t.Second) || r == AreaVolunteer && t.Second != SecondOff {
			errs = append(errs, fault.Field(string(r)+".second", "terms.second"))
		}
		if t.Second == SecondGrace {
			within(r, "grace_days", t.GraceDays, 1, 60)
		}
		within(r, "idle_minutes", t.IdleMinutes, 5, int(MaxLife.Minutes()))
		within(r, "life_hours", t.LifeHours, 1, int(MaxLife.Hours()))
		within(r, "password_days", t.PasswordDays, 0, 730)
		within(r, "close_days", t.CloseDays, 0, 730)
	}
	return fault.Invalid(errs...)
}

// SetTerms changes what roles keep to. Only administrators of the whole may; nobody of an area is ever asked for a second factor.
func (s *Service) SetTerms(ctx context.Context, by Actor, all map[Role]Terms) (err error) {
	defer fault.Wrap(&err, "identity.SetTerms")
	if !by.Everywhere(Operate) {
		return fault.Denied(string(ManageAccounts), "")
	}
	if err := CheckTerms(all); err != nil {
		return err
	}
	before, err := s.Terms(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, upsertTerms, termsKey, string(text)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "sign_in_terms", ThingID: termsKey, Act: "save", Before: before, After: all})
	})
	s.terms.mu.Lock()
	defer s.terms.mu.Unlock()
	s.terms.all = nil
	return err
}

const selectRoles = `SELECT role FROM account_grant WHERE account_id = $1 AND valid_from <= $2 AND valid_to >= $2`

// termsOf are those of an account by its roles of today.
func (s *Service) termsOf(ctx context.Context, tx *store.Tx, accountID string) (t Terms, err error) {
	all, err := s.readTerms(ctx, tx)
	if err != nil {
		return t, err
	}
	roles, err := store.Collect(ctx, tx, store.Value[Role], selectRoles, accountID, store.Date(s.now()))
	return strictest(all, roles), err
}
