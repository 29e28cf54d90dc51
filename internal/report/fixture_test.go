// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"context"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

var (
	phuTho  = place.OfficialID("25", "2025-07-01")
	hyCuong = place.OfficialID("08515", "2025-07-01")
	vietTri = place.OfficialID("07900", "2025-07-01")
	haNoi   = place.OfficialID("01", "2025-07-01")
)

// world is Phú Thọ with an area in each of two communes, and the rounds of two years. Its clock stands on a morning until a test moves it.
type world struct {
	t           testing.TB
	ctx         context.Context
	db          *store.DB
	day         string
	reports     *report.Service
	recognition *recognition.Service
	identity    *identity.Service
	rounds      map[int]assessment.Round
	khu1, khu2  string // areas of Hy Cương and of Việt Trì
	path        func(placeID string) string
}

func build(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), db: db, day: "2026-11-20", rounds: map[int]assessment.Round{}}
	now := func() time.Time {
		day, _ := time.ParseInLocation(time.DateOnly, w.day, store.Zone)
		return day.Add(9 * time.Hour)
	}
	w.identity = identity.New(db, now)
	places, sets := place.New(db, now), version.New(db, now)
	w.path = func(placeID string) string {
		path, err := places.Path(w.ctx, nil, placeID)
		w.ok(err)
		return path
	}
	var rounds *assessment.Service
	people := registry.New(db, places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return rounds.Follow(ctx, tx, by, ev)
	})
	rounds = assessment.New(db, places, sets, people, now)
	w.recognition = recognition.New(db, places, sets, people, rounds, now)
	w.reports = report.New(db, places, rounds, w.recognition, now)
	_, err := sets.EnsureShipped(w.ctx, criteriadata.Files)
	w.ok(err)
	for _, area := range []struct {
		id      *string
		commune string
	}{{&w.khu1, hyCuong}, {&w.khu2, vietTri}} {
		p, err := places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: area.commune, Name: "Khu 1"})
		w.ok(err)
		*area.id = p.ID
	}
	for _, year := range []int{2025, 2026} {
		r := assessment.Template(year, phuTho)
		r.Title, r.State = "Đợt đánh giá", assessment.RoundOpen
		w.rounds[year], err = rounds.SaveRound(w.ctx, identity.System, r)
		w.ok(err)
	}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused demands an error of a kind, with a key where one is given.
func (w *world) refused(err error, kind fault.Kind, keys ...string) {
	w.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind {
		w.t.Errorf("got %v, want a fault of kind %d %v", err, kind, keys)
		return
	}
	for _, key := range keys {
		found := f.Key == key
		for _, x := range f.Fields {
			found = found || x.Key == key || x.Field == key
		}
		if !found {
			w.t.Errorf("got %v, want %q", err, key)
		}
	}
}

func (w *world) count(leaf string, year int, model string, c rollup.Counts) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error {
		return rollup.Add(w.ctx, tx, leaf, w.rounds[year].ID, model, c)
	}))
}

// someone is an actor with a role at a place; the id is the name.
func someone(name string, role identity.Role, placeID string) identity.Actor {
	return identity.Actor{ID: name, Name: name, Grants: []identity.Grant{{Role: role, PlaceID: placeID}}}
}

// The people of the tests.
var (
	officer    = someone("Lan", identity.CommuneOfficer, hyCuong)
	second     = someone("Minh", identity.CommuneOfficer, hyCuong)
	neighbour  = someone("Bình", identity.CommuneOfficer, vietTri)
	reviewer   = someone("Thẩm", identity.Reviewer, hyCuong)
	viewer     = someone("Xem", identity.Viewer, hyCuong)
	provincial = someone("Tỉnh", identity.ProvinceOfficer, phuTho)
	stranger   = someone("Hà Nội", identity.ProvinceOfficer, haNoi)
	centre     = someone("Trung ương", identity.ProvinceOfficer, place.Root)
)

// open opens a period for the two communes, or for the province.
func (w *world) open(level string, kind report.Kind, year int) report.Period {
	w.t.Helper()
	d := report.PeriodDraft{PlaceID: phuTho, Level: level, Kind: kind, Title: "Báo cáo", ToYear: year, Opens: "2026-11-01", Due: "2026-12-05", Closes: "2026-12-31"}
	if level == place.Commune {
		d.Places = []string{hyCuong, vietTri}
	}
	p, err := w.reports.OpenPeriod(w.ctx, provincial, d)
	w.ok(err)
	return p
}

func (w *world) get(placeID string, p report.Period) report.Report {
	w.t.Helper()
	r, err := w.reports.Get(w.ctx, identity.System, placeID, p.ID)
	w.ok(err)
	return r
}

// words explain everything that is flagged.
func words(r *report.Report) report.Words {
	out := report.Words{Sections: map[string]string{"work": "Đã quán triệt."}, Explanations: map[string]string{}, Seen: map[string]int64{"members": 1200}, Signer: "Trần Văn Ký"}
	for _, f := range report.Flags(r.Figures) {
		out.Explanations[f.ID()] = "Giao chỉ tiêu tới từng chi hội."
	}
	return out
}

// submit takes a report from where it stands to the level above.
func (w *world) submit(by identity.Actor, placeID string, p report.Period) report.Version {
	w.t.Helper()
	r, err := w.reports.Fill(w.ctx, by, placeID, p.ID, w.get(placeID, p).Version)
	w.ok(err)
	r, err = w.reports.Save(w.ctx, by, placeID, p.ID, r.Version, words(&r))
	w.ok(err)
	v, changes, err := w.reports.Submit(w.ctx, by, placeID, p.ID, r.Version)
	w.ok(err)
	if len(changes) > 0 {
		w.t.Fatalf("figures changed while nobody worked: %+v", changes)
	}
	return v
}

// sound demands that nothing differs anywhere.
func (w *world) sound() {
	w.t.Helper()
	_, list, err := w.reports.Verify(w.ctx)
	w.ok(err)
	for _, d := range list {
		w.t.Errorf("reports: %+v", d)
	}
	_, faults, err := w.recognition.Verify(w.ctx)
	w.ok(err)
	for _, d := range faults {
		w.t.Errorf("registers: %+v", d)
	}
}
