// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// listView is the page of a commune's or the province's decisions.
type listView struct {
	Frame     ui.Office
	Title     string
	Lead      string
	Year      int
	Tabs      []ui.Tab
	Models    []modelLine
	Drafts    []decisionLine
	Issued    []decisionLine
	Bodies    []bodyView
	Communes  ui.Field // the province's officer goes to a commune
	Failed    string
	Broken    []ui.Broken
	May       bool
	Templates string
}

// modelLine is what can be decided now in a model.
type modelLine struct {
	Model     string
	Approved  int64
	Open      int64
	Held      int64
	Exemplary int64
	Href      string // proposal of the approved files; empty when there is none
	Best      string // proposal of exemplary ones of the year
	Period    string
}

// bodyView is one body with its form.
type bodyView struct {
	Body     recognition.Body
	Register string
	Package  packageLine
	Signers  string // address of the page of its certificates
	Fields   []ui.Field
}

// index leads to the place where the actor decides, else reads.
func index(v *site.Visit) error {
	act := identity.Decide
	if !v.Actor.Anywhere(act) {
		act = identity.SeeRecords
	}
	p, err := v.Here(act)
	if err != nil {
		return err
	}
	if p.Leaf() {
		return fault.Denied(string(identity.SeeRecords), p.FullName())
	}
	return v.Go(site.With(base(p.ID), "nam", v.Query("nam")))
}

func list(v *site.Visit) error { return listPage(v, http.StatusOK, "", nil) }

// listPage shows the page; failed is why a change of the body with id bodyID was refused.
func listPage(v *site.Visit, status int, bodyID string, failed error) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	if p.Level != place.Commune && p.Level != place.Province {
		return fault.NotFound("decisions", p.ID)
	}
	r, all, err := v.Round(p)
	if err != nil {
		return err
	}
	view := listView{Year: r.Year, May: v.Actor.May(identity.Decide, p.Path)}
	for _, other := range all {
		view.Tabs = append(view.Tabs, ui.Tab{Label: strconv.Itoa(other.Year), Href: site.With(base(p.ID), "nam", strconv.Itoa(other.Year)), Current: other.ID == r.ID})
	}
	waiting, err := view.models(v, p, &r)
	if err != nil {
		return err
	}
	if err := view.decisions(v, p, r.ID); err != nil {
		return err
	}
	if err := view.bodies(v, p, bodyID, failed); err != nil {
		return err
	}
	if err := view.packages(v, p); err != nil {
		return err
	}
	view.Title = v.T("decisions.title_none", "year", r.Year)
	if waiting > 0 {
		view.Title = v.T("decisions.title", "count", waiting)
	}
	view.Lead, view.Templates = windowLine(v, &r), templatesAt(p.ID)
	if p.Level == place.Province {
		communes, err := v.Places.Children(v.Ctx(), p.ID, "")
		if err != nil {
			return err
		}
		view.Communes = ui.Field{Name: "noi", Label: v.T("decisions.commune")}
		for _, c := range communes {
			if c.Level == place.Commune {
				view.Communes.Options = append(view.Communes.Options, ui.Option{Value: c.ID, Label: c.FullName()})
			}
		}
	}
	view.Frame = v.Frame(view.Title, site.Decisions, p, ui.Crumb{Label: p.FullName(), Href: placeHref(p)}, ui.Crumb{Label: v.T("nav.decisions")})
	return v.ShowAs(status, decisionsPage(view))
}

func placeHref(p place.Place) string {
	if p.Level == place.Commune {
		return "/xa/" + p.ID
	}
	return "/tong-quan"
}

func (view *listView) models(v *site.Visit, p place.Place, r *assessment.Round) (waiting int64, err error) {
	t, err := v.Figures.Below(v.Ctx(), p.Path, v.Today(), rollup.ByLeaf, r.ID)
	if err != nil {
		return 0, err
	}
	for _, m := range r.Plan.Models {
		c := t.Total[rollup.Key{RoundID: r.ID, Model: m.Model}]
		line := modelLine{Model: m.Model, Approved: c.Approved, Open: c.Open() - c.Approved, Held: c.Recognised, Exemplary: c.Exemplary}
		to := func(kind string) string {
			return site.With(base(p.ID)+"/de-nghi", "mo-hinh", m.Model, "nam", strconv.Itoa(r.Year), "loai", kind)
		}
		if c.Approved > 0 && p.Level == place.Commune {
			line.Href = to("")
			waiting += c.Approved
		}
		decides, err := v.Recognition.Decides(v.Ctx(), m.Exemplary, p.ID)
		if err != nil {
			return 0, err
		}
		if c.Recognised > c.Exemplary && decides {
			line.Best = to(string(best))
		}
		if c.Recognised > 0 {
			line.Period = to(string(period))
		}
		view.Models = append(view.Models, line)
	}
	return waiting, nil
}

func (view *listView) decisions(v *site.Visit, p place.Place, roundID string) error {
	all, err := v.Recognition.Decisions(v.Ctx(), v.Actor, recognition.Filter{PlaceID: p.ID, RoundID: roundID})
	if err != nil {
		return err
	}
	if p.Level == place.Province {
		below, err := v.Recognition.DecidedAbove(v.Ctx(), v.Actor, p.ID, roundID)
		if err != nil {
			return err
		}
		all = append(all, below...)
	}
	lines := newLines(v, all...)
	signed, err := v.Signature.Completed(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	for i := range all {
		line, err := lines.of(&all[i])
		if err != nil {
			return err
		}
		if signed[all[i].ID] {
			line.State.Word = v.T("signature.state.person")
		} else if waits, err := v.Signature.Waits(v.Ctx(), nil, &all[i]); err != nil {
			return err
		} else if waits {
			line.State = ui.State{Kind: "warn", Icon: "clock", Word: v.T("signature.state.waits")}
		}
		if all[i].State == recognition.StateDraft {
			view.Drafts = append(view.Drafts, line)
		} else {
			view.Issued = append(view.Issued, line)
		}
	}
	return nil
}

func (view *listView) bodies(v *site.Visit, p place.Place, bodyID string, failed error) error {
	bodies, err := v.Recognition.Bodies(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	var errs map[string]string
	if failed != nil {
		view.Failed, errs = lang.Fault(v.Ctx(), failed)
	}
	for _, b := range bodies {
		x := bodyView{Body: b, Register: site.With(base(p.ID)+"/so", "co-quan", b.ID, "nam", v.Today()[:4]), Signers: "/ky-so/" + p.ID + "/" + b.ID}
		for _, f := range []ui.Field{{Name: "name", Label: v.T("decisions.body_name"), Value: b.Name}, {Name: "symbol", Label: v.T("decisions.symbol"), Value: b.Symbol},
			{Name: "signer", Label: v.T("decisions.signer"), Value: b.Signer}, postField(v, b.Post)} {
			f.ID = f.Name + "-" + b.Kind
			if b.ID == bodyID {
				f.Value, f.Err = v.Form(f.Name), errs[f.Name]
			}
			x.Fields = append(x.Fields, f)
		}
		if b.ID == bodyID {
			view.Broken = ui.BrokenOf(errs, x.Fields...)
		}
		view.Bodies = append(view.Bodies, x)
	}
	return nil
}

// windowLine says when decisions may be signed in a round.
func windowLine(v *site.Visit, r *assessment.Round) string {
	if w, ok := r.Plan.Window(assessment.StageDecision); ok {
		return v.T("decisions.window", "round", r.Title, "from", w.From, "to", w.To)
	}
	return r.Title
}

// firstKind makes the button of the first model that can be decided the one primary button of the page.
func firstKind(models []modelLine, i int) string {
	for j := range i {
		if models[j].Href != "" {
			return ""
		}
	}
	return "primary"
}

func bodyAction(placeID string) string { return base(placeID) + "/co-quan" }

func versionText(n int64) string { return strconv.FormatInt(n, 10) }
