// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"io"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// processKind is the kind of the job that reads a received file as a whole.
const processKind = "evidence.process"

// task is what that job is told.
type task struct {
	PlaceID string `json:"place"`
	ID      string `json:"id"`
}

const insertItem = `
	INSERT INTO evidence (place_id, id, kind, title, name, state, source_sha, media_type, size, width, height, link, by_id, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

// Upload takes in a file of a leaf and attaches it to uses; without uses it belongs to the leaf, as a photograph of its
// minutes does. The file is on disk before its record is written, and both before Upload returns; a job then decides whether
// it may be shown. The same file sent again for the same assessment, as a phone does that got no answer, is the same item.
//
// It fails with fault.Denied, with the refusals of Receive on the field "file", with fault.Invalid for a use the assessment does
// not know, fault.TooMuch past the limits, and fault.Conflict when the assessment is closed to by.
func (s *Service) Upload(ctx context.Context, by identity.Actor, placeID string, uses []Use, title, name string, r io.Reader) (it Item, err error) {
	defer fault.Wrap(&err, "evidence.Upload(%s)", placeID)
	if err := s.mayAttach(ctx, by, placeID, uses); err != nil {
		return it, err
	}
	if it.Title, err = cleanTitle(title); err != nil {
		return it, err
	}
	if err := checkUses(uses); err != nil {
		return it, err
	}
	got, err := Receive(ctx, s.blobs, r, name)
	if err != nil {
		return it, err
	}
	if by.Own.FileID != "" && !got.Kind.IsPicture() { // what is left of it in the store, Sweep takes away
		return it, fault.Invalid(fault.Field("file", "evidence.only_pictures", "name", got.Name))
	}
	it.PlaceID, it.ID, it.Sort, it.Kind, it.Name = placeID, store.NewID(), Document, got.Kind, got.Name
	if got.Kind.IsPicture() {
		it.Sort = Image
	}
	it.State, it.Size, it.W, it.H, it.ByID, it.At, it.source = StateReceived, got.Size, got.W, got.H, by.ID, s.now(), got.SHA256 // the time after the bytes were put: dropOriginal relies on it
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		before, found, err := s.sentBefore(ctx, tx, it, uses)
		if err != nil {
			return err
		}
		if found {
			it = before
			return s.attach(ctx, tx, by, it, uses)
		}
		if _, err := s.jobs.Add(ctx, tx, processKind, "", task{placeID, it.ID}, by.ID); err != nil { // no key: the id is new
			return err
		}
		return s.record(ctx, tx, by, it, uses)
	})
	return it, err
}

// record writes a new item with what it backs.
func (s *Service) record(ctx context.Context, tx *store.Tx, by identity.Actor, it Item, uses []Use) error {
	if _, err := tx.Exec(ctx, insertItem, it.PlaceID, it.ID, string(it.Sort), it.Title, it.Name, string(it.State), it.source, string(it.Kind), it.Size,
		it.W, it.H, it.Link, it.ByID, store.Micros(it.At)); err != nil {
		return err
	}
	return s.attach(ctx, tx, by, it, uses)
}

const selectSentBefore = `
	SELECT ` + columns + ` FROM evidence e
	WHERE e.source_sha = $1 AND e.source_sha <> '' AND e.place_id = $2 AND e.state <> 'refused' AND e.id IN
		(SELECT u.evidence_id FROM evidence_use u WHERE u.evidence_id = e.id AND u.place_id = e.place_id AND u.assessment_id = $3)
	LIMIT 1`

// sentBefore looks for the same bytes on the assessment that the first use is about. Only there: the same photo in two households
// must stay two items, or nobody would see it.
func (s *Service) sentBefore(ctx context.Context, tx *store.Tx, it Item, uses []Use) (Item, bool, error) {
	if len(uses) == 0 {
		return it, false, nil
	}
	for _, u := range uses {
		if u.AssessmentID != uses[0].AssessmentID {
			return it, false, nil
		}
	}
	return store.One(ctx, tx, scan, selectSentBefore, it.source, it.PlaceID, uses[0].AssessmentID)
}

func (s *Service) journal(ctx context.Context, tx *store.Tx, by identity.Actor, it Item, act Act, what any) error {
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: it.PlaceID, ThingID: it.ID, Thing: "evidence", Act: string(act), After: what})
}

// maxTitle is in characters.
const maxTitle = 200

func cleanTitle(title string) (string, error) {
	title = text.NFC(title)
	if len([]rune(title)) > maxTitle {
		return "", fault.Invalid(fault.Field("title", "evidence.title_long", "max", maxTitle))
	}
	return title, nil
}
