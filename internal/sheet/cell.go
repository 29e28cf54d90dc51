// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// typeLetter shortens a cell's type: s shared string, t other text, b, e, d as in the file, n number.
func typeLetter(t []byte) byte {
	switch string(t) {
	case "s", "b", "e", "d":
		return t[0]
	case "str", "inlineStr":
		return 't'
	}
	return 'n'
}

// interpret gives the cell its kind, text and time.
func (r *rowReader) interpret(c *Cell, raw string, kind byte, st style) error {
	c.Raw = raw
	switch kind {
	case 's':
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		s, ok := r.book.strings.get(i)
		if err != nil || !ok {
			return r.scan.damaged()
		}
		c.understand(unescape(s), st, r.book.dominant, r.book.proper)
	case 't':
		c.understand(unescape(raw), st, r.book.dominant, r.book.proper)
	case 'b':
		c.Kind, c.Text = Bool, "FALSE"
		if strings.TrimSpace(raw) == "1" {
			c.Text = "TRUE"
		}
	case 'e':
		c.Kind, c.Text = Error, clean(raw)
	case 'd':
		if t, ok := parseISO(strings.TrimSpace(raw)); ok {
			c.setTime(t)
		} else {
			c.understand(raw, st, r.book.dominant, r.book.proper)
		}
	default:
		c.setNumber(strings.TrimSpace(raw), st)
	}
	return nil
}

// setNumber reads a number; with a date format it is a day.
func (c *Cell) setNumber(raw string, st style) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		c.Text = clean(raw)
		return
	}
	c.Kind = Number
	if st.date {
		if t, ok := SerialTime(f, c.epoch1904); ok {
			c.setTime(t)
			return
		}
	}
	c.Text = numberText(raw, f)
}

func (c *Cell) setTime(t time.Time) {
	c.Kind, c.Time = Date, t
	c.Text = t.Format("02/01/2006")
	if t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 {
		c.Text = t.Format("02/01/2006 15:04")
	}
}

// numberText writes a number as Excel shows it in a wide cell: at most 15 digits, no exponent for whole numbers.
func numberText(raw string, f float64) string {
	plain := len(raw) > 0 && len(raw) <= 15 && (raw[0] != '0' || len(raw) == 1)
	for i := 0; plain && i < len(raw); i++ {
		plain = raw[i] >= '0' && raw[i] <= '9'
	}
	if plain {
		return raw
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		rounded = f
	}
	if a := math.Abs(rounded); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// parseISO reads the ISO 8601 dates of strict workbooks.
func parseISO(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// SerialTime returns the moment of an Excel serial number. Day 1 is 1 January 1900, or day 0 is 1 January 1904 in
// workbooks from old Macintoshes. Excel believes that 1900 was a leap year, so day 60 does not exist and the days
// from 61 on are one less than they say. ok is false outside 1900 to 9999.
func SerialTime(serial float64, epoch1904 bool) (t time.Time, ok bool) {
	day := math.Floor(serial)
	seconds := math.Round((serial - day) * 86_400)
	start := time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	switch {
	case epoch1904 && day >= 0 && day <= 2_957_003:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case epoch1904, day < 1, day == 60, day > 2_958_465 || math.IsNaN(serial):
		return time.Time{}, false
	case day > 60:
		day--
	}
	return start.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second), true
}
