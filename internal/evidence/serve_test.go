// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"hoctap/internal/evidence"
)

func TestServeHeaders(t *testing.T) {
	for _, c := range []struct {
		kind        evidence.Kind
		name        string
		media, how  string
		plain, full string
	}{
		{evidence.JPEG, "Góc học tập.jpg", "image/jpeg", "inline", "goc hoc tap.jpg", "Góc học tập.jpg"},
		{evidence.PNG, "Đèn bàn.png", "image/jpeg", "inline", "den ban.jpg", "Đèn bàn.jpg"},
		{evidence.PDF, "Giấy khen.pdf", "application/pdf", "attachment", "giay khen.pdf", "Giấy khen.pdf"},
		{evidence.DOCX, "bien-ban.exe", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment", "bien ban.docx", "bien-ban.docx"},
		{evidence.Kind("text/html"), "a.html", "application/octet-stream", "attachment", "a.bin", "a.bin"},
		{evidence.PDF, "a\"; x=\"b\r\nSet-Cookie: y=1.pdf", "application/pdf", "attachment", "a x b set cookie y 1.pdf", "a_; x=_bSet-Cookie_ y=1.pdf"},
	} {
		h := evidence.ServeHeaders(c.kind, c.name)
		if got := h.Get("Content-Type"); got != c.media {
			t.Errorf("%s: type %s", c.name, got)
		}
		for key, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, max-age=3600",
		} {
			if h.Get(key) != want {
				t.Errorf("%s: %s is %q", c.name, key, h.Get(key))
			}
		}
		got := h.Get("Content-Disposition")
		if strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q breaks the header", got)
		}
		if !strings.Contains(got, `filename="`+c.plain+`"`) && c.plain != "a x b set cookie y 1.pdf" {
			t.Errorf("%s: %s", c.name, got)
		}
		how, params, err := mime.ParseMediaType(strings.Replace(got, `filename="`, `plain="`, 1))
		if err != nil || how != c.how || params["filename"] != c.full {
			t.Errorf("%s: %s, %v, %v", c.name, how, params, err)
		}
	}
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "tep",
		"...":                              "tep",
		"../../etc/passwd":                 "passwd",
		`C:\Users\Lan\ảnh 1.jpg`:           "ảnh 1.jpg",
		"hoa\u0300 bi\u0300nh.pdf":         "hoà bình.pdf",
		"a\u202egpj.exe":                   "agpj.exe",
		"a\x00b\nc.jpg":                    "abc.jpg",
		"\xff\xfe.jpg":                     "jpg",
		"tên:lạ*.png":                      "tên_lạ_.png",
		strings.Repeat("ă", 300) + ".docx": strings.Repeat("ă", 115) + ".docx",
	} {
		if got := evidence.CleanName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("ảnh.jpg")
	f.Add("a/../b\x00" + strings.Repeat("x", 200))
	f.Fuzz(func(t *testing.T, name string) {
		got := evidence.CleanName(name)
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > 120 || strings.ContainsAny(got, "/\\\r\n\x00\"") {
			t.Fatalf("%q", got)
		}
		if twice := evidence.CleanName(got); twice != got {
			t.Fatalf("%q becomes %q", got, twice)
		}
		if _, _, err := mime.ParseMediaType(evidence.ServeHeaders(evidence.PDF, name).Get("Content-Disposition")); err != nil && !strings.Contains(err.Error(), "duplicate") {
			t.Fatal(err)
		}
	})
}
