// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"testing"

	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// decided is a title of 2026 in an area, by a decision of a day; until is the day of the one that took it away.
func (w *world) decided(id, on, until string, exemplary bool) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error {
		decision := func(id, date string) error {
			_, err := tx.Exec(w.ctx, `INSERT INTO decision (id, body_id, body_name, place_id, round_id, model, kind, from_year, for_year, year, date, state, by_id, created_at)
				VALUES ($1, 'b', 'b', $2, $3, 'family', 'recognise', 2026, 2026, 2026, $4, 'issued', 'x', 1)`, id, hyCuong, w.rounds[2026].ID, date)
			return err
		}
		if err := decision("d"+id, on); err != nil {
			return err
		}
		state, ended := "valid", ""
		if until != "" {
			state, ended = "revoked", "e"+id
			if err := decision(ended, until); err != nil {
				return err
			}
		}
		_, err := tx.Exec(w.ctx, `INSERT INTO title (place_id, id, subject_id, assessment_id, model, from_year, year, until_year, level, exemplary, name, area_name, no, decision_id, origin_id, decided_on, code, state, ended_by)
			VALUES ($1, $2, $3, $2, 'family', 2026, 2026, 2026, '', $4, 'x', 'x', 1, $5, $5, $6, $2, $7, $8)`, w.khu1, id, "s"+id, exemplary, "d"+id, on, state, ended)
		return err
	}))
}

// The report of six months counts what was decided until 30 June, however late its figures are fetched.
func TestHalfYearCountsUntilItsLastDay(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.count(w.khu1, 2026, registry.Family, rollup.Counts{Total: 100, Registered: 90, Recognised: 3, Exemplary: 1})
		w.decided("a", "2026-05-10", "", false)
		w.decided("b", "2026-06-30", "", false)
		w.decided("c", "2026-07-01", "", false)           // later
		w.decided("x", "2026-08-01", "", true)            // later
		w.decided("y", "2026-05-11", "2026-09-01", false) // taken away later: it counted
		w.decided("z", "2026-05-11", "2026-06-01", false) // taken away before
		p := w.open(place.Commune, report.Half, 2026)
		r, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, 1)
		w.ok(err)
		m, _ := r.Figures.Of(registry.Family)
		y, _ := m.In(2026)
		if want := (report.Counts{Total: 100, Registered: 90, Recognised: 3}); y.Counts != want || m.Rows[0].Now != want || r.Figures.Until != "2026-06-30" {
			t.Errorf("until %s: %+v, rows %+v, want %+v", r.Figures.Until, y.Counts, m.Rows, want)
		}
		year := w.open(place.Commune, report.Year, 2026)
		r, err = w.reports.Fill(w.ctx, officer, hyCuong, year.ID, 1)
		w.ok(err)
		m, _ = r.Figures.Of(registry.Family)
		if y, _ := m.In(2026); y.Counts.Exemplary != 1 || r.Figures.Until != "" {
			t.Errorf("the year's report: %+v", y)
		}
	})
}

// A later version names the report that it stands for: the accepted one, else the one that came back; the register says that it is a correction.
func TestVersionNamesWhatItReplaces(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		p := w.open(place.Commune, report.Year, 2026)
		replaces := func(no int) string {
			snap, err := w.reports.Submitted(w.ctx, officer, hyCuong, p.ID, no)
			w.ok(err)
			return snap.Replaces + " " + snap.ReplacesOn
		}
		w.submit(officer, hyCuong, p)
		w.ok(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 1, "Thiếu.", 7))
		w.day = "2026-11-22"
		w.submit(officer, hyCuong, p)
		w.ok(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 2))
		w.ok(w.reports.Correct(w.ctx, officer, hyCuong, p.ID, w.get(hyCuong, p).Version, "Bổ sung"))
		w.day = "2026-11-24"
		w.submit(officer, hyCuong, p)
		w.ok(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 3, "Sai.", 7))
		w.submit(officer, hyCuong, p)
		for no, want := range map[int]string{1: " ", 2: "01/BC-HKH 2026-11-20", 3: "02/BC-HKH 2026-11-22", 4: "02/BC-HKH 2026-11-22"} {
			if got := replaces(no); got != want {
				t.Errorf("version %d replaces %q, want %q", no, got, want)
			}
		}
		book, err := w.recognition.Register(w.ctx, officer, "hoi_kh_xa-"+hyCuong, "report", 2026)
		w.ok(err)
		about := map[int64]string{}
		for _, x := range book.Papers {
			about[x.Number] = x.About
		}
		if about[2] != "Báo cáo" || about[3] != "Báo cáo (bản đính chính)" {
			t.Errorf("the register: %v", about)
		}
		w.sound()
	})
}
