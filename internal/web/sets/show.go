// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// The parts of a version's page.
const (
	partCriteria    = ""
	partRecognition = "cong-nhan"
	partGeneral     = "chung"
	partCompare     = "so-sanh"
	partText        = "yaml"
)

// state is what one request works on: a version, its tree, and what is wrong with it.
type state struct {
	v      *site.Visit
	ver    version.Version
	doc    *version.Doc // nil when the text is no YAML
	set    *criteria.Compiled
	faults error
	part   string
	group  int // selected, -1 for none
	index  int // selected criterion of the group, -1 for the group itself
	text   string
	notice string // why an act was refused, beside what was typed
	typed  bool   // the page holds something that is not saved
}

func load(v *site.Visit) (*state, error) {
	if err := mayRead(v); err != nil {
		return nil, err
	}
	ver, err := v.Sets.Get(v.Ctx(), v.Path("id"))
	if err != nil {
		return nil, err
	}
	s := &state{v: v, part: v.R.FormValue("phan")}
	s.choose(v.R.FormValue("chon"))
	return s, s.take(ver)
}

// choose selects a group ("2") or a criterion ("2.0").
func (s *state) choose(at string) {
	group, index, both := strings.Cut(at, ".")
	s.group, s.index = 0, 0
	if n, err := strconv.Atoi(group); err == nil && n >= 0 {
		s.group, s.index = n, -1
	}
	if n, err := strconv.Atoi(index); both && err == nil && n >= 0 {
		s.index = n
	}
}

// take works out what the text of a version means.
func (s *state) take(ver version.Version) error {
	s.ver, s.text = ver, ver.Body
	return s.judge()
}

func (s *state) judge() (err error) {
	s.doc, s.set, s.faults = nil, nil, nil
	if doc, err := version.ReadDoc(s.text); err == nil {
		s.doc = doc
	}
	switch {
	case s.ver.State != version.Draft:
		s.set, err = s.v.Sets.Compiled(s.v.Ctx(), s.ver.ID)
		return err
	case s.overlays():
		s.part = s.textOnly()
	}
	s.set, s.faults = s.v.Sets.Try(s.v.Ctx(), s.ver.SetID, s.text)
	if fault.Ours(s.faults) {
		return s.faults
	}
	if s.doc == nil {
		s.part = s.textOnly()
	}
	return nil
}

// overlays reports a set that says only what it changes in another: it has no table of its own.
func (s *state) overlays() bool { return s.doc != nil && s.doc.At("overlays").Given() }

func (s *state) textOnly() string {
	if s.part == partCompare {
		return s.part
	}
	return partText
}

func (s *state) may() bool      { return s.v.Actor.Anywhere(identity.ManageCriteria) }
func (s *state) editable() bool { return s.may() && s.ver.State == version.Draft }

func show(v *site.Visit) error {
	s, err := load(v)
	if err != nil {
		return err
	}
	return s.page(http.StatusOK)
}

// download is the text of a version as a file.
func download(v *site.Visit) error {
	s, err := load(v)
	if err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Type", "application/yaml; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(s.ver.ID, "@", "-")+`.yaml"`)
	_, err = v.W.Write([]byte(s.ver.Body))
	return err
}

type pageView struct {
	Frame    ui.Office
	ID       string
	Path     string
	Edit     string
	Title    string
	Lead     string
	State    ui.State
	Trust    ui.State
	Untrust  bool
	Note     string
	Models   []ui.Tab
	Parts    []ui.Tab
	Part     string
	May      bool
	Editable bool
	Draft    bool
	Sound    bool
	Notice   string
	Broken   []faultLine
	Changes  int
	SavedAt  string

	Table     table
	Criterion *criterionForm
	Chosen    string
	Group     []block
	GroupCode string
	Blocks    []block // recognition, general
	Facts     []block
	Minimums  []minimum
	Sources   []source
	Body      ui.Field
	Diff      []changeLine
	Against   string
	Preview   *preview
	Trial     *trialView
}

type source struct{ Text, Href, Supports string }

func (s *state) page(status int) error {
	v := s.v
	ctx := v.Ctx()
	view := pageView{ID: s.ver.ID, Path: href(s.ver.ID), Edit: strconv.FormatInt(s.ver.Edit, 10), State: stateOf(v, s.ver.State), Trust: trustOf(v, s.ver.Verified),
		Untrust: !s.ver.Verified.Trusted(), Part: s.part, May: s.may(), Editable: s.editable(), Draft: s.ver.State == version.Draft, Sound: s.faults == nil, Notice: s.notice}
	view.Title = v.T("sets.version_title", "title", s.title(), "number", s.ver.Number)
	view.Lead = years(v, s.ver.Years)
	if s.ver.BasedOn != "" {
		view.Lead += " " + v.T("sets.based_on", "version", number(s.ver.BasedOn))
	}
	view.SavedAt = lang.Clock(ctx, s.ver.UpdatedAt)
	if s.doc != nil {
		view.Note = s.doc.At("verification_note").Text()
		for _, src := range s.doc.At("sources").List() {
			line := source{Text: src.Get("ref").Text(), Supports: src.Get("supports").Text()}
			if url := src.Get("url").Text(); strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://") {
				line.Text, line.Href = url, url
			}
			view.Sources = append(view.Sources, line)
		}
	}
	if err := s.tabs(&view); err != nil {
		return err
	}
	if err := s.compare(&view); err != nil {
		return err
	}
	errs := s.faultsByPath()
	view.Broken = s.broken()
	switch s.part {
	case partText:
		view.Body = ui.Field{Name: "text", Label: v.T("sets.part.yaml"), Value: s.text, Rows: 32, Class: "input--code", Attrs: map[string]any{"spellcheck": "false", "wrap": "off", "data-lines": ""}}
		if !view.Editable {
			view.Body.Attrs["readonly"] = true
		}
	case partRecognition:
		form := &sheet{v, s.doc, "recognition", errs}
		if s.doc != nil {
			view.Blocks = form.blocks("", recognitionParams)
			view.Minimums = form.minimums()
		}
	case partGeneral:
		form := &sheet{v, s.doc, "", errs}
		if s.doc != nil {
			view.Blocks, view.Facts = form.blocks("", generalParams), form.blocks("", factParams)
		}
	case partCompare:
	default:
		s.criteria(&view, errs)
		if err := s.trial(&view); err != nil {
			return err
		}
	}
	view.Frame = v.Frame(view.Title, site.Criteria, v.Own(), ui.Crumb{Label: v.T("nav.criteria"), Href: home}, ui.Crumb{Label: s.title()})
	view.Frame.Rail, view.Frame.Failed, view.Frame.Scripts = true, s.typed, []string{"sets.js"}
	return v.ShowAs(status, versionPage(view))
}

// title is the draft's own where it can be read.
func (s *state) title() string {
	if s.doc != nil {
		if t := s.doc.At("title").Text(); t != "" {
			return t
		}
	}
	return s.ver.Title
}

func number(id string) string { return id[strings.LastIndex(id, "@")+1:] }

func (s *state) tabs(view *pageView) error {
	all, err := s.v.Sets.List(s.v.Ctx())
	if err != nil {
		return err
	}
	for _, m := range models {
		for _, ver := range all { // newest first: the set that holds now, or at least the newest
			if ver.Model == m && (m == s.ver.Model || ver.State != version.Superseded) {
				to := ver.ID
				if m == s.ver.Model {
					to = s.ver.ID
				}
				view.Models = append(view.Models, ui.Tab{Label: s.v.T("sets.model." + string(m)), Href: href(to), Current: m == s.ver.Model})
				break
			}
		}
	}
	for _, p := range []string{partCriteria, partRecognition, partGeneral, partCompare, partText} {
		key := p
		if key == "" {
			key = "tieu-chi"
		}
		if p == partCompare && s.ver.BasedOn == "" || s.overlays() && (p == partRecognition || p == partGeneral) {
			continue
		}
		view.Parts = append(view.Parts, ui.Tab{Label: s.v.T("sets.part." + key), Href: site.With(view.Path, "phan", p), Current: p == s.part})
	}
	return nil
}

// faultsByPath gives the sentence of each fault by the path it is about.
func (s *state) faultsByPath() map[string]string {
	errs := map[string]string{}
	f, ok := fault.As(s.faults)
	if !ok || !s.editable() {
		return errs
	}
	for _, e := range f.Fields {
		text := faultText(s.v, e)
		if before := errs[e.Field]; before != "" {
			text = before + " " + text
		}
		errs[e.Field] = text
	}
	return errs
}

var inCriterion = regexp.MustCompile(`^groups\[(\d+)\](?:\.criteria\[(\d+)\])?\.?(.*)$`)

// faultLine is one broken rule with the way to the field that holds it.
type faultLine struct{ Href, Text, Line string }

func (s *state) broken() (list []faultLine) {
	f, ok := fault.As(s.faults)
	if !ok || s.ver.State != version.Draft {
		return nil
	}
	for _, e := range f.Fields {
		to, field := s.place(e.Field)
		l := faultLine{Href: href(s.ver.ID) + to, Text: faultText(s.v, e)}
		if field != "" {
			l.Href += "#" + field
		}
		if to == s.here() {
			l.Href = "#" + field
		}
		if e.Field != "" {
			l.Text = e.Field + ": " + l.Text
		}
		if line, ok := e.Args["line"].(int); ok && s.part == partText {
			l.Href, l.Line = "#text", strconv.Itoa(line)
		}
		list = append(list, l)
	}
	return list
}

// here is the address of what this page shows, below the version's.
func (s *state) here() string {
	if s.part != partCriteria {
		return "?phan=" + s.part
	}
	return "?chon=" + s.chosen()
}

func (s *state) chosen() string {
	if s.index < 0 {
		return strconv.Itoa(s.group)
	}
	return strconv.Itoa(s.group) + "." + strconv.Itoa(s.index)
}

// place says which part of the page shows a path of the file, and which field.
func (s *state) place(path string) (to, field string) {
	if s.doc == nil || s.overlays() {
		return "?phan=" + partText, "text"
	}
	if m := inCriterion.FindStringSubmatch(path); m != nil {
		if m[2] == "" {
			return "?chon=" + m[1], m[3]
		}
		return "?chon=" + m[1] + "." + m[2], m[3]
	}
	if rest, ok := strings.CutPrefix(path, "recognition"); ok {
		return "?phan=" + partRecognition, strings.TrimPrefix(rest, ".")
	}
	for _, p := range generalParams {
		if strings.HasPrefix(path, strings.Split(p.key, ".")[0]) {
			return "?phan=" + partGeneral, path
		}
	}
	if strings.HasPrefix(path, "facts") {
		return "?phan=" + partGeneral, path
	}
	return "?phan=" + partText, "text"
}

// minimum is a lower limit for each criterion or group.
type minimum struct {
	Label string
	Unit  ui.Field
	Value ui.Field
	Read  string
}

var minimumKeys = []string{"min_per_criterion", "min_per_group"}

func (s *sheet) minimums() (list []minimum) {
	for _, key := range minimumKeys {
		m := minimum{Label: s.v.T("sets.f." + key)}
		unit := ""
		for _, u := range []string{"points", "percent"} {
			if s.doc.At(s.path(key + "." + u)).Given() {
				unit = u
				m.Value = s.cell(key+"."+u, param{label: "minimum", as: asNumber}).Field
				m.Read = m.Value.Value + " " + s.v.T("sets.unit."+u)
			}
		}
		m.Value.Name, m.Value.ID, m.Value.Label = key+".value", "", s.v.T("sets.f.minimum")
		if m.Value.Err == "" {
			m.Value.Err = s.errs[s.path(key)]
		}
		m.Value.Class = "input--num"
		m.Unit = ui.Field{Name: key + ".unit", Label: s.v.T("sets.f.unit")}
		for _, u := range []string{"", "points", "percent"} {
			m.Unit.Options = append(m.Unit.Options, ui.Option{Value: u, Label: s.v.T("sets.unit." + u), Chosen: u == unit})
		}
		list = append(list, m)
	}
	return list
}

func (s *sheet) takeMinimums(form url.Values) {
	for _, key := range minimumKeys {
		if !form.Has(key + ".unit") {
			continue
		}
		unit, typed := form.Get(key+".unit"), strings.TrimSpace(form.Get(key+".value"))
		if unit == "" {
			s.doc.Remove(s.path(key))
			continue
		}
		other := map[string]string{"points": "percent", "percent": "points"}[unit]
		s.doc.Remove(s.path(key + "." + other))
		s.takeOne(key+"."+unit, param{as: asNumber}, typed)
		if !s.doc.At(s.path(key + "." + unit)).Given() {
			s.doc.Set(s.path(key+"."+unit), version.Null())
		}
	}
}
