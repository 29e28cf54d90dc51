// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// erasure is what one did.
type erasure struct {
	kept  string   // what the archives law keeps: "" | decisions
	files []string // hashes that may have no name any more
	names []string // that files bore
}

// KeptDecisions says that issued decisions, their lists, titles and numbers stay: Archives Law 33/2024/QH15.
const KeptDecisions = "decisions"

// basis is what the answer names where not all could go.
func (e erasure) basis() string {
	if e.kept == "" {
		return ""
	}
	return "Luật Lưu trữ 33/2024/QH15; Luật 91/2025/QH15"
}

// The rows that tell of a subject, and what is left of them. Points, totals and states stay: by them alone nobody is known, and counters are made of them.
const (
	selectDraftOf   = `SELECT d.id FROM decision_item i JOIN decision d ON d.id = i.decision_id WHERE i.place_id = $1 AND i.subject_id = $2 AND d.state = 'draft'`
	selectTitlesOf  = `SELECT count(*) FROM title WHERE subject_id = $1`
	selectListedIn  = `SELECT count(*) FROM decision_item WHERE place_id = $1 AND subject_id = $2`
	selectFilesOf   = `SELECT place_id, id, set_id, name FROM assessment WHERE place_id = $1 AND subject_id = $2 ORDER BY id`
	eraseFile       = `UPDATE assessment SET name = $1, fold = '', sort = '', number = '', evidence = 0, version = version + 1 WHERE place_id = $2 AND id = $3`
	selectInputs    = `SELECT stage, input FROM sheet WHERE place_id = $1 AND assessment_id = $2`
	updateInput     = `UPDATE sheet SET input = $1 WHERE place_id = $2 AND assessment_id = $3 AND stage = $4`
	eraseRemarks    = `UPDATE remark SET body = '' WHERE place_id = $1 AND assessment_id = $2`
	eraseAppeals    = `UPDATE appeal SET body = '', by_name = '', answer = '' WHERE place_id = $1 AND assessment_id = $2`
	selectAppealIDs = `SELECT id FROM appeal WHERE place_id = $1 AND assessment_id = $2`
	eraseRechecks   = `UPDATE recheck_item SET body = '' WHERE place_id = $1 AND assessment_id = $2`
	eraseRequests   = `UPDATE privacy_request SET name = '', contact = '', words = '', checked = '', answer = '' WHERE subject_id = $1 AND id <> $2`
	eraseRequest    = `UPDATE privacy_request SET name = '', contact = '', words = '', checked = '' WHERE id = $1`
	insertErased    = `INSERT INTO erased (subject_id, request_id, kept, by_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject_id) DO NOTHING`
	// zeroed lets SQLite write zeros over what it frees, on this connection from now on.
	zeroed = `PRAGMA secure_delete = 1`
)

// file is one assessment of the subject.
type file struct{ placeID, id, setID, name string }

// erase takes a subject out of everything but what the archives law keeps. It runs in one transaction, so that nobody sees a half of it. It fails with
// fault.Conflict while the subject stands in the draft of a decision.
func (s *Service) erase(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, subjectID, requestID string) (e erasure, err error) {
	if s.db.Engine == store.SQLite {
		if _, err := tx.Exec(ctx, zeroed); err != nil {
			return e, err
		}
	}
	if err := s.registry.Restrict(ctx, tx, by, placeID, subjectID, "", false); err != nil { // it holds off changes, and this is one
		return e, err
	}
	gone, err := s.registry.Erase(ctx, tx, by, placeID, subjectID)
	if err != nil {
		return e, err
	}
	e.files = gone.Files
	things := slices.Concat(gone.IDs, gone.Batches)
	for _, id := range gone.IDs {
		titles, _, err := store.One(ctx, tx, store.Value[int], selectTitlesOf, id)
		if err != nil {
			return e, err
		}
		if titles > 0 {
			e.kept = KeptDecisions
		}
		for _, place := range gone.Places {
			more, err := s.eraseAt(ctx, tx, place, id, &e)
			if err != nil {
				return e, err
			}
			things = append(things, more...)
		}
		if _, err := tx.Exec(ctx, eraseRequests, id, requestID); err != nil {
			return e, err
		}
	}
	if _, err := tx.Exec(ctx, eraseRequest, requestID); err != nil {
		return e, err
	}
	if err := s.forget(ctx, tx, by, gone.Places, things, append(e.names, gone.Names...), requestID); err != nil {
		return e, err
	}
	for _, id := range gone.IDs {
		if _, err := tx.Exec(ctx, insertErased, id, requestID, e.kept, by.ID, store.Micros(s.now())); err != nil {
			return e, err
		}
	}
	return e, audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: subjectID, Thing: "subject", Act: "erase",
		After: map[string]any{"request": requestID, "kept": e.kept, "files": len(e.files)}})
}

// eraseAt empties what lies in one leaf and returns the ids of the records that went with it.
func (s *Service) eraseAt(ctx context.Context, tx *store.Tx, placeID, id string, e *erasure) (things []string, err error) {
	draft, found, err := store.One(ctx, tx, store.Value[string], selectDraftOf, placeID, id)
	if err != nil {
		return nil, err
	}
	if found {
		return nil, fault.Conflict("privacy.in_draft", "decision", draft)
	}
	listed, _, err := store.One(ctx, tx, store.Value[int], selectListedIn, placeID, id)
	if err != nil {
		return nil, err
	}
	if listed > 0 {
		e.kept = KeptDecisions
	}
	files, err := store.Collect(ctx, tx, func(sc store.Scanner) (f file, err error) { return f, sc.Scan(&f.placeID, &f.id, &f.setID, &f.name) }, selectFilesOf, placeID, id)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		more, err := s.eraseFile(ctx, tx, f, e)
		if err != nil {
			return nil, err
		}
		things = append(things, more...)
	}
	return things, nil
}

// eraseFile empties one assessment and returns the ids of the records that went with it.
func (s *Service) eraseFile(ctx context.Context, tx *store.Tx, f file, e *erasure) (things []string, err error) {
	things = []string{f.id}
	if f.name != "" && f.name != registry.ErasedName && !slices.Contains(e.names, f.name) {
		e.names = append(e.names, f.name)
	}
	if _, err := tx.Exec(ctx, eraseFile, registry.ErasedName, f.placeID, f.id); err != nil {
		return nil, err
	}
	if err := s.eraseSheets(ctx, tx, f); err != nil {
		return nil, err
	}
	appeals, err := store.Collect(ctx, tx, store.Value[string], selectAppealIDs, f.placeID, f.id)
	if err != nil {
		return nil, err
	}
	things = append(things, appeals...)
	for _, query := range []string{eraseRemarks, eraseAppeals, eraseRechecks} {
		if _, err := tx.Exec(ctx, query, f.placeID, f.id); err != nil {
			return nil, err
		}
	}
	items, hashes, err := s.evidence.Erase(ctx, tx, f.placeID, f.id)
	e.files = append(e.files, hashes...)
	return append(things, items...), err
}

// eraseSheets takes the texts out of the sheets. What scores is kept, so that the result can be worked out again: numbers, answers, and choices among
// given values.
func (s *Service) eraseSheets(ctx context.Context, tx *store.Tx, f file) error {
	type sheet struct{ stage, input string }
	sheets, err := store.Collect(ctx, tx, func(sc store.Scanner) (x sheet, err error) { return x, sc.Scan(&x.stage, &x.input) }, selectInputs, f.placeID, f.id)
	if err != nil || len(sheets) == 0 {
		return err
	}
	set, err := s.sets.Compiled(ctx, f.setID)
	if err != nil {
		return err
	}
	for _, x := range sheets {
		var entry assessment.Entry
		if err := json.Unmarshal([]byte(x.input), &entry); err != nil {
			return err
		}
		for key, value := range entry.Facts {
			if _, word := value.(string); !word {
				continue
			}
			if i, known := set.FactIndex(key); !known || set.Facts[i].Type == criteria.FactText {
				delete(entry.Facts, key)
			}
		}
		b, err := json.Marshal(entry)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateInput, string(b), f.placeID, f.id, x.stage); err != nil {
			return err
		}
	}
	return nil
}

// dropFiles removes the bytes that no record names any more, once the erasure is on disk. What fails here is done by the next sweep of the store.
func (s *Service) dropFiles(ctx context.Context, hashes []string) error {
	if len(hashes) == 0 {
		return nil
	}
	return s.evidence.Drop(ctx, hashes, time.Now(), s.Named...)
}

// Erased is one line of the list that is replayed over a copy.
type Erased struct {
	SubjectID string `json:"subject"`
	RequestID string `json:"request,omitempty"`
	At        int64  `json:"at"`
}

const (
	selectErased      = `SELECT subject_id, request_id, at FROM erased ORDER BY at, subject_id`
	selectErasedOne   = `SELECT count(*) FROM erased WHERE subject_id = $1`
	selectWhere       = `SELECT place_id FROM subject WHERE id = $1 AND state <> 'merged'`
	selectWhereMerged = `SELECT place_id FROM subject WHERE id = $1`
)

// List returns what was erased, oldest first: ids, and no word of whom they named.
func (s *Service) List(ctx context.Context) (list []Erased, err error) {
	defer fault.Wrap(&err, "privacy.List")
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (e Erased, err error) { return e, sc.Scan(&e.SubjectID, &e.RequestID, &e.At) }, selectErased)
}

// Replay erases again what was erased after the copy was made that has just been put back; n is how many of the list were there.
func (s *Service) Replay(ctx context.Context, list []Erased) (n int, err error) {
	defer fault.Wrap(&err, "privacy.Replay")
	for _, e := range list {
		var gone erasure
		did := false
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			did, gone = false, erasure{}
			already, _, err := store.One(ctx, tx, store.Value[int], selectErasedOne, e.SubjectID)
			if err != nil || already > 0 {
				return err
			}
			placeID, found, err := store.One(ctx, tx, store.Value[string], selectWhere, e.SubjectID)
			if err == nil && !found {
				placeID, found, err = store.One(ctx, tx, store.Value[string], selectWhereMerged, e.SubjectID)
			}
			if err != nil || !found {
				return err
			}
			did = true
			gone, err = s.erase(ctx, tx, identity.System, placeID, e.SubjectID, e.RequestID)
			return err
		})
		if err == nil && did {
			n++
			err = s.dropFiles(ctx, gone.files)
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
