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
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var placeID, id, setID, outcome string
		var input, points, sheetOutcome *string // nil without a sheet
		var total, sheetTotal *criteria.Points
		var stage Stage
		var year int
		if err := sc.Scan(&placeID, &id, &setID, &total, &outcome, &year, &stage, &input, &points, &sheetTotal, &sheetOutcome); err != nil {
			return err
		}
		n++
		differ := func(format string, args ...any) {
			differences = append(differences, Difference{placeID, id, fmt.Sprintf(format, args...)})
		}
		if input == nil {
			differ("the file says %v %s, its %s sheet is gone", shown(total), outcome, stage)
			return nil
		}
		if !same(total, sheetTotal) || outcome != *sheetOutcome {
			differ("the file says %v %s, its %s sheet %v %s", shown(total), outcome, stage, shown(sheetTotal), *sheetOutcome)
			return nil
		}
		scorer := scorers[setID]
		if scorer == nil {
			differ("its criteria set %s is not there", setID)
			return nil
		}
		var entry Entry
		if err := json.Unmarshal([]byte(*input), &entry); err != nil {
			differ("its %s sheet cannot be read: %v", stage, err)
			return nil
		}
		result, err := scorer.Score(year, entry)
		if err != nil {
			differ("its %s sheet is refused: %v", stage, err)
			return nil
		}
		if again := pointsPtr(result.Total, result.HasTotal); !same(total, again) || outcome != result.Outcome.String() {
			differ("stored %v %s, scored again %v %s", shown(total), outcome, shown(again), result.Outcome)
			return nil
		}
		kept := map[string]int64{}
		if err := json.Unmarshal([]byte(*points), &kept); err != nil || !samePoints(scorer.Set, result, kept) {
			differ("its %s sheet has other points than its input comes to", stage)
		}
		return nil
	}, selectScored)
	return n, differences, err
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
