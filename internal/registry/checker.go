// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/sheet"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// checker judges the rows of one batch against the rules, the places and what the registry has already.
type checker struct {
	s        *Service
	ctx      context.Context // of the one call that made it
	batch    Batch
	by       identity.Actor
	year     int
	at       place.Place
	home     place.Place             // the commune that rows without one belong to; none for imports to a province
	communes map[string]*areaIndex   // areas by commune, all below the batch's place
	names    map[string]place.Place  // those communes by spelling of name, full name and code
	former   map[string]formerAnswer // answers for other commune names, as typed
	existing map[string]map[string][]known
	families map[string]map[string][]known
	keeps    bool // a duty needs whole id numbers
	addPlace bool // by may create areas here
}

// known is what duplicates are found by.
type known struct {
	id, name, family, batch string
	birth                   int
}

func (s *Service) checker(ctx context.Context, by identity.Actor, b Batch) (*checker, error) {
	at, err := s.places.Get(ctx, b.PlaceID)
	if err != nil {
		return nil, err
	}
	c := &checker{
		s: s, ctx: ctx, batch: b, by: by, year: s.year(), at: at, communes: map[string]*areaIndex{}, names: map[string]place.Place{},
		former: map[string]formerAnswer{}, existing: map[string]map[string][]known{}, families: map[string]map[string][]known{},
		addPlace: by.May(identity.EditPlaces, at.Path),
	}
	if c.keeps, err = s.keepsIDs(ctx, s.db.Read()); err != nil {
		return nil, err
	}
	top := at.ID
	if at.Leaf() {
		top = at.ParentID
	}
	switch {
	case at.Level == place.Commune:
		c.home = at
	case at.Leaf() && at.CommuneID != "":
		if c.home, err = s.places.Get(ctx, at.CommuneID); err != nil {
			return nil, err
		}
	}
	leaves, err := s.places.Leaves(ctx, top, "")
	if err != nil {
		return nil, err
	}
	byCommune := map[string][]place.Place{}
	for _, l := range leaves {
		if l.CommuneID != "" {
			byCommune[l.CommuneID] = append(byCommune[l.CommuneID], l)
		}
	}
	for id, list := range byCommune {
		c.communes[id] = indexAreas(list)
		commune, err := s.places.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, name := range []string{commune.Name, commune.FullName(), commune.Alt, commune.Code} {
			if name != "" {
				c.names[spelling(name)] = commune
			}
		}
	}
	return c, nil
}

// judgement gathers what is found out about one row.
type judgement struct {
	cells    Cells
	draft    Draft
	entries  []Entry
	commune  place.Place
	issues   []Issue
	fold     string // of the draft's name
	existing string // the subject that the row changes, or looks like
	newArea  bool   // the row brings an area that has to be created
}

func (j *judgement) add(level RowState, field, key string, args fault.Args, fixes ...Fix) {
	j.issues = append(j.issues, Issue{Field: field, Level: level, Key: key, Args: args, Fixes: fixes})
}

// cell returns the cell as the readers take it: with what a legacy font means.
func (j *judgement) cell(key string) sheet.Cell {
	t := j.cells[key]
	if meant, ok := j.cells[legacyMark+key]; ok {
		t = meant
	}
	switch {
	case t == uncalculated:
		return sheet.Cell{Formula: true}
	case strings.HasPrefix(t, "#") && excelErrors[t]:
		return sheet.Cell{Text: t, Raw: t, Kind: sheet.Error}
	}
	return sheet.Cell{Text: t, Raw: t}
}

// uncalculated stands for a formula of which the file has no result.
const uncalculated = "=?"

var excelErrors = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#NAME?": true, "#DIV/0!": true, "#NUM!": true, "#NULL!": true}

// judge fills in r's state, key, place and issues. Rows of the same file are not its business.
func (c *checker) judge(r *Row) (judgement, error) {
	j := judgement{cells: r.Cells, draft: Draft{Model: c.batch.Model, BatchID: c.batch.ID}}
	if c.batch.Model == Register {
		j.draft.Model = Family
	}
	c.legacy(&j)
	if j.cells[hiddenMark] != "" {
		j.add(RowDoubt, "", "registry.hidden_row", nil, Fix{Kind: KeepExisting, Group: groupHidden})
	}
	if err := c.where(&j); err != nil {
		return j, err
	}
	c.read(&j)
	if c.batch.Model == Citizen {
		if err := c.familyOf(&j); err != nil {
			return j, err
		}
	}
	c.rules(&j)
	j.fold = text.Fold(j.draft.Name)
	r.key = j.rowKey()
	r.PlaceID = j.draft.PlaceID
	if err := c.against(&j, r); err != nil {
		return j, err
	}
	r.Issues = j.issues
	switch r.SubjectID = j.existing; {
	case r.SubjectID != "" || r.Choice == KeepExisting:
	case c.batch.Model == Community:
		r.SubjectID = j.draft.PlaceID // empty for an area that is to be created
	default:
		r.SubjectID = store.NewID()
	}
	r.settle()
	return j, nil
}

// rowKey is what two rows of one subject have in common; empty where too little is known.
func (j *judgement) rowKey() string {
	switch {
	case j.draft.Name == "":
		return ""
	case j.newArea:
		return j.commune.ID + "|" + spelling(expand(j.draft.Name))
	case j.draft.PlaceID == "":
		return ""
	case j.draft.Model == Community:
		return j.draft.PlaceID
	}
	return j.draft.PlaceID + "|" + j.fold
}

// settle makes the row's state out of its issues and the choice made for a duplicate.
func (r *Row) settle() {
	if r.Choice == KeepExisting {
		r.State = RowSkipped
		return
	}
	r.State = RowReady
	for _, i := range r.Issues {
		switch {
		case i.Level == RowError:
			r.State = RowError
			return
		case i.Level == RowDuplicate:
			r.State = RowDuplicate
		case i.Level == RowDoubt && r.State == RowReady:
			r.State = RowDoubt
		}
	}
}

// legacy marks cells in old font encodings: they block the row until a person has seen the conversion and taken it.
func (c *checker) legacy(j *judgement) {
	for _, column := range importColumns[c.batch.Model] {
		meant, ok := j.cells[legacyMark+column.Key]
		if !ok {
			continue
		}
		group := groupMixedFont
		switch raw := j.cells[column.Key]; {
		case strings.EqualFold(text.NFC(text.FromTCVN3(raw)), meant):
			group = groupTCVN3
		case strings.EqualFold(text.NFC(text.FromVNI(raw)), meant):
			group = groupVNI
		}
		j.add(RowError, column.Key, "registry.legacy_font", fault.Args{"font": legacyName[group], "meant": meant}, Fix{Kind: "set", Value: meant, Group: group})
	}
}

// rules checks the draft as a form's draft is checked. What the readers found wrong already has no value and is not told twice.
func (c *checker) rules(j *judgement) {
	told := map[string]bool{}
	for _, i := range j.issues {
		if i.Level == RowError && i.Key != "registry.legacy_font" {
			told[i.Field] = true
		}
	}
	if told["commune"] {
		told["area"] = true // without the one the other is not looked for
	}
	j.draft = j.draft.Clean()
	checked := j.draft
	if j.newArea {
		checked.PlaceID = "new" // its area is created with it
	}
	for _, e := range fields(checked.Check(c.year)) {
		field := e.Field
		if field == "place" {
			field = "area"
		}
		if e.Field == "name" && c.batch.Model == Community {
			field = "area"
		}
		if !told[field] {
			told[field] = true
			j.add(RowError, field, e.Key, e.Args)
		}
	}
}

const selectKnown = `
	SELECT id, fold, name, family_id, batch_id, birth_year FROM subject WHERE place_id = $1 AND model = $2 AND state = 'active' ORDER BY id`

// inLeaf returns what the registry has of a model in a leaf, by folded name.
func (c *checker) inLeaf(cache map[string]map[string][]known, placeID, model string) (map[string][]known, error) {
	if list, ok := cache[placeID]; ok {
		return list, nil
	}
	list := map[string][]known{}
	err := store.Each(c.ctx, c.s.db.Read(), func(row store.Scanner) error {
		var k known
		var fold string
		if err := row.Scan(&k.id, &fold, &k.name, &k.family, &k.batch, &k.birth); err != nil {
			return err
		}
		list[fold] = append(list[fold], k)
		return nil
	}, selectKnown, placeID, model)
	cache[placeID] = list
	return list, err
}
