// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Stated is a target (chỉ tiêu kế hoạch) as a decision states it: the share of a model's subjects that should hold the
// title in a year. A row without a model is another measure of the decision, worded in Whom.
type Stated struct {
	Programme string // "phutho1767"
	Year      int
	Model     string // "family", "clan" …; "" for another measure
	Region    string
	Whom      string // of whom, where the decision divides a model; "" = of all
	Percent   int    // hundredths of a percent
	Known     bool   // false: the decision is said to set a figure, but nobody has read which
	Verified  bool   // the text was read; otherwise the figure is from a weak source
	Note      string
}

// programmesSetting names the order in which programmes count when several state a figure for one year.
const programmesSetting = "target.programmes"

// defaultProgrammes puts the province's own plan before the central decisions.
const defaultProgrammes = "phutho1767,qd387,qd677,qd1373,qd281"

const selectSetting = `SELECT value FROM setting WHERE key = $1`

const selectTargets = `
	SELECT programme, year, model, region, whom, coalesce(percent, 0), percent IS NOT NULL, verified, note
	FROM target ORDER BY year, model, region, whom, programme`

// Targets returns every stated target, the programme that counts first before the others.
func (s *Service) Targets(ctx context.Context) (list []Stated, err error) {
	defer fault.Wrap(&err, "place.Targets")
	order, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectSetting, programmesSetting)
	if err != nil {
		return nil, err
	}
	if !found {
		order = defaultProgrammes
	}
	list, err = store.Collect(ctx, s.db.Read(), func(row store.Scanner) (t Stated, err error) {
		return t, row.Scan(&t.Programme, &t.Year, &t.Model, &t.Region, &t.Whom, &t.Percent, &t.Known, &t.Verified, &t.Note)
	}, selectTargets)
	programmes := strings.Split(order, ",")
	place := func(t Stated) int {
		if i := slices.Index(programmes, t.Programme); i >= 0 {
			return i
		}
		return len(programmes)
	}
	slices.SortStableFunc(list, func(a, b Stated) int { return cmp.Compare(place(a), place(b)) })
	return list, err
}

// Target returns the target of a model for a year in hundredths of a percent: a decision's own figure (stated), or else the
// straight line between the nearest stated years before and after it. from and to are the figures it rests on, equal
// when stated. ok is false before the first stated year, after the last one, and for a model that no decision names.
//
// The first programme of list that states a year counts for it. Its figure for the region is taken, else its figure for all
// regions. Where it divides a model by people, the lowest figure is taken, and Whom says of whom that is.
func Target(list []Stated, model string, year int, region string) (percent int, stated bool, from, to Stated, ok bool) {
	var before, after bool
	for _, t := range byYear(list, model, region) {
		if t.Year <= year {
			from, before = t, true
		}
		if t.Year >= year && !after {
			to, after = t, true
		}
	}
	switch {
	case !before || !after:
		return 0, false, Stated{}, Stated{}, false
	case from.Year == to.Year:
		return from.Percent, true, from, to, true
	}
	span := to.Year - from.Year
	rise := 2*(to.Percent-from.Percent)*(year-from.Year) + span // doubled, to round to the nearest
	return from.Percent + floorDiv(rise, 2*span), false, from, to, true
}

// byYear picks the figure that counts for each stated year, oldest first.
func byYear(list []Stated, model, region string) []Stated {
	best := map[int]Stated{}
	for _, t := range list {
		if t.Model != model || model == "" || !t.Known || t.Region != RegionDefault && t.Region != region {
			continue
		}
		have, ok := best[t.Year]
		nearer := t.Region != have.Region && t.Region == region
		lower := t.Region == have.Region && t.Percent < have.Percent
		if !ok || t.Programme == have.Programme && (nearer || lower) {
			best[t.Year] = t
		}
	}
	picked := make([]Stated, 0, len(best))
	for _, t := range best {
		picked = append(picked, t)
	}
	slices.SortFunc(picked, func(a, b Stated) int { return cmp.Compare(a.Year, b.Year) })
	return picked
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
