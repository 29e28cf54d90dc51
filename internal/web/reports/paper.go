// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"hoctap/internal/paper"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// sheetsView is a report as it is printed.
type sheetsView struct {
	Title string
	Demo  bool
	Back  string
	Files []ui.Tab
	Paper *paper.Document
}

// snapshot is what the address asks for: version ?ban, else the draft where the place still works on one, else the newest version.
func (o *opened) snapshot(v *site.Visit) (snap *report.Snapshot, draft bool, err error) {
	no, _ := strconv.Atoi(v.Query("ban"))
	if no == 0 && o.State.Writable() && o.Figures != nil {
		return o.Draft(o.place, o.above), true, nil
	}
	if no == 0 {
		no = o.Last
	}
	snap, err = v.Reports.Submitted(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, no)
	return snap, false, err
}

func (o *opened) document(v *site.Visit) (*paper.Document, *report.Snapshot, error) {
	snap, draft, err := o.snapshot(v)
	if err != nil {
		return nil, nil, err
	}
	m := paper.Marks{Notice: v.Trust()}
	if draft {
		notices := []string{lang.T(papers.Vi(v.Ctx()), "paper.draft")}
		if m.Notice != "" {
			notices = append(notices, m.Notice)
		}
		m.Notice = strings.Join(notices, " · ")
	}
	if v.Demo {
		m.Across = lang.T(papers.Vi(v.Ctx()), "paper.demo")
	}
	return papers.Report(v.Ctx(), snap, m), snap, nil
}

// preview shows the report as it prints.
func preview(v *site.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	d, _, err := o.document(v)
	if err != nil {
		return err
	}
	base := address(o.place.ID, o.Period.ID)
	view := sheetsView{Title: o.Period.Title, Demo: v.Demo, Back: base, Paper: d}
	for _, form := range []string{"docx", "pdf", "pdfa", "xlsx"} {
		view.Files = append(view.Files, ui.Tab{Label: v.T("reports.as." + form), Href: site.With(base+"/tai", "ban", v.Query("ban"), "dang", form)})
	}
	return v.Show(sheetsTempl(view))
}

// download sends the report as a file: ?dang=docx to edit, pdf to sign, xlsx for its tables.
func download(v *site.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	d, snap, err := o.document(v)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("bao-cao-%s-%d", fileKind[o.Period.Kind], o.Period.ToYear)
	if number, _, found := strings.Cut(snap.Number, "/"); found {
		name += "-so-" + number
	}
	return papers.Send(v, name, d)
}

var fileKind = map[report.Kind]string{report.Year: "nam", report.Half: "6-thang", report.Five: "5-nam", report.Ten: "10-nam"}

// changeLine is a figure that differs.
type changeLine struct{ Where, Measure, Old, New, By string }

func changeLines(v *site.Visit, list []report.Change) (lines []changeLine) {
	value := func(c *report.Change, n *int64) string {
		switch {
		case n == nil:
			return v.T("reports.blank")
		case c.Measure == "target":
			return lang.Percent(v.Ctx(), *n)
		}
		return lang.Number(v.Ctx(), *n)
	}
	for i := range list {
		c := &list[i]
		l := changeLine{Old: value(c, c.Old), New: value(c, c.New)}
		if c.Old != nil && c.New != nil {
			l.By = papers.SignedCount(v.Ctx(), *c.New-*c.Old)
			if c.Measure == "target" {
				l.By = papers.Signed(v.Ctx(), *c.New-*c.Old)
			}
		}
		kind, key, parted := strings.Cut(c.Measure, ".")
		switch {
		case c.Model == "":
			l.Where, l.Measure = v.T("reports.seen"), v.T("reports.seen."+c.Measure)
		case parted && kind == "group":
			l.Measure = v.T("registry.citizen_group." + key)
		case parted:
			l.Measure = v.T("paper.report.level", "level", key)
		default:
			l.Measure = v.T("reports.measure." + c.Measure)
		}
		if c.Model != "" {
			l.Where = v.T("title."+c.Model) + " " + strconv.Itoa(c.Year)
			if c.RowID != "" {
				l.Where += ", " + cmp.Or(c.Row, v.T("paper.report.own"))
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// textLine is a text that differs.
type textLine struct{ What, Old, New string }

type diffView struct {
	Frame  ui.Office
	Lead   string
	Reason string
	By     string
	Lines  []changeLine
	Texts  []textLine
	Back   string
}

// difference shows figure by figure what a version changed against the one before it.
func difference(v *site.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(v.Query("tu"))
	to, _ := strconv.Atoi(v.Query("den"))
	old, err := v.Reports.Submitted(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, from)
	if err != nil {
		return err
	}
	view := diffView{Back: address(o.place.ID, o.Period.ID)}
	var fresh *report.Snapshot
	if v.Query("den") == "nhap" && o.Figures != nil {
		fresh, view.By, view.Reason = o.Draft(o.place, o.above), o.ByName, o.Report.Reason
		view.Lead = v.T("reports.diff.draft", "from", from)
	} else {
		if fresh, err = v.Reports.Submitted(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, to); err != nil {
			return err
		}
		list, err := v.Reports.Versions(v.Ctx(), v.Actor, o.place.ID, o.Period.ID)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].No == to {
				view.By, view.Reason = list[i].ByName, list[i].Reason
			}
		}
		view.Lead = v.T("reports.diff.lead", "from", from, "to", to)
	}
	view.Lines = changeLines(v, append(report.Diff(&old.Figures, &fresh.Figures), report.DiffTyped(&old.Words, &fresh.Words)...))
	for _, key := range report.SectionKeys {
		if a, b := old.Words.Sections[key], fresh.Words.Sections[key]; a != b {
			view.Texts = append(view.Texts, textLine{v.T("reports.section." + key), blankOr(v, a), blankOr(v, b)})
		}
	}
	title := v.T("reports.diff.title", "count", len(view.Lines))
	view.Frame = v.Frame(title, site.Reports, o.place, o.crumbs(v, ui.Crumb{Label: v.T("reports.diff.crumb")})...)
	return v.Show(diffTempl(view))
}

func blankOr(v *site.Visit, s string) string {
	if s == "" {
		return v.T("reports.blank")
	}
	return s
}
