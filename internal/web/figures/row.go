// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/text"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// row is one commune in the table of a province.
type row struct {
	*commune
	Counts  rollup.Counts
	Share   int64 // recognised of all
	OfReg   int64 // recognised of the registered
	Reg     int64 // registered of all
	Goal    int64
	HasGoal bool
	Class   string // d0 … d5
	State   ui.State
	Href    string
	Now     []place.Succession // on an old map: what became of it
	Partial bool               // on an old map: it was divided, so that it stands in several communes of today
}

// rows makes the row of every commune for a model, in the order of the map.
func rows(v *site.Visit, a *atlas, b *book, targets []place.Stated, model string, year int, open bool) []row {
	list := make([]row, len(a.communes))
	for i := range a.communes {
		c := &a.communes[i]
		n := b.now[c.ID][model]
		g := goalOf(targets, model, year, c.Region)
		r := row{commune: c, Counts: n, Share: rollup.Share(n.Recognised, n.Total), OfReg: rollup.Share(n.Recognised, n.Registered), Reg: rollup.Share(n.Registered, n.Total),
			Goal: g.percent, HasGoal: g.ok, Class: "d0"}
		switch {
		case n.Total == 0:
			r.State = ui.State{Icon: "info", Word: v.T("tile.none")}
		case undecided(n, open):
			r.State = ui.State{Word: v.T("figures.undecided")}
		case !g.ok:
			r.State = ui.State{Icon: "info", Word: v.T("figures.no_target_state")}
		default:
			r.Class, r.State = ui.DistanceClass(r.Share, g.percent), ui.TargetState(v.Ctx(), r.Share, g.percent)
		}
		list[i] = r
	}
	return list
}

// sorts are the columns of the table that sort, with the first direction of each.
var sorts = map[string]func(a, b *row) int{
	"ten":     func(a, b *row) int { return strings.Compare(a.Fold, b.Fold) },
	"tong":    func(a, b *row) int { return cmp.Compare(a.Counts.Total, b.Counts.Total) },
	"dang-ky": func(a, b *row) int { return cmp.Compare(a.Counts.Registered, b.Counts.Registered) },
	"dat":     func(a, b *row) int { return cmp.Compare(a.Counts.Recognised, b.Counts.Recognised) },
	"ty-le":   func(a, b *row) int { return cmp.Compare(a.Share, b.Share) },
	"tren-dk": func(a, b *row) int { return cmp.Compare(a.OfReg, b.OfReg) },
	"con":     func(a, b *row) int { return cmp.Compare(a.Counts.Open(), b.Counts.Open()) },
	"cho":     func(a, b *row) int { return cmp.Compare(a.Counts.Sent, b.Counts.Sent) },
}

// arrange filters by ?q and ?loc and sorts by ?xep ("-" in front: the largest first). Places without figures come last.
func arrange(v *site.Visit, list []row) []row {
	q, class := text.Fold(v.Query("q")), v.Query("loc")
	list = slices.DeleteFunc(slices.Clone(list), func(r row) bool {
		return q != "" && !strings.Contains(r.Fold, q) || class != "" && r.Class != class
	})
	column, down := strings.CutPrefix(v.Query("xep"), "-")
	by, known := sorts[column]
	if !known {
		by, down = sorts["ten"], false
	}
	slices.SortStableFunc(list, func(a, b row) int {
		if (a.Counts.Total == 0) != (b.Counts.Total == 0) {
			if a.Counts.Total == 0 {
				return 1
			}
			return -1
		}
		n := by(&a, &b)
		if down {
			n = -n
		}
		return cmp.Or(n, strings.Compare(a.Fold, b.Fold), strings.Compare(a.ID, b.ID))
	})
	return list
}

// sortHead is the head of a column: pressed again it sorts the other way.
func sortHead(v *site.Visit, path, column, label string, num bool) ui.Sort {
	s := ui.Sort{Label: label, Num: num}
	now := v.Query("xep")
	if now == "" {
		now = "ten"
	}
	next := column
	if num {
		next = "-" + column // figures: the largest first
	}
	switch now {
	case column:
		s.Dir, next = "asc", "-"+column
	case "-" + column:
		s.Dir, next = "desc", column
	}
	s.Href = link(v, path, "xep", next, "trang", "") + "#bang"
	return s
}

// pageSize is how many communes one page of the table shows.
const pageSize = 25

// page cuts the page ?trang out of list.
func page(v *site.Visit, path string, list []row) ([]row, ui.Pages) {
	n, _ := strconv.Atoi(v.Query("trang"))
	last := max((len(list)+pageSize-1)/pageSize, 1)
	n = min(max(n, 1), last)
	from, to := (n-1)*pageSize, min(n*pageSize, len(list))
	p := ui.Pages{Text: v.T("figures.page", "from", min(from+1, to), "to", to, "count", len(list))}
	at := func(n int) string { return link(v, path, "trang", strconv.Itoa(n)) + "#bang" }
	if n > 1 {
		p.Prev = at(n - 1)
	}
	if n < last {
		p.Next = at(n + 1)
	}
	return list[from:to], p
}

// became adds to rows of an old map what each commune is now.
func became(v *site.Visit, list []row) error {
	for i := range list {
		now, err := v.Places.Successors(v.Ctx(), list[i].ID, "")
		if err != nil {
			return err
		}
		list[i].Now = now
		list[i].Partial = len(now) > 1
		for _, s := range now {
			list[i].Partial = list[i].Partial || s.Relation == place.Partial
		}
	}
	return nil
}
