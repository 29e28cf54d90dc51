// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/scan"
	"hoctap/internal/scan/scantest"
	"hoctap/internal/web"
	"hoctap/internal/web/ui"
)

// Every route that takes files refuses an infected one by a real clamd, before anything is recorded, and says so in words and in the journal.
func TestInfectedUploads(t *testing.T) {
	d := scantest.New(t)
	h := open(t)
	clamd, err := scan.At(d.Address)
	h.ok(err)
	h.s.Scan = scan.New(h.s.DB, h.s.Blobs, h.s.Now, clamd, true)
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, _ := z.Create("word/document.xml")
	_, _ = w.Write(scantest.Virus())
	h.ok(z.Close())
	seen := func() int {
		return h.count(`SELECT count(*) FROM journal WHERE thing = 'upload' AND act = 'refuse_infected'`)
	}
	records := func() int {
		return h.count(`SELECT count(*) FROM evidence`) + h.count(`SELECT count(*) FROM import_batch`)
	}
	doors := h.doors()
	before := records()

	evidence := "/minh-chung/" + h.file.PlaceID
	for name, body := range map[string]string{"giấy khen.pdf": "%PDF-1.7\n" + string(scantest.Virus()), "giấy khen.docx": packed.String()} {
		n := seen()
		a := h.do(officer, fileRequest(evidence, name, body, ui.TokenField, web.FormToken(h.s, h.tokens[officer]), "ho-so", h.file.ID, "tieu-chi", "A1"))
		if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "mã độc") || !strings.Contains(a.body, name) || !strings.Contains(a.raw, `name="ho-so" value="`+h.file.ID+`"`) {
			t.Errorf("%s: %d %s", name, a.code, words(a.body))
		}
		if seen() != n+1 {
			t.Errorf("%s: the journal says nothing", name)
		}
	}
	if a := h.do(officer, asScript(fileRequest(evidence, "a.pdf", string(scantest.Virus()), "ho-so", h.file.ID, "tieu-chi", "A1"))); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.raw, `"sentence"`) {
		t.Errorf("a script: %d %s", a.code, a.raw)
	}
	takers := 0
	for _, pattern := range slices.Sorted(maps.Keys(doors)) {
		method, _, _ := strings.Cut(pattern, " ")
		path := doors[pattern].path
		if doors[pattern].send != nil {
			path = doors[pattern].send().URL.RequestURI()
		}
		if method != "POST" {
			continue
		}
		for _, field := range []string{"tep", "file", "signed", "uploadfile", "certificate", "picture"} {
			r := fileRequest(path, "x.bin", string(scantest.Virus()))
			var b bytes.Buffer
			_, _ = b.ReadFrom(r.Body)
			r = rawBody(r, bytes.Replace(b.Bytes(), []byte(`name="tep"`), []byte(`name="`+field+`"`), 1))
			n, journal := seen(), h.count(`SELECT count(*) FROM journal`)
			a := h.do(officer, r)
			if a.code < 400 && pattern != "POST /dang-xuat" && h.count(`SELECT count(*) FROM journal`) > journal+1 {
				t.Errorf("%s took an infected file: %d", pattern, a.code)
			}
			if seen() == n+1 {
				takers++
			} else if a.code != http.StatusNotFound && a.code != http.StatusRequestEntityTooLarge {
				t.Errorf("%s read it unjudged: %d %s", pattern, a.code, words(a.body))
			}
		}
	}
	if takers < 300 || records() != before {
		t.Errorf("%d judged, %d records of %d", takers, records(), before)
	}

	// What is clean passes as before, and while clamd is away nothing does.
	clean := func() answer {
		return h.do(officer, asScript(fileRequest(evidence, "a.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n", "ho-so", h.file.ID, "tieu-chi", "A1")))
	}
	if a := clean(); a.code != http.StatusOK {
		t.Errorf("clean: %d %s", a.code, a.raw)
	}
	d.Stop()
	if a := clean(); a.code != http.StatusConflict || !strings.Contains(a.body, "thử lại sau") {
		t.Errorf("away: %d %s", a.code, a.raw)
	}
	h.s.Scan = scan.New(h.s.DB, h.s.Blobs, h.s.Now, clamd, false)
	if a := clean(); a.code != http.StatusOK || h.count(`SELECT count(*) FROM upload_scan`) == 0 {
		t.Errorf("judged later: %d %s", a.code, a.raw)
	}
	h.s.Scan = nil
}

func asScript(r *http.Request) *http.Request {
	r.Header.Set("Accept", "application/json")
	return r
}

func rawBody(r *http.Request, body []byte) *http.Request {
	again := formRequest("POST", r.URL.RequestURI(), nil)
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	again.Header.Set("Content-Type", r.Header.Get("Content-Type"))
	return again
}
