// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"cmp"
	"slices"

	"hoctap/internal/assessment"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// step is one state on the way of a file, with the word in addresses.
type step struct {
	slug  string
	state assessment.State
	count func(rollup.Counts) int64
}

// steps are the states in which a file still needs work, in the order of the way.
var steps = []step{
	{"dang-cham", assessment.Registered, rollup.Counts.Unscored},
	{"cham-xong", assessment.Scored, func(c rollup.Counts) int64 { return c.Scored }},
	{"cho-xa", assessment.Sent, func(c rollup.Counts) int64 { return c.Sent }},
	{"can-bo-sung", assessment.Returned, func(c rollup.Counts) int64 { return c.Returned }},
	{"xa-duyet", assessment.Approved, func(c rollup.Counts) int64 { return c.Approved }},
}

// ends are the other states, for lists.
var ends = []step{
	{"da-cong-nhan", assessment.Recognised, func(c rollup.Counts) int64 { return c.Recognised }},
	{"chua-dat", assessment.Rejected, func(c rollup.Counts) int64 { return c.Rejected }},
	{"chua-dang-ky", assessment.Listed, func(c rollup.Counts) int64 { return c.Total - c.Registered }},
	{"da-thu-hoi", assessment.Revoked, nil}, // has no counter of its own
}

// pipe is what remains to be done in a place, by state; href gives where a row leads.
func pipe(v *site.Visit, c rollup.Counts, href func(step) string) (rows []ui.PipeRow, stuck step, waiting int64) {
	for _, s := range steps {
		n := s.count(c)
		rows = append(rows, ui.PipeRow{Name: v.T("figures.step." + string(s.state)), Count: n, Href: href(s)})
		if n > waiting {
			waiting, stuck = n, s
		}
	}
	for i, s := range steps {
		rows[i].Stuck = waiting > 0 && s.slug == stuck.slug
	}
	return rows, stuck, waiting
}

// jam says where most of the waiting files of a step lie: the fewest places that hold two fifths of them.
type jam struct {
	places int
	share  int64
	first  []string // ids of these places
}

// jamShare is the part of all waiting files, in hundredths of a percent, that makes a jam worth naming.
const jamShare = 4000

func jamOf(s step, of map[string]rollup.Counts, waiting int64) (j jam) {
	if waiting == 0 {
		return j
	}
	ids := make([]string, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(s.count(of[b]), s.count(of[a])), cmp.Compare(a, b)) })
	sum := int64(0)
	for _, id := range ids {
		if rollup.Share(sum, waiting) >= jamShare {
			break
		}
		sum += s.count(of[id])
		j.places++
		j.first = append(j.first, id)
	}
	j.share = rollup.Share(sum, waiting)
	return j
}

// ofModel picks the figures of one model.
func ofModel(all map[string]byModel, model string) map[string]rollup.Counts {
	of := make(map[string]rollup.Counts, len(all))
	for id, m := range all {
		of[id] = m[model]
	}
	return of
}
