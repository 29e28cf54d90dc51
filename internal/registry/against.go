// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/sealed"
	"hoctap/internal/text"
)

// against compares the row with what the registry has.
func (c *checker) against(j *judgement, r *Row) error {
	model := c.batch.Model
	if j.draft.PlaceID == "" || j.draft.Name == "" {
		return nil
	}
	if model == Community {
		return c.againstCommunity(j, r)
	}
	list, err := c.inLeaf(c.existing, j.draft.PlaceID, j.draft.Model)
	if err != nil {
		return err
	}
	var same []known
	for _, k := range list[j.fold] {
		if k.batch != c.batch.ID && alike(k, j.draft) {
			same = append(same, k)
		}
	}
	if model == Register {
		c.subjectOf(j, same)
		return nil
	}
	if twin, err := c.againstID(j, r); err != nil || twin {
		return err
	}
	if len(same) == 0 || r.Choice == ImportBoth {
		return nil
	}
	j.existing = same[0].id
	if r.Choice == "" {
		j.add(RowDuplicate, "name", "registry.duplicate", fault.Args{"name": same[0].name, "id": same[0].id}, choices()...)
	}
	return nil
}

// idOf is the hash of the row's id number; "" where it has none or a wrong one.
func (c *checker) idOf(j judgement) string {
	if j.draft.IDNumber == "" || strings.Contains(j.draft.IDNumber, "•") || slices.ContainsFunc(j.issues, func(i Issue) bool { return i.Field == "id_number" && i.Level == RowError }) {
		return ""
	}
	return c.s.hash(sealed.IDNumber, j.draft.IDNumber)
}

// againstID finds who has the row's id number already, in any leaf: a person is counted once. Over a subject of another leaf no row is written.
func (c *checker) againstID(j *judgement, r *Row) (twin bool, err error) {
	hash := c.idOf(*j)
	if hash == "" {
		return false, nil
	}
	list, err := c.s.twinsByID(c.ctx, c.s.db.Read(), hash, j.draft.Model)
	if err != nil || len(list) == 0 || r.Choice == ImportBoth {
		return false, err
	}
	t, fixes := list[0], []Fix{{Kind: KeepExisting, Group: KeepExisting}, {Kind: ImportBoth, Group: ImportBoth}}
	if at := slices.IndexFunc(list, func(t twinOf) bool { return t.placeID == j.draft.PlaceID }); at >= 0 {
		t, fixes = list[at], choices()
		j.existing = t.id
	}
	if r.Choice == "" || r.Choice == UpdateExisting && j.existing == "" {
		key, args, err := c.s.tellTwin(c.ctx, c.s.db.Read(), c.by, t)
		if err != nil {
			return false, err
		}
		j.add(RowDuplicate, "id_number", key, args, fixes...)
	}
	return true, nil
}

func choices() []Fix {
	return []Fix{
		{Kind: KeepExisting, Group: KeepExisting}, {Kind: UpdateExisting, Group: UpdateExisting}, {Kind: ImportBoth, Group: ImportBoth},
	}
}

// alike says whether a subject of the same folded name in the same leaf may be the row's.
func alike(k known, d Draft) bool {
	if !birthsAgree(k.birth, d.BirthYear) {
		return false
	}
	if d.Model == Citizen && k.birth == 0 && d.BirthYear == 0 {
		return k.family == d.FamilyID
	}
	return true
}

// subjectOf takes the one family that a register's line can mean.
func (c *checker) subjectOf(j *judgement, same []known) {
	switch len(same) {
	case 0:
		j.add(RowError, "name", "registry.family_unknown", fault.Args{"name": j.draft.Name})
	case 1:
		j.existing = same[0].id
	default:
		j.add(RowError, "name", "registry.family_several", fault.Args{"name": j.draft.Name, "count": len(same)})
	}
}

func (c *checker) againstCommunity(j *judgement, r *Row) error {
	list, err := c.inLeaf(c.existing, j.draft.PlaceID, Community)
	if err != nil || len(list) == 0 {
		return err
	}
	j.existing = j.draft.PlaceID
	if r.Choice == "" {
		j.add(RowDuplicate, "area", "registry.duplicate", fault.Args{"name": j.draft.Name, "id": j.draft.PlaceID}, choices()[:2]...)
	}
	return nil
}

// familyOf finds a citizen's family by the name of its head.
func (c *checker) familyOf(j *judgement) error {
	head := j.cell("family").Text
	if head == "" || j.draft.PlaceID == "" {
		return nil
	}
	list, err := c.inLeaf(c.families, j.draft.PlaceID, Family)
	if err != nil {
		return err
	}
	switch same := list[text.Fold(head)]; len(same) {
	case 1:
		j.draft.FamilyID = same[0].id
	case 0:
		j.add(RowError, "family", "registry.family_unknown", fault.Args{"name": head})
	default:
		j.add(RowError, "family", "registry.family_several", fault.Args{"name": head, "count": len(same)})
	}
	return nil
}

// sameRow compares two rows of one file that share a key.
func sameRow(a, b judgement) bool {
	return alike(known{birth: a.draft.BirthYear, family: a.draft.FamilyID}, b.draft)
}
