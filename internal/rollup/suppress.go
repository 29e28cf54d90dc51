// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rollup

import "math"

// Few is the count under which a public figure could point at somebody.
const Few = 5

// few says whether a count is of few: none tells of nobody.
func few(n int64) bool { return n > 0 && n < Few }

// Suppress says which counts of a table must not be published, its margins with it: the answer has one row and one column more than cells, for the sums of
// columns and rows and of all. Those of 1 to 4 are hidden, and of the others as many as it takes that no hidden one can be worked out from what is shown,
// even by somebody who knows which were below 5. Only where that knowledge tells all by itself, as of four ones whose sum is below 5, hiding cannot help; what is shown
// does not say which were below 5. A hidden count hides every share made of it, too.
//
// Every row and column with its sum is an equation. A hidden count is safe when some other table of whole counts, none negative and those of few from 1 to 4,
// fulfils all equations with the same shown counts and another value there. Such a table differs by a cycle through hidden counts, up and
// down by turns, so one count can be worked out if, and only if, no such cycle goes through it; then the cheapest cycle is hidden as well.
func Suppress(cells [][]int64) [][]bool {
	if len(cells) == 0 {
		return nil
	}
	t := withMargins(cells)
	for i := range t.rows {
		for j := range t.columns {
			t.hidden[i][j], t.primary[i][j] = few(t.at[i][j]), few(t.at[i][j])
		}
	}
	for again := true; again; {
		again = false
		for i := range t.rows {
			for j := range t.columns {
				if t.hidden[i][j] && t.protect(i, j) {
					again = true // what is hidden now has its own cycle, but may have changed others' choice: look once more
				}
			}
		}
	}
	return t.hidden
}

// table holds counts with margins. All of a row, its sum taken negative, is zero; so is all of a column.
type table struct {
	rows, columns   int
	at              [][]int64
	hidden, primary [][]bool
}

func withMargins(cells [][]int64) *table {
	r, c := len(cells)+1, len(cells[0])+1
	t := &table{rows: r, columns: c, at: make([][]int64, r), hidden: make([][]bool, r), primary: make([][]bool, r)}
	for i := range r {
		t.at[i], t.hidden[i], t.primary[i] = make([]int64, c), make([]bool, c), make([]bool, c)
	}
	for i, row := range cells {
		for j, n := range row {
			t.at[i][j] = n
			t.at[i][c-1] += n
			t.at[r-1][j] += n
			t.at[r-1][c-1] += n
		}
	}
	return t
}

// sign is how a count enters its equations: margins with minus, the sum of all with plus again.
func (t *table) sign(i, j int) int64 {
	if (i == t.rows-1) != (j == t.columns-1) {
		return -1
	}
	return 1
}

// may says whether a count could be one more (by 1) or one less (by -1) for who does not see it.
func (t *table) may(i, j int, by int64) bool {
	n := t.at[i][j] + by
	if t.primary[i][j] {
		return few(n)
	}
	return n >= 0
}

// price is what hiding a count costs: larger ones are of more use, sums most of all.
func (t *table) price(i, j int) float64 {
	if t.hidden[i][j] {
		return 0
	}
	p := 1000 + math.Log1p(float64(t.at[i][j]))
	if i == t.rows-1 {
		p *= 50
	}
	if j == t.columns-1 {
		p *= 50
	}
	return p
}

// protect hides the cheapest cycle through a hidden count, and says whether that hid anything. The larger way of two is not taken when the other is free.
func (t *table) protect(i, j int) bool {
	upPath, up := t.path(i, j, 1)
	downPath, down := t.path(i, j, -1)
	best := upPath
	if down < up {
		best = downPath
	}
	hid := false
	for _, e := range best {
		if !t.hidden[e[0]][e[1]] {
			t.hidden[e[0]][e[1]], hid = true, true
		}
	}
	return hid
}

// path is the cheapest cycle that makes the count at i, j larger (by 1) or smaller (by -1), without that count; its price is infinite where there is none. Nodes are
// rows and, behind them, columns: an equation each. A step from a row to a column raises the count there as it enters the equations, one back lowers it.
func (t *table) path(i, j int, by int64) (entries [][2]int, price float64) {
	if !t.may(i, j, by) {
		return nil, math.Inf(1)
	}
	n := t.rows + t.columns
	cost, from, done := make([]float64, n), make([]int, n), make([]bool, n)
	for k := range cost {
		cost[k], from[k] = math.Inf(1), -1
	}
	start, end := t.rows+j, i // the count is raised: back from its column to its row
	if t.sign(i, j)*by < 0 {
		start, end = i, t.rows+j
	}
	cost[start] = 0
	for {
		u := -1
		for k := range n {
			if !done[k] && !math.IsInf(cost[k], 1) && (u < 0 || cost[k] < cost[u]) {
				u = k
			}
		}
		if u < 0 || u == end {
			break
		}
		done[u] = true
		relax := func(v, x, y int, up int64) {
			if x == i && y == j || !t.may(x, y, up*t.sign(x, y)) {
				return
			}
			if c := cost[u] + t.price(x, y); c < cost[v] {
				cost[v], from[v] = c, u
			}
		}
		if u < t.rows {
			for y := range t.columns {
				relax(t.rows+y, u, y, 1)
			}
		} else {
			for x := range t.rows {
				relax(x, x, u-t.rows, -1)
			}
		}
	}
	if math.IsInf(cost[end], 1) {
		return nil, cost[end]
	}
	for v := end; v != start; v = from[v] {
		x, y := v, from[v]
		if x >= t.rows {
			x, y = y, x
		}
		entries = append(entries, [2]int{x, y - t.rows})
	}
	return entries, cost[end]
}
