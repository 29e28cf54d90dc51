// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// file checks a PDF that somebody was given against the signed decision of a certificate. The decision itself, with its list of people, is handed out to
// nobody here.
func (c checker) file(v *site.Visit) error {
	if ok, wait := c.files.Allow(v.Address()); !ok {
		return c.wait(v, v.Path("code"), wait)
	}
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	p, err := v.Recognition.VerifyCode(v.Ctx(), v.Path("code"))
	if fault.KindOf(err) == fault.KindInvalid {
		return c.page(v, http.StatusUnprocessableEntity, v.Path("code"), nil, err)
	}
	if err != nil {
		return err
	}
	view := c.view(v, p.Code.String())
	if err := view.say(v, &p); err != nil {
		return err
	}
	if p.Status == recognition.StatusUnknown || view.Send == "" {
		return c.show(v, http.StatusOK, view)
	}
	file, err := v.Upload("tep", signature.MaxCheck)
	if err != nil {
		return err
	}
	if wrong := tooLittleOrMuch(file); wrong != nil {
		sentence, errs := lang.Fault(v.Ctx(), wrong)
		if view.File.Err = errs["tep"]; view.File.Err == "" {
			view.File.Err = sentence
		}
		view.Broken = []ui.Broken{{ID: view.File.Name, Text: view.File.Err}}
		return c.show(v, http.StatusUnprocessableEntity, view)
	}
	found, err := v.Signature.Check(v.Ctx(), p.Decision.ID, file)
	if err != nil {
		return err
	}
	view.Checked = fileViewOf(v, found)
	view.Stands, view.Title = view.Title, view.Checked.Title // who sent a file asks about the file; what the code stands for follows
	return c.show(v, http.StatusOK, view)
}

func tooLittleOrMuch(file []byte) error {
	switch {
	case file == nil:
		return fault.Invalid(fault.Field("tep", "signature.no_file"))
	case len(file) > signature.MaxCheck:
		return fault.TooMuch("signature.too_large", "max", signature.MaxCheck>>20)
	}
	return nil
}

var heldStates = map[signature.Held]ui.State{
	signature.HeldLast: {Kind: "ok", Icon: "check-circle"}, signature.HeldEarlier: {Kind: "warn", Icon: "clock"},
	signature.HeldSource: {Kind: "warn", Icon: "warning"}, signature.HeldOther: {Kind: "bad", Icon: "x"},
}

func fileViewOf(v *site.Visit, c signature.Checked) *fileView {
	held := string(c.Held)
	f := &fileView{State: heldStates[c.Held], Title: v.T("check.held." + held), Text: v.T("check.held.more." + held)}
	f.State.Word = v.T("check.held.pill." + held)
	for _, s := range c.Signs {
		f.Signs = append(f.Signs, v.T("check.sign_line", "name", s.Name, "at", stamp(s.At)))
	}
	switch {
	case !v.Signature.Ready():
		f.Wrong = v.T("check.signs_unknown")
	case c.Wrong != nil && c.Held != signature.HeldSource:
		f.Wrong = v.T("check.signs_none", "why", why(v, c.Wrong))
	}
	return f
}

// why says to somebody who only holds a file what those who sign are told with advice of their own.
func why(v *site.Visit, wrong error) string {
	f, ok := fault.As(wrong)
	if !ok {
		return ""
	}
	pairs := make([]any, 0, 2*len(f.Args))
	for name, value := range f.Args {
		pairs = append(pairs, name, value)
	}
	return v.T("check."+f.Key, pairs...)
}
