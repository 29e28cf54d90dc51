// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"hoctap/internal/text"
)

// Class says what a row below the header is for. Only Data rows are records; the others are shown as skipped,
// with the class's key as the reason.
type Class string

// The classes of rows, as catalogue keys below "fault."; Data has none.
const (
	Data      Class = ""
	Blank     Class = "sheet.skip_blank"
	Total     Class = "sheet.skip_total"     // "Cộng", "Tổng cộng"
	Signature Class = "sheet.skip_signature" // "Người lập biểu" and everything below it
	Numbering Class = "sheet.skip_numbering" // (1) (2) (3)
	Group     Class = "sheet.skip_group"     // a line over the records that follow: "II. Khu 2"
	Again     Class = "sheet.skip_header"    // the header once more, on the next printed page
)

// Classifier tells records from the rest, row after row from the header down. It remembers that it has seen a
// signature.
type Classifier struct {
	header Header
	texts  map[int]string // folded heading by column
	signed bool
}

// NewClassifier returns a classifier for the rows below header.
func NewClassifier(header Header) *Classifier {
	c := &Classifier{header: header, texts: map[int]string{}}
	for _, m := range header.Columns {
		c.texts[m.Col] = text.Fold(m.Text)
	}
	for _, u := range header.Unmapped {
		c.texts[u.Col] = text.Fold(u.Text)
	}
	return c
}

// Classify says what the row is. Rows up to the header are none of its business.
func (c *Classifier) Classify(row Row) Class {
	own := ownCells(row)
	mapped := 0
	for _, cell := range own {
		for _, m := range c.header.Columns {
			if m.Col == cell.Col {
				mapped++
			}
		}
	}
	switch {
	case len(own) == 0:
		return Blank
	case c.repeats(own):
		return Again
	case isNumbering(own):
		return Numbering
	case isTotal(own):
		return Total
	case isSignature(own):
		c.signed = true
		return Signature
	case c.signed && mapped*2 < max(len(c.header.Columns), 3):
		return Signature
	case len(c.header.Columns) >= 3 && isGroup(row, own):
		return Group
	}
	c.signed = false // a second table below the first one's signatures
	return Data
}

func ownCells(row Row) []Cell {
	var out []Cell
	for _, c := range row.Cells {
		if !c.Merged && !c.Blank() {
			out = append(out, c)
		}
	}
	return out
}

// repeats says whether the row's texts are the header's own: two at least, and nearly all.
func (c *Classifier) repeats(own []Cell) bool {
	same := 0
	for _, cell := range own {
		if h := c.texts[cell.Col]; h != "" && (h == text.Fold(cell.Text) || strings.HasPrefix(h, text.Fold(cell.Text)+" ")) {
			same++
		}
	}
	return same >= 2 && same*4 >= len(own)*3
}

// isNumbering says whether the cells count the columns: "(1) (2) (3)", "A B 1 2", "(4)=(2)+(3)".
func isNumbering(own []Cell) bool {
	if len(own) < 3 {
		return false
	}
	expected, letters := 1, true
	for _, c := range own {
		s := strings.ReplaceAll(strings.Trim(c.Text, "()[] "), " ", "")
		s, _, _ = strings.Cut(s, "=")
		s = strings.TrimRight(s, ")")
		if letters && len(s) == 1 && s[0] >= 'A' && s[0] <= 'H' {
			continue
		}
		letters = false
		n, err := strconv.Atoi(s)
		if err != nil || n < expected || n > expected+1 && expected > 1 {
			return false
		}
		expected = n + 1
	}
	return expected > 1 || letters
}

// totalWords begin a line of sums. They are compared with their marks where they have them: Tống is a family name,
// Tổng is none; Công is one, Cộng is none.
var totalWords = []string{"tổng cộng", "tổng số", "tổng", "cộng", "cộng dồn", "luỹ kế", "lũy kế", "toàn xã", "toàn tỉnh", "tong cong", "tong so", "total", "subtotal"}

func isTotal(own []Cell) bool {
	for i, c := range own {
		if i > 1 {
			return false
		}
		if c.Kind != Text {
			continue
		}
		low := strings.TrimLeft(strings.ToLower(c.Text), "0123456789.,-*() ")
		for _, w := range totalWords {
			rest, ok := strings.CutPrefix(low, w)
			if ok && (rest == "" || !unicode.IsLetter([]rune(rest)[0])) {
				return true
			}
		}
	}
	return false
}

// signatureWords are folded; each begins a line below a table where people sign.
var signatureWords = []string{
	"nguoi lap", "nguoi lap bieu", "nguoi tong hop", "nguoi ke khai", "can bo lap", "thu truong", "chu tich", "pho chu tich", "truong khu",
	"truong thon", "bi thu chi bo", "ky ten", "ky ghi ro ho ten", "ky va ghi ro ho ten", "xac nhan cua", "tm uy ban", "tm ubnd", "tm ban", "tm hoi", "kt chu tich",
	"noi nhan", "chi hoi truong", "dai dien ho", "thay mat", "cong chuc",
}

// datelineWords begin the line above the signatures: "Việt Trì, ngày 12 tháng 11 năm 2025".
func isDateline(folded string) bool {
	return strings.Contains(" "+folded+" ", " ngay ") && strings.Contains(" "+folded+" ", " thang ") && strings.Contains(" "+folded+" ", " nam ")
}

// isSignature says whether all the row's few texts are of the kind that stands below a table.
func isSignature(own []Cell) bool {
	if len(own) > 4 {
		return false
	}
	for _, c := range own {
		if c.Kind != Text {
			return false
		}
		folded := text.Fold(c.Text)
		if isDateline(folded) {
			continue
		}
		begins := false
		for _, w := range signatureWords {
			if folded == w || strings.HasPrefix(folded, w+" ") {
				begins = true
			}
		}
		if !begins {
			return false
		}
	}
	return true
}

// isGroup says whether the row is a title over records: one text merged over three columns or more, or a Roman number
// and at most one text.
func isGroup(row Row, own []Cell) bool {
	if len(own) > 2 || own[0].Kind != Text {
		return false
	}
	if len(own) == 1 {
		repeated := 0
		for _, c := range row.Cells {
			if c.Merged && c.Text == own[0].Text {
				repeated++
			}
		}
		if repeated >= 2 {
			return true
		}
	}
	first, _, _ := strings.Cut(own[0].Text, " ")
	first, dotted := strings.CutSuffix(first, ".")
	roman := first != "" && strings.Trim(first, "IVX") == ""
	return roman && (dotted || len(own) == 2 || own[0].Text == first)
}
