// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// sheetsView is a decision with its annexed list as it is printed.
type sheetsView struct {
	Title string
	Demo  bool
	Back  string
	Paper *paper.Document
}

// written is a decision with everything its papers need.
func written(v *site.Visit) (f facts, err error) {
	d, _, err := open(v)
	if err != nil {
		return f, err
	}
	named, err := namedBy(v, &d)
	if err != nil {
		return f, err
	}
	if f, err = factsOf(v, &d, named); err != nil {
		return f, err
	}
	f.Items, err = v.Recognition.FrozenItems(v.Ctx(), v.Actor, &d)
	return f, err
}

// printDecision shows the papers of a decision; a draft says on each sheet that it is one.
func printDecision(v *site.Visit) error {
	f, err := written(v)
	if err != nil {
		return err
	}
	return v.Show(decisionSheets(sheetsView{Title: v.T("print.decision", "name", crumb(v, f.Decision)), Demo: v.Demo, Back: address(f.Decision), Paper: documentOf(v.Ctx(), f)}))
}

// file sends a decision, or with ?giay a paper that follows it, as a file: ?dang=docx to edit, pdf to sign and keep.
func file(v *site.Visit) error {
	f, err := written(v)
	if err != nil {
		return err
	}
	kind := v.Query("giay")
	if kind == "" {
		if v.Query("dang") == ownForm {
			return sendOwn(v, fileName("quyet-dinh", f.Decision), f.Said.Paper, shownPaper{Paper: documentOf(v.Ctx(), f), Values: f.values(papers.Vi(v.Ctx())), Rows: f.rows(v.Ctx())})
		}
		return papers.Send(v, fileName("quyet-dinh", f.Decision), documentOf(v.Ctx(), f))
	}
	what, known := kindOfPaper[kind]
	if !known {
		return fault.NotFound("file", kind)
	}
	a, err := afterOf(v, what)
	if err != nil {
		return err
	}
	if v.Query("dang") == ownForm {
		return sendOwn(v, fileName(kind, a.Decision), a.Words, a.shown(v.Ctx(), what))
	}
	return papers.Send(v, fileName(kind, a.Decision), a.document(v.Ctx(), what))
}

// volume is how many certificates one file holds: a larger one takes the server's memory and the printer's patience.
const volume = 5000

// certificateFile sends the certificates that are still valid as files to print, ?tap of them.
func certificateFile(v *site.Visit) error {
	d, _, err := open(v)
	if err != nil {
		return err
	}
	if err := v.Signature.Gate(v.Ctx(), nil, &d); err != nil {
		return err
	}
	titles, err := valid(v, &d)
	if err != nil {
		return err
	}
	n, err := volumeOf(v.Query("tap"))
	if err != nil {
		return err
	}
	from := max(n-1, 0) * volume
	if from >= len(titles) {
		return fault.NotFound("certificate", d.ID)
	}
	titles = titles[from:min(from+volume, len(titles))]
	name := fileName("giay-chung-nhan", &d)
	if n > 0 {
		name += "-tap-" + strconv.Itoa(n)
	}
	title := lang.T(papers.Vi(v.Ctx()), "paper.file.certificates", "number", d.Text())
	return pressCertificates(v, v.Query("dang"), name, title, d.BodyName, d.Date, certificates(v, &d, titles))
}

// volumeOf is the number of a file of certificates, 0 for none.
func volumeOf(typed string) (int, error) {
	n, err := strconv.Atoi(typed)
	if typed != "" && (err != nil || n < 1 || n > 1<<20) {
		return 0, fault.NotFound("file", typed)
	}
	return n, nil
}

// pressCertificates sends certificates as a PDF to print, or with form pdfa to keep.
func pressCertificates(v *site.Visit, form, name, title, author, date string, list iter.Seq2[paper.Certificate, error]) error {
	press, err := v.Press()
	if err != nil {
		return err
	}
	write := press.Certificates
	switch form {
	case "", "pdf":
	case "pdfa":
		write = press.ArchiveCertificates
	default:
		return fault.NotFound("file", form)
	}
	return v.File(name+".pdf", site.PDF, func(w io.Writer) error { return write(w, title, author, date, list) })
}

// valid are the titles of a decision whose certificates count, all or the one with number ?so.
func valid(v *site.Visit, d *recognition.Decision) ([]recognition.Title, error) {
	all, err := v.Recognition.TitlesOf(v.Ctx(), v.Actor, d.ID)
	only, _ := strconv.Atoi(v.Query("so"))
	return slices.DeleteFunc(all, func(t recognition.Title) bool { return t.State != recognition.TitleValid || only != 0 && t.No != only }), err
}

// fileName is "quyet-dinh-214-2026"; a draft is named by its model.
func fileName(kind string, d *recognition.Decision) string {
	if d.Number == 0 {
		return fmt.Sprintf("%s-du-thao-%s-%d", kind, d.Model, d.ForYear)
	}
	return fmt.Sprintf("%s-%d-%d", kind, d.Number, d.Year)
}

// certificatesView is a batch of certificates.
type certificatesView struct {
	Title      string
	Demo       bool
	Back       string
	List       []paper.Certificate
	Text       string
	Prev, Next string
	Leads      string   // where the codes lead while nobody has set a public address
	Files      []ui.Tab // all of them to print, in as many files as they need
	None       string
}

// batch is how many certificates are on one page: a print job that an office printer's paper tray holds.
const batch = 100

// printCertificates shows the certificates that are still valid, a batch at a time, or the one with number ?so.
func printCertificates(v *site.Visit) error {
	d, _, err := open(v)
	if err != nil {
		return err
	}
	if err := v.Signature.Gate(v.Ctx(), nil, &d); err != nil {
		return err
	}
	valid, err := valid(v, &d)
	if err != nil {
		return err
	}
	view := certificatesView{Title: v.T("print.certificates", "count", len(valid), "name", crumb(v, &d)), Demo: v.Demo, Back: address(&d)}
	if len(valid) == 0 {
		view.None = v.T("print.none")
		return v.Show(certificateSheets(view))
	}
	n, _ := strconv.Atoi(v.Query("trang"))
	last := (len(valid) + batch - 1) / batch
	n = min(max(n, 1), last)
	from, to := (n-1)*batch, min(n*batch, len(valid))
	for c, err := range certificates(v, &d, valid[from:to]) {
		if err != nil {
			return err
		}
		view.List = append(view.List, c)
	}
	if os.Getenv(papers.AddressEnv) == "" {
		view.Leads = v.T("print.leads", "address", papers.Link(v, ""))
	}
	for from := 0; from < len(valid); from += volume {
		label, pairs := v.T("decisions.certs_pdf"), []string{"so", v.Query("so")}
		if len(valid) > volume {
			label, pairs = v.T("decisions.certs_volume", "from", from+1, "to", min(from+volume, len(valid))), []string{"tap", strconv.Itoa(from/volume + 1)}
		}
		view.Files = append(view.Files, ui.Tab{Label: label, Href: site.With(address(&d)+"/giay/tai", pairs...)},
			ui.Tab{Label: v.T("papers.pdfa"), Href: site.With(address(&d)+"/giay/tai", append(pairs, "dang", "pdfa")...)})
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
