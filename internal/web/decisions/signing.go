// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
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

// signingOf is the target of the address, with what is known of it.
func signingOf(v *site.Visit) (d recognition.Decision, p place.Place, t signature.Target, g signature.Signing, err error) {
	if d, p, err = open(v); err != nil {
		return d, p, t, g, err
	}
	t = signature.Target{DecisionID: d.ID, PaperID: v.R.FormValue("giay")}
	g, err = v.Signature.Signing(v.Ctx(), v.Actor, t)
	return d, p, t, g, err
}

func signing(v *site.Visit) error { return signingPage(v, http.StatusOK, nil, nil) }

// signingPage shows how far the signing is and what can be done next; failed is why an act was refused, offer the addresses just made.
func signingPage(v *site.Visit, status int, failed error, offer *offerView) error {
	d, at, t, g, err := signingOf(v)
	if fault.KindOf(err) == fault.KindConflict { // a draft: there is nothing to sign yet
		return again(v, err)
	}
	if err != nil {
		return err
	}
	signers, err := v.Signature.Signers(v.Ctx(), v.Actor, d.BodyID)
	if fault.KindOf(err) == fault.KindDenied { // the body sits above the place: its certificates are its own business
		signers, err = nil, nil
	}
	if err != nil {
		return err
	}
	number, signer, err := wordsOf(v, &d, t)
	if err != nil {
		return err
	}
	view := signingView{Address: address(&d) + "/ky-so", Paper: t.PaperID, Back: address(&d), Ready: v.Signature.Ready(), May: mayDecide(v, &d, at), Begun: g.SourceSHA != "",
		Kind: g.Next(), Step: g.Steps + 1, Signers: "/ky-so/" + seatOf(d.BodyID) + "/" + d.BodyID, Offer: offer}
	if g.Complete && !inForce(signers, signature.Seal) {
		view.Kind = ""
	}
	view.Title, view.Lead = v.T("signature.title."+stateOf(&g), "number", number), v.T("signature.lead", "body", d.BodyName)
	view.stages(v, &g, signers)
	view.turn(v, signers, signer)
	view.kept(v, &g, t)
	view.fields(v, failed)
	view.Frame = v.Frame(view.Title, site.Decisions, at, ui.Crumb{Label: at.FullName(), Href: placeHref(at)}, ui.Crumb{Label: v.T("nav.decisions"), Href: site.With(base(at.ID), "nam", strconv.Itoa(d.ForYear))},
		ui.Crumb{Label: crumb(v, &d), Href: address(&d)}, ui.Crumb{Label: v.T("signature.crumb")})
	view.Frame.Failed = failed != nil
	if offer != nil {
		view.Frame.Scripts = []string{"sign.js"}
		openTool(v.W.Header())
	}
	return v.ShowAs(status, signingSheet(view))
}

// wordsOf are number and symbol of what is signed, and who signs it as it stands on the paper.
func wordsOf(v *site.Visit, d *recognition.Decision, t signature.Target) (number, signer string, err error) {
	if t.PaperID == "" {
		return d.Text(), d.Signer, nil
	}
	p, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, t.PaperID)
	return p.Text(), p.Signer, err
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

func (view *signingView) kept(v *site.Visit, g *signature.Signing, t signature.Target) {
	href := func(step int) string {
		return site.With(view.Address+"/tep", "giay", t.PaperID, "buoc", strconv.Itoa(step))
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

// againSigning shows the signing page with what was refused.
func againSigning(v *site.Visit, err error) error {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return signingPage(v, http.StatusUnprocessableEntity, err, nil)
	case fault.KindConflict, fault.KindStale:
		return signingPage(v, http.StatusConflict, err, nil)
	case fault.KindTooMuch:
		return signingPage(v, http.StatusRequestEntityTooLarge, err, nil)
	}
	return err
}

// backToSigning leads to the page of what was just done.
func backToSigning(v *site.Visit, d *recognition.Decision, t signature.Target) error {
	return v.Go(site.With(address(d)+"/ky-so", "giay", t.PaperID))
}

// beginSigning prints the PDF that is signed, once.
func beginSigning(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	d, _, t, _, err := signingOf(v)
	if err != nil {
		return againSigning(v, err)
	}
	press, err := v.Press()
	if err != nil {
		return err
	}
	doc, err := frozen(v, t)
	if err != nil {
		return err
	}
	if err := v.Signature.Begin(v.Ctx(), v.Actor, t, func(w io.Writer) ([]pdf.Spot, error) { return press.WriteSpots(w, doc) }); err != nil {
		return againSigning(v, err)
	}
	return backToSigning(v, &d, t)
}

// frozen is the issued paper without the words that ask for ink: the signature stands there.
func frozen(v *site.Visit, t signature.Target) (doc *paper.Document, err error) {
	if t.PaperID == "" {
		f, err := written(v)
		if err != nil {
			return nil, err
		}
		doc = documentOf(v.Ctx(), f)
	} else {
		p, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, t.PaperID)
		if err != nil {
			return nil, err
		}
		if doc, err = paper.Decode(p.Content); err != nil {
			return nil, err
		}
	}
	for _, part := range doc.Parts {
		for i, b := range part.Blocks {
			if s, ok := b.(paper.Sign); ok {
				for j := range s.Signers {
					s.Signers[j].Place = ""
				}
				part.Blocks[i] = s
			}
		}
	}
	return doc, nil
}

// signWithKey signs with a key that is sent for this once. The limit of the route keeps file and password in memory: neither reaches the disk.
func signWithKey(v *site.Visit) error {
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	d, _, t, _, err := signingOf(v)
	if err != nil {
		return againSigning(v, err)
	}
	key, err := v.Upload("file", signature.MaxKey)
	if err != nil {
		return err
	}
	if key == nil {
		return againSigning(v, fault.Invalid(fault.Field("file", "signature.no_file")))
	}
	if _, err := v.Signature.SignWithKey(v.Ctx(), v.Actor, t, stepOf(v), key, v.R.PostFormValue("password")); err != nil {
		return againSigning(v, err)
	}
	return backToSigning(v, &d, t)
}

// takeSigned takes a file that was signed elsewhere.
func takeSigned(v *site.Visit) error {
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	d, _, t, _, err := signingOf(v)
	if err != nil {
		return againSigning(v, err)
	}
	file, err := v.Upload("signed", signedLimit)
	if err != nil {
		return err
	}
	if file == nil {
		return againSigning(v, fault.Invalid(fault.Field("signed", "signature.no_file")))
	}
	if _, err := v.Signature.Upload(v.Ctx(), v.Actor, t, stepOf(v), file); err != nil {
		return againSigning(v, err)
	}
	return backToSigning(v, &d, t)
}

func stepOf(v *site.Visit) int {
	n, _ := strconv.Atoi(v.Form("buoc"))
	return n
}

// signedFile sends a file of a signing, ?buoc 0 for the one without signatures.
func signedFile(v *site.Visit) error {
	d, _, t, _, err := signingOf(v)
	if err != nil {
		return err
	}
	step, _ := strconv.Atoi(v.Query("buoc"))
	r, _, err := v.Signature.Open(v.Ctx(), v.Actor, t, step)
	if err != nil {
		return err
	}
	defer r.Close()
	name, err := signedName(v, &d, t)
	if err != nil {
		return err
	}
	if step > 0 {
		name += "-da-ky"
	}
	return v.File(name+".pdf", site.PDF, func(w io.Writer) error { _, err := io.Copy(w, r); return err })
}

func signedName(v *site.Visit, d *recognition.Decision, t signature.Target) (string, error) {
	if t.PaperID == "" {
		return fileName("quyet-dinh", d), nil
	}
	p, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, t.PaperID)
	return paperName(&p), err
}

// paperName is "tb-hkh-3-2026".
func paperName(p *recognition.Paper) string {
	return fmt.Sprintf("%s-%d-%d", strings.ToLower(p.Symbol), p.Number, p.Year)
}

// signingHref is the page of signing as it is read again.
func signingHref(w signingView) string { return site.With(w.Address, "giay", w.Paper) }
