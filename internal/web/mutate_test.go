// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"hoctap/internal/store/storetest"

	"hoctap/internal/store"
)

// sent is a request as a page of ours would make it: what is mutated.
type sent struct {
	who, method, path, kind string // kind is that of the form; "" sends no body
	fields                  [][2]string
	files                   []string // names of file fields
	json                    string
}

// forms gathers all forms of all pages, as people of each kind see them, with the values they hold.
func (h *house) forms() (list []sent) {
	known := map[string]bool{}
	h.walk(func(who, pattern string, d door, a answer) {
		list = append(list, sent{who: who, method: "GET", path: d.path})
		if a.code != http.StatusOK || !strings.HasPrefix(a.head.Get("Content-Type"), "text/html") {
			return
		}
		page, err := html.Parse(strings.NewReader(a.raw))
		h.ok(err)
		for n := range page.Descendants() {
			if n.Type != html.ElementNode || n.Data != "form" {
				continue
			}
			f := formOf(n, who, d.path)
			key := f.who + f.method + f.path
			for _, field := range f.fields {
				key += " " + field[0]
			}
			if !known[key] && f.path != "/dang-xuat" {
				known[key] = true
				list = append(list, f)
			}
		}
	})
	doors := h.doors()
	for _, pattern := range slices.Sorted(maps.Keys(doors)) {
		d := doors[pattern]
		method, _, _ := strings.Cut(pattern, " ")
		if method == "GET" || pattern == "POST /dang-xuat" {
			continue
		}
		if d.send == nil {
			f := sent{who: officer, method: method, path: d.path, kind: "application/x-www-form-urlencoded"}
			for i := 0; i+1 < len(d.form); i += 2 {
				f.fields = append(f.fields, [2]string{d.form[i], d.form[i+1]})
			}
			list = append(list, f)
			continue
		}
		r := d.send()
		f := sent{who: officer, method: method, path: r.URL.RequestURI(), kind: r.Header.Get("Content-Type")}
		var b bytes.Buffer
		_, _ = b.ReadFrom(r.Body)
		f.json = b.String()
		if strings.HasPrefix(f.kind, "multipart/") {
			f.kind, f.json, f.files = "multipart/form-data", "", []string{"tep"}
			r.Body = http.NoBody
		}
		list = append(list, f)
	}
	return list
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func formOf(n *html.Node, who, page string) sent {
	f := sent{who: who, method: strings.ToUpper(attr(n, "method")), path: attr(n, "action"), kind: attr(n, "enctype")}
	f.path, _, _ = strings.Cut(f.path, "#")
	if f.path == "" {
		f.path = page
	}
	if f.kind == "" {
		f.kind = "application/x-www-form-urlencoded"
	}
	for c := range n.Descendants() {
		name := attr(c, "name")
		switch {
		case name == "":
		case c.Data == "input" && attr(c, "type") == "file":
			f.files = append(f.files, name)
		case c.Data == "input", c.Data == "button":
			f.fields = append(f.fields, [2]string{name, attr(c, "value")})
		case c.Data == "textarea" && c.FirstChild != nil:
			f.fields = append(f.fields, [2]string{name, c.FirstChild.Data})
		case c.Data == "select":
			value := ""
			for o := range c.Descendants() {
				if o.Data == "option" {
					value = attr(o, "value")
				}
			}
			f.fields = append(f.fields, [2]string{name, value})
		}
	}
	return f
}

// junk is what people and programs put into fields that were not made for it.
var junk = []string{"", " ", "0", "-1", "1", "99999999999999999999", "-9223372036854775808", "1e309", "NaN", "0x1F", "٣", "1,5", "1.000.000", "2026-02-30", "0000-00-00", "9999-12-31", "18/11/2026",
	"\x00", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "\u202egnp.exe", "\u2028", "e\u0301\u0323", strings.Repeat("ạ", 20_000), strings.Repeat("(", 5000), strings.Repeat("\n", 3000),
	"' OR 1=1 --", "'; DROP TABLE journal; --", "$1", "%", "_", "%27%20OR%20", "\\", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{.}}", "{{so_luong}}", "${jndi:ldap://x}",
	"../../../../etc/passwd", "..%2f..%2f", "//evil.example", "javascript:alert(1)", "http://169.254.169.254/", "true", "null", "[]", "{}", "on", "family", "citizen", "all", "\r\nSet-Cookie: x=1", "=cmd|' /C calc'!A0",
	"&a=b", "*", "?", "#", ";", "2026", "1900", "3000"}

// mutator makes hostile requests of good ones, the same for the same seed.
type mutator struct {
	*rand.Rand
	samples [][]byte // files of every kind that the program reads
}

func (m *mutator) pick(list []string) string { return list[m.IntN(len(list))] }

func (m *mutator) flip(b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + m.IntN(8) {
		if len(b) == 0 {
			return b
		}
		at := m.IntN(len(b))
		switch m.IntN(5) {
		case 0:
			b[at] ^= 1 << m.IntN(8)
		case 1:
			b[at] = byte(m.IntN(256))
		case 2:
			b = b[:at]
		case 3:
			b = slices.Insert(b, at, []byte(m.pick(junk))...)
		case 4:
			b = slices.Delete(b, at, min(len(b), at+1+m.IntN(64)))
		}
	}
	return b
}

func (m *mutator) address(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	if m.IntN(3) == 0 {
		parts := strings.Split(u.Path, "/")
		parts[m.IntN(len(parts))] = m.pick(junk)
		u.Path = "/" + strings.TrimLeft(strings.Join(parts, "/"), "/")
	}
	q := u.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if m.IntN(2) == 0 {
			q.Set(name, m.pick(junk))
		}
	}
	if m.IntN(3) == 0 {
		q.Add(m.pick([]string{"noi", "nam", "dang", "xep", "trang", "q", "tim", "mo-hinh", "xem", "lang", "tu", "den", "buoc", "co-quan", "ho-so"}), m.pick(junk))
	}
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

func (m *mutator) request(s sent) *http.Request {
	fields := slices.Clone(s.fields)
	for range m.IntN(4) {
		if len(fields) == 0 {
			break
		}
		i := m.IntN(len(fields))
		switch m.IntN(5) {
		case 0, 1:
			fields[i][1] = m.pick(junk)
		case 2:
			fields[i][1] = string(m.flip([]byte(fields[i][1])))
		case 3:
			fields = append(fields, fields[i])
		case 4:
			fields = slices.Delete(fields, i, i+1)
		}
	}
	path := s.path
	if m.IntN(3) == 0 || s.method == "GET" {
		path = m.address(path)
	}
	if s.method == "GET" {
		q := url.Values{}
		for _, f := range fields {
			q.Add(f[0], f[1])
		}
		if len(q) > 0 {
			path, _, _ = strings.Cut(path, "?")
			path += "?" + q.Encode()
		}
		return httptest.NewRequest("GET", path, nil)
	}
	var body bytes.Buffer
	kind := s.kind
	switch {
	case s.json != "":
		body.WriteString(s.json)
	case kind == "multipart/form-data":
		w := multipart.NewWriter(&body)
		for _, f := range fields {
			_ = w.WriteField(f[0], f[1])
		}
		for _, name := range s.files {
			part, _ := w.CreateFormFile(name, m.pick(junk)+m.pick([]string{".xlsx", ".docx", ".pdf", ".jpg", ".csv", ".yaml", ".p12", ""}))
			sample := m.samples[m.IntN(len(m.samples))]
			if m.IntN(4) > 0 {
				sample = m.flip(sample)
			}
			_, _ = part.Write(sample)
		}
		_ = w.Close()
		kind = w.FormDataContentType()
	default:
		form := url.Values{}
		for _, f := range fields {
			form.Add(f[0], f[1])
		}
		body.WriteString(form.Encode())
	}
	b := body.Bytes()
	if m.IntN(4) == 0 || s.json != "" {
		b = m.flip(b)
	}
	if m.IntN(20) == 0 {
		kind = m.pick([]string{"", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-16", "application/xml"})
	}
	r := httptest.NewRequest(s.method, path, bytes.NewReader(b))
	r.Header.Set("Content-Type", kind)
	if m.IntN(3) == 0 {
		r.Header.Set("Accept", "application/json")
	}
	return r
}

// samples are files as the program makes and takes them.
func (h *house) samples() (list [][]byte) {
	for _, path := range []string{"/so-bo/" + h.area + "/tai?dang=xlsx", "/nhap/" + h.area + "/phieu?dang=docx", "/nhap/" + h.area + "/phieu?dang=pdf", "/so-bo/" + h.area + "/tai?dang=csv"} {
		a := h.get(officer, path)
		if a.code != http.StatusOK {
			h.t.Fatalf("%s: %d", path, a.code)
		}
		list = append(list, []byte(a.raw))
	}
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	var j, p bytes.Buffer
	h.ok(jpeg.Encode(&j, img, nil))
	h.ok(png.Encode(&p, img))
	set := h.one(`SELECT id FROM criteria_set ORDER BY id LIMIT 1`)
	return append(list, j.Bytes(), p.Bytes(), []byte(h.get(officer, "/bo-tieu-chi/"+set+"/tep").raw))
}

// Mutated requests of every form and route get an answer in words: no panic, no failure of the server, none that takes for ever. HOCTAP_MUTATIONS says how
// many, HOCTAP_MUTATIONS_SEED repeats a run.
func TestMutatedRequests(t *testing.T) {
	many, seed := 500, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("HOCTAP_MUTATIONS")); err == nil {
		many = n
	}
	if n, err := strconv.ParseUint(os.Getenv("HOCTAP_MUTATIONS_SEED"), 10, 64); err == nil {
		seed = n
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		m := &mutator{rand.New(rand.NewPCG(seed, 0)), h.samples()}
		list := h.forms()
		ctx, stop := context.WithCancel(t.Context())
		done := h.s.Jobs.Start(ctx) // what was taken in is read as a whole, too
		defer func() { stop(); <-done }()
		codes := map[int]int{}
		for i := range many {
			s := list[m.IntN(len(list))]
			if m.IntN(8) == 0 {
				s.who = m.pick([]string{nobody, volunteer, officer, neighbour, province, admin})
			}
			r := m.request(s)
			start := time.Now()
			a := h.do(s.who, r)
			codes[a.code/100]++
			if a.code >= 500 {
				t.Errorf("seed %d, request %d: %q %s %s: %d %s", seed, i, s.who, r.Method, r.URL.RequestURI(), a.code, words(a.body))
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("seed %d, request %d: %s %s took %s", seed, i, r.Method, r.URL.RequestURI(), took)
			}
			if a.head.Get("Content-Security-Policy") == "" {
				t.Errorf("request %d: no policy", i)
			}
		}
		if h.count(`SELECT count(*) FROM job WHERE state = 'failed'`) > 0 {
			t.Errorf("work failed: %s", h.one(`SELECT kind || ': ' || error FROM job WHERE state = 'failed' LIMIT 1`))
		}
		t.Logf("%d of %d kinds of requests (seed %d): answers by hundreds %v", many, len(list), seed, codes)
		if codes[2] == 0 || codes[4] == 0 {
			t.Error("the requests are of one kind only")
		}
	})
}
