// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// templateView is one template in its editor, beside the paper it makes.
type templateView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Path    string
	May     bool
	Version int
	Parts   []partView
	Fields  []fieldView
	Remark  ui.Field
	Own     bool // there is a text of its own to put back
	Saved   bool
	Failed  string
	Broken  []ui.Broken

	Paper  *paper.Document
	Cert   *paper.Certificate
	Source string // whose figures the paper shows
	Invent bool   // they are invented

	HasFiles bool // the kind can be a file of the office's own
	File     string
	FileFrom string
	OwnFile  bool
	FileErr  ui.Field
	Rows     []fieldView
}

// partView is a stretch of the template with its paragraphs.
type partView struct {
	Name       string
	Paragraphs []paragraphView
	Adds       []ui.Option // roles that can be put at its end
	Single     bool        // it has one paragraph, which says its name
}

// paragraphView is one paragraph in the editor. Its inputs are named by its index.
type paragraphView struct {
	Index             int
	Role              wording.Role
	Roles             []ui.Option // to choose from; none when it is what it is
	Text              ui.Field
	Table, Many       bool
	First, Last, Only bool
}

// fieldView is a field as people choose it.
type fieldView struct {
	Name, Label, Example string
	Demanded             bool
}

// Code is the field as it is typed.
func (f fieldView) Code() string { return "{{" + f.Name + "}}" }

func templateEditor(v *site.Visit) error {
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	said, err := o.asked(v)
	if err != nil {
		return err
	}
	return o.show(v, http.StatusOK, said.Text, nil)
}

// show answers with the editor; failed is why saving was refused.
func (o *opened) show(v *site.Visit, status int, t wording.Text, failed error) error {
	view := templateView{Path: o.path(), May: o.May, Version: o.version(), Own: o.InForce.From == o.Scope.ID, HasFiles: o.Kind.FileFields() != nil, OwnFile: len(o.Versions) > 0 && o.Versions[0].File != ""}
	view.Title = v.T("template.edit", "paper", v.T("template.kind."+string(o.Kind)))
	view.Lead = scopeName(v, o.Scope) + ": " + fromText(v, o.Scope, o.InForce.From, o.InForce.Version)
	view.Remark = ui.Field{Name: "ghi-chu", Label: v.T("template.remark"), Hint: v.T("template.remark_hint"), Value: v.Form("ghi-chu"), Optional: true, Attrs: map[string]any{"autocomplete": "off"}}
	view.FileErr = ui.Field{Name: "tep", ID: "tep", Label: v.T("template.file"), Hint: v.T("template.file_hint"), Type: "file", Attrs: map[string]any{"accept": ".docx"}}
	if o.InForce.File != "" {
		view.File, view.FileFrom = view.Path+"/tep", fromText(v, o.Scope, o.InForce.FileFrom, o.InForce.FileVersion)
	}
	view.Saved = failed == nil && v.R.Method == http.MethodGet && v.Query("luu") != ""
	var errs map[string]string
	if failed != nil {
		view.Failed, errs = lang.Fault(v.Ctx(), failed)
		view.FileErr.Err, view.Remark.Err = errs[view.FileErr.Name], errs[view.Remark.Name]
	}
	view.Parts = o.parts(v, t, errs)
	view.Broken = view.broken(v, errs)
	for _, f := range o.Kind.Fields() {
		view.Fields = append(view.Fields, fieldOf(v, f))
	}
	for _, f := range o.Kind.FileFields() {
		if f.File {
			view.Rows = append(view.Rows, fieldOf(v, f))
		}
	}
	said := o.InForce
	said.Text = t
	shown, err := o.preview(v, said, true)
	if err != nil {
		return err
	}
	view.Paper, view.Cert, view.Source, view.Invent = shown.Paper, shown.Cert, shown.Source, shown.Invent
	view.Frame = o.frame(v, view.Title, ui.Crumb{Label: v.T("template.kind." + string(o.Kind))})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, templatePage(view))
}

func fieldOf(v *site.Visit, f wording.Field) fieldView {
	key := strings.ReplaceAll(f.Name, ".", "_")
	return fieldView{Name: f.Name, Label: v.T("wording.field." + key), Example: v.T("wording.example." + key), Demanded: f.Demanded}
}

// broken lists faults by the paragraph they are in, as the page names it.
func (view *templateView) broken(v *site.Visit, errs map[string]string) []ui.Broken {
	fields := []ui.Field{{Name: wording.WholeField, Label: v.T("template.whole")}}
	for _, part := range view.Parts {
		for _, p := range part.Paragraphs {
			fields = append(fields, p.Text)
		}
	}
	return ui.BrokenOf(errs, append(fields, view.FileErr, view.Remark)...)
}

// parts put the paragraphs under the stretches they belong to.
func (o *opened) parts(v *site.Visit, t wording.Text, errs map[string]string) (list []partView) {
	for _, part := range o.Kind.Parts() {
		pv := partView{Name: v.T("template.part." + string(part.Roles[0])), Single: part.Max == 1}
		roles := slices.DeleteFunc(slices.Clone(part.Roles), func(r wording.Role) bool { return r == wording.Table })
		var options []ui.Option
		for _, r := range roles {
			options = append(options, ui.Option{Value: string(r), Label: v.T("template.role." + string(r))})
		}
		for i, p := range t.Paragraphs {
			if !slices.Contains(part.Roles, p.Role) {
				continue
			}
			one := paragraphView{Index: i, Role: p.Role, Table: p.Role == wording.Table, Many: part.Max > 1 || part.Min == 0}
			one.Text = ui.Field{Name: wording.FieldOf(i), Label: v.T("template.role_no", "role", v.T("template.role."+string(p.Role)), "no", len(pv.Paragraphs)+1), Value: p.Text, Err: errs[wording.FieldOf(i)],
				Rows: min(max(2, len([]rune(p.Text))/70+1, strings.Count(p.Text, "\n")+1), 8), Attrs: map[string]any{"data-fields": true, "spellcheck": "false"}}
			if part.Max == 1 {
				one.Text.Label = v.T("template.role." + string(p.Role))
			}
			if len(roles) > 1 && !one.Table {
				one.Roles = slices.Clone(options)
				for k := range one.Roles {
					one.Roles[k].Chosen = one.Roles[k].Value == string(p.Role)
				}
			}
			pv.Paragraphs = append(pv.Paragraphs, one)
		}
		if n := len(pv.Paragraphs); n > 0 {
			pv.Paragraphs[0].First, pv.Paragraphs[n-1].Last, pv.Paragraphs[0].Only = true, true, n == 1 && part.Min == 1
		}
		if len(pv.Paragraphs) < part.Max {
			pv.Adds = options
		}
		list = append(list, pv)
	}
	return list
}

// typed is the text of the form, in its order.
func typed(v *site.Visit) (t wording.Text) {
	for i := range 200 {
		role, ok := v.R.PostForm["vai-"+strconv.Itoa(i)]
		if !ok {
			break
		}
		t.Paragraphs = append(t.Paragraphs, wording.Paragraph{Role: wording.Role(role[0]), Text: strings.ReplaceAll(v.Form(wording.FieldOf(i)), "\r\n", "\n")})
	}
	return t
}

// edit says which version the form was made from.
func (o *opened) edit(v *site.Visit) recognition.Edit {
	n, _ := strconv.Atoi(v.Form("version"))
	return recognition.Edit{ScopeID: o.Scope.ID, Kind: o.Kind, Version: n, Remark: v.Form("ghi-chu")}
}

// saveTemplate saves the text, or does to its paragraphs what a button says and shows them again.
func saveTemplate(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	if !o.May {
		return fault.Denied("decide", o.Place.FullName())
	}
	t := typed(v)
	act, arg, _ := strings.Cut(v.Form("viec"), "-")
	if act != "luu" {
		return o.show(v, http.StatusOK, changed(o.Kind, t, act, arg), nil)
	}
	t = t.Clean(o.Kind) // so that faults name the paragraphs that the page will show
	_, err = v.Recognition.SaveTemplate(v.Ctx(), v.Actor, o.edit(v), &t)
	return o.answer(v, t, err)
}

// answer leads back to the editor, or shows it with what was refused and what was typed.
func (o *opened) answer(v *site.Visit, t wording.Text, err error) error {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return o.show(v, http.StatusUnprocessableEntity, t, err)
	case fault.KindStale, fault.KindConflict:
		return o.show(v, http.StatusConflict, t, err)
	}
	if err != nil {
		return err
	}
	return v.Go(o.path() + "?luu=1")
}

// changed does one thing to the paragraphs: len, xuong, bo with an index, them with a role.
func changed(k wording.Kind, t wording.Text, act, arg string) wording.Text {
	list := slices.Clone(t.Paragraphs)
	if act == "them" {
		r := wording.Role(arg)
		if p := k.Part(r); p.Max > 1 || p.Max == 1 && !slices.ContainsFunc(list, func(x wording.Paragraph) bool { return x.Role == r }) {
			at := len(list)
			for i := range list {
				if slices.Contains(p.Roles, list[i].Role) {
					at = i + 1
				}
			}
			list = slices.Insert(list, at, wording.Paragraph{Role: r})
		}
		return wording.Text{Paragraphs: list}
	}
	i, err := strconv.Atoi(arg)
	if err != nil || i < 0 || i >= len(list) {
		return t
	}
	swap := func(j int) {
		if j >= 0 && j < len(list) && slices.Contains(k.Part(list[i].Role).Roles, list[j].Role) {
			list[i], list[j] = list[j], list[i]
		}
	}
	switch act {
	case "len":
		swap(i - 1)
	case "xuong":
		swap(i + 1)
	case "bo":
		list = slices.Delete(list, i, i+1)
	}
	return wording.Text{Paragraphs: list}
}

func indexed(act string, i int) string { return act + "-" + strconv.Itoa(i) }
