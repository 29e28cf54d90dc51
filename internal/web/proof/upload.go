// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

// Bounds on the text fields of a form; they are few and short.
const (
	maxFields = 4000
	maxText   = 4 << 10
)

// upload takes one file as it arrives: it is never held in memory or in a temporary file as a whole. The text fields come
// first, as every form of ours writes them.
func upload(v *site.Visit) error {
	if v.R.ContentLength > evidence.MaxDocument+formRoom {
		v.W.Header().Set("Connection", "close") // nobody reads what is still to come
		return fault.TooMuch("request.too_big")
	}
	parts, err := v.R.MultipartReader()
	if err != nil {
		return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	form, part, err := readFields(parts)
	if err != nil {
		return err
	}
	defer part.Close()
	to := uses(form["ho-so"], form["tieu-chi"])
	if len(to) == 0 && form.first("khu") == "" { // of the area itself: the paper of its minutes
		return spoken(fault.Invalid(fault.Field("tieu-chi", "evidence.use")))
	}
	file := &body{Reader: part}
	it, err := v.Evidence.Upload(v.Ctx(), v.Actor, v.Path("place"), to, form.first("tieu-de"), part.FileName(), file)
	if file.err != nil {
		return brokenOff(file.err)
	}
	if err != nil {
		return spoken(err)
	}
	if next, err := parts.NextPart(); err == nil && next.FileName() != "" {
		return fault.Conflict("proof.one_file", "name", evidence.CleanName(next.FileName()))
	}
	return answer(v, it, form["ho-so"], form.first("ve"))
}

// fields are the text fields that came before the file.
type fields map[string][]string

func (f fields) first(name string) string {
	if len(f[name]) == 0 {
		return ""
	}
	return f[name][0]
}

// readFields reads up to the first part that holds a file. A file input that was left empty sends a part without a name; a form
// has two, the camera and the choice of a file.
func readFields(parts *multipart.Reader) (fields, *multipart.Part, error) {
	form := fields{}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, nil, spoken(fault.Invalid(fault.Field("tep", "proof.no_file")))
		case err != nil:
			return nil, nil, brokenOff(err)
		case n > maxFields:
			return nil, nil, fault.TooMuch("proof.text_long")
		case part.FormName() == "tep" && part.FileName() != "":
			return form, part, nil
		case part.FormName() == "tep":
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, maxText+1))
		if err != nil {
			return nil, nil, brokenOff(err)
		}
		if len(text) > maxText {
			return nil, nil, fault.TooMuch("proof.text_long")
		}
		form[part.FormName()] = append(form[part.FormName()], string(text))
	}
}

// body remembers why the file's bytes ended, so that a broken connection is not taken for a failure of ours.
type body struct {
	io.Reader
	err error
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// brokenOff is the answer to a body that ended early or is no form. What is too big stays what it is.
func brokenOff(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return &fault.Fault{Kind: fault.KindInvalid, Key: "proof.broken"}
}
