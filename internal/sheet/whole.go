// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"math"
	"strconv"
	"strings"
)

// maxWhole is the largest whole number read, far above any count or amount of đồng in a table, and exact in a float.
const maxWhole = 1_000_000_000_000_000

// ReadWhole reads a whole number: "12", 12.0, "1.234" and "1,234" as Vietnamese and English group thousands, "1 234".
// A point or comma before other than three digits is a decimal one and refused; a plain number cell
// 1.234 is refused for the same reason. Words ("mười") are refused.
func ReadWhole(c Cell) Reading[int64] {
	if r, stop := unreadable[int64](c); stop {
		return r
	}
	switch c.Kind {
	case Date:
		return bad[int64]("whole_is_date", c)
	case Bool:
		return bad[int64]("whole_unknown", c)
	case Number:
		f, err := strconv.ParseFloat(strings.TrimSpace(c.Raw), 64)
		switch {
		case err != nil:
			return bad[int64]("whole_unknown", c)
		case math.Abs(f) > maxWhole:
			return bad[int64]("whole_too_big", c)
		case math.Abs(f-math.Round(f)) > 1e-9*max(1, math.Abs(f)):
			return bad[int64]("whole_fraction", c)
		}
		return good(int64(math.Round(f)))
	}
	return readWholeText(c)
}

func readWholeText(c Cell) Reading[int64] {
	s := strings.ReplaceAll(strings.TrimSuffix(c.Text, "."), " ", "")
	s = strings.ReplaceAll(s, "−", "-")
	digits, negative := strings.CutPrefix(s, "-")
	digits = strings.TrimPrefix(digits, "+")
	separator := strings.IndexAny(digits, ".,'")
	if separator >= 0 {
		groups := strings.Split(digits, digits[separator:separator+1])
		joined, grouped := groups[0], len(groups[0]) >= 1 && len(groups[0]) <= 3 && groups[0] != "0"
		for _, g := range groups[1:] {
			grouped = grouped && len(g) == 3
			joined += g
		}
		if !grouped {
			// "5,0" and "5.00" are five; "5,5" is no whole number.
			if len(groups) == 2 && allDigits(groups[0]) && strings.Trim(groups[1], "0") == "" {
				joined = groups[0]
			} else if len(groups) == 2 && allDigits(joined) {
				return bad[int64]("whole_fraction", c)
			} else {
				return bad[int64]("whole_unknown", c)
			}
		}
		digits = joined
	}
	if !allDigits(digits) {
		return bad[int64]("whole_unknown", c)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > maxWhole {
		return bad[int64]("whole_too_big", c)
	}
	if negative {
		n = -n
	}
	return good(n)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
