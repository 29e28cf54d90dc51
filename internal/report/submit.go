// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"context"
	"encoding/json"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// symbol follows the number of a report: the association's own sign stands behind it as in its decisions.
const symbol = "BC-HKH"

// corrected follows the abstract of a correction in the register of outgoing papers.
const corrected = " (bản đính chính)"

const (
	insertVersion = `INSERT INTO report_version (place_id, period_id, no, paper_id, sha, reason, by_id, by_name, submitted_at, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'submitted')`
	updateSubmitted = `UPDATE report SET state = 'submitted', last = $1, submitted_on = CASE WHEN accepted = 0 THEN $2 ELSE submitted_on END, version = version + 1, updated_at = $3, by_id = $4, by_name = $5
		WHERE place_id = $6 AND period_id = $7 AND version = $8`
)

// Submit sends the draft up: in one transaction it compares the figures that the officer saw with those of this moment, takes the report's number and
// freezes both figures and words. When figures have changed since, nothing is sent: the draft takes the new ones and changes says which.
//
// It fails with fault.Invalid for each flag without an explanation and for no signer, with fault.Stale when somebody saved since version, with
// fault.Denied, and with fault.Conflict when the report is not with its place or its period is closed. A failure uses no number.
func (s *Service) Submit(ctx context.Context, by identity.Actor, placeID, periodID string, version int64) (v Version, changes []Change, err error) {
	defer fault.Wrap(&err, "report.Submit(%s, %s)", placeID, periodID)
	w, err := s.open(ctx, by, placeID, periodID)
	if err != nil {
		return v, nil, err
	}
	body, err := s.body(ctx, w.place)
	if err != nil {
		return v, nil, err
	}
	above := ""
	if w.place.Level == place.Commune {
		p, err := s.places.Get(ctx, w.report.Period.PlaceID)
		if err != nil {
			return v, nil, err
		}
		above = p.FullName()
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		changes = nil
		r, err := s.again(ctx, tx, by, &w, version)
		if err != nil {
			return err
		}
		if r.Figures == nil {
			return fault.Conflict("report.not_begun")
		}
		live, err := s.fill(ctx, tx, &w.basis)
		if err != nil {
			return err
		}
		seen := r.Figures
		r.Figures = live
		if changes = Diff(seen, live); len(changes) > 0 {
			return s.keep(ctx, tx, by, &r)
		}
		flags := Flags(live)
		r.Words = r.Words.about(flags)
		if err := r.Words.missing(flags); err != nil {
			return err
		}
		snap := r.snapshot(w.place, above)
		snap.No, snap.Reason = r.Last+1, r.Reason
		about := r.Period.Title
		if r.Accepted > 0 {
			about += corrected
		}
		if no := cmp.Or(r.Accepted, r.Last); no > 0 {
			content, _, err := store.One(ctx, tx, store.Value[string], selectContent, placeID, periodID, no)
			if err != nil {
				return err
			}
			old, err := Decode(content)
			if err != nil {
				return err
			}
			snap.Replaces, snap.ReplacesOn = old.Number, old.Date
		}
		now := s.now()
		// The row of the report first: who sends the same at the same time waits for it, and finds that it was sent.
		n, err := tx.Exec(ctx, updateSubmitted, snap.No, store.Date(now), store.Micros(now), by.ID, by.Name, placeID, periodID, r.Version)
		if err == nil && n == 0 {
			err = fault.Stale("report", periodID)
		}
		if err != nil {
			return err
		}
		paper, err := s.recognition.Number(ctx, tx, by, recognition.Paper{BodyID: body.ID, BodyName: body.Name, PlaceID: placeID, Kind: recognition.PaperReport, Symbol: symbol,
			Date: store.Date(now), About: about, Signer: r.Words.Signer, IssuedAt: now}, func(p *recognition.Paper) (string, error) {
			snap.Number, snap.Date = p.Text(), p.Date
			text, err := json.Marshal(snap)
			return string(text), err
		})
		if err != nil {
			return err
		}
		v = Version{PlaceID: placeID, PeriodID: periodID, No: snap.No, PaperID: paper.ID, SHA: paper.SHA, Reason: r.Reason, ByID: by.ID, ByName: by.Name, SubmittedAt: now, State: Submitted}
		if _, err := tx.Exec(ctx, insertVersion, placeID, periodID, v.No, v.PaperID, v.SHA, v.Reason, v.ByID, v.ByName, store.Micros(now)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: "submit", Reason: r.Reason,
			After: map[string]any{"no": v.No, "number": paper.Text(), "sha": v.SHA}})
	})
	return v, changes, err
}

// Draft is what would be submitted: the figures and words as they are kept. above is the full name of the place it goes to.
func (r *Report) Draft(p place.Place, above string) *Snapshot {
	snap := r.snapshot(p, above)
	return &snap
}

func (r *Report) snapshot(p place.Place, above string) Snapshot {
	snap := Snapshot{Schema: schema, Period: SnapshotPeriod{r.Period.ID, r.Period.Kind, r.Period.Title, r.Period.FromYear, r.Period.ToYear},
		Place: SnapshotPlace{p.ID, p.Level, p.Kind, p.Name, above}, Words: r.Words}
	if r.Figures != nil {
		snap.Figures = *r.Figures
	}
	return snap
}
