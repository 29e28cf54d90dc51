// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"io"
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/signature"
	"hoctap/internal/web/site"
)

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

// beginSigning prints the PDF that is signed, once.
func beginSigning(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	x, _, err := signingOf(v)
	if err != nil {
		return againSigning(v, err)
	}
	press, err := v.Press()
	if err != nil {
		return err
	}
	doc, err := x.document(v)
	if err != nil {
		return err
	}
	if err := v.Signature.Begin(v.Ctx(), v.Actor, x.Target, func(w io.Writer) ([]pdf.Spot, error) { return press.WriteSpots(w, doc) }); err != nil {
		return againSigning(v, err)
	}
	return v.Go(x.href())
}

// signWithKey signs with a key that is sent for this once. The limit of the route keeps file and password in memory: neither reaches the disk.
func signWithKey(v *site.Visit) error {
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	x, _, err := signingOf(v)
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
	if _, err := v.Signature.SignWithKey(v.Ctx(), v.Actor, x.Target, stepOf(v), key, v.R.PostFormValue("password")); err != nil {
		return againSigning(v, err)
	}
	return v.Go(x.href())
}

// takeSigned takes a file that was signed elsewhere.
func takeSigned(v *site.Visit) error {
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	x, _, err := signingOf(v)
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
	if _, err := v.Signature.Upload(v.Ctx(), v.Actor, x.Target, stepOf(v), file); err != nil {
		return againSigning(v, err)
	}
	return v.Go(x.href())
}

func stepOf(v *site.Visit) int {
	n, _ := strconv.Atoi(v.Form("buoc"))
	return n
}

// signedFile sends a file of a signing, ?buoc 0 for the one without signatures.
func signedFile(v *site.Visit) error {
	x, _, err := signingOf(v)
	if err != nil {
		return err
	}
	step, _ := strconv.Atoi(v.Query("buoc"))
	r, _, err := v.Signature.Open(v.Ctx(), v.Actor, x.Target, step)
	if err != nil {
		return err
	}
	defer r.Close()
	name := x.Name
	if step > 0 {
		name += "-da-ky"
	}
	return v.File(name+".pdf", site.PDF, func(w io.Writer) error { _, err := io.Copy(w, r); return err })
}
