// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// world is a commune of two areas with families that passed appraisal, on 1 December: the round's decisions are open since
// 25 November and the publication begins.
type world struct {
	t         *testing.T
	ctx       context.Context
	db        *store.DB
	places    *place.Service
	sets      *version.Service
	registry  *registry.Service
	files     *assessment.Service
	s         *recognition.Service
	at        time.Time
	province  string
	commune   string
	neighbour string
	areas     []string
	round     assessment.Round
}

const signer = "Nguyễn Văn Đức"

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 9, 0, 0, 0, store.Zone)
}

// build makes the world; names are the heads of families by area, and the area of index i has the i-th list.
func build(t *testing.T, db *store.DB, names ...[]string) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), db: db, at: day(2026, 11, 18), province: place.OfficialID("25", "2025-07-01"),
		commune: place.OfficialID("08515", "2025-07-01"), neighbour: place.OfficialID("07900", "2025-07-01")}
	now := func() time.Time { return w.at }
	w.places, w.sets = place.New(db, now), version.New(db, now)
	w.registry = registry.New(db, w.places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return w.files.Follow(ctx, tx, by, ev)
	})
	w.files = assessment.New(db, w.places, w.sets, w.registry, now)
	w.s = recognition.New(db, w.places, w.sets, w.registry, w.files, now)
	_, err := w.places.EnsureLoaded(w.ctx)
	w.ok(err)
	_, err = w.sets.EnsureShipped(w.ctx, criteriadata.Files)
	w.ok(err)
	w.round = w.open(2026)
	for i, list := range names {
		area, err := w.places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: w.commune, Name: strconv.Itoa(2 + 8*i), Kind: "Khu", From: "2025-07-01"})
		w.ok(err)
		w.areas = append(w.areas, area.ID)
		for j, name := range list {
			_, err := w.registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: area.ID, Model: registry.Family, Name: name, Number: strconv.Itoa(j + 1), Members: 6, Adults: 4, Children: 2})
			w.ok(err)
		}
		w.approve(area.ID, w.round)
	}
	w.at = day(2026, 12, 1)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) open(year int) assessment.Round {
	w.t.Helper()
	r := assessment.Template(year, w.province)
	r.Title, r.State = "Đợt đánh giá năm "+strconv.Itoa(year), assessment.RoundOpen
	r, err := w.files.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
	return r
}

// approve takes every family of an area through the year's work up to the commune's approval.
func (w *world) approve(area string, round assessment.Round) {
	w.t.Helper()
	list := w.inArea(area, round)
	var ids []string
	for _, a := range list {
		ids = append(ids, a.ID)
		w.ok(w.registry.SetEntries(w.ctx, identity.System, area, round.Year,
			registry.Entry{SubjectID: a.SubjectID, Key: "poverty_status", Value: "none", Source: "Rà soát"},
			registry.Entry{SubjectID: a.SubjectID, Key: "culture_family", Value: "true", Source: "Quyết định của xã"},
			registry.Entry{SubjectID: a.SubjectID, Key: registry.CitizenTitles, Value: "3", Source: "congdanhoctap.vn"}))
	}
	_, err := w.files.Register(w.ctx, identity.System, area, round.ID, ids, day(round.Year, 2, 14))
	w.ok(err)
	for _, a := range w.inArea(area, round) {
		_, err := w.files.Save(w.ctx, w.volunteer(area), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageSelf, Entry: good()})
		w.ok(err)
	}
	_, err = w.files.SaveMinutes(w.ctx, w.volunteer(area), assessment.Minutes{PlaceID: area, RoundID: round.ID, Model: registry.Family, HeldOn: strconv.Itoa(round.Year) + "-11-17",
		Chair: "Trưởng khu", Secretary: "Thư ký", Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
	w.ok(err)
	_, err = w.files.Send(w.ctx, w.volunteer(area), area, round.ID, registry.Family, nil)
	w.ok(err)
	for _, a := range w.inArea(area, round) {
		_, err := w.files.Approve(w.ctx, w.officer(), assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
		w.ok(err)
	}
}

// good is a full sheet of a family of four adults and two pupils.
func good() assessment.Entry {
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	return assessment.Entry{
		Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
		Scores: map[string]assessment.Mark{"A3": points(800), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(600)},
		Gates:  map[string]bool{"G3": true},
	}
}

func actor(role identity.Role, placeID string) identity.Actor {
	return identity.Actor{ID: string(role) + "@" + placeID, Name: string(role), Grants: []identity.Grant{{Role: role, PlaceID: placeID}}}
}

func (w *world) officer() identity.Actor { return actor(identity.CommuneOfficer, w.commune) }
func (w *world) deputy() identity.Actor { // a second officer: who closed a file answers no appeal against it
	a := w.officer()
	a.ID = "deputy@" + w.commune
	return a
}
func (w *world) above() identity.Actor { return actor(identity.ProvinceOfficer, w.province) }
func (w *world) volunteer(area string) identity.Actor {
	return actor(identity.AreaVolunteer, area)
}

func (w *world) inArea(area string, round assessment.Round) []assessment.Assessment {
	w.t.Helper()
	list, _, err := w.files.InLeaf(w.ctx, identity.System, area, round.ID, registry.Family)
	w.ok(err)
	return list
}

// all returns every file of the commune, in the order of areas and house numbers.
func (w *world) all() (list []assessment.Assessment) {
	w.t.Helper()
	for _, area := range w.areas {
		list = append(list, w.inArea(area, w.round)...)
	}
	return list
}

func chosen(list ...assessment.Assessment) (items []recognition.Choice) {
	for _, a := range list {
		items = append(items, recognition.Choice{AssessmentID: a.ID})
	}
	return items
}

func (w *world) draft(d recognition.Draft) recognition.Decision {
	w.t.Helper()
	out, err := w.s.SaveDraft(w.ctx, w.officer(), w.named(d))
	w.ok(err)
	return out
}

// named fills in what most drafts have in common.
func (w *world) named(d recognition.Draft) recognition.Draft {
	if d.Grounds == nil {
		d.Grounds = []string{"Căn cứ Điều lệ Hội Khuyến học Việt Nam"}
	}
	if d.AmendsID == "" {
		d.PlaceID, d.RoundID, d.Model = w.commune, w.round.ID, registry.Family
	} else if d.Reason == "" {
		d.Reason = "Theo kết quả kiểm tra lại"
	}
	return d
}

// issue signs a draft today.
func (w *world) issue(d recognition.Decision) recognition.Decision {
	w.t.Helper()
	out, err := w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: d.ID, Version: d.Version, Date: store.Date(w.at), Signer: signer})
	w.ok(err)
	return out
}

// decide drafts and signs today.
func (w *world) decide(d recognition.Draft) recognition.Decision {
	w.t.Helper()
	return w.issue(w.draft(d))
}

func (w *world) titles(d recognition.Decision) []recognition.Title {
	w.t.Helper()
	list, err := w.s.TitlesOf(w.ctx, w.officer(), d.ID)
	w.ok(err)
	return list
}

func (w *world) public(code recognition.Code) recognition.Public {
	w.t.Helper()
	p, err := w.s.VerifyCode(w.ctx, code.String())
	w.ok(err)
	return p
}

// exact demands that counters, decisions, titles, codes and files agree.
func (w *world) exact() {
	w.t.Helper()
	_, cells, err := rollup.Verify(w.ctx, w.db)
	w.ok(err)
	for _, d := range cells {
		w.t.Errorf("cell %s %v says %+v, the records %+v", d.PlaceID, d.Key, d.Cell, d.Records)
	}
	_, list, err := w.s.Verify(w.ctx)
	w.ok(err)
	for _, d := range list {
		w.t.Errorf("%s %s: %s", d.PlaceID, d.ID, d.What)
	}
}

// counts adds the cells of the commune's areas.
func (w *world) counts() (sum rollup.Counts) {
	w.t.Helper()
	for _, area := range w.areas {
		c, err := rollup.Leaf(w.ctx, w.db.Read(), area, w.round.ID, registry.Family)
		w.ok(err)
		sum = sum.Plus(c)
	}
	return sum
}

// refused demands a fault with this key, or for an invalid one a broken rule with it.
func (w *world) refused(err error, key string) {
	w.t.Helper()
	f, ok := fault.As(err)
	if !ok {
		w.t.Fatalf("got %v, want %s", err, key)
	}
	if f.Key == key {
		return
	}
	for _, e := range f.Fields {
		if e.Key == key {
			return
		}
	}
	w.t.Fatalf("got %v, want %s", err, key)
}
