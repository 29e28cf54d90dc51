// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"cmp"
	"slices"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// risk is a commune that will not have appraised its files in time at its present speed.
type risk struct {
	ID, Name, Old string
	Done, All     int64
	Left          int64
	Tenths        int64 // files a day since appraisal began, in tenths
	End           string
	State         ui.State
	Share         int64 // recognised of all
	OfRegistered  int64
	Href          string
}

// days is the number of days from one date to another.
func days(from, to string) int {
	a, err1 := time.ParseInLocation(time.DateOnly, from, store.Zone)
	b, err2 := time.ParseInLocation(time.DateOnly, to, store.Zone)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// pastEnd is how many days a forecast reaches; what is later is only "after that".
const pastEnd = 365

// risks forecasts each commune by its mean speed since appraisal began: files with an end, over days. The latest come first.
// last is the day by which appraisal should end; ok is false outside the time of appraisal.
func risks(v *site.Visit, r *assessment.Round, a *atlas, now map[string]rollup.Counts) (list []risk, last string, ok bool) {
	w, has := r.Plan.Window(assessment.StageAppraisal)
	today := v.Today()
	if !has || r.State != assessment.RoundOpen || today < w.From || !a.today {
		return nil, "", false
	}
	passed := max(days(w.From, today), 1)
	for i := range a.communes {
		c := &a.communes[i]
		n := now[c.ID]
		done := n.Approved + n.Rejected + n.Recognised
		left := n.Registered - done
		if left <= 0 {
			continue
		}
		k := risk{ID: c.ID, Name: c.Name, Old: c.Old, Done: done, All: n.Registered, Left: left, Tenths: done * 10 / int64(passed),
			Share: rollup.Share(n.Recognised, n.Total), OfRegistered: rollup.Share(n.Recognised, n.Registered), Href: link(v, "/xa/"+c.ID)}
		need := pastEnd + 1
		if done > 0 {
			need = min(int((left*int64(passed)+done-1)/done), need)
		}
		switch {
		case need > pastEnd:
			k.End, k.State = store.Still, ui.State{Kind: "bad", Icon: "warning", Word: v.T("figures.risk.never")}
		default:
			k.End = store.Date(v.Now().AddDate(0, 0, need))
			if k.End <= w.To {
				continue
			}
			k.State = ui.State{Kind: "warn", Word: lang.Day(v.Ctx(), k.End)}
			if days(w.To, k.End) > 3 {
				k.State.Kind, k.State.Icon = "bad", "warning"
			}
		}
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b risk) int {
		return cmp.Or(cmp.Compare(b.End, a.End), cmp.Compare(b.Left, a.Left), cmp.Compare(a.Name, b.Name))
	})
	return list, w.To, true
}
