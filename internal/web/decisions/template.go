// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// paperSlugs are the kinds of paper in addresses.
var paperSlugs = map[wording.Kind]string{wording.Request: "to-trinh", wording.Council: "bien-ban", wording.Recognise: "cong-nhan", wording.Exemplary: "tieu-bieu", wording.Amend: "sua-doi",
	wording.Revoke: "thu-hoi", wording.Restore: "tra-lai", wording.Notice: "thong-bao", wording.Dispatch: "phieu-gui", wording.Certificate: "giay-chung-nhan"}

func kindOfSlug(slug string) wording.Kind {
	for k, s := range paperSlugs {
		if s == slug {
			return k
		}
	}
	return ""
}

func templatesAt(placeID string) string { return "/mau-van-ban/" + placeID }

func templateAt(x recognition.Scope, k wording.Kind) string {
	return templatesAt(x.PlaceID) + "/" + x.ID + "/" + paperSlugs[k]
}

// templatesView is the list of what a place's papers say.
type templatesView struct {
	Frame  ui.Office
	Title  string
	Scopes []scopeView
}

// scopeView is one body, or the province's word to all bodies of a kind.
type scopeView struct {
	ID, Name, Hint string
	Papers         []templateLine
}

type templateLine struct {
	Name, Href, From string
	Own              bool // a text of its own
	File             bool
}

func templates(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	if p.Level != place.Commune && p.Level != place.Province {
		return fault.NotFound("decisions", p.ID)
	}
	scopes, err := v.Recognition.Scopes(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	view := templatesView{Title: v.T("template.title", "place", papers.Within(p.FullName()))}
	for _, x := range scopes {
		_, said, err := v.Recognition.InForce(v.Ctx(), v.Actor, x.ID)
		if err != nil {
			return err
		}
		sv := scopeView{ID: x.ID, Name: scopeName(v, x)}
		if x.Communes {
			sv.Hint = v.T("template.communes_hint")
		}
		for i := range said {
			w := &said[i]
			if !writes(x, w.Kind) {
				continue
			}
			sv.Papers = append(sv.Papers, templateLine{Name: v.T("template.kind." + string(w.Kind)), Href: templateAt(x, w.Kind), From: fromText(v, x, w.From, w.Version), Own: w.From == x.ID, File: w.File != ""})
		}
		view.Scopes = append(view.Scopes, sv)
	}
	view.Frame = v.Frame(view.Title, site.Decisions, p, ui.Crumb{Label: p.FullName(), Href: placeHref(p)}, ui.Crumb{Label: v.T("nav.decisions"), Href: base(p.ID)}, ui.Crumb{Label: v.T("template.crumb")})
	return v.Show(templatesPage(view))
}

// writes says whether a body writes papers of a kind: only an association puts requests before others.
func writes(x recognition.Scope, k wording.Kind) bool {
	return !x.Committee() || k != wording.Request && k != wording.Council
}

func scopeName(v *site.Visit, x recognition.Scope) string {
	if x.Communes {
		return v.T("template.communes." + x.Kind)
	}
	return x.Name
}

// fromText says where a text in force comes from, as somebody of the scope sees it.
func fromText(v *site.Visit, x recognition.Scope, from string, version int) string {
	switch from {
	case "":
		return v.T("template.from.standard")
	case x.ID:
		return v.T("template.from.own", "version", version)
	}
	return v.T("template.from.above", "version", version)
}

// madeFrom says which text an issued paper was made from.
func madeFrom(v *site.Visit, bodyID string, w recognition.Wording) string {
	return fromText(v, recognition.Scope{ID: bodyID}, w.From, w.Version)
}

// opened is what an address of a template names.
type opened struct {
	Place    place.Place
	Scope    recognition.Scope
	Kind     wording.Kind
	Versions []recognition.Template // newest first
	InForce  recognition.Wording
	May      bool
}

func openTemplate(v *site.Visit) (o opened, err error) {
	if o.Place, err = v.Here(identity.SeeRecords); err != nil {
		return o, err
	}
	o.Kind = kindOfSlug(v.Path("paper"))
	if o.Scope, o.Versions, err = v.Recognition.TemplateVersions(v.Ctx(), v.Actor, v.Path("body"), o.Kind); err == nil && (o.Scope.PlaceID != o.Place.ID || !writes(o.Scope, o.Kind)) || fault.KindOf(err) == fault.KindDenied {
		err = fault.NotFound("template", v.Path("body"))
	}
	if err != nil {
		return o, err
	}
	_, said, err := v.Recognition.InForce(v.Ctx(), v.Actor, o.Scope.ID)
	for i := range said {
		if said[i].Kind == o.Kind {
			o.InForce = said[i]
		}
	}
	o.May = v.Actor.May(identity.Decide, o.Place.Path)
	return o, err
}

// version is the number of the newest version; 0 when there is none.
func (o *opened) version() int {
	if len(o.Versions) == 0 {
		return 0
	}
	return o.Versions[0].Version
}

// text is what a saved version says; one without a text of its own says what stands above it now. 0 is the text as shipped.
func (o *opened) text(version int) (recognition.Wording, error) {
	w := recognition.Wording{Kind: o.Kind, Text: wording.Standard(o.Kind, o.Scope.Committee())}
	if version == 0 {
		return w, nil
	}
	for _, t := range o.Versions {
		if t.Version != version {
			continue
		}
		if t.Text != nil {
			w.From, w.Version, w.Text = t.ScopeID, t.Version, *t.Text
		} else if o.InForce.From != o.Scope.ID {
			w.From, w.Version, w.Text = o.InForce.From, o.InForce.Version, o.InForce.Text
		}
		w.File = t.File
		return w, nil
	}
	return w, fault.NotFound("template", o.Scope.ID)
}

// asked is the wording that ?ban names, else the one in force.
func (o *opened) asked(v *site.Visit) (recognition.Wording, error) {
	n, err := strconv.Atoi(v.Query("ban"))
	if err != nil {
		return o.InForce, nil
	}
	return o.text(n)
}

func (o *opened) path() string { return templateAt(o.Scope, o.Kind) }

func (o *opened) frame(v *site.Visit, title string, more ...ui.Crumb) ui.Office {
	crumbs := []ui.Crumb{{Label: o.Place.FullName(), Href: placeHref(o.Place)}, {Label: v.T("nav.decisions"), Href: base(o.Place.ID)}, {Label: v.T("template.crumb"), Href: templatesAt(o.Place.ID)}}
	f := v.Frame(title, site.Decisions, o.Place, append(crumbs, more...)...)
	f.Styles, f.Scripts = []string{"print.css"}, []string{"templates.js"}
	return f
}
