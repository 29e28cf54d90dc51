// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/site"
)

// The two parts of the queue, as the address names them.
const (
	tabLook  = "xem"
	tabClean = "khop"
)

// pageSize is how many files the list shows at once.
const pageSize = 50

// flagWords names the flags in addresses, in the order of the filter.
var flagWords = []struct {
	word string
	flag assessment.Flag
}{
	{"lech", assessment.FlagGap}, {"minh-chung", assessment.FlagEvidence}, {"trung", assessment.FlagReused}, {"sat", assessment.FlagNear},
	{"khu-cao", assessment.FlagAreaMore}, {"chua-ro", assessment.FlagOpen}, {"phieu", assessment.FlagVotes}, {"moi", assessment.FlagNew},
}

// states are those a commune looks for; the first is the queue itself.
var states = []assessment.State{assessment.Sent, assessment.Returned, assessment.Approved, assessment.Rejected, assessment.Recognised, assessment.Revoked}

// filter is what the address of a queue says. It travels with every act, so that the queue is the same afterwards.
type filter struct {
	Place string // commune or leaf
	Year  string
	Model string
	Tab   string
	Area  string
	Flag  string
	State assessment.State
	Name  string
	Order string // "" by gap, "ten" by name
	After string // cursor
}

func filterOf(q url.Values, placeID string) filter {
	f := filter{Place: placeID, Year: q.Get("nam"), Model: q.Get("mo-hinh"), Tab: q.Get("phan"), Area: q.Get("khu"), Flag: q.Get("dau"),
		State: assessment.State(q.Get("trang-thai")), Name: q.Get("tim"), Order: q.Get("xep"), After: q.Get("sau")}
	if !slices.Contains(registry.Models, f.Model) {
		f.Model = registry.Family
	}
	known := false
	for _, s := range states {
		known = known || s == f.State
	}
	if !known {
		f.State = assessment.Sent
	}
	if f.Tab != tabClean {
		f.Tab = tabLook
	}
	return f
}

// pairs are the values of the address, for site.With.
func (f filter) pairs() []string {
	state, tab := string(f.State), f.Tab
	if f.State == assessment.Sent {
		state = ""
	}
	if tab == tabLook {
		tab = ""
	}
	return []string{"nam", f.Year, "mo-hinh", f.Model, "phan", tab, "khu", f.Area, "dau", f.Flag, "trang-thai", state, "tim", f.Name, "xep", f.Order, "sau", f.After}
}

// href is the address of this queue, with more values.
func (f filter) href(more ...string) string {
	return site.With("/tham-dinh/"+f.Place, append(f.pairs(), more...)...)
}

// with is a copy in which change was done, back on the first page.
func (f filter) with(change func(*filter)) filter {
	f.After = ""
	change(&f)
	return f
}

// packed is the filter as one value of a form; unpack reads it back.
func (f filter) packed() string {
	return strings.TrimPrefix(site.With("", append(f.pairs(), "noi", f.Place)...), "?")
}

func unpack(packed, leaf string) filter {
	q, err := url.ParseQuery(packed)
	if err != nil {
		q = url.Values{}
	}
	at := q.Get("noi")
	if at == "" {
		at = leaf
	}
	return filterOf(q, at)
}

// where is what the domain is asked for.
func (f filter) where(roundID string) assessment.Filter {
	w := assessment.Filter{PlaceID: f.Place, RoundID: roundID, Model: f.Model, States: []assessment.State{f.State}, Query: f.Name,
		ByGap: f.Order != "ten", Limit: pageSize, After: cursorOf(f.After)}
	if f.Area != "" {
		w.PlaceID = f.Area
	}
	for _, fw := range flagWords {
		if fw.word == f.Flag {
			w.Flags = fw.flag
		}
	}
	if f.State == assessment.Sent {
		switch {
		case f.Tab == tabClean:
			w.Clean = true
		case w.Flags == 0:
			w.Flags = assessment.AttentionFlags
		}
	}
	return w
}

// filtered says whether something narrows the list, so that an empty one can offer to show all.
func (f filter) filtered() bool {
	return f.Area != "" || f.Flag != "" || f.Name != "" || f.State != assessment.Sent
}

// A cursor is "gap.id.sort"; ids have no dot.
func cursorOf(text string) (c assessment.Cursor) {
	gap, rest, ok1 := strings.Cut(text, ".")
	id, sort, ok2 := strings.Cut(rest, ".")
	n, err := strconv.ParseInt(gap, 10, 64)
	if !ok1 || !ok2 || err != nil {
		return c
	}
	return assessment.Cursor{Gap: n, ID: id, Sort: sort}
}

func cursorText(c assessment.Cursor) string {
	if c.ID == "" {
		return ""
	}
	return strconv.FormatInt(c.Gap, 10) + "." + c.ID + "." + c.Sort
}

// opened reads ?mo=LEAF/ID, the file that is open beside the list.
func opened(q url.Values) (leaf, id string, ok bool) {
	leaf, id, ok = strings.Cut(q.Get("mo"), "/")
	return leaf, id, ok && leaf != "" && id != ""
}

func openKey(a *assessment.Assessment) string { return a.PlaceID + "/" + a.ID }

// areaName is how lists name a leaf.
func areaName(v *site.Visit, p place.Place) string {
	if p.Level == place.Own {
		return v.T("review.own_leaf")
	}
	return p.FullName()
}
