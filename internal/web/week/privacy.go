// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package week

import (
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// privacyMinutes is what answering a person's request takes.
const privacyMinutes = 30

// personsRequests lists what the place owes to persons who asked about their data, and the incidents whose notices are owed.
func (w *work) personsRequests() error {
	v := w.v
	if w.place.Level != place.Commune && w.place.Level != place.Province {
		return nil
	}
	if v.Actor.May(identity.HandleRequests, w.place.Path) {
		open, _, err := v.Privacy.Owed(v.Ctx(), v.Actor, w.place.ID)
		if err != nil {
			return err
		}
		for i := range open {
			r := &open[i]
			if r.PlaceID != w.place.ID { // a province sees those of its communes on their board
				continue
			}
			t := todo{Kind: "due", Icon: "lock", Title: v.T("week.privacy", "code", r.Code, "kind", v.T("privacy.kind."+string(r.Kind))), Why: v.T("week.privacy_why"), When: ui.State{Icon: "calendar", Word: v.T("week.due", "date", r.Next())},
				Minutes: privacyMinutes, Do: v.T("week.do.privacy"), Href: "/du-lieu-ca-nhan/yeu-cau/" + r.ID}
			if late := r.Late(w.today); late > 0 {
				t.Kind, t.When = "late", ui.State{Kind: "bad", Icon: "warning", Word: v.T("week.late", "count", late)}
			}
			w.tasks = append(w.tasks, task{todo: t, Until: r.Next()})
		}
	}
	if !v.Actor.May(identity.KeepBreaches, w.place.Path) {
		return nil
	}
	list, err := v.Privacy.Breaches(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	for i := range list {
		b := &list[i]
		if b.State != "open" && b.State != "suspected" {
			continue
		}
		t := todo{Kind: "due", Icon: "warning", Title: v.T("week.breach", "title", b.Title), Why: v.T("week.breach_why"), When: ui.State{Kind: "warn", Icon: "clock", Word: v.T("privacy.breach.state." + b.State)}, Minutes: privacyMinutes, Do: v.T("week.do.breach"),
			Href: site.With("/su-co/" + b.ID)}
		for _, c := range b.Clocks() {
			if c.Done.IsZero() && c.Late(v.Now()) {
				t.Kind, t.When = "late", ui.State{Kind: "bad", Icon: "warning", Word: v.T("privacy.clock." + c.Key)}
				break
			}
		}
		w.tasks = append(w.tasks, task{todo: t, Until: w.today})
	}
	return nil
}
