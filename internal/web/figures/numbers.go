// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"strings"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
)

// byModel is the figures of one place in one year.
type byModel map[string]rollup.Counts

// book is every figure of a page: the chosen year by place, the year before by place, and the sums of all years.
type book struct {
	at     time.Time
	now    map[string]byModel
	before map[string]byModel
	year   map[int]byModel
	short  map[string]int64 // on an old map: subjects of areas that did not exist then, by model
}

// book reads the figures of round r and of the other rounds on the map a. Only the chosen year is summed again each second.
func (d *desk) book(v *site.Visit, a *atlas, r assessment.Round, rounds []assessment.Round) (book, error) {
	b := book{now: map[string]byModel{}, before: map[string]byModel{}, year: map[int]byModel{}, short: map[string]int64{}}
	var others []string
	yearOf := map[string]int{r.ID: r.Year}
	for _, o := range rounds {
		if o.Year != r.Year {
			others, yearOf[o.ID] = append(others, o.ID), o.Year
		}
	}
	for _, path := range a.paths {
		t, err := v.Figures.Below(v.Ctx(), path, a.date, rollup.ByCommune, r.ID)
		if err != nil {
			return b, err
		}
		b.take(t, yearOf, r.Year)
		if len(others) == 0 {
			continue
		}
		old, err := d.past.get(v.Ctx(), v.Now, path+" "+a.date+" "+strings.Join(others, " "), func(ctx context.Context) (rollup.Table, error) {
			return v.Figures.Below(ctx, path, a.date, rollup.ByCommune, others...)
		})
		if err != nil {
			return b, err
		}
		b.take(old, yearOf, r.Year)
	}
	return b, nil
}

// lacking counts the subjects of areas that a map of the past does not hold: the difference to today's.
func (b *book) lacking(v *site.Visit, path string, r assessment.Round) error {
	t, err := v.Figures.Below(v.Ctx(), path, v.Today(), rollup.ByCommune, r.ID)
	if err != nil {
		return err
	}
	for k, c := range t.Total {
		b.short[k.Model] = c.Total - b.year[r.Year][k.Model].Total
	}
	return nil
}

func (b *book) take(t rollup.Table, yearOf map[string]int, year int) {
	if b.at.IsZero() {
		b.at = t.At // of the chosen year, which is read first
	}
	for id, of := range t.Of {
		for k, c := range of {
			switch yearOf[k.RoundID] {
			case year:
				put(b.now, id, k.Model, c)
			case year - 1:
				put(b.before, id, k.Model, c)
			}
		}
	}
	for k, c := range t.Total {
		y := yearOf[k.RoundID]
		if b.year[y] == nil {
			b.year[y] = byModel{}
		}
		b.year[y][k.Model] = b.year[y][k.Model].Plus(c)
	}
}

func put(to map[string]byModel, id, model string, c rollup.Counts) {
	if to[id] == nil {
		to[id] = byModel{}
	}
	to[id][model] = to[id][model].Plus(c)
}

// goal is the target of a model for a year.
type goal struct {
	percent  int64 // hundredths of a percent
	stated   bool  // by a decision, not on the line between two
	from, to place.Stated
	ok       bool
}

func (d *desk) stated(v *site.Visit) ([]place.Stated, error) {
	return d.targets.get(v.Ctx(), v.Now, "", func(ctx context.Context) ([]place.Stated, error) { return v.Places.Targets(ctx) })
}

func goalOf(list []place.Stated, model string, year int, region string) goal {
	p, stated, from, to, ok := place.Target(list, model, year, region)
	return goal{int64(p), stated, from, to, ok}
}

// onTrack says whether a share reaches its target as both are shown, with one decimal.
func onTrack(value, target int64) bool { return (value+5)/10 >= (target+5)/10 }

// missing is how many more titles reach the target.
func missing(c rollup.Counts, target int64) int64 {
	return max((c.Total*target+9999)/10000-c.Recognised, 0)
}
