// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"encoding/json"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/store"
)

// process is the job that follows an upload: it reads the file as a whole and records whether it may be shown. Doing it again
// changes nothing.
func (s *Service) process(ctx context.Context, j *job.Job) error {
	var t task
	if err := json.Unmarshal(j.Payload, &t); err != nil {
		return err
	}
	it, err := get(ctx, s.db.Read(), t.PlaceID, t.ID)
	switch {
	case fault.KindOf(err) == fault.KindNotFound:
		return nil
	case err != nil:
		return err
	case it.State != StateReceived:
		return nil
	}
	done, err := Process(ctx, s.blobs, Received{Ref: blob.Ref{SHA256: it.source, Size: it.Size}, Name: it.Name, Kind: it.Kind, W: it.W, H: it.H})
	why, refused := fault.As(err)
	if err != nil && !refused {
		return err
	}
	if refused && why.Kind == fault.KindNotFound {
		why = fault.Conflict("evidence.lost", "name", it.Name)
	}
	if refused {
		err = s.db.Write(ctx, func(tx *store.Tx) error { return s.refuse(ctx, tx, it, why) })
	} else {
		err = s.db.Write(ctx, func(tx *store.Tx) error { return s.accept(ctx, tx, it, done) })
	}
	if err != nil {
		return err
	}
	return s.dropOriginal(ctx, it)
}

const (
	// By id and bytes, not by place: a family that moved took a copy of the item along.
	updateReady = `
		UPDATE evidence SET state = 'ready', pixel_sha = $1, look = $2, file_sha = $3, thumb_sha = $4, size = $5, width = $6, height = $7, taken_at = $8
		WHERE source_sha = $9 AND source_sha <> '' AND id = $10 AND state = 'received'`
	updateRefused = `
		UPDATE evidence SET state = 'refused', reason = $1
		WHERE source_sha = $2 AND source_sha <> '' AND id = $3 AND state = 'received'`
)

func (s *Service) accept(ctx context.Context, tx *store.Tx, it Item, p Processed) error {
	n, err := tx.Exec(ctx, updateReady, p.Pixels, int64(p.Look), p.Full.SHA256, p.Thumb.SHA256, p.Full.Size, p.W, p.H, store.Micros(p.TakenAt), it.source, it.ID)
	if err != nil || n == 0 {
		return err
	}
	if err := s.match(ctx, tx, it, p); err != nil {
		return err
	}
	it.State = StateReady
	return s.journal(ctx, tx, identity.System, it, ActJudge, verdict{State: it.State, File: p.Full.SHA256})
}

func (s *Service) refuse(ctx context.Context, tx *store.Tx, it Item, why *fault.Fault) error {
	kept, err := reasonOf(why)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, updateRefused, kept, it.source, it.ID)
	if err != nil || n == 0 {
		return err
	}
	users, err := store.Collect(ctx, tx, scanUser, selectUsers, it.ID)
	if err != nil {
		return err
	}
	if err := s.tell(ctx, tx, users, nil); err != nil {
		return err
	}
	it.State = StateRefused
	return s.journal(ctx, tx, identity.System, it, ActJudge, verdict{State: it.State, Why: json.RawMessage(kept)})
}

// verdict is what the journal keeps of it.
type verdict struct {
	State State           `json:"state"`
	File  string          `json:"file_sha,omitempty"`
	Why   json.RawMessage `json:"reason,omitempty"`
}

// dropOriginal deletes the bytes as they were sent, which hold a camera's location, or what was refused. Sweep finds those that
// stay because someone is sending the same bytes at this moment.
func (s *Service) dropOriginal(ctx context.Context, it Item) error {
	keep, err := s.named(ctx, []string{it.source})
	if err != nil || keep[it.source] {
		return err
	}
	_, err = s.blobs.Delete(ctx, it.source, it.At)
	return err
}
