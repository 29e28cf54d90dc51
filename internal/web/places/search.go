// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package places

import (
	"strings"
	"unicode/utf8"

	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// hit is a found place: what it is or was, and where it is now.
type hit struct {
	Name, In, When, Href string
	Now                  []became
	Gone                 bool
}

// became is a place of today, with how much of the old one it took in.
type became struct{ Name, Href, Whole string }

type searchView struct {
	Frame ui.Public
	Title string
	Query string
	Hits  []hit
	Asked bool
	Full  bool // there may be more hits
}

// mostHits is how many places one search shows.
const mostHits = 30

// search answers ?q: with or without marks, old or new name, or a code.
func search(v *site.Visit) error {
	q := strings.TrimSpace(strings.ToValidUTF8(v.Query("q"), ""))
	view := searchView{Query: q, Asked: q != ""}
	if view.Asked {
		hits, err := v.Places.Find(v.Ctx(), q, place.Filter{Limit: mostHits})
		if err != nil {
			return err
		}
		for _, h := range hits {
			view.Hits = append(view.Hits, hitOf(v, h))
		}
		view.Full = len(hits) == mostHits
	}
	switch {
	case !view.Asked:
		view.Title = v.T("places.search")
	case utf8.RuneCountInString(q) < 2:
		view.Title = v.T("places.short")
	case len(view.Hits) == 0:
		view.Title = v.T("places.none", "query", q)
	default:
		view.Title = v.T("places.found", "count", len(view.Hits), "query", q)
	}
	view.Frame = v.PublicFrame(view.Title)
	return v.Show(searchPage(view))
}

func hitOf(v *site.Visit, h place.Hit) hit {
	return hit{Name: h.FullName(), In: h.In, When: span(v, h.Place), Href: "/dia-danh/" + h.ID, Gone: !h.Current, Now: becameOf(v, h.Now)}
}

func becameOf(v *site.Visit, list []place.Succession) (now []became) {
	for _, s := range list {
		b := became{Name: s.New.FullName(), Href: "/dia-danh/" + s.New.ID, Whole: v.T("places.whole")}
		if s.Relation == place.Partial {
			b.Whole = v.T("places.part")
		}
		now = append(now, b)
	}
	return now
}

// span says from when to when a place exists.
func span(v *site.Visit, p place.Place) string {
	switch from, to := p.ValidFrom > store.Always, p.ValidTo < store.Still; {
	case from && to:
		return v.T("places.span", "from", p.ValidFrom, "to", p.ValidTo)
	case from:
		return v.T("places.since", "from", p.ValidFrom)
	case to:
		return v.T("places.until", "to", p.ValidTo)
	}
	return ""
}
