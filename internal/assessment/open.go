// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"fmt"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/store"
)

// ListKind is the kind of the job that lists every subject of a round's place; cmd gives it HandleList.
const ListKind = "round.list"

type listing struct {
	RoundID string `json:"round"`
}

// OpenRound opens a draft and asks for the job that gives every subject below its place a row. It returns the job's id, for its
// progress.
func (s *Service) OpenRound(ctx context.Context, by identity.Actor, queue *job.Queue, r Round) (jobID string, err error) {
	defer fault.Wrap(&err, "assessment.OpenRound(%s)", r.ID)
	if r.State != RoundDraft {
		return "", fault.Conflict("round.not_draft", "round", r.Title)
	}
	r.State = RoundOpen
	if _, err := s.SaveRound(ctx, by, r); err != nil {
		return "", err
	}
	return jobID, s.db.Write(ctx, func(tx *store.Tx) (err error) {
		jobID, err = queue.Add(ctx, tx, ListKind, r.ID, listing{RoundID: r.ID}, by.ID)
		return err
	})
}

// HandleList lists leaf by leaf. Listing a leaf again adds only who is missing, so a job that was cut off starts over safely.
func (s *Service) HandleList(ctx context.Context, j *job.Job) error {
	var l listing
	if err := json.Unmarshal(j.Payload, &l); err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	r, err := s.Round(ctx, l.RoundID)
	if err != nil {
		return err
	}
	leaves, err := s.places.Leaves(ctx, r.PlaceID, store.Date(s.now()))
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := s.ListLeaf(ctx, identity.System, leaf.ID, r.ID); err != nil {
			return err
		}
		if i%20 == 19 || i == len(leaves)-1 {
			if err := j.Step(ctx, int64(i+1), int64(len(leaves))); err != nil {
				return err
			}
		}
	}
	return nil
}
