// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// maxFile is how large a signed PDF may be: a decision with a list of 10,000 names has a tenth of it.
const maxFile = 32 << 20

const (
	signingColumns  = `g.thing_id, g.thing, g.decision_id, g.body_id, g.place_id, g.source_sha, g.source_size, g.spot, g.steps, g.complete, g.by_id, g.begun_at`
	selectSigning   = `SELECT ` + signingColumns + ` FROM signing g WHERE g.thing_id = $1`
	selectOf        = `SELECT ` + signingColumns + ` FROM signing g WHERE g.decision_id = $1`
	selectFiles     = `SELECT ` + fileColumns + ` FROM signed_file f WHERE f.thing_id = $1 ORDER BY f.step`
	selectFilesOf   = `SELECT ` + fileColumns + ` FROM signed_file f JOIN signing g ON g.thing_id = f.thing_id WHERE g.decision_id = $1 ORDER BY f.thing_id, f.step`
	selectCompleted = `
		SELECT g.thing_id FROM signing g WHERE g.complete AND g.place_id = $1
		UNION SELECT g.thing_id FROM signing g JOIN body b ON b.id = g.body_id WHERE g.complete AND b.place_id = $1`
	insertSigning = `
		INSERT INTO signing (thing_id, thing, decision_id, body_id, place_id, source_sha, source_size, spot, by_id, begun_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (thing_id) DO NOTHING`
)

func scanSigning(sc store.Scanner) (g Signing, err error) {
	var begun int64
	var spot string
	if err := sc.Scan(&g.ThingID, &g.Thing, &g.DecisionID, &g.BodyID, &g.PlaceID, &g.SourceSHA, &g.SourceSize, &spot, &g.Steps, &g.Complete, &g.ByID, &begun); err != nil {
		return g, err
	}
	g.BegunAt = store.Time(begun)
	return g, json.Unmarshal([]byte(spot), &g.Spot)
}

// thing reads what a target names, as by may see it.
func (s *Service) thing(ctx context.Context, by identity.Actor, t Target) (g Signing, err error) {
	if t.DecisionID == "" {
		return s.alone(ctx, by, t.PaperID)
	}
	d, err := s.recognition.Decision(ctx, by, t.DecisionID)
	if err != nil {
		return g, err
	}
	if d.State != recognition.StateIssued {
		return g, fault.Conflict("signature.not_issued")
	}
	g = Signing{ThingID: d.ID, Thing: "decision", DecisionID: d.ID, BodyID: d.BodyID, PlaceID: d.PlaceID, issuedAt: d.IssuedAt, number: d.Text()}
	if t.PaperID == "" {
		return g, nil
	}
	p, err := s.recognition.PaperByID(ctx, by, t.PaperID)
	if err == nil && p.DecisionID != d.ID {
		err = fault.NotFound("paper", t.PaperID)
	}
	g.ThingID, g.Thing, g.issuedAt, g.number, g.void = p.ID, "paper", p.IssuedAt, p.Text(), p.Void()
	return g, err
}

// alone is a paper that goes with no decision, such as a request.
func (s *Service) alone(ctx context.Context, by identity.Actor, id string) (g Signing, err error) {
	p, err := s.recognition.PaperByID(ctx, by, id)
	if err == nil && p.DecisionID != "" {
		err = fault.NotFound("paper", id)
	}
	return Signing{ThingID: p.ID, Thing: "paper", BodyID: p.BodyID, PlaceID: p.PlaceID, issuedAt: p.IssuedAt, number: p.Text(), void: p.Void()}, err
}

// mayIssue demands the right to issue what is signed, and that it still counts. A nil tx reads outside a transaction.
func (s *Service) mayIssue(ctx context.Context, tx *store.Tx, by identity.Actor, g *Signing) error {
	err := s.recognition.MayIssue(ctx, tx, by, g.PlaceID, g.BodyID)
	if err == nil && g.void {
		err = fault.Conflict("recognition.void_already", "number", g.number)
	}
	return err
}

// Signing returns how far an issued paper is; SourceSHA is empty before signing began. It fails with fault.NotFound, fault.Denied, and
// fault.Conflict "signature.not_issued" for a draft.
func (s *Service) Signing(ctx context.Context, by identity.Actor, t Target) (g Signing, err error) {
	defer fault.Wrap(&err, "signature.Signing(%s)", t.id())
	return s.known(ctx, by, t)
}

func (s *Service) known(ctx context.Context, by identity.Actor, t Target) (Signing, error) {
	g, err := s.thing(ctx, by, t)
	if err != nil {
		return g, err
	}
	begun, found, err := store.One(ctx, s.db.Read(), scanSigning, selectSigning, g.ThingID)
	if err != nil || !found {
		return g, err
	}
	begun.issuedAt, begun.number, begun.void = g.issuedAt, g.number, g.void
	files, err := store.Collect(ctx, s.db.Read(), scanFile, selectFiles, g.ThingID)
	begun.Files = files[:min(len(files), begun.Steps)] // one may have come between the two readings
	return begun, err
}

// Of returns what was begun of a decision and of the papers that go with it, by id.
func (s *Service) Of(ctx context.Context, by identity.Actor, decisionID string) (of map[string]Signing, err error) {
	defer fault.Wrap(&err, "signature.Of(%s)", decisionID)
	if _, err := s.recognition.Decision(ctx, by, decisionID); err != nil {
		return nil, err
	}
	list, err := store.Collect(ctx, s.db.Read(), scanSigning, selectOf, decisionID)
	if err != nil {
		return nil, err
	}
	files, err := store.Collect(ctx, s.db.Read(), scanFile, selectFilesOf, decisionID)
	of = make(map[string]Signing, len(list))
	for _, g := range list {
		for _, f := range files {
			if f.ThingID == g.ThingID {
				g.Files = append(g.Files, f)
			}
		}
		of[g.ThingID] = g
	}
	return of, err
}

// Completed returns the ids of what is signed of a place, and of what the bodies of the place issued for others.
func (s *Service) Completed(ctx context.Context, by identity.Actor, placeID string) (ids map[string]bool, err error) {
	defer fault.Wrap(&err, "signature.Completed(%s)", placeID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	list, err := store.Collect(ctx, s.db.Read(), store.Value[string], selectCompleted, placeID)
	ids = make(map[string]bool, len(list))
	for _, id := range list {
		ids[id] = true
	}
	return ids, err
}

// Begin prints the PDF that is to be signed and keeps it; when that was done before it changes nothing. print writes the issued paper and says
// where its signer signs. It fails with fault.Denied, and with fault.Conflict "signature.no_roots" or "signature.not_issued".
func (s *Service) Begin(ctx context.Context, by identity.Actor, t Target, print func(io.Writer) ([]pdf.Spot, error)) (err error) {
	defer fault.Wrap(&err, "signature.Begin(%s)", t.id())
	g, err := s.known(ctx, by, t)
	if err != nil {
		return err
	}
	if err := s.mayIssue(ctx, nil, by, &g); err != nil {
		return err
	}
	if err := s.ready(); err != nil || g.SourceSHA != "" {
		return err
	}
	var b bytes.Buffer
	spots, err := print(&b)
	if err != nil {
		return err
	}
	if len(spots) > 0 {
		g.Spot = spots[0]
	}
	spot, err := json.Marshal(g.Spot)
	if err != nil {
		return err
	}
	ref, err := s.blobs.Put(ctx, &b, maxFile)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.mayIssue(ctx, tx, by, &g); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, insertSigning, g.ThingID, g.Thing, g.DecisionID, g.BodyID, g.PlaceID, ref.SHA256, ref.Size, string(spot), by.ID, store.Micros(s.now()))
		if err != nil || n == 0 { // somebody else began meanwhile, with the same bytes
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: g.PlaceID, ThingID: g.ThingID, Thing: "signing", Act: "begin",
			After: map[string]any{"number": g.number, "source": ref.SHA256, "size": ref.Size}})
	})
}

// Open returns a file of a signing: step 0 is the one before any signature. The caller closes it. It fails with fault.NotFound and fault.Denied.
func (s *Service) Open(ctx context.Context, by identity.Actor, t Target, step int) (r io.ReadSeekCloser, size int64, err error) {
	defer fault.Wrap(&err, "signature.Open(%s, %d)", t.id(), step)
	g, err := s.known(ctx, by, t)
	if err != nil {
		return nil, 0, err
	}
	sha := g.SourceSHA
	if step != 0 {
		sha = ""
		for _, f := range g.Files {
			if f.Step == step {
				sha = f.SHA
			}
		}
	}
	if sha == "" {
		return nil, 0, fault.NotFound("file", t.id())
	}
	return s.blobs.Open(ctx, sha)
}

func (s *Service) read(ctx context.Context, sha string) ([]byte, error) {
	r, _, err := s.blobs.Open(ctx, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
