// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package slips

import (
	"net/http"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/selfsheet"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// BoardPath is the page of an area's slips.
const BoardPath = "/tu-cham"

func registerBoard(m *site.Mux) {
	m.Signed("GET "+BoardPath+"/{place}", func(v *site.Visit) error { return board(v, http.StatusOK, "") })
	m.Signed("POST "+BoardPath+"/{place}", act)
	m.Signed("GET "+BoardPath+"/{place}/in", printed)
	m.Signed("GET "+BoardPath+"/{place}/{id}", one)
}

// area is what the pages of an area's slips are about.
type area struct {
	*site.Visit
	place place.Place
	round assessment.Round
	model string
	lines []selfsheet.Line
}

func areaOf(v *site.Visit) (a area, err error) {
	private(v) // its codes open the sheets of a whole area
	a = area{Visit: v, model: v.R.FormValue("mo-hinh")}
	if a.model == "" {
		a.model = registry.Family
	}
	if a.place, err = v.Here(identity.Score); err != nil {
		return a, err
	}
	if a.round, _, err = v.Round(a.place); err != nil {
		return a, err
	}
	if _, ok := a.round.Plan.Model(a.model); !ok {
		return a, fault.NotFound("model", a.model)
	}
	a.lines, err = v.SelfSheets.List(v.Ctx(), v.Actor, a.place.ID, a.round.ID, a.model)
	return a, err
}

func (a *area) href(rest string, pairs ...string) string {
	return site.With(BoardPath+"/"+a.place.ID+rest, append(pairs, "mo-hinh", a.model, "nam", strconv.Itoa(a.round.Year))...)
}

type boardLine struct {
	ID, Number, Name string
	Version          int64
	State            ui.State
	Own, Area        string // points
	Sent             string
	Waits            bool
	Slip             string // address of its page; "" while there is none
	Revoked, Locked  bool
	File             string
	CanMake          bool
}

type boardView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Failed  string
	Action  string
	Print   string
	Entry   string
	Year    int
	Model   string
	Tabs    []ui.Tab
	Lines   []boardLine
	Waiting int
	Fresh   int // files that could have a slip and have none
	Live    int
}

func board(v *site.Visit, status int, failed string) error {
	a, err := areaOf(v)
	if err != nil {
		return err
	}
	view := boardView{Failed: failed, Action: a.href(""), Print: a.href("/in"), Entry: site.With("/nhap/"+a.place.ID, "mo-hinh", a.model, "nam", strconv.Itoa(a.round.Year)), Year: a.round.Year, Model: a.model}
	for i := range a.lines {
		l := a.line(&a.lines[i])
		switch {
		case l.Waits:
			view.Waiting++
		case l.CanMake:
			view.Fresh++
		}
		if l.Slip != "" && !l.Revoked {
			view.Live++
		}
		view.Lines = append(view.Lines, l)
	}
	view.Title = v.T("qrslip.board.title", "count", view.Waiting, "subject", v.T("subject."+a.model))
	if view.Waiting == 0 {
		view.Title = v.T("qrslip.board.none")
	}
	view.Lead = v.T("qrslip.board.lead", "live", view.Live, "all", len(view.Lines), "subject", v.T("subject."+a.model))
	for _, m := range a.round.Plan.Models {
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("model." + m.Model), Current: m.Model == a.model, Href: site.With(BoardPath+"/"+a.place.ID, "mo-hinh", m.Model, "nam", strconv.Itoa(a.round.Year))})
	}
	view.Frame = v.Frame(view.Title, site.Entry, a.place, ui.Crumb{Label: v.T("nav.entry"), Href: "/nhap"}, ui.Crumb{Label: a.place.FullName(), Href: view.Entry}, ui.Crumb{Label: v.T("qrslip.nav")})
	return v.ShowAs(status, boardPage(view))
}

func (a *area) line(l *selfsheet.Line) boardLine {
	f := &l.File
	out := boardLine{ID: f.ID, Number: f.Number, Name: f.Name, Version: f.Version, Waits: l.Waits, File: "/ho-so/" + a.place.ID + "/" + f.ID}
	if l.Own != nil {
		out.Sent = lang.Clock(a.Ctx(), store.Time(l.Own.At)) + " " + lang.Date(a.Ctx(), store.Time(l.Own.At))
		if l.Own.Total != nil {
			out.Own = lang.Points(a.Ctx(), int64(*l.Own.Total))
		} else {
			out.Own = a.T("qrslip.part")
		}
	}
	if f.AreaTotal != nil {
		out.Area = lang.Points(a.Ctx(), int64(*f.AreaTotal))
	}
	s := l.Slip
	if s != nil {
		out.Slip, out.Revoked, out.Locked = a.href("/"+f.ID), s.Revoked, s.Locked()
	}
	out.CanMake = s == nil && !l.Closed
	switch {
	case l.Waits:
		out.State = ui.State{Kind: "warn", Icon: "clock", Word: a.T("qrslip.state.waits")}
	case l.Own != nil:
		out.State = ui.State{Kind: "ok", Icon: "check", Word: a.T("qrslip.state.taken")}
	case s == nil && l.Closed:
		out.State = ui.State{Kind: "off", Icon: "info", Word: a.T("qrslip.state.closed")}
	case s == nil:
		out.State = ui.State{Kind: "off", Icon: "info", Word: a.T("qrslip.state.none")}
	case s.Revoked:
		out.State = ui.State{Kind: "bad", Icon: "x-circle", Word: a.T("qrslip.state.revoked")}
	case !s.UsedAt.IsZero():
		out.State = ui.State{Kind: "", Icon: "clock", Word: a.T("qrslip.state.opened")}
	default:
		out.State = ui.State{Kind: "", Icon: "clock", Word: a.T("qrslip.state.made")}
	}
	return out
}

// act makes slips, renews or revokes one, or takes what a family sent.
func act(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	a, err := areaOf(v)
	if err != nil {
		return err
	}
	id := v.Form("ho")
	back := a.href("")
	switch v.Form("viec") {
	case "tao":
		var ids []string
		if id != "" {
			ids, back = []string{id}, a.href("/"+id)
		}
		_, err = v.SelfSheets.Make(v.Ctx(), v.Actor, a.place.ID, &a.round, a.model, ids)
	case "doi":
		err, back = v.SelfSheets.Renew(v.Ctx(), v.Actor, a.place.ID, id, &a.round), a.href("/"+id)
	case "thu-hoi":
		err = v.SelfSheets.Revoke(v.Ctx(), v.Actor, a.place.ID, id)
	case "nhan":
		version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
		_, err = v.Assessment.AcceptOwn(v.Ctx(), v.Actor, a.place.ID, id, version)
	default:
		err = fault.NotFound("act", "")
	}
	if status := statusOf(err); err != nil && status != 0 {
		sentence, _ := lang.Fault(v.Ctx(), err)
		return board(v, status, sentence)
	}
	if err != nil {
		return err
	}
	return v.Go(back)
}

type oneView struct {
	Frame              ui.Office
	Title, Name, Where string
	Link, Code, CodeAt string
	Message            string
	Until              string
	ID, Action, Back   string
	Print              string
	Revoked, Locked    bool
}

// find is the line of a file; without a slip there is nothing to show.
func (a *area) find(id string) (*selfsheet.Line, error) {
	for i := range a.lines {
		if a.lines[i].File.ID == id && a.lines[i].Slip != nil {
			return &a.lines[i], nil
		}
	}
	return nil, fault.NotFound("slip", id)
}

// one shows the slip of one file: its code to scan, the link to send, and what has become of it.
func one(v *site.Visit) error {
	a, err := areaOf(v)
	if err != nil {
		return err
	}
	l, err := a.find(v.Path("id"))
	if err != nil {
		return err
	}
	commune, err := v.Places.Get(v.Ctx(), a.place.CommuneID)
	if err != nil {
		return err
	}
	view := oneView{Title: v.T("qrslip.one.title", "name", l.File.Name), Name: l.File.Name, Where: papers.Where(a.place, commune), Link: papers.Link(v, CodePath+"/"+v.SelfSheets.Secret(l.Slip)),
		Code: v.SelfSheets.Code(l.Slip), CodeAt: papers.Link(v, CodePath), ID: l.File.ID, Action: a.href(""), Back: a.href(""), Print: a.href("/in", "ho", l.File.ID), Revoked: l.Slip.Revoked,
		Locked: l.Slip.Locked(), Until: a.until()}
	view.Message = v.T("qrslip.message."+a.model, "year", a.round.Year, "area", papers.WithinArea(a.place), "link", view.Link, "until", a.until())
	view.Frame = v.Frame(view.Title, site.Entry, a.place, ui.Crumb{Label: v.T("nav.entry"), Href: "/nhap"}, ui.Crumb{Label: a.place.FullName()}, ui.Crumb{Label: v.T("qrslip.nav"), Href: view.Back}, ui.Crumb{Label: l.File.Name})
	view.Frame.Scripts = []string{"slip.js"}
	return v.Show(onePage(view))
}

// until is the last day of the stage.
func (a *area) until() string {
	if w, ok := a.round.Plan.Window(assessment.StageSelf); ok {
		return w.To
	}
	return strconv.Itoa(a.round.Year) + "-12-31"
}

type slipPaper struct{ Name, Number, Link, Code string }

type printedView struct {
	Title, Where, CodeAt, Until, Back, Model, Leader string
	Year                                             int
	Slips                                            []slipPaper
	Demo                                             bool
}

// printed are the slips of an area, or the one of ?ho, to print and cut.
func printed(v *site.Visit) error {
	a, err := areaOf(v)
	if err != nil {
		return err
	}
	commune, err := v.Places.Get(v.Ctx(), a.place.CommuneID)
	if err != nil {
		return err
	}
	view := printedView{Title: v.T("qrslip.print.title"), Where: papers.Where(a.place, commune), CodeAt: papers.Link(v, CodePath), Until: a.until(), Back: a.href(""), Year: a.round.Year, Demo: v.Demo,
		Model: a.model, Leader: papers.Leader(v.Ctx(), a.place)}
	only := v.Query("ho")
	for i := range a.lines {
		l := &a.lines[i]
		if l.Slip == nil || l.Slip.Revoked || only != "" && l.File.ID != only {
			continue
		}
		view.Slips = append(view.Slips, slipPaper{Name: l.File.Name, Number: l.File.Number, Link: papers.Link(v, CodePath+"/"+v.SelfSheets.Secret(l.Slip)), Code: v.SelfSheets.Code(l.Slip)})
	}
	if len(view.Slips) == 0 {
		return fault.NotFound("slip", only)
	}
	return v.Show(printedPage(view))
}
