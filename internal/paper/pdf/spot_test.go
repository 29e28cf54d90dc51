// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/paper/papertest"
)

// The room for a signature lies on the page of the signer, above the name and below the post, wherever the page breaks, and nothing is printed there.
func TestSpots(t *testing.T) {
	press := papertest.Press(t)
	for _, lines := range []int{1, 14, 15, 16, 17, 18, 19, 20, 40} {
		sign := paper.Sign{Recipients: []string{"Nơi nhận:", "- Như Điều 3;"}, Signers: []paper.Signer{{Post: "CHỦ TỊCH", Name: "Nguyễn Văn Đức"}}}
		blocks := slices.Repeat([]paper.Block{paper.Text(paper.Body, strings.Repeat("Điều khoản này dài hơn một dòng để trang giấy đầy dần. ", 3))}, lines)
		d := &paper.Document{Title: "Quyết định", Date: "2026-12-08", Parts: []paper.Part{{Name: "Quyết định", Blocks: append(blocks, sign)},
			{Name: "Danh sách", Blocks: []paper.Block{paper.Title{Kind: "DANH SÁCH"}}}}}
		d.Clean()
		var with, without bytes.Buffer
		spots, err := press.WriteSpots(&with, d)
		if err != nil || len(spots) != 1 {
			t.Fatalf("%d spots, %v", len(spots), err)
		}
		if err := press.Write(&without, d); err != nil || !bytes.Equal(with.Bytes(), without.Bytes()) {
			t.Fatalf("asking where the signers are changes the file: %v", err)
		}
		s := spots[0]
		path := papertest.Keep(t, "spots.pdf", with.Bytes())
		words := func(page int, left, top, width, height float64) string {
			const dots = 10.0 // a millimetre
			return papertest.Run(t, "pdftotext", "-r", "254", "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), "-x", strconv.Itoa(int(left*dots)), "-y", strconv.Itoa(int(top*dots)),
				"-W", strconv.Itoa(int(width*dots)), "-H", strconv.Itoa(int(height*dots)), path, "-")
		}
		if above := words(s.Page, s.Left, s.Top-12, s.Width, 12); !strings.Contains(above, "CHỦ TỊCH") {
			t.Errorf("%d lines: above page %d %v stands %q", lines, s.Page, s, above)
		}
		if inside := strings.TrimSpace(words(s.Page, s.Left, s.Top+1, s.Width, s.Height-1.5)); inside != "" {
			t.Errorf("%d lines: inside stands %q", lines, inside)
		}
		if below := words(s.Page, s.Left, s.Top+s.Height, s.Width, 8); !strings.Contains(below, "Nguyễn Văn Đức") {
			t.Errorf("%d lines: below stands %q", lines, below)
		}
	}
}
