// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day is a calendar day, or a month or year where that is all that is known: Month and Day are then 0.
type Day struct{ Year, Month, Day int }

// Full says whether the day itself is known.
func (d Day) Full() bool { return d.Month > 0 && d.Day > 0 }

// String writes the day as yyyy-mm-dd, yyyy-mm or yyyy.
func (d Day) String() string {
	switch {
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Order is the order of day and month in the dates of one column.
type Order int

// The orders a column can show. In Mixed columns Excel has swapped some days and months already.
const (
	OrderUnknown Order = iota
	DayFirst
	MonthFirst
	Mixed
)

// Years that a date may lie in; the cell formats of people's lives.
const (
	firstYear = 1900
	lastYear  = 2100
)

// DateOrder looks at a column's cells for dates that can be read one way only. A column is also Mixed when its texts
// are days first beyond the 12th and its date cells all lie before: an Excel set to English took 3/4 for 4 March and
// left 13/4 a text.
func DateOrder(cells []Cell) Order {
	order := OrderUnknown
	early, late := 0, 0 // date cells up to the 12th and behind it
	for _, c := range cells {
		if c.Kind == Date && c.Time.Day() <= 12 {
			early++
		} else if c.Kind == Date {
			late++
		}
		a, b, _, ok := threeParts(c.Text)
		if c.Kind != Text || !ok || a > 31 || b > 31 {
			continue
		}
		this := OrderUnknown
		switch {
		case a > 12 && b <= 12:
			this = DayFirst
		case b > 12 && a <= 12:
			this = MonthFirst
		}
		if order == OrderUnknown {
			order = this
		} else if this != OrderUnknown && this != order {
			return Mixed
		}
	}
	if order == DayFirst && early >= 3 && late == 0 {
		return Mixed
	}
	return order
}

// ReadDate reads a day: a date cell, a serial number (45291), dd/mm/yyyy with any separators and a year of two or four
// digits, yyyy-mm-dd, "ngày 3 tháng 2 năm 1985", mm/yyyy and a year alone. Days come first, as Vietnam
// writes them. A date that can only be month first (12-31-2025) is read so, with a warning; in a column that
// DateOrder found to have such ones, all that could be either get it, and a MonthFirst column is read that way.
func ReadDate(c Cell, column Order) Reading[Day] {
	if r, stop := unreadable[Day](c); stop {
		return r
	}
	if c.Kind == Date {
		if d := dayOf(c.Time); column == Mixed && d.Day <= 12 && d.Day != d.Month {
			return inRange(c, d, "date_either")
		}
		return inRange(c, dayOf(c.Time), "")
	}
	if c.Kind == Bool {
		return bad[Day]("date_unknown", c)
	}
	s := strings.TrimSuffix(strings.TrimSuffix(c.Text, "."), " 00:00:00")
	s = strings.TrimSuffix(s, " 00:00")
	if f, err := strconv.ParseFloat(s, 64); err == nil && (c.Kind == Number || allDigits(s)) {
		return readDateNumber(c, s, f)
	}
	if a, b, year, ok := threeParts(s); ok {
		return readThree(c, a, b, year, column)
	}
	if parts := dateParts(s); len(parts) == 2 && len(parts[1]) == 4 {
		month, _ := strconv.Atoi(parts[0])
		year, _ := strconv.Atoi(parts[1])
		if month < 1 || month > 12 {
			return bad[Day]("date_unknown", c)
		}
		return inRange(c, Day{Year: year, Month: month}, "date_month_only")
	}
	return bad[Day]("date_unknown", c)
}

// ReadYear reads a year: 1985, "1985", or that of a whole date.
func ReadYear(c Cell) Reading[int] {
	if r, stop := unreadable[int](c); stop {
		return r
	}
	d := ReadDate(c, OrderUnknown)
	if !d.OK() {
		return bad[int]("year_unknown", c)
	}
	if c.Kind == Number && d.Value.Full() {
		return bad[int]("year_unknown", c) // 45291 is no year, and a serial is not what such a column holds
	}
	r := Reading[int]{Value: d.Value.Year}
	if d.Warning == "sheet.date_short_year" {
		r.Warning, r.Args = d.Warning, d.Args
	}
	return r
}

// readDateNumber reads a number without separators: a year, ddmmyyyy, or a serial.
func readDateNumber(c Cell, s string, f float64) Reading[Day] {
	switch {
	case f >= firstYear && f <= lastYear && f == float64(int(f)):
		return inRange(c, Day{Year: int(f)}, "date_year_only")
	case len(s) == 8 && allDigits(s) && c.Kind == Text:
		day, _ := strconv.Atoi(s[:2])
		month, _ := strconv.Atoi(s[2:4])
		year, _ := strconv.Atoi(s[4:])
		if valid(year, month, day) {
			return good(Day{year, month, day})
		}
		year, _ = strconv.Atoi(s[:4])
		month, _ = strconv.Atoi(s[4:6])
		day, _ = strconv.Atoi(s[6:])
		if valid(year, month, day) {
			return good(Day{year, month, day})
		}
		return bad[Day]("date_unknown", c)
	case f > lastYear:
		if t, ok := SerialTime(f, c.epoch1904); ok {
			return inRange(c, dayOf(t), "date_serial")
		}
	}
	return bad[Day]("date_unknown", c)
}

// readThree reads a date of three numbers: year first when a is one, else day or month first.
func readThree(c Cell, a, b int, year string, column Order) Reading[Day] {
	if a > 31 { // yyyy-mm-dd
		day, _ := strconv.Atoi(year)
		if len(year) > 2 || !valid(a, b, day) {
			return bad[Day]("date_unknown", c)
		}
		return good(Day{a, b, day})
	}
	y, warning := fullYear(year)
	swapped := Day{y, a, b}
	straight := Day{y, b, a}
	switch {
	case b > 12 && valid(y, a, b):
		return warned(swapped, "date_month_first", c, "date", vietnamese(swapped))
	case !valid(y, b, a):
		return bad[Day]("date_unknown", c)
	case a <= 12 && a != b && column == MonthFirst:
		return warned(swapped, "date_either", c, "date", vietnamese(swapped))
	case a <= 12 && a != b && column == Mixed:
		return warned(straight, "date_either", c, "date", vietnamese(straight))
	case warning != "":
		return warned(straight, warning, c, "date", vietnamese(straight))
	}
	return good(straight)
}

// fullYear completes a year of two digits so that it is not later than ten years from the last known census of such
// lists: 30 is 2030, 31 is 1931.
func fullYear(s string) (year int, warning string) {
	year, _ = strconv.Atoi(s)
	if len(s) > 2 {
		return year, ""
	}
	if year <= 30 {
		return 2000 + year, "date_short_year"
	}
	return 1900 + year, "date_short_year"
}

func inRange(c Cell, d Day, warning string) Reading[Day] {
	if d.Year < firstYear || d.Year > lastYear {
		return bad[Day]("date_out_of_range", c, "from_year", firstYear, "to_year", lastYear)
	}
	if warning != "" {
		return warned(d, warning, c, "date", vietnamese(d))
	}
	return good(d)
}

func valid(year, month, day int) bool {
	if year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func dayOf(t time.Time) Day { return Day{t.Year(), int(t.Month()), t.Day()} }

// vietnamese writes a day as people read it.
func vietnamese(d Day) string {
	switch {
	case d.Month == 0:
		return strconv.Itoa(d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%02d/%d", d.Month, d.Year)
	}
	return fmt.Sprintf("%02d/%02d/%d", d.Day, d.Month, d.Year)
}

// dateWords are written around the numbers of a date.
var dateWords = strings.NewReplacer("ngày", " ", "tháng", " ", "năm", " ", "Ngày", " ", "Tháng", " ", "Năm", " ")

// dateParts returns the numbers of a date, nil when something else stands between them.
func dateParts(s string) []string {
	if len(s) > 40 {
		return nil
	}
	parts := strings.FieldsFunc(dateWords.Replace(s), func(r rune) bool {
		return r == '/' || r == '-' || r == '.' || r == ' ' || r == '–' || r == '\\' || r == ','
	})
	for _, p := range parts {
		if len(p) > 4 || !allDigits(p) {
			return nil
		}
	}
	return parts
}

// threeParts returns the three numbers of a date; the last stays text, for how many digits it has tells what it is.
func threeParts(s string) (a, b int, last string, ok bool) {
	parts := dateParts(s)
	if len(parts) != 3 {
		return 0, 0, "", false
	}
	a, _ = strconv.Atoi(parts[0])
	b, _ = strconv.Atoi(parts[1])
	return a, b, parts[2], len(parts[1]) <= 2 && len(parts[2]) != 3 && len(parts[0]) != 3
}
