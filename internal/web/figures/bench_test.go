// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
)

// BenchmarkProvince asks for the page of the province as 32 readers at once do, with 5,180 areas of about 200 families in all 148
// communes and five rounds of three models: 77,700 cells, as a million families make.
func BenchmarkProvince(b *testing.B) {
	w := build(b, placetest.SQLite(b))
	token := w.account(identity.ProvinceOfficer, province)
	fill(w)
	w.mux = w.clocked()
	w.get(token, "/tong-quan") // the first reader of a new server waits for all
	var mu sync.Mutex
	var took []time.Duration
	b.SetParallelism(16) // on two processors: 32 readers
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			q := httptest.NewRequest(http.MethodGet, "/tong-quan", nil)
			q.AddCookie(&http.Cookie{Name: site.Cookie, Value: token})
			rec := httptest.NewRecorder()
			start := time.Now()
			w.mux.ServeHTTP(rec, q)
			d := time.Since(start)
			if rec.Code != http.StatusOK {
				b.Errorf("status %d", rec.Code)
			}
			mu.Lock()
			took = append(took, d)
			mu.Unlock()
		}
	})
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}

// fill writes areas and cells straight into the tables: 35 areas in each commune.
func fill(w *world) {
	rounds := []assessment.Round{w.round2024, w.round2026}
	for _, year := range []int{2022, 2023, 2025} {
		r := assessment.Template(year, province)
		r.Title, r.State = "Đợt đánh giá", assessment.RoundClosed
		r, err := w.s.Assessment.SaveRound(w.ctx, identity.System, r)
		w.ok(err)
		rounds = append(rounds, r)
	}
	communes, err := w.s.Places.Children(w.ctx, province, "")
	w.ok(err)
	for _, c := range communes {
		if c.Level != place.Commune {
			continue
		}
		w.ok(w.s.DB.Write(w.ctx, func(tx *store.Tx) error {
			drafts := make([]place.AreaDraft, 35)
			for i := range drafts {
				drafts[i] = place.AreaDraft{Name: fmt.Sprintf("Khu %d", 100+i)}
			}
			areas, err := w.s.Places.CreateAreas(w.ctx, tx, identity.System, c.ID, drafts)
			if err != nil {
				return err
			}
			for i, a := range areas {
				n := int64(150 + i%100)
				for _, r := range rounds {
					for _, model := range []string{registry.Family, registry.Clan, registry.Community} {
						if err := rollup.Add(w.ctx, tx, a.ID, r.ID, model, rollup.Counts{Total: n, Registered: n - 5, Recognised: n - 40, Sent: 20, Passing: n - 30}); err != nil {
							return err
						}
					}
				}
			}
			return nil
		}))
	}
}

// clocked is the site with a clock that runs, so that cached figures age as they do in service.
func (w *world) clocked() http.Handler {
	start, real := w.s.Now(), time.Now()
	return w.wire(func() time.Time { return start.Add(time.Since(real)) })
}
