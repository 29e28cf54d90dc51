// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package week

import (
	"hoctap/internal/assessment"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// plain is a state without a deadline.
func (w *work) plain() ui.State {
	return ui.State{Icon: "calendar", Word: w.v.T("week.no_deadline")}
}

// lines are the models' figures: recognised or passing so far, of all and of those registered.
func (w *work) lines() (list []line) {
	for _, m := range w.round.Plan.Models {
		c := w.table.Total[rollup.Key{RoundID: w.round.ID, Model: m.Model}]
		if c.Total == 0 {
			continue
		}
		l := line{Model: m.Model, Icon: m.Model, Passing: max(c.Passing, c.Recognised), All: c.Total, Register: c.Registered}
		l.OfAll, l.OfRegistered = rollup.Share(l.Passing, c.Total), rollup.Share(l.Passing, c.Registered)
		percent, _, _, _, ok := place.Target(w.targets, m.Model, w.round.Year, w.place.Region)
		l.Target, l.HasTarget = int64(percent), ok
		switch need := (l.Target*c.Total+9999)/10000 - l.Passing; {
		case !ok:
			l.State = ui.State{Word: w.v.T("week.no_target")}
		case need <= 0:
			l.State = ui.State{Kind: "ok", Word: w.v.T("tile.on")}
		default:
			l.State = ui.State{Kind: "warn", Word: w.v.T("week.short", "count", need, "subject", w.v.T("subject."+m.Model))}
		}
		list = append(list, l)
	}
	return list
}

// ceiling says, for families, how high the share can still go: whoever did not register cannot pass.
func (w *work) ceiling() (sentence, href string) {
	c := w.table.Total[rollup.Key{RoundID: w.round.ID, Model: "family"}]
	free := c.Total - c.Registered
	percent, _, _, _, ok := place.Target(w.targets, "family", w.round.Year, w.place.Region)
	passing := max(c.Passing, c.Recognised)
	most := rollup.Share(c.Registered-c.Rejected, c.Total)
	if !ok || free <= 0 || most >= int64(percent) || passing >= c.Registered {
		return "", ""
	}
	return w.v.T("week.ceiling", "open", c.Registered-passing-c.Rejected, "share", lang.Percent(w.v.Ctx(), most), "free", free),
		site.With("/danh-sach/"+w.place.ID, "mo-hinh", "family", "tinh-trang", "chua-dang-ky", "nam", w.year())
}

// stages is the year in steps, with how many files have come so far.
func (w *work) stages() (list []ui.Stage) {
	c := w.table.Total[rollup.Key{RoundID: w.round.ID, Model: "family"}]
	current, _ := w.round.Plan.Current(w.today)
	counts := map[assessment.Stage]string{
		assessment.StageRegistration: w.v.T("week.of", "done", c.Registered, "count", c.Total),
		assessment.StageSelf:         w.v.T("week.of", "done", c.Scored+c.Sent+c.Returned+c.Approved+c.Rejected+c.Recognised, "count", c.Registered),
		assessment.StageArea:         w.v.T("week.of", "done", c.Sent+c.Returned+c.Approved+c.Rejected+c.Recognised, "count", c.Registered),
		assessment.StageAppraisal:    w.v.T("week.of", "done", c.Approved+c.Rejected+c.Recognised, "count", c.Registered),
		assessment.StageDecision:     w.v.T("week.of", "done", c.Recognised, "count", c.Approved+c.Recognised),
	}
	for i, win := range w.round.Plan.Windows {
		st := ui.Stage{Name: w.v.T("week.step", "number", i+1, "name", w.v.T("stage."+string(win.Stage))),
			Lines: []string{w.v.T("week.from_to", "from", short(win.From), "to", short(win.To))}}
		if n := counts[win.Stage]; n != "" {
			st.Lines = append(st.Lines, n)
		}
		if win.Stage == current.Stage {
			w.step = w.v.T("week.year_step", "year", w.round.Year, "step", i+1, "count", len(w.round.Plan.Windows))
		}
		switch {
		case win.To < w.today:
			st.State = "done"
		case win.From <= w.today: // several may be open at once
			st.State = "now"
		}
		list = append(list, st)
	}
	if w.step == "" {
		w.step = w.v.T("week.year", "year", w.round.Year)
	}
	return list
}

// short is a day of the round's own year, 31/03; anything but a date stays as it is.
func short(iso string) string {
	if len(iso) != 10 {
		return iso
	}
	return iso[8:] + "/" + iso[5:7]
}

func guide(v *site.Visit) error {
	p := v.Own()
	return v.Show(guidePage(v.Frame(v.T("guide.title"), "", p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("guide.title")})))
}
