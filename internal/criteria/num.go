// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Points are hundredths of a point, the form in which points are stored, added and printed: 78.67 is 7867.
type Points int64

// Text gives the shortest exact decimal with a point: "80", "7.5", "78.67". Points have no String method, so
// that an edge's catalogue sees the hundredths and writes them with its own mark.
func (p Points) Text() string { return Num{N: int64(p), D: 100}.String() }

// MarshalJSON writes an exact decimal number, never a float.
func (p Points) MarshalJSON() ([]byte, error) { return []byte(p.Text()), nil }

// UnmarshalJSON reads what MarshalJSON writes: points with at most two decimals, or null.
func (p *Points) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	n, ok := ParseNum(string(b))
	if !ok || n.D > 100 || abs(n.N) > maxPoint*100 {
		return fmt.Errorf("criteria: %s is no number of points", clip(string(b)))
	}
	*p = Points(n.N * (100 / n.D))
	return nil
}

// Limits of the numbers a set or an input may hold. They keep every product below 128 bits.
const (
	maxNumber  = 1_000_000_000_000_000_000 // 10^18, above any money of a province
	maxDecimal = 6                         // decimals of a number in a set
	maxPoint   = 1_000_000_000             // points
	micro      = 1_000_000                 // rule points are held in millionths of a point
	toHundred  = 10_000                    // millionths in a hundredth
)

// Num is an exact decimal N/D of a set, D a power of ten. The zero Num is an unknown number: null or absent.
type Num struct {
	N int64
	D int64
}

// Whole is the Num of a whole number.
func Whole(n int64) Num { return Num{N: n, D: 1} }

// Known reports whether the number is given.
func (n Num) Known() bool { return n.D != 0 }

// String gives the shortest exact decimal, and "" for an unknown number.
func (n Num) String() string {
	if n.D == 0 {
		return ""
	}
	sign, v := "", n.N
	if v < 0 {
		sign, v = "-", -v
	}
	s := sign + strconv.FormatInt(v/n.D, 10)
	if r := v % n.D; r != 0 {
		frac := strconv.FormatInt(n.D+r, 10)[1:]
		s += "." + strings.TrimRight(frac, "0")
	}
	return s
}

// MarshalJSON writes an exact decimal number, or null when unknown.
func (n Num) MarshalJSON() ([]byte, error) {
	if !n.Known() {
		return []byte("null"), nil
	}
	return []byte(n.String()), nil
}

// Points rounds to hundredths, half up.
func (n Num) Points() Points { return microPoints(n.micro()) }

// micro gives n in millionths; n is a points number and so small enough.
func (n Num) micro() int64 {
	if n.D == 0 {
		return 0
	}
	return n.N * (micro / n.D)
}

// cmp compares two known numbers.
func (n Num) cmp(m Num) int { return cmpProducts(n.N, m.D, m.N, n.D) }

// isWhole reports whether the value is an integer.
func (n Num) isWhole() bool { return n.D != 0 && n.N%n.D == 0 }

// ParseNum reads a decimal as JSON and YAML write it ("12", "-0.50", "1e3"). ok is false when the text is no
// number, or one beyond 18 digits or 6 decimals.
func ParseNum(text string) (n Num, ok bool) {
	s, neg := text, false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	exp := 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		e, err := strconv.ParseInt(s[i+1:], 10, 16)
		if err != nil || e > 40 || e < -40 {
			return Num{}, false
		}
		exp, s = int(e), s[:i]
	}
	whole, frac, _ := strings.Cut(s, ".")
	digits := whole + frac
	if digits == "" || len(digits) > 100 {
		return Num{}, false
	}
	scale := len(frac) - exp
	for scale > 0 && strings.HasSuffix(digits, "0") {
		digits, scale = digits[:len(digits)-1], scale-1
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return Num{N: 0, D: 1}, onlyDigits(whole + frac)
	}
	if scale < 0 {
		digits += strings.Repeat("0", -scale)
		scale = 0
	}
	if scale > maxDecimal || len(digits) > 19 || !onlyDigits(digits) {
		return Num{}, false
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || v > maxNumber {
		return Num{}, false
	}
	if neg {
		v = -v
	}
	d := int64(1)
	for range scale {
		d *= 10
	}
	return Num{N: v, D: d}, true
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// microPoints rounds millionths to hundredths, half up. Points are never negative.
func microPoints(m int64) Points { return Points((m + toHundred/2) / toHundred) }

// cmpProducts compares a*b with c*d exactly; b and d are not negative.
func cmpProducts(a, b, c, d int64) int {
	h1, l1 := bits.Mul64(abs(a), uint64(b))
	h2, l2 := bits.Mul64(abs(c), uint64(d))
	neg1, neg2 := a < 0 && h1|l1 != 0, c < 0 && h2|l2 != 0
	switch {
	case neg1 != neg2:
		return order(neg2)
	case h1 != h2:
		return order((h1 > h2) != neg1)
	case l1 != l2:
		return order((l1 > l2) != neg1)
	}
	return 0
}

func order(greater bool) int {
	if greater {
		return 1
	}
	return -1
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// reaches reports whether n/d as a quotient is at least limit; n, d, limit are not negative and d > 0.
func reaches(n, d int64, limit Num) bool {
	// n/d >= N/D  <=>  n*D >= N*d, each below 10^36
	return cmpProducts(n, limit.D, limit.N, d) >= 0
}

// reachesPercent reports whether n/d*100 is at least limit percent.
func reachesPercent(n, d int64, limit Num) bool {
	return cmpProducts(n, 100*limit.D, limit.N, d) >= 0
}

// mulDivHalfUp gives a*b*c / (d*e*f), rounded half up; all are positive, c and f small. The quotient fits.
func mulDivHalfUp(a, b, c, d, e, f int64) int64 {
	h1, bc := bits.Mul64(uint64(b), uint64(c))
	h2, de := bits.Mul64(uint64(d), uint64(e))
	h3, def := bits.Mul64(de, uint64(f))
	if h1|h2|h3 == 0 {
		hi, lo := bits.Mul64(uint64(a), bc)
		if hi < def {
			q, r := bits.Div64(hi, lo, def)
			if r >= def-r {
				q++
			}
			return int64(q)
		}
	}
	return mulDivBig(a, b, c, d, e, f)
}

// mulDivUp gives a*b/c rounded up to the next whole number; all are positive and the quotient fits.
func mulDivUp(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return mulDivBig(a, b, 1, c, 1, 1)
	}
	q, r := bits.Div64(hi, lo, uint64(c))
	if r > 0 {
		q++
	}
	return int64(q)
}

// mulDivBig is the cold path for money of a province divided by fine limits.
func mulDivBig(a, b, c, d, e, f int64) int64 {
	top := product(a, b, c)
	bottom := product(d, e, f)
	top.Lsh(top, 1).Add(top, bottom)
	return top.Quo(top, bottom.Lsh(bottom, 1)).Int64()
}

func product(a, b, c int64) *big.Int {
	p := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	return p.Mul(p, big.NewInt(c))
}
