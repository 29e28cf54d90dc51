// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// yearLine is what became of a subject in a year.
type yearLine struct {
	Year, Href, Total, Outcome string
	Place                      string // where the file lies, when that is not where the subject is now
	State                      ui.State
}

type past struct {
	year        int
	placeID, id string
	state       assessment.State
	total       *criteria.Points
	outcome     string
}

const selectYears = `SELECT r.year, a.place_id, a.id, a.state, a.total, a.outcome FROM round r JOIN assessment a ON a.round_id = r.id`

var stateKind = map[assessment.State]string{assessment.Recognised: "ok", assessment.Approved: "ok", assessment.Returned: "warn", assessment.Sent: "info",
	assessment.Rejected: "bad", assessment.Revoked: "bad"}

// yearsOf lists a subject's assessments, newest first, wherever it was then; only files that the reader may open are links.
func yearsOf(v *site.Visit, r registry.Subject, stays []registry.Stay) (list []yearLine, err error) {
	var w store.Where
	w.In("a.place_id", placesOf(r, stays)...).And("a.model = ? AND a.subject_id = ?", r.Model, r.ID)
	found, err := store.Collect(v.Ctx(), v.DB.Read(), func(s store.Scanner) (p past, err error) {
		return p, s.Scan(&p.year, &p.placeID, &p.id, &p.state, &p.total, &p.outcome)
	}, selectYears+w.SQL()+" ORDER BY r.year DESC, a.id", w.Args()...)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		l := yearLine{Year: strconv.Itoa(a.year), Total: "–", Outcome: "–", State: ui.State{Kind: stateKind[a.state], Word: v.T("state." + string(a.state))}}
		if a.total != nil {
			l.Total = lang.Points(v.Ctx(), int64(*a.total))
		}
		if a.outcome != "" {
			l.Outcome = v.T("outcome." + a.outcome)
		}
		p, err := v.Places.Get(v.Ctx(), a.placeID)
		if err != nil {
			return nil, err
		}
		if v.Actor.May(identity.SeeRecords, p.Path) {
			l.Href = "/ho-so/" + a.placeID + "/" + a.id
		}
		if a.placeID != r.PlaceID {
			if l.Place, err = longName(v, p); err != nil {
				return nil, err
			}
		}
		list = append(list, l)
	}
	return list, nil
}

// placesOf are the leaves where a subject was, each once.
func placesOf(r registry.Subject, stays []registry.Stay) []string {
	ids, seen := []string{r.PlaceID}, map[string]bool{r.PlaceID: true}
	for _, s := range stays {
		if !seen[s.PlaceID] {
			seen[s.PlaceID] = true
			ids = append(ids, s.PlaceID)
		}
	}
	return ids
}
