// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rollup_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hoctap/internal/rollup"
)

// margins returns a table with its sums.
func margins(cells [][]int64) [][]int64 {
	r, c := len(cells), len(cells[0])
	out := make([][]int64, r+1)
	for i := range out {
		out[i] = make([]int64, c+1)
	}
	for i := range r {
		for j := range c {
			n := cells[i][j]
			out[i][j], out[i][c], out[r][j], out[r][c] = n, out[i][c]+n, out[r][j]+n, out[r][c]+n
		}
	}
	return out
}

// others finds, by trying every table near the true one, which hidden counts could be something else: tables that agree with all that is shown, have no
// negative count, and have 1 to 4 where the truth has. It knows nothing of cycles.
func others(cells [][]int64, hidden [][]bool) [][]bool {
	r, c := len(cells), len(cells[0])
	truth := margins(cells)
	free := make([][]bool, r+1)
	for i := range free {
		free[i] = make([]bool, c+1)
	}
	guess := make([][]int64, r)
	for i := range guess {
		guess[i] = make([]int64, c)
	}
	var fill func(k int)
	fill = func(k int) {
		if k == r*c {
			g := margins(guess)
			for i := range g {
				for j, n := range g[i] {
					small := truth[i][j] > 0 && truth[i][j] < rollup.Few
					if !hidden[i][j] && n != truth[i][j] || n < 0 || small && (n < 1 || n >= rollup.Few) {
						return
					}
				}
			}
			for i := range g {
				for j, n := range g[i] {
					free[i][j] = free[i][j] || n != truth[i][j]
				}
			}
			return
		}
		i, j := k/c, k%c
		for d := int64(-1); d <= 1; d++ {
			if d != 0 && !hidden[i][j] {
				continue
			}
			guess[i][j] = cells[i][j] + d
			fill(k + 1)
		}
	}
	fill(0)
	return free
}

// Whatever the table, no hidden count can be worked out from what is shown, and all counts of 1 to 4 are hidden.
func TestNothingHiddenCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, c := rapid.IntRange(1, 4).Draw(t, "rows"), rapid.IntRange(1, 2).Draw(t, "columns")
		if r <= 3 {
			c = rapid.IntRange(1, 3).Draw(t, "wider")
		}
		cells := make([][]int64, r)
		most := rapid.SampledFrom([]int64{3, 6, 12, 400}).Draw(t, "most")
		for i := range cells {
			cells[i] = make([]int64, c)
			for j := range cells[i] {
				cells[i][j] = rapid.Int64Range(0, most).Draw(t, "n")
			}
		}
		hidden := rollup.Suppress(cells)
		free := others(cells, hidden)
		nothing := make([][]bool, r+1) // of the table is shown
		for i := range nothing {
			nothing[i] = slices.Repeat([]bool{true}, c+1)
		}
		var beyond [][]bool // what could be something else then
		for i, row := range margins(cells) {
			for j, n := range row {
				if n > 0 && n < rollup.Few && !hidden[i][j] {
					t.Fatalf("%v: %d at %d, %d is shown", cells, n, i, j)
				}
				if !hidden[i][j] || free[i][j] {
					continue
				}
				if beyond == nil {
					beyond = others(cells, nothing)
				}
				if beyond[i][j] { // four ones whose sum is below 5, too, are told by that alone
					t.Fatalf("%v: %d at %d, %d can be worked out: hidden %v", cells, n, i, j, hidden)
				}
			}
		}
	})
}

func TestSuppressHidesNoMoreThanNeeded(t *testing.T) {
	count := func(hidden [][]bool) (n int) {
		for _, row := range hidden {
			for _, h := range row {
				if h {
					n++
				}
			}
		}
		return n
	}
	for _, c := range []struct {
		cells [][]int64
		want  int
	}{
		{[][]int64{{10, 20}, {30, 40}}, 0},
		{[][]int64{{0, 20}, {30, 40}}, 0},
		{[][]int64{{3, 20}, {30, 40}, {50, 60}}, 4},         // one small count: a rectangle of four
		{[][]int64{{3, 20}, {4, 40}, {50, 60}}, 4},          // two in a column hide each other there
		{[][]int64{{900, 80}, {700, 4}, {0, 0}, {5, 9}}, 4}, // none of few stay shown
	} {
		hidden := rollup.Suppress(c.cells)
		if got := count(hidden); got != c.want {
			t.Errorf("%v: %d hidden, want %d: %v", c.cells, got, c.want, hidden)
		}
	}
	if hidden := rollup.Suppress([][]int64{{3, 20}, {30, 40}, {50, 60}}); hidden[3][0] || hidden[3][1] || hidden[3][2] {
		t.Errorf("the sums are hidden without need: %v", hidden)
	}
}

func BenchmarkSuppress(b *testing.B) {
	cells := make([][]int64, 148)
	for i := range cells {
		cells[i] = []int64{int64(i*37%900 + 1), int64(i * 53 % 400)}
	}
	for b.Loop() {
		rollup.Suppress(cells)
	}
}
