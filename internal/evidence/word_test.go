// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"net/url"
	"testing"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
)

func TestLinks(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://khuyenhoc.example/tin-tuc?id=3#anh", "https://khuyenhoc.example/tin-tuc?id=3#anh"},
		{"  http://xa.example/lớp học ", ""},
		{"http://xa.example/lớp", "http://xa.example/l%E1%BB%9Bp"},
		{"HTTPS://XA.example", "https://XA.example"},
		{"javascript:alert(1)", ""},
		{"//xa.example/a", ""},
		{"https:///a", ""},
		{"https://nguoi:mat-khau@xa.example", ""},
		{"https://xa.example\\@khac.example", ""},
		{"", ""},
	} {
		got, err := evidence.CheckLink(c.in)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q: %q, %v; want %q", c.in, got, err, c.want)
		}
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: %v", c.in, err)
		}
	}
}

// FuzzCheckLink demands that what is kept leads to http or https at a named host, and is kept the same again.
func FuzzCheckLink(f *testing.F) {
	for _, s := range []string{"https://a.vn/x?y#z", "http://[::1]:80/", "jav\tascript:alert(1)", "https://a.vn/%zz", "http://a\u202eb", "https://ă.vn"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := evidence.CheckLink(s)
		if err != nil {
			return
		}
		u, err := url.Parse(got)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
			t.Fatalf("%q is kept as %q: %v", s, got, err)
		}
		if again, err := evidence.CheckLink(got); again != got || err != nil {
			t.Fatalf("%q becomes %q, %v", got, again, err)
		}
	})
}
