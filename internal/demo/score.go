// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"cmp"
	"encoding/json"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
)

// sheet is a scored sheet as it is stored.
type sheet struct {
	entry   assessment.Entry
	total   any // int64 hundredths, or nil
	points  string
	outcome string
}

// file is an assessment under construction, with its sheets by stage and what the journal is to tell of it.
type file struct {
	assessment.Assessment
	sheets map[assessment.Stage]sheet
	keep   bool // the journal gets every act
	was    note // as of the act before
	acts   []act
}

// put works out the sheet of a stage and what follows from it for the file, as assessment.Save leaves it. A refusal is a mistake of this
// package and stops the fill at its end.
func (g *generator) put(f *file, r *round, stage assessment.Stage, e assessment.Entry, at time.Time, by string) {
	scorer := g.scorers[f.SetID]
	result, err := scorer.Score(r.Year, e)
	if err != nil {
		g.broken = cmp.Or(g.broken, err)
		return
	}
	f.Take(stage, scorer.Set, result, false)
	f.sheets[stage] = sheet{e, hundredths(f.Total), assessment.PointsJSON(scorer.Set, result), f.Outcome}
	name := assessment.ActAppraise
	if stage != assessment.StageAppraisal {
		name = assessment.ActScore
		f.HolderID, f.State = by, assessment.Registered
		if f.Missing == 0 {
			f.State = assessment.Scored
		}
	}
	f.did(name, at, by, "", &filled{stage, e})
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
