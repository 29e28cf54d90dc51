// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const (
	updateJudged = `UPDATE report_version SET state = $1, judged_by = $2, judged_name = $3, judged_at = $4, judged_why = $5
		WHERE place_id = $6 AND period_id = $7 AND no = $8 AND state = 'submitted'`
	updateAccepted = `UPDATE report SET state = 'accepted', accepted = last, reason = '', version = version + 1, updated_at = $1 WHERE place_id = $2 AND period_id = $3`
	updateReturned = `UPDATE report SET state = 'returned', version = version + 1, updated_at = $1, due = CASE WHEN closes < $2 AND due < $2 THEN $2 ELSE due END,
		closes = CASE WHEN closes < $2 THEN $2 ELSE closes END WHERE place_id = $3 AND period_id = $4`
)

// Accept takes over version no of a report for the level above. It fails with fault.Stale when that is not the one that waits, and with fault.Denied for
// who may not, or submitted it.
func (s *Service) Accept(ctx context.Context, by identity.Actor, placeID, periodID string, no int) (err error) {
	defer fault.Wrap(&err, "report.Accept(%s, %s)", placeID, periodID)
	return s.judge(ctx, by, placeID, periodID, no, Accepted, "", 0)
}

// ReturnDays is how many days a place usually gets to mend a report that comes back, MostReturnDays how many at most.
const (
	ReturnDays     = 7
	MostReturnDays = 90
)

// Return gives version no of a report back with a reason and at least so many days to mend it: where its period closes before, the place may send until
// then. It fails with fault.Invalid without a reason or with days that cannot be, and like Accept.
func (s *Service) Return(ctx context.Context, by identity.Actor, placeID, periodID string, no int, reason string, days int) (err error) {
	defer fault.Wrap(&err, "report.Return(%s, %s)", placeID, periodID)
	return s.judge(ctx, by, placeID, periodID, no, Returned, tidy(reason), days)
}

func (s *Service) judge(ctx context.Context, by identity.Actor, placeID, periodID string, no int, to State, reason string, days int) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.report(ctx, tx, placeID, periodID)
		if err != nil {
			return err
		}
		if err := s.mayRule(ctx, tx, by, r.Period.Level, placeID); err != nil {
			return err
		}
		if to == Returned {
			var wrong error
			if days < 1 || days > MostReturnDays {
				wrong = fault.Invalid(fault.Field("so-ngay", "report.days", "max", MostReturnDays))
			}
			if err := together(needsReason(reason), wrong); err != nil {
				return err
			}
		}
		v, found, err := store.One(ctx, tx, scanVersion, selectVersion, placeID, periodID, no)
		if err != nil {
			return err
		}
		if !found || r.State != Submitted || r.Last != no || v.State != Submitted {
			return fault.Stale("report_version", periodID)
		}
		if v.ByID == by.ID && by.ID != identity.System.ID {
			return fault.Denied("own_report", placeID)
		}
		now := store.Micros(s.now())
		n, err := tx.Exec(ctx, updateJudged, string(to), by.ID, by.Name, now, reason, placeID, periodID, no)
		if err == nil && n == 0 { // somebody else decided at the same time
			err = fault.Stale("report_version", periodID)
		}
		if err != nil {
			return err
		}
		act, after := "accept", map[string]any{"no": no, "sha": v.SHA}
		if to == Returned {
			until := store.Date(s.now().AddDate(0, 0, days))
			act, after["until"] = "return", max(r.Closes, until)
			_, err = tx.Exec(ctx, updateReturned, now, until, placeID, periodID)
		} else {
			_, err = tx.Exec(ctx, updateAccepted, now, placeID, periodID)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: act, Reason: reason, After: after})
	})
}

const updateExtended = `UPDATE report SET due = CASE WHEN due < $1 THEN $1 ELSE due END, closes = $1, extended = $2, version = version + 1 WHERE place_id = $3 AND period_id = $4`

// Extend lets one place submit until a later day, with the reason; by then the report also counts as in time. It fails with fault.Invalid for no reason or
// a day that is not later than the one that holds, and with fault.Denied.
func (s *Service) Extend(ctx context.Context, by identity.Actor, placeID, periodID, until, reason string) (err error) {
	defer fault.Wrap(&err, "report.Extend(%s, %s)", placeID, periodID)
	reason = tidy(reason)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.report(ctx, tx, placeID, periodID)
		if err != nil {
			return err
		}
		if err := s.mayExtend(ctx, tx, by, &r); err != nil {
			return err
		}
		if err := together(checkLater(until, max(r.Closes, store.Date(s.now().AddDate(0, 0, -1)))), needsReason(reason)); err != nil {
			return err
		}
		if r.Period.EndedOn != "" {
			return fault.Conflict("report.ended", "date", r.Period.EndedOn)
		}
		if _, err := tx.Exec(ctx, updateExtended, until, reason, placeID, periodID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: periodID, Thing: "report", Act: "extend", Reason: reason,
			Before: map[string]string{"closes": r.Closes}, After: map[string]string{"closes": until}})
	})
}

func checkLater(until, after string) error {
	if _, err := time.Parse(time.DateOnly, until); err != nil {
		return fault.Invalid(fault.Field("den-ngay", "report.day"))
	}
	if until <= after {
		return fault.Invalid(fault.Field("den-ngay", "report.later", "closes", after))
	}
	return nil
}

// mayExtend lets the opener of a period move its days: the province, for its own report as well, as no centre sits in this system yet.
func (s *Service) mayExtend(ctx context.Context, tx *store.Tx, by identity.Actor, r *Report) error {
	return s.may(ctx, tx, by, identity.RuleReports, r.Period.PlaceID)
}
