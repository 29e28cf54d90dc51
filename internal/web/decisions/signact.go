// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/recognition"
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
