// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"cmp"
	"slices"
	"strings"

	"hoctap/internal/text"
)

// headerRows is how many rows from the top a header is looked for in.
const headerRows = 30

// Column is something a caller wants to find in a table.
type Column struct {
	Key      string
	Names    []string // what people call it, the likeliest first; compared folded
	Required bool     // a row can only be a header when it has all of these
}

// Header is where a table says what its columns are.
type Header struct {
	First, Last int // row numbers; they differ for a header of two rows
	Columns     []Mapped
	Unmapped    []Heading // columns of the header that fit nothing wanted
	Missing     []string  // keys wanted and not found
}

// Heading is the text above a column; a two-row header reads "Upper / Lower".
type Heading struct {
	Col  int
	Text string
}

// Mapped is a column that fits a wanted one. Confidence is 1 for a known name, less for one that contains a known
// name or is a letter away from it; a person should confirm what is below 0.9.
type Mapped struct {
	Heading
	Key        string
	Confidence float64
}

// Index returns the column of key; ok is false when it was not found.
func (h Header) Index(key string) (col int, ok bool) {
	for _, m := range h.Columns {
		if m.Key == key {
			return m.Col, true
		}
	}
	return 0, false
}

// FindHeader looks for the row among the first 30, or the two rows, whose texts fit the wanted columns best. ok
// is false when no row fits two of them (one, when only one is wanted) and all required ones; the header
// returned then is the best there is, for a person to correct.
func FindHeader(rows []Row, wanted []Column) (h Header, ok bool) {
	names := foldNames(wanted)
	rows = rows[:min(len(rows), headerRows)]
	best, found, lower := 0.0, false, false
	for i, row := range rows {
		// The lower half of a header that was taken is none by itself, though its names fit better alone.
		if row.Blank() || lower {
			lower = false
			continue
		}
		one := match(names, headings(row, Row{}), wanted)
		one.First, one.Last = row.Number, row.Number
		candidates := []Header{one}
		if i+1 < len(rows) && rows[i+1].Number == row.Number+1 && continues(row, rows[i+1]) {
			two := match(names, headings(row, rows[i+1]), wanted)
			two.First, two.Last = row.Number, rows[i+1].Number
			candidates = append(candidates, two)
			lower = len(one.Columns) > 0 && len(ownCells(row)) > 1 && two.complete(wanted) && two.score() > one.score()
		}
		for _, c := range candidates {
			full := c.complete(wanted)
			score := c.score()
			// A row further down must not win by a hair.
			if full && !found || full == found && score > best+0.05 {
				h, best, found = c, score, full
			}
		}
	}
	return h, found
}

func (h Header) score() float64 {
	sum := 0.0
	for _, m := range h.Columns {
		sum += m.Confidence
	}
	return sum
}

// complete says whether the header has enough of what is wanted to be one.
func (h Header) complete(wanted []Column) bool {
	for _, w := range wanted {
		if w.Required && slices.Contains(h.Missing, w.Key) {
			return false
		}
	}
	return len(h.Columns) >= min(2, len(wanted)) && len(h.Columns) > 0
}

// continues says whether next can be the lower half of a header: all its own texts stand below the header's
// columns, some below one that is repeated from a merge or below a blank, and none is a number.
func continues(row, next Row) bool {
	split := false
	for _, c := range next.Cells {
		if c.Merged {
			continue
		}
		if c.Kind != Text {
			return false
		}
		above := row.At(c.Col)
		split = split || above.Blank() || above.Merged || row.At(c.Col+1).Merged
	}
	return split
}

// headings joins the texts of a header row with those of the row below it.
func headings(row, below Row) []Heading {
	var out []Heading
	for col := 0; col < MaxColumns; col++ {
		upper, lower := row.At(col), below.At(col)
		h := Heading{Col: col, Text: upper.Text}
		switch {
		case lower.Blank() || lower.Text == upper.Text:
		case upper.Blank():
			h.Text = lower.Text
		default:
			h.Text = upper.Text + " / " + lower.Text
		}
		if h.Text != "" {
			out = append(out, h)
		}
		if last(row) <= col && last(below) <= col {
			break
		}
	}
	return out
}

func last(r Row) int {
	if len(r.Cells) == 0 {
		return -1
	}
	return r.Cells[len(r.Cells)-1].Col
}

func foldNames(wanted []Column) [][]string {
	out := make([][]string, len(wanted))
	for i, w := range wanted {
		for _, n := range w.Names {
			out[i] = append(out[i], text.Fold(n))
		}
	}
	return out
}

// match gives each wanted column the heading that fits it best; a heading serves one column only.
func match(names [][]string, heads []Heading, wanted []Column) Header {
	type pair struct {
		want, head int
		confidence float64
	}
	var pairs []pair
	for w := range wanted {
		for i, h := range heads {
			if c := fit(h.Text, names[w]); c > 0 {
				pairs = append(pairs, pair{w, i, c})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.confidence, a.confidence), a.want-b.want, a.head-b.head)
	})
	var h Header
	usedWant, usedHead := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		if usedWant[p.want] || usedHead[p.head] {
			continue
		}
		usedWant[p.want], usedHead[p.head] = true, true
		h.Columns = append(h.Columns, Mapped{Heading: heads[p.head], Key: wanted[p.want].Key, Confidence: p.confidence})
	}
	slices.SortFunc(h.Columns, func(a, b Mapped) int { return a.Col - b.Col })
	for i, head := range heads {
		if !usedHead[i] {
			h.Unmapped = append(h.Unmapped, head)
		}
	}
	for i, w := range wanted {
		if !usedWant[i] {
			h.Missing = append(h.Missing, w.Key)
		}
	}
	return h
}

// fit returns how well a heading fits one of the names, 0 for not at all.
func fit(heading string, names []string) float64 {
	if len(heading) > 300 {
		return 0 // a paragraph, not a heading
	}
	forms := []struct {
		folded string
		worth  float64
	}{{text.Fold(heading), 1}, {text.Fold(withoutNotes(heading)), 0.97}}
	if upper, lower, two := strings.Cut(heading, " / "); two {
		forms = append(forms, struct {
			folded string
			worth  float64
		}{text.Fold(withoutNotes(lower)), 0.95}, struct {
			folded string
			worth  float64
		}{text.Fold(withoutNotes(upper)), 0.5})
	}
	best := 0.0
	for _, f := range forms {
		for i, n := range names {
			if n == "" || f.folded == "" {
				continue
			}
			// Later names are weaker, so that a column's own name beats another's last resort.
			best = max(best, f.worth*likeness(f.folded, n)*(1-0.001*float64(min(i, 20))))
		}
	}
	return best
}

// likeness compares two folded texts: equal, a letter apart, or one inside the other by whole words.
func likeness(heading, name string) float64 {
	switch {
	case heading == name:
		return 1
	case len(name) >= 6 && nearby(heading, name):
		return 0.85
	case strings.Contains(" "+heading+" ", " "+name+" ") && len(name) >= 3:
		return 0.6 + 0.25*float64(len(name))/float64(len(heading))
	case strings.Contains(" "+name+" ", " "+heading+" ") && len(heading) >= 6:
		return 0.5 + 0.25*float64(len(heading))/float64(len(name))
	}
	return 0
}

// nearby says whether a and b differ by one letter put in, left out or changed, or by their blanks.
func nearby(a, b string) bool {
	if strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "") {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return a[min(i+1, len(a)):] == b[min(i+1, len(b)):]
	}
	return a[i:] == b[i+1:]
}

// withoutNotes drops what stands in brackets and behind a star: "Họ tên (*)", "Năm sinh (ghi 4 số)".
func withoutNotes(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[':
			depth++
			b.WriteByte(' ')
		case ')', ']':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
