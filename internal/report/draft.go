// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"encoding/json"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// work is a report that somebody is about to change, with what is read before the transaction.
type work struct {
	report Report
	place  place.Place
	basis  basis
}

// open reads a report for a change of its draft and checks who asks and whether it may be changed.
func (s *Service) open(ctx context.Context, by identity.Actor, placeID, periodID string) (w work, err error) {
	if w.report, err = s.report(ctx, s.db.Read(), placeID, periodID); err != nil {
		return w, err
	}
	if err := s.mayWrite(ctx, nil, by, w.report.Period.Level, placeID); err != nil {
		return w, err
	}
	if err := s.writable(&w.report); err != nil {
		return w, err
	}
	if w.place, err = s.places.Get(ctx, placeID); err != nil {
		return w, err
	}
	p := &w.report.Period
	w.basis, err = s.basis(ctx, w.place, p.Kind, p.FromYear, p.ToYear, true)
	return w, err
}

// writable refuses a report that is not with its place, and one whose period has not begun or is over.
func (s *Service) writable(r *Report) error {
	switch today := store.Date(s.now()); {
	case !r.State.Writable():
		return fault.Conflict("report.not_with_you", "state", string(r.State))
	case today < r.Period.Opens:
		return fault.Conflict("report.not_open", "opens", r.Period.Opens)
	case r.Period.EndedOn != "":
		return fault.Conflict("report.ended", "date", r.Period.EndedOn)
	case today > r.Closes:
		return fault.Conflict("report.closed", "closes", r.Closes)
	}
	return nil
}

// again reads the report inside the transaction of a change and demands that it is still the one of version.
func (s *Service) again(ctx context.Context, tx *store.Tx, by identity.Actor, w *work, version int64) (Report, error) {
	r, err := s.report(ctx, tx, w.report.PlaceID, w.report.Period.ID)
	if err != nil {
		return r, err
	}
	if err := s.mayWrite(ctx, tx, by, r.Period.Level, r.PlaceID); err != nil {
		return r, err
	}
	if r.Version != version {
		return r, fault.Stale("report", r.Period.ID)
	}
	return r, s.writable(&r)
}

const updateDraft = `UPDATE report SET figures = $1, words = $2, by_id = $3, by_name = $4, updated_at = $5, version = version + 1
	WHERE place_id = $6 AND period_id = $7 AND version = $8`

func (s *Service) keep(ctx context.Context, tx *store.Tx, by identity.Actor, r *Report) error {
	figures := ""
	if r.Figures != nil {
		text, err := json.Marshal(r.Figures)
		if err != nil {
			return err
		}
		figures = string(text)
	}
	words, err := json.Marshal(r.Words)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, updateDraft, figures, string(words), by.ID, by.Name, store.Micros(s.now()), r.PlaceID, r.Period.ID, r.Version)
	if err == nil && n == 0 {
		err = fault.Stale("report", r.Period.ID)
	}
	r.Version, r.ByName, r.UpdatedAt = r.Version+1, by.Name, s.now()
	return err
}

// Fill begins the draft, or fetches its figures again: what the system knows at this moment. What was typed stays. It fails with fault.Stale when
// somebody saved since version, fault.Denied, and fault.Conflict when the report is not with its place or its period is closed.
func (s *Service) Fill(ctx context.Context, by identity.Actor, placeID, periodID string, version int64) (r Report, err error) {
	defer fault.Wrap(&err, "report.Fill(%s, %s)", placeID, periodID)
	w, err := s.open(ctx, by, placeID, periodID)
	if err != nil {
		return r, err
	}
	signer, err := s.signer(ctx, w.place)
	if err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if r, err = s.again(ctx, tx, by, &w, version); err != nil {
			return err
		}
		if r.Figures == nil && r.Words.Signer == "" {
			r.Words.Signer = signer
		}
		if r.Figures, err = s.fill(ctx, tx, &w.basis); err != nil {
			return err
		}
		if err := s.keep(ctx, tx, by, &r); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: "fill"})
	})
	return r, err
}

// issuer is the body in whose name a place reports: its association for the promotion of learning.
func issuer(p place.Place) string {
	if p.Level == place.Province {
		return recognition.BodyID(recognition.BodyAssociationProvince, p.ID)
	}
	return recognition.BodyID(recognition.BodyAssociationCommune, p.ID)
}

func (s *Service) body(ctx context.Context, p place.Place) (b recognition.Body, err error) {
	list, err := s.recognition.EnsureBodies(ctx, p.ID)
	for _, b := range list {
		if b.ID == issuer(p) {
			return b, err
		}
	}
	if err == nil {
		err = fault.NotFound("body", issuer(p))
	}
	return b, err
}

func (s *Service) signer(ctx context.Context, p place.Place) (string, error) {
	b, err := s.body(ctx, p)
	return b.Signer, err
}

// Save keeps what was typed. It fails with fault.Invalid for each text that is too long and each figure that cannot be, with fault.Stale when somebody
// saved since version, and like Fill.
func (s *Service) Save(ctx context.Context, by identity.Actor, placeID, periodID string, version int64, words Words) (r Report, err error) {
	defer fault.Wrap(&err, "report.Save(%s, %s)", placeID, periodID)
	w, err := s.open(ctx, by, placeID, periodID)
	if err != nil {
		return r, err
	}
	words = words.Tidy()
	if err := words.Check(); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if r, err = s.again(ctx, tx, by, &w, version); err != nil {
			return err
		}
		if r.Figures == nil {
			return fault.Conflict("report.not_begun")
		}
		r.Words = words.about(Flags(r.Figures))
		if err := s.keep(ctx, tx, by, &r); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: "save", After: r.Words})
	})
	return r, err
}

const updateCorrecting = `UPDATE report SET state = 'correcting', reason = $1, version = version + 1, updated_at = $2, by_id = $3, by_name = $4
	WHERE place_id = $5 AND period_id = $6 AND version = $7 AND state = 'accepted'`

// Correct takes an accepted report up again, with the reason. The accepted version counts until the corrected one is accepted. It fails with
// fault.Invalid without a reason, with fault.Stale, fault.Denied, and fault.Conflict when the report is not accepted or its period is closed.
func (s *Service) Correct(ctx context.Context, by identity.Actor, placeID, periodID string, version int64, reason string) (err error) {
	defer fault.Wrap(&err, "report.Correct(%s, %s)", placeID, periodID)
	reason = tidy(reason)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.report(ctx, tx, placeID, periodID)
		if err != nil {
			return err
		}
		if err := s.mayWrite(ctx, tx, by, r.Period.Level, placeID); err != nil {
			return err
		}
		if err := needsReason(reason); err != nil {
			return err
		}
		if r.State != Accepted {
			return fault.Conflict("report.not_accepted", "state", string(r.State))
		}
		if r.Period.EndedOn != "" {
			return fault.Conflict("report.ended", "date", r.Period.EndedOn)
		}
		if store.Date(s.now()) > r.Closes {
			return fault.Conflict("report.closed", "closes", r.Closes)
		}
		n, err := tx.Exec(ctx, updateCorrecting, reason, store.Micros(s.now()), by.ID, by.Name, placeID, periodID, version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("report", periodID)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: "correct", Reason: reason})
	})
}

func needsReason(reason string) error { return needsText("ly-do", "report.reason", reason) }

// needsText refuses an empty text of a field with the key, and one that is too long.
func needsText(field, key, text string) error {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return fault.Invalid(fault.Field(field, key))
	case n > reasonLimit:
		return fault.Invalid(fault.Field(field, "report.long", "count", n, "max", reasonLimit))
	}
	return nil
}
