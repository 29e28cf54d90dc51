// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// phase is how far an area has come with the families of the current year.
type phase int

const (
	untouched phase = iota // registered only
	begun                  // half of the households have a sheet
	entered                // all have; the minutes are a draft
	sent                   // with the commune
	reviewed               // the commune has read most of it
	done                   // nearly nothing is left
)

// phase spreads the areas of a commune around the day: some are always behind and some ahead.
func (g *generator) phase(a *area, r *round) phase {
	if r.ripeness == 0 {
		return untouched
	}
	at := r.ripeness + a.pace*0.8
	p := untouched
	for _, step := range []struct {
		from float64
		is   phase
	}{{0.42, begun}, {0.55, entered}, {0.66, sent}, {0.8, reviewed}, {1.02, done}} {
		if at >= step.from {
			p = step.is
		}
	}
	if !g.begun(r, assessment.StageArea) {
		p = min(p, entered)
	}
	if !g.begun(r, assessment.StageAppraisal) {
		p = min(p, sent)
	}
	return p
}

// recently is an evening in the last days before the demo's day, within the round's scoring.
func (g *generator) recently(c *commune, r *round, days int) time.Time {
	w, _ := r.Plan.Window(assessment.StageSelf)
	at := g.today.Add(-time.Duration(c.rng.between(2, days*24)) * time.Hour)
	if first, err := time.ParseInLocation(time.DateOnly, w.From, store.Zone); err == nil && at.Before(first) {
		at = first.Add(9 * time.Hour)
	}
	return at
}

// underway gives a registered family of the current year what its area has done so far.
func (g *generator) underway(c *commune, s *subject, f *file, r *round) {
	p := g.phase(s.area, r)
	rng := c.rng
	if p == untouched || p == begun && rng.chance(0.5) || p == entered && rng.chance(0.02) {
		return
	}
	at, by := g.recently(c, r, 30), s.area.holderID
	e := g.familyEntry(c, s, r.Year, s.strive, true)
	if p == begun && rng.chance(0.15) { // somebody stopped half way
		delete(e.Gates, "G3")
		delete(e.Scores, "C2")
		g.put(f, r, assessment.StageSelf, e, at, by)
		return
	}
	g.put(f, r, assessment.StageSelf, selfEntry(rng, e), at, by)
	if p == begun || p == entered && rng.chance(0.4) || !g.begun(r, assessment.StageArea) {
		return
	}
	if p >= sent && rng.chance(0.035) {
		f.VotesAgainst = rng.between(1, 4)
		f.VotesFor = g.present(s.area) - f.VotesAgainst
	}
	g.wishFor(c, s, f)
	g.put(f, r, assessment.StageArea, e, at.Add(30*time.Minute), by)
	if p == entered || f.Missing > 0 {
		return
	}
	f.State, f.SentAt = assessment.Sent, at.Add(time.Hour)
	f.did(assessment.ActSend, f.SentAt, by, "", nil)
	if p > sent {
		g.appraise(c, f, r, p, e)
	}
}

// appraise is what the commune did with a file: it approved what agrees, sent some back with remarks, refused what does not pass, and
// objected to a point here and there.
func (g *generator) appraise(c *commune, f *file, r *round, p phase, e assessment.Entry) {
	rng := c.rng
	passes := f.Outcome == criteria.Recognised.String()
	at := f.SentAt.Add(time.Duration(rng.between(2, 40)) * time.Hour)
	if at.After(g.today) {
		at = g.today
	}
	n := rng.IntN(100)
	if p == done {
		n = n/3 + 20 // little is still open
	}
	switch {
	case n < 5 || passes && f.Flags&assessment.AttentionFlags != 0 && n < 60:
		return // still to be read
	case n < 12:
		why := returns[rng.IntN(len(returns))]
		if why.code == "A3" && e.Scores["A3"].Points == nil {
			why = returns[0]
		}
		g.remark(c, f, assessment.RemarkReturn, why.code, why.body, at)
		f.State = assessment.Returned
		f.did(assessment.ActReturn, at, c.reviewer.ID, "", nil)
	case n < 20 && passes:
		lower, code := stricter(rng, e)
		g.remark(c, f, assessment.RemarkReason, code, "Minh chứng chưa thể hiện đủ; xã chấm lại theo thực tế.", at)
		g.put(f, r, assessment.StageAppraisal, lower, at, c.reviewer.ID)
		if f.Outcome == criteria.Recognised.String() {
			f.State = assessment.Approved
			f.did(assessment.ActApprove, at, c.officer.ID, "", nil)
		}
	case !passes:
		reason := g.refusal(f)
		g.remark(c, f, assessment.RemarkReason, "", reason, at)
		f.State = assessment.Rejected
		f.did(assessment.ActReject, at, c.officer.ID, reason, nil)
	default:
		f.State = assessment.Approved
		f.did(assessment.ActApprove, at, c.officer.ID, "", nil)
	}
	if (f.State == assessment.Rejected && rng.chance(0.12) || f.State == assessment.Approved && rng.chance(0.004)) && !g.many {
		g.object(c, f, at.Add(20*time.Hour))
	}
}

// refusal names what the sheet shows: nothing is said of a family that its sheet does not say.
func (g *generator) refusal(f *file) string {
	n := f.sheets[assessment.StageArea].entry.Counts[registry.MemberAdult]
	if n.Members > 0 && n.Holders*100 < 60*n.Members {
		return "Tỷ lệ người lớn là Công dân học tập dưới mức của năm nay (" + strconv.FormatInt(n.Holders, 10) + "/" + strconv.FormatInt(n.Members, 10) + ")."
	}
	return "Chưa đủ điểm hoặc điều kiện theo bộ tiêu chí."
}

func (g *generator) remark(c *commune, f *file, kind, code, body string, at time.Time) {
	g.out.add(remarks, f.PlaceID, f.ID, c.rng.idAt(at.UnixMilli()), string(assessment.StageAppraisal), kind, code, body, c.reviewer.ID, c.reviewer.Name,
		store.Micros(at), 0)
}

// object enters an appeal of the household, open or answered.
func (g *generator) object(c *commune, f *file, at time.Time) {
	if at.After(g.today) {
		at = g.today
	}
	say := appeals[0]
	if f.State == assessment.Rejected {
		say = appeals[c.rng.between(0, len(appeals)-1)]
	}
	state, by, answered := assessment.AppealOpen, "", int64(0)
	if say.answer != "" {
		state, by, answered = assessment.AppealDismissed, c.officer.ID, store.Micros(at.Add(3*time.Hour))
	}
	g.out.add(appealed, f.PlaceID, c.rng.idAt(at.UnixMilli()), f.ID, say.body, f.Name, state, say.answer, f.HolderID, store.Micros(at), by, answered)
}

// present is how many came to an area's meeting.
func (g *generator) present(a *area) int { return max(5, 12+len(a.families)/4) }

// areaMinutes writes the minutes of an area's meeting on its families: of every area in a year whose sheets are kept, and of
// those that have come so far in the current one.
func (g *generator) areaMinutes(c *commune, a *area, r *round) error {
	state, on := "final", g.day(r.Year, 11, 15).AddDate(0, 0, a.order%8)
	switch {
	case r.paper:
		return nil
	case r.current:
		p := g.phase(a, r)
		if p < entered {
			return nil
		}
		if p == entered {
			state = "draft"
		}
		if on.After(g.today) {
			on = g.today.AddDate(0, 0, -1)
		}
	}
	signed := assessment.Signatures{Branch: true, Front: state == "final", Head: state == "final"}
	g.out.add(minutes, a.ID, c.rng.id(), r.ID, registry.Family, store.Date(on), "Nhà văn hóa "+a.FullName(), g.elder(c), g.elder(c), g.present(a), encode(signed),
		opinions[c.rng.IntN(len(opinions))], state, a.holderID, store.Micros(on))
	return nil
}
