// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"strconv"

	"hoctap/internal/fault"
)

// maxCount bounds members and holders.
const maxCount = 1_000_000_000_000_000

// refuses lists every rule that the input itself breaks. Values that are never looked at are judged too:
// recorded points out of range are refused, never cut to fit.
func (c *Compiled) refuses(in *Input, out *Result) {
	if y := c.Set.Effective; !y.Holds(in.Year) {
		out.no("year", "year_outside", "year", in.Year, "from", y.From, "to", y.To)
	}
	switch in.Region {
	case "", RegionDefault, RegionMountainous, RegionEspeciallyDifficult:
	default:
		out.no("region", "unknown_region", "region", clip(string(in.Region)))
	}
	for i := range in.Facts {
		if v := &in.Facts[i]; v.Known && !c.Facts[i].accepts(v) {
			out.no("facts."+c.Facts[i].Key, "fact_value", "fact", c.Facts[i].Key, "type", string(c.Facts[i].Type))
		}
	}
	for i := range in.Scores {
		if rec := &in.Scores[i]; rec.HasPoints || rec.Ticked || rec.Answer != Unanswered || rec.Levels != nil {
			c.refuseRecord(i, rec, out)
		}
	}
	for i := range in.Counts {
		n := &in.Counts[i]
		switch {
		case n.HasMembers && (n.Members < 0 || n.Members > maxCount), n.HasHolders && (n.Holders < 0 || n.Holders > maxCount):
			out.no("members."+c.Counts[i].Key, "count_value")
		case n.HasMembers && n.HasHolders && n.Holders > n.Members:
			out.no("members."+c.Counts[i].Key, "more_holders_than_members", "holders", n.Holders, "members", n.Members)
		}
	}
	for i := range in.Titles {
		if t := &in.Titles[i]; t.Level < -1 || t.Level >= max(len(c.Levels), 1) {
			out.no("titles["+strconv.Itoa(i)+"].level", "unknown_level", "code", t.Level)
		}
	}
	if in.Paper.Given {
		c.refusePaper(&in.Paper, out)
	}
}

func (out *Result) no(field, key string, pairs ...any) {
	out.Refusals = append(out.Refusals, fault.Field(field, "criteria."+key, pairs...))
}

// accepts reports whether a known value is one the fact can have.
func (f *Fact) accepts(v *Value) bool {
	switch f.Type {
	case FactBool:
		return v.Int == 0 || v.Int == 1
	case FactEnum:
		return v.Int >= 0 && v.Int < int64(len(f.Values))
	case FactText:
		return len(v.Text) <= 4000
	}
	return v.Int >= 0 && v.Int <= maxNumber
}

func (c *Compiled) refuseRecord(i int, rec *Recorded, out *Result) {
	r, code := &c.rules[0][i], c.Criteria[i].Code
	points := c.Set.WithPoints()
	switch {
	case rec.HasPoints && !points:
		out.no("scores."+code, "set_without_points", "code", code)
	case rec.HasPoints:
		c.refusePoints(r, rec.Points, code, out)
	case r.op == opPerson && r.asks == askPoints && (rec.Answer != Unanswered || rec.Ticked):
		out.no("scores."+code, "want_points", "code", code)
	case r.op == opTicks && !r.null && rec.Answer != Unanswered && points:
		out.no("scores."+code, "want_ticks", "code", code)
	}
	if rec.Ticked && (r.op != opTicks || rec.Ticks&^r.all != 0) {
		out.no("scores."+code, "unknown_item", "code", code)
	}
	if len(rec.Levels) > max(len(c.Levels), 1) {
		out.no("scores."+code, "unknown_level", "code", len(rec.Levels)-1)
	}
}

func (c *Compiled) refusePoints(r *rule, p Points, code string, out *Result) {
	switch {
	case p < 0:
		out.no("scores."+code, "points_below_zero", "points", p, "code", code)
	case r.max >= 0 && int64(p) > r.max/toHundred || p > maxPoint*100:
		out.no("scores."+code, "points_above_maximum", "points", p, "max", max(r.full, 0), "code", code)
	case r.kind == Scale && int64(p)*toHundred%r.step != 0:
		out.no("scores."+code, "points_off_step", "points", p, "step", microPoints(r.step), "code", code)
	case r.asks == askAnswer && r.op == opPerson && p != 0 && p != r.full:
		out.no("scores."+code, "points_all_or_none", "points", p, "max", r.full, "code", code)
	case r.op == opTicks && !r.null:
		out.no("scores."+code, "want_ticks", "code", code)
	}
}

func (c *Compiled) refusePaper(p *Paper, out *Result) {
	switch {
	case p.HasTotal && !c.Set.WithPoints():
		out.no("paper.total", "set_without_points")
	case p.HasTotal && (p.Total < 0 || int64(p.Total) > c.Set.MaxPoints.micro()/toHundred):
		out.no("paper.total", "total_outside", "total", p.Total, "max", c.Set.MaxPoints.Points())
	}
	if p.Outcome > NotRecognised {
		out.no("paper.outcome", "unknown_outcome")
	}
	if p.Level < -1 || p.Level >= len(c.Levels) {
		out.no("paper.level", "unknown_level", "code", p.Level)
	}
}
