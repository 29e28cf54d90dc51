// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"errors"
	"slices"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func ids(list ...assessment.Assessment) (out []string) {
	for _, a := range list {
		out = append(out, a.ID)
	}
	slices.Sort(out)
	return out
}

// asking is a request for the year's titles of these files.
func (w *world) asking(files ...assessment.Assessment) recognition.Paper {
	return recognition.Paper{BodyID: recognition.BodyID(recognition.BodyAssociationCommune, w.commune), RoundID: w.round.ID, Model: registry.Family, Kind: recognition.PaperRequest, Symbol: "TTr-HKH",
		Date: "2026-12-01", Signer: signer, Asks: recognition.KindRecognise, Files: ids(files...)}
}

// A request asks for the files that were chosen and no others, each in the state that its decision needs, and for none that somebody objects to.
func TestRequestFiles(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		files := w.all()
		_, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
		w.ok(err)
		_, err = w.s.IssuePaper(w.ctx, w.officer(), w.asking(), number)
		w.refused(err, "recognition.no_items")
		foreign := w.asking(files[0])
		foreign.Files = append(foreign.Files, "x")
		_, err = w.s.IssuePaper(w.ctx, w.officer(), foreign, number)
		w.refused(err, "recognition.not_ready")
		early := w.asking(files[0])
		early.Asks = recognition.KindExemplary // nobody is recognised yet
		_, err = w.s.IssuePaper(w.ctx, w.officer(), early, number)
		w.refused(err, "recognition.not_ready")

		appeal, err := w.files.Object(w.ctx, w.officer(), files[1].PlaceID, files[1].ID, "Hà Thị Mơ", "Nhà chưa có góc học tập")
		w.ok(err)
		_, err = w.s.IssuePaper(w.ctx, w.officer(), w.asking(files[0], files[1]), number)
		w.refused(err, "recognition.request_appeals")
		if f, _ := fault.As(err); f.Args["names"] != files[1].Name || f.Args["count"] != 1 {
			t.Errorf("the refusal names %v", f.Args)
		}
		p, err := w.s.IssuePaper(w.ctx, w.officer(), w.asking(files[0]), number)
		w.ok(err)
		got, err := w.s.Asked(w.ctx, w.officer(), p.ID)
		w.ok(err)
		if p.Number != 1 || p.Asks != recognition.KindRecognise || !slices.Equal(got, ids(files[0])) {
			t.Errorf("%s asks to %s %v", p.Text(), p.Asks, got)
		}
		w.ok(w.files.AnswerAppeal(w.ctx, w.deputy(), files[1].PlaceID, files[1].ID, appeal.ID, false, "Đã xem tại nhà: có góc học tập."))
		_, err = w.s.IssuePaper(w.ctx, w.officer(), w.asking(files...), number)
		w.ok(err)
		w.exact()

		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(w.ctx, `DELETE FROM request_item WHERE paper_id = $1`, p.ID)
			return err
		}))
		_, faults, err := w.s.Verify(w.ctx)
		w.ok(err)
		if len(faults) != 1 || faults[0].ID != p.ID {
			t.Errorf("a request of nothing: %+v", faults)
		}
	})
}

// What follows a decision is made from the titles that count at that moment; an amendment that grants has papers of its own, and what was frozen stays.
func TestPapersNameWhatCounts(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		files := w.all()
		named := func(d recognition.Decision) (names []string) {
			t.Helper()
			p := notice(d)
			p.Date = store.Date(w.at)
			_, err := w.s.IssuePaper(w.ctx, w.officer(), p, func(p *recognition.Paper, said recognition.Wording) (string, error) {
				for _, x := range p.Titles {
					names = append(names, x.Name)
				}
				return number(p, said)
			})
			w.ok(err)
			return names
		}
		d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		if got := named(d); len(got) != len(files) {
			t.Errorf("before: %v", got)
		}
		amend := w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: files[0].ID, Act: recognition.ActCorrect, Name: "Tên Đã Sửa"}}})
		revoke := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: files[1].ID}}})
		got := named(d)
		if len(got) != len(files)-2 || slices.Contains(got, files[0].Name) || slices.Contains(got, files[1].Name) {
			t.Errorf("after: %v", got)
		}
		if got := named(amend); !slices.Equal(got, []string{"Tên Đã Sửa"}) {
			t.Errorf("the amendment: %v", got)
		}
		_, err := w.s.IssuePaper(w.ctx, w.officer(), notice(revoke), number)
		w.refused(err, "recognition.nothing_counts")
		w.exact()
	})
}

// What was issued by mistake keeps its number, says why, and stays so.
func TestVoidPaper(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		p, err := w.s.IssuePaper(w.ctx, w.officer(), notice(d), number)
		w.ok(err)
		_, err = w.s.VoidPaper(w.ctx, w.volunteer(w.areas[0]), p.ID, "Ghi nhầm")
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a volunteer voids: %v", err)
		}
		_, err = w.s.VoidPaper(w.ctx, w.officer(), p.ID, " ")
		w.refused(err, "recognition.void_reason")
		_, err = w.s.VoidPaper(w.ctx, w.officer(), "x", "Ghi nhầm")
		if fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("no paper: %v", err)
		}
		_, err = w.s.VoidPaper(w.ctx, w.officer(), p.ID, "Cấp hai lần")
		w.ok(err)
		_, err = w.s.VoidPaper(w.ctx, w.officer(), p.ID, "Lý do khác")
		w.refused(err, "recognition.void_already")
		got, err := w.s.PaperByID(w.ctx, w.officer(), p.ID)
		w.ok(err)
		if !got.Void() || got.VoidReason != "Cấp hai lần" || got.Content != p.Content || got.Number != 1 {
			t.Errorf("%+v", got)
		}
		next, err := w.s.IssuePaper(w.ctx, w.officer(), notice(d), number)
		w.ok(err)
		if next.Number != 2 || next.Void() {
			t.Errorf("the next one is %s", next.Text())
		}
		w.exact()
	})
}

// 32 presses of one form at once, and one later, are one paper and one draft; forms of other pages still make others.
func TestFormPressedAgain(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		draft := w.named(recognition.Draft{Kind: recognition.KindRecognise, Whole: true, Token: "draft"})
		drafts := w.together(32, func() (string, error) {
			d, err := w.s.SaveDraft(w.ctx, w.officer(), draft)
			return d.ID, err
		})
		if len(drafts) != 1 {
			t.Fatalf("%d drafts", len(drafts))
		}
		request := w.asking(w.all()...)
		request.Token = "request"
		if n := w.together(32, func() (string, error) {
			p, err := w.s.IssuePaper(w.ctx, w.officer(), request, number)
			return p.ID + p.Text(), err
		}); len(n) != 1 {
			t.Fatalf("requests %v", n)
		}
		list, err := w.s.Decisions(w.ctx, w.officer(), recognition.Filter{PlaceID: w.commune})
		w.ok(err)
		if len(list) != 1 {
			t.Fatalf("%d drafts are kept", len(list))
		}
		d := w.issue(list[0])
		p := notice(d)
		p.Token = "notice"
		fails := p
		fails.Token = "fails"
		wrong := errors.New("no fonts")
		_, err = w.s.IssuePaper(w.ctx, w.officer(), fails, func(*recognition.Paper, recognition.Wording) (string, error) { return "", wrong })
		if !errors.Is(err, wrong) {
			t.Error(err)
		}
		one := w.together(32, func() (string, error) {
			p, err := w.s.IssuePaper(w.ctx, w.officer(), p, number)
			return p.ID + p.Text(), err
		})
		later, err := w.s.IssuePaper(w.ctx, w.officer(), p, number)
		w.ok(err)
		if len(one) != 1 || !one[later.ID+"01/TB-HKH"] {
			t.Errorf("notices %v, later %s", one, later.Text())
		}
		again, err := w.s.IssuePaper(w.ctx, w.officer(), fails, number) // what failed left the token free
		w.ok(err)
		if again.Number != 2 {
			t.Errorf("another form: %s", again.Text())
		}
		other := p
		other.Kind, other.Symbol = recognition.PaperDispatch, "PG-HKH"
		_, err = w.s.IssuePaper(w.ctx, w.officer(), other, number)
		w.refused(err, "recognition.form_used")
		_, err = w.s.IssuePaper(w.ctx, w.above(), p, number)
		w.refused(err, "recognition.form_used")
		if id, found, err := w.s.Pressed(w.ctx, w.officer(), "notice"); err != nil || !found || id != later.ID {
			t.Errorf("pressed: %s %v %v", id, found, err)
		}
		if _, found, err := w.s.Pressed(w.ctx, w.above(), "notice"); err != nil || found {
			t.Errorf("another's token: %v %v", found, err)
		}
		w.exact()
	})
}

// together does the same n times at once and returns what came of it.
func (w *world) together(n int, do func() (string, error)) map[string]bool {
	w.t.Helper()
	results := make(chan string, n)
	for range n {
		go func() {
			s, err := do()
			if err != nil {
				w.t.Error(err)
			}
			results <- s
		}()
	}
	out := map[string]bool{}
	for range n {
		out[<-results] = true
	}
	return out
}
