// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/signature"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// signedLimit is for a signed PDF; what is larger than package signature takes is refused there in words.
const signedLimit = 34 << 20

// stamp is the time of a signature as Decree 30/2020/NĐ-CP wants it: ISO 8601 with the offset of Vietnam.
func stamp(at time.Time) string { return at.In(store.Zone).Format(time.RFC3339) }

// signingView is the page on which a decision, or a paper that goes with it, is signed electronically.
type signingView struct {
	Frame    ui.Office
	Title    string
	Lead     string
	Address  string
	Paper    string // id of the paper; empty for the decision itself
	Back     string
	Stages   []ui.Stage
	Ready    bool
	May      bool
	Begun    bool
	Kind     signature.Kind // of the signature that is to come; empty when all are made
	Turn     string
	Nobody   string // why nobody can make it
	Signers  string // address of the page of the body's certificates
	Step     int
	Get      string // address of the file to sign
	KeyFile  ui.Field
	Password ui.Field
	Signed   ui.Field
	Offer    *offerView
	Files    []keptLine
	Failed   string
	Broken   []ui.Broken
}

// keptLine is a file of a signing.
type keptLine struct {
	Name  string
	Lines []string
	Href  string
	SHA   string
}

func signing(v *site.Visit) error { return signingPage(v, http.StatusOK, nil, nil) }

// signingPage shows how far the signing is and what can be done next; failed is why an act was refused, offer the addresses just made.
func signingPage(v *site.Visit, status int, failed error, offer *offerView) error {
	x, g, err := signingOf(v)
	if fault.KindOf(err) == fault.KindConflict && x.Paper == "" && v.Path("paper") == "" { // a draft: there is nothing to sign yet
		return again(v, err)
	}
	if err != nil {
		return err
	}
	signers, err := v.Signature.Signers(v.Ctx(), v.Actor, x.BodyID)
	if fault.KindOf(err) == fault.KindDenied { // the body sits above the place: its certificates are its own business
		signers, err = nil, nil
	}
	if err != nil {
		return err
	}
	view := signingView{Address: x.Address, Paper: x.Paper, Back: x.Back, Ready: v.Signature.Ready(), May: x.May, Begun: g.SourceSHA != "",
		Kind: g.Next(), Step: g.Steps + 1, Signers: "/ky-so/" + seatOf(x.BodyID) + "/" + x.BodyID, Offer: offer}
	if g.Complete && !inForce(signers, signature.Seal) {
		view.Kind = ""
	}
	view.Title, view.Lead = v.T("signature.title."+stateOf(&g), "number", x.Number), v.T("signature.lead", "body", x.Body)
	if x.paper != nil && x.paper.Void() { // what was signed before stays to be seen
		view.Lead, view.Kind = v.T("decisions.void", "reason", x.paper.VoidReason), ""
	}
	view.stages(v, &g, signers)
	view.turn(v, signers, x.Signer)
	view.kept(v, &g)
	view.fields(v, failed)
	view.Frame = v.Frame(view.Title, site.Decisions, x.Place, append(append([]ui.Crumb{{Label: x.Place.FullName(), Href: placeHref(x.Place)}}, x.Crumbs...), ui.Crumb{Label: v.T("signature.crumb")})...)
	view.Frame.Failed = failed != nil
	if offer != nil {
		view.Frame.Scripts = []string{"sign.js"}
		openTool(v.W.Header())
	}
	return v.ShowAs(status, signingSheet(view))
}

// stateOf is how far a signing is, as texts are named.
func stateOf(g *signature.Signing) string {
	_, sealed := g.Signed(signature.Seal)
	_, signed := g.Signed(signature.Person)
	switch {
	case sealed:
		return "seal"
	case signed && g.Complete:
		return "done"
	case signed:
		return "person"
	}
	return "none"
}

func inForce(list []signature.Signer, kind signature.Kind) bool { return len(names(list, kind)) > 0 }

// names are those who may make a signature of a kind.
func names(list []signature.Signer, kind signature.Kind) (out []string) {
	for _, x := range list {
		if x.Kind == kind && x.InForce() {
			out = append(out, x.Name)
		}
	}
	return out
}

func (view *signingView) stages(v *site.Visit, g *signature.Signing, signers []signature.Signer) {
	source := ui.Stage{Name: v.T("signature.step.source"), State: "now", Lines: []string{v.T("signature.step.now")}}
	if view.Begun {
		source.State, source.Lines = "done", []string{stamp(g.BegunAt)}
	}
	view.Stages = append(view.Stages, source)
	for _, kind := range []signature.Kind{signature.Person, signature.Seal} {
		st := ui.Stage{Name: v.T("signature.step." + string(kind)), Lines: []string{v.T("signature.step.later")}}
		f, made := g.Signed(kind)
		switch {
		case made:
			st.State, st.Lines = "done", []string{f.Name, stamp(f.SignedAt)}
		case kind == signature.Seal && !inForce(signers, kind):
			st.Lines = []string{v.T("signature.step.optional")}
		case view.Begun && g.Next() == kind:
			st.State, st.Lines = "now", []string{v.T("signature.step.now")}
		}
		view.Stages = append(view.Stages, st)
	}
}

func (view *signingView) turn(v *site.Visit, signers []signature.Signer, signer string) {
	if view.Kind == "" {
		return
	}
	who := names(signers, view.Kind)
	if len(who) == 0 {
		view.Nobody = v.T("signature.nobody." + string(view.Kind))
		return
	}
	view.Turn = v.T("signature.turn."+string(view.Kind), "signer", signer, "names", strings.Join(who, "; "))
}

func (view *signingView) kept(v *site.Visit, g *signature.Signing) {
	href := func(step int) string {
		return site.With(view.Address+"/tep", "giay", view.Paper, "buoc", strconv.Itoa(step))
	}
	view.Get = href(g.Steps)
	if view.Begun {
		view.Files = append(view.Files, keptLine{Name: v.T("signature.file.source"), Href: href(0), SHA: g.SourceSHA})
	}
	for _, f := range g.Files {
		view.Files = append(view.Files, keptLine{Name: v.T("signature.file."+string(f.Kind), "name", f.Name), Href: href(f.Step), SHA: f.SHA,
			Lines: []string{v.T("signature.at", "at", stamp(f.SignedAt)), f.Subject, v.T("signature.serial", "serial", f.Serial)}})
	}
}

// fields never carry what was typed back: a password is nobody's to keep, and browsers give files back to no page.
func (view *signingView) fields(v *site.Visit, failed error) {
	var errs map[string]string
	if failed != nil {
		view.Failed, errs = lang.Fault(v.Ctx(), failed)
	}
	view.KeyFile = ui.Field{Name: "file", Label: v.T("signature.key_file"), Type: "file", Err: errs["file"], Attrs: map[string]any{"accept": ".p12,.pfx", "required": true}}
	view.Password = ui.Field{Name: "password", Label: v.T("signature.key_password"), Type: "password", Err: errs["password"], Attrs: map[string]any{"autocomplete": "off"}}
	view.Signed = ui.Field{Name: "signed", Label: v.T("signature.hand_file"), Type: "file", Err: errs["signed"], Attrs: map[string]any{"accept": "application/pdf,.pdf", "required": true}}
	view.Broken = ui.BrokenOf(errs, view.KeyFile, view.Password, view.Signed)
}

// signingHref is the page of signing as it is read again.
func signingHref(w signingView) string { return site.With(w.Address, "giay", w.Paper) }
