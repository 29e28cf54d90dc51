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

// with is a full sheet with these points for A3, of 10.
func with(a3 criteria.Points) assessment.Entry {
	e := good()
	e.Scores["A3"] = assessment.Mark{Points: &a3}
	return e
}

// sendThree sends three of the four families: the area gave the first what it gave itself, the second 2 less, the third 6 less.
func (w *world) sendThree() {
	w.t.Helper()
	w.register()
	for _, f := range w.families {
		w.registers(f, "4")
	}
	for i, a3 := range []criteria.Points{1000, 800, 400} {
		w.save(w.list()[i], assessment.StageSelf, with(1000))
		w.save(w.list()[i], assessment.StageArea, with(a3))
	}
	w.minutes()
	batch, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, nil)
	w.ok(err)
	if batch.Done != 3 {
		w.t.Fatalf("sent %d: %+v", batch.Done, batch.Left)
	}
}

func TestWaitingCountsTheQueue(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.sendThree()
		for _, place := range []string{w.area, w.commune} {
			q, err := w.s.Waiting(w.ctx, w.reviewer(), place, w.round.ID, registry.Family)
			w.ok(err)
			if q.Look != 1 || q.Clean != 2 || q.Agreeing != 2 || q.All() != 3 || q.ByFlag[assessment.FlagGap] != 1 || q.ByLeaf[w.area] != 3 || q.CleanLeaf[w.area] != 2 {
				t.Errorf("%s: %+v", place, q)
			}
		}
		if _, err := w.s.Waiting(w.ctx, actor(identity.Reviewer, "elsewhere"), w.commune, w.round.ID, registry.Family); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("someone from elsewhere: %v", err)
		}
		batch, err := w.s.ApproveAgreeing(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family)
		w.ok(err)
		q, err := w.s.Waiting(w.ctx, w.reviewer(), w.commune, w.round.ID, registry.Family)
		w.ok(err)
		if batch.Done != 2 || q.Look != 1 || q.Clean != 0 {
			t.Errorf("approved %d, left %+v", batch.Done, q)
		}
		w.exact()
	})
}

func TestNextGoesThroughAList(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.sendThree()
		for _, byGap := range []bool{true, false} {
			f := assessment.Filter{PlaceID: w.commune, RoundID: w.round.ID, Model: registry.Family, States: []assessment.State{assessment.Sent}, ByGap: byGap}
			list, _, err := w.s.Find(w.ctx, w.reviewer(), f)
			w.ok(err)
			if len(list) != 3 {
				t.Fatalf("found %d", len(list))
			}
			for i := range list {
				next, found, err := w.s.Next(w.ctx, w.reviewer(), f, &list[i])
				w.ok(err)
				if last := i == len(list)-1; found == last || !last && next.ID != list[i+1].ID {
					t.Errorf("by gap %v: behind %s comes %s, %v", byGap, list[i].Name, next.Name, found)
				}
			}
		}
	})
}

func TestDossierTellsWhoDidWhat(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.sendThree()
		a := w.list()[1]
		e := with(600)
		e.Facts["adults_learned"] = 3.0
		_, err := w.s.Save(w.ctx, w.reviewer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageAppraisal, Entry: e,
			Reasons: map[string]string{"A3": "Ảnh mờ.", "B3": "Một người chưa có giấy.", "none": "Không có mục này."}})
		w.ok(err)
		d, err := w.s.Dossier(w.ctx, w.reviewer(), a.PlaceID, a.ID)
		w.ok(err)
		said := map[string]string{}
		for _, r := range d.Remarks {
			said[r.Criterion] = r.Body
		}
		if len(said) != 2 || said["A3"] != "Ảnh mờ." || said["B3"] != "Một người chưa có giấy." {
			t.Errorf("reasons %v", said)
		}
		acts := map[assessment.Act]int{}
		for _, h := range d.History {
			acts[h.Act]++
		}
		last := d.History[len(d.History)-1]
		if acts[assessment.ActRegister] != 1 || acts[assessment.ActScore] != 2 || acts[assessment.ActSend] != 1 {
			t.Errorf("acts %v", acts)
		}
		if last.Act != assessment.ActAppraise || last.Stage != assessment.StageAppraisal || last.Total == nil || *last.Total != *d.Assessment.CommuneTotal {
			t.Errorf("last %+v", last)
		}
		if d.Locked["poverty_status"] == "" || d.Closed != nil || d.Input == nil || len(d.Result.Criteria) != len(d.Set.Criteria) {
			t.Errorf("locked %v, closed %v", d.Locked, d.Closed)
		}
		if _, err := w.s.Dossier(w.ctx, actor(identity.AreaVolunteer, "elsewhere"), a.PlaceID, a.ID); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("someone from elsewhere: %v", err)
		}
	})
}

const (
	putEvidence = `INSERT INTO evidence (place_id, id, kind, title, state, by_id, at) VALUES ($1, $2, 'picture', $3, 'ready', 'v', 1)`
	putUse      = `INSERT INTO evidence_use (place_id, assessment_id, criterion, evidence_id, by_id, at) VALUES ($1, $2, 'C1', $3, 'v', 1)`
	putMatch    = `INSERT INTO evidence_match (evidence_id, other_id, how) VALUES ($1, $2, 'pixels'), ($3, $4, 'pixels')`
	flagReused  = `UPDATE assessment SET flags = flags | 8 WHERE place_id = $1 AND id IN ($2, $3)`
)

func TestSamePhotosTellsEachPairOnce(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		list := w.list()
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			for i, id := range []string{"anh-1", "anh-2"} {
				if _, err := tx.Exec(w.ctx, putEvidence, w.area, id, "Góc học tập"); err != nil {
					return err
				}
				if _, err := tx.Exec(w.ctx, putUse, w.area, list[i].ID, id); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(w.ctx, putMatch, "anh-1", "anh-2", "anh-2", "anh-1"); err != nil {
				return err
			}
			_, err := tx.Exec(w.ctx, flagReused, w.area, list[0].ID, list[1].ID)
			return err
		}))
		pairs, err := w.s.SamePhotos(w.ctx, w.reviewer(), w.commune, w.round.ID, registry.Family)
		w.ok(err)
		if len(pairs) != 1 || pairs[0].How != "pixels" || pairs[0].Title != "Góc học tập" || pairs[0].A.ID == pairs[0].B.ID {
			t.Errorf("%+v", pairs)
		}
	})
}
