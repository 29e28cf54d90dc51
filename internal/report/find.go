// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"encoding/json"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

const (
	// reportColumns leave the figures and words out, which lists do not need.
	reportColumns = `r.place_id, r.state, r.due, r.closes, r.extended, r.reason, r.last, r.accepted, r.submitted_on, r.by_name, r.version, r.updated_at, ` + periodColumns
	selectReport  = `SELECT ` + reportColumns + `, r.figures, r.words FROM report r JOIN report_period q ON q.id = r.period_id WHERE r.place_id = $1 AND r.period_id = $2`
	selectOfPlace = `SELECT ` + reportColumns + ` FROM report r JOIN report_period q ON q.id = r.period_id WHERE r.place_id = $1 ORDER BY r.due DESC, q.id`
	selectUpward  = `SELECT ` + reportColumns + ` FROM report r JOIN report_period q ON q.id = r.period_id WHERE q.level = $1 ORDER BY r.due DESC, r.place_id`
	selectBoard   = `SELECT ` + reportColumns + ` FROM report r JOIN report_period q ON q.id = r.period_id WHERE r.period_id = $1 ORDER BY r.place_id`
)

func reportTargets(r *Report, updated *int64) []any {
	return append([]any{&r.PlaceID, &r.State, &r.Due, &r.Closes, &r.Extended, &r.Reason, &r.Last, &r.Accepted, &r.SubmittedOn, &r.ByName, &r.Version, updated}, periodTargets(&r.Period)...)
}

func scanReport(sc store.Scanner) (r Report, err error) {
	var updated int64
	err = sc.Scan(reportTargets(&r, &updated)...)
	r.UpdatedAt = store.Time(updated)
	return r, err
}

func scanWhole(sc store.Scanner) (r Report, err error) {
	var updated int64
	var figures, words string
	if err = sc.Scan(append(reportTargets(&r, &updated), &figures, &words)...); err != nil {
		return r, err
	}
	r.UpdatedAt = store.Time(updated)
	if figures != "" {
		r.Figures = &Figures{}
		if err = json.Unmarshal([]byte(figures), r.Figures); err != nil {
			return r, err
		}
	}
	return r, json.Unmarshal([]byte(words), &r.Words)
}

func (s *Service) report(ctx context.Context, tx *store.Tx, placeID, periodID string) (Report, error) {
	r, found, err := store.One(ctx, tx, scanWhole, selectReport, placeID, periodID)
	if err == nil && !found {
		err = fault.NotFound("report", periodID)
	}
	return r, err
}

// Get returns a place's report in a period with its draft. It fails with fault.NotFound and fault.Denied.
func (s *Service) Get(ctx context.Context, by identity.Actor, placeID, periodID string) (r Report, err error) {
	defer fault.Wrap(&err, "report.Get(%s, %s)", placeID, periodID)
	if err := s.may(ctx, nil, by, identity.SeeReports, placeID); err != nil {
		return r, err
	}
	return s.report(ctx, s.db.Read(), placeID, periodID)
}

// OfPlace returns the reports of a place without their drafts, the latest due first. It fails with fault.Denied.
func (s *Service) OfPlace(ctx context.Context, by identity.Actor, placeID string) (list []Report, err error) {
	defer fault.Wrap(&err, "report.OfPlace(%s)", placeID)
	if err := s.may(ctx, nil, by, identity.SeeReports, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanReport, selectOfPlace, placeID)
}

// Upward returns the reports of all provinces to the centre without their drafts, the latest due first. It fails with fault.Denied for who may not accept them.
func (s *Service) Upward(ctx context.Context, by identity.Actor) (list []Report, err error) {
	defer fault.Wrap(&err, "report.Upward")
	if err := s.may(ctx, nil, by, identity.RuleReports, place.Root); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanReport, selectUpward, place.Province)
}

// Board returns every report of a period without its draft. It fails with fault.Denied for who may not see the reports of the province.
func (s *Service) Board(ctx context.Context, by identity.Actor, periodID string) (p Period, list []Report, err error) {
	defer fault.Wrap(&err, "report.Board(%s)", periodID)
	if p, err = s.period(ctx, s.db.Read(), periodID); err != nil {
		return p, nil, err
	}
	if err := s.may(ctx, nil, by, identity.SeeReports, p.PlaceID); err != nil {
		return p, nil, err
	}
	list, err = store.Collect(ctx, s.db.Read(), scanReport, selectBoard, periodID)
	return p, list, err
}

const (
	versionColumns = `v.place_id, v.period_id, v.no, v.paper_id, v.sha, v.reason, v.by_id, v.by_name, v.submitted_at, v.state, v.judged_name, v.judged_at, v.judged_why, v.answered_on`
	selectVersions = `SELECT ` + versionColumns + ` FROM report_version v WHERE v.place_id = $1 AND v.period_id = $2 ORDER BY v.no`
	selectVersion  = `SELECT ` + versionColumns + ` FROM report_version v WHERE v.place_id = $1 AND v.period_id = $2 AND v.no = $3`
	selectContent  = `SELECT p.content FROM report_version v JOIN outgoing_paper p ON p.id = v.paper_id WHERE v.place_id = $1 AND v.period_id = $2 AND v.no = $3`
)

func scanVersion(sc store.Scanner) (v Version, err error) {
	var submitted, judged int64
	err = sc.Scan(&v.PlaceID, &v.PeriodID, &v.No, &v.PaperID, &v.SHA, &v.Reason, &v.ByID, &v.ByName, &submitted, &v.State, &v.JudgedName, &judged, &v.JudgedWhy, &v.AnsweredOn)
	v.SubmittedAt, v.JudgedAt = store.Time(submitted), store.Time(judged)
	return v, err
}

// Versions returns what was submitted, the first one first. It fails with fault.Denied.
func (s *Service) Versions(ctx context.Context, by identity.Actor, placeID, periodID string) (list []Version, err error) {
	defer fault.Wrap(&err, "report.Versions(%s, %s)", placeID, periodID)
	if err := s.may(ctx, nil, by, identity.SeeReports, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanVersion, selectVersions, placeID, periodID)
}

// Submitted returns a version as it was frozen. It fails with fault.NotFound and fault.Denied.
func (s *Service) Submitted(ctx context.Context, by identity.Actor, placeID, periodID string, no int) (snap *Snapshot, err error) {
	defer fault.Wrap(&err, "report.Submitted(%s, %s, %d)", placeID, periodID, no)
	if err := s.may(ctx, nil, by, identity.SeeReports, placeID); err != nil {
		return nil, err
	}
	content, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectContent, placeID, periodID, no)
	if err == nil && !found {
		err = fault.NotFound("report_version", periodID)
	}
	if err != nil {
		return nil, err
	}
	return Decode(content)
}
