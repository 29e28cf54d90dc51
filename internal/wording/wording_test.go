// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hoctap/internal/fault"
	"hoctap/internal/wording"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  string // fields in <>, words as they are
		slips string // key:line
	}{
		{"Công nhận {{so_luong}} {{ doi_tuong }}.", "Công nhận |<so_luong>| |<doi_tuong>|.", ""},
		{"không có gì", "không có gì", ""},
		{"", "", ""},
		{"{{a}}{{b}}", "<a>|<b>", ""},
		{"một\nhai {{so", "một\nhai |{{|so", "wording.unclosed:2"},
		{"{{so\n_luong}}", "{{|so\n_luong}}", "wording.unclosed:1 wording.stray:2"},
		{"{{ {{so_luong}}", "{{| |<so_luong>", "wording.unclosed:1"},
		{"thừa }} ở đây\n}}", "thừa }} ở đây\n}}", "wording.stray:1 wording.stray:2"},
		{"{{}}", "<>", ""},
		{"{một} {{{hai}}}", "{một} |<{hai>|}", ""},
	} {
		pieces, slips := wording.Parse(c.text)
		var got, wrong []string
		for _, p := range pieces {
			if p.Text == "" {
				got = append(got, "<"+p.Field+">")
			} else {
				got = append(got, p.Text)
			}
		}
		for _, s := range slips {
			wrong = append(wrong, s.Key+":"+string(rune('0'+s.Line)))
		}
		if strings.Join(got, "|") != c.want || strings.Join(wrong, " ") != c.slips {
			t.Errorf("%q: %s, %s", c.text, strings.Join(got, "|"), wrong)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Công nhận {{so_luong}} {{x\n}} }} {{")
	f.Fuzz(func(t *testing.T, s string) {
		pieces, slips := wording.Parse(s)
		length := 0
		for _, p := range pieces {
			length += len(p.Text) + len(p.Field)
		}
		if length > len(s) {
			t.Errorf("%q grew to %v", s, pieces)
		}
		if len(slips) == 0 && strings.Count(s, "{{") > strings.Count(s, "}}") {
			t.Errorf("%q: no slip", s)
		}
	})
}

// keys are the broken rules of an error as field:key:name:near.
func keys(err error) (list []string) {
	f, _ := fault.As(err)
	if f == nil {
		return nil
	}
	for _, e := range f.Fields {
		s := e.Field + ":" + e.Key
		for _, a := range []string{"name", "near", "role"} {
			if v, ok := e.Args[a].(string); ok {
				s += ":" + v
			}
		}
		list = append(list, s)
	}
	return list
}

func change(k wording.Kind, role wording.Role, from, to string) wording.Text {
	s := wording.Standard(k, false)
	t := wording.Text{Paragraphs: slices.Clone(s.Paragraphs)}
	for i := range t.Paragraphs {
		if t.Paragraphs[i].Role == role {
			t.Paragraphs[i].Text = strings.ReplaceAll(t.Paragraphs[i].Text, from, to)
		}
	}
	return t
}

func TestCheck(t *testing.T) {
	for _, k := range wording.Kinds {
		for _, committee := range []bool{false, true} {
			s := wording.Standard(k, committee)
			if err := s.Check(k); err != nil || len(s.Paragraphs) == 0 || !s.Equal(s.Clean(k)) {
				t.Errorf("%s: the standard breaks %v", k, keys(err))
			}
		}
	}
	for name, c := range map[string]struct {
		text wording.Text
		kind wording.Kind
		want []string
	}{
		"a slip of the pen": {change(wording.Recognise, wording.Article, "{{so_luong}}", "{{so_luog}}"), wording.Recognise,
			[]string{"doan-6:wording.unknown:{{so_luog}}:{{so_luong}}", "mau:wording.missing:{{so_luong}}"}},
		"with marks and blanks": {change(wording.Recognise, wording.Closing, "{{so_luong}}", "{{Số lượng}}"), wording.Recognise, []string{"doan-10:wording.unknown:{{Số lượng}}:{{so_luong}}"}},
		"like nothing":          {change(wording.Notice, wording.About, "{{ten_danh_hieu}}", "{{xyzxyz}}"), wording.Notice, []string{"doan-0:wording.unknown_far:{{xyzxyz}}:{{}}"}},
		"of another paper":      {change(wording.Recognise, wording.About, "{{nam}}", "{{ly_do}}"), wording.Recognise, []string{"doan-0:wording.unknown_far:{{ly_do}}:{{}}"}},
		"not known yet":         {change(wording.Recognise, wording.Ground, "{{chuong_trinh}}", "{{so_luong}}"), wording.Recognise, []string{"doan-3:wording.late:{{so_luong}}"}},
		"open braces":           {change(wording.Dispatch, wording.Body, "{{doi_tuong}}", "{{doi_tuong"), wording.Dispatch, []string{"doan-1:wording.unclosed:{{doi_tuong có tên trong"}},
		"no list":               {change(wording.Recognise, wording.Article, "{{kem_danh_sach}}", ""), wording.Recognise, []string{"mau:wording.missing:{{kem_danh_sach}}"}},
		"only in the abstract":  {change(wording.Notice, wording.Body, "{{so_quyet_dinh}}", ""), wording.Notice, []string{"mau:wording.missing:{{so_quyet_dinh}}"}},
		"no abstract":           {change(wording.Certificate, wording.What, "Đạt danh hiệu {{ten_danh_hieu}}", ""), wording.Certificate, []string{"doan-2:wording.empty", "mau:wording.missing:{{danh_hieu}}", "mau:wording.missing:{{nam}}"}},
		"too long":              {change(wording.Council, wording.About, "Họp", strings.Repeat("a", 2000)), wording.Council, []string{"doan-0:wording.long"}},
		"too many lines":        {change(wording.Council, wording.Section, "2. Nội dung", strings.Repeat("a\n", 900)), wording.Council, []string{"mau:wording.lines"}},
		"nothing":               {wording.Text{}, wording.Dispatch, []string{"mau:wording.few:about", "mau:wording.few:body", "mau:wording.table", "mau:wording.few:recipients", "mau:wording.missing:{{so_quyet_dinh}}"}},
		"a foreign part":        {wording.Text{Paragraphs: append(wording.Standard(wording.Notice, true).Paragraphs, wording.Paragraph{Role: wording.Article, Text: "x"})}, wording.Notice, []string{"doan-6:wording.role"}},
		"two tables":            {wording.Text{Paragraphs: append(wording.Standard(wording.Dispatch, true).Paragraphs, wording.Paragraph{Role: wording.Table})}, wording.Dispatch, []string{"mau:wording.table"}},
		"a file's field":        {change(wording.Notice, wording.About, "{{ten_danh_hieu}}", "{{dong.ten}}"), wording.Notice, []string{"doan-0:wording.unknown_far:{{dong.ten}}:{{}}"}},
	} {
		if got := keys(c.text.Check(c.kind)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A title with its years says what the title and the years say: a text may have the one or the others.
func TestOneFieldSaysOthers(t *testing.T) {
	with := func(what string) error {
		return change(wording.Certificate, wording.What, "{{ten_danh_hieu}}", what).Check(wording.Certificate)
	}
	for _, what := range []string{"{{ten_danh_hieu}}", "“{{danh_hieu}}” {{nam}}", "{{ten_danh_hieu}} {{nam}}"} {
		if err := with(what); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, want := keys(with("{{danh_hieu}}")), []string{"mau:wording.missing:{{nam}}"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What was shipped before there were templates is on papers that people hold: not one letter of it may change.
func TestFirstTextNeverChanges(t *testing.T) {
	h := sha256.New()
	for _, k := range []wording.Kind{wording.Recognise, wording.Exemplary, wording.Amend, wording.Revoke, wording.Certificate} {
		for _, committee := range []bool{false, true} {
			text := wording.First(k, committee)
			if err := text.Check(k); err != nil || len(text.Paragraphs) == 0 {
				t.Errorf("%s: %v", k, err)
			}
			fmt.Fprintf(h, "%s %v %q\n", k, committee, text.Paragraphs)
		}
	}
	if got, want := hex.EncodeToString(h.Sum(nil)), "84f1f807909f16465fe5e00519a5f472374fbf60d894efe6e134d2648709f9d8"; got != want {
		t.Errorf("the first text is %s, was %s", got, want)
	}
}

// Values are data: braces in a name, markup, a line break stay what they are, and nothing is filled in twice.
func TestValuesAreNeverRead(t *testing.T) {
	text := wording.Text{Paragraphs: []wording.Paragraph{{Role: wording.Body, Text: "{{ten_co_quan}}: {{nam}}"}, {Role: wording.Body, Text: "Đến {{niem_yet_den}}"}}}
	got := text.Fill(wording.Notice, wording.Values{"ten_co_quan": "Hội {{nam}} <b>\nx", "nam": "năm 2026"})
	if len(got) != 1 || got[0].String() != "Hội {{nam}} <b> x: năm 2026" {
		t.Errorf("%+v", got)
	}
	if got := text.Fill(wording.Notice, wording.Values{"niem_yet_den": "x"}); len(got) != 2 || got[0].String() != "…: …" {
		t.Errorf("what is not given: %+v", got)
	}
}

func TestFilledTextHoldsEveryValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[^\n\r\x{2028}\x{2029}]{1,20}`).Draw(t, "value")
		before, after := rapid.StringMatching(`[^{}\n]{0,9}`).Draw(t, "before"), rapid.StringMatching(`[^{}\n]{0,9}`).Draw(t, "after")
		text := wording.Text{Paragraphs: []wording.Paragraph{{Role: wording.Body, Text: before + "{{nam}}" + after + "{{nam}}"}}}
		if got := text.FillOne(wording.Notice, wording.Body, wording.Values{"nam": value}); got != before+value+after+value {
			t.Fatalf("%q", got)
		}
	})
}

func TestCompare(t *testing.T) {
	old := wording.Text{Paragraphs: []wording.Paragraph{{Role: wording.About, Text: "một"}, {Role: wording.Body, Text: "hai\nba"}, {Role: wording.Body, Text: "bốn"}}}
	now := wording.Text{Paragraphs: []wording.Paragraph{{Role: wording.About, Text: "một"}, {Role: wording.Body, Text: "hai\n3"}, {Role: wording.Body, Text: "năm"}, {Role: wording.Body, Text: "bốn"}}}
	var got []string
	for _, c := range wording.Compare(old, now) {
		got = append(got, string(c.Sign)+c.Text)
	}
	if want := []string{" một", " hai", "-ba", "+3", "+năm", " bốn"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestClean(t *testing.T) {
	got := wording.Text{Paragraphs: []wording.Paragraph{{Role: wording.Recipients, Text: " - Một;\r\n\r\n-  Hai. \r\n"}, {Role: wording.Body, Text: "  "}, {Role: wording.About, Text: ""}, {Role: wording.Body, Text: "Ho\u0300a"}}}.Clean(wording.Notice)
	want := wording.Text{Paragraphs: []wording.Paragraph{{Role: wording.About, Text: ""}, {Role: wording.Body, Text: "Hòa"}, {Role: wording.Recipients, Text: "- Một;\n- Hai."}}}
	if !got.Equal(want) {
		t.Errorf("%q", got)
	}
}
