// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge_test

import (
	"context"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/badge"
	"hoctap/internal/criteria/version"
	"hoctap/internal/demo"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

const at = badge.Address("https://hoctap.example")

var (
	commune = place.OfficialID("08515", "2025-07-01")
	words   = badge.Words{Issuer: "Học Tập", Name: "Công dân học tập năm 2025", Description: "Quyết định số 05/QĐ-HKH", Criteria: "Bộ tiêu chí dựng tạm."}
)

func actor(role identity.Role, placeID string) identity.Actor {
	return identity.Actor{ID: string(role) + "@" + placeID, Grants: []identity.Grant{{Role: role, PlaceID: placeID}}}
}

var (
	officer   = actor(identity.CommuneOfficer, commune)
	neighbour = actor(identity.CommuneOfficer, place.OfficialID("07900", "2025-07-01"))
	viewer    = actor(identity.Viewer, commune)
)

// world is a commune of invented people, on 18 November 2026.
type world struct {
	*testing.T
	db       *store.DB
	places   *place.Service
	registry *registry.Service
	titles   *recognition.Service
	badges   *badge.Service
	now      time.Time
}

func over(t *testing.T, db *store.DB) *world {
	w := &world{T: t, db: db, now: time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone)}
	w.wire()
	return w
}

func (w *world) wire() demo.Services {
	now := func() time.Time { return w.now }
	sets := version.New(w.db, now)
	w.places = place.New(w.db, now)
	var files *assessment.Service
	w.registry = registry.New(w.db, w.places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return files.Follow(ctx, tx, by, ev)
	})
	files = assessment.New(w.db, w.places, sets, w.registry, now)
	w.titles = recognition.New(w.db, w.places, sets, w.registry, files, now)
	w.badges = badge.New(w.db, w.places, w.registry, w.titles, now)
	return demo.Services{DB: w.db, Identity: identity.New(w.db, now), Places: w.places, Sets: sets, Registry: w.registry, Recognition: w.titles}
}

var filled = storetest.NewTemplate(func(ctx context.Context, db *store.DB) error {
	w := &world{db: db, now: time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone)}
	s := w.wire()
	if _, err := s.Places.EnsureLoaded(ctx); err != nil {
		return err
	}
	if _, err := s.Sets.EnsureShipped(ctx, criteriadata.Files); err != nil {
		return err
	}
	if err := s.Recognition.EnsureSeal(ctx); err != nil {
		return err
	}
	_, err := demo.Fill(ctx, s, demo.Options{Families: 40, From: 2025, To: 2026, Seed: 5, Today: "2026-11-18", Communes: []string{"08515"}})
	return err
})

func each(t *testing.T, test func(w *world)) {
	filled.Each(t, func(t *testing.T, db *store.DB) { test(over(t, db)) })
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused demands a fault with a key.
func (w *world) refused(err error, key string) {
	w.Helper()
	if f, ok := fault.As(err); !ok || f.Key != key {
		w.Errorf("got %v, want %s", err, key)
	}
}

// holders are the commune's titles of a model that count in 2026.
func (w *world) holders(model string) []recognition.Title {
	w.Helper()
	return w.holdersIn(model, 2026)
}

func (w *world) holdersIn(model string, year int) []recognition.Title {
	w.Helper()
	list, _, err := w.titles.Holders(w.Context(), officer, recognition.HolderFilter{PlaceID: commune, Model: model, Year: year, Limit: 500})
	w.ok(err)
	if len(list) < 4 {
		w.Fatalf("%d titles of %s", len(list), model)
	}
	return list
}

func (w *world) agree(t recognition.Title) registry.Consent {
	w.Helper()
	c, err := w.registry.Agree(w.Context(), officer, registry.Consent{PlaceID: t.PlaceID, SubjectID: t.SubjectID, Purpose: registry.Badge, Words: "Tôi đồng ý.", Way: registry.OnPaper, GivenOn: "2026-11-18"})
	w.ok(err)
	return c
}

func (w *world) give(t recognition.Title) badge.Badge {
	w.Helper()
	b, err := w.badges.Give(w.Context(), officer, t.PlaceID, t.ID)
	w.ok(err)
	return b
}

func (w *world) state(t recognition.Title) badge.State {
	w.Helper()
	st, err := w.badges.Of(w.Context(), officer, t.PlaceID, t.ID)
	w.ok(err)
	return st
}

func (w *world) file(t recognition.Title) badge.File {
	w.Helper()
	f, err := w.badges.File(w.Context(), w.state(t), at, words)
	w.ok(err)
	return f
}

// exact demands that badges and titles agree.
func (w *world) exact() {
	w.Helper()
	_, list, err := w.badges.Verify(w.Context())
	w.ok(err)
	for _, d := range list {
		w.Errorf("%s %s: %s", d.PlaceID, d.ID, d.What)
	}
}

// revoke withdraws one title by a decision.
func (w *world) revoke(t recognition.Title) {
	w.Helper()
	w.later(t, recognition.Draft{Kind: recognition.KindRevoke, Items: []recognition.Choice{{AssessmentID: t.AssessmentID}}})
}

func (w *world) later(t recognition.Title, d recognition.Draft) {
	w.Helper()
	d.AmendsID, d.Reason, d.Grounds = t.DecisionID, "Theo kết quả kiểm tra lại", []string{"Căn cứ Điều lệ Hội Khuyến học Việt Nam"}
	by := actor(identity.CommuneOfficer, place.OfficialID("08515", "2025-07-01"))
	draft, err := w.titles.SaveDraft(w.Context(), by, d)
	w.ok(err)
	_, err = w.titles.Issue(w.Context(), by, recognition.Signing{ID: draft.ID, Version: draft.Version, Date: "2026-11-18", Signer: "Người Ký Thử"})
	w.ok(err)
}

func (w *world) count(query string) int {
	w.Helper()
	n, _, err := store.One(w.Context(), w.db.Read(), store.Value[int], query)
	w.ok(err)
	return n
}

// write changes rows past the rules.
func (w *world) write(query string, args ...any) {
	w.Helper()
	w.ok(w.db.Write(w.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(w.Context(), query, args...)
		return err
	}))
}
