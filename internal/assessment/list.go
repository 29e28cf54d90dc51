// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

const selectSubjects = `SELECT id, model, name, fold, sort, number FROM subject WHERE place_id = $1 AND state = 'active'`

// last year's result of a subject in the same place, whichever round it came from.
const selectPrevious = `
	SELECT subject_id, id, total, outcome FROM assessment
	WHERE place_id = $1 AND round_id = $2 AND state <> 'listed'`

// ListLeaf gives every active subject of a leaf its row in a round, with last year's result beside it. Doing it again adds
// only who is missing. It is one transaction; opening a round for many leaves is a job of many such.
func (s *Service) ListLeaf(ctx context.Context, by identity.Actor, leafID, roundID string) (added int, err error) {
	defer fault.Wrap(&err, "assessment.ListLeaf(%s)", leafID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		added = 0
		path, err := s.places.Path(ctx, tx, leafID)
		if err != nil {
			return err
		}
		if !by.May(identity.ManageRounds, path) {
			if err := by.Check(identity.EditRegistry, path, leafID); err != nil {
				return err
			}
		}
		r, err := s.round(ctx, tx, roundID)
		if err != nil {
			return err
		}
		list, err := store.Collect(ctx, tx, func(sc store.Scanner) (sub registry.Subject, err error) {
			err = sc.Scan(&sub.ID, &sub.Model, &sub.Name, &sub.Fold, &sub.Sort, &sub.Number)
			sub.PlaceID = leafID
			return sub, err
		}, selectSubjects, leafID)
		if err != nil {
			return err
		}
		added, err = s.list(ctx, tx, &r, leafID, list)
		if err != nil || added == 0 {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: leafID, ThingID: roundID, Thing: "round", Act: "list", After: map[string]int{"added": added}})
	})
	return added, err
}

// list inserts the missing rows of subjects of one leaf and counts them, in tx.
func (s *Service) list(ctx context.Context, tx *store.Tx, r *Round, leafID string, subjects []registry.Subject) (added int, err error) {
	previous, err := s.previous(ctx, tx, r, leafID)
	if err != nil {
		return 0, err
	}
	rows := map[string][]any{} // values by model
	for _, sub := range subjects {
		plan, ok := r.Plan.Model(sub.Model)
		if !ok {
			continue
		}
		a := Assessment{PlaceID: leafID, ID: store.NewID(), RoundID: r.ID, Model: sub.Model, SubjectID: sub.ID, Name: sub.Name, Fold: sub.Fold,
			Sort: sub.Sort, Number: sub.Number, SetID: plan.SetID, State: Listed, Version: 1, UpdatedAt: s.now()}
		if p, ok := previous[sub.ID]; ok {
			a.PrevID, a.PrevPlaceID, a.PrevTotal, a.PrevOutcome = p.ID, p.PlaceID, p.Total, p.Outcome
		}
		judge(&a, nil, false)
		rows[sub.Model] = a.values(rows[sub.Model])
	}
	for _, m := range r.Plan.Models { // in the plan's order: the same locks in the same order everywhere
		fresh, err := insertAssessments.Insert(ctx, tx, rows[m.Model])
		if err != nil {
			return 0, err
		}
		if err := rollup.Add(ctx, tx, leafID, r.ID, m.Model, rollup.Counts{Total: fresh}); err != nil {
			return 0, err
		}
		added += int(fresh)
	}
	return added, nil
}

// previous returns the results of the year before, by subject.
func (s *Service) previous(ctx context.Context, tx *store.Tx, r *Round, leafID string) (map[string]Assessment, error) {
	out := map[string]Assessment{}
	var w store.Where
	path, err := s.places.Path(ctx, tx, r.PlaceID)
	if err != nil {
		return nil, err
	}
	w.And("year = ?", r.Year-1).In("place_id", strings.Split(strings.Trim(path, "/"), "/")...)
	ids, err := store.Collect(ctx, tx, store.Value[string], `SELECT id FROM round`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		err := store.Each(ctx, tx, func(sc store.Scanner) error {
			a := Assessment{PlaceID: leafID}
			if err := sc.Scan(&a.SubjectID, &a.ID, &a.Total, &a.Outcome); err != nil {
				return err
			}
			out[a.SubjectID] = a
			return nil
		}, selectPrevious, leafID, id)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

const (
	selectOpenRounds = `SELECT id, year, title, place_id, plan, state, version FROM round WHERE state = 'open'`
	selectOfSubject  = `SELECT ` + columns + ` FROM assessment a JOIN round r ON r.id = a.round_id
		WHERE a.place_id = $1 AND a.subject_id = $2 AND r.state = 'open'`
	selectAnyWork    = `SELECT count(*) FROM assessment WHERE place_id = $1 AND subject_id = $2 AND (state <> 'listed' OR stage <> '' OR evidence > 0)`
	deleteAssessment = `DELETE FROM assessment WHERE place_id = $1 AND id = $2`
	moveSheets       = `UPDATE sheet SET place_id = $1 WHERE place_id = $2 AND assessment_id = $3`
	moveRemarks      = `UPDATE remark SET place_id = $1 WHERE place_id = $2 AND assessment_id = $3`
	moveAppeals      = `UPDATE appeal SET place_id = $1 WHERE place_id = $2 AND assessment_id = $3`
	moveRechecks     = `UPDATE recheck_item SET place_id = $1 WHERE place_id = $2 AND assessment_id = $3`
	copyEvidence     = `INSERT INTO evidence (place_id, id, kind, title, name, state, reason, source_sha, pixel_sha, look, file_sha, thumb_sha, media_type,
			size, width, height, link, taken_at, by_id, at)
		SELECT $1, e.id, e.kind, e.title, e.name, e.state, e.reason, e.source_sha, e.pixel_sha, e.look, e.file_sha, e.thumb_sha, e.media_type,
			e.size, e.width, e.height, e.link, e.taken_at, e.by_id, e.at
		FROM evidence e WHERE e.place_id = $2 AND e.id IN (SELECT u.evidence_id FROM evidence_use u WHERE u.place_id = $3 AND u.assessment_id = $4)
		ON CONFLICT (place_id, id) DO NOTHING`
	moveEvidence = `UPDATE evidence_use SET place_id = $1 WHERE place_id = $2 AND assessment_id = $3`
)

// Follow keeps the rows of open rounds in step with the registry; it is a registry.Listener. A new subject is listed, a new
// name is taken over while the file is not locked, a mover takes its file along, who leaves or was a duplicate gives up its
// row if nothing was done with it. A subject whose import is undone must have no work on it.
func (s *Service) Follow(ctx context.Context, tx *store.Tx, by identity.Actor, events []registry.Event) error {
	added := map[string][]registry.Subject{}
	var leaves []string
	for _, ev := range events {
		switch ev.Change {
		case registry.Added, registry.Restored:
			if _, seen := added[ev.Subject.PlaceID]; !seen {
				leaves = append(leaves, ev.Subject.PlaceID)
			}
			added[ev.Subject.PlaceID] = append(added[ev.Subject.PlaceID], ev.Subject)
		case registry.Changed:
			if err := s.rename(ctx, tx, by, ev.Subject); err != nil {
				return err
			}
		case registry.Moved:
			if err := s.move(ctx, tx, by, ev.Before.PlaceID, ev.Subject); err != nil {
				return err
			}
		case registry.Leaving:
			if err := s.withdraw(ctx, tx, ev.Subject.PlaceID, ev.Subject.ID, false); err != nil {
				return err
			}
		case registry.Merging:
			if err := s.withdraw(ctx, tx, ev.Before.PlaceID, ev.Before.ID, false); err != nil {
				return err
			}
		case registry.Removed:
			if err := s.withdraw(ctx, tx, ev.Subject.PlaceID, ev.Subject.ID, true); err != nil {
				return err
			}
		}
	}
	if len(leaves) == 0 {
		return nil
	}
	rounds, err := store.Collect(ctx, tx, scanRound, selectOpenRounds)
	if err != nil {
		return err
	}
	for _, leaf := range leaves {
		path, err := s.places.Path(ctx, tx, leaf)
		if err != nil {
			return err
		}
		for i := range rounds {
			if strings.Contains(path, "/"+rounds[i].PlaceID+"/") {
				if _, err := s.list(ctx, tx, &rounds[i], leaf, added[leaf]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *Service) rename(ctx context.Context, tx *store.Tx, by identity.Actor, sub registry.Subject) error {
	open, err := store.Collect(ctx, tx, scan, selectOfSubject, sub.PlaceID, sub.ID)
	if err != nil {
		return err
	}
	for _, before := range open {
		if before.Locked() || before.Name == sub.Name && before.Number == sub.Number {
			continue
		}
		after := before
		after.Name, after.Fold, after.Sort, after.Number = sub.Name, sub.Fold, sub.Sort, sub.Number
		if err := s.change(ctx, tx, by, &before, &after, "rename", "", nil); err != nil {
			return err
		}
	}
	return nil
}

// actMove is the journal's word for a file that went to another leaf.
const actMove = "move"

func (s *Service) move(ctx context.Context, tx *store.Tx, by identity.Actor, from string, sub registry.Subject) error {
	open, err := store.Collect(ctx, tx, scan, selectOfSubject, from, sub.ID)
	if err != nil {
		return err
	}
	for _, a := range open {
		if _, err := tx.Exec(ctx, deleteAssessment, a.PlaceID, a.ID); err != nil {
			return err
		}
		if err := rollup.Add(ctx, tx, a.PlaceID, a.RoundID, a.Model, rollup.Counts{}.Minus(CountsOf(&a))); err != nil {
			return err
		}
		moved := a
		moved.PlaceID = sub.PlaceID
		if slices.ContainsFunc(open, func(o Assessment) bool { return o.ID == a.PrevID }) {
			moved.PrevPlaceID = sub.PlaceID // last year's goes along
		}
		moved.Version++
		if _, err := insertAssessments.Insert(ctx, tx, moved.values(nil)); err != nil {
			return err
		}
		if err := rollup.Add(ctx, tx, moved.PlaceID, moved.RoundID, moved.Model, CountsOf(&moved)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, copyEvidence, sub.PlaceID, from, from, a.ID); err != nil { // it may back others there as well
			return err
		}
		for _, query := range []string{moveSheets, moveRemarks, moveAppeals, moveRechecks, moveEvidence} {
			if _, err := tx.Exec(ctx, query, sub.PlaceID, from, a.ID); err != nil {
				return err
			}
		}
		entry := audit.Entry{PlaceID: sub.PlaceID, ThingID: a.ID, Thing: "assessment", Act: actMove, Before: map[string]string{"place": from}, After: brief(&moved, nil)}
		if err := audit.Write(ctx, tx, by.Who(), s.now(), entry); err != nil {
			return err
		}
	}
	return nil
}

// withdraw deletes the untouched rows of a subject in open rounds. Rows with work on them stay: they are records; strict makes
// them a refusal.
func (s *Service) withdraw(ctx context.Context, tx *store.Tx, placeID, subjectID string, strict bool) error {
	if strict {
		work, _, err := store.One(ctx, tx, store.Value[int], selectAnyWork, placeID, subjectID)
		if err != nil {
			return err
		}
		if work > 0 {
			return fault.Conflict("assessment.has_work", "subject", subjectID)
		}
	}
	open, err := store.Collect(ctx, tx, scan, selectOfSubject, placeID, subjectID)
	if err != nil {
		return err
	}
	for _, a := range open {
		if a.State != Listed || a.Stage != "" || a.Evidence > 0 {
			continue
		}
		if _, err := tx.Exec(ctx, deleteAssessment, a.PlaceID, a.ID); err != nil {
			return err
		}
		if err := rollup.Add(ctx, tx, a.PlaceID, a.RoundID, a.Model, rollup.Counts{}.Minus(CountsOf(&a))); err != nil {
			return err
		}
	}
	return nil
}

// pointsPtr is for figures that may be unknown.
func pointsPtr(p criteria.Points, known bool) *criteria.Points {
	if !known {
		return nil
	}
	return &p
}
