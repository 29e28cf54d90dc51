// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"net/http"
	"slices"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// periodForm is one thing that who opened a period can do with it.
type periodForm struct {
	ID, Title, Lead string
	Act, Do, Icon   string
	Fields          []ui.Field
	Broken          []ui.Broken
}

type periodView struct {
	Frame  ui.Office
	Lead   string
	Notes  []note
	Action string
	Back   string
	Forms  []periodForm
}

// theirs reads the period of an address for who may open and end periods of the place.
func theirs(v *site.Visit) (p place.Place, period report.Period, err error) {
	if p, err = v.Here(identity.RuleReports); err != nil {
		return p, period, err
	}
	period, err = v.Reports.Period(v.Ctx(), v.Path("period"))
	if err == nil && period.PlaceID != p.ID {
		err = fault.NotFound("report_period", v.Path("period"))
	}
	return p, period, err
}

func showPeriod(v *site.Visit) error { return periodPage(v, http.StatusOK, nil) }

// periodPage shows how the days of a period are changed, how it is ended, and, while nothing was submitted, how it is taken back.
func periodPage(v *site.Visit, status int, failed error) error {
	p, period, err := theirs(v)
	if err != nil {
		return err
	}
	_, list, err := v.Reports.Board(v.Ctx(), v.Actor, period.ID)
	if err != nil {
		return err
	}
	base := address(p.ID, period.ID)
	view := periodView{Action: base + "/ky", Back: base, Lead: v.T("reports.period.lead", "due", period.Due, "closes", period.Closes)}
	if period.Level == place.Commune {
		view.Back += "/tien-do"
	}
	f := failureOf(v, failed)
	if f.Sentence != "" && len(f.Fields) == 0 {
		view.Notes = append(view.Notes, note{"bad", f.Sentence, ""})
	}
	if period.EndedOn != "" {
		view.Notes = append(view.Notes, note{"", v.T("reports.note.ended", "date", period.EndedOn), period.EndedWhy})
	}
	if v.Query("xong") != "" {
		view.Notes = append(view.Notes, note{"ok", v.T("reports.period.done"), ""})
	}
	add := func(act, icon string, fields ...ui.Field) {
		form := periodForm{ID: act, Title: v.T("reports.period." + act), Lead: v.T("reports.period." + act + ".lead"), Act: act, Do: v.T("reports.period." + act + ".do"), Icon: icon,
			Fields: append(fields, ui.Field{Name: "ly-do", ID: "ly-do-" + act, Label: v.T("reports.period.reason")})}
		if v.Form("viec") == act {
			for i := range form.Fields {
				form.Fields[i].Value, form.Fields[i].Err = v.Form(form.Fields[i].Name), f.Fields[form.Fields[i].Name]
			}
			form.Broken = ui.BrokenOf(f.Fields, form.Fields...)
		}
		view.Forms = append(view.Forms, form)
	}
	day := func(name, value string) ui.Field {
		return ui.Field{Name: name, Label: v.T("reports.field." + name), Type: "date", Value: value}
	}
	add("doi-ngay", "calendar", day("opens", period.Opens), day("due", period.Due), day("closes", period.Closes))
	if period.EndedOn == "" {
		add("ket-thuc", "check")
	}
	if !slices.ContainsFunc(list, func(r report.Report) bool { return r.Last > 0 }) {
		add("rut", "return")
	}
	view.Frame = v.Frame(v.T("reports.period.title", "title", period.Title), site.Reports, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.reports"), Href: "/bao-cao?noi=" + p.ID},
		ui.Crumb{Label: period.Title, Href: view.Back}, ui.Crumb{Label: v.T("reports.do.period")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, periodTempl(view))
}

// changePeriod does what the form's button says with a period.
func changePeriod(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, period, err := theirs(v)
	if err != nil {
		return err
	}
	to := site.With(address(p.ID, period.ID)+"/ky", "xong", "1")
	switch reason := v.Form("ly-do"); v.Form("viec") {
	case "doi-ngay":
		err = v.Reports.ChangeDays(v.Ctx(), v.Actor, period.ID, v.Form("opens"), v.Form("due"), v.Form("closes"), reason)
	case "ket-thuc":
		err = v.Reports.EndPeriod(v.Ctx(), v.Actor, period.ID, reason)
	case "rut":
		to = "/bao-cao?noi=" + p.ID
		err = v.Reports.WithdrawPeriod(v.Ctx(), v.Actor, period.ID, reason)
	default:
		return fault.NotFound("page", v.Form("viec"))
	}
	switch {
	case err == nil:
		return v.Go(to)
	case fault.KindOf(err) == fault.KindInvalid:
		return periodPage(v, http.StatusUnprocessableEntity, err)
	case again(err):
		return periodPage(v, http.StatusConflict, err)
	}
	return err
}

// askOpen asks before a period is opened: how many places will be asked, and until when.
func askOpen(v *site.Visit, p place.Place, d report.PeriodDraft) error {
	n, err := v.Reports.Opening(v.Ctx(), v.Actor, d)
	if again(err) {
		return indexPage(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	view := sureView{Action: "/bao-cao?noi=" + p.ID, Back: "/bao-cao?noi=" + p.ID, Do: v.T("reports.do.open"), Keep: v.T("reports.do.not_open"), Lead: d.Title,
		Follows: []string{v.T("reports.opening."+d.Level, "count", n), v.T("reports.opening.days", "opens", d.Opens, "due", d.Due, "closes", d.Closes), v.T("reports.opening.later")}}
	for _, pair := range [][2]string{{"level", d.Level}, {"kind", string(d.Kind)}, {"year", strconv.Itoa(d.ToYear)}, {"title", d.Title}, {"opens", d.Opens}, {"due", d.Due}, {"closes", d.Closes}, {"chac", "co"}} {
		view.Hidden = append(view.Hidden, ui.Field{Name: pair[0], Value: pair[1]})
	}
	view.Frame = v.Frame(v.T("reports.opening.title"), site.Reports, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.reports"), Href: view.Back}, ui.Crumb{Label: v.T("reports.do.open")})
	return v.Show(sureTempl(view))
}
