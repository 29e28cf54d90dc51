// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/store"
	"hoctap/internal/web/proof"
	"hoctap/internal/web/site"
)

type told struct {
	ID, State, Kind, Href, Thumb, Sentence string
	Versions                               map[string]int64
	Fields                                 map[string]string
}

func read(t *testing.T, w *httptest.ResponseRecorder) (a told) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v in %.200s", err, w.Body)
	}
	return a
}

func picture() string { return string(evidence.DrawDemo(7, "study_corner")) }

func TestSendAndSee(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db, 2)
		file := o.files[0]
		w := o.upload(o.token, true, field{"ho-so", file.ID, ""}, field{"tieu-chi", "C1", ""}, field{"tieu-chi", "C2", ""}, field{"tieu-de", "Góc học tập", ""},
			field{"tep", picture(), "Góc học tập.jpg"})
		a := read(t, w)
		if w.Code != http.StatusOK || a.State != "received" || a.Kind != "picture" || a.Versions[file.ID] != file.Version+1 {
			t.Fatalf("%d %+v", w.Code, a)
		}
		if w := o.get(o.token, a.Thumb); w.Code != http.StatusConflict {
			t.Fatalf("before it was checked: %d", w.Code)
		}
		o.ok(o.s.Jobs.Drain(o.ctx))
		for _, path := range []string{a.Href, a.Thumb} {
			w := o.get(o.token, path)
			h := w.Header()
			if w.Code != http.StatusOK || h.Get("Content-Type") != "image/jpeg" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("ETag") == "" ||
				!strings.HasPrefix(h.Get("Cache-Control"), "private") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
				t.Fatalf("%s: %d %v", path, w.Code, h)
			}
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("If-None-Match", h.Get("ETag"))
			if w := o.do(o.token, r, false); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
				t.Fatalf("%s again: %d, %d bytes", path, w.Code, w.Body.Len())
			}
		}
		other := o.account("xa-khac", identity.CommuneOfficer, place.OfficialID("07900", "2025-07-01"))
		for _, token := range []string{other, ""} {
			for _, path := range []string{a.Href, a.Thumb, "/minh-chung/" + o.area + "/khong-co"} {
				want := http.StatusNotFound
				if token == "" {
					want = http.StatusSeeOther
				}
				if w := o.get(token, path); w.Code != want {
					t.Errorf("%s for a stranger: %d", path, w.Code)
				}
			}
		}
	})
}

func TestFormWithoutScript(t *testing.T) {
	o := open(t, placetest.SQLite(t), 2)
	id := o.files[0].ID
	w := o.upload(o.token, false, field{"ho-so", id, ""}, field{"ve", "/ho-so/x/y?nam=2026", ""}, field{"tieu-chi", "C1", ""},
		field{name: "tep"}, field{"tep", "%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n", "quyet dinh.pdf"})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/ho-so/x/y?nam=2026" {
		t.Fatalf("%d to %q: %.300s", w.Code, w.Header().Get("Location"), w.Body)
	}
	// A way back to another site leads to the file instead.
	w = o.post(o.token, "/minh-chung/"+o.area+"/lien-ket", url.Values{"ho-so": {id}, "tieu-chi": {"C1"}, "lien-ket": {"https://example.org/a"}, "ve": {"//example.org"}}, false)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/ho-so/"+o.area+"/"+id {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	w = o.post(o.token, "/minh-chung/"+o.area+"/lien-ket", url.Values{"ho-so": {id}, "tieu-chi": {"C2"}, "so": {"Sổ vàng khuyến học, trang 3"}}, false)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("a register entry: %d", w.Code)
	}
	o.ok(o.s.Jobs.Drain(o.ctx))
	list, err := o.s.Evidence.List(o.ctx, identity.System, o.area, id)
	o.ok(err)
	if len(list) != 3 {
		t.Fatalf("%d items", len(list))
	}
	// A part of a PDF, as a viewer asks for it.
	for _, b := range list {
		if b.Sort != evidence.Document {
			continue
		}
		if b.State != evidence.StateReady {
			t.Fatalf("the PDF is %s: %v", b.State, b.Reason)
		}
		r := httptest.NewRequest("GET", "/minh-chung/"+o.area+"/"+b.ID, nil)
		r.Header.Set("Range", "bytes=0-4")
		w := o.do(o.token, r, false)
		if w.Code != http.StatusPartialContent || w.Body.String() != "%PDF-" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Fatalf("%d %q %v", w.Code, w.Body, w.Header())
		}
		if w := o.get(o.token, "/minh-chung/"+o.area+"/"+b.ID+"/nho"); w.Code != http.StatusNotFound {
			t.Fatalf("a thumbnail of a PDF: %d", w.Code)
		}
	}
	// Shared with the second household, then taken away.
	at := "/minh-chung/" + o.area + "/" + list[0].ID
	if w := o.post(o.token, at+"/gan", url.Values{"ho-so": {o.files[1].ID}, "tieu-chi": {"C1"}}, true); w.Code != http.StatusOK {
		t.Fatalf("shared: %d %s", w.Code, w.Body)
	}
	if n := o.list()[1].Evidence; n != 1 {
		t.Fatalf("the second file counts %d", n)
	}
	if w := o.post(o.token, at+"/go", url.Values{"ho-so": {o.files[1].ID}, "tieu-chi": {"C1"}}, true); w.Code != http.StatusOK {
		t.Fatalf("taken away: %d %s", w.Code, w.Body)
	}
	if n := o.list()[1].Evidence; n != 0 {
		t.Fatalf("the second file still counts %d", n)
	}
}

func TestHostileUploads(t *testing.T) {
	o := open(t, placetest.SQLite(t), 1)
	id := o.files[0].ID
	to := []field{{"ho-so", id, ""}, {"tieu-chi", "C1", ""}}
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		name   string
		fields []field
		code   int
		says   string // part of the sentence
	}{
		{"svg named jpg", append(to[:2:2], field{"tep", svg, "anh.jpg"}), 422, "SVG"},
		{"web page", append(to[:2:2], field{"tep", "<!doctype html><html><body>x", "a.pdf"}), 422, "trang web"},
		{"program", append(to[:2:2], field{"tep", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "a.jpg"}), 422, "chương trình"},
		{"empty file", append(to[:2:2], field{"tep", "", "a.jpg"}), 422, "không có gì"},
		{"no file", to, 422, "Chưa có tệp"},
		{"no criterion", []field{to[0], {"tep", picture(), "a.jpg"}}, 422, "hồ sơ nào"},
		{"file first", []field{{"tep", picture(), "a.jpg"}, to[0], to[1]}, 422, "hồ sơ nào"},
		{"unknown criterion", []field{to[0], {"tieu-chi", "Z9", ""}, {"tep", picture(), "a.jpg"}}, 422, "Z9"},
		{"unknown file", []field{{"ho-so", "khong-co", ""}, to[1], {"tep", picture(), "a.jpg"}}, 404, ""},
		{"long text", []field{{"tieu-de", long, ""}, to[0], to[1], {"tep", picture(), "a.jpg"}}, 413, "quá dài"},
		{"long title", []field{{"tieu-de", long[:600], ""}, to[0], to[1], {"tep", picture(), "a.jpg"}}, 422, "quá dài"},
		{"picture beyond its limit", append(to[:2:2], field{"tep", picture() + strings.Repeat("\x00", evidence.MaxPicture), "a.jpg"}), 413, "MB"},
		{"body beyond the limit", append(to[:2:2], field{"tep", "%PDF-" + strings.Repeat("x", 21<<20), "a.pdf"}), 413, ""},
	} {
		w := o.upload(o.token, true, c.fields...)
		if a := read(t, w); w.Code != c.code || a.Sentence == "" || !strings.Contains(a.Sentence, c.says) {
			t.Errorf("%s: %d %q, want %d with %q", c.name, w.Code, a.Sentence, c.code, c.says)
		}
	}
	if a := o.list()[0]; a.Evidence != 0 || a.Version != o.files[0].Version {
		t.Errorf("something was kept: %+v", a)
	}
	body, contentType := multi(append(to[:2:2], field{"tep", picture(), "a.jpg"})...)
	for _, c := range []struct {
		name, contentType string
		body              []byte
		length            int64
		code              int
	}{
		{"1 GB claimed", contentType, body, 1 << 30, 413},
		{"cut off in the file", contentType, body[:len(body)-500], -1, 422},
		{"cut off in a field", contentType, body[:60], -1, 422},
		{"no boundary", "multipart/form-data", body, -1, 422},
		{"other boundary", "multipart/form-data; boundary=zzz", body, -1, 422},
		{"not multipart", "application/x-www-form-urlencoded", []byte("ho-so=1"), -1, 422},
		{"nothing", contentType, nil, 0, 422},
	} {
		r := httptest.NewRequest("POST", "/minh-chung/"+o.area, bytes.NewReader(c.body))
		r.Header.Set("Content-Type", c.contentType)
		r.ContentLength = c.length
		if w := o.do(o.token, r, true); w.Code != c.code {
			t.Errorf("%s: %d %s, want %d", c.name, w.Code, w.Body, c.code)
		}
	}
	for _, link := range []string{"javascript:alert(1)", "data:text/html,x", "https://", "ftp://a.vn/x", "https://a:b@c.vn", "http://a.vn/\u202egpj", " ", "/noi-bo"} {
		w := o.post(o.token, "/minh-chung/"+o.area+"/lien-ket", url.Values{"ho-so": {id}, "tieu-chi": {"C1"}, "lien-ket": {link}}, true)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("link %q: %d", link, w.Code)
		}
	}
	if a := o.list()[0]; a.Evidence != 0 {
		t.Errorf("something was kept: %+v", a)
	}
}

func TestStripSaysWhatIsThere(t *testing.T) {
	o := open(t, placetest.SQLite(t), 2)
	first, second := o.files[0].ID, o.files[1].ID
	for _, id := range []string{first, second} { // the same photo in two households
		o.upload(o.token, true, field{"ho-so", id, ""}, field{"tieu-chi", "C1", ""}, field{"tep", picture(), "a.jpg"})
	}
	o.upload(o.token, true, field{"ho-so", first, ""}, field{"tieu-chi", "C2", ""}, field{"tieu-de", "<b>Giấy khen</b>", ""}, field{"tep", picture()[:9000], "b.jpg"})
	o.post(o.token, "/minh-chung/"+o.area+"/lien-ket", url.Values{"ho-so": {first}, "tieu-chi": {"D3"}, "lien-ket": {"https://example.org/a"}}, true)
	o.ok(o.s.Jobs.Drain(o.ctx))
	var page bytes.Buffer
	o.mux.Signed("GET /thu", func(v *site.Visit) error {
		view, err := proof.Strip(v, o.area, first, []proof.Criterion{{Code: "C1", Title: "Góc học tập"}}, "/thu")
		if err != nil {
			return err
		}
		return v.Show(proof.Evidence(view))
	})
	w := o.get(o.token, "/thu")
	page.Write(w.Body.Bytes())
	for _, want := range []string{`/nho" alt=""`, `href="https://example.org/a"`, "example.org</b>", "Cần chụp lại", "bị hỏng", "&lt;b&gt;Giấy khen", "Ảnh trùng",
		`href="/ho-so/` + o.area + "/" + second + `"`, "Chủ hộ 2", `capture="environment"`, `enctype="multipart/form-data"`, "C1 Góc học tập"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the strip lacks %q", want)
		}
	}
	if strings.Contains(page.String(), "style=") || strings.Contains(page.String(), "proof.") {
		t.Errorf("a style attribute, or a key without a text:\n%s", page.String())
	}
	if form := page.String(); strings.Index(form, `name="tieu-de"`) > strings.Index(form, `name="tep"`) {
		t.Error("a text field stands after the file")
	}
}
