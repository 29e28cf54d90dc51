// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// notice is one to be issued with a decision.
func notice(d recognition.Decision) recognition.Paper {
	return recognition.Paper{DecisionID: d.ID, Kind: recognition.PaperNotice, Symbol: "TB-HKH", Date: "2026-12-01", About: "Công khai", Signer: signer}
}

func number(p *recognition.Paper, _ recognition.Wording) (string, error) {
	return "THÔNG BÁO số " + p.Text(), nil
}

// 32 notices at the same moment, a third of them failing while they are written: numbers without a gap, each once, each in its own text.
func TestPaperNumbersUnderConcurrentIssues(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		wrong := errors.New("no fonts")
		var mu sync.Mutex
		var numbers []int64
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				p, err := w.s.IssuePaper(w.ctx, w.officer(), notice(d), func(p *recognition.Paper, said recognition.Wording) (string, error) {
					if i%3 == 0 {
						return "", wrong
					}
					return number(p, said)
				})
				if i%3 == 0 {
					if !errors.Is(err, wrong) {
						t.Errorf("the failing one: %v", err)
					}
					return
				}
				if err != nil || p.Content != "THÔNG BÁO số "+p.Text() {
					t.Errorf("%q, %v", p.Content, err)
				}
				mu.Lock()
				numbers = append(numbers, p.Number)
				mu.Unlock()
			})
		}
		wg.Wait()
		slices.Sort(numbers)
		for i, n := range numbers {
			if n != int64(i+1) {
				t.Fatalf("numbers %v", numbers)
			}
		}
		book, err := w.s.Register(w.ctx, w.officer(), d.BodyID, recognition.PaperNotice, 2026)
		w.ok(err)
		if len(book.Papers) != len(numbers) {
			t.Errorf("%d in the register, %d issued", len(book.Papers), len(numbers))
		}
		dispatch := notice(d)
		dispatch.Kind, dispatch.Symbol = recognition.PaperDispatch, "PG-HKH"
		p, err := w.s.IssuePaper(w.ctx, w.officer(), dispatch, number)
		w.ok(err)
		if p.Number != 1 || p.Text() != "01/PG-HKH" {
			t.Errorf("another kind begins with %s", p.Text())
		}
		w.exact()
	})
}

// What may not be issued is refused, burns nothing, and what was issued cannot be changed unnoticed.
func TestPaperRefusals(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		draft := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		_, err := w.s.IssuePaper(w.ctx, w.officer(), notice(draft), number)
		w.refused(err, "recognition.not_issued")
		d := w.issue(draft)
		for _, c := range []struct {
			change func(*recognition.Paper)
			key    string
		}{
			{func(p *recognition.Paper) { p.Signer = "" }, "recognition.signer"},
			{func(p *recognition.Paper) { p.Date = "2027-12-01" }, "recognition.date_future"},
			{func(p *recognition.Paper) { p.Date = "2026-11-30" }, "recognition.date_before_named"},
			{func(p *recognition.Paper) { p.Date = "tomorrow" }, "recognition.date"},
			{func(p *recognition.Paper) { p.Date = "" }, "recognition.date"},
			{func(p *recognition.Paper) { p.Date = "2026-02-31" }, "recognition.date"},
			{func(p *recognition.Paper) { p.Date = "31/02/2026" }, "recognition.date"},
		} {
			p := notice(d)
			c.change(&p)
			_, err := w.s.IssuePaper(w.ctx, w.officer(), p, number)
			w.refused(err, c.key)
		}
		for _, by := range []identity.Actor{w.volunteer(w.areas[0]), actor(identity.CommuneOfficer, "07900@2025-07-01"), actor(identity.Admin, "vn")} {
			if _, err := w.s.IssuePaper(w.ctx, by, notice(d), number); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s: %v", by.ID, err)
			}
			if _, err := w.s.Papers(w.ctx, by, d.ID); by.ID != w.volunteer(w.areas[0]).ID && fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s reads: %v", by.ID, err)
			}
		}
		p, err := w.s.IssuePaper(w.ctx, w.officer(), notice(d), number)
		w.ok(err)
		if p.Number != 1 {
			t.Errorf("a refusal burned a number: %d", p.Number)
		}
		got, err := w.s.PaperByID(w.ctx, w.officer(), p.ID)
		w.ok(err)
		if got.Content != p.Content || got.SHA != p.SHA || got.BodyName == "" {
			t.Errorf("%+v", got)
		}
		w.exact()
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(w.ctx, `UPDATE outgoing_paper SET content = 'x' WHERE id = $1`, p.ID)
			return err
		}))
		_, err = w.s.PaperByID(w.ctx, w.officer(), p.ID)
		w.refused(err, "recognition.changed")
		_, faults, err := w.s.Verify(w.ctx)
		w.ok(err)
		if len(faults) != 1 || faults[0].ID != p.ID {
			t.Errorf("a changed paper: %+v", faults)
		}
	})
}

// A request has its number before there is a decision; only the body's own people give it, and neighbours do not read it.
func TestRequests(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		bodies, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
		w.ok(err)
		asking := recognition.Paper{BodyID: bodies[0].ID, RoundID: w.round.ID, Model: "family", Kind: recognition.PaperRequest, Symbol: "TTr-HKH", Date: "2026-11-30", About: "Đề nghị", Signer: signer,
			Asks: recognition.KindRecognise, Files: ids(w.all()...)}
		for _, by := range []identity.Actor{w.volunteer(w.areas[0]), actor(identity.CommuneOfficer, w.neighbour), actor(identity.Admin, w.province), {}} {
			if _, err := w.s.IssuePaper(w.ctx, by, asking, number); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s asks: %v", by.ID, err)
			}
		}
		late := asking
		late.Date = "2027-01-01"
		_, err = w.s.IssuePaper(w.ctx, w.officer(), late, number)
		w.refused(err, "recognition.date_future")
		for date, key := range map[string]string{"2020-01-01": "recognition.date_before_appraisal", "2026-11-09": "recognition.date_before_appraisal", "31/02/2026": "recognition.date", "": "recognition.date"} {
			early := asking
			early.Date = date
			_, err = w.s.IssuePaper(w.ctx, w.officer(), early, number)
			w.refused(err, key)
		}
		p, err := w.s.IssuePaper(w.ctx, w.officer(), asking, number)
		w.ok(err)
		if p.Text() != "01/TTr-HKH" || p.PlaceID != w.commune || p.BodyName != bodies[0].Name || p.DecisionID != "" {
			t.Errorf("%+v", p)
		}
		list, err := w.s.Requests(w.ctx, w.officer(), w.commune, w.round.ID, "family")
		w.ok(err)
		if len(list) != 1 || list[0].ID != p.ID || list[0].Content != "THÔNG BÁO số 01/TTr-HKH" {
			t.Errorf("%+v", list)
		}
		if _, err := w.s.Requests(w.ctx, actor(identity.CommuneOfficer, w.neighbour), w.commune, w.round.ID, "family"); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a neighbour reads: %v", err)
		}
		w.exact()
	})
}
