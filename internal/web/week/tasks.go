// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package week

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
)

// Minutes that one piece of work takes, as the page promises them: an agreeing batch, one file to read, one row to score.
const (
	batchMinutes = 5
	fileMinutes  = 2
	rowsAMinute  = 3
)

func days(from, to string) int {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// add notes work of a stage; "" is for work without one.
func (w *work) add(stage assessment.Stage, what todo) {
	t := task{todo: what, Until: w.lastDay(stage)}
	if stage != "" {
		t.Round = w.round.ID
	}
	w.tasks = append(w.tasks, t)
}

// order puts late work first, then returned, then due; within a kind what ends first.
func (w *work) order() {
	rank := map[string]int{"late": 0, "returned": 1, "due": 2}
	slices.SortStableFunc(w.tasks, func(a, b task) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.Until, b.Until))
	})
}

func (w *work) year() string { return strconv.Itoa(w.round.Year) }

// commune is the work of an officer or reviewer of a commune.
func (w *work) commune() error {
	ctx, v := w.v.Ctx(), w.v
	for _, m := range w.round.Plan.Models {
		c := w.table.Total[rollup.Key{RoundID: w.round.ID, Model: m.Model}]
		if c.Sent > 0 {
			clean, err := v.Assessment.Count(ctx, v.Actor, assessment.Filter{PlaceID: w.place.ID, RoundID: w.round.ID, Model: m.Model, States: []assessment.State{assessment.Sent}, Clean: true, Outcome: "recognised"})
			if err != nil {
				return err
			}
			kind, when := w.when(assessment.StageAppraisal)
			queue := site.With("/tham-dinh/"+w.place.ID, "mo-hinh", m.Model, "nam", w.year())
			if clean > 0 && v.Actor.May(identity.Approve, w.place.Path) {
				w.add(assessment.StageAppraisal, todo{kind, "file", v.T("week.agreeing", "count", clean, "subject", v.T("title."+m.Model)), v.T("week.agreeing_why"), when, batchMinutes, v.T("week.do.agreeing"), site.With("/tham-dinh/"+w.place.ID, "mo-hinh", m.Model, "nam", w.year(), "phan", "khop")})
			}
			if rest := int(c.Sent) - clean; rest > 0 {
				w.add(assessment.StageAppraisal, todo{kind, "search", v.T("week.read", "count", rest, "subject", v.T("title."+m.Model)), v.T("week.read_why"), when, rest * fileMinutes, v.T("week.do.read"), queue})
			}
		}
		if c.Approved > 0 && w.begun(assessment.StageDecision) && v.Actor.May(identity.Decide, w.place.Path) {
			kind, when := w.when(assessment.StageDecision)
			w.add(assessment.StageDecision, todo{kind, "medal", v.T("week.decide", "count", c.Approved, "subject", v.T("title."+m.Model)), v.T("week.decide_why"), when, 10, v.T("week.do.decide"),
				site.With("/quyet-dinh/"+w.place.ID+"/de-nghi", "mo-hinh", m.Model, "nam", w.year())})
		}
		w.areasWaiting(m.Model)
	}
	appeals, err := v.Assessment.OpenAppeals(ctx, v.Actor, w.place.ID)
	if err != nil {
		return err
	}
	for _, a := range appeals {
		w.add("", todo{"due", "flag", v.T("week.appeal", "name", a.ByName), a.Body, w.plain(), fileMinutes * 2, v.T("week.do.appeal"), "/ho-so/" + a.PlaceID + "/" + a.AssessmentID + "#phan-anh"})
	}
	if err := w.minutes(); err != nil {
		return err
	}
	w.order()
	return nil
}

// areasWaiting lists, for families, the areas that are not finished: their work, not the commune's.
func (w *work) areasWaiting(model string) {
	if model != "family" || !w.begun(assessment.StageSelf) {
		return
	}
	kind, when := w.when(assessment.StageArea)
	for _, leaf := range w.leaves {
		c := w.table.Of[leaf.ID][rollup.Key{RoundID: w.round.ID, Model: model}]
		if left := c.Registered - c.Scored - c.Sent - c.Approved - c.Rejected - c.Recognised - c.Revoked; left > 0 && leaf.Level == place.Area {
			why := w.v.T("week.area_scoring_why", "returned", c.Returned)
			if kind == "late" {
				why = when.Word
			}
			w.waiting = append(w.waiting, waiting{"community", w.v.T("week.area_scoring", "area", leaf.FullName(), "done", c.Registered-left, "count", c.Registered), why, when.Word, w.v.T("week.do.see"),
				site.With("/nhap/"+leaf.ID, "mo-hinh", model, "nam", w.year())})
		}
	}
}

// minutes finds areas whose files are ready but whose meeting is not on record.
func (w *work) minutes() error {
	for _, m := range w.round.Plan.Models {
		if !m.Minutes || !w.begun(assessment.StageArea) {
			continue
		}
		for _, leaf := range w.leaves {
			c := w.table.Of[leaf.ID][rollup.Key{RoundID: w.round.ID, Model: m.Model}]
			if c.Scored == 0 {
				continue
			}
			minutes, err := w.v.Assessment.MinutesOf(w.v.Ctx(), leaf.ID, w.round.ID, m.Model)
			if err != nil && fault.KindOf(err) != fault.KindNotFound {
				return err
			}
			if err == nil && minutes.Final {
				continue
			}
			kind, when := w.when(assessment.StageArea)
			w.add(assessment.StageArea, todo{kind, "flag", w.v.T("week.minutes", "area", leaf.FullName()), w.v.T("week.minutes_why", "count", c.Scored), when, 10, w.v.T("week.do.minutes"),
				site.With("/nhap/"+leaf.ID, "mo-hinh", m.Model, "nam", w.year()) + "#gui-xa"})
		}
	}
	return nil
}

// area is the work of an area's volunteer.
func (w *work) area() error {
	v := w.v
	for _, m := range w.round.Plan.Models {
		for _, leaf := range w.leaves {
			if !v.Actor.May(identity.Score, leaf.Path) {
				continue
			}
			c := w.table.Of[leaf.ID][rollup.Key{RoundID: w.round.ID, Model: m.Model}]
			if c.Total == 0 {
				continue
			}
			to := site.With("/nhap/"+leaf.ID, "mo-hinh", m.Model, "nam", w.year())
			subject := v.T("subject." + m.Model)
			if c.Returned > 0 {
				kind, when := w.when(assessment.StageAppraisal)
				if kind != "late" {
					kind = "returned"
				}
				w.add(assessment.StageAppraisal, todo{kind, "return", v.T("week.mend", "count", c.Returned, "subject", subject), v.T("week.mend_why"), when, int(c.Returned) * fileMinutes, v.T("week.do.mend"), to})
			}
			if free := c.Total - c.Registered; free > 0 && w.today <= w.lastDay(assessment.StageRegistration) {
				kind, when := w.when(assessment.StageRegistration)
				w.add(assessment.StageRegistration, todo{kind, "pen", v.T("week.register", "count", free, "subject", subject), v.T("week.register_why"), when, int(free)/rowsAMinute + 1, v.T("week.do.register"), to + "#dang-ky"})
			}
			left := c.Registered - c.Scored - c.Sent - c.Returned - c.Approved - c.Rejected - c.Recognised - c.Revoked
			if left > 0 && w.begun(assessment.StageSelf) {
				kind, when := w.when(assessment.StageArea)
				w.add(assessment.StageArea, todo{kind, "table", v.T("week.score", "count", left, "subject", subject), v.T("week.score_why", "area", leaf.FullName()), when, int(left)/rowsAMinute + 1, v.T("week.do.score"), to})
			}
			if c.Scored > 0 && left == 0 && w.begun(assessment.StageArea) {
				kind, when := w.when(assessment.StageArea)
				w.add(assessment.StageArea, todo{kind, "upload", v.T("week.send", "count", c.Scored, "subject", subject), v.T("week.send_why"), when, 10, v.T("week.do.send"), to + "#gui-xa"})
			}
			if c.Sent > 0 {
				w.waiting = append(w.waiting, waiting{"file", v.T("week.at_commune", "count", c.Sent, "subject", subject), "", "", v.T("week.do.see"), to})
			}
		}
	}
	w.order()
	return nil
}

// province is the work of the province: communes that hold up the year.
func (w *work) province() error {
	v := w.v
	type held struct {
		id   string
		open int64
		c    rollup.Counts
	}
	var list []held
	for id, of := range w.table.Of {
		c := of[rollup.Key{RoundID: w.round.ID, Model: "family"}]
		if open := c.Sent + c.Returned + c.Scored; open > 0 {
			list = append(list, held{id, open, c})
		}
	}
	slices.SortFunc(list, func(a, b held) int { return cmp.Or(cmp.Compare(b.open, a.open), cmp.Compare(a.id, b.id)) })
	list = list[:min(len(list), 8)]
	ids := make([]string, len(list))
	for i, h := range list {
		ids[i] = h.id
	}
	names, err := v.Places.Names(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	kind, when := w.when(assessment.StageAppraisal)
	for _, h := range list {
		w.add(assessment.StageAppraisal, todo{kind, "map", v.T("week.commune", "commune", names[h.id], "count", h.open), v.T("week.commune_why", "sent", h.c.Sent, "returned", h.c.Returned), when, batchMinutes,
			v.T("week.do.see"), site.With("/xa/"+h.id, "nam", w.year())})
	}
	w.order()
	return nil
}

func (w *work) lastDay(stage assessment.Stage) string {
	win, ok := w.round.Plan.Window(stage)
	if !ok {
		return "9999-12-31"
	}
	return win.To
}
