// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package badge owns open badges (huy hiệu số, Open Badges 3.0) of learning citizens: a title of an adult who agreed, as a signed file that any wallet reads and
// any reader can check, with a status list that says what became of the title. It owns the keys that sign, and what is drawn by lot for each badge.
//
// A badge tells of a person only a salted hash of the name. It must not know pages; the sentences inside a badge are handed in.
package badge

import (
	"context"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/keyring"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Service gives badges and publishes what readers check them by.
type Service struct {
	db       *store.DB
	places   *place.Service
	registry *registry.Service
	titles   *recognition.Service
	now      func() time.Time

	Ring *keyring.Ring // seals the key that signs; nil in tests only

	// Waits says whether a decision counts only once it is signed, and is not; nil when none waits. It is bound late: signatures come behind badges.
	Waits func(ctx context.Context, decisionID string) (bool, error)
}

// New returns a Service.
func New(db *store.DB, places *place.Service, registry *registry.Service, titles *recognition.Service, now func() time.Time) *Service {
	return &Service{db: db, places: places, registry: registry, titles: titles, now: now}
}

// Badge is what is kept of one.
type Badge struct {
	PlaceID string
	TitleID string
	UUID    string
	Salt    string
	List    int
	Index   int
	ByID    string
	At      time.Time
}

const badgeColumns = `b.place_id, b.title_id, b.uuid, b.salt, b.list, b.idx, b.by_id, b.at`

func scanBadge(sc store.Scanner) (b Badge, err error) {
	var at int64
	err = sc.Scan(&b.PlaceID, &b.TitleID, &b.UUID, &b.Salt, &b.List, &b.Index, &b.ByID, &at)
	b.At = store.Time(at)
	return b, err
}

const selectBadge = `SELECT ` + badgeColumns + ` FROM badge b WHERE b.place_id = $1 AND b.title_id = $2`

// adult is the age from which a person decides alone.
const adult = 18

// grownUp says whether a person was 18 on a day. Of the birth only the year is known, so who turned 18 in the year of that day counts on its last day only.
func grownUp(birthYear int, day string) bool {
	return day >= strconv.Itoa(birthYear+adult)+"-12-31"
}

// fits fails with fault.Conflict for a title that has no badge: of another model, not in force, of a child or of somebody whose age is not known, or
// without the holder's consent.
func (s *Service) fits(ctx context.Context, t *recognition.Title) error {
	if t.Model != registry.Citizen {
		return fault.Conflict("badge.citizens_only")
	}
	if t.Status(s.now().In(store.Zone).Year()) != recognition.StatusValid {
		return fault.Conflict("badge.not_valid", "name", t.Name)
	}
	r, err := s.registry.Load(ctx, s.db.Read(), t.PlaceID, t.SubjectID)
	switch {
	case err != nil:
		return err
	case r.BirthYear == 0:
		return fault.Conflict("badge.birth_unknown", "name", t.Name)
	case !grownUp(r.BirthYear, t.DecidedOn):
		return fault.Conflict("badge.child", "name", t.Name, "age", adult, "birth_year", r.BirthYear, "date", t.DecidedOn)
	}
	agreed, err := s.registry.MayShow(ctx, t.PlaceID, t.SubjectID, registry.Badge, t.Name)
	if err == nil && !agreed {
		err = fault.Conflict("badge.no_consent", "name", t.Name)
	}
	return err
}

// State is a title with what stands between it and a badge.
type State struct {
	Title    recognition.Title
	Decision recognition.Decision
	Why      error // a fault with a sentence; nil where a badge may be given or read
	Given    bool
	Badge    Badge
}

// Of returns how a title stands. It fails with fault.NotFound, and with fault.Denied where by may not see records.
func (s *Service) Of(ctx context.Context, by identity.Actor, placeID, titleID string) (st State, err error) {
	defer fault.Wrap(&err, "badge.Of(%s)", titleID)
	if st.Title, st.Decision, err = s.titles.Title(ctx, by, placeID, titleID); err != nil {
		return st, err
	}
	return st, s.complete(ctx, &st)
}

func (s *Service) complete(ctx context.Context, st *State) (err error) {
	err = s.fits(ctx, &st.Title)
	if err == nil && s.titles.Gate != nil { // a badge follows a decision like a certificate does
		err = s.titles.Gate(ctx, nil, &st.Decision)
	}
	if fault.KindOf(err) == fault.KindConflict {
		st.Why, err = err, nil
	}
	if err == nil {
		st.Badge, st.Given, err = store.One(ctx, s.db.Read(), scanBadge, selectBadge, st.Title.PlaceID, st.Title.ID)
	}
	return err
}

// ByCode is Of for whoever holds the certificate: the code with the seal that only the printed one carries. It answers fault.NotFound for everything that is no
// badge to be had, so that nobody learns who did not agree.
func (s *Service) ByCode(ctx context.Context, code recognition.Code, seal string) (st State, err error) {
	defer fault.Wrap(&err, "badge.ByCode")
	printed, err := s.titles.Sealed(ctx, code, seal)
	if err != nil {
		return st, err
	}
	found := false
	if printed {
		if st.Title, st.Decision, found, err = s.titles.ByCode(ctx, code); err != nil {
			return State{}, err
		}
	}
	if found {
		if err := s.complete(ctx, &st); err != nil && fault.KindOf(err) != fault.KindNotFound {
			return State{}, err
		}
	}
	if !st.Given || st.Why != nil {
		return State{}, fault.NotFound("badge", code.String())
	}
	return st, nil
}
