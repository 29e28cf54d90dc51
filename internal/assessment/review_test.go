// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func keyOf(a assessment.Assessment) assessment.Key {
	return assessment.Key{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version}
}

// more adds families to the area until it has n, all registered and with the answers of other registers.
func (w *world) more(n int) {
	w.t.Helper()
	for i := len(w.families); i < n; i++ {
		f, err := w.registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: w.area, Model: registry.Family, Name: "Chủ hộ " + string(rune('A'+i)), Members: 6, Adults: 4, Children: 2})
		w.ok(err)
		w.families = append(w.families, f)
	}
	w.register()
	for _, f := range w.families {
		w.registers(f, "4")
	}
}

func (w *world) of(f registry.Subject) assessment.Assessment {
	w.t.Helper()
	for _, a := range w.list() {
		if a.SubjectID == f.ID {
			return a
		}
	}
	w.t.Fatalf("no file of %s", f.Name)
	return assessment.Assessment{}
}

func (w *world) send() assessment.Batch {
	w.t.Helper()
	b, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, nil)
	w.ok(err)
	return b
}

// sheet is a full one whose points are these for A3 (of 10), D3 (of 6) and as many things of C1 (3 each) and C2 (4 each). With the rest, as
// all four adults hold the citizen title, it comes to 64 + A3 + D3 + 3·things + 4·ties.
func sheet(a3, d3 criteria.Points, things, ties int) assessment.Entry {
	e := with(a3 * 100)
	d3 *= 100
	e.Scores["D3"] = assessment.Mark{Points: &d3}
	c1, c2 := []string{"a", "b", "c", "d"}[:things], []string{"a", "b"}[:ties]
	e.Scores["C1"], e.Scores["C2"] = assessment.Mark{Ticks: &c1}, assessment.Mark{Ticks: &c2}
	return e
}

// What a reviewer should read is marked, each mark at its very limit: 5 points between two stages, 2 from the threshold of 80.
func TestFlagsAtTheirLimits(t *testing.T) {
	type flags = assessment.Flag
	cases := []struct {
		name         string
		self, area   assessment.Entry
		votesAgainst int
		total        criteria.Points
		want         flags
	}{
		{"all agree", sheet(10, 6, 4, 2), sheet(10, 6, 4, 2), 0, 10000, 0},
		{"4 points less", sheet(10, 6, 4, 2), sheet(6, 6, 4, 2), 0, 9600, 0},
		{"5 points less", sheet(10, 6, 4, 2), sheet(5, 6, 4, 2), 0, 9500, assessment.FlagGap},
		{"the area gave 1 more", sheet(9, 6, 4, 2), sheet(10, 6, 4, 2), 0, 10000, assessment.FlagAreaMore},
		{"one of twenty against", sheet(10, 6, 4, 2), sheet(10, 6, 4, 2), 1, 10000, assessment.FlagVotes},
		{"82", sheet(10, 2, 2, 0), sheet(10, 2, 2, 0), 0, 8200, 0},
		{"81", sheet(9, 2, 2, 0), sheet(9, 2, 2, 0), 0, 8100, assessment.FlagNear},
		{"79", sheet(9, 0, 2, 0), sheet(9, 0, 2, 0), 0, 7900, assessment.FlagNear},
		{"78", sheet(8, 0, 2, 0), sheet(8, 0, 2, 0), 0, 7800, 0},
	}
	for i := range cases {
		cases[i].want |= assessment.FlagNew // nobody has a result of last year
	}
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(len(cases))
		for i, c := range cases {
			f := w.families[i]
			w.save(w.of(f), assessment.StageSelf, c.self)
			w.save(w.of(f), assessment.StageArea, c.area)
		}
		w.minutes()
		m, err := w.s.MinutesOf(w.ctx, w.area, w.round.ID, registry.Family)
		w.ok(err)
		for i, c := range cases {
			if c.votesAgainst > 0 {
				_, err = w.s.SaveMinutes(w.ctx, w.volunteer(), m, []assessment.Vote{{ID: w.of(w.families[i]).ID, For: m.Present - c.votesAgainst, Against: c.votesAgainst}})
				w.ok(err)
			}
		}
		for i, c := range cases {
			if a := w.of(w.families[i]); a.Flags != c.want || *a.Total != c.total {
				t.Errorf("%s: %v points, flags %b, want %v and %b", c.name, *a.Total, a.Flags, c.total, c.want)
			}
		}
		_, err = w.s.SaveMinutes(w.ctx, w.volunteer(), m, []assessment.Vote{{ID: w.of(w.families[0]).ID, For: m.Present, Against: 1}})
		if fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindStale {
			t.Errorf("more votes than people: %v", err)
		}
	})
}

// Approval in one act passes what agrees and leaves, for each kind of mark, the file to be read.
func TestApproveAgreeingLeavesWhatToRead(t *testing.T) {
	marks := []assessment.Flag{assessment.FlagGap, assessment.FlagEvidence, assessment.FlagNear, assessment.FlagReused, assessment.FlagOpen, assessment.FlagAreaMore, assessment.FlagVotes,
		assessment.FlagNew, 0, 0}
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(len(marks))
		for i, f := range w.families {
			e := sheet(10, 6, 4, 2)
			if i == len(marks)-1 {
				e = sheet(0, 0, 2, 2) // does not pass
			}
			w.save(w.of(f), assessment.StageArea, e)
		}
		w.minutes()
		if b := w.send(); b.Done != len(marks) {
			t.Fatalf("sent %d, left %+v", b.Done, b.Left)
		}
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			for i, flag := range marks {
				if _, err := tx.Exec(w.ctx, `UPDATE assessment SET flags = $1 WHERE place_id = $2 AND id = $3`, int(flag), w.area, w.of(w.families[i]).ID); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, by := range []identity.Actor{w.reviewer(), w.volunteer(), actor(identity.CommuneOfficer, "07900@2025-07-01")} {
			if b, err := w.s.ApproveAgreeing(w.ctx, by, w.commune, w.round.ID, registry.Family); b.Done != 0 || fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s approved %d, %v", by.ID, b.Done, err)
			}
		}
		b, err := w.s.ApproveAgreeing(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family)
		w.ok(err)
		if b.Done != 2 {
			t.Errorf("approved %d, want the new one and the one without a mark", b.Done)
		}
		for i, flag := range marks {
			want := assessment.Sent
			if i == 7 || i == 8 {
				want = assessment.Approved
			}
			if got := w.of(w.families[i]).State; got != want {
				t.Errorf("marked %b: %s, want %s", flag, got, want)
			}
		}
		w.exact()
	})
}

// Who gave a file points, at the area or for the commune, closes it neither alone nor among many, however often others score it after; a batch
// names what it leaves. Who has closed a file judges neither an appeal against it nor a re-check of it.
func TestNobodyPassesTheirOwnScores(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		saveAs := func(by identity.Actor, stage assessment.Stage, e assessment.Entry) {
			t.Helper()
			a := w.of(w.families[0])
			_, err := w.s.Save(w.ctx, by, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: stage, Entry: e, Reasons: map[string]string{"A3": "Xem lại ảnh"}})
			w.ok(err)
		}
		closed := func(by identity.Actor, want string) {
			t.Helper()
			_, err := w.s.Approve(w.ctx, by, keyOf(w.of(w.families[0])))
			w.refused(err, want)
			_, err = w.s.Reject(w.ctx, by, keyOf(w.of(w.families[0])), "Chưa đủ")
			w.refused(err, want)
		}
		saveAs(w.officer(), assessment.StageArea, sheet(10, 6, 4, 2))
		w.minutes()
		w.send()
		closed(w.officer(), "separation.scored")
		b, err := w.s.ApproveAgreeing(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family)
		if err != nil || b.Done != 0 || len(b.Left) != 1 || b.Left[0].Assessment.ID != w.of(w.families[0]).ID {
			t.Errorf("approved %d of his own, left %v, %v", b.Done, b.Left, err)
		}
		saveAs(w.reviewer(), assessment.StageAppraisal, sheet(9, 6, 4, 2))
		closed(w.officer(), "separation.scored") // what another scores after does not make the first one's points another's
		_, err = w.s.Return(w.ctx, w.reviewer(), keyOf(w.of(w.families[0])), map[string]string{"A3": "Thiếu ảnh"})
		w.ok(err)
		saveAs(w.volunteer(), assessment.StageArea, sheet(10, 6, 4, 2))
		w.send()
		closed(w.officer(), "separation.scored")
		deputy := w.deputy()
		saveAs(deputy, assessment.StageAppraisal, sheet(10, 6, 4, 2))
		closed(deputy, "separation.scored") // the commune's points are points

		third := w.deputy()
		third.ID = "third"
		_, err = w.s.Approve(w.ctx, third, keyOf(w.of(w.families[0])))
		w.ok(err)
		a := w.of(w.families[0])
		if a.ClosedBy != "third" {
			t.Errorf("closed by %q", a.ClosedBy)
		}
		ap, err := w.s.Object(w.ctx, w.volunteer(), a.PlaceID, a.ID, "Bà Mơ", "Chưa đúng")
		w.ok(err)
		draw, err := w.s.DrawRecheck(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family, 5)
		w.ok(err)
		for by, want := range map[string]string{"third": "separation.closed", w.officer().ID: "separation.scored", deputy.ID: "separation.scored"} {
			who := w.officer()
			who.ID = by
			w.refused(w.s.AnswerAppeal(w.ctx, who, a.PlaceID, a.ID, ap.ID, false, "Đã xem"), want)
			w.refused(w.s.NoteFinding(w.ctx, who, draw.ID, keyOf(a), "kept", ""), want)
		}
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error { // nor does a decision take a file from the hand that scored it
			_, err := w.s.Recognise(w.ctx, tx, w.officer(), a.PlaceID, a.ID, "qd")
			w.refused(err, "separation.scored")
			return nil
		}))
		fourth := w.officer()
		fourth.ID = "fourth"
		w.ok(w.s.NoteFinding(w.ctx, fourth, draw.ID, keyOf(a), "kept", ""))
		w.ok(w.s.AnswerAppeal(w.ctx, fourth, a.PlaceID, a.ID, ap.ID, false, "Đã xem lại, đúng"))
		w.exact()
	})
}

// An appeal is answered once, on its own file; an upheld one takes back what no decision has named.
func TestAppeals(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		for _, f := range w.families {
			w.save(w.of(f), assessment.StageArea, sheet(10, 6, 4, 2))
		}
		early := w.of(w.families[0])
		_, err := w.s.Object(w.ctx, w.volunteer(), early.PlaceID, early.ID, "Bà Mơ", "Chưa đúng")
		w.refused(err, "appeal.early")
		w.minutes()
		w.send()
		_, err = w.s.Reject(w.ctx, w.officer(), keyOf(w.of(w.families[0])), "Có người vi phạm")
		w.ok(err)
		for _, f := range w.families[1:] {
			_, err = w.s.Approve(w.ctx, w.officer(), keyOf(w.of(f)))
			w.ok(err)
		}
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			a := w.of(w.families[3])
			_, err := w.s.Recognise(w.ctx, tx, w.officer(), a.PlaceID, a.ID, "qd-1")
			return err
		}))
		var appeals []assessment.Appeal
		for _, f := range w.families {
			a := w.of(f)
			ap, err := w.s.Object(w.ctx, w.volunteer(), a.PlaceID, a.ID, "Bà Mơ", "Chưa đúng")
			w.ok(err)
			appeals = append(appeals, ap)
		}
		answer := func(by identity.Actor, file, appeal int, upheld bool, text string) error {
			a := w.of(w.families[file])
			return w.s.AnswerAppeal(w.ctx, by, a.PlaceID, a.ID, appeals[appeal].ID, upheld, text)
		}
		for _, by := range []identity.Actor{w.reviewer(), w.volunteer()} {
			if err := answer(by, 0, 0, true, "Đúng"); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s answers: %v", by.ID, err)
			}
		}
		if err := answer(w.deputy(), 0, 0, true, " "); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("an answer without words: %v", err)
		}
		if err := answer(w.deputy(), 0, 1, true, "Đúng"); fault.KindOf(err) != fault.KindStale {
			t.Errorf("an appeal against another file: %v", err)
		}
		w.ok(answer(w.deputy(), 0, 0, true, "Đúng"))
		w.ok(answer(w.deputy(), 1, 1, true, "Đúng"))
		w.ok(answer(w.deputy(), 2, 2, false, "Đã xem lại"))
		w.ok(answer(w.deputy(), 3, 3, true, "Đúng, sẽ ra quyết định"))
		if err := answer(w.deputy(), 2, 2, true, "Nghĩ lại"); fault.KindOf(err) != fault.KindStale {
			t.Errorf("answered twice: %v", err)
		}
		for i, want := range []assessment.State{assessment.Sent, assessment.Sent, assessment.Approved, assessment.Recognised} {
			if got := w.of(w.families[i]).State; got != want {
				t.Errorf("file %d is %s, want %s", i, got, want)
			}
		}
		if open, err := w.s.OpenAppeals(w.ctx, w.officer(), w.commune); err != nil || len(open) != 0 {
			t.Errorf("%d appeals wait, %v", len(open), err)
		}
		w.exact()
	})
}
