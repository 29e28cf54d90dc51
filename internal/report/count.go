// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const selectCounts = `SELECT r.period_id, CASE WHEN r.state = 'returned' AND r.accepted > 0 THEN 'correcting' ELSE r.state END, count(*)
	FROM report r JOIN report_period q ON q.id = r.period_id WHERE q.place_id = $1 GROUP BY 1, 2`

// Counts returns how many reports of each period of a province stand where, by period and state; a correction that came back
// is still a correction, as the accepted version stands. It fails with fault.Denied.
func (s *Service) Counts(ctx context.Context, by identity.Actor, provinceID string) (counts map[string]map[State]int, err error) {
	defer fault.Wrap(&err, "report.Counts(%s)", provinceID)
	if err := s.may(ctx, nil, by, identity.SeeReports, provinceID); err != nil {
		return nil, err
	}
	counts = map[string]map[State]int{}
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var id string
		var state State
		var n int
		if err := sc.Scan(&id, &state, &n); err != nil {
			return err
		}
		if counts[id] == nil {
			counts[id] = map[State]int{}
		}
		counts[id][state] = n
		return nil
	}, selectCounts, provinceID)
	return counts, err
}
