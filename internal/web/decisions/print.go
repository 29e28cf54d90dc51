// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"strconv"

	"hoctap/internal/recognition"
	"hoctap/internal/web/site"
)

// sheetsView is a decision with its annexed list as it is printed.
type sheetsView struct {
	Title string
	Demo  bool
	Back  string
	Mark  string
	Paper paper
	List  [][]itemLine
	Acts  bool // the list has a column for what is done
	Count int
	Model string
}

// printDecision shows the papers of a decision; a draft says on each sheet that it is one.
func (p printer) printDecision(v *site.Visit) error {
	d, _, err := open(v)
	if err != nil {
		return err
	}
	named, err := namedBy(v, &d)
	if err != nil {
		return err
	}
	items, err := v.Recognition.Items(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	view := sheetsView{Title: v.T("print.decision", "name", crumb(v, &d)), Demo: v.Demo, Back: address(&d), Mark: markOf(v, &d), Acts: d.AmendsID != "", Count: len(items), Model: d.Model}
	if view.Paper, err = paperFor(v, &d, named); err != nil {
		return err
	}
	lines := make([]itemLine, 0, len(items))
	for i := range items {
		lines = append(lines, itemOf(v, &items[i]))
	}
	view.List = sheets(lines)
	return v.Show(decisionSheets(view))
}

// certificatesView is a batch of certificates.
type certificatesView struct {
	Title      string
	Demo       bool
	Back       string
	Mark       string
	List       []certificate
	Text       string
	Prev, Next string
	None       string
}

// batch is how many certificates are on one page: a print job that an office printer's paper tray holds.
const batch = 100

// printCertificates shows the certificates that are still valid, a batch at a time, or the one with number ?so.
func (p printer) printCertificates(v *site.Visit) error {
	d, _, err := open(v)
	if err != nil {
		return err
	}
	all, err := v.Recognition.TitlesOf(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	only, _ := strconv.Atoi(v.Query("so"))
	var valid []recognition.Title
	for _, t := range all {
		if t.State == recognition.TitleValid && (only == 0 || t.No == only) {
			valid = append(valid, t)
		}
	}
	view := certificatesView{Title: v.T("print.certificates", "count", len(valid), "name", crumb(v, &d)), Demo: v.Demo, Back: address(&d), Mark: markOf(v, &d)}
	if len(valid) == 0 {
		view.None = v.T("print.none")
		return v.Show(certificateSheets(view))
	}
	n, _ := strconv.Atoi(v.Query("trang"))
	last := (len(valid) + batch - 1) / batch
	n = min(max(n, 1), last)
	from, to := (n-1)*batch, min(n*batch, len(valid))
	if view.List, err = p.certificates(v, &d, valid[from:to]); err != nil {
		return err
	}
	page := func(n int) string { return site.With(address(&d)+"/giay", "trang", strconv.Itoa(n)) }
	if n > 1 {
		view.Prev = page(n - 1)
	}
	if n < last {
		view.Next = page(n + 1)
	}
	view.Text = v.T("print.range", "from", from+1, "to", to, "count", len(valid))
	return v.Show(certificateSheets(view))
}
