// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package sets holds the pages of criteria sets: their list, one version with its editor, comparing it with the one before, trying it
// on one subject or on the sheets of a year, and publishing it.
package sets

import (
	"strconv"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// home is the address of the list; a version stands below it by its id.
const home = "/bo-tieu-chi"

// maxUpload is how many bytes a file of a set may have with its form around it; package criteria judges the text itself.
const maxUpload = 1 << 20

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /bo-tieu-chi", index)
	m.SignedUpTo("POST /bo-tieu-chi", maxUpload, upload)
	m.Signed("GET /bo-tieu-chi/{id}", show)
	m.SignedUpTo("POST /bo-tieu-chi/{id}", maxUpload, save)
	m.Signed("GET /bo-tieu-chi/{id}/tep", download)
	m.Signed("POST /bo-tieu-chi/{id}/ban-moi", draft)
	m.Signed("POST /bo-tieu-chi/{id}/ban-hanh", publish)
	m.Signed("POST /bo-tieu-chi/{id}/bo", discard)
	m.Signed("GET /bo-tieu-chi/{id}/thu", try)
	m.Signed("POST /bo-tieu-chi/{id}/thu", try)
	m.Signed("POST /bo-tieu-chi/{id}/ap-dung", trial)
}

// models is the order in which the sets are listed.
var models = []criteria.Model{criteria.Family, criteria.Clan, criteria.Community, criteria.Unit, criteria.Citizen, criteria.Commune, criteria.District, criteria.Province}

type indexView struct {
	Frame  ui.Office
	Lead   string
	Models []modelCard
	May    bool
	Upload ui.Field
	Text   ui.Field
	Broken []ui.Broken
}

type modelCard struct {
	Model string
	Title string
	Sets  []setLine
}

type setLine struct {
	Title    string
	Href     string
	Years    string
	Trust    ui.State
	Versions []versionLink
}

type versionLink struct {
	Label string
	Href  string
	State ui.State
}

// mayRead: a set is no secret, but only people of the work need it.
func mayRead(v *site.Visit) error {
	if !v.Actor.Anywhere(identity.SeeFigures) {
		return fault.Denied(string(identity.SeeFigures), "")
	}
	return nil
}

func index(v *site.Visit) error {
	if err := mayRead(v); err != nil {
		return err
	}
	return list(v, 200, nil)
}

// list shows every set; failed is why an upload was refused.
func list(v *site.Visit, status int, failed error) error {
	all, err := v.Sets.List(v.Ctx())
	if err != nil {
		return err
	}
	view := indexView{May: v.Actor.Anywhere(identity.ManageCriteria)}
	count, trusted := 0, 0
	for _, model := range models {
		card := modelCard{Model: string(model), Title: v.T("sets.model." + string(model))}
		for i, ver := range all {
			if ver.Model != model {
				continue
			}
			link := versionLink{Label: v.T("sets.version", "number", ver.Number), Href: href(ver.ID), State: stateOf(v, ver.State)}
			if i > 0 && all[i-1].SetID == ver.SetID && len(card.Sets) > 0 {
				line := &card.Sets[len(card.Sets)-1]
				line.Versions = append(line.Versions, link)
				continue
			}
			count++
			if ver.Verified.Trusted() {
				trusted++
			}
			card.Sets = append(card.Sets, setLine{Title: ver.Title, Href: href(ver.ID), Years: shortYears(v, ver.Years), Trust: trustOf(v, ver.Verified), Versions: []versionLink{link}})
		}
		if len(card.Sets) > 0 {
			view.Models = append(view.Models, card)
		}
	}
	title := v.T("sets.title", "count", count)
	view.Lead = v.T("sets.lead", "trusted", trusted, "count", count)
	view.Upload = ui.Field{Name: "file", Label: v.T("sets.upload.file"), Type: "file", Optional: true, Hint: v.T("sets.upload.hint"), Attrs: map[string]any{"accept": ".yaml,.yml,text/yaml"}}
	view.Text = ui.Field{Name: "text", Label: v.T("sets.upload.text"), Optional: true, Rows: 8, Class: "input--code", Attrs: map[string]any{"spellcheck": "false"}}
	if failed != nil {
		view.Text.Value = typed(v)
		view.Broken = brokenLines(v, failed, "text", view.Text.Value)
	}
	view.Frame = v.Frame(title, site.Criteria, v.Own(), ui.Crumb{Label: v.T("nav.criteria")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, indexPage(view))
}

func href(id string) string { return home + "/" + id }

// years says in which evaluation years a set holds.
func years(v *site.Visit, y criteria.Years) string {
	if y.To == 0 {
		return v.T("sets.years_open", "from_year", y.From)
	}
	return v.T("sets.years", "from_year", y.From, "to_year", y.To)
}

// shortYears is years in a column whose head says what they are.
func shortYears(v *site.Visit, y criteria.Years) string {
	if y.To == 0 {
		return v.T("sets.years_from", "from_year", y.From)
	}
	return v.T("sets.years_between", "from_year", y.From, "to_year", y.To)
}

func trustOf(v *site.Visit, t criteria.Verified) ui.State {
	s := ui.State{Word: v.T("sets.trust." + string(t)), Kind: "warn", Icon: "warning"}
	switch t {
	case criteria.VerifiedTrue:
		s.Kind, s.Icon = "ok", "check"
	case criteria.VerifiedPartly:
		s.Kind, s.Icon = "info", "info"
	}
	return s
}

func stateOf(v *site.Visit, st version.State) ui.State {
	s := ui.State{Word: v.T("sets.state." + string(st))}
	switch st {
	case version.Draft:
		s.Kind = "warn"
	case version.Published:
		s.Kind = "ok"
	case version.Superseded:
		s.Icon = "lock"
	}
	return s
}

// brokenLines turns the faults of a text into lines that lead to field id.
func brokenLines(v *site.Visit, err error, id, text string) (list []ui.Broken) {
	f, ok := fault.As(err)
	if !ok {
		return nil
	}
	if len(f.Fields) == 0 {
		sentence, _ := lang.Fault(v.Ctx(), err)
		return []ui.Broken{{ID: id, Text: sentence}}
	}
	for _, e := range f.Fields {
		list = append(list, ui.Broken{ID: id, Text: faultText(v, e)})
	}
	return list
}

// faultText is a broken rule with its line.
func faultText(v *site.Visit, e fault.FieldError) string {
	args := []any{}
	for k, a := range e.Args {
		args = append(args, k, a)
	}
	sentence := v.T("fault."+e.Key, args...)
	if line, ok := e.Args["line"].(int); ok && line > 0 {
		return v.T("sets.at_line", "line", strconv.Itoa(line), "sentence", sentence)
	}
	return sentence
}
