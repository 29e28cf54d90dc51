// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"strconv"
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
