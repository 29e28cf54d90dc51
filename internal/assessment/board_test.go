// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// The board of an area, one of its rows, the file itself and what saving answered say the same, in every state.
func TestBoardRowAndFileAgree(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(6)
		saved := map[string]assessment.Saved{}
		for i, f := range w.families {
			a := w.of(f)
			switch i {
			case 0: // only registered
				continue
			case 1: // one answer is open
				e := good()
				e.Gates = nil
				saved[a.ID] = w.save(a, assessment.StageSelf, e)
			default:
				w.save(a, assessment.StageSelf, sheet(9, 6, 4, 2))
				saved[a.ID] = w.save(w.of(f), assessment.StageArea, sheet(8, 6, 4, 2))
			}
		}
		w.minutes()
		for _, f := range w.families[3:] {
			_, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, []string{w.of(f).ID})
			w.ok(err)
		}
		a := w.of(w.families[4])
		appraised, err := w.s.Save(w.ctx, w.reviewer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageAppraisal, Entry: sheet(7, 6, 4, 2),
			Reasons: map[string]string{"A3": "Xem lại"}})
		w.ok(err)
		saved[a.ID] = appraised
		_, err = w.s.Approve(w.ctx, w.officer(), keyOf(w.of(w.families[5])))
		w.ok(err)

		board, err := w.s.Board(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family)
		w.ok(err)
		if len(board.Rows) != 6 || board.Stage != assessment.StageArea || board.Late != nil || board.Minutes == nil {
			t.Fatalf("the board: %d rows, %s, %v", len(board.Rows), board.Stage, board.Late)
		}
		for _, row := range board.Rows {
			id := row.Assessment.ID
			single, err := w.s.Row(w.ctx, w.volunteer(), w.area, id)
			w.ok(err)
			one := single.Rows[0]
			file, err := w.s.Get(w.ctx, w.volunteer(), w.area, id)
			w.ok(err)
			for what, pair := range map[string][2]any{"file": {row.Assessment, one.Assessment}, "subject": {row.Subject, one.Subject}, "entry": {row.Entry, one.Entry},
				"input": {row.Input, one.Input}, "result": {row.Result, one.Result}, "locked": {row.Locked, one.Locked}, "own": {row.Own, one.Own},
				"stored": {row.Assessment, file.Assessment}, "scored": {row.Result, *file.Result}, "said": {row.Entry, file.Entry}} {
				if got, want := shown(t, pair[0]), shown(t, pair[1]); got != want {
					t.Errorf("%s: %s on the board %s\nelsewhere %s", row.Assessment.Name, what, got, want)
				}
			}
			s, ok := saved[id]
			if !ok {
				continue
			}
			if got, want := shown(t, row.Result), shown(t, *s.Result); got != want {
				t.Errorf("%s: the board works out %s, saving said %s", row.Assessment.Name, got, want)
			}
			if sh := file.Sheets[file.Assessment.Stage]; sh.Total == nil != (row.Assessment.Total == nil) || sh.Total != nil && *sh.Total != *row.Assessment.Total || sh.Outcome != row.Assessment.Outcome {
				t.Errorf("%s: the sheet says %v %s, the board %v %s", row.Assessment.Name, sh.Total, sh.Outcome, row.Assessment.Total, row.Assessment.Outcome)
			}
		}
		w.exact()
	})
}

// One answer for all who have none: nobody's own answer is touched, nor a file that is sent or does not strive for the title.
func TestAnswerGateFillsWhatIsOpen(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(6)
		open := good()
		open.Gates = nil
		no := good()
		no.Gates = map[string]bool{"G3": false}
		w.save(w.of(w.families[0]), assessment.StageArea, good())
		w.save(w.of(w.families[1]), assessment.StageArea, no)
		w.save(w.of(w.families[2]), assessment.StageArea, open)
		w.save(w.of(w.families[3]), assessment.StageArea, good())
		a := w.of(w.families[4])
		_, err := w.s.Unregister(w.ctx, w.volunteer(), keyOf(a), "Xin rút") // the sixth has no sheet
		w.ok(err)
		w.minutes()
		_, err = w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, []string{w.of(w.families[3]).ID})
		w.ok(err)
		before := w.list()
		answer := func(by identity.Actor, gate string) (int, error) {
			return w.s.AnswerGate(w.ctx, by, w.area, w.round.ID, registry.Family, gate, true)
		}
		for _, by := range []identity.Actor{w.reviewer(), actor(identity.Viewer, w.commune), actor(identity.AreaVolunteer, "elsewhere")} {
			if n, err := answer(by, "G3"); n != 0 || fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s answers for %d: %v", by.ID, n, err)
			}
		}
		if n, err := answer(w.volunteer(), "G9"); n != 0 || fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a gate that is none: %d, %v", n, err)
		}
		if n, err := answer(w.volunteer(), "G1"); n != 0 || err != nil {
			t.Errorf("a gate that registration answers: %d, %v", n, err)
		}
		if got := w.list(); shown(t, got) != shown(t, before) {
			t.Error("a refused answer changed files")
		}
		if n, err := answer(w.volunteer(), "G3"); n != 2 || err != nil {
			t.Errorf("answered for %d: %v", n, err)
		}
		for i, want := range []struct {
			state   assessment.State
			outcome string
		}{{assessment.Scored, "recognised"}, {assessment.Scored, "not_recognised"}, {assessment.Scored, "recognised"}, {assessment.Sent, "recognised"},
			{assessment.Listed, ""}, {assessment.Registered, "undecided"}} {
			if a := w.of(w.families[i]); a.State != want.state || a.Outcome != want.outcome {
				t.Errorf("family %d is %s, %s; want %s, %s", i+1, a.State, a.Outcome, want.state, want.outcome)
			}
		}
		if n, err := answer(w.volunteer(), "G3"); n != 0 || err != nil {
			t.Errorf("a second time for %d: %v", n, err)
		}
		w.exact()
	})
}

// What another register says in words that the set does not know is as if it had said nothing: one line of a list must not close the
// board of a whole area.
func TestRegisterInOtherWords(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		f := w.families[0]
		w.ok(w.registry.SetEntries(w.ctx, identity.System, w.area, 2026, registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "không rõ", Source: "Rà soát"}))
		board, err := w.s.Board(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family)
		w.ok(err)
		if len(board.Rows) != 4 {
			t.Errorf("%d rows", len(board.Rows))
		}
		a := w.of(f)
		if saved := w.save(a, assessment.StageArea, good()); saved.Assessment.State != assessment.Registered || saved.Assessment.Missing != 1 {
			t.Errorf("without a known answer: %s, %d open", saved.Assessment.State, saved.Assessment.Missing)
		}
		_, err = w.s.Dossier(w.ctx, w.reviewer(), a.PlaceID, a.ID)
		w.ok(err)
	})
}
