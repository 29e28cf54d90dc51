// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// paper takes a result that was decided on paper: its decision is the outcome, its level the level, and the
// class follows from its total. Nothing else is judged.
func (c *Compiled) paper(in *Input, out *Result) {
	p := &in.Paper
	out.FromPaper = true
	clear(out.Criteria)
	clear(out.Groups)
	clear(out.Gates)
	for i := range out.Criteria {
		out.Criteria[i] = CriterionResult{Band: -1, Floor: FloorUsed{Index: -1}}
	}
	if c.Set.WithPoints() {
		out.Max, out.HasMax = c.Set.MaxPoints.Points(), true
	}
	if p.Given {
		out.Outcome, out.Level = p.Outcome, p.Level
		if p.HasTotal {
			out.Total, out.SoFar, out.HasTotal = p.Total, p.Total, true
			c.findClass(out)
		}
	}
	switch out.Outcome {
	case NotRecognised:
		out.fail(ofSet(PaperNotRecognised))
	case Undecided:
		out.open(ofSet(PaperUndecided))
		out.need(Need{Kind: NeedDecision, Criterion: -1, Fact: -1, Count: -1, Gate: -1})
	}
}
