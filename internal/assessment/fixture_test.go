// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// world is a province with two communes; the first has one area with a few families and a round that is open on 18 November.
type world struct {
	t        *testing.T
	ctx      context.Context
	db       *store.DB
	places   *place.Service
	sets     *version.Service
	registry *registry.Service
	s        *assessment.Service
	at       time.Time
	commune  string
	area     string
	round    assessment.Round
	families []registry.Subject
}

const (
	communeCode   = "08515"
	neighbourCode = "07900"
)

// shipped is a database with the places and criteria sets that come with the program, as each test begins with it.
var shipped = storetest.NewTemplate(func(ctx context.Context, db *store.DB) error {
	_, err := place.New(db, time.Now).EnsureLoaded(ctx)
	if err == nil {
		_, err = version.New(db, time.Now).EnsureShipped(ctx, criteriadata.Files)
	}
	return err
})

func build(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), db: db, at: time.Date(2026, 11, 18, 20, 0, 0, 0, store.Zone)}
	now := func() time.Time { return w.at }
	w.places, w.sets = place.New(db, now), version.New(db, now)
	w.registry = registry.New(db, w.places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return w.s.Follow(ctx, tx, by, ev)
	})
	w.s = assessment.New(db, w.places, w.sets, w.registry, now)
	w.commune = place.OfficialID(communeCode, "2025-07-01")
	area, err := w.places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: w.commune, Name: "5", Kind: "Khu", From: "2025-07-01"})
	w.ok(err)
	w.area = area.ID
	r := assessment.Template(2026, place.OfficialID("25", "2025-07-01"))
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	w.round, err = w.s.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
	for i := range 4 {
		f, err := w.registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: w.area, Model: registry.Family, Name: "Chủ hộ " + string(rune('A'+i)),
			Number: strconv.Itoa(i + 1), Members: 6, Adults: 4, Children: 2})
		w.ok(err)
		w.families = append(w.families, f)
	}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// actor is somebody with a role at a place.
func actor(role identity.Role, placeID string) identity.Actor {
	return identity.Actor{ID: string(role) + "@" + placeID, Name: string(role), Grants: []identity.Grant{{Role: role, PlaceID: placeID}}}
}

func (w *world) volunteer() identity.Actor { return actor(identity.AreaVolunteer, w.area) }
func (w *world) officer() identity.Actor   { return actor(identity.CommuneOfficer, w.commune) }
func (w *world) deputy() identity.Actor { // a second officer, for what the first may not do
	a := w.officer()
	a.ID = "deputy@" + w.commune
	return a
}
func (w *world) reviewer() identity.Actor { return actor(identity.Reviewer, w.commune) }

func (w *world) list() []assessment.Assessment {
	w.t.Helper()
	list, _, err := w.s.InLeaf(w.ctx, identity.System, w.area, w.round.ID, registry.Family)
	w.ok(err)
	return list
}

// register takes in every family on 14 February.
func (w *world) register() {
	w.t.Helper()
	var ids []string
	for _, a := range w.list() {
		ids = append(ids, a.ID)
	}
	b, err := w.s.Register(w.ctx, w.volunteer(), w.area, w.round.ID, ids, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	w.ok(err)
	if b.Done != len(ids) {
		w.t.Fatalf("registered %d of %d", b.Done, len(ids))
	}
}

// good is a full sheet of a family of four adults and two pupils; B2, D1 and D2 come from registers.
func good() assessment.Entry {
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	return assessment.Entry{
		Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
		Scores: map[string]assessment.Mark{"A3": points(800), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(600)},
		Gates:  map[string]bool{"G3": true},
	}
}

// registers says that a family is not poor, is a Gia đình văn hóa and has three citizens with the title of this year.
func (w *world) registers(f registry.Subject, holders string) {
	w.t.Helper()
	w.ok(w.registry.SetEntries(w.ctx, identity.System, w.area, 2026,
		registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none", Source: "Rà soát hộ nghèo 2026"},
		registry.Entry{SubjectID: f.ID, Key: "culture_family", Value: "true", Source: "Quyết định của xã"},
		registry.Entry{SubjectID: f.ID, Key: registry.CitizenTitles, Value: holders, Source: "congdanhoctap.vn"}))
}

func (w *world) save(a assessment.Assessment, stage assessment.Stage, e assessment.Entry) assessment.Saved {
	w.t.Helper()
	saved, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: stage, Entry: e})
	w.ok(err)
	return saved
}

// minutes are final ones of the meeting on 17 November.
func (w *world) minutes() {
	w.t.Helper()
	_, err := w.s.SaveMinutes(w.ctx, w.volunteer(), assessment.Minutes{PlaceID: w.area, RoundID: w.round.ID, Model: registry.Family, HeldOn: "2026-11-17",
		Chair: "Trưởng khu", Secretary: "Thư ký", Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
	w.ok(err)
}

// exact demands that every counter says what the records say, and every result what its sheet comes to.
func (w *world) exact() {
	w.t.Helper()
	_, cells, err := rollup.Verify(w.ctx, w.db)
	w.ok(err)
	for _, d := range cells {
		w.t.Errorf("cell %s %v says %+v, the records %+v", d.PlaceID, d.Key, d.Cell, d.Records)
	}
	_, results, err := w.s.Verify(w.ctx)
	w.ok(err)
	for _, d := range results {
		w.t.Errorf("assessment %s: %s", d.ID, d.What)
	}
}

func (w *world) counts() rollup.Counts {
	w.t.Helper()
	c, err := rollup.Leaf(w.ctx, w.db.Read(), w.area, w.round.ID, registry.Family)
	w.ok(err)
	return c
}
