// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// A report goes up, comes back, goes up again, is accepted, corrected, and counts in the province's report.
func TestWayOfAReport(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.count(w.khu1, 2025, registry.Family, rollup.Counts{Total: 100, Registered: 90, Recognised: 50})
		w.count(w.khu1, 2026, registry.Family, rollup.Counts{Total: 110, Registered: 100, Recognised: 88, Exemplary: 2})
		w.count(w.khu2, 2026, registry.Family, rollup.Counts{Total: 40, Registered: 40, Recognised: 30})
		p := w.open(place.Commune, report.Year, 2026)

		r, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, w.get(hyCuong, p).Version)
		w.ok(err)
		m, _ := r.Figures.Of(registry.Family)
		if y, _ := m.In(2026); y.Counts != (report.Counts{Total: 110, Registered: 100, Recognised: 88, Exemplary: 2}) || y.Target == nil || len(m.Rows) != 1 || m.Rows[0].Before.Recognised != 50 {
			t.Errorf("figures: %+v", m)
		}
		// 50 % → 80 %: a jump that has to be explained.
		_, _, err = w.reports.Submit(w.ctx, officer, hyCuong, p.ID, r.Version)
		w.refused(err, fault.KindInvalid, report.ExplanationField("family.2026.jump"), "report.explain")
		said := words(&r)
		said.Signer = " "
		r, err = w.reports.Save(w.ctx, officer, hyCuong, p.ID, r.Version, said)
		w.ok(err)
		_, _, err = w.reports.Submit(w.ctx, officer, hyCuong, p.ID, r.Version)
		w.refused(err, fault.KindInvalid, "report.signer")
		if got := w.get(hyCuong, p); got.Words.Sections["work"] != "Đã quán triệt." || got.State != report.Open {
			t.Errorf("what was typed is lost: %+v", got.Words)
		}
		r, err = w.reports.Save(w.ctx, officer, hyCuong, p.ID, r.Version, words(&r))
		w.ok(err)

		// A figure changes between the page and the sending: nothing is sent, and the change is named.
		w.count(w.khu1, 2026, registry.Family, rollup.Counts{Recognised: 1})
		_, changes, err := w.reports.Submit(w.ctx, officer, hyCuong, p.ID, r.Version)
		w.ok(err)
		if len(changes) != 2 || changes[0].Measure != "recognised" || *changes[0].Old != 88 || *changes[0].New != 89 || changes[1].Row != "Khu 1" {
			t.Errorf("changes: %+v", changes)
		}
		r = w.get(hyCuong, p)
		if r.State != report.Open || r.Last != 0 {
			t.Errorf("it was sent all the same: %+v", r)
		}
		v, changes, err := w.reports.Submit(w.ctx, officer, hyCuong, p.ID, r.Version)
		w.ok(err)
		if len(changes) > 0 || v.No != 1 {
			t.Errorf("version %d, %d changes", v.No, len(changes))
		}
		first, err := w.reports.Submitted(w.ctx, officer, hyCuong, p.ID, 1)
		w.ok(err)
		if first.Number != "01/BC-HKH" || first.Date != "2026-11-20" || first.Place.Above != "Tỉnh Phú Thọ" {
			t.Errorf("frozen: %+v", first)
		}

		// With the level above nobody writes any more.
		_, err = w.reports.Fill(w.ctx, officer, hyCuong, p.ID, w.get(hyCuong, p).Version)
		w.refused(err, fault.KindConflict, "report.not_with_you")
		w.refused(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 1, " \n", 7), fault.KindInvalid, "report.reason")
		w.ok(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 1, "Thiếu phần khó khăn.", 7))
		w.refused(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 1), fault.KindStale)

		v = w.submit(second, hyCuong, p)
		if v.No != 2 {
			t.Errorf("version %d", v.No)
		}
		w.refused(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 1), fault.KindStale)
		w.ok(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 2))
		w.refused(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 2), fault.KindStale)

		// The province's report takes the accepted figures and marks what is only live.
		up := w.open(place.Province, report.Year, 2026)
		w.count(w.khu1, 2026, registry.Family, rollup.Counts{Recognised: 3})
		r, err = w.reports.Fill(w.ctx, provincial, phuTho, up.ID, w.get(phuTho, up).Version)
		w.ok(err)
		m, _ = r.Figures.Of(registry.Family)
		from := map[string]report.Row{}
		for _, row := range m.Rows {
			from[row.ID] = row
		}
		if a := from[hyCuong]; a.From != 2 || a.Now.Recognised != 89 || a.Why == "" {
			t.Errorf("the accepted row: %+v", a)
		}
		if b := from[vietTri]; b.From != 0 || b.Now.Recognised != 30 {
			t.Errorf("the live row: %+v", b)
		}
		if y, _ := m.In(2026); y.Counts.Recognised != 119 || y.Counts.Total != 150 {
			t.Errorf("the sum: %+v", y)
		}
		if live, all := r.Figures.Live(); live != 1 || all != 2 {
			t.Errorf("%d of %d rows are live", live, all)
		}

		// A correction demands a reason, makes a new version, and the old one counts until it is accepted.
		r = w.get(hyCuong, p)
		w.refused(w.reports.Correct(w.ctx, officer, hyCuong, p.ID, r.Version, ""), fault.KindInvalid, "report.reason")
		w.ok(w.reports.Correct(w.ctx, officer, hyCuong, p.ID, r.Version, "Bổ sung ba hộ."))
		if v = w.submit(officer, hyCuong, p); v.No != 3 || v.Reason != "Bổ sung ba hộ." {
			t.Errorf("the correction: %+v", v)
		}
		if r = w.get(hyCuong, p); r.Accepted != 2 {
			t.Errorf("version %d is the accepted one", r.Accepted)
		}
		w.ok(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 3))
		third, err := w.reports.Submitted(w.ctx, officer, hyCuong, p.ID, 3)
		w.ok(err)
		if list := report.Diff(&first.Figures, &third.Figures); len(list) != 2 || *list[0].Old != 89 || *list[0].New != 92 {
			t.Errorf("the difference: %+v", list)
		}
		// A province sends to the centre, where somebody else accepts.
		w.submit(provincial, phuTho, up)
		w.refused(w.reports.Accept(w.ctx, provincial, phuTho, up.ID, 1), fault.KindDenied)
		w.ok(w.reports.Accept(w.ctx, centre, phuTho, up.ID, 1))
		w.sound()
	})
}

// Who submitted does not accept, also where a role reaches over both levels.
func TestNobodyAcceptsHisOwnReport(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	both := centre
	both.Grants = append(both.Grants, identity.Grant{Role: identity.CommuneOfficer, PlaceID: hyCuong})
	p := w.open(place.Commune, report.Year, 2026)
	w.submit(both, hyCuong, p)
	w.refused(w.reports.Accept(w.ctx, both, hyCuong, p.ID, 1), fault.KindDenied, "denied.own_report")
	up := w.open(place.Province, report.Year, 2026)
	w.submit(centre, phuTho, up)
	w.refused(w.reports.Accept(w.ctx, centre, phuTho, up.ID, 1), fault.KindDenied, "denied.own_report")
	w.ok(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 1))
}

// Every verb against everyone who may not.
func TestWhoMayWhat(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	p := w.open(place.Commune, report.Year, 2026)
	w.submit(officer, hyCuong, p)
	w.submit(neighbour, vietTri, p)
	w.ok(w.reports.Return(w.ctx, provincial, vietTri, p.ID, 1, "Sửa.", 7))
	nobody := identity.Actor{}
	volunteer := someone("Khu", identity.AreaVolunteer, w.khu1)
	version := w.get(vietTri, p).Version
	for _, by := range []identity.Actor{nobody, volunteer, officer, reviewer, viewer, provincial, stranger} { // Việt Trì's report is none of theirs to write
		_, err := w.reports.Fill(w.ctx, by, vietTri, p.ID, version)
		w.refused(err, fault.KindDenied)
		_, err = w.reports.Save(w.ctx, by, vietTri, p.ID, version, report.Words{})
		w.refused(err, fault.KindDenied)
		_, _, err = w.reports.Submit(w.ctx, by, vietTri, p.ID, version)
		w.refused(err, fault.KindDenied)
		w.refused(w.reports.Correct(w.ctx, by, vietTri, p.ID, version, "x"), fault.KindDenied)
	}
	for _, by := range []identity.Actor{nobody, volunteer, officer, neighbour, reviewer, viewer, stranger} {
		w.refused(w.reports.Accept(w.ctx, by, hyCuong, p.ID, 1), fault.KindDenied)
		w.refused(w.reports.Return(w.ctx, by, hyCuong, p.ID, 1, "x", 7), fault.KindDenied)
		w.refused(w.reports.Extend(w.ctx, by, hyCuong, p.ID, "2027-01-31", "x"), fault.KindDenied)
		_, err := w.reports.OpenPeriod(w.ctx, by, report.PeriodDraft{PlaceID: phuTho, Level: place.Commune, Kind: report.Half, Title: "x", ToYear: 2026, Opens: "2026-06-01", Due: "2026-06-20", Closes: "2026-07-01"})
		w.refused(err, fault.KindDenied)
		_, _, err = w.reports.Board(w.ctx, by, p.ID)
		w.refused(err, fault.KindDenied)
	}
	for _, by := range []identity.Actor{nobody, volunteer, neighbour, stranger} {
		_, err := w.reports.Get(w.ctx, by, hyCuong, p.ID)
		w.refused(err, fault.KindDenied)
		_, err = w.reports.Versions(w.ctx, by, hyCuong, p.ID)
		w.refused(err, fault.KindDenied)
		_, err = w.reports.Submitted(w.ctx, by, hyCuong, p.ID, 1)
		w.refused(err, fault.KindDenied)
		_, err = w.reports.OfPlace(w.ctx, by, hyCuong)
		w.refused(err, fault.KindDenied)
	}
	for _, by := range []identity.Actor{officer, reviewer, viewer, provincial} {
		if _, err := w.reports.Get(w.ctx, by, hyCuong, p.ID); err != nil {
			t.Errorf("%s may not read: %v", by.Name, err)
		}
	}
	w.sound()
}

// A period has its days; the province may give one place longer, with a reason.
func TestDaysOfAPeriod(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	p := w.open(place.Commune, report.Year, 2026)
	w.day = "2026-10-31"
	_, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, 1)
	w.refused(err, fault.KindConflict, "report.not_open")
	w.day = "2026-12-31"
	r, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, 1)
	w.ok(err)
	r, err = w.reports.Save(w.ctx, officer, hyCuong, p.ID, r.Version, words(&r))
	w.ok(err)
	w.day = "2027-01-01"
	_, _, err = w.reports.Submit(w.ctx, officer, hyCuong, p.ID, r.Version)
	w.refused(err, fault.KindConflict, "report.closed")
	w.refused(w.reports.Extend(w.ctx, provincial, hyCuong, p.ID, "2027-01-10", ""), fault.KindInvalid, "report.reason")
	w.refused(w.reports.Extend(w.ctx, provincial, hyCuong, p.ID, "2026-12-31", "Bão"), fault.KindInvalid, "report.later")
	w.refused(w.reports.Extend(w.ctx, provincial, hyCuong, p.ID, "31/12/2027", "Bão"), fault.KindInvalid, "report.day")
	w.ok(w.reports.Extend(w.ctx, provincial, hyCuong, p.ID, "2027-01-10", "Bão làm mất điện một tuần."))
	v, _, err := w.reports.Submit(w.ctx, officer, hyCuong, p.ID, w.get(hyCuong, p).Version)
	w.ok(err)
	if v.No != 1 {
		t.Errorf("version %d", v.No)
	}
	if r := w.get(hyCuong, p); r.Late(w.day) != 0 {
		t.Errorf("late by %d days in spite of the extension", r.Late(w.day))
	}
	_, err = w.reports.Fill(w.ctx, neighbour, vietTri, p.ID, 1)
	w.refused(err, fault.KindConflict, "report.closed") // only the one place
	if _, err = w.reports.OpenPeriod(w.ctx, provincial, report.PeriodDraft{PlaceID: phuTho, Level: place.Commune, Kind: report.Year, Title: "Báo cáo", ToYear: 2026, Opens: "2026-11-01", Due: "2026-12-05", Closes: "2026-12-31"}); err == nil {
		t.Error("the same period was opened twice")
	}
	_, err = w.reports.OpenPeriod(w.ctx, provincial, report.PeriodDraft{PlaceID: phuTho, Level: "area", Kind: "week", ToYear: 1, Opens: "x", Due: "2026-12-05", Closes: "2026-12-01"})
	w.refused(err, fault.KindInvalid, "report.level", "report.kind", "report.title", "report.year", "report.day")
	w.sound()
}

// All communes of the province are asked at once.
func TestPeriodIsForAllCommunes(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	p, err := w.reports.OpenPeriod(w.ctx, provincial, report.PeriodDraft{PlaceID: phuTho, Level: place.Commune, Kind: report.Ten, Title: "Tổng kết", ToYear: 2026, Opens: "2026-11-01", Due: "2026-12-05", Closes: "2026-12-31"})
	w.ok(err)
	if p.FromYear != 2017 {
		t.Errorf("ten years from %d", p.FromYear)
	}
	_, list, err := w.reports.Board(w.ctx, provincial, p.ID)
	w.ok(err)
	if len(list) != 148 {
		t.Errorf("%d communes report", len(list))
	}
	counts, err := w.reports.Counts(w.ctx, provincial, phuTho)
	w.ok(err)
	if counts[p.ID][report.Open] != 148 {
		t.Errorf("counts: %v", counts)
	}
}

// Many send at once: one version, one number; and two officers never overwrite each other.
func TestSubmittingAtOnce(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.count(w.khu1, 2026, registry.Family, rollup.Counts{Total: 10, Registered: 9, Recognised: 8})
		p := w.open(place.Commune, report.Year, 2026)
		r, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, 1)
		w.ok(err)
		r, err = w.reports.Save(w.ctx, officer, hyCuong, p.ID, r.Version, words(&r))
		w.ok(err)
		_, err = w.reports.Save(w.ctx, second, hyCuong, p.ID, r.Version-1, report.Words{})
		w.refused(err, fault.KindStale)
		var sent atomic.Int32
		var group sync.WaitGroup
		for i := range 32 {
			group.Go(func() {
				by := officer
				if i%2 == 1 {
					by = second
				}
				_, changes, err := w.reports.Submit(w.ctx, by, hyCuong, p.ID, r.Version)
				if err == nil && len(changes) == 0 {
					sent.Add(1)
				} else if kind := fault.KindOf(err); kind != fault.KindStale && kind != fault.KindConflict {
					t.Errorf("%v", err)
				}
			})
		}
		group.Wait()
		if sent.Load() != 1 {
			t.Errorf("%d were sent", sent.Load())
		}
		book, err := w.recognition.Register(w.ctx, officer, fmt.Sprintf("hoi_kh_xa-%s", hyCuong), "report", 2026)
		w.ok(err)
		if list := book.Papers; len(list) != 1 || list[0].Number != 1 {
			t.Errorf("the register: %+v", list)
		}
		w.sound()
	})
}

// Verification finds what somebody changed behind the program's back.
func TestVerifyFindsWhatWasChanged(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	p := w.open(place.Commune, report.Year, 2026)
	w.submit(officer, hyCuong, p)
	w.sound()
	for _, change := range []string{
		`UPDATE outgoing_paper SET content = replace(content, '"no":1', '"no":2') WHERE kind = 'report'`,
		`UPDATE report_version SET sha = 'x'`,
		`UPDATE report_version SET state = 'accepted'`,
		`UPDATE report SET state = 'accepted' WHERE last > 0`,
		`UPDATE report SET accepted = 1 WHERE last > 0`,
		`UPDATE report SET last = 2 WHERE last > 0`,
		`DELETE FROM report_version`,
		`DELETE FROM report WHERE last > 0`,
	} {
		w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(w.ctx, change)
			return err
		}))
		_, list, err := w.reports.Verify(w.ctx)
		w.ok(err)
		if len(list) == 0 {
			t.Errorf("not found: %s", change)
		}
		w = build(t, placetest.SQLite(t))
		p = w.open(place.Commune, report.Year, 2026)
		w.submit(officer, hyCuong, p)
	}
}
