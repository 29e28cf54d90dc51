// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hoctap/internal/fault"
)

var (
	vi = context.Background()
	en = With(context.Background(), En)
)

func TestFigures(t *testing.T) {
	noon := time.Date(2026, 12, 7, 20, 42, 0, 0, time.UTC) // the next day in Vietnam
	for _, c := range []struct{ got, want string }{
		{Number(vi, 0), "0"}, {Number(vi, 999), "999"}, {Number(vi, 1000), "1.000"},
		{Number(vi, 1012486), "1.012.486"}, {Number(en, 1012486), "1,012,486"}, {Number(vi, -1234), "−1.234"},
		{Percent(vi, 8790), "87,9%"}, {Percent(vi, 8794), "87,9%"}, {Percent(vi, 8795), "88,0%"}, {Percent(en, 8790), "87.9%"},
		{Percent(vi, 0), "0%"}, {Percent(vi, 10000), "100%"}, {Percent(vi, 9999), "99,9%"}, {Percent(vi, 5900), "59,0%"},
		{Percent(vi, 15210), "152,1%"}, {Percent(vi, -240), "−2,4%"},
		{Points(vi, 667), "6,67"}, {Points(vi, 750), "7,5"}, {Points(vi, 9000), "90"}, {Points(vi, 5), "0,05"},
		{Points(en, 667), "6.67"}, {Points(vi, -150), "−1,5"}, {Points(vi, 0), "0"},
		{Date(vi, noon), "08/12/2026"}, {Date(en, noon), "8 Dec 2026"}, {Clock(vi, noon), "03:42"}, {Date(vi, time.Time{}), ""},
		{Day(vi, "2026-11-30"), "30/11/2026"}, {Day(vi, "chưa rõ"), "chưa rõ"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNumberReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Min(-1<<60).Draw(t, "n")
		plain := strings.NewReplacer(".", "", "−", "-").Replace(Number(vi, n))
		if other := strings.NewReplacer(",", "", "−", "-").Replace(Number(en, n)); plain != other {
			t.Fatalf("%q and %q differ in more than marks", plain, other)
		}
	})
}

func TestPlaceholders(t *testing.T) {
	books()[Vi]["model.test"] = message{text: "gia đình"}
	defer delete(books()[Vi], "model.test")
	for _, c := range []struct {
		text string
		args []any
		want string
	}{
		{"Còn {{.count}} hộ", []any{"count", 1206}, "Còn 1.206 hộ"},
		{"năm {{.year}}, từ {{ .from_year }}", []any{"year", 2026, "from_year", 2021}, "năm 2026, từ 2021"},
		{"mã {{plain .code}}", []any{"code", 8515}, "mã 8515"},
		{"tối đa {{points .max}}", []any{"max", int64(1550)}, "tối đa 15,5"},
		{"{{percent .share}} số hộ", []any{"share", 8790}, "87,9% số hộ"},
		{"hạn {{date .until}}", []any{"until", "2026-11-30"}, "hạn 30/11/2026"},
		{`mô hình {{term "model." .model}}`, []any{"model", "test"}, "mô hình gia đình"},
		{"xã {{.names}}", []any{"names", []string{"Tu Vũ", "Hy Cương"}}, "xã Tu Vũ, Hy Cương"},
		{"thiếu {{.what}}", nil, "thiếu …"},
	} {
		msg, err := compile(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := msg.fill(Vi, c.args); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
	for _, bad := range []string{"{{x}}", "{{.a", "{{shout .a}}", "}} a {{.b}}"} {
		if _, err := compile(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestChoice(t *testing.T) {
	h := Choose(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(From(r.Context()))) }))
	for _, c := range []struct{ url, cookie, want, remembered string }{
		{"/", "", "vi", ""}, {"/?lang=en", "", "en", "en"}, {"/", "en", "en", ""},
		{"/?lang=vi", "en", "vi", "vi"}, {"/?lang=fr", "", "vi", ""}, {"/", "klingon", "vi", ""},
	} {
		r := httptest.NewRequest("GET", c.url, nil)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: Cookie, Value: c.cookie})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Body.String(); got != c.want {
			t.Errorf("%s with cookie %q: %s, want %s", c.url, c.cookie, got, c.want)
		}
		if set := w.Header().Get("Set-Cookie"); strings.HasPrefix(set, "lang="+c.remembered) != (c.remembered != "") {
			t.Errorf("%s: cookie %q", c.url, set)
		}
	}
}

func TestFault(t *testing.T) {
	sentence, fields := Fault(vi, errors.New("disk on fire at /var/lib"))
	if sentence != T(vi, "fault.internal") || fields != nil {
		t.Errorf("an internal error tells %q %v", sentence, fields)
	}
	err := fault.Invalid(fault.Field("name", "kind.invalid"), fault.Field("name", "kind.too_much"), fault.Field("x", "no.such.key"))
	sentence, fields = Fault(en, err)
	if sentence != "3 places need mending." {
		t.Errorf("sentence %q", sentence)
	}
	if want := T(en, "fault.kind.invalid") + " " + T(en, "fault.kind.too_much"); fields["name"] != want {
		t.Errorf("name: %q", fields["name"])
	}
	if fields["x"] != T(en, "fault.kind.invalid") {
		t.Errorf("a field key without a sentence: %q", fields["x"])
	}
	if s, _ := Fault(vi, fault.Stale("no_such_thing", "1")); s != T(vi, "fault.kind.stale") {
		t.Errorf("stale: %q", s)
	}
	if s, _ := Fault(en, fault.Invalid(fault.Field("a", "kind.invalid"))); s != "1 place needs mending." {
		t.Errorf("one: %q", s)
	}
}

func BenchmarkStatic(b *testing.B) {
	for b.Loop() {
		T(en, "shell.skip")
	}
}

func BenchmarkFilled(b *testing.B) {
	for b.Loop() {
		T(vi, "shell.bell_new", "count", 12)
	}
}
