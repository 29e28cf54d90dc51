// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"cmp"
	"context"
	"slices"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// areas are the leaves below a place in their natural order, with names.
type areas struct {
	position map[string]int
	name     map[string]string
}

func (s *Service) areas(ctx context.Context, placeID string) (a areas, err error) {
	leaves, err := s.places.Leaves(ctx, placeID, store.Date(s.now()))
	a = areas{make(map[string]int, len(leaves)), make(map[string]string, len(leaves))}
	for i, l := range leaves {
		a.position[l.ID], a.name[l.ID] = i, l.FullName()
	}
	return a, err
}

// order sorts a list by area and name, numbers it from 1, and names areas that are not named yet.
func (a areas) order(items []Item) {
	keys := make(map[string]string, len(items))
	for i := range items {
		keys[items[i].AssessmentID] = text.SortKey(items[i].Name)
	}
	slices.SortFunc(items, func(x, y Item) int {
		return cmp.Or(cmp.Compare(a.position[x.PlaceID], a.position[y.PlaceID]), cmp.Compare(x.PlaceID, y.PlaceID),
			cmp.Compare(keys[x.AssessmentID], keys[y.AssessmentID]), cmp.Compare(x.AssessmentID, y.AssessmentID))
	})
	for i := range items {
		items[i].No = i + 1
		if items[i].AreaName == "" {
			items[i].AreaName = a.name[items[i].PlaceID]
		}
	}
}

// choose turns a draft's choices into items, each checked against what the decision needs.
func (s *Service) choose(ctx context.Context, tx *store.Tx, d Draft, out *Decision, named *Decision) ([]Item, error) {
	switch {
	case named != nil:
		return s.chooseTitles(ctx, tx, d, named)
	case d.Kind == KindExemplary && d.Period:
		return s.choosePeriod(ctx, tx, d, out)
	}
	path, err := s.places.Path(ctx, tx, d.PlaceID)
	if err != nil {
		return nil, err
	}
	need := assessment.Approved
	if d.Kind == KindExemplary {
		need = assessment.Recognised
	}
	list, err := s.assessments.InState(ctx, tx, path, d.RoundID, d.Model, need)
	if err != nil {
		return nil, err
	}
	by := make(map[string]*assessment.Assessment, len(list))
	whole := d.Whole && d.Kind == KindRecognise
	if whole {
		d.Items = nil
	}
	for i := range list {
		by[list[i].ID] = &list[i]
		if whole {
			d.Items = append(d.Items, Choice{AssessmentID: list[i].ID})
		}
	}
	items := make([]Item, 0, len(d.Items))
	for _, c := range d.Items {
		a := by[c.AssessmentID]
		if a == nil {
			return nil, fault.Conflict("recognition.not_ready", "id", c.AssessmentID, "state", string(need))
		}
		if d.Kind == KindExemplary && a.Exemplary {
			return nil, fault.Conflict("recognition.exemplary_already", "name", a.Name)
		}
		items = append(items, Item{PlaceID: a.PlaceID, AssessmentID: a.ID, SubjectID: a.SubjectID, Name: a.Name, Total: a.Total, Act: ActGrant})
	}
	return items, nil
}

func (s *Service) choosePeriod(ctx context.Context, tx *store.Tx, d Draft, out *Decision) ([]Item, error) {
	rule, err := s.periodRule(ctx, tx, d.PlaceID, d.Model)
	if err != nil {
		return nil, err
	}
	list, err := s.candidates(ctx, tx, rule, d.PlaceID, d.Model, out.ForYear)
	if err != nil {
		return nil, err
	}
	by := make(map[string]Title, len(list))
	for _, c := range list {
		by[c.AssessmentID] = c.Title
	}
	items := make([]Item, 0, len(d.Items))
	for _, c := range d.Items {
		t, ok := by[c.AssessmentID]
		if !ok {
			return nil, fault.Conflict("recognition.not_candidate", "id", c.AssessmentID, "years", rule.Years, "minimum", rule.Minimum)
		}
		items = append(items, Item{PlaceID: t.PlaceID, AssessmentID: t.AssessmentID, SubjectID: t.SubjectID, Name: t.Name, AreaName: t.AreaName, Act: ActGrant})
	}
	return items, nil
}

// chooseTitles takes items from the titles that the named decision granted, or for ActRestore took away.
func (s *Service) chooseTitles(ctx context.Context, tx *store.Tx, d Draft, named *Decision) ([]Item, error) {
	held, err := granted(ctx, tx, named.ID)
	if err != nil {
		return nil, err
	}
	taken, err := store.Collect(ctx, tx, scanItem, selectItems, named.ID)
	if err != nil {
		return nil, err
	}
	valid, gone := map[string]Title{}, map[string]Item{}
	whole := d.Whole && d.Kind == KindRevoke
	if whole {
		d.Items = nil
	}
	for _, t := range held {
		before, twice := valid[t.AssessmentID]
		if !twice || before.Exemplary { // one that gave back may have given two: the plain one stands for both
			valid[t.AssessmentID] = t
		}
		if whole && !twice {
			d.Items = append(d.Items, Choice{AssessmentID: t.AssessmentID})
		}
	}
	for _, it := range taken {
		if it.Act == ActRevoke {
			gone[it.AssessmentID] = it
		}
	}
	items := make([]Item, 0, len(d.Items))
	for _, c := range d.Items {
		if d.Kind == KindRevoke {
			c.Act = ActRevoke
		}
		if c.Act == ActRestore {
			it, ok := gone[c.AssessmentID]
			if !ok {
				return nil, fault.Conflict("recognition.not_taken", "id", c.AssessmentID, "decision", named.Text())
			}
			it.Act, it.Was = ActRestore, ""
			items = append(items, it)
			continue
		}
		t, ok := valid[c.AssessmentID]
		if !ok {
			return nil, fault.Conflict("recognition.not_held", "id", c.AssessmentID, "decision", named.Text())
		}
		it := Item{PlaceID: t.PlaceID, AssessmentID: t.AssessmentID, SubjectID: t.SubjectID, Name: t.Name, AreaName: t.AreaName, Act: c.Act}
		if c.Act == ActCorrect {
			if c.Name == t.Name {
				return nil, fault.Conflict("recognition.same_name", "name", t.Name)
			}
			it.Name, it.Was = c.Name, t.Name
		}
		items = append(items, it)
	}
	return items, nil
}

// granted returns the valid titles that a decision granted, those that a later one corrected among them, in the list's order.
func granted(ctx context.Context, tx *store.Tx, decisionID string) ([]Title, error) {
	return store.Collect(ctx, tx, scanTitle, selectGranted, decisionID, decisionID)
}

const (
	selectGranted = `SELECT ` + titleColumns + ` FROM title t WHERE (t.decision_id = $1 OR t.origin_id = $2) AND t.state = 'valid' ORDER BY t.no, t.id`
	selectItems   = `SELECT ` + itemColumns + ` FROM decision_item i WHERE i.decision_id = $1 ORDER BY i.no`
)
