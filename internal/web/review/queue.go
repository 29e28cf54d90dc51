// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// queueView is the list with the open file beside it.
type queueView struct {
	Frame    ui.Office
	Title    string
	Filter   filter
	Tabs     []ui.Tab
	Models   []ui.Tab
	Agreeing int // what approval in one act would close
	ApproveN ui.Question
	May      bool // approve
	Fields   filterForm
	Open     bool // the filter is in use
	Rows     []queueRow
	Pages    ui.Pages
	Gap      ui.Gap
	GapHref  string
	GapDo    string
	File     *fileView
	Chosen   bool // the address names the file: a phone shows it instead of the list
	Flash    string
	Undo     string // address that takes the last act back
	Done     int64
	All      int64
	Keys     []ui.KeyHelp
}

type filterForm struct{ Name, Area, Flag, State, Order ui.Field }

// queueRow is one file of the list.
type queueRow struct {
	Key, Name, Where, Scores, Href string
	Flag                           ui.State
	Current                        bool
}

func queueHome(v *site.Visit) error {
	p, err := v.Here(identity.Appraise)
	if err != nil {
		return err
	}
	to := "/tham-dinh/" + p.ID
	if q := v.R.URL.RawQuery; q != "" {
		to += "?" + q // the same filters, in the actor's own commune
	}
	return v.Go(to)
}

func queue(v *site.Visit) error {
	p, err := v.Here(identity.Appraise)
	if err != nil {
		return err
	}
	leaf, id, _ := opened(v.R.URL.Query())
	return showQueue(v, http.StatusOK, p, filterOf(v.R.URL.Query(), p.ID), leaf, id, nil)
}

// showQueue answers with the queue. leaf and id name the open file, "" for the first of the list; refused is what a form of that
// file failed with.
func showQueue(v *site.Visit, status int, p place.Place, f filter, leaf, id string, refused *refusal) error {
	if !p.Leaf() && p.Level != place.Commune {
		return fault.Conflict("review.commune_only", "name", p.FullName())
	}
	r, err := roundOf(v, p, f.Year)
	if err != nil {
		return err
	}
	ctx := v.Ctx()
	waiting, err := v.Assessment.Waiting(ctx, v.Actor, f.Place, r.ID, f.Model)
	if err != nil {
		return err
	}
	list, next, err := v.Assessment.Find(ctx, v.Actor, f.where(r.ID))
	if err != nil {
		return err
	}
	commune := p.CommuneID
	if commune == "" {
		commune = p.ID
	}
	leaves, err := v.Places.Leaves(ctx, commune, "")
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, l := range leaves {
		names[l.ID] = areaName(v, l)
	}
	q := queueView{Filter: f, Chosen: id != "", May: v.Actor.May(identity.Approve, p.Path), Keys: keysOf(v)}
	if id == "" && len(list) > 0 {
		leaf, id = list[0].PlaceID, list[0].ID
	}
	for i := range list {
		q.Rows = append(q.Rows, rowOf(ctx, f, &list[i], names, id))
	}
	q.head(v, waiting, r)
	q.fields(v, leaves, names, waiting)
	if next.ID != "" {
		q.Pages.Next = f.with(func(*filter) {}).href("sau", cursorText(next))
	}
	if f.After != "" {
		q.Pages.First = f.with(func(*filter) {}).href()
	}
	q.Pages.Text = v.T("review.shown", "count", len(list))
	if err := q.progress(v, p, r); err != nil {
		return err
	}
	if len(list) == 0 {
		q.empty(v, waiting)
	}
	if id != "" {
		file, err := fileBeside(v, f, &r, leaf, id, list, refused)
		if err != nil {
			return err
		}
		q.File = &file
	}
	q.flash(v)
	if v.Query("xong") == "duyet" {
		if err := q.leftForAnother(v, p.ID, r.ID); err != nil {
			return err
		}
	}
	way, err := crumbs(v, p, v.T("title."+f.Model)+" "+strconv.Itoa(r.Year))
	if err != nil {
		return err
	}
	q.Frame = v.Frame(q.Title, site.Review, p, way...)
	q.Frame.Rail, q.Frame.Bare, q.Frame.Scripts, q.Frame.Failed = true, true, []string{"review.js"}, refused != nil
	q.Frame.Tools = progressTool(q.Done, q.All)
	return v.ShowAs(status, queuePage(q))
}

func roundOf(v *site.Visit, p place.Place, year string) (assessment.Round, error) {
	r, all, err := v.Round(p)
	if n, _ := strconv.Atoi(year); n != 0 && err == nil && r.Year != n { // the address of an act has no ?nam, its form has
		for _, c := range all {
			if c.Year == n {
				return c, nil
			}
		}
	}
	return r, err
}

// fileBeside is the open file with the way to the next.
func fileBeside(v *site.Visit, f filter, r *assessment.Round, leaf, id string, list []assessment.Assessment, refused *refusal) (fileView, error) {
	d, err := v.Assessment.Dossier(v.Ctx(), v.Actor, leaf, id)
	if err != nil {
		return fileView{}, err
	}
	file, err := viewRefused(v, d, true, refused)
	if err != nil {
		return file, err
	}
	file.Action = "/tham-dinh/" + leaf + "/" + id
	file.Packed = f.packed()
	file.SelfHref = f.href("mo", leaf+"/"+id)
	for i := range list {
		if list[i].ID == id && i+1 < len(list) {
			file.NextHref = f.href("mo", openKey(&list[i+1]))
			return file, nil
		}
	}
	next, found, err := v.Assessment.Next(v.Ctx(), v.Actor, f.where(r.ID), &d.Assessment)
	if found {
		file.NextHref = f.href("mo", openKey(&next))
	}
	return file, err
}

func rowOf(ctx context.Context, f filter, a *assessment.Assessment, names map[string]string, current string) queueRow {
	r := queueRow{Key: openKey(a), Name: a.Name, Where: lang.T(ctx, "review.row.where", "area", names[a.PlaceID], "count", a.Evidence),
		Href: f.href("mo", openKey(a)), Flag: flagOf(ctx, a), Current: a.ID == current}
	switch {
	case a.SelfTotal != nil && a.AreaTotal != nil:
		r.Scores = pointsText(ctx, a.SelfTotal) + " → " + pointsText(ctx, a.AreaTotal)
	case a.Total != nil:
		r.Scores = pointsText(ctx, a.Total)
	}
	return r
}

// flagOf is the one flag that says most about why a file needs reading.
func flagOf(ctx context.Context, a *assessment.Assessment) ui.State {
	if a.State != assessment.Sent {
		kind := map[assessment.State]string{assessment.Approved: "ok", assessment.Recognised: "ok", assessment.Returned: "warn", assessment.Rejected: "bad", assessment.Revoked: "bad"}[a.State]
		return ui.State{Kind: kind, Word: lang.T(ctx, "state."+string(a.State))}
	}
	has := func(f assessment.Flag) bool { return a.Flags&f != 0 }
	switch {
	case has(assessment.FlagReused):
		return ui.State{Kind: "bad", Icon: "copy", Word: lang.T(ctx, "review.flag.reused")}
	case has(assessment.FlagGap):
		kind := "warn"
		if a.Gap >= 2*assessment.GapLimit {
			kind = "bad"
		}
		return ui.State{Kind: kind, Icon: "flag", Word: lang.T(ctx, "review.flag.gap_by", "points", int64(a.Gap))}
	case has(assessment.FlagEvidence):
		return ui.State{Kind: "warn", Icon: "picture", Word: lang.T(ctx, "review.flag.evidence")}
	case has(assessment.FlagOpen):
		return ui.State{Kind: "warn", Icon: "help", Word: lang.T(ctx, "review.flag.open")}
	case has(assessment.FlagNear):
		return ui.State{Kind: "warn", Icon: "warning", Word: lang.T(ctx, "review.flag.near")}
	case has(assessment.FlagAreaMore):
		return ui.State{Kind: "warn", Icon: "flag", Word: lang.T(ctx, "review.flag.area_more")}
	case has(assessment.FlagVotes):
		return ui.State{Kind: "warn", Icon: "people", Word: lang.T(ctx, "review.flag.votes")}
	case has(assessment.FlagNew):
		return ui.State{Kind: "info", Icon: "plus", Word: lang.T(ctx, "review.flag.new")}
	}
	return ui.State{Kind: "ok", Word: lang.T(ctx, "review.flag.none")}
}

// head sets the title, the tabs and the offer to approve what agrees.
func (q *queueView) head(v *site.Visit, w assessment.Waiting, r assessment.Round) {
	f := q.Filter
	look, clean, agreeing := w.Look, w.Clean, w.Agreeing
	q.Title = v.T("review.title", "count", look+clean, "model", v.T("title."+f.Model))
	waiting := f.State == assessment.Sent
	tab := func(word, key string, n int) ui.Tab {
		return ui.Tab{Label: v.T(key), Count: lang.Number(v.Ctx(), int64(n)), Current: waiting && f.Tab == word,
			Href: f.with(func(f *filter) { f.Tab, f.State = word, assessment.Sent }).href()}
	}
	q.Tabs = []ui.Tab{tab(tabLook, "review.tab.look", look), tab(tabClean, "review.tab.clean", clean)}
	for _, m := range r.Plan.Models {
		q.Models = append(q.Models, ui.Tab{Label: v.T("model." + m.Model), Current: m.Model == f.Model,
			Href: f.with(func(f *filter) { *f = filter{Place: f.Place, Year: f.Year, Model: m.Model, State: assessment.Sent} }).href()})
	}
	if waiting {
		q.Agreeing = agreeing
	}
	q.ApproveN = ui.Question{ID: "duyet-loat", Title: v.T("review.bulk.title", "count", agreeing), Consequence: v.T("review.bulk.consequence", "count", agreeing, "look", look),
		Do: v.T("review.bulk.do", "count", agreeing), Keep: v.T("review.bulk.keep"), Action: "/tham-dinh/" + f.Place + "/duyet-loat"}
}

func (q *queueView) fields(v *site.Visit, leaves []place.Place, names map[string]string, w assessment.Waiting) {
	f := q.Filter
	q.Open = f.filtered()
	q.Fields.Name = ui.Field{Name: "tim", Label: v.T("review.filter.name"), Value: f.Name, Attrs: map[string]any{"data-find": "", "autocomplete": "off"}}
	area := ui.Field{Name: "khu", Label: v.T("review.filter.area"), Value: f.Area, Options: []ui.Option{{Label: v.T("review.filter.all_areas")}}}
	for _, l := range leaves {
		area.Options = append(area.Options, ui.Option{Value: l.ID, Label: v.T("review.filter.counted", "name", names[l.ID], "count", w.ByLeaf[l.ID])})
	}
	flag := ui.Field{Name: "dau", Label: v.T("review.filter.flag"), Value: f.Flag, Options: []ui.Option{{Label: v.T("review.filter.all_flags")}}}
	for _, fw := range flagWords {
		flag.Options = append(flag.Options, ui.Option{Value: fw.word, Label: v.T("review.filter.counted", "name", v.T("review.flag."+flagKeys[fw.flag]), "count", w.ByFlag[fw.flag])})
	}
	state := ui.Field{Name: "trang-thai", Label: v.T("review.filter.state"), Value: string(f.State)}
	for _, s := range states {
		state.Options = append(state.Options, ui.Option{Value: string(s), Label: v.T("state." + string(s))})
	}
	order := ui.Field{Name: "xep", Label: v.T("review.filter.order"), Value: f.Order,
		Options: []ui.Option{{Label: v.T("review.filter.by_gap")}, {Value: "ten", Label: v.T("review.filter.by_name")}}}
	q.Fields.Area, q.Fields.Flag, q.Fields.State, q.Fields.Order = area, flag, state, order
}

var flagKeys = map[assessment.Flag]string{assessment.FlagGap: "gap", assessment.FlagEvidence: "evidence", assessment.FlagNear: "near", assessment.FlagReused: "reused",
	assessment.FlagOpen: "open", assessment.FlagAreaMore: "area_more", assessment.FlagVotes: "votes", assessment.FlagNew: "new"}

// empty says why the list has nothing: the filter, the other tab, or because all is done.
func (q *queueView) empty(v *site.Visit, w assessment.Waiting) {
	f := q.Filter
	q.GapHref = f.with(func(f *filter) {
		*f = filter{Place: f.Place, Year: f.Year, Model: f.Model, Tab: f.Tab, State: assessment.Sent}
	}).href()
	q.GapDo = v.T("review.empty.show")
	switch {
	case f.filtered():
		q.Gap = ui.Gap{Icon: "filter", Title: v.T("review.empty.filter"), Text: v.T("review.empty.filter_text", "count", w.All())}
	case w.All() > 0:
		q.Gap = ui.Gap{Icon: "check-circle", Title: v.T("review.empty.tab"), Text: v.T("review.empty.tab_text", "count", w.All())}
		q.GapHref = f.with(func(f *filter) { f.Tab = map[string]string{tabLook: tabClean, tabClean: tabLook}[f.Tab] }).href()
	case q.Done > 0:
		q.Gap, q.GapHref = ui.Gap{Icon: "check-circle", Title: v.T("review.empty.done", "count", q.Done), Text: v.T("review.empty.done_text")}, ""
		if v.Actor.Anywhere(identity.Decide) {
			q.GapHref, q.GapDo = site.With("/quyet-dinh", "noi", f.Place, "mo-hinh", f.Model), v.T("review.empty.decide")
		}
	default:
		q.Gap, q.GapHref = ui.Gap{Icon: "file", Title: v.T("review.empty.none"), Text: v.T("review.empty.none_text")}, ""
	}
}

// progress counts how far the place is: settled of those that strive for the title.
func (q *queueView) progress(v *site.Visit, p place.Place, r assessment.Round) error {
	t, err := v.Figures.Below(v.Ctx(), p.Path, v.Today(), rollup.ByLeaf, r.ID)
	if err != nil {
		return err
	}
	c := t.Total[rollup.Key{RoundID: r.ID, Model: q.Filter.Model}]
	q.Done, q.All = c.Approved+c.Rejected+c.Recognised, c.Registered
	return nil
}

// flash is what the act before did, with the way to take it back.
func (q *queueView) flash(v *site.Visit) {
	switch done := v.Query("xong"); done {
	case "dat", "chua-dat", "bo-sung", "luu", "mo-lai":
		q.Flash = v.T("review.done." + done)
		if leaf, id, ok := opened(map[string][]string{"mo": {v.Query("hoan")}}); ok && (done == "dat" || done == "chua-dat") {
			q.Undo = "/tham-dinh/" + leaf + "/" + id + "/mo-lai"
		}
	case "duyet":
		n, _ := strconv.Atoi(v.Query("so"))
		q.Flash = v.T("review.done.duyet", "count", n)
	}
}

// leftForAnother names the files that a batch left because whoever pressed had given them points.
func (q *queueView) leftForAnother(v *site.Visit, placeID, roundID string) error {
	list, err := v.Assessment.ForAnother(v.Ctx(), v.Actor, placeID, roundID, q.Filter.Model)
	if err != nil || len(list) == 0 {
		return err
	}
	names := make([]string, min(len(list), 10))
	for i := range names {
		names[i] = list[i].Name
	}
	q.Flash += " " + v.T("review.done.for_another", "count", len(list), "names", strings.Join(names, ", "))
	return nil
}

func keysOf(v *site.Visit) []ui.KeyHelp {
	return []ui.KeyHelp{{Key: "1", Does: v.T("review.act.pass")}, {Key: "2", Does: v.T("review.act.return")}, {Key: "3", Does: v.T("review.act.fail")},
		{Key: "↓", Does: v.T("review.act.next")}, {Key: "↑", Does: v.T("review.act.before")}, {Key: "/", Does: v.T("review.filter.name")}, {Key: "?", Does: v.T("form.keys_help")}}
}
