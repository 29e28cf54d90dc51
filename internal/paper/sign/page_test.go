// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"
)

// The signature shows on the page that was asked for and on no other: the list of a decision follows the page that is signed.
func TestPageOfPlace(t *testing.T) {
	k := keys()
	original := printed(3)
	bare := pictures(t, original)
	for n, want := range []int{3, 1, 2, 3} {
		at := shown()
		at.Page = n
		pdf := signed(t, original, k.rsa, signedAt, at)
		if _, err := Verify(pdf, original, k.root.roots(), signedAt); err != nil {
			t.Fatal(err)
		}
		for i, seen := range pictures(t, pdf) {
			if changed := !bytes.Equal(seen, bare[i]); changed != (i+1 == want) {
				t.Errorf("asked for page %d: page %d changed is %v", n, i+1, changed)
			}
		}
	}
	for _, n := range []int{-1, 4, 1 << 30} {
		at := shown()
		at.Page = n
		if err := Sign(new(bytes.Buffer), original, k.rsa, signedAt, at); keyOf(err) != "sign.place" {
			t.Errorf("page %d: %v", n, err)
		}
	}
}

// pictures are a file's pages as another program shows them.
func pictures(t *testing.T, pdf []byte) (list [][]byte) {
	t.Helper()
	path := papertest.Keep(t, "pages.pdf", pdf)
	for n := range 3 {
		page := strconv.Itoa(n + 1)
		list = append(list, []byte(papertest.Run(t, "pdftoppm", "-r", "30", "-f", page, "-l", page, path)))
	}
	return list
}

// Words that show with a signature are drawn where they should be, shrink into their width, and need no font of the file.
func TestLineOfPlace(t *testing.T) {
	k := keys()
	face := papertest.Faces(t).Text
	original := printed(3)
	for _, text := range []string{"Nguyễn Văn Đức, 2026-12-08T09:30:00+07:00", strings.Repeat("Ủy ban nhân dân xã Hy Cương ", 12)} {
		pdf := signed(t, original, k.rsa, signedAt, Place{Page: 2, Line: Line{Text: text, Left: 100, Top: 220, Width: 80, Face: face}})
		if _, err := Verify(pdf, original, k.root.roots(), signedAt); err != nil {
			t.Fatal(err)
		}
		path := papertest.Keep(t, "line.pdf", pdf)
		ink := func(left, top, width, height int) bool { // mm at 254 dots an inch
			tenth := func(mm int) string { return strconv.Itoa(10 * mm) }
			p := papertest.Run(t, "pdftoppm", "-gray", "-r", "254", "-f", "2", "-l", "2", "-x", tenth(left), "-y", tenth(top), "-W", tenth(width), "-H", tenth(height), path)
			dots := p[len(p)-100*width*height:]
			return strings.Trim(dots, "\xff") != ""
		}
		if !ink(100, 220, 80, 5) || ink(80, 220, 19, 5) || ink(181, 220, 19, 5) || ink(100, 210, 80, 9) || ink(100, 226, 80, 9) {
			t.Errorf("%.20q stands elsewhere", text)
		}
		if before, after := papertest.Run(t, "pdffonts", papertest.Keep(t, "bare.pdf", original)), papertest.Run(t, "pdffonts", path); before != after {
			t.Errorf("the line brought a font:\n%s", after)
		}
	}
	if err := Sign(new(bytes.Buffer), original, k.rsa, signedAt, Place{Line: Line{Text: "x", Left: 200, Top: 10, Width: 80, Face: face}}); keyOf(err) != "sign.place" {
		t.Errorf("a line off the page: %v", err)
	}
}
