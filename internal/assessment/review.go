// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Remark is a reason or comment on a file, or on one criterion of it.
type Remark struct {
	ID        string
	Stage     Stage
	Kind      string // return | reason | note
	Criterion string // "" = the whole file
	Body      string
	ByName    string
	At        int64 // microseconds
	Settled   bool
}

// The kinds of remark.
const (
	RemarkReturn = "return" // why a file went back
	RemarkReason = "reason" // why a score was changed, a file refused or reopened
)

const insertRemark = `INSERT INTO remark (place_id, assessment_id, id, stage, kind, criterion, body, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
const settleRemarks = `UPDATE remark SET settled_at = $1 WHERE place_id = $2 AND assessment_id = $3 AND kind = 'return' AND settled_at = 0`
const selectRemarks = `SELECT id, stage, kind, criterion, body, by_name, at, settled_at FROM remark WHERE place_id = $1 AND assessment_id = $2 ORDER BY id`

func (s *Service) remark(ctx context.Context, tx *store.Tx, by identity.Actor, a *Assessment, stage Stage, kind, criterion, body string) error {
	_, err := tx.Exec(ctx, insertRemark, a.PlaceID, a.ID, store.NewID(), string(stage), kind, criterion, body, by.ID, by.Name, store.Micros(s.now()))
	return err
}

// Key names one version of an assessment.
type Key struct {
	PlaceID string
	ID      string
	Version int64 // what the actor saw; 0 where the act does not depend on it
}

// Return sends a file back to its area. comments go by criterion code, "" for the whole file; at least one is needed, and all
// faults belong into the same return.
func (s *Service) Return(ctx context.Context, by identity.Actor, k Key, comments map[string]string) (a Assessment, err error) {
	defer fault.Wrap(&err, "assessment.Return(%s)", k.ID)
	given := map[string]string{}
	for code, body := range comments {
		if body = text.NFC(body); len(body) > 4000 {
			return a, fault.Invalid(fault.Field("comment."+code, "remark.long"))
		} else if body != "" {
			given[code] = body
		}
	}
	if len(given) == 0 {
		return a, fault.Invalid(fault.Field("comment.", "remark.needed"))
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.settle(ctx, tx, by, k, ActReturn, "", func(before, after *Assessment) error {
			set, err := s.sets.Compiled(ctx, before.SetID)
			if err != nil {
				return err
			}
			for _, code := range sortedKeys(given) {
				if _, ok := set.CriterionIndex(code); code != "" && !ok {
					return fault.Invalid(fault.Field("comment."+code, "criteria.unknown_criterion", "code", code))
				}
				if err := s.remark(ctx, tx, by, before, StageAppraisal, RemarkReturn, code, given[code]); err != nil {
					return err
				}
			}
			a = *after
			return nil
		})
	})
	return a, err
}

// Approve closes a file as passed. Who gave it points, at the area or for the commune, may not, and points alone decide whether it passes.
func (s *Service) Approve(ctx context.Context, by identity.Actor, k Key) (a Assessment, err error) {
	defer fault.Wrap(&err, "assessment.Approve(%s)", k.ID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.settle(ctx, tx, by, k, ActApprove, "", func(before, after *Assessment) error {
			a = *after
			return passes(before)
		})
	})
	return a, err
}

// passes refuses to approve a file whose points do not make the title.
func passes(a *Assessment) error {
	if a.Outcome != criteria.Recognised.String() {
		return fault.Conflict("assessment.not_passing", "name", a.Name, "outcome", a.Outcome)
	}
	return nil
}

// Reject closes a file as not passed, for a reason that the subject will read.
func (s *Service) Reject(ctx context.Context, by identity.Actor, k Key, reason string) (a Assessment, err error) {
	defer fault.Wrap(&err, "assessment.Reject(%s)", k.ID)
	return s.withReason(ctx, by, k, ActReject, reason)
}

// Reopen takes an approved or rejected file back to the commune before a decision names it.
func (s *Service) Reopen(ctx context.Context, by identity.Actor, k Key, reason string) (a Assessment, err error) {
	defer fault.Wrap(&err, "assessment.Reopen(%s)", k.ID)
	return s.withReason(ctx, by, k, ActReopen, reason)
}

func (s *Service) withReason(ctx context.Context, by identity.Actor, k Key, act Act, reason string) (a Assessment, err error) {
	if reason = text.NFC(reason); reason == "" || len(reason) > 4000 {
		return a, fault.Invalid(fault.Field("reason", "remark.needed"))
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.settle(ctx, tx, by, k, act, reason, func(before, after *Assessment) error {
			a = *after
			return s.remark(ctx, tx, by, before, StageAppraisal, RemarkReason, "", reason)
		})
	})
	return a, err
}

// settle does one act of the commune on one file inside tx: permission, time, version, state and separation of duties, all by the policy; more
// checks and writes what belongs to the act.
func (s *Service) settle(ctx context.Context, tx *store.Tx, by identity.Actor, k Key, act Act, reason string, more func(before, after *Assessment) error) error {
	rule := ruleOf(act)
	before, path, err := s.may(ctx, tx, by, rule.Act, k.PlaceID, k.ID)
	if err != nil {
		return err
	}
	r, err := s.round(ctx, tx, before.RoundID)
	if err != nil {
		return err
	}
	if err := s.during(ctx, tx, &r, &before, rule, path); err != nil {
		return err
	}
	if err := s.stillOpen(ctx, tx, &before, path); err != nil {
		return err
	}
	if k.Version != 0 && k.Version != before.Version {
		return fault.Stale("assessment", before.ID)
	}
	after := before
	if after.State, err = step(&before, act); err != nil {
		return err
	}
	if err := by.Apart(rule, path, before.hands(), before.Name); err != nil {
		return err
	}
	if act == ActApprove || act == ActReject {
		after.ClosedBy = by.ID
	}
	if err := more(&before, &after); err != nil {
		return err
	}
	return s.change(ctx, tx, by, &before, &after, act, reason, nil)
}

// Batch is what an act on many files did: how many, and why the others were left.
type Batch struct {
	Done int
	Left []Left
}

// Left is a file that a batch did not touch, and why.
type Left struct {
	Assessment Assessment
	Why        error // a *fault.Fault
}

const selectAgreeing = `
	SELECT ` + columns + ` FROM assessment a
	WHERE a.place_id = $1 AND a.round_id = $2 AND a.model = $3 AND a.state = 'sent'`

// ApproveAgreeing approves, leaf by leaf, every waiting file below a place whose stages agree, whose evidence is complete and
// whose points pass; the rest is left for reading. Files that by gave points to are listed in Left: another must approve them. Each leaf is one transaction: what is done stays done when a later one fails.
func (s *Service) ApproveAgreeing(ctx context.Context, by identity.Actor, placeID, roundID, model string) (b Batch, err error) {
	defer fault.Wrap(&err, "assessment.ApproveAgreeing(%s)", placeID)
	leaves, err := s.places.Leaves(ctx, placeID, store.Date(s.now()))
	if err != nil {
		return b, err
	}
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return b, err
	}
	if err := by.Check(identity.Approve, path, placeID); err != nil {
		return b, err
	}
	for _, leaf := range leaves {
		var done Batch
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			done = Batch{}
			list, err := store.Collect(ctx, tx, scan, selectAgreeing, leaf.ID, roundID, model)
			if err != nil {
				return err
			}
			for i := range list {
				a := &list[i]
				if a.Flags&AttentionFlags != 0 {
					continue
				}
				if passes(a) != nil {
					continue
				}
				if why := by.Apart(ruleOf(ActApprove), path, a.hands(), a.Name); why != nil { // for another to approve: said by name
					done.Left = append(done.Left, Left{*a, why})
					continue
				}
				if why := registry.Free(ctx, tx, a.SubjectID, a.Name); why != nil {
					if fault.Ours(why) {
						return why
					}
					done.Left = append(done.Left, Left{*a, why})
					continue
				}
				err = s.settle(ctx, tx, by, Key{PlaceID: a.PlaceID, ID: a.ID}, ActApprove, "", func(_, _ *Assessment) error { return nil })
				if err != nil {
					return err
				}
				done.Done++
			}
			return nil
		})
		if err != nil {
			return b, err
		}
		b.Done, b.Left = b.Done+done.Done, append(b.Left, done.Left...)
	}
	return b, nil
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
