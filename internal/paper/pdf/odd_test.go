// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"

	"pgregory.net/rapid"

	"hoctap/internal/paper"
)

// oddDocument draws a paper of any blocks: words that no line holds, empty cells, more columns than there is room for. It returns the words of its body.
func oddDocument(t *rapid.T) (*paper.Document, []string) {
	var said []string
	letter := rapid.RuneFrom([]rune("aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯẶỄỢỮỵ0123456789()\\,.-/“”%&<>×"))
	one := rapid.Custom(func(t *rapid.T) string {
		size := rapid.SampledFrom([]int{1, 2, 4, 7, 7, 12, 40, 200}).Draw(t, "size")
		return rapid.StringOfN(letter, 1, size, -1).Draw(t, "word")
	})
	words := func(most int) string {
		list := rapid.SliceOfN(one, 0, most).Draw(t, "words")
		said = append(said, list...)
		return strings.Join(list, rapid.SampledFrom([]string{" ", " ", "  "}).Draw(t, "blank"))
	}
	yes := func() bool { return rapid.Bool().Draw(t, "yes") }
	runs := func() (list []paper.Run) {
		for range rapid.IntRange(0, 4).Draw(t, "runs") {
			list = append(list, paper.Run{Text: words(30) + " ", Bold: yes(), Italic: yes()})
		}
		return list
	}
	table := func() paper.Table {
		b := paper.Table{Strong: map[int]bool{0: yes()}}
		n := rapid.SampledFrom([]int{1, 2, 5, 14, 30}).Draw(t, "columns")
		for range n {
			b.Columns = append(b.Columns, paper.Column{Head: words(2), Share: 1 / float64(n), Align: rapid.SampledFrom([]paper.Align{"", paper.Left, paper.Middle, paper.Right}).Draw(t, "align")})
		}
		for range rapid.IntRange(0, 12).Draw(t, "rows") {
			row := make([]string, rapid.IntRange(0, n).Draw(t, "cells"))
			for i := range row {
				row[i] = words(3)
			}
			b.Rows = append(b.Rows, row)
		}
		return b
	}
	style := rapid.SampledFrom([]paper.Style{paper.Body, paper.Ground, paper.Centre, paper.Section, paper.Plain, paper.Closing, "other"})
	d := &paper.Document{Title: words(3), Author: words(2), Date: rapid.SampledFrom([]string{"", "2026-02-29", "2026-12-08"}).Draw(t, "date")}
	said = nil
	for range rapid.IntRange(0, 3).Draw(t, "parts") {
		p := paper.Part{Name: "x", Landscape: yes(), Alone: yes()}
		for range rapid.IntRange(0, 6).Draw(t, "blocks") {
			var b paper.Block
			switch rapid.IntRange(0, 7).Draw(t, "block") {
			case 0:
				b = paper.Head{Superior: []string{words(4)}, Issuer: []string{words(4)}, Number: words(2), Nation: words(5), Motto: words(4), Day: words(4)}
			case 1:
				b = paper.Title{Kind: words(3), About: words(20), Of: words(9), To: []string{words(5)}}
			case 2:
				b = table()
			case 3:
				sign := paper.Sign{Recipients: []string{words(2), words(6)}}
				for range rapid.IntRange(0, 3).Draw(t, "signers") {
					sign.Signers = append(sign.Signers, paper.Signer{Form: words(3), Post: words(3), Place: words(3), Name: words(3)})
				}
				b = sign
			case 4:
				b = paper.Code{Text: "https://hoctap.example/" + fmt.Sprint(len(said)), Caption: []string{words(3)}}
			case 5:
				b = paper.PageBreak{}
			default:
				b = paper.Paragraph{Style: style.Draw(t, "style"), Runs: runs()}
			}
			p.Blocks = append(p.Blocks, b)
		}
		d.Parts = append(d.Parts, p)
	}
	d.Clean()
	return d, said
}

// Fourteen odd papers, or as many as -rapid.checks says: each is written for sending and for keeping, and both say all that was put in.
func TestOddDocuments(t *testing.T) {
	p := papertest.Press(t)
	papertest.Need(t, "pdftotext", "qpdf")
	dir := t.TempDir()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue { // each takes four programs
		if err := flag.Set("rapid.checks", "14"); err != nil {
			t.Fatal(err)
		}
		defer flag.Set("rapid.checks", checks.DefValue)
	}
	rapid.Check(t, func(rt *rapid.T) {
		d, said := oddDocument(rt)
		for name, write := range map[string]func(*bytes.Buffer) error{"sent": func(b *bytes.Buffer) error { return p.Write(b, d) }, "kept": func(b *bytes.Buffer) error { return p.Archive(b, d) }} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				rt.Fatalf("%s: %v", name, err)
			}
			path := filepath.Join(dir, name+".pdf")
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				rt.Fatal(err)
			}
			if out, err := papertest.Ask(t, "qpdf", "--check", path); err != nil {
				rt.Fatalf("%s: %v\n%s", name, err, out)
			}
			shown, err := papertest.Ask(t, "pdftotext", "-raw", path, "-")
			if err != nil {
				rt.Fatal(err)
			}
			if missing := missingWords(shown, said); len(missing) > 0 {
				rt.Fatalf("%s lost %q of\n%q in\n%s", name, missing, said, shown)
			}
		}
	})
}

// missingWords are those that the text of a file, its pages parted by form feeds, has not. Words may be broken over lines anywhere, so blanks do not
// count; a word in a row that no page holds may go on at the foot of the next page, among the words of other cells. So that nothing hides there, every
// letter has to be shown as often as it was said.
func missingWords(shown string, said []string) (missing []string) {
	pages := strings.Split(shown, "\f")
	for i := range pages {
		pages[i] = strings.Join(strings.Fields(pages[i]), "")
	}
	all := strings.Join(pages, "")
	for _, w := range said {
		if !strings.Contains(all, w) && !goesOn(pages, w) {
			missing = append(missing, w)
		}
	}
	times := map[rune]int{}
	for _, r := range all {
		times[r]++
	}
	for _, r := range strings.Join(said, "") {
		if times[r]--; times[r] == -1 {
			missing = append(missing, "a letter "+string(r))
		}
	}
	return missing
}

// goesOn is whether a word stands in parts on pages that follow each other.
func goesOn(pages []string, word string) bool {
	for i := range pages {
		if beginsOn(pages[i:], []rune(word)) {
			return true
		}
	}
	return false
}

func beginsOn(pages []string, word []rune) bool {
	if len(word) == 0 || len(pages) == 0 {
		return len(word) == 0
	}
	for n := len(word); n > 0; n-- {
		if strings.Contains(pages[0], string(word[:n])) && beginsOn(pages[1:], word[n:]) {
			return true
		}
	}
	return false
}

func TestMissingWords(t *testing.T) {
	for _, c := range []struct {
		shown string
		said  []string
		want  string
	}{
		{"Hà Văn\nChi\nến", []string{"Hà", "Văn", "Chiến"}, ""},
		{"Hà Chi x\fy ến Khu", []string{"Chiến", "Hà", "xy"}, ""}, // broken by the page, among others
		{"Ch x\fKhu i\fy ến", []string{"Chiến"}, ""},
		{"Hà Chi x\fKhu\fy ến", []string{"Chiến"}, "Chiến"}, // not over a page between
		{"Hà ến\fChi", []string{"Chiến"}, "Chiến"},
		{"Hà Chiến", []string{"Chiến", "Chiến"}, "a letter C, a letter h, a letter i, a letter ế, a letter n"},
		{"", []string{"Hà"}, "Hà, a letter H, a letter à"},
	} {
		if got := strings.Join(missingWords(c.shown, c.said), ", "); got != c.want {
			t.Errorf("%q of %q lacks %q, want %q", c.shown, c.said, got, c.want)
		}
	}
}
