// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"fmt"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/store"

	"golang.org/x/sync/errgroup"
)

// Difference is an assessment whose stored result is not what its sheet comes to.
type Difference struct {
	PlaceID, ID string
	What        string
}

// selectScored reads in the order of the primary key, so it streams.
const selectScored = `
	SELECT a.place_id, a.id, a.set_id, a.total, a.outcome, r.year, a.stage, sh.input, sh.points, sh.total, sh.outcome
	FROM assessment a JOIN round r ON r.id = a.round_id
	LEFT JOIN sheet sh ON sh.place_id = a.place_id AND sh.assessment_id = a.id AND sh.stage = a.stage
	WHERE a.stage <> 'paper' AND (a.stage <> '' OR a.total IS NOT NULL OR a.outcome <> '')`

// Verify scores the last sheet of every assessment again and returns what differs from what is stored; n is how many were
// scored.
func (s *Service) Verify(ctx context.Context) (n int, differences []Difference, err error) {
	defer fault.Wrap(&err, "assessment.Verify")
	scorers := map[string]*Scorer{}
	versions, err := store.Collect(ctx, s.db.Read(), store.Value[string], `SELECT id FROM criteria_set WHERE state <> 'draft'`)
	if err != nil {
		return 0, nil, err
	}
	for _, id := range versions { // before the long read: it holds a connection
		set, err := s.sets.Compiled(ctx, id)
		if err != nil {
			return 0, nil, err
		}
		scorers[id] = NewScorer(set)
	}
	// The database reads ahead while the last rows are scored.
	rows := make(chan []scored, 2)
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(rows)
		return s.readScored(inner, rows)
	})
	for some := range rows {
		n += len(some)
		for i := range some {
			if what := some[i].check(scorers[some[i].setID]); what != "" {
				differences = append(differences, Difference{some[i].placeID, some[i].id, what})
			}
		}
	}
	return n, differences, group.Wait()
}

// scored is a file with its last sheet; the sheet's parts are nil when it is gone.
type scored struct {
	placeID, id, setID, outcome string
	total                       *criteria.Points
	year                        int
	stage                       Stage
	input, points, sheetOutcome *string
	sheetTotal                  *criteria.Points
}

// readScored sends all files with a result, some hundred at a time.
func (s *Service) readScored(ctx context.Context, to chan<- []scored) error {
	const together = 256
	some := make([]scored, 0, together)
	send := func() error {
		select {
		case to <- some:
			some = make([]scored, 0, together)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var r scored
		if err := sc.Scan(&r.placeID, &r.id, &r.setID, &r.total, &r.outcome, &r.year, &r.stage, &r.input, &r.points, &r.sheetTotal, &r.sheetOutcome); err != nil {
			return err
		}
		if some = append(some, r); len(some) == together {
			return send()
		}
		return nil
	}, selectScored)
	if err != nil {
		return err
	}
	return send()
}

// check scores the sheet again and says what differs; "" when nothing does.
func (r *scored) check(scorer *Scorer) string {
	switch {
	case r.input == nil:
		return fmt.Sprintf("the file says %v %s, its %s sheet is gone", shown(r.total), r.outcome, r.stage)
	case !same(r.total, r.sheetTotal) || r.outcome != *r.sheetOutcome:
		return fmt.Sprintf("the file says %v %s, its %s sheet %v %s", shown(r.total), r.outcome, r.stage, shown(r.sheetTotal), *r.sheetOutcome)
	case scorer == nil:
		return fmt.Sprintf("its criteria set %s is not there", r.setID)
	}
	var entry Entry
	if err := json.Unmarshal([]byte(*r.input), &entry); err != nil {
		return fmt.Sprintf("its %s sheet cannot be read: %v", r.stage, err)
	}
	result, err := scorer.Score(r.year, entry)
	if err != nil {
		return fmt.Sprintf("its %s sheet is refused: %v", r.stage, err)
	}
	if again := pointsPtr(result.Total, result.HasTotal); !same(r.total, again) || r.outcome != result.Outcome.String() {
		return fmt.Sprintf("stored %v %s, scored again %v %s", shown(r.total), r.outcome, shown(again), result.Outcome)
	}
	kept := map[string]int64{}
	if err := json.Unmarshal([]byte(*r.points), &kept); err != nil || !samePoints(scorer.Set, result, kept) {
		return fmt.Sprintf("its %s sheet has other points than its input comes to", r.stage)
	}
	return ""
}

func same(a, b *criteria.Points) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func shown(p *criteria.Points) string {
	if p == nil {
		return "—"
	}
	return p.Text()
}
