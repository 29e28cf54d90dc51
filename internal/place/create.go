// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"context"
	"encoding/json"
	"fmt"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// CreateArea creates a residential area in a commune. It fails with fault.Denied when by may not edit the places of that
// commune, fault.Invalid for a broken rule or a name that the commune has already, fault.Conflict when the commune was split.
func (s *Service) CreateArea(ctx context.Context, by identity.Actor, draft AreaDraft) (p Place, err error) {
	defer fault.Wrap(&err, "place.CreateArea(%s)", draft.CommuneID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		list, err := s.create(ctx, tx, by, draft.CommuneID, []AreaDraft{draft}, func(i int, field string) string { return field })
		if err == nil {
			p = list[0]
		}
		return err
	})
	return p, err
}

// CreateAreas creates areas of one commune in the caller's transaction, all or none: for import and demo. CommuneID of the
// drafts may be empty. It fails as CreateArea does; fields are named "<index>.name".
func (s *Service) CreateAreas(ctx context.Context, tx *store.Tx, by identity.Actor, communeID string, drafts []AreaDraft) (list []Place, err error) {
	defer fault.Wrap(&err, "place.CreateAreas(%s)", communeID)
	return s.create(ctx, tx, by, communeID, drafts, func(i int, field string) string { return fmt.Sprintf("%d.%s", i, field) })
}

// lockCommune makes two writers of one commune wait for each other, so that both cannot create the same name.
const lockCommune = `UPDATE place SET version = version WHERE id = $1 AND level = 'commune'`

func (s *Service) create(ctx context.Context, tx *store.Tx, by identity.Actor, communeID string, drafts []AreaDraft, field func(int, string) string) ([]Place, error) {
	if n, err := tx.Exec(ctx, lockCommune, communeID); err != nil {
		return nil, err
	} else if n == 0 {
		return nil, fault.NotFound("commune", communeID)
	}
	commune, err := get(ctx, tx, communeID, s.today())
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.EditPlaces, commune.Path, commune.FullName()); err != nil {
		return nil, err
	}
	taken, err := names(ctx, tx, commune)
	if err != nil {
		return nil, err
	}
	var broken []fault.FieldError
	list := make([]Place, 0, len(drafts))
	for i, d := range drafts {
		wrong := d.broken()
		d = d.clean()
		if key := same(fullName(d.Kind, d.Name)); len(wrong) == 0 && taken[key] {
			wrong = append(wrong, fault.Field("name", "place.name_taken", "name", fullName(d.Kind, d.Name), "place", commune.FullName()))
		} else {
			taken[key] = true
		}
		var stays []stay
		if len(wrong) == 0 {
			if stays, wrong, err = s.stays(ctx, tx, commune, d); err != nil {
				return nil, err
			}
		}
		if len(wrong) > 0 {
			for _, e := range wrong {
				e.Field = field(i, e.Field)
				broken = append(broken, e)
			}
			continue
		}
		// The draft's commune may have been merged since: what counts is who answers for the area today.
		if err := by.Check(identity.EditPlaces, stays[len(stays)-1].path, commune.FullName()); err != nil {
			return nil, err
		}
		p, err := s.insertArea(ctx, tx, by, d, stays)
		if err != nil {
			return nil, err
		}
		if p.Region = d.Region; p.Region == "" {
			p.Region = commune.Region
		}
		list = append(list, p)
	}
	return list, fault.Invalid(broken...)
}

const selectNames = `
	SELECT p.kind, p.name FROM place p JOIN place_parent r ON r.place_id = p.id
	WHERE r.parent_id = $1 AND p.level = 'area' AND p.valid_to >= $2 AND p.id <> $3`

// names returns the keys of the areas that the commune has, or will have; those closed earlier do not count.
func names(ctx context.Context, tx *store.Tx, commune Place, except ...string) (map[string]bool, error) {
	except = append(except, "")
	taken := map[string]bool{}
	err := store.Each(ctx, tx, func(row store.Scanner) error {
		var kind, name string
		if err := row.Scan(&kind, &name); err != nil {
			return err
		}
		taken[same(fullName(kind, name))] = true
		return nil
	}, selectNames, commune.ID, commune.ValidTo, except[0])
	return taken, err
}

// stay is a time that an area lies in one place.
type stay struct{ from, to, parent, path, commune, province string }

const selectStays = `
	SELECT valid_from, valid_to, place_id, path, commune_id, province_id FROM place_parent
	WHERE place_id = $1 AND valid_to >= $2 ORDER BY valid_from`

// stays works out where an area of the draft lay, from its first day on: in the communes that led to the draft's, then in
// that one, then, where it has been succeeded as a whole, in its successors.
func (s *Service) stays(ctx context.Context, tx *store.Tx, commune Place, d AreaDraft) ([]stay, []fault.FieldError, error) {
	first := commune
	if d.OldCommuneID != "" {
		var err error
		if first, err = get(ctx, tx, d.OldCommuneID, s.today()); err != nil {
			return nil, nil, err
		}
	}
	if d.From == "" {
		d.From = first.ValidFrom
	}
	switch {
	case d.From < first.ValidFrom:
		return nil, []fault.FieldError{fault.Field("from", "place.from_before", "place", first.FullName(), "from", first.ValidFrom)}, nil
	case d.From > first.ValidTo:
		return nil, []fault.FieldError{fault.Field("from", "place.from_after", "place", first.FullName(), "to", first.ValidTo)}, nil
	}
	steps, err := reach(ctx, tx, "old_id", first.ID)
	if err != nil {
		return nil, nil, err
	}
	chain := lead(first.ID, commune.ID, steps)
	if chain == nil {
		return nil, []fault.FieldError{fault.Field("old_commune", "place.not_predecessor", "old", first.FullName(), "place", commune.FullName())}, nil
	}
	for next := steps[commune.ID]; len(next) > 0; next = steps[next[0].new] {
		if len(next) > 1 || next[0].relation == Partial {
			return nil, nil, fault.Conflict("place.split", "place", commune.FullName())
		}
		chain = append(chain, next[0].new)
	}
	var list []stay
	for _, id := range chain {
		part, err := store.Collect(ctx, tx, func(row store.Scanner) (t stay, err error) {
			return t, row.Scan(&t.from, &t.to, &t.parent, &t.path, &t.commune, &t.province)
		}, selectStays, id, d.From)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, part...)
	}
	if len(list) > 0 {
		list[0].from = max(list[0].from, d.From)
	}
	return list, nil, nil
}

// lead returns the way from one place to a later one, both ends included; nil when there is none.
func lead(from, to string, steps map[string][]step) []string {
	if from == to {
		return []string{from}
	}
	for _, t := range steps[from] {
		if way := lead(t.new, to, steps); way != nil {
			return append([]string{from}, way...)
		}
	}
	return nil
}

const insertPlace = `
	INSERT INTO place (id, level, code, name, kind, fold, valid_from, valid_to, region, attrs)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

const insertStay = `
	INSERT INTO place_parent (place_id, valid_from, valid_to, parent_id, path, commune_id, province_id)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`

func (s *Service) insertArea(ctx context.Context, tx *store.Tx, by identity.Actor, d AreaDraft, stays []stay) (Place, error) {
	id, last := store.NewID(), stays[len(stays)-1]
	p := Place{ID: id, Level: Area, Code: id, Name: d.Name, Kind: d.Kind, ValidFrom: stays[0].from, ValidTo: last.to, RegionSet: d.Region != "",
		ParentID: last.parent, Path: last.path + id + "/", CommuneID: last.commune, ProvinceID: last.province, Version: 1}
	attrs, err := json.Marshal(p.Attrs)
	if err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, insertPlace, id, Area, id, p.Name, p.Kind, fold(p), p.ValidFrom, p.ValidTo, d.Region, string(attrs)); err != nil {
		return p, err
	}
	for _, t := range stays {
		if _, err := tx.Exec(ctx, insertStay, id, t.from, t.to, t.parent, t.path+id+"/", t.commune, t.province); err != nil {
			return p, err
		}
	}
	return p, audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: id, ThingID: id, Thing: "place", Act: "create",
		After: map[string]string{"name": p.Name, "kind": p.Kind, "commune": last.commune, "from": p.ValidFrom, "region": d.Region}})
}
