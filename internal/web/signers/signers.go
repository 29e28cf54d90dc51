// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package signers holds the page of a body's certificates: who may sign for it electronically, what shows on the paper, and whether its
// decisions wait for a signature. The rules are package signature's.
package signers

import (
	"io"
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// uploadLimit is for a certificate and a picture.
const uploadLimit = 2 << 20

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /ky-so/{place}/{body}", show)
	m.SignedUpTo("POST /ky-so/{place}/{body}", uploadLimit, add)
	m.Signed("POST /ky-so/{place}/{body}/dat", set)
	m.Signed("POST /ky-so/{place}/{body}/{id}/thoi", end)
	m.Signed("GET /ky-so/{place}/{body}/{id}/anh", picture)
}

// signersView is the page of a body.
type signersView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Address string
	Ready   bool
	May     bool
	On      bool
	Version int64
	Lines   []signerLine
	Kind    ui.Field
	Cert    ui.Field
	Picture ui.Field
	Failed  string
	Broken  []ui.Broken
}

// signerLine is one certificate.
type signerLine struct {
	ID      string
	Name    string
	Subject string
	Serial  string
	Issuer  string
	Kind    string
	Valid   string
	State   ui.State
	Picture string // address
	InForce bool
}

func address(placeID, bodyID string) string { return "/ky-so/" + placeID + "/" + bodyID }

// open reads the body of the address; one of another place is not found there.
func open(v *site.Visit) (p place.Place, b recognition.Body, err error) {
	if p, err = v.Here(identity.SeeRecords); err != nil {
		return p, b, err
	}
	list, err := v.Recognition.Bodies(v.Ctx(), v.Actor, p.ID)
	for _, b := range list {
		if b.ID == v.Path("body") {
			return p, b, nil
		}
	}
	if err == nil {
		err = fault.NotFound("body", v.Path("body"))
	}
	return p, b, err
}

func show(v *site.Visit) error { return page(v, http.StatusOK, nil) }

// page shows the body's certificates; failed is why an act was refused.
func page(v *site.Visit, status int, failed error) error {
	p, b, err := open(v)
	if err != nil {
		return err
	}
	setting, err := v.Signature.Setting(v.Ctx(), v.Actor, b.ID)
	if err != nil {
		return err
	}
	list, err := v.Signature.Signers(v.Ctx(), v.Actor, b.ID)
	if err != nil {
		return err
	}
	view := signersView{Address: address(p.ID, b.ID), Ready: v.Signature.Ready(), May: v.Actor.May(identity.Decide, p.Path), On: setting.On(), Version: setting.Version,
		Lead: v.T("signers.lead_off")}
	if view.On {
		view.Lead = v.T("signers.lead_on", "since", setting.Since)
	}
	count := 0
	for i := range list {
		if list[i].InForce() {
			count++
		}
		view.Lines = append(view.Lines, view.line(v, &list[i]))
	}
	view.Title = v.T("signers.title_none", "body", b.Name)
	if count > 0 {
		view.Title = v.T("signers.title", "count", count, "body", b.Name)
	}
	view.fields(v, failed)
	view.Frame = v.Frame(view.Title, site.Decisions, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.decisions"), Href: "/quyet-dinh/" + p.ID + "#co-quan"}, ui.Crumb{Label: v.T("signers.crumb")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, signersPage(view))
}

func (view *signersView) line(v *site.Visit, x *signature.Signer) signerLine {
	line := signerLine{ID: x.ID, Name: x.Name, Subject: x.Subject, Serial: x.Serial, Issuer: x.Issuer, Kind: v.T("signers.kind." + string(x.Kind)), InForce: x.InForce(),
		Valid: v.T("signers.valid", "from", x.ValidFrom, "to", x.ValidTo)}
	switch {
	case !x.InForce():
		line.State = ui.State{Kind: "off", Icon: "x", Word: v.T("signers.ended", "on", x.EndedAt)}
	case v.Now().After(x.ValidTo):
		line.State = ui.State{Kind: "bad", Icon: "clock", Word: v.T("signers.expired")}
	}
	if x.Picture != "" {
		line.Picture = view.Address + "/" + x.ID + "/anh"
	}
	return line
}

func (view *signersView) fields(v *site.Visit, failed error) {
	var errs map[string]string
	if failed != nil {
		view.Failed, errs = lang.Fault(v.Ctx(), failed)
	}
	view.Kind = ui.Field{Name: "kind", Label: v.T("signers.field.kind"), Value: v.Form("kind"), Err: errs["kind"], Options: []ui.Option{
		{Value: string(signature.Person), Label: v.T("signers.option.person")}, {Value: string(signature.Seal), Label: v.T("signers.option.seal")}}}
	if view.Kind.Value == "" {
		view.Kind.Value = string(signature.Person)
	}
	view.Cert = ui.Field{Name: "certificate", Label: v.T("signers.field.certificate"), Hint: v.T("signers.field.certificate_hint"), Type: "file", Err: errs["certificate"],
		Attrs: map[string]any{"accept": ".cer,.crt,.pem,.der", "required": true}}
	view.Picture = ui.Field{Name: "picture", Label: v.T("signers.field.picture"), Hint: v.T("signers.field.picture_hint"), Type: "file", Optional: true, Err: errs["picture"],
		Attrs: map[string]any{"accept": "image/png"}}
	view.Broken = ui.BrokenOf(errs, view.Kind, view.Cert, view.Picture)
}

// again shows the page with what was refused; an error that is nobody's input goes the usual way.
func again(v *site.Visit, err error) error {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return page(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict, fault.KindStale:
		return page(v, http.StatusConflict, err)
	}
	return err
}

func add(v *site.Visit) error {
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	_, b, err := open(v)
	if err != nil {
		return err
	}
	d := signature.Drafted{BodyID: b.ID, Kind: signature.Kind(v.Form("kind"))}
	if d.Certificate, err = v.Upload("certificate", signature.MaxCertificate); err != nil {
		return err
	}
	if d.Picture, err = v.Upload("picture", signature.MaxPicture); err != nil {
		return err
	}
	if _, err := v.Signature.AddSigner(v.Ctx(), v.Actor, d); err != nil {
		return again(v, err)
	}
	return v.Go(address(b.PlaceID, b.ID))
}

// set makes the body sign electronically, or by hand.
func set(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	_, b, err := open(v)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	if err := v.Signature.SetElectronic(v.Ctx(), v.Actor, b.ID, v.Form("ky") == "so", version); err != nil {
		return again(v, err)
	}
	return v.Go(address(b.PlaceID, b.ID))
}

func end(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	_, b, err := open(v)
	if err != nil {
		return err
	}
	if err := v.Signature.EndSigner(v.Ctx(), v.Actor, b.ID, v.Path("id")); err != nil {
		return again(v, err)
	}
	return v.Go(address(b.PlaceID, b.ID))
}

func picture(v *site.Visit) error {
	_, b, err := open(v)
	if err != nil {
		return err
	}
	png, err := v.Signature.Picture(v.Ctx(), v.Actor, b.ID, v.Path("id"))
	if err != nil {
		return err
	}
	return v.File("chu-ky.png", "image/png", func(w io.Writer) error { _, err := w.Write(png); return err })
}

func versionText(n int64) string { return strconv.FormatInt(n, 10) }
