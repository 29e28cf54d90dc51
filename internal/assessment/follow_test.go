// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// newArea makes an area of a commune and returns its id.
func (w *world) newArea(communeID, name string) string {
	w.t.Helper()
	area, err := w.places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: communeID, Name: name, Kind: "Khu", From: "2025-07-01"})
	w.ok(err)
	return area.ID
}

func (w *world) newRound(placeID string, year int, state assessment.RoundState) assessment.Round {
	w.t.Helper()
	r := assessment.Template(year, placeID)
	r.Title, r.State = "Đợt khác", state
	r, err := w.s.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
	return r
}

func (w *world) in(placeID, roundID string) []assessment.Assessment {
	w.t.Helper()
	list, _, err := w.s.InLeaf(w.ctx, identity.System, placeID, roundID, registry.Family)
	w.ok(err)
	return list
}

// file is one of the area's.
func (w *world) file(id string) assessment.Assessment {
	w.t.Helper()
	for _, a := range w.list() {
		if a.ID == id {
			return a
		}
	}
	w.t.Fatalf("no file %s", id)
	return assessment.Assessment{}
}

func (w *world) cell(placeID string) rollup.Counts {
	w.t.Helper()
	c, err := rollup.Leaf(w.ctx, w.db.Read(), placeID, w.round.ID, registry.Family)
	w.ok(err)
	return c
}

// refused demands a fault of this key.
func (w *world) refused(err error, key string) {
	w.t.Helper()
	if f, ok := fault.As(err); !ok || f.Key != key {
		w.t.Errorf("got %v, want %s", err, key)
	}
}

func TestNewcomersAreListedWhereARoundIsOpen(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		neighbour := place.OfficialID(neighbourCode, "2025-07-01")
		second := w.newRound(w.round.PlaceID, 2026, assessment.RoundOpen)
		draft := w.newRound(w.round.PlaceID, 2026, assessment.RoundDraft)
		elsewhere := w.newRound(neighbour, 2026, assessment.RoundOpen)
		f, err := w.registry.Save(w.ctx, w.volunteer(), registry.Draft{PlaceID: w.area, Model: registry.Family, Name: "Người mới", Members: 3})
		w.ok(err)
		for id, want := range map[string]int{w.round.ID: 5, second.ID: 1, draft.ID: 0, elsewhere.ID: 0} {
			list := w.in(w.area, id)
			if len(list) != want {
				t.Errorf("round %s lists %d, want %d", id, len(list), want)
			}
			for _, a := range list {
				if a.SubjectID == f.ID && (a.State != assessment.Listed || a.Flags != assessment.FlagNew || a.SetID != "family-2021-2030@1") {
					t.Errorf("the newcomer is %+v", a)
				}
			}
		}
		// A name is taken over as long as the area may change the file.
		w.register()
		rename := func(to string) {
			t.Helper()
			sub, err := w.registry.Load(w.ctx, w.db.Read(), w.area, w.families[0].ID)
			w.ok(err)
			d := sub.Draft()
			d.Name = to
			_, err = w.registry.Save(w.ctx, w.volunteer(), d)
			w.ok(err)
		}
		named := func() string {
			for _, a := range w.list() {
				if a.SubjectID == w.families[0].ID {
					return a.Name
				}
			}
			return ""
		}
		rename("Hà Văn Chiến")
		if got := named(); got != "Hà Văn Chiến" {
			t.Errorf("the file is called %s", got)
		}
		w.registers(w.families[0], "3")
		for _, a := range w.list() {
			if a.SubjectID == w.families[0].ID {
				w.save(a, assessment.StageSelf, good())
			}
		}
		w.minutes()
		_, err = w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, nil)
		w.ok(err)
		rename("Hà Văn Chiếu")
		if got := named(); got != "Hà Văn Chiến" {
			t.Errorf("a file with the commune changed its name to %s", got)
		}
		w.exact()
	})
}

// A family that moves takes its file with all that hangs on it, and the counters of both areas follow.
func TestMoverTakesTheFileAlong(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		to := w.newArea(place.OfficialID(neighbourCode, "2025-07-01"), "9")
		later := w.newRound(w.round.PlaceID, 2027, assessment.RoundOpen)
		w.sendThree()
		a := w.list()[0]
		_, err := w.s.Return(w.ctx, w.reviewer(), assessment.Key{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version}, map[string]string{"C1": "Xin thêm ảnh"})
		w.ok(err)
		_, err = w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, []string{a.ID})
		w.ok(err)
		draw, err := w.s.DrawRecheck(w.ctx, w.reviewer(), w.commune, w.round.ID, registry.Family, 10)
		w.ok(err)
		_, err = w.s.Approve(w.ctx, w.officer(), assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
		w.ok(err)
		_, err = w.s.Object(w.ctx, w.volunteer(), a.PlaceID, a.ID, "Bà Mơ", "Chưa đúng")
		w.ok(err)
		// Next year's round is open already, and knows this year's file as the previous one.
		_, err = w.s.ListLeaf(w.ctx, identity.System, w.area, later.ID)
		w.ok(err)
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			for i, id := range []string{"anh-1", "anh-2"} {
				if _, err := tx.Exec(w.ctx, putEvidence, w.area, id, "Góc học tập"); err != nil {
					return err
				}
				for j := range 2 - i { // the first picture backs a neighbour as well
					if _, err := tx.Exec(w.ctx, putUse, w.area, w.list()[j].ID, id); err != nil {
						return err
					}
				}
			}
			_, err := tx.Exec(w.ctx, `UPDATE assessment SET prev_id = $1, prev_place_id = $2 WHERE round_id = $3 AND subject_id = $4`, a.ID, a.PlaceID, later.ID, a.SubjectID)
			return err
		}))
		was, err := w.s.Dossier(w.ctx, identity.System, a.PlaceID, a.ID)
		w.ok(err)
		sub, err := w.registry.Load(w.ctx, db.Read(), w.area, a.SubjectID)
		w.ok(err)
		_, err = w.registry.Move(w.ctx, identity.System, w.area, sub.ID, sub.Version, to, "2026-11-18")
		w.ok(err)

		if got, want := w.cell(w.area), (rollup.Counts{Total: 3, Registered: 3, Sent: 2, Passing: 2}); got != want {
			t.Errorf("the old area counts %+v, want %+v", got, want)
		}
		if got, want := w.cell(to), (rollup.Counts{Total: 1, Registered: 1, Approved: 1, Passing: 1}); got != want {
			t.Errorf("the new area counts %+v, want %+v", got, want)
		}
		if _, err := w.s.Get(w.ctx, identity.System, a.PlaceID, a.ID); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("still at the old area: %v", err)
		}
		now, err := w.s.Dossier(w.ctx, identity.System, to, a.ID)
		w.ok(err)
		if len(now.Sheets) != 2 || len(now.Remarks) != 1 || len(now.Appeals) != 1 || *now.Assessment.Total != *was.Assessment.Total {
			t.Errorf("at the new area: %d sheets, %d remarks, %d appeals, %+v", len(now.Sheets), len(now.Remarks), len(now.Appeals), now.Assessment)
		}
		if len(now.History) != len(was.History)+1 || now.History[0].Act != assessment.ActRegister {
			t.Errorf("%d lines of history, %d before the move", len(now.History), len(was.History))
		}
		if _, items, err := w.s.RecheckItems(w.ctx, identity.System, draw.ID); err != nil || len(items) != 3 {
			t.Errorf("the re-check lost a file: %d, %v", len(items), err)
		}
		uses, _, err := store.One(w.ctx, db.Read(), store.Value[int], `SELECT count(*) FROM evidence_use u JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
			WHERE u.place_id = $1 AND u.assessment_id = $2`, to, a.ID)
		w.ok(err)
		left, _, err := store.One(w.ctx, db.Read(), store.Value[int], `SELECT count(*) FROM evidence_use u JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
			WHERE u.place_id = $1`, w.area)
		w.ok(err)
		if uses+left != 3 || uses == 0 || left == 0 {
			t.Errorf("%d uses went along, %d stayed", uses, left)
		}
		next := w.in(to, later.ID)
		if len(next) != 1 || next[0].PrevPlaceID != to {
			t.Fatalf("next year's file: %+v", next)
		}
		if f, err := w.s.Get(w.ctx, identity.System, to, next[0].ID); err != nil || f.Previous == nil {
			t.Errorf("next year's file knows %+v of this year, %v", f.Previous, err)
		}
		w.exact()
	})
}

// Who leaves, was a duplicate or came by an undone import gives up an untouched row; work stays as a record and refuses the undo.
func TestWhoGoesLeavesWorkBehind(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.register()
		// The first is registered, the second scored and then unregistered; the third and fourth are only listed.
		w.registers(w.families[1], "3")
		w.save(w.list()[1], assessment.StageSelf, good())
		for _, i := range []int{1, 2, 3} {
			a := w.list()[i]
			_, err := w.s.Unregister(w.ctx, w.volunteer(), assessment.Key{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version}, "Xin rút")
			w.ok(err)
		}
		sub := func(i int) registry.Subject {
			t.Helper()
			r, err := w.registry.Load(w.ctx, db.Read(), w.area, w.families[i].ID)
			w.ok(err)
			return r
		}
		removed := func(i int) error {
			return db.Write(w.ctx, func(tx *store.Tx) error {
				return w.s.Follow(w.ctx, tx, identity.System, []registry.Event{{Change: registry.Removed, Subject: sub(i)}})
			})
		}
		w.refused(removed(0), "assessment.has_work")
		w.refused(removed(1), "assessment.has_work")
		for i := range 3 {
			r := sub(i)
			_, err := w.registry.Leave(w.ctx, w.volunteer(), w.area, r.ID, r.Version, "Chuyển đi tỉnh khác")
			w.ok(err)
		}
		if list := w.list(); len(list) != 3 || list[0].State != assessment.Registered || list[1].Stage != assessment.StageSelf || list[2].SubjectID != w.families[3].ID {
			t.Fatalf("after three left: %+v", list)
		}
		w.exact()
		// The file of who left can still be read, on the board as by itself.
		board, err := w.s.Board(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family)
		w.ok(err)
		row, err := w.s.Row(w.ctx, w.volunteer(), w.area, w.list()[1].ID)
		w.ok(err)
		if got, want := shown(t, board.Rows[1].Entry), shown(t, row.Rows[0].Entry); got != want || board.Rows[1].Subject.ID != w.families[1].ID {
			t.Errorf("the board says %s of %q, the file %s", got, board.Rows[1].Subject.Name, want)
		}
		r := sub(2)
		_, err = w.registry.Back(w.ctx, w.volunteer(), w.area, r.ID, r.Version, "Trở về")
		w.ok(err)
		keep, gone := sub(3), sub(2)
		_, merge, err := w.registry.Merge(w.ctx, w.volunteer(), w.area, keep.ID, keep.Version, gone.ID, gone.Version)
		w.ok(err)
		if list := w.list(); len(list) != 3 {
			t.Fatalf("after the merge: %+v", list)
		}
		_, err = w.registry.UndoMerge(w.ctx, w.volunteer(), w.area, merge)
		w.ok(err)
		if list := w.list(); len(list) != 4 {
			t.Fatalf("after undoing it: %+v", list)
		}
		w.ok(removed(2))
		if list := w.list(); len(list) != 3 {
			t.Fatalf("after the undone import: %+v", list)
		}
		w.exact()
	})
}

// What stands beside a new sheet is the one that counted last year: here the area's, mended after the commune had scored and returned it.
func TestPreviousIsTheSheetThatCounted(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		w.save(w.of(w.families[0]), assessment.StageArea, sheet(8, 6, 4, 2))
		w.minutes()
		w.send()
		w.at = w.at.Add(time.Minute)
		a := w.of(w.families[0])
		_, err := w.s.Save(w.ctx, w.reviewer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageAppraisal, Entry: sheet(5, 6, 4, 2),
			Reasons: map[string]string{"A3": "Xem lại"}})
		w.ok(err)
		_, err = w.s.Return(w.ctx, w.reviewer(), keyOf(w.of(w.families[0])), map[string]string{"A3": "Thiếu ảnh"})
		w.ok(err)
		w.at = w.at.Add(time.Minute)
		w.save(w.of(w.families[0]), assessment.StageArea, sheet(9, 6, 4, 2))
		w.send()
		next := w.newRound(w.round.PlaceID, 2027, assessment.RoundOpen)
		_, err = w.s.ListLeaf(w.ctx, w.officer(), w.area, next.ID)
		w.ok(err)
		for _, a := range w.in(w.area, next.ID) {
			if a.SubjectID != w.families[0].ID {
				continue
			}
			f, err := w.s.Get(w.ctx, w.officer(), a.PlaceID, a.ID)
			w.ok(err)
			if f.Previous == nil || f.Previous.Stage != assessment.StageArea || *f.Previous.Total != 9900 || *a.PrevTotal != 9900 {
				t.Errorf("last year's sheet is %+v, its total %v", f.Previous, a.PrevTotal)
			}
		}
		w.exact()
	})
}
