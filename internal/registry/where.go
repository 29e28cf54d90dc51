// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/place"
)

// where finds the commune and leaf of a row.
func (c *checker) where(j *judgement) error {
	if err := c.commune(j); err != nil {
		return err
	}
	typed := j.cell("area").Text
	switch {
	case c.at.Leaf():
		c.intoLeaf(j, typed)
	case j.commune.ID == "":
		return nil
	case typed != "":
		c.intoArea(j, typed)
	case c.batch.Model == Clan || c.batch.Model == Unit:
		j.draft.PlaceID = place.OwnLeaf(j.commune.ID) // they belong to no area
	default:
		if p := c.fromAddress(j); p != nil {
			j.draft.PlaceID = p.ID
			return nil
		}
		j.add(RowError, "area", "registry.area_missing", nil)
	}
	return nil
}

// intoLeaf takes rows for the one leaf the import goes to; a row that names another area is not for here.
func (c *checker) intoLeaf(j *judgement, typed string) {
	j.draft.PlaceID = c.at.ID
	if typed == "" || c.at.Level == place.Own {
		return
	}
	one := indexAreas([]place.Place{c.at})
	a := one.find(typed)
	if a.found != nil {
		return
	}
	name := c.at.FullName()
	if a.nearest != nil {
		j.add(RowError, "area", "registry.area_unknown", fault.Args{"area": typed, "nearest": name}, setFix("area", typed, name))
		return
	}
	j.add(RowError, "area", "registry.area_other", fault.Args{"area": typed, "place": name}, setFix("area", typed, name))
}

func setFix(field, from, to string) Fix {
	return Fix{Kind: "set", Value: to, Group: field + "|" + from + "|" + to}
}

func (c *checker) intoArea(j *judgement, typed string) {
	a := c.communes[j.commune.ID].find(typed)
	args := fault.Args{"area": typed, "place": j.commune.FullName()}
	switch {
	case a.found != nil:
		j.draft.PlaceID = a.found.ID
		return
	case c.batch.Model == Community && c.addPlace:
		j.newArea = true
		if a.nearest != nil {
			name := a.nearest.FullName()
			args["nearest"] = name
			j.add(RowDoubt, "area", "registry.area_near", args, setFix("area", typed, name))
		}
		return
	case a.nearest != nil:
		name := a.nearest.FullName()
		args["nearest"] = name
		j.add(RowError, "area", "registry.area_unknown", args, c.withCreate(j, typed, setFix("area", typed, name))...)
		return
	}
	j.add(RowError, "area", "registry.area_new", args, c.withCreate(j, typed)...)
}

// withCreate adds the offer to create the area, for those who may.
func (c *checker) withCreate(j *judgement, typed string, fixes ...Fix) []Fix {
	if !c.addPlace {
		return fixes
	}
	return append(fixes, Fix{Kind: "create_area", Value: typed, Group: "create|" + j.commune.ID + "|" + typed})
}

// fromAddress finds the area in the address when there is no column for it: "Khu 3, xã Hy Cương".
func (c *checker) fromAddress(j *judgement) *place.Place {
	areas := c.communes[j.commune.ID]
	if areas == nil {
		return nil
	}
	for part := range strings.FieldsFuncSeq(j.cell("address").Text, func(r rune) bool { return r == ',' || r == ';' }) {
		if a := areas.find(strings.TrimSpace(part)); a.found != nil {
			return a.found
		}
	}
	return nil
}

// formerAnswer is what a commune name that is none of the batch's communes turned out to be.
type formerAnswer struct {
	now     []place.Place // where it is today, below the batch's place
	full    bool          // all of it went there
	known   bool          // there was or is such a commune somewhere
	current string        // names of where it is today
}

// commune finds out which commune a row is of; without a column, or with a blank cell, that of the import.
func (c *checker) commune(j *judgement) error {
	own := c.home
	typed := j.cell("commune").Text
	if typed == "" {
		j.commune = own
		if own.ID == "" && !c.at.Leaf() {
			j.add(RowError, "commune", "registry.missing", nil)
		}
		return nil
	}
	if p, ok := c.names[spelling(typed)]; ok {
		j.commune = p
		return nil
	}
	answer, err := c.formerly(typed)
	if err != nil {
		return err
	}
	args := fault.Args{"commune": typed, "now": answer.current}
	switch {
	case len(answer.now) == 1:
		j.commune = answer.now[0]
		key := "registry.commune_former"
		if !answer.full {
			key = "registry.commune_split"
		}
		j.add(RowDoubt, "commune", key, args, setFix("commune", typed, answer.now[0].FullName()))
	case len(answer.now) > 1:
		var fixes []Fix
		for _, p := range answer.now {
			fixes = append(fixes, setFix("commune", typed, p.FullName()))
		}
		j.add(RowError, "commune", "registry.commune_several", args, fixes...)
	case answer.known:
		j.add(RowError, "commune", "registry.commune_elsewhere", args, c.ownFix(typed, own)...)
	default:
		j.add(RowError, "commune", "registry.commune_unknown", args, c.ownFix(typed, own)...)
	}
	return nil
}

func (c *checker) ownFix(typed string, own place.Place) []Fix {
	if own.ID == "" {
		return nil
	}
	return []Fix{setFix("commune", typed, own.FullName())}
}

// formerly looks a commune name or code of any time up, and where that commune is now.
func (c *checker) formerly(typed string) (formerAnswer, error) {
	if a, ok := c.former[typed]; ok {
		return a, nil
	}
	var a formerAnswer
	hits, err := c.s.places.Find(c.ctx, typed, place.Filter{Levels: []string{place.Commune}, Limit: 50})
	if err != nil {
		return a, err
	}
	here := map[string]place.Place{}
	for _, p := range c.names {
		here[p.ID] = p
	}
	var current []string
	a.full = true
	for _, h := range hits {
		if key := spelling(typed); key != spelling(h.Name) && key != spelling(h.FullName()) && key != spelling(h.Alt) && typed != h.Code {
			continue
		}
		a.known = true
		if h.Current {
			current = appendNew(current, h.FullName())
		}
		for _, n := range h.Now {
			current = appendNew(current, n.New.FullName())
			p, ok := here[n.New.ID]
			if ok && !slices.ContainsFunc(a.now, func(o place.Place) bool { return o.ID == p.ID }) {
				a.now = append(a.now, p)
			}
			if ok && n.Relation == place.Partial {
				a.full = false
			}
		}
	}
	a.current = strings.Join(current, "; ")
	if len(c.former) < 10_000 {
		c.former[typed] = a
	}
	return a, nil
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
