// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// zone is Vietnam's: fixed, so that figures do not depend on the server's settings or its zone files.
var zone = time.FixedZone("ICT", 7*3600)

// Number writes a count with grouped digits: 1.012.486 in Vietnamese, 1,012,486 in English.
func Number(ctx context.Context, n int64) string { return group(From(ctx), n) }

// Percent writes a share given in hundredths of a percent with one decimal: 8790 is "87,9%". Exactly 0 and
// 10000 are "0%" and "100%"; a share short of all is never rounded up to "100%".
func Percent(ctx context.Context, hundredths int64) string { return percent(From(ctx), hundredths) }

// Tenths writes hundredths with exactly one decimal, as the cells of a column of percentages: 8000 is "80,0", −4650 is "−46,5".
func Tenths(ctx context.Context, hundredths int64) string {
	tag, sign, n := From(ctx), "", hundredths
	if n < 0 {
		sign, n = "−", -n
	}
	n = (n + 5) / 10
	if n == 0 {
		sign = ""
	}
	return sign + group(tag, n/10) + comma(tag) + strconv.FormatInt(n%10, 10)
}

// Points writes points given in hundredths, without needless zeros: 667 is "6,67", 750 is "7,5", 9000 is "90".
func Points(ctx context.Context, hundredths int64) string { return points(From(ctx), hundredths) }

// Size is a number of bytes in its largest fitting unit, of 1,024 each: "3,4 GB".
func Size(ctx context.Context, bytes int64) string {
	unit, n := 0, float64(bytes)
	for ; n >= 1000 && unit < 4; unit++ {
		n /= 1024
	}
	digits := 0
	if unit > 0 && n < 100 {
		digits = 1
	}
	return strings.Replace(strconv.FormatFloat(n, 'f', digits, 64), ".", comma(From(ctx)), 1) + " " + [...]string{"B", "KB", "MB", "GB", "TB"}[unit]
}

// Date writes the day of t in Vietnam: 08/12/2026, in English 8 Dec 2026. The zero time is an empty text.
func Date(ctx context.Context, t time.Time) string { return date(From(ctx), t) }

// Day writes a calendar day given as 2006-01-02 the way Date does; anything else comes back unchanged.
func Day(ctx context.Context, iso string) string { return day(From(ctx), iso) }

// Clock writes the hour and minute of t in Vietnam: 15:42.
func Clock(_ context.Context, t time.Time) string { return t.In(zone).Format("15:04") }

func group(tag Tag, n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	mark := byte('.')
	if tag == En {
		mark = ','
	}
	out := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, mark)
		}
		out = append(out, digits[i])
	}
	return sign + string(out)
}

func comma(tag Tag) string {
	if tag == En {
		return "."
	}
	return ","
}

func percent(tag Tag, hundredths int64) string {
	if hundredths == 0 || hundredths == 10000 {
		return strconv.FormatInt(hundredths/100, 10) + "%"
	}
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "−", -hundredths
	}
	tenths := (hundredths + 5) / 10
	if hundredths < 10000 {
		tenths = min(tenths, 999)
	}
	return sign + group(tag, tenths/10) + comma(tag) + strconv.FormatInt(tenths%10, 10) + "%"
}

func points(tag Tag, hundredths int64) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "−", -hundredths
	}
	s := sign + group(tag, hundredths/100)
	switch rest := hundredths % 100; {
	case rest == 0:
		return s
	case rest%10 == 0:
		return s + comma(tag) + strconv.FormatInt(rest/10, 10)
	default:
		return s + comma(tag) + fmt.Sprintf("%02d", rest)
	}
}

func date(tag Tag, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar(tag, t.In(zone))
}

func calendar(tag Tag, t time.Time) string {
	if tag == En {
		return t.Format("2 Jan 2006")
	}
	return t.Format("02/01/2006")
}

func day(tag Tag, iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return calendar(tag, t)
}

// form writes one argument the way its placeholder asks for.
func form(tag Tag, p part, v any) string {
	n, isWhole := whole(v)
	t, isTime := v.(time.Time)
	switch {
	case p.verb == "term":
		return say(tag, p.prefix+fmt.Sprint(v), nil)
	case p.verb == "clock" && isTime:
		return t.In(zone).Format("15:04")
	case isTime:
		return date(tag, t)
	case p.verb == "date":
		return day(tag, fmt.Sprint(v))
	case p.verb == "points" && isWhole:
		return points(tag, n)
	case p.verb == "percent" && isWhole:
		return percent(tag, n)
	case isWhole && p.verb == "" && p.name != "year" && !strings.HasSuffix(p.name, "_year"):
		return group(tag, n)
	}
	if list, ok := v.([]string); ok {
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(v)
}

// whole returns v as a number when its kind is a whole number, named types included; a type that can write
// itself is not one.
func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case fmt.Stringer:
		return 0, false
	}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return r.Int(), true
	case r.CanUint():
		return int64(r.Uint()), true
	}
	return 0, false
}
