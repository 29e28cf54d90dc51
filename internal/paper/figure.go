// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"strconv"
	"strings"
)

// Figure writes a value of a chart as papers in Vietnam do: a count with dots between thousands, 1.012.486; hundredths of a percent with one decimal
// behind a comma and without the sign, 87,9. A share short of all is never rounded up to 100.
func Figure(v int64, count bool) string {
	sign, n := "", uint64(v)
	if v < 0 {
		sign, n = "−", -n
	}
	if count {
		return sign + thousands(n)
	}
	tenths := n / 10
	if n%10 >= 5 {
		tenths++
	}
	if tenths == 1000 && n < 10000 {
		tenths = 999
	}
	out := thousands(tenths / 10)
	if rest := tenths % 10; rest > 0 {
		out += "," + strconv.FormatUint(rest, 10)
	}
	return sign + out
}

func thousands(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(d)
	}
	return b.String()
}
