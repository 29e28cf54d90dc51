// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"crypto/hmac"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

// serve sends a file to who may see it, from the other origin when there is one.
func serve(v *site.Visit, size evidence.Size) error {
	place, id := v.Path("place"), v.Path("id")
	if v.Safety.Files == nil {
		return send(v, place, id, size)
	}
	o, err := v.Evidence.Open(v.Ctx(), v.Actor, place, id, size) // says here, in words, who may not
	if err != nil {
		return err
	}
	o.Close()
	h := v.W.Header()
	h.Set("Cache-Control", "private, no-store")
	http.Redirect(v.W, v.R, v.Safety.Files.String()+signed(v.Site, v.R.URL.Path, v.Actor.ID, v.Now().Add(linkLife)), http.StatusFound)
	return nil
}

// linkLife is how long an address on the other origin opens a file.
const linkLife = 10 * time.Minute

// send answers with the file. The bytes of an address never change, so the browser need not ask again soon; parts of a long PDF are sent as they are
// asked for.
func send(v *site.Visit, place, id string, size evidence.Size) error {
	o, err := v.Evidence.Open(v.Ctx(), v.Actor, place, id, size)
	if err != nil {
		return err
	}
	defer o.Close()
	if err := v.Scan.Check(v.Ctx(), o.SHA256, o.Name); err != nil {
		return err
	}
	h := v.W.Header()
	for name, values := range evidence.ServeHeaders(o.Kind, o.Name) {
		if name != "Cross-Origin-Resource-Policy" || h.Get(name) == "" {
			h[name] = values
		}
	}
	h.Set("Cache-Control", "private, max-age=3600, immutable")
	h.Set("ETag", `"`+o.SHA256+`"`)
	http.ServeContent(v.W, v.R, "", o.At, o)
	return nil
}

// signed is a path with the account it opens for, until when, and the proof that this site said so.
func signed(s *site.Site, path, account string, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), 10)
	return path + "?" + url.Values{"ai": {account}, "den": {end}, "k": {seal(s, path, account, end)}}.Encode()
}

func seal(s *site.Site, path, account, end string) string {
	return s.Keys.Hash("file address", strings.Join([]string{path, account, end}, "\n"))
}

// FilePath reads the address of a file.
func FilePath(path string) (place, id string, size evidence.Size, ok bool) {
	parts := strings.Split(path, "/")
	switch {
	case len(parts) == 4 && parts[1] == "minh-chung":
		return parts[2], parts[3], evidence.Full, true
	case len(parts) == 5 && parts[1] == "minh-chung" && parts[4] == "nho":
		return parts[2], parts[3], evidence.Thumb, true
	}
	return "", "", size, false
}

// ServeSigned sends the file of a signed address, as the account it was signed for may see it now.
func ServeSigned(v *site.Visit, place, id string, size evidence.Size) error {
	account, end := v.Query("ai"), v.Query("den")
	until, err := strconv.ParseInt(end, 10, 64)
	if err != nil || !hmac.Equal([]byte(v.Query("k")), []byte(seal(v.Site, v.R.URL.Path, account, end))) || v.Now().Unix() > until {
		return &fault.Fault{Kind: fault.KindDenied, Key: "request.file_link"}
	}
	if v.Actor, err = v.Identity.Actor(v.Ctx(), account, v.Address()); err != nil {
		return err
	}
	return send(v, place, id, size)
}
