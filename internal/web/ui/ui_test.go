// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"hoctap/internal/web/lang"
)

var (
	vi = context.Background()
	en = lang.With(vi, lang.En)
)

func drawn(t *testing.T, ctx context.Context, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wants(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(html, p) {
			t.Errorf("no %q in %s", p, html)
		}
	}
}

func TestNoPieceBreaksThePolicy(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	all := Join(
		Page(Office{Title: evil, Place: evil, Demo: true, Nav: []NavItem{{Label: evil, Href: "javascript:alert(1)", Icon: "home", Count: 1234}}, Crumbs: []Crumb{{Label: evil, Href: evil}, {Label: evil}}, Who: Who{Name: evil, SignOut: "/out"}, Search: &Search{Label: evil, Value: evil}}),
		PublicPage(Public{Title: evil, Owner: evil}), PaperPage(evil, true, nil),
		Tile(Stat{Name: evil, Icon: "family", Value: 8790, Target: 8700, Trend: []int64{1, 2}}), Meter(Bar{Value: 5, Target: 6, Label: evil}),
		Pipe([]PipeRow{{Name: evil, Count: 3}}), Stages([]Stage{{Name: evil, Lines: []string{evil}, State: "now"}}),
		Input(Field{Name: "a", Label: evil, Value: evil, Err: evil, Hint: evil}), Area(Field{Name: "b", Value: evil}), ErrorSummary([]Broken{{ID: evil, Text: evil}}),
		HexMap(evil, []HexCell{{HexPlace: HexPlace{Region: evil}, Title: evil, Href: "javascript:alert(1)", Class: "d1"}}), BorderMap(evil, "0 0 1 1", []MapArea{{Title: evil}}),
		TrendChart(Trend{Label: evil, Sentence: evil, Actual: []TrendPoint{{2021, 1}}}), Ask(Question{ID: "q", Title: evil, Consequence: evil, Do: evil}), Strong(evil), Words(evil),
	)
	html := drawn(t, vi, all)
	for _, bad := range []string{"<script>alert", ` style="`, "javascript:", "onclick", "data:image"} {
		if strings.Contains(html, bad) {
			t.Errorf("found %q near %s", bad, near(html, bad))
		}
	}
}

func near(s, part string) string {
	at := strings.Index(s, part)
	return s[max(0, at-80):min(len(s), at+80)]
}

func TestIconsInUseAreDrawn(t *testing.T) {
	named := regexp.MustCompile(`(?:\bIcon(?:Class)?\("|\b(?:Icon|Trail):\s*")([a-z-]+)"`)
	for _, dir := range []string{"..", filepath.Join("..", "..", "..", "ui")} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(path, ".templ") && !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range named.FindAllStringSubmatch(string(text), -1) {
				if !HasIcon(m[1]) {
					t.Errorf("%s: no icon %q", path, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTarget(t *testing.T) {
	for _, c := range []struct {
		value, target int64
		kind, word    string
	}{
		{8790, 8700, "ok", "Vượt lộ trình 0,9"}, {8700, 8700, "ok", "Đúng lộ trình"}, {7560, 7800, "warn", "Chậm 2,4 điểm %"},
		{8699, 8700, "ok", "Đúng lộ trình"}, // both are shown as 87,0%
		{0, 8700, "warn", "Chậm 87 điểm %"},
	} {
		if got := TargetState(vi, c.value, c.target); got.Kind != c.kind || got.Word != c.word {
			t.Errorf("%d of %d: %+v", c.value, c.target, got)
		}
	}
	html := drawn(t, vi, Meter(TargetBar(vi, 7560, 7800)))
	wants(t, html, `meter--late`, `width="75.6%"`, `x="78%"`, `aria-label="75,6% trên lộ trình 78,0%"`)
	wants(t, drawn(t, vi, Meter(Bar{Value: 20000})), `width="100%" height="50%"`)
}

func TestFieldTiesItsTexts(t *testing.T) {
	html := drawn(t, vi, Input(Field{Name: "points", Label: "Điểm", Hint: "Từ 0 đến 15", Err: "Nhập từ 0 đến 15", Value: "18"}))
	wants(t, html, `<label for="points">`, `id="points"`, `name="points"`, `value="18"`, `aria-invalid="true"`, `aria-describedby="points-hint points-err"`, `id="points-err"`, `id="points-hint"`)
	if html := drawn(t, vi, Input(Field{Name: "a", Label: "A"})); strings.Contains(html, "aria-") && strings.Contains(html, "describedby") {
		t.Error(html)
	}
	choice := Field{Name: "area", Label: "Khu", Value: "7", Options: []Option{{Value: "3", Label: "Khu 3"}, {Value: "7", Label: "Khu 7"}}}
	wants(t, drawn(t, vi, Select(choice)), `<option value="7" selected>Khu 7`, `<option value="3">Khu 3`)
	wants(t, drawn(t, vi, Radios(choice)), `id="area-1" name="area" value="7" checked`, `<legend class="label">Khu`)
}

func TestErrorSummaryOrder(t *testing.T) {
	a, b := Field{Name: "a", Label: "Ô a"}, Field{Name: "b", ID: "bb", Label: "Ô b"}
	list := BrokenOf(map[string]string{"z": "ngoài biểu", "b": "sai b", "a": "sai a"}, a, b)
	want := []Broken{{"a", "Ô a: sai a"}, {"bb", "Ô b: sai b"}, {"z", "ngoài biểu"}}
	if len(list) != 3 || list[0] != want[0] || list[1] != want[1] || list[2] != want[2] {
		t.Errorf("%+v", list)
	}
	wants(t, drawn(t, en, ErrorSummary(list)), `href="#bb"`, "3 places need mending", `role="alert"`)
	if html := drawn(t, vi, ErrorSummary(nil)); html != "" {
		t.Errorf("an empty summary draws %q", html)
	}
}

func TestButton(t *testing.T) {
	wants(t, drawn(t, vi, Button(Btn{Label: "Lưu", Kind: "primary", Name: "act", Value: "save"})), `<button class="btn btn--primary" type="submit"`, `name="act"`, `value="save"`)
	wants(t, drawn(t, vi, Button(Btn{Label: "Mở", Href: "/x?a=1&b=2"})), `<a class="btn" href="/x?a=1&amp;b=2">`)
	dead := drawn(t, vi, Button(Btn{Label: "Trình ký", Href: "/x", Why: "Còn 3 phản ánh"}))
	wants(t, dead, `aria-disabled="true"`, "Còn 3 phản ánh")
	if strings.Contains(dead, "href") || strings.Contains(dead, "<button") {
		t.Error("a dead button can be pressed:", dead)
	}
}

func TestSettings(t *testing.T) {
	h := Settings(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Page(Office{Title: "x"}).Render(r.Context(), w)
	}))
	for _, c := range []struct{ url, cookie, want string }{
		{"/", "", `<html lang="vi" data-size="thuong" data-theme="auto">`},
		{"/?size=lon&lang=en", "theme=dark", `<html lang="en" data-size="lon" data-theme="dark">`},
		{"/?size=%22%3E", "size=huge", `<html lang="vi" data-size="thuong" data-theme="auto">`},
		{"/?year=2025&q=h%C3%A0", "size=rat-lon", `href="?q=h%C3%A0&amp;size=thuong&amp;year=2025"`},
	} {
		r := httptest.NewRequest("GET", c.url, nil)
		r.Header.Set("Cookie", c.cookie)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		wants(t, w.Body.String(), c.want)
	}
}

func TestShell(t *testing.T) {
	nav := []NavItem{{Label: "1"}, {Label: "2"}, {Label: "3"}, {Label: "4"}, {Label: "5", Group: "Quản trị"}, {Label: "6", Group: "Quản trị", Current: true}}
	html := drawn(t, vi, Page(Office{Title: "x", Nav: nav, Who: Who{Name: "Lê Thị Thu Hằng"}, Bell: &Bell{New: 3}}))
	if n := strings.Count(html, "Quản trị"); n != 1 {
		t.Errorf("the group is headed %d times", n)
	}
	wants(t, html, `aria-current="page"`, ">TH<", "Thông báo, 3 mục mới", `class="nav__menu" href="#chuc-nang"`)
	if strings.Contains(html, "Dữ liệu bịa") {
		t.Error("a ribbon without a demo")
	}
	wants(t, drawn(t, vi, Page(Office{Demo: true})), "Dữ liệu bịa, chỉ để thử")
}
