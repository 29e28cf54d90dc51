// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const (
	// lockAssessment keeps others from this row until the transaction ends; it changes nothing.
	lockAssessment = `UPDATE assessment SET version = version WHERE place_id = $1 AND id = $2`

	selectEvidenceItems = `
		SELECT count(DISTINCT e.id) FROM evidence_use u JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
		WHERE u.place_id = $1 AND u.assessment_id = $2 AND e.state <> 'refused'`

	fromTwins = `
		FROM evidence_use u
		JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id AND e.state <> 'refused'
		JOIN evidence_match m ON m.evidence_id = u.evidence_id
		JOIN evidence_use o ON o.evidence_id = m.other_id
		JOIN assessment a ON a.place_id = o.place_id AND a.id = o.assessment_id
		JOIN assessment mine ON mine.place_id = u.place_id AND mine.id = u.assessment_id AND mine.subject_id <> a.subject_id
		WHERE u.place_id = $1 AND u.assessment_id = $2`
)

// Attached follows the evidence of an assessment; it is an evidence.Listener. It counts the items again and sets the flags of
// missing and of reused evidence. What a person does is refused outside the time of the stage that the file is at, and for a file
// that the person may no longer change: the area once it is sent, everybody once it is settled.
func (s *Service) Attached(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id string, change evidence.Change) error {
	// First the lock: two photos sent at the same moment must not both count without the other.
	if _, err := tx.Exec(ctx, lockAssessment, placeID, id); err != nil {
		return err
	}
	before, err := get(ctx, tx, placeID, id)
	if err != nil {
		return err
	}
	r, err := s.round(ctx, tx, before.RoundID)
	if err != nil {
		return err
	}
	set, err := s.sets.Compiled(ctx, before.SetID)
	if err != nil {
		return err
	}
	if change.Act != evidence.ActJudge {
		if err := s.mayAttach(ctx, tx, by, &r, &before, change.Act); err != nil {
			return err
		}
	}
	if change.Act == evidence.ActAttach {
		for _, code := range change.Criteria {
			if _, ok := set.CriterionIndex(code); code != "" && !ok {
				return fault.Invalid(fault.Field("criterion", "criteria.unknown_criterion", "code", code))
			}
		}
	}
	after := before
	if after.Evidence, _, err = store.One(ctx, tx, store.Value[int], selectEvidenceItems, placeID, id); err != nil {
		return err
	}
	after.Flags &^= FlagEvidence | FlagReused
	missing, err := s.stillMissing(ctx, tx, &r, &after, set)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		after.Flags |= FlagEvidence
	}
	_, reused, err := store.One(ctx, tx, store.Value[string], `SELECT a.id`+fromTwins+` LIMIT 1`, placeID, id)
	if err != nil {
		return err
	}
	if reused {
		after.Flags |= FlagReused
	}
	if after.Evidence == before.Evidence && after.Flags == before.Flags {
		return nil
	}
	return s.change(ctx, tx, by, &before, &after, Act(change.Act), "", nil)
}

// mayAttach says whether by may change the evidence of a file in its state and at this time.
func (s *Service) mayAttach(ctx context.Context, tx *store.Tx, by identity.Actor, r *Round, a *Assessment, act evidence.Act) error {
	path, err := s.places.Path(ctx, tx, a.PlaceID)
	if err != nil {
		return err
	}
	rule := ruleOf(ActScore)
	if by.Own.FileID != "" {
		return s.ownMay(ctx, tx, by, r, a, path)
	}
	if a.State == Sent && by.May(identity.Appraise, path) {
		rule = ruleOf(ActAppraise)
	} else if a.Locked() {
		return fault.Conflict("assessment.state", "name", a.Name, "state", string(a.State), "act", string(act))
	}
	if err := s.stillOpen(ctx, tx, a, path); err != nil {
		return err
	}
	if err := by.Check(rule.Act, path, a.PlaceID); err != nil { // who appraises has no hand in a file before it is sent
		return err
	}
	return s.during(ctx, tx, r, a, rule, path)
}

// stillMissing works out the last sheet again and returns the criteria that lack the evidence their points need.
func (s *Service) stillMissing(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, set *criteria.Compiled) ([]string, error) {
	if a.Stage == "" || a.Stage == StagePaper || !slices.ContainsFunc(set.Criteria, func(c *criteria.Criterion) bool { return c.EvidenceRequired.Given() }) {
		return nil, nil
	}
	all, err := sheets(ctx, tx, a.PlaceID, a.ID)
	if err != nil {
		return nil, err
	}
	sh, ok := all[a.Stage]
	if !ok {
		return nil, nil
	}
	result, err := NewScorer(set).Score(r.Year, sh.Entry)
	if err != nil {
		return nil, err
	}
	return s.evidenceMissing(ctx, tx, a, set, result)
}

// Reuse is a picture or file of an assessment that backs another subject as well, as another item.
type Reuse struct {
	EvidenceID string // of this assessment
	Criterion  string // of the other
	How        string // source | pixels | look
	Other      Assessment
}

const selectReuse = `SELECT ` + columns + `, u.evidence_id, o.criterion, m.how` + fromTwins + ` ORDER BY u.evidence_id, a.sort, a.id, o.criterion LIMIT 200`

// Reused returns what FlagReused of a file is about. hidden counts the uses at places that by may not see.
func (s *Service) Reused(ctx context.Context, by identity.Actor, placeID, id string) (list []Reuse, hidden int, err error) {
	defer fault.Wrap(&err, "assessment.Reused(%s)", id)
	tx := s.db.Read()
	if _, _, err := s.may(ctx, tx, by, identity.SeeRecords, placeID, id); err != nil {
		return nil, 0, err
	}
	all, err := store.Collect(ctx, tx, func(sc store.Scanner) (r Reuse, err error) {
		r.Other, err = scan(longer{sc, []any{&r.EvidenceID, &r.Criterion, &r.How}})
		return r, err
	}, selectReuse, placeID, id)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range all {
		path, err := s.places.Path(ctx, tx, r.Other.PlaceID)
		switch {
		case err != nil:
			return nil, 0, err
		case by.May(identity.SeeRecords, path):
			list = append(list, r)
		default:
			hidden++
		}
	}
	return list, hidden, nil
}

// longer reads more columns after those that scan reads.
type longer struct {
	store.Scanner
	more []any
}

func (l longer) Scan(dest ...any) error { return l.Scanner.Scan(append(dest, l.more...)...) }

// Versions returns the versions of assessments of one leaf by id: a page that attached something goes on with the newest.
func (s *Service) Versions(ctx context.Context, by identity.Actor, placeID string, ids ...string) (versions map[string]int64, err error) {
	defer fault.Wrap(&err, "assessment.Versions(%s)", placeID)
	tx := s.db.Read()
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, err
	}
	var w store.Where
	w.And("place_id = ?", placeID).In("id", ids...)
	versions = make(map[string]int64, len(ids))
	return versions, store.Each(ctx, tx, func(sc store.Scanner) error {
		var id string
		var version int64
		err := sc.Scan(&id, &version)
		versions[id] = version
		return err
	}, `SELECT id, version FROM assessment`+w.SQL(), w.Args()...)
}
