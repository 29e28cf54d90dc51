// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"strings"

	"hoctap/internal/place"
	"hoctap/internal/text"

	"golang.org/x/text/unicode/norm"
)

// areaIndex finds an area of one commune by what a list calls it.
type areaIndex struct {
	list   []place.Place
	full   map[string]int // spelling of kind and name
	bare   map[string]int // spelling of the name alone; -1 where two areas share it
	answer map[string]areaAnswer
}

// areaAnswer is either the area meant, or the one most likely meant.
type areaAnswer struct {
	found   *place.Place
	nearest *place.Place
}

func indexAreas(list []place.Place) *areaIndex {
	x := &areaIndex{full: map[string]int{}, bare: map[string]int{}, answer: map[string]areaAnswer{}}
	for _, p := range list {
		if p.Level != place.Area {
			continue
		}
		i := len(x.list)
		x.list = append(x.list, p)
		x.full[spelling(expand(p.FullName()))] = i
		for _, name := range []string{p.Name, p.Alt} {
			if name == "" {
				continue
			}
			key := spelling(name)
			if _, twice := x.bare[key]; twice && x.list[x.bare[key]].ID != p.ID {
				i = -1
			}
			x.bare[key] = i
		}
	}
	return x
}

// find answers for a name as typed: exact but for letter case, the seat of the tone mark, leading zeros and usual
// short forms of the kind. What differs by a mark or another kind is only proposed: "Đồi Chiêng" may be another place.
func (x *areaIndex) find(typed string) areaAnswer {
	if a, ok := x.answer[typed]; ok {
		return a
	}
	a := x.search(typed)
	if len(x.answer) < 10_000 {
		x.answer[typed] = a
	}
	return a
}

func (x *areaIndex) search(typed string) areaAnswer {
	given := expand(typed)
	if i, ok := x.full[spelling(given)]; ok {
		return areaAnswer{found: &x.list[i]}
	}
	if i, ok := x.bare[spelling(given)]; ok && i >= 0 {
		return areaAnswer{found: &x.list[i]}
	}
	return areaAnswer{nearest: x.nearest(given)}
}

// nearest returns the one area whose folded name is closest, when it is close enough and no other is as close.
func (x *areaIndex) nearest(given string) *place.Place {
	whole := text.Fold(given)
	name := withoutKind(whole)
	best, second, at := 1000, 1000, -1
	for i, p := range x.list {
		pn := text.Fold(p.Name)
		d := min(distance(whole, text.Fold(expand(p.FullName()))), distance(name, pn)+kindApart(whole, text.Fold(expand(p.FullName()))))
		if digitsOf(name) != digitsOf(pn) {
			continue // Khu 7 is never a slip for Khu 1
		}
		switch {
		case d < best:
			best, second, at = d, best, i
		case d < second:
			second = d
		}
	}
	if at < 0 || best > 1+len([]rune(name))/5 || best == second {
		return nil
	}
	return &x.list[at]
}

// kindApart weighs a different kind of area before the same name.
func kindApart(a, b string) int {
	ka, kb := strings.TrimSuffix(a, withoutKind(a)), strings.TrimSuffix(b, withoutKind(b))
	if ka == kb || ka == "" {
		return 0
	}
	return 1
}

// areaKinds are the folded kinds, longer before shorter; shortKinds are their usual short forms.
var (
	areaKinds = []string{"to dan pho", "khu dan cu", "khu pho", "tieu khu", "khoi pho", "khoi", "khom", "khu", "thon", "ban", "xom", "lang", "ap", "buon",
		"pho", "to"}
	shortKinds = map[string]string{"tdp": "Tổ dân phố", "tđp": "Tổ dân phố", "kdc": "Khu dân cư", "kp": "Khu phố", "k": "Khu", "t": "Thôn", "th": "Thôn"}
)

func withoutKind(folded string) string {
	for _, k := range areaKinds {
		if rest, ok := strings.CutPrefix(folded, k+" "); ok {
			return rest
		}
	}
	return folded
}

// expand writes the short form of a kind out and takes leading zeros off numbers: "KDC 07" is "Khu dân cư 7".
func expand(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '.' || r == ',' || r == '-' || r == ':' || r == '/' })
	if len(words) == 0 {
		return name
	}
	if len(words) > 1 {
		if long, ok := shortKinds[strings.ToLower(words[0])]; ok {
			words[0] = long
		}
	}
	for i, w := range words {
		if t := strings.TrimLeft(w, "0"); t != "" && t != w && digitsOf(w) == w {
			words[i] = t
		}
	}
	return strings.Join(words, " ")
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// spelling is the key under which two spellings of one name are equal: letter case and the seat of the tone mark do not
// count ("Hoà", "HÒA"), every other mark does.
func spelling(name string) string {
	words := strings.Fields(strings.ToLower(norm.NFD.String(name)))
	for i, w := range words {
		var letters, tones strings.Builder
		for _, r := range w {
			switch r {
			case 0x0300, 0x0301, 0x0303, 0x0309, 0x0323:
				tones.WriteRune(r)
			default:
				letters.WriteRune(r)
			}
		}
		words[i] = letters.String() + tones.String()
	}
	return strings.Join(words, " ")
}

// distance is the number of letters to put in, leave out or change to make b of a; it stops counting at 50.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 50 || len(y) > 50 {
		if a == b {
			return 0
		}
		return 50
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		corner := row[0]
		row[0] = i + 1
		for j, c := range y {
			cost := 1
			if r == c {
				cost = 0
			}
			next := min(row[j]+1, row[j+1]+1, corner+cost)
			corner, row[j+1] = row[j+1], next
		}
	}
	return row[len(y)]
}
