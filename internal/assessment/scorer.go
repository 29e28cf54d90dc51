// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"strconv"

	"hoctap/internal/criteria"
)

// Scorer works out entries with one criteria set, one after the other in the same memory. One goroutine uses it.
type Scorer struct {
	Set *criteria.Compiled
	in  *criteria.Input
	out criteria.Result
}

// NewScorer returns a Scorer of a set.
func NewScorer(set *criteria.Compiled) *Scorer { return &Scorer{Set: set, in: set.NewInput()} }

// Score works out what an entry comes to in a year, with no more than it says. It fails with fault.Invalid for what the set has no place
// for. The result lives until the next call.
func (s *Scorer) Score(year int, e Entry) (*criteria.Result, error) {
	s.in.Reset()
	s.in.Year = year
	if err := e.fill(s.Set, s.in); err != nil {
		return nil, err
	}
	return &s.out, s.Set.ScoreInto(s.in, &s.out)
}

// Take sets what the sheet of a stage makes of a file: its result, the stage's total, gap and flags. It leaves the state alone.
func (a *Assessment) Take(stage Stage, set *criteria.Compiled, result *criteria.Result, evidenceMissing bool) {
	a.Stage = stage
	a.Total = pointsPtr(result.Total, result.HasTotal)
	a.Outcome = result.Outcome.String()
	a.Class, a.Level = "", ""
	if result.Class >= 0 {
		a.Class = set.Classes[result.Class].Code
	}
	if result.Level >= 0 && result.Level < len(set.Levels) {
		a.Level = set.Levels[result.Level].Code
	}
	a.Missing = len(result.Needs)
	switch stage {
	case StageSelf:
		a.SelfTotal = a.Total
	case StageArea:
		a.AreaTotal = a.Total
	case StageAppraisal:
		a.CommuneTotal = a.Total
	}
	judge(a, result, evidenceMissing)
}

// PointsJSON is what each criterion earned, in hundredths by code, as a sheet keeps it; an unknown one is left out.
func PointsJSON(set *criteria.Compiled, result *criteria.Result) string {
	b := make([]byte, 1, 16*len(result.Criteria)+2)
	b[0] = '{'
	for i := range result.Criteria {
		value, known := earned(set, result, i)
		if !known {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, set.Criteria[i].Code), ':')
		b = strconv.AppendInt(b, value, 10)
	}
	return string(append(b, '}'))
}

// earned is what a sheet keeps of the i-th criterion: its hundredths, or 1 for passed where the set gives no points.
func earned(set *criteria.Compiled, result *criteria.Result, i int) (value int64, known bool) {
	c := &result.Criteria[i]
	if c.State != criteria.StateScored && c.State != criteria.StateFull {
		return 0, false
	}
	if set.Set.WithPoints() {
		return int64(c.Points), true
	}
	if c.Pass == criteria.Yes {
		return 1, true
	}
	return 0, true
}

// samePoints reports whether kept is what each criterion of a result earned.
func samePoints(set *criteria.Compiled, result *criteria.Result, kept map[string]int64) bool {
	n := 0
	for i := range result.Criteria {
		value, known := earned(set, result, i)
		if !known {
			continue
		}
		if was, ok := kept[set.Criteria[i].Code]; !ok || was != value {
			return false
		}
		n++
	}
	return n == len(kept)
}
