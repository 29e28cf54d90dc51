// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package version_test

import (
	"context"
	"strings"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

type world struct {
	t   *testing.T
	ctx context.Context
	at  time.Time
	s   *version.Service
}

func build(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), at: time.Date(2026, 11, 1, 8, 0, 0, 0, store.Zone)}
	w.s = version.New(db, func() time.Time { return w.at })
	n, err := w.s.EnsureShipped(w.ctx, criteriadata.Files)
	if err != nil || n != 16 {
		t.Fatalf("%d shipped sets: %v", n, err)
	}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) kind(err error, want fault.Kind) {
	w.t.Helper()
	if err == nil || fault.KindOf(err) != want {
		w.t.Errorf("got %v, want kind %d", err, want)
	}
}

func officer() identity.Actor {
	return identity.Actor{ID: "p", Name: "Cán bộ tỉnh", Grants: []identity.Grant{{Role: identity.ProvinceOfficer, PlaceID: "25@2025-07-01"}}}
}

const family = "family-2021-2030"

// change saves a draft in which one text is put for another, and demands that the text was there.
func (w *world) change(v version.Version, from, to string) (version.Version, error) {
	w.t.Helper()
	if !strings.Contains(v.Body, from) {
		w.t.Fatalf("%s does not say %q", v.ID, from)
	}
	next, faults, err := w.s.SaveDraft(w.ctx, officer(), v.ID, v.Edit, strings.Replace(v.Body, from, to, 1))
	w.ok(err)
	return next, faults
}

func TestLifeOfAVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		if n, err := w.s.EnsureShipped(w.ctx, criteriadata.Files); n != 0 || err != nil {
			t.Errorf("shipped again: %d, %v", n, err)
		}
		old, err := w.s.Compiled(w.ctx, family+"@1")
		w.ok(err)
		w.at = w.at.Add(time.Hour)

		d, err := w.s.NewDraft(w.ctx, officer(), family+"@1")
		w.ok(err)
		if d.ID != family+"@2" || d.State != version.Draft || d.BasedOn != family+"@1" || d.Edit != 1 {
			t.Fatalf("draft %+v", d)
		}
		for _, v := range w.published(2026) {
			if v.ID == d.ID {
				t.Error("a draft may be used")
			}
		}
		d, faults := w.change(d, "region: default, min_total: 80", "region: default, min_total: 75")
		w.ok(faults)
		if d.Edit != 2 {
			t.Errorf("edit %d", d.Edit)
		}

		_, err = w.s.Publish(w.ctx, officer(), d.ID, d.Edit, "  ")
		w.kind(err, fault.KindInvalid)
		_, err = w.s.Publish(w.ctx, officer(), d.ID, 1, "Sửa ngưỡng")
		w.kind(err, fault.KindStale)
		p, err := w.s.Publish(w.ctx, officer(), d.ID, d.Edit, "Sửa ngưỡng")
		w.ok(err)
		if p.State != version.Published {
			t.Errorf("state %s", p.State)
		}
		before, err := w.s.Get(w.ctx, family+"@1")
		w.ok(err)
		if before.State != version.Superseded {
			t.Errorf("the earlier version is %s", before.State)
		}
		ids := ""
		for _, v := range w.published(2026) {
			ids += v.ID + " "
		}
		if ids != family+"@2 " {
			t.Errorf("for 2026: %s", ids)
		}

		// Nothing changes a published version any more.
		_, _, err = w.s.SaveDraft(w.ctx, officer(), d.ID, d.Edit, d.Body)
		w.kind(err, fault.KindConflict)
		_, err = w.s.Publish(w.ctx, officer(), d.ID, d.Edit, "Lần nữa")
		w.kind(err, fault.KindConflict)
		w.kind(w.s.Discard(w.ctx, officer(), d.ID, d.Edit), fault.KindConflict)
		w.kind(w.s.Discard(w.ctx, officer(), family+"@1", 1), fault.KindConflict)

		// What was scored with the first goes on with it, also for a process that never compiled it before.
		fresh := version.New(db, func() time.Time { return w.at })
		again, err := fresh.Compiled(w.ctx, family+"@1")
		w.ok(err)
		now, err := fresh.Compiled(w.ctx, family+"@2")
		w.ok(err)
		for _, c := range []struct {
			set  *criteria.Compiled
			want criteria.Points
		}{{old, 8000}, {again, 8000}, {now, 7500}} {
			if got := c.set.Set.Recognition.Thresholds[0].MinTotal.Points(); got != c.want {
				t.Errorf("threshold %d, want %d", got, c.want)
			}
		}
	})
}

func (w *world) published(year int) []version.Version {
	w.t.Helper()
	list, err := w.s.For(w.ctx, criteria.Family, year)
	w.ok(err)
	return list
}

// TestDraftWithFaults: it is kept with every letter and named line by line, and cannot be published.
func TestDraftWithFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		d, err := w.s.NewDraft(w.ctx, officer(), family+"@1")
		w.ok(err)
		d, faults := w.change(d, "code: A1, title: \"Trẻ trong độ tuổi đều đi học, hoàn thành phổ cập\", max_points: 10", "code: A1, title: \"Trẻ\", max_points: mười")
		f, ok := fault.As(faults)
		if !ok || f.Kind != fault.KindInvalid || f.Fields[0].Field != "groups[0].criteria[0].max_points" || f.Fields[0].Args["line"] != 31 {
			t.Fatalf("faults %v", faults)
		}
		kept, err := w.s.Get(w.ctx, d.ID)
		w.ok(err)
		if kept.Body != d.Body || !strings.Contains(kept.Body, "mười") || kept.Edit != 2 {
			t.Error("the text with faults was not kept")
		}
		_, err = w.s.Publish(w.ctx, officer(), d.ID, d.Edit, "Ban hành")
		w.kind(err, fault.KindInvalid)
		_, err = w.s.Compiled(w.ctx, d.ID)
		w.kind(err, fault.KindInvalid)

		d, faults, err = w.s.SaveDraft(w.ctx, officer(), d.ID, d.Edit, "một: [")
		w.ok(err)
		w.kind(faults, fault.KindInvalid)
		_, faults, err = w.s.SaveDraft(w.ctx, officer(), d.ID, d.Edit, strings.Replace(shipped(t, family), "id: "+family, "id: other", 1))
		w.ok(err)
		w.kind(faults, fault.KindInvalid) // it would be another set
		_, _, err = w.s.SaveDraft(w.ctx, officer(), d.ID, d.Edit+1, strings.Repeat("x", 1<<20+1))
		w.kind(err, fault.KindTooMuch)
	})
}

func TestStaleAndDenied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		d, err := w.s.NewDraft(w.ctx, officer(), family+"@1")
		w.ok(err)
		_, _, err = w.s.SaveDraft(w.ctx, officer(), d.ID, d.Edit, d.Body+"# một\n")
		w.ok(err)
		_, _, err = w.s.SaveDraft(w.ctx, officer(), d.ID, d.Edit, d.Body+"# hai\n")
		w.kind(err, fault.KindStale)
		kept, err := w.s.Get(w.ctx, d.ID)
		w.ok(err)
		if !strings.HasSuffix(kept.Body, "# một\n") {
			t.Error("the later save won")
		}
		w.kind(w.s.Discard(w.ctx, officer(), d.ID, d.Edit), fault.KindStale)

		for _, role := range []identity.Role{identity.Admin, identity.CommuneOfficer, identity.Reviewer, identity.AreaVolunteer, identity.Viewer} {
			by := identity.Actor{ID: string(role), Grants: []identity.Grant{{Role: role, PlaceID: "25@2025-07-01"}}}
			_, err := w.s.NewDraft(w.ctx, by, family+"@1")
			w.kind(err, fault.KindDenied)
			_, err = w.s.Upload(w.ctx, by, "a.yaml", d.Body)
			w.kind(err, fault.KindDenied)
			_, _, err = w.s.SaveDraft(w.ctx, by, d.ID, 2, d.Body)
			w.kind(err, fault.KindDenied)
			_, err = w.s.Publish(w.ctx, by, d.ID, 2, "Ban hành")
			w.kind(err, fault.KindDenied)
			w.kind(w.s.Discard(w.ctx, by, d.ID, 2), fault.KindDenied)
		}
		w.ok(w.s.Discard(w.ctx, officer(), d.ID, 2))
		_, err = w.s.Get(w.ctx, d.ID)
		w.kind(err, fault.KindNotFound)
		_, err = w.s.NewDraft(w.ctx, officer(), "khong-co@1")
		w.kind(err, fault.KindNotFound)
	})
}

// TestBaseMovesOn: a set that overlays or includes another keeps the meaning it was published with, when the other is superseded
// later; its next version takes the new one.
func TestBaseMovesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.at = w.at.Add(time.Hour)
		const overlay = `schema: learning-criteria/1
id: family-phu-tho
overlays: family-2021-2030
recognition:
  thresholds:
    - {region: mountainous, min_total: 72}
`
		o, err := w.s.Upload(w.ctx, officer(), "phu-tho.yaml", overlay)
		w.ok(err)
		if o.ID != "family-phu-tho@1" || o.State != version.Draft || o.Model != criteria.Family {
			t.Fatalf("uploaded %+v", o)
		}
		_, err = w.s.Publish(w.ctx, officer(), o.ID, o.Edit, "Bộ của tỉnh")
		w.ok(err)

		w.at = w.at.Add(time.Hour)
		d, err := w.s.NewDraft(w.ctx, officer(), family+"@1")
		w.ok(err)
		d, faults := w.change(d, "region: default, min_total: 80", "region: default, min_total: 75")
		w.ok(faults)
		_, err = w.s.Publish(w.ctx, officer(), d.ID, d.Edit, "Sửa ngưỡng")
		w.ok(err)

		// The included set of a commune moves on as well.
		inc, err := w.s.NewDraft(w.ctx, officer(), "unit-tt24-2023-district@1")
		w.ok(err)
		doc := read(t, inc.Body)
		doc.Set("groups[0].criteria[0].title", version.Words("MỚI"))
		inc, faults, err = w.s.SaveDraft(w.ctx, officer(), inc.ID, inc.Edit, write(t, doc))
		w.ok(err)
		w.ok(faults)
		_, err = w.s.Publish(w.ctx, officer(), inc.ID, inc.Edit, "Sửa tên")
		w.ok(err)

		w.at = w.at.Add(time.Hour)
		fresh := version.New(db, func() time.Time { return w.at })
		set, err := fresh.Compiled(w.ctx, o.ID)
		w.ok(err)
		if got := set.Set.Recognition.Thresholds; got[0].MinTotal.Points() != 8000 || got[1].MinTotal.Points() != 7200 {
			t.Errorf("the published overlay took the later base: %v", got)
		}
		next, err := fresh.NewDraft(w.ctx, officer(), o.ID)
		w.ok(err)
		set, err = fresh.Compiled(w.ctx, next.ID)
		w.ok(err)
		if got := set.Set.Recognition.Thresholds[0].MinTotal.Points(); got != 7500 {
			t.Errorf("a new draft of the overlay has threshold %d", got)
		}
		includer, err := fresh.Compiled(w.ctx, "unit-tt24-2023-province@1")
		w.ok(err)
		for _, c := range includer.Criteria {
			if strings.HasPrefix(c.Title, "MỚI") {
				t.Errorf("%s came from the later version", c.Code)
			}
		}
	})
}
