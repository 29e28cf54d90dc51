// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

// againView is a form that was not taken, as it was filled in, ready to be sent once more.
type againView struct {
	Title, Sentence, Warn string
	Action                string
	Typed                 []typed
	Secrets, Files        []ui.Field // never written into a page: they are asked for anew
}

type typed struct {
	Name, Value string
	Long        bool // words of a person: worth showing
}

// Bounds on what is written back: more than any form of ours has.
const (
	maxAgain  = 5000
	maxInPart = 1 << 20
)

// Expired answers a form without a token that holds: a browser that kept the page for long, or one that another site made send it. Nothing is changed;
// what was typed stands on the answer, whose form has a new token. A script gets the token and sends again by itself.
func (m *Mux) Expired(w http.ResponseWriter, r *http.Request) {
	v := &Visit{Site: m.Site, W: w, R: r}
	defer v.caught()
	if v.WantsJSON() {
		err := v.json(http.StatusForbidden, map[string]any{"sentence": v.T("fault.request.form_token"), "kind": "form_token", "token": ui.Token(v.Ctx())})
		if err != nil {
			v.Log.Debug("answer not read", "error", err)
		}
		return
	}
	if err := v.recognise(); err != nil {
		v.fail(err)
		return
	}
	v.again(&fault.Fault{Kind: fault.KindDenied, Key: "request.form_token"})
}

// again shows the form that was sent, with what is wrong.
func (v *Visit) again(err error) {
	kind := fault.KindOf(err)
	if v.WantsJSON() || tooBig(err) || fault.Ours(err) {
		v.fail(err)
		return
	}
	sentence, _ := lang.Fault(v.Ctx(), err)
	view := againView{Title: v.T("again.title"), Sentence: sentence, Action: v.R.URL.RequestURI()}
	if kind == fault.KindDenied {
		view.Warn = v.T("again.warn")
	}
	v.R.Body = http.MaxBytesReader(v.W, v.R.Body, UploadRoom)
	if err := v.readAgain(&view); err != nil {
		v.fail(err)
		return
	}
	page := againPublic(v.PublicFrame(view.Title), view)
	if v.Actor.ID != "" {
		page = againOffice(v.Frame(view.Title, "", v.Own()), view)
	}
	if err := v.ShowAs(statusOf[kind], page); err != nil {
		v.fail(err)
	}
}

// UploadRoom is the largest body that is read only to be shown again.
const UploadRoom = 64 << 20

func (v *Visit) readAgain(view *againView) error {
	if strings.HasPrefix(v.R.Header.Get("Content-Type"), "multipart/") {
		return v.readAgainParts(view)
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(v.R.PostForm)) {
		for _, value := range v.R.PostForm[name] {
			view.add(v, name, value)
		}
	}
	return nil
}

// readAgainParts reads past the files, which only the browser has.
func (v *Visit) readAgainParts(view *againView) error {
	parts, err := v.R.MultipartReader()
	if err != nil {
		return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case tooBig(err):
			return err
		case err != nil:
			return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
		}
		if err := view.addPart(v, part); err != nil {
			return err
		}
	}
}

func (w *againView) addPart(v *Visit, part *multipart.Part) error {
	name := plain(part.FormName())
	if part.FileName() != "" || part.Header.Get("Content-Type") != "" {
		if !slices.ContainsFunc(w.Files, func(f ui.Field) bool { return f.Name == name }) && len(w.Files) < 10 {
			w.Files = append(w.Files, ui.Field{Name: name, Label: v.T("again.file"), Type: "file"})
		}
		return nil
	}
	value, err := io.ReadAll(io.LimitReader(part, maxInPart))
	if err != nil {
		return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	w.add(v, name, plain(string(value)))
	return nil
}

func (w *againView) add(v *Visit, name, value string) {
	switch {
	case name == ui.TokenField || len(w.Typed) >= maxAgain:
	case secret(name):
		w.Secrets = append(w.Secrets, ui.Field{Name: name, Label: v.T("again.secret"), Type: "password", Attrs: map[string]any{"autocomplete": "off", "required": true}})
	default:
		w.Typed = append(w.Typed, typed{name, value, strings.ContainsAny(value, " \n")})
	}
}

// secret reports whether a field may hold what must not be written into a page.
func secret(name string) bool {
	for _, word := range []string{"password", "mat-khau", "old", "pin", "secret"} {
		if name == word || strings.HasPrefix(name, word+"-") || strings.HasPrefix(name, word+"_") {
			return true
		}
	}
	return strings.Contains(name, "password")
}
