// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper_test

import (
	"reflect"
	"slices"
	"testing"

	"hoctap/internal/paper"
)

func everything() *paper.Document {
	return &paper.Document{Title: "Quyết định", Author: "UBND", Date: "2026-12-08", Marks: paper.Marks{Notice: "a", Across: "b"}, Parts: []paper.Part{
		{Name: "một", Landscape: true, Alone: true, Blocks: []paper.Block{
			paper.Head{Superior: []string{"A"}, Issuer: []string{"B"}, Number: "Số:      /QĐ", Nation: "C", Motto: "D", Day: "E"},
			paper.Title{Kind: "K", About: "A", Of: "O", To: []string{"T"}},
			paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: "x", Bold: true}, {Text: "y", Italic: true}}},
			paper.Table{Columns: []paper.Column{{Head: "h", Share: 1, Align: paper.Right}}, Rows: [][]string{{"1"}}, Strong: map[int]bool{0: true}, Total: []string{"2"}},
			paper.Sign{Recipients: []string{"r"}, Signers: []paper.Signer{{Form: "TM.", Post: "P", Place: "(k)", Name: "N"}}},
			paper.Code{Text: "https://x", Caption: []string{"c"}}, paper.PageBreak{},
			paper.Chart{Shape: paper.ChartLines, Title: "T", Said: "S", Count: true, Labels: []string{"2026"}, Series: []paper.Series{{Name: "N", Role: paper.SeriesPlan, Values: values(7), Marks: []string{"m"}}}},
		}},
	}}
}

// The form in which somebody signs stands above the post, a line for each of its lines, also after Clean.
func TestSignerLines(t *testing.T) {
	s := paper.Signer{Form: "TM. ỦY BAN\tNHÂN DÂN\nKT. CHỦ TỊCH", Post: "PHÓ CHỦ TỊCH"}
	d := &paper.Document{Parts: []paper.Part{{Blocks: []paper.Block{paper.Sign{Signers: []paper.Signer{s}}}}}}
	d.Clean()
	c := paper.Certificate{Form: s.Form, Post: s.Post, Signer: "Một\nHai"}
	c.Clean()
	want := []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}
	if got := d.Parts[0].Blocks[0].(paper.Sign).Signers[0].Lines(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := c.SignLines(); !slices.Equal(got, want) || c.Signer != "Một Hai" {
		t.Errorf("%q %q", got, c.Signer)
	}
	if got := (paper.Signer{Post: "CHỦ TỊCH"}).Lines(); !slices.Equal(got, []string{"CHỦ TỊCH"}) {
		t.Errorf("%q", got)
	}
}

func TestEncodedComesBack(t *testing.T) {
	want := everything()
	text, err := paper.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := paper.Decode(text)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, %v", got, err)
	}
	if again, err := paper.Encode(got); err != nil || again != text {
		t.Errorf("encoded again: %s, %v", again, err)
	}
	for _, broken := range []string{``, `{`, `[]`, `{"Parts":[{"Blocks":[{"Type":"x","Data":{}}]}]}`, `{"Parts":[{"Blocks":[{"Type":"head","Data":7}]}]}`} {
		if _, err := paper.Decode(broken); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

// Clean reaches every text, composes it, drops what no paper shows, and keeps the blanks that are for a pen.
func TestClean(t *testing.T) {
	d := everything()
	d.Parts[0].Blocks[2] = paper.Text(paper.Body, "Le\u0302\x00 A\tB\xff\ufffe")
	d.Clean()
	if got := d.Parts[0].Blocks[2].(paper.Paragraph).Runs[0].Text; got != "Lê A B" {
		t.Errorf("%q", got)
	}
	if got := d.Parts[0].Blocks[0].(paper.Head).Number; got != "Số:      /QĐ" {
		t.Errorf("%q", got)
	}
	if clean := everything(); !reflect.DeepEqual(d.Parts[0].Blocks[3:], clean.Parts[0].Blocks[3:]) {
		t.Error("clean texts changed")
	}
}
