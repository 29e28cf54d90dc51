// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

// Visit is one request of one person. Its Actor is nobody on a public route without a session.
type Visit struct {
	*Site
	W     http.ResponseWriter
	R     *http.Request
	Actor identity.Actor

	pattern string // of the route
	many    int    // rows of the list that is sent
	failed  bool   // the answer tells of an error only
}

// Ctx is the context of the request.
func (v *Visit) Ctx() context.Context { return v.R.Context() }

// T is the text of a key in the reader's language.
func (v *Visit) T(key string, args ...any) string { return lang.T(v.Ctx(), key, args...) }

// Path is the value of a wildcard of the route.
func (v *Visit) Path(name string) string { return v.R.PathValue(name) }

// Query is a value of the address.
func (v *Visit) Query(name string) string { return v.R.URL.Query().Get(name) }

// Form is a value of the form that was sent; ParseForm is called as needed.
func (v *Visit) Form(name string) string { return plain(v.R.PostFormValue(name)) }

// Today is the day in Vietnam, YYYY-MM-DD.
func (v *Visit) Today() string { return store.Date(v.Now()) }

// Address is "host:port" of whoever asks.
func (v *Visit) Address() string { return v.R.RemoteAddr }

func (v *Visit) recognise() error {
	v.Actor.Address, v.Actor.Device = v.Address(), audit.Device(v.R.UserAgent())
	c, err := v.R.Cookie(v.CookieName())
	if err != nil {
		return nil
	}
	actor, err := v.Identity.Session(v.Ctx(), c.Value, v.Address())
	if fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	if err == nil {
		actor.Device = v.Actor.Device
		v.Actor = actor
	}
	return err
}

func (v *Visit) askToSignIn() {
	if v.WantsJSON() {
		v.json(http.StatusUnauthorized, map[string]string{"sentence": v.T("fault.signed_out"), "kind": "signed_out"})
		return
	}
	to := SignInPath
	if v.R.Method == http.MethodGet && v.R.URL.Path != "/" {
		to = Again(v.R.URL.RequestURI())
	} else if page := v.cameFrom(); v.R.Method == http.MethodPost && page != "" {
		to = Again(page)
	}
	http.Redirect(v.W, v.R, to, http.StatusSeeOther)
}

// WantsJSON reports whether a script asks.
func (v *Visit) WantsJSON() bool {
	return strings.Contains(v.R.Header.Get("Accept"), "application/json") || strings.HasPrefix(v.R.Header.Get("Content-Type"), "application/json")
}

// Show answers with a page.
func (v *Visit) Show(page templ.Component) error { return v.ShowAs(http.StatusOK, page) }

// ShowAs answers with a page and a status: 422 for a form that is shown again with its faults.
func (v *Visit) ShowAs(status int, page templ.Component) error {
	h := v.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if v.Actor.ID != "" {
		h.Set("Cache-Control", "private, no-store")
	}
	var b bytes.Buffer // whole before its first byte leaves: a page that breaks off must not look like one, and its forms get their token
	if err := page.Render(v.Ctx(), &b); err != nil {
		return err
	}
	signed := ui.Signed(v.Ctx(), b.Bytes()) // may set a cookie
	v.W.WriteHeader(status)
	_, err := v.W.Write(signed)
	return err
}

// JSON answers with a value.
func (v *Visit) JSON(value any) error { return v.json(http.StatusOK, value) }

func (v *Visit) json(status int, value any) error {
	h := v.W.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "private, no-store")
	v.W.WriteHeader(status)
	return json.NewEncoder(v.W).Encode(value)
}

// Read decodes a JSON body into value; unknown fields, a zero byte in a text and anything behind the value are refused.
func (v *Visit) Read(value any) error {
	body, err := io.ReadAll(v.R.Body)
	if tooBig(err) {
		return fault.TooMuch("request.too_big")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err != nil || bytes.Contains(body, []byte(`\u0000`)) || d.Decode(value) != nil || d.More() {
		return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_json"}
	}
	return nil
}

// ReadForm parses the form that was sent and refuses one that is too big or broken.
func (v *Visit) ReadForm() error { return v.readForm(v.R.ParseForm()) }

// uploadInMemory is how much of an upload is kept in memory; the rest waits in a file that the handler removes.
const uploadInMemory = 4 << 20

// ReadUpload is ReadForm for a form with files; call Forget after it.
func (v *Visit) ReadUpload() error { return v.readForm(v.R.ParseMultipartForm(uploadInMemory)) }

// Upload is a file of the form that ReadUpload read, whole but for what is above limit bytes; nil when none was chosen. One byte more than limit tells the
// reader that it is too large.
func (v *Visit) Upload(field string, limit int64) ([]byte, error) {
	f, _, err := v.R.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) {
		return nil, nil
	}
	if err != nil {
		return nil, &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if len(b) == 0 {
		return nil, err
	}
	return b, err
}

// Forget removes what ReadUpload left in temporary files.
func (v *Visit) Forget() {
	if v.R.MultipartForm != nil {
		_ = v.R.MultipartForm.RemoveAll() // the system clears what stays
	}
}

func (v *Visit) readForm(err error) error {
	if err != nil {
		if tooBig(err) {
			return fault.TooMuch("request.too_big")
		}
		return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	plainForm(v.R.PostForm, v.R.Form)
	return nil
}

// Go leads the browser to another page after a change.
func (v *Visit) Go(to string) error {
	http.Redirect(v.W, v.R, to, http.StatusSeeOther)
	return nil
}
