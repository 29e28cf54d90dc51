// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"context"
	"sync"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/report"
	"hoctap/internal/store"
)

// letters are the reminders that go out on a day.
func (w *world) letters() (list []report.Reminder) {
	w.t.Helper()
	_, _, err := w.reports.Remind(w.ctx, w.identity, func(_ context.Context, r report.Reminder) error {
		list = append(list, r)
		return nil
	})
	w.ok(err)
	return list
}

// reachable gives an officer of Hy Cương an account with an address.
func (w *world) reachable() {
	w.t.Helper()
	a, err := w.identity.Create(w.ctx, identity.System, identity.Draft{Login: "lan", Name: "Lan", Password: "mat khau dung cho phep thu", Demo: true, Path: w.path(hyCuong), Grant: identity.Grant{Role: identity.CommuneOfficer, PlaceID: hyCuong}})
	w.ok(err)
	w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(w.ctx, `UPDATE account SET email = 'lan@phutho.gov.vn' WHERE id = $1`, a)
		return err
	}))
}

// A correction that came back owes nothing: the accepted version stands.
func TestReturnedCorrectionOwesNothing(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.reachable()
		p := w.open(place.Commune, report.Year, 2026)
		w.submit(officer, hyCuong, p)
		w.ok(w.reports.Accept(w.ctx, provincial, hyCuong, p.ID, 1))
		w.day = "2026-12-04"
		w.ok(w.reports.Correct(w.ctx, officer, hyCuong, p.ID, w.get(hyCuong, p).Version, "Bổ sung."))
		w.day = "2026-12-10"
		w.submit(officer, hyCuong, p)
		if r := w.get(hyCuong, p); r.Late(w.day) != 0 {
			t.Errorf("a correction is late by %d days", r.Late(w.day))
		}
		w.ok(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 2, "Sai số.", 7))
		w.day = "2026-12-20"
		if r := w.get(hyCuong, p); r.Owed() || r.Late(w.day) != 0 || r.Accepted != 1 {
			t.Errorf("owed %t, late %d, accepted %d", r.Owed(), r.Late(w.day), r.Accepted)
		}
		counts, err := w.reports.Counts(w.ctx, provincial, phuTho)
		w.ok(err)
		if n := counts[p.ID]; n[report.Correcting] != 1 || n[report.Returned] != 0 || n[report.Open] != 1 {
			t.Errorf("counts: %v", n)
		}
		if list := w.letters(); len(list) != 0 {
			t.Errorf("reminded: %+v", list)
		}
		w.sound()
	})
}

// A report that comes back after the closing day brings days to mend it; one that never came is asked for until the period is ended.
func TestReturnAfterClosing(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.reachable()
		p := w.open(place.Commune, report.Year, 2026)
		w.day = "2026-12-30"
		w.submit(officer, hyCuong, p)
		w.day = "2027-01-04"
		w.refused(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 1, "", 0), fault.KindInvalid, "report.days", "report.reason")
		w.refused(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 1, "Thiếu.", 91), fault.KindInvalid, "report.days")
		w.ok(w.reports.Return(w.ctx, provincial, hyCuong, p.ID, 1, "Thiếu phần khó khăn.", 7))
		if r := w.get(hyCuong, p); r.Closes != "2027-01-11" || r.Late(w.day) != 0 {
			t.Errorf("closes %s, late %d", r.Closes, r.Late(w.day))
		}
		if list := w.letters(); len(list) != 1 || list[0].Back != "Thiếu phần khó khăn." || list[0].Closed {
			t.Errorf("the letter: %+v", list)
		}
		w.day = "2027-01-12" // still not there
		if list := w.letters(); len(list) != 1 || !list[0].Closed {
			t.Errorf("after closing: %+v", list)
		}
		w.day = "2027-01-19"
		if list := w.letters(); len(list) != 1 {
			t.Errorf("a week later: %+v", list)
		}
		w.refused(w.reports.EndPeriod(w.ctx, officer, p.ID, "x"), fault.KindDenied)
		w.refused(w.reports.EndPeriod(w.ctx, provincial, p.ID, " "), fault.KindInvalid, "report.reason")
		w.ok(w.reports.EndPeriod(w.ctx, provincial, p.ID, "Đã báo cáo Trung ương."))
		w.refused(w.reports.EndPeriod(w.ctx, provincial, p.ID, "Nữa."), fault.KindConflict, "report.ended")
		w.refused(w.reports.Extend(w.ctx, provincial, hyCuong, p.ID, "2027-02-10", "Bão"), fault.KindConflict, "report.ended")
		w.day = "2027-01-26"
		if list := w.letters(); len(list) != 0 {
			t.Errorf("asked for after the end: %+v", list)
		}
		_, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, w.get(hyCuong, p).Version)
		w.refused(err, fault.KindConflict, "report.ended")
		w.ok(w.reports.ChangeDays(w.ctx, provincial, p.ID, "2026-11-01", "2027-02-05", "2027-02-28", "Mở lại."))
		w.submit(officer, hyCuong, p)
		w.sound()
	})
}

// A period that was opened by mistake gets other days or is taken back, until something was submitted in it.
func TestChangeAndWithdrawAPeriod(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		p := w.open(place.Commune, report.Year, 2026)
		w.ok(w.reports.Extend(w.ctx, provincial, vietTri, p.ID, "2027-03-01", "Bão"))
		w.refused(w.reports.ChangeDays(w.ctx, provincial, p.ID, "2026-11-01", "x", "2026-12-01", ""), fault.KindInvalid, "report.day", "report.reason")
		w.refused(w.reports.ChangeDays(w.ctx, stranger, p.ID, "2026-11-01", "2026-12-20", "2027-01-15", "Lùi."), fault.KindDenied)
		w.ok(w.reports.ChangeDays(w.ctx, provincial, p.ID, "2026-11-01", "2026-12-20", "2027-01-15", "Lùi."))
		if a, b := w.get(hyCuong, p), w.get(vietTri, p); a.Due != "2026-12-20" || a.Closes != "2027-01-15" || b.Closes != "2027-03-01" || a.Period.Due != "2026-12-20" {
			t.Errorf("%s %s, %s", a.Due, a.Closes, b.Closes)
		}
		w.refused(w.reports.WithdrawPeriod(w.ctx, officer, p.ID, "Nhầm."), fault.KindDenied)
		w.refused(w.reports.WithdrawPeriod(w.ctx, provincial, p.ID, ""), fault.KindInvalid, "report.reason")
		w.ok(w.reports.WithdrawPeriod(w.ctx, provincial, p.ID, "Nhầm năm."))
		_, err := w.reports.Get(w.ctx, officer, hyCuong, p.ID)
		w.refused(err, fault.KindNotFound)
		n, err := w.reports.Opening(w.ctx, provincial, report.PeriodDraft{PlaceID: phuTho, Level: place.Commune, Kind: report.Year, Title: "Báo cáo", ToYear: 2026, Opens: "2026-11-01", Due: "2026-12-05", Closes: "2026-12-31"})
		w.ok(err)
		if n != 148 {
			t.Errorf("%d places would report", n)
		}

		// Taken back and submitted in at the same time: one of both, never a version without its report.
		p = w.open(place.Commune, report.Year, 2026)
		r, err := w.reports.Fill(w.ctx, officer, hyCuong, p.ID, 1)
		w.ok(err)
		r, err = w.reports.Save(w.ctx, officer, hyCuong, p.ID, r.Version, words(&r))
		w.ok(err)
		var group sync.WaitGroup
		var sent, withdrawn error
		group.Go(func() { _, _, sent = w.reports.Submit(w.ctx, officer, hyCuong, p.ID, r.Version) })
		group.Go(func() { withdrawn = w.reports.WithdrawPeriod(w.ctx, provincial, p.ID, "Nhầm.") })
		group.Wait()
		if (sent == nil) == (withdrawn == nil) {
			t.Errorf("sent: %v, withdrawn: %v", sent, withdrawn)
		}
		w.sound()
	})
}

// The province writes down what the centre answered, while nobody there has an account; then its report can be corrected.
func TestAnswerOfTheCentre(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		p := w.open(place.Province, report.Year, 2026)
		w.submit(provincial, phuTho, p)
		w.day = "2026-11-24"
		w.refused(w.reports.Answer(w.ctx, officer, phuTho, p.ID, 1, "2026-11-24", "x"), fault.KindDenied)
		w.refused(w.reports.Answer(w.ctx, provincial, phuTho, p.ID, 1, "2026-11-25", ""), fault.KindInvalid, "report.answer_day", "report.note")
		w.refused(w.reports.Answer(w.ctx, provincial, phuTho, p.ID, 1, "2026-11-19", "x"), fault.KindInvalid, "report.answer_day")
		w.refused(w.reports.Answer(w.ctx, provincial, phuTho, p.ID, 2, "2026-11-24", "x"), fault.KindStale)
		w.ok(w.reports.Answer(w.ctx, provincial, phuTho, p.ID, 1, "2026-11-23", "Công văn 45/KHVN."))
		w.refused(w.reports.Answer(w.ctx, provincial, phuTho, p.ID, 1, "2026-11-23", "x"), fault.KindStale)
		list, err := w.reports.Versions(w.ctx, provincial, phuTho, p.ID)
		w.ok(err)
		if list[0].State != report.Accepted || list[0].AnsweredOn != "2026-11-23" || list[0].JudgedWhy != "Công văn 45/KHVN." {
			t.Errorf("%+v", list[0])
		}
		w.ok(w.reports.Correct(w.ctx, provincial, phuTho, p.ID, w.get(phuTho, p).Version, "Sai một số."))
		w.submit(provincial, phuTho, p)
		_, err = w.identity.Create(w.ctx, identity.System, identity.Draft{Login: "trunguong", Name: "Trung ương", Password: "mat khau dung cho phep thu", Demo: true, Path: w.path(place.Root), Grant: identity.Grant{Role: identity.ProvinceOfficer, PlaceID: place.Root}})
		w.ok(err)
		w.refused(w.reports.Answer(w.ctx, provincial, phuTho, p.ID, 2, "2026-11-24", "x"), fault.KindDenied)
		w.sound()
	})
}
