// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
)

// everything that an answer says: of office files, what lies inside.
func everything(a answer) string {
	if !strings.HasPrefix(a.raw, "PK") {
		return a.body
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.raw)), int64(len(a.raw)))
	if err != nil {
		return a.raw
	}
	var b strings.Builder
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			_, _ = io.Copy(&b, io.LimitReader(r, 8<<20))
			_ = r.Close()
		}
	}
	return b.String()
}

// Every page and every download, as everybody: a telephone and an address stand only where the table of fields lets this person see them.
func TestFieldsOnEveryPage(t *testing.T) {
	h := open(t)
	const phone, address = "0987012345", "Ngách Không Ai Biết 77"
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(h.ctx, `UPDATE subject SET phone = $1, address = $2 WHERE place_id = $3 AND id = $4`, phone, address, h.file.PlaceID, h.file.SubjectID)
		return err
	}))
	path := h.path(h.file.PlaceID)
	doors := h.doors()
	for _, who := range []string{nobody, volunteer, officer, neighbour, reviewer, above, viewer, province, admin} {
		sees := h.actors[who].Sees(path)
		shown := map[identity.Fields]int{}
		for pattern, d := range doors {
			// The file that a person asked for holds all of his data; whoever handles the request hands it out, and the journal says so.
			if !strings.HasPrefix(pattern, "GET ") || d.path == "" || strings.HasSuffix(pattern, "/yeu-cau/{id}/du-lieu") && h.actors[who].May(identity.HandleRequests, path) {
				continue
			}
			said := everything(h.get(who, d.path))
			plain := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(said)
			for field, found := range map[identity.Fields]bool{identity.FieldPhone: strings.Contains(plain, phone), identity.FieldAddress: strings.Contains(said, address)} {
				if found {
					shown[field]++
				}
				if found && !sees.Has(field) {
					t.Errorf("%q reads field %d on %s", who, field, pattern)
				}
			}
		}
		for _, field := range []identity.Fields{identity.FieldPhone, identity.FieldAddress} {
			if sees.Has(field) && shown[field] == 0 {
				t.Errorf("%q may see field %d and finds it nowhere: the walk shows nothing", who, field)
			}
		}
	}
}

// What people type, and who they are, stands nowhere in the log of the server, whatever route they take and however it fails.
func TestLogsOfEveryRoute(t *testing.T) {
	h := open(t)
	var log bytes.Buffer
	h.s.Log = slog.New(site.PlainLog(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	const typed = "Nguyễn Thị Dấu Vết"
	for pattern, d := range h.doors() {
		if d.path == "" {
			continue
		}
		method, _, _ := strings.Cut(pattern, " ")
		form := url.Values{"name": {typed}, "reason": {typed}, "q": {typed}, "password": {typed}, "login": {typed}, "version": {typed}, "phone": {"0987012345"}, "ngay": {typed}, "date": {typed}}
		for i := 0; i+1 < len(d.form); i += 2 {
			form.Set(d.form[i], d.form[i+1])
		}
		for _, who := range []string{nobody, officer, province} {
			switch method {
			case "POST":
				h.do(who, formRequest("POST", d.path, form))
				h.do(who, jsonRequest(d.path, `{"name": "`+typed+`", "rows": "0987012345"`))
			default:
				join := "?"
				if strings.Contains(d.path, "?") {
					join = "&"
				}
				h.do(who, httptest.NewRequest("GET", d.path+join+form.Encode(), nil))
			}
			if pattern == "POST /dang-xuat" {
				break
			}
		}
	}
	if log.Len() == 0 {
		t.Log("nothing was logged")
	}
	for _, secret := range append(h.secrets, typed, url.QueryEscape(typed), "0987012345", password) {
		if strings.Contains(log.String(), secret) {
			at := strings.Index(log.String(), secret)
			t.Errorf("%q stands in the log: %.300s", secret, log.String()[max(0, at-200):])
		}
	}
}
