// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
)

// scorer works out sheets of one criteria set with the engine, in memory that is used again.
type scorer struct {
	set *criteria.Compiled
	in  *criteria.Input
	out criteria.Result
}

// sheet is a scored sheet as it is stored.
type sheet struct {
	entry   assessment.Entry
	total   any // int64 hundredths, or nil
	points  string
	outcome string
	missing int
	short   criteria.Points // total less threshold
	known   bool            // short is
}

// score works out one entry. An entry that its set refuses is a mistake of this package.
func (s *scorer) score(year int, e assessment.Entry) (sheet, error) {
	s.in.Reset()
	s.in.Year, s.in.Region = year, criteria.Region(e.Region)
	for key, v := range e.Facts {
		i, ok := s.set.FactIndex(key)
		if !ok {
			return sheet{}, fmt.Errorf("demo: set %s has no fact %s", s.set.ID(), key)
		}
		switch v := v.(type) {
		case bool:
			s.in.Facts[i] = criteria.BoolValue(v)
		case float64:
			s.in.Facts[i] = criteria.IntValue(int64(v))
		case string:
			s.in.Facts[i] = criteria.IntValue(int64(slices.Index(s.set.Facts[i].Values, v)))
		}
	}
	for code, m := range e.Scores {
		i, ok := s.set.CriterionIndex(code)
		if !ok {
			return sheet{}, fmt.Errorf("demo: set %s has no criterion %s", s.set.ID(), code)
		}
		s.in.Scores[i] = s.recorded(i, m)
	}
	for i := range s.set.Gates {
		if yes, ok := e.Gates[s.set.Gates[i].Code]; ok {
			s.in.Gates[i] = criteria.AnswerOf(yes)
		}
	}
	for i, k := range s.set.Counts {
		if n, ok := e.Counts[k.Key]; ok {
			s.in.Counts[i] = criteria.CountOf(n.Members, n.Holders)
		}
	}
	if err := s.set.ScoreInto(s.in, &s.out); err != nil {
		return sheet{}, err
	}
	sh := sheet{entry: e, points: s.points(), outcome: s.out.Outcome.String(), missing: len(s.out.Needs)}
	if s.out.HasTotal {
		sh.total = int64(s.out.Total)
		if s.out.Threshold.HasMin {
			sh.short, sh.known = s.out.Total-s.out.Threshold.MinTotal, true
		}
	}
	return sh, nil
}

func (s *scorer) recorded(criterion int, m assessment.Mark) criteria.Recorded {
	switch {
	case m.Points != nil:
		return criteria.RecordPoints(*m.Points)
	case m.Yes != nil:
		return criteria.RecordAnswer(*m.Yes)
	}
	var bits uint64
	for _, t := range *m.Ticks {
		bits |= 1 << slices.IndexFunc(s.set.Criteria[criterion].Scoring.Items, func(it criteria.Item) bool { return it.Code == t })
	}
	return criteria.RecordTicks(bits)
}

// points lists what each criterion earned, as assessment.Save stores it.
func (s *scorer) points() string {
	b := make([]byte, 0, 24*len(s.out.Criteria))
	b = append(b, '{')
	for i := range s.out.Criteria {
		c := &s.out.Criteria[i]
		if c.State != criteria.StateScored && c.State != criteria.StateFull {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, s.set.Criteria[i].Code)
		b = append(b, ':')
		b = strconv.AppendInt(b, int64(c.Points), 10)
	}
	return string(append(b, '}'))
}

// file is an assessment under construction, with its sheets by stage and what the journal is to tell of it.
type file struct {
	assessment.Assessment
	sheets map[assessment.Stage]sheet
	keep   bool // the journal gets every act
	was    note // as of the act before
	acts   []act
}

// put adds the sheet of a stage and what follows from it for the file, as assessment.Save leaves it.
func (f *file) put(stage assessment.Stage, sh sheet, at time.Time, by string) {
	f.sheets[stage] = sh
	f.Stage, f.Outcome, f.Missing = stage, sh.outcome, sh.missing
	f.Total = pointsOf(sh.total)
	name := assessment.ActScore
	switch stage {
	case assessment.StageSelf:
		f.SelfTotal = f.Total
	case assessment.StageArea:
		f.AreaTotal = f.Total
	case assessment.StageAppraisal:
		f.CommuneTotal, name = f.Total, assessment.ActAppraise
	}
	if stage != assessment.StageAppraisal {
		f.HolderID, f.State = by, assessment.Registered
		if f.Missing == 0 {
			f.State = assessment.Scored
		}
	}
	f.judge(sh)
	f.did(name, at, by, "", &filled{stage, sh.entry})
}

// judge sets gap and flags, as assessment.judge does; the tests hold it to that.
func (f *file) judge(sh sheet) {
	f.Gap, f.Flags = 0, f.Flags&assessment.FlagReused
	totals := []*criteria.Points{f.SelfTotal, f.AreaTotal, f.CommuneTotal}
	for i, x := range totals {
		for _, y := range totals[i+1:] {
			if x != nil && y != nil {
				f.Gap = max(f.Gap, max(*x-*y, *y-*x))
			}
		}
	}
	f.flag(assessment.FlagGap, f.Gap >= assessment.GapLimit)
	f.flag(assessment.FlagAreaMore, f.SelfTotal != nil && f.AreaTotal != nil && *f.AreaTotal > *f.SelfTotal)
	f.flag(assessment.FlagOpen, f.Stage != "" && f.Outcome == criteria.Undecided.String())
	f.flag(assessment.FlagVotes, f.VotesAgainst > 0)
	f.flag(assessment.FlagNew, f.PrevOutcome == "")
	f.flag(assessment.FlagNear, sh.known && max(sh.short, -sh.short) < assessment.NearLimit)
}

func (f *file) flag(flag assessment.Flag, on bool) {
	if on {
		f.Flags |= flag
	}
}

func pointsOf(total any) *criteria.Points {
	n, ok := total.(int64)
	if !ok {
		return nil
	}
	p := criteria.Points(n)
	return &p
}

// hundredths is the reverse, for the database.
func hundredths(p *criteria.Points) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("demo: " + err.Error()) // maps of strings and numbers always can
	}
	return string(b)
}

// marks make an entry's records.
func points(p int) assessment.Mark {
	h := criteria.Points(p * 100)
	return assessment.Mark{Points: &h}
}
func yes(b bool) assessment.Mark        { return assessment.Mark{Yes: &b} }
func ticks(c ...string) assessment.Mark { return assessment.Mark{Ticks: &c} }
