// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	_ "embed"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"hoctap/internal/fault"
)

//go:embed holidays.toml
var shippedHolidays string

// Calendar tells working days from the others.
type Calendar struct {
	Source      string
	yearly      map[string]bool // MM-DD
	off, worked map[string]bool // YYYY-MM-DD
}

var shippedCalendar = sync.OnceValue(func() Calendar {
	var f struct {
		Source string   `toml:"source"`
		Yearly []string `toml:"yearly"`
		Off    []string `toml:"off"`
		Work   []string `toml:"work"`
	}
	if _, err := toml.Decode(shippedHolidays, &f); err != nil {
		panic("privacy: " + err.Error()) // a test reads it
	}
	return Calendar{f.Source, set(f.Yearly), set(f.Off), set(f.Work)}
})

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// maxDays bounds what an office may add to the calendar.
const maxDays = 200

// With is the calendar with the days of a text: a day a line, "2027-02-05", or "+2027-02-06" for one that is worked. It fails with fault.Invalid for
// anything else.
func (c Calendar) With(text string) (Calendar, error) {
	more := Calendar{c.Source, c.yearly, map[string]bool{}, map[string]bool{}}
	for d := range c.off {
		more.off[d] = true
	}
	for d := range c.worked {
		more.worked[d] = true
	}
	n := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		day, worked := strings.CutPrefix(line, "+")
		if n++; n > maxDays {
			return c, fault.Invalid(fault.Field("days", "privacy.days_many", "limit", maxDays))
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return c, fault.Invalid(fault.Field("days", "privacy.days", "line", line))
		}
		if worked {
			more.worked[day] = true
			delete(more.off, day)
		} else {
			more.off[day] = true
		}
	}
	return more, nil
}

// Working says whether offices are open on a day.
func (c Calendar) Working(day time.Time) bool {
	date := day.Format(time.DateOnly)
	switch {
	case c.worked[date]:
		return true
	case day.Weekday() == time.Saturday, day.Weekday() == time.Sunday, c.off[date], c.yearly[date[5:]]:
		return false
	}
	return true
}

// After is the day n working days after date: the day itself does not count (Civil Code 91/2015, article 147).
func (c Calendar) After(date string, n int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	for n > 0 {
		if day = day.AddDate(0, 0, 1); c.Working(day) {
			n--
		}
	}
	return day.Format(time.DateOnly)
}

// addDays is the day n days after date.
func addDays(date string, n int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.AddDate(0, 0, n).Format(time.DateOnly)
}

// daysBetween counts the days from one date to another.
func daysBetween(from, to string) int {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}
