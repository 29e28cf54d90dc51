// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// maxUses bounds one act: every household of a large area, some criteria each.
const maxUses = 2000

// checkUses refuses shapes that no form of ours sends.
func checkUses(uses []Use) error {
	if len(uses) > maxUses {
		return fault.TooMuch("evidence.uses", "max", maxUses)
	}
	for _, u := range uses {
		if u.AssessmentID == "" || len(u.Criterion) > 40 {
			return fault.Invalid(fault.Field("criterion", "evidence.use"))
		}
	}
	return nil
}

// Attach lets an item back more criteria, of more subjects of its leaf too. What is attached already stays so. It fails with
// fault.NotFound, with fault.Conflict for a refused item, and like Upload.
func (s *Service) Attach(ctx context.Context, by identity.Actor, placeID, id string, uses []Use) (it Item, err error) {
	defer fault.Wrap(&err, "evidence.Attach(%s)", id)
	if err := s.mayUse(ctx, by, placeID, uses); err != nil {
		return it, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if it, err = get(ctx, tx, placeID, id); err != nil {
			return err
		}
		if it.State == StateRefused {
			return fault.Conflict("evidence.refused", "name", it.Name)
		}
		if err := notOthers(by, it); err != nil {
			return err
		}
		return s.attach(ctx, tx, by, it, uses)
	})
	return it, err
}

// Detach ends that an item backs uses. The item itself stays with the leaf, and the journal knows what it backed.
func (s *Service) Detach(ctx context.Context, by identity.Actor, placeID, id string, uses []Use) (it Item, err error) {
	defer fault.Wrap(&err, "evidence.Detach(%s)", id)
	if err := s.mayUse(ctx, by, placeID, uses); err != nil {
		return it, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if it, err = get(ctx, tx, placeID, id); err != nil {
			return err
		}
		if err := notOthers(by, it); err != nil {
			return err
		}
		return s.detach(ctx, tx, by, it, uses)
	})
	return it, err
}

// notOthers keeps a subject with its slip from what others have sent: to it there is no such item.
func notOthers(by identity.Actor, it Item) error {
	if by.Own.FileID != "" && it.ByID != by.ID {
		return fault.NotFound("evidence", it.ID)
	}
	return nil
}

func (s *Service) mayUse(ctx context.Context, by identity.Actor, placeID string, uses []Use) error {
	if err := s.mayAttach(ctx, by, placeID, uses); err != nil {
		return err
	}
	if len(uses) == 0 {
		return fault.Invalid(fault.Field("criterion", "evidence.use"))
	}
	return checkUses(uses)
}

const selectItem = `SELECT ` + columns + ` FROM evidence e WHERE e.place_id = $1 AND e.id = $2`

// get reads one item; fault.NotFound when there is none at that leaf.
func get(ctx context.Context, tx *store.Tx, placeID, id string) (Item, error) {
	it, found, err := store.One(ctx, tx, scan, selectItem, placeID, id)
	if err == nil && !found {
		err = fault.NotFound("evidence", id)
	}
	return it, err
}

const (
	insertUse = `INSERT INTO evidence_use (place_id, assessment_id, criterion, evidence_id, by_id, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (place_id, assessment_id, criterion, evidence_id) DO NOTHING`
	deleteUse = `DELETE FROM evidence_use WHERE place_id = $1 AND assessment_id = $2 AND criterion = $3 AND evidence_id = $4`
)

func (s *Service) attach(ctx context.Context, tx *store.Tx, by identity.Actor, it Item, uses []Use) error {
	at := store.Micros(s.now())
	for _, one := range byAssessment(uses) {
		change := Change{Act: ActAttach}
		for _, code := range one.criteria {
			n, err := tx.Exec(ctx, insertUse, it.PlaceID, one.id, code, it.ID, by.ID, at)
			if err != nil {
				return err
			}
			if n > 0 {
				change.Criteria = append(change.Criteria, code)
			}
		}
		if len(change.Criteria) == 0 {
			continue
		}
		// Before the limits are looked at: the listener holds off who else attaches to this assessment.
		if err := s.Listener(ctx, tx, by, it.PlaceID, one.id, change); err != nil {
			return err
		}
		if err := withinLimits(ctx, tx, it.PlaceID, one.id, change.Criteria); err != nil {
			return err
		}
	}
	if it.State == StateReady { // before that nobody knows of twins
		if err := s.tellTwins(ctx, tx, it.ID, nil); err != nil {
			return err
		}
	}
	return s.journal(ctx, tx, by, it, ActAttach, entry(it, uses))
}

func (s *Service) detach(ctx context.Context, tx *store.Tx, by identity.Actor, it Item, uses []Use) error {
	for _, one := range byAssessment(uses) {
		change := Change{Act: ActDetach}
		for _, code := range one.criteria {
			n, err := tx.Exec(ctx, deleteUse, it.PlaceID, one.id, code, it.ID)
			if err != nil {
				return err
			}
			if n > 0 {
				change.Criteria = append(change.Criteria, code)
			}
		}
		if len(change.Criteria) == 0 {
			continue
		}
		if err := s.Listener(ctx, tx, by, it.PlaceID, one.id, change); err != nil {
			return err
		}
		// Who shares a picture with it may be free of the suspicion now.
		if err := s.tellTwins(ctx, tx, it.ID, map[string]bool{one.id: true}); err != nil {
			return err
		}
	}
	return s.journal(ctx, tx, by, it, ActDetach, entry(it, uses))
}

const selectUseCounts = `
	SELECT u.criterion, count(*) FROM evidence_use u JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
	WHERE u.place_id = $1 AND u.assessment_id = $2 AND e.state <> 'refused' GROUP BY u.criterion`

func withinLimits(ctx context.Context, tx *store.Tx, placeID, assessmentID string, criteria []string) error {
	counts, all := map[string]int{}, 0
	err := store.Each(ctx, tx, func(sc store.Scanner) error {
		var code string
		var n int
		err := sc.Scan(&code, &n)
		counts[code] = n
		all += n
		return err
	}, selectUseCounts, placeID, assessmentID)
	if err != nil {
		return err
	}
	for _, code := range criteria {
		if counts[code] > MaxPerCriterion {
			return fault.TooMuch("evidence.per_criterion", "max", MaxPerCriterion, "code", code)
		}
	}
	if all > MaxPerAssessment {
		return fault.TooMuch("evidence.per_assessment", "max", MaxPerAssessment)
	}
	return nil
}

// part is the criteria of one assessment among uses.
type part struct {
	id       string
	criteria []string
}

// byAssessment groups uses in the order they came, each assessment once.
func byAssessment(uses []Use) (parts []part) {
	at := map[string]int{}
	for _, u := range uses {
		i, ok := at[u.AssessmentID]
		if !ok {
			i = len(parts)
			at[u.AssessmentID] = i
			parts = append(parts, part{id: u.AssessmentID})
		}
		parts[i].criteria = append(parts[i].criteria, u.Criterion)
	}
	return parts
}

// entry is what the journal keeps of an item.
func entry(it Item, uses []Use) any {
	return struct {
		Sort   Sort   `json:"kind"`
		Title  string `json:"title,omitempty"`
		Name   string `json:"name,omitempty"`
		Source string `json:"source_sha,omitempty"`
		Uses   []Use  `json:"uses,omitempty"`
	}{it.Sort, it.Title, it.Name, it.source, uses}
}
