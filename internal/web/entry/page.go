// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"encoding/json"
	"strconv"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// secondsARow is the pace the title promises: what a volunteer with the paper in hand needs for one household.
const secondsARow = 22

// boardView is the whole page.
type boardView struct {
	Scores   bool // the reader scores here: readers of lists give no slips
	Frame    ui.Office
	Place    place.Place
	Model    string
	Year     int
	Title    string
	Lead     string
	Done     int
	All      int
	Pass     string // "27 đạt, 10 chưa đạt, 1 chờ ảnh"
	Late     string
	Verified string // key of the set's trust, "" when it is official
	SetHref  string
	Tabs     []ui.Tab // models
	Groups   []groupHead
	Heads    []head
	Rows     []row
	Gates    []gate // that a person answers, for all at once
	Min      string
	Data     any // for the script
	Minutes  *assessment.Minutes
	Form     minutesForm
	Register []ui.Option // not registered yet
	Today    string
	Failed   string
}

type groupHead struct {
	Title string
	Max   string
	Span  int
}

type head struct {
	Code, Title, Max string
	First, Locked    bool
}

func show(v *site.Visit) error { return page(v, 200, nil) }

// page shows the board; failed is why an act of this page was refused, with its fields.
func page(v *site.Visit, status int, failed error) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	b, err := v.Assessment.Board(v.Ctx(), v.Actor, p.ID, r.ID, model(v))
	if err != nil {
		return err
	}
	view, err := viewOf(v, p, &b)
	if err != nil {
		return err
	}
	if failed != nil {
		sentence, fields := lang.Fault(v.Ctx(), failed)
		view.Failed, view.Form.Errors = sentence, fields
		view.Form.fill(v)
	}
	return v.ShowAs(status, boardPage(view))
}

// refused lists what is wrong with the form, field by field, or why the act as a whole was refused.
func (view *boardView) refused() []ui.Broken {
	if list := view.Form.broken(); len(list) > 0 {
		return list
	}
	return []ui.Broken{{ID: "gui-xa", Text: view.Failed}}
}

func viewOf(v *site.Visit, p place.Place, b *assessment.Board) (boardView, error) {
	ctx := v.Ctx()
	view := boardView{Place: p, Scores: v.Actor.May(identity.Score, p.Path), Model: b.Model, Year: b.Round.Year, Today: v.Today(), Minutes: b.Minutes}
	counts := map[string]int{}
	for i := range b.Rows {
		row := rowOf(ctx, b, &b.Rows[i])
		view.Rows = append(view.Rows, row)
		a := &b.Rows[i].Assessment
		if row.Listed {
			view.Register = append(view.Register, ui.Option{Value: row.ID, Label: row.Number + " " + row.Name})
			continue
		}
		view.All++
		if row.Done {
			view.Done++
			counts[a.Outcome]++
			if row.Lacks {
				counts["lacks"]++
			}
		}
	}
	left := view.All - view.Done
	view.Title = v.T("entry.title.done", "count", view.All, "subject", v.T("subject."+b.Model))
	if left > 0 {
		view.Title = v.T("entry.title.left", "count", left, "subject", v.T("subject."+b.Model), "minutes", (left*secondsARow+59)/60)
	}
	view.Pass = v.T("entry.pass_line", "pass", counts["recognised"], "fail", counts["not_recognised"], "lacks", counts["lacks"])
	if b.Late != nil {
		view.Late, _ = lang.Fault(ctx, b.Late)
	}
	if w, ok := b.Round.Plan.Window(assessment.StageArea); ok {
		view.Lead = deadline(v, w.To)
	}
	if !b.Set.Verified().Trusted() {
		view.Verified = "verified." + string(b.Set.Verified())
		view.SetHref = "/bo-tieu-chi/" + planSet(b)
	}
	if t := b.Set.Set.Recognition.Thresholds; len(t) > 0 && t[0].MinTotal.Known() {
		view.Min = lang.Points(ctx, int64(t[0].MinTotal.Points()))
	}
	for _, g := range b.Set.Groups {
		view.Groups = append(view.Groups, groupHead{Title: g.Code + " " + g.Title, Max: lang.Points(ctx, int64(g.Max.Points())), Span: g.Len})
		for i := g.First; i < g.First+g.Len; i++ {
			k := b.Set.Criteria[i]
			view.Heads = append(view.Heads, head{Code: k.Code, Title: k.Title, Max: lang.Points(ctx, int64(k.MaxPoints.Points())), First: i == g.First, Locked: k.Entry().Locked()})
		}
	}
	plan, _ := b.Round.Plan.Model(b.Model)
	for _, g := range b.Set.Gates {
		if _, auto := plan.Gates[g.Code]; g.Rule == "" && !auto && b.Late == nil {
			view.Gates = append(view.Gates, gate{Code: g.Code, Title: g.Title})
		}
	}
	for _, m := range b.Round.Plan.Models {
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("model." + m.Model), Current: m.Model == b.Model,
			Href: site.With("/nhap/"+p.ID, "mo-hinh", m.Model, "nam", strconv.Itoa(b.Round.Year))})
	}
	view.Form = formOf(v, b)
	set, err := b.Set.Portable()
	if err != nil {
		return view, err
	}
	view.Data = map[string]any{"place": p.ID, "year": b.Round.Year, "setID": planSet(b), "set": json.RawMessage(set), "rows": view.Rows,
		"late": view.Late, "words": scriptWords(v)}
	commune, err := v.Places.Names(ctx, p.CommuneID)
	if err != nil {
		return view, err
	}
	areas := ui.Crumb{Label: v.T("nav.entry")}
	if v.Actor.Anywhere(identity.Score) {
		areas.Href = "/nhap"
	}
	view.Frame = v.Frame(view.Title, site.Entry, p, ui.Crumb{Label: commune[p.CommuneID], Href: v.Above(identity.SeeFigures, p, "/xa/"+p.CommuneID)}, areas,
		ui.Crumb{Label: p.FullName() + ", " + v.T("title."+b.Model) + " " + strconv.Itoa(b.Round.Year)})
	view.Frame.Rail, view.Frame.Bare = true, true
	view.Frame.Scripts = []string{"entry.js"}
	view.Frame.Styles = nil
	return view, nil
}

func planSet(b *assessment.Board) string {
	plan, _ := b.Round.Plan.Model(b.Model)
	return plan.SetID
}

// deadline is the last day with how long it still is.
func deadline(v *site.Visit, to string) string {
	last, err1 := time.ParseInLocation(time.DateOnly, to, store.Zone)
	today, err2 := time.ParseInLocation(time.DateOnly, v.Today(), store.Zone)
	if err1 != nil || err2 != nil {
		return ""
	}
	days := int(last.Sub(today).Hours() / 24)
	switch {
	case days < 0:
		return v.T("entry.deadline.over", "date", to, "count", -days)
	case days == 0:
		return v.T("entry.deadline.today", "date", to)
	}
	return v.T("entry.deadline.left", "date", to, "count", days)
}

// scriptWords are the texts the script needs beside those in the rows.
func scriptWords(v *site.Visit) map[string]string {
	words := map[string]string{}
	for _, key := range []string{"waiting", "all_sent", "here", "there", "too_many", "too_high", "none_left", "undone", "nothing_undo", "registers", "open_file",
		"as_last", "max_here", "proof", "next", "yes", "no", "number", "set", "not_registered", "locked", "group_met", "group_need",
		"running_left", "running_pass", "running_fail", "running_need", "running_sofar"} {
		words[key] = v.T("entry.js." + key)
	}
	return words
}
