// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// Whatever anybody does in whatever order: what was submitted never changes, numbers have no gap, versions follow each other, and verification finds nothing.
func TestAnyOrderOfActs(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		acts := 500
		if db.Engine == store.Postgres {
			acts = 200
		}
		r := rand.New(rand.NewPCG(26, 11))
		w.count(w.khu1, 2025, registry.Family, rollup.Counts{Total: 100, Registered: 90, Recognised: 50})
		w.count(w.khu1, 2026, registry.Family, rollup.Counts{Total: 100, Registered: 90, Recognised: 60})
		w.count(w.khu2, 2026, registry.Family, rollup.Counts{Total: 100, Registered: 90, Recognised: 60})
		periods := []report.Period{w.open(place.Commune, report.Year, 2026), w.open(place.Commune, report.Half, 2026), w.open(place.Commune, report.Five, 2026)}
		up := w.open(place.Province, report.Year, 2026)
		people := []identity.Actor{officer, second, neighbour, provincial, centre, viewer, stranger}
		frozen := map[string]string{} // version → its hash as it was first seen
		sent := 0
		for range acts {
			by, p, at := people[r.IntN(len(people))], periods[r.IntN(len(periods))], []string{hyCuong, vietTri}[r.IntN(2)]
			if r.IntN(5) == 0 {
				p, at = up, phuTho
			}
			if r.IntN(4) > 0 { // mostly who may
				by = map[string]identity.Actor{hyCuong: []identity.Actor{officer, second}[r.IntN(2)], vietTri: neighbour, phuTho: provincial}[at]
			}
			now, err := w.reports.Get(w.ctx, identity.System, at, p.ID)
			w.ok(err)
			version := now.Version
			if r.IntN(12) == 0 {
				version--
			}
			what := r.IntN(11)
			if now.Figures != nil && r.IntN(2) == 0 {
				what = 2 + r.IntN(3)
			}
			var did error
			switch what {
			case 0, 1:
				_, did = w.reports.Fill(w.ctx, by, at, p.ID, version)
			case 2, 3:
				said := report.Words{}
				if now.Figures != nil {
					said = words(&now)
				}
				_, did = w.reports.Save(w.ctx, by, at, p.ID, version, said)
			case 4, 5, 6:
				var v report.Version
				var changes []report.Change
				if v, changes, did = w.reports.Submit(w.ctx, by, at, p.ID, version); did == nil && len(changes) == 0 {
					sent++
					frozen[v.PaperID] = v.SHA
				}
			case 7:
				did = w.reports.Accept(w.ctx, above(at, by, r), at, p.ID, now.Last)
			case 8:
				did = w.reports.Return(w.ctx, above(at, by, r), at, p.ID, max(0, now.Last-r.IntN(2)), "Sửa lại.", 7)
			case 9:
				did = w.reports.Correct(w.ctx, by, at, p.ID, version, "Đính chính.")
			case 10:
				if leaf := []string{w.khu1, w.khu2}[r.IntN(2)]; r.IntN(2) == 0 {
					w.count(leaf, 2026, registry.Family, rollup.Counts{Recognised: int64(r.IntN(3)), Total: 1, Registered: 1})
				} else if day, _ := time.Parse(time.DateOnly, w.day); w.day < "2026-12-30" {
					w.day = day.AddDate(0, 0, r.IntN(2)).Format(time.DateOnly)
				}
			}
			if fault.KindOf(did) == fault.KindInternal && did != nil {
				t.Fatal(did)
			}
		}
		if sent < 5 {
			t.Fatalf("only %d were sent: the acts lead nowhere", sent)
		}
		for id, sha := range frozen {
			paper, err := w.recognition.PaperByID(w.ctx, identity.System, id)
			w.ok(err)
			if paper.SHA != sha {
				t.Errorf("%s is no longer what was sent", paper.Text())
			}
		}
		n, _, err := w.reports.Verify(w.ctx)
		w.ok(err)
		if n != sent {
			t.Errorf("%d versions, %d were sent", n, sent)
		}
		w.sound()
	})
}

// above is mostly who may decide on a place's report.
func above(placeID string, by identity.Actor, r *rand.Rand) identity.Actor {
	switch {
	case r.IntN(5) == 0:
		return by
	case placeID == phuTho:
		return centre
	}
	return provincial
}
