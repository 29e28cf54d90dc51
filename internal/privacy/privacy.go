// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package privacy owns what Law 91/2025/QH15 and Decree 356/2025/NĐ-CP ask of whoever holds personal data: the register of processing, requests of persons
// with their clocks, erasure, keeping times and the breach book. It looks into the tables of the packages before it, because what is held on a person is
// everywhere; it changes them through their own verbs where these exist. It knows no pages.
package privacy

import (
	"context"
	"strings"
	"time"

	"hoctap/internal/criteria/version"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Service is the package's state.
type Service struct {
	db       *store.DB
	places   *place.Service
	sets     *version.Service
	registry *registry.Service
	evidence *evidence.Service
	now      func() time.Time

	// Named are the records of files that evidence does not know: what they name is not removed from the file store.
	Named []evidence.Named
}

// New returns the service.
func New(db *store.DB, places *place.Service, sets *version.Service, registry *registry.Service, evidence *evidence.Service, now func() time.Time) *Service {
	return &Service{db: db, places: places, sets: sets, registry: registry, evidence: evidence, now: now}
}

func (s *Service) today() string { return store.Date(s.now()) }

// may checks that by may do act at a place, and returns it.
func (s *Service) may(ctx context.Context, by identity.Actor, act identity.Act, placeID string) (place.Place, error) {
	p, err := s.places.Get(ctx, placeID)
	if err != nil {
		return p, err
	}
	return p, by.Check(act, p.Path, p.FullName())
}

// mayWhole is may for what is one for all: register, calendar, keeping times, the yearly report. It asks at the province of the place, so that a role
// that sits below a province rules none of it.
func (s *Service) mayWhole(ctx context.Context, by identity.Actor, act identity.Act, placeID string) error {
	p, err := s.places.Get(ctx, placeID)
	if err != nil {
		return err
	}
	path := p.Path
	if steps := strings.SplitAfterN(path, "/", 4); len(steps) == 4 { // "/", "vn/", the province and what lies below it
		path = strings.Join(steps[:3], "")
	}
	return by.Check(act, path, p.FullName())
}

const (
	holidaySetting = "privacy_holidays"
	selectSetting  = `SELECT value FROM setting WHERE key = $1`
	upsertSetting  = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
)

// Calendar is the one that holds: what the program ships, and the days that the province added.
func (s *Service) Calendar(ctx context.Context) (c Calendar, added string, err error) {
	defer fault.Wrap(&err, "privacy.Calendar")
	added, _, err = store.One(ctx, s.db.Read(), store.Value[string], selectSetting, holidaySetting)
	if err != nil {
		return c, "", err
	}
	c, err = shippedCalendar().With(added)
	return c, added, err
}
