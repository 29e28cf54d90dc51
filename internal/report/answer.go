// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

const (
	selectCentre = `SELECT count(*) FROM account_grant g JOIN account a ON a.id = g.account_id
		WHERE g.place_id = $1 AND g.role = $2 AND g.valid_from <= $3 AND g.valid_to >= $3 AND a.disabled_at = 0`
	updateAnswered = `UPDATE report_version SET state = 'accepted', judged_by = $1, judged_name = $2, judged_at = $3, judged_why = $4, answered_on = $5
		WHERE place_id = $6 AND period_id = $7 AND no = $8 AND state = 'submitted'`
)

// MayAnswer says whether the actor may write down the centre's answer to a report: an officer of the province, while nobody at the centre has an account.
func (s *Service) MayAnswer(ctx context.Context, by identity.Actor, r *Report) (may bool, err error) {
	defer fault.Wrap(&err, "report.MayAnswer(%s)", r.PlaceID)
	return s.mayAnswer(ctx, s.db.Read(), by, r)
}

func (s *Service) mayAnswer(ctx context.Context, tx *store.Tx, by identity.Actor, r *Report) (bool, error) {
	if r.Period.Level != place.Province || s.may(ctx, tx, by, identity.RuleReports, r.PlaceID) != nil {
		return false, nil
	}
	n, _, err := store.One(ctx, tx, store.Value[int], selectCentre, place.Root, string(identity.ProvinceOfficer), store.Date(s.now()))
	return n == 0, err
}

// Answer writes down that the centre took over version no of a province's report: the day of its answer and a note, as the number of its letter. From then
// on the version counts as accepted and may be corrected. It fails with fault.Invalid for no day, one to come or one before the sending and for no note,
// with fault.Stale when that version is not the one that waits, and with fault.Denied for others and where the centre has an account.
func (s *Service) Answer(ctx context.Context, by identity.Actor, placeID, periodID string, no int, day, note string) (err error) {
	defer fault.Wrap(&err, "report.Answer(%s, %s, %d)", placeID, periodID, no)
	note = tidy(note)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.report(ctx, tx, placeID, periodID)
		if err != nil {
			return err
		}
		may, err := s.mayAnswer(ctx, tx, by, &r)
		if err == nil && !may {
			err = fault.Denied("rule_reports", placeID)
		}
		if err != nil {
			return err
		}
		v, found, err := store.One(ctx, tx, scanVersion, selectVersion, placeID, periodID, no)
		if err != nil {
			return err
		}
		if !found || r.State != Submitted || r.Last != no || v.State != Submitted {
			return fault.Stale("report_version", periodID)
		}
		now := s.now()
		if err := together(checkAnswer(day, store.Date(v.SubmittedAt), store.Date(now)), needsText("ghi-chu", "report.note", note)); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateAnswered, by.ID, by.Name, store.Micros(now), note, day, placeID, periodID, no)
		if err == nil && n == 0 {
			err = fault.Stale("report_version", periodID)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateAccepted, store.Micros(now), placeID, periodID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: "answer", Reason: note,
			After: map[string]any{"no": no, "sha": v.SHA, "answered_on": day}})
	})
}

func checkAnswer(day, sent, today string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return fault.Invalid(fault.Field("ngay", "report.day"))
	}
	if day < sent || day > today {
		return fault.Invalid(fault.Field("ngay", "report.answer_day", "from", sent, "to", today))
	}
	return nil
}
