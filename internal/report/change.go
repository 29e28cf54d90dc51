// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// change runs do on a period for who opened it, with a reason, in one transaction with its entry in the journal.
func (s *Service) change(ctx context.Context, by identity.Actor, periodID, act, reason string, also error, do func(tx *store.Tx, p Period, reason string) (after any, err error)) error {
	reason = tidy(reason)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		p, err := s.period(ctx, tx, periodID)
		if err != nil {
			return err
		}
		if err := s.may(ctx, tx, by, identity.RuleReports, p.PlaceID); err != nil {
			return err
		}
		if err := together(also, needsReason(reason)); err != nil {
			return err
		}
		after, err := do(tx, p, reason)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: p.PlaceID, ThingID: p.ID, Thing: "report_period", Act: act, Reason: reason, Before: p, After: after})
	})
}

// together makes one error of the faults of several fields.
func together(errs ...error) error {
	var list []fault.FieldError
	for _, err := range errs {
		if f, ok := fault.As(err); ok {
			list = append(list, f.Fields...)
		} else if err != nil {
			return err
		}
	}
	return fault.Invalid(list...)
}

const endPeriod = `UPDATE report_period SET ended_on = $1, ended_why = $2 WHERE id = $3 AND ended_on = ''`

// EndPeriod ends a period: what never came is asked for no more, and nothing is taken any more. It fails with fault.Invalid without a reason, with
// fault.Denied, and with fault.Conflict when it has ended.
func (s *Service) EndPeriod(ctx context.Context, by identity.Actor, periodID, reason string) (err error) {
	defer fault.Wrap(&err, "report.EndPeriod(%s)", periodID)
	return s.change(ctx, by, periodID, "end", reason, nil, func(tx *store.Tx, p Period, reason string) (any, error) {
		n, err := tx.Exec(ctx, endPeriod, store.Date(s.now()), reason, p.ID)
		if err == nil && n == 0 {
			err = fault.Conflict("report.ended", "date", p.EndedOn)
		}
		return nil, err
	})
}

const (
	updatePeriodDays = `UPDATE report_period SET opens = $1, due = $2, closes = $3, ended_on = '', ended_why = '' WHERE id = $4`
	// What somebody was given longer for keeps its days, unless the new ones are later.
	updateReportDays = `UPDATE report SET due = CASE WHEN due = $1 OR due < $2 THEN $2 ELSE due END, closes = CASE WHEN closes = $3 OR closes < $4 THEN $4 ELSE closes END
		WHERE period_id = $5`
)

// ChangeDays gives a period other days, with the reason; one that was ended runs again. It fails with fault.Invalid for each day that does not fit and
// without a reason, and with fault.Denied.
func (s *Service) ChangeDays(ctx context.Context, by identity.Actor, periodID, opens, due, closes, reason string) (err error) {
	defer fault.Wrap(&err, "report.ChangeDays(%s)", periodID)
	return s.change(ctx, by, periodID, "days", reason, checkDays(opens, due, closes), func(tx *store.Tx, p Period, _ string) (any, error) {
		if _, err := tx.Exec(ctx, updatePeriodDays, opens, due, closes, p.ID); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, updateReportDays, p.Due, due, p.Closes, closes, p.ID)
		return map[string]string{"opens": opens, "due": due, "closes": closes}, err
	})
}

const (
	// The rows of the reports first: who submits at the same time waits for them, or is waited for.
	lockReports     = `UPDATE report SET version = version + 1 WHERE period_id = $1`
	countVersions   = `SELECT count(*) FROM report_version v WHERE v.period_id = $1`
	deleteReminders = `DELETE FROM report_reminder WHERE period_id = $1`
	deleteReports   = `DELETE FROM report WHERE period_id = $1`
	deletePeriod    = `DELETE FROM report_period WHERE id = $1`
)

// WithdrawPeriod takes back a period that was opened by mistake, with its drafts. It fails with fault.Invalid without a reason, with fault.Denied, and with
// fault.Conflict once something was submitted in it: then it can only be ended.
func (s *Service) WithdrawPeriod(ctx context.Context, by identity.Actor, periodID, reason string) (err error) {
	defer fault.Wrap(&err, "report.WithdrawPeriod(%s)", periodID)
	return s.change(ctx, by, periodID, "withdraw", reason, nil, func(tx *store.Tx, p Period, _ string) (any, error) {
		if _, err := tx.Exec(ctx, lockReports, p.ID); err != nil {
			return nil, err
		}
		n, _, err := store.One(ctx, tx, store.Value[int], countVersions, p.ID)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, fault.Conflict("report.submitted_in", "count", n)
		}
		for _, query := range []string{deleteReminders, deleteReports, deletePeriod} {
			if _, err := tx.Exec(ctx, query, p.ID); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}
