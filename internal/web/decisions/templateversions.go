// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
	"hoctap/internal/wording/merge"
)

// versionsView is the history of a template, with one version compared to another.
type versionsView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Path    string
	May     bool
	Version int
	Lines   []versionLine
	Shown   string // which version is compared
	With    ui.Field
	Ban     string
	Changes []wording.Change
	Same    bool
	Back    bool // the shown version can be put back
	Remark  ui.Field
	Failed  string
}

type versionLine struct {
	Name, Href, When, Who, Remark, What string
	Current, Shown                      bool
}

func templateVersions(v *site.Visit) error {
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	return o.history(v, http.StatusOK, nil)
}

// history compares the version ?ban, else the newest, with ?voi, else the one before it.
func (o *opened) history(v *site.Visit, status int, failed error) error {
	number := func(name string, other int) int {
		if n, err := strconv.Atoi(v.R.FormValue(name)); err == nil {
			return n
		}
		return other
	}
	ban := number("ban", o.version())
	voi := number("voi", max(ban-1, 0))
	now, err := o.text(ban)
	if err != nil {
		return err
	}
	before, err := o.text(voi)
	if err != nil {
		return err
	}
	view := versionsView{Path: o.path(), May: o.May, Version: o.version(), Ban: strconv.Itoa(ban), Shown: versionName(v, ban), Changes: wording.Compare(before.Text, now.Text), Back: o.May && ban != o.version()}
	view.Same = !slices.ContainsFunc(view.Changes, func(c wording.Change) bool { return c.Sign != ' ' })
	view.Title = v.T("template.versions", "paper", v.T("template.kind."+string(o.Kind)))
	view.Lead = scopeName(v, o.Scope) + ": " + fromText(v, o.Scope, o.InForce.From, o.InForce.Version)
	view.Remark = ui.Field{Name: "ghi-chu", Label: v.T("template.remark"), Value: v.Form("ghi-chu"), Optional: true}
	view.With = ui.Field{Name: "voi", Label: v.T("template.compare_with"), Value: strconv.Itoa(voi)}
	line := func(n int) versionLine {
		return versionLine{Name: versionName(v, n), Href: view.Path + "/ban?ban=" + strconv.Itoa(n), Current: n == o.version(), Shown: n == ban}
	}
	for _, t := range o.Versions {
		l := line(t.Version)
		l.When, l.Who, l.Remark = lang.Date(v.Ctx(), t.At)+" "+lang.Clock(v.Ctx(), t.At), t.ByName, t.Remark
		what := "template.what.above"
		if t.Text != nil {
			what = "template.what.own"
		}
		if l.What = v.T(what); t.FileName != "" {
			l.What += "; " + v.T("template.what.file", "name", t.FileName)
		}
		view.Lines = append(view.Lines, l)
		view.With.Options = append(view.With.Options, ui.Option{Value: strconv.Itoa(t.Version), Label: l.Name})
	}
	l := line(0)
	l.What = v.T("template.what.shipped")
	view.Lines = append(view.Lines, l)
	view.With.Options = append(view.With.Options, ui.Option{Value: "0", Label: l.Name})
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		for _, e := range errs {
			sentence = e
		}
		view.Failed = sentence
	}
	view.Frame = o.frame(v, view.Title, ui.Crumb{Label: v.T("template.kind." + string(o.Kind)), Href: view.Path}, ui.Crumb{Label: v.T("template.history")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, versionsPage(view))
}

func versionName(v *site.Visit, n int) string {
	if n == 0 {
		return v.T("template.version_0")
	}
	return v.T("template.version", "version", n)
}

// restoreTemplate puts an older version back as a new one.
func restoreTemplate(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.Form("ban"))
	if err != nil {
		return fault.NotFound("template", v.Form("ban"))
	}
	_, err = v.Recognition.RestoreTemplate(v.Ctx(), v.Actor, o.edit(v), n)
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return o.history(v, http.StatusUnprocessableEntity, err)
	case fault.KindStale, fault.KindConflict:
		return o.history(v, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return v.Go(o.path() + "/ban")
}

// fileLimit leaves room for the form around a file.
const fileLimit = merge.MaxFile + 1<<20

// saveTemplateFile takes in an office's own Word file, or takes it away.
func saveTemplateFile(v *site.Visit) error {
	if err := v.ReadUpload(); err != nil {
		return err
	}
	defer v.R.MultipartForm.RemoveAll()
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	name, docx, err := sentFile(v)
	if err == nil {
		_, err = v.Recognition.SaveTemplateFile(v.Ctx(), v.Actor, v.Blobs, o.edit(v), name, docx)
	}
	return o.answer(v, o.InForce.Text, err)
}

// sentFile reads the file of the form; none is an order to take the old one away.
func sentFile(v *site.Visit) (name string, docx []byte, err error) {
	if v.Form("viec") == "bo" {
		return "", nil, nil
	}
	f, head, err := v.R.FormFile(merge.FileField)
	if errors.Is(err, http.ErrMissingFile) || err == nil && head.Size == 0 {
		return "", nil, fault.Invalid(fault.Field(merge.FileField, "wording.file_missing_file"))
	}
	if err != nil {
		return "", nil, &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	defer f.Close()
	docx, err = io.ReadAll(io.LimitReader(f, merge.MaxFile+1))
	return evidence.CleanName(head.Filename), docx, err
}

// templateFile sends the office's own Word file as it was uploaded: of the version ?ban, else the one in force.
func templateFile(v *site.Visit) error {
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	said, err := o.asked(v)
	if err != nil {
		return err
	}
	if said.File == "" {
		return fault.NotFound("file", ownForm)
	}
	docx, err := recognition.TemplateFile(v.Ctx(), v.Blobs, said.File)
	if err != nil {
		return err
	}
	return v.File("mau-"+paperSlugs[o.Kind]+".docx", site.DOCX, func(w io.Writer) error { _, err := w.Write(docx); return err })
}
