// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// AreaName is a new name for an area.
type AreaName struct {
	Name string
	Kind string
	From string // first day of the new name; "" when the old one was only misspelt
}

const updateName = `UPDATE place SET name = $1, kind = $2, fold = $3, attrs = $4, version = version + 1 WHERE id = $5 AND version = $6`

// RenameArea gives an area a new name; its id, records and history stay. With a day in From the old name remains
// the one of the time before. It fails with fault.NotFound, fault.Denied, fault.Stale when version is not the newest, and
// fault.Invalid for a broken rule or a name that the commune has already.
func (s *Service) RenameArea(ctx context.Context, by identity.Actor, id string, version int64, to AreaName) (p Place, err error) {
	defer fault.Wrap(&err, "place.RenameArea(%s)", id)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		old, commune, err := s.editable(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if p, err = s.renamed(ctx, tx, old, commune, to); err != nil {
			return err
		}
		attrs, err := json.Marshal(p.Attrs)
		if err != nil {
			return err
		}
		if err := s.changed(ctx, tx, id, updateName, p.Name, p.Kind, fold(p), string(attrs), id, version); err != nil {
			return err
		}
		p.Version = version + 1
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: id, ThingID: id, Thing: "place", Act: "rename",
			Before: map[string]string{"name": old.Name, "kind": old.Kind},
			After:  map[string]string{"name": p.Name, "kind": p.Kind, "from": to.From}})
	})
	return p, err
}

func (s *Service) renamed(ctx context.Context, tx *store.Tx, p, commune Place, to AreaName) (Place, error) {
	broken := brokenName(to.Name, to.Kind)
	name := AreaDraft{Name: to.Name, Kind: to.Kind}.clean()
	if to.From != "" {
		since := p.ValidFrom
		if n := len(p.Attrs.Former); n > 0 {
			since = dayAfter(p.Attrs.Former[n-1].To)
		}
		switch {
		case !isDate(to.From):
			broken = append(broken, fault.Field("from", "place.date"))
		case to.From <= since || to.From > s.today():
			broken = append(broken, fault.Field("from", "place.from_rename", "after", since))
		}
	}
	taken, err := names(ctx, tx, commune, p.ID)
	if err != nil {
		return p, err
	}
	if full := fullName(name.Kind, name.Name); taken[same(full)] {
		broken = append(broken, fault.Field("name", "place.name_taken", "name", full, "place", commune.FullName()))
	}
	if len(broken) > 0 {
		return p, fault.Invalid(broken...)
	}
	if to.From != "" {
		p.Attrs.Former = append(slices.Clone(p.Attrs.Former), Former{Name: p.Name, Kind: p.Kind, To: dayBefore(to.From)})
	}
	p.Name, p.Kind = name.Name, name.Kind
	return p, nil
}

// editable returns an area that by may edit, and its commune, which stays locked until the transaction ends.
func (s *Service) editable(ctx context.Context, tx *store.Tx, by identity.Actor, id string) (area, commune Place, err error) {
	if area, err = get(ctx, tx, id, s.today()); err != nil {
		return area, commune, err
	}
	if area.Level != Area {
		return area, commune, fault.NotFound("area", id)
	}
	if err := by.Check(identity.EditPlaces, area.Path, area.FullName()); err != nil {
		return area, commune, err
	}
	if _, err := tx.Exec(ctx, lockCommune, area.CommuneID); err != nil {
		return area, commune, err
	}
	commune, err = get(ctx, tx, area.CommuneID, s.today())
	return area, commune, err
}

// changed runs an update that names the version it was based on.
func (s *Service) changed(ctx context.Context, tx *store.Tx, id, update string, args ...any) error {
	n, err := tx.Exec(ctx, update, args...)
	if err == nil && n == 0 {
		err = fault.Stale("place", id)
	}
	return err
}

const (
	closePlace = `UPDATE place SET valid_to = $1, version = version + 1 WHERE id = $2 AND version = $3`
	closeStay  = `UPDATE place_parent SET valid_to = $1 WHERE place_id = $2 AND valid_to > $1`
	dropStays  = `DELETE FROM place_parent WHERE place_id = $1 AND valid_from > $2`
)

// CloseArea ends an area with the day last; the caller has made sure that nothing open hangs on it. It fails with
// fault.NotFound, fault.Denied, fault.Stale, fault.Invalid for a day before the area's first, and fault.Conflict when it is
// closed already.
func (s *Service) CloseArea(ctx context.Context, by identity.Actor, id string, version int64, last string) (err error) {
	defer fault.Wrap(&err, "place.CloseArea(%s)", id)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		p, _, err := s.editable(ctx, tx, by, id)
		switch {
		case err != nil:
			return err
		case p.ValidTo != store.Still:
			return fault.Conflict("place.closed", "place", p.FullName(), "date", p.ValidTo)
		case !isDate(last):
			return fault.Invalid(fault.Field("last", "place.date"))
		case last < p.ValidFrom:
			return fault.Invalid(fault.Field("last", "place.last_before", "from", p.ValidFrom))
		}
		if err := s.changed(ctx, tx, id, closePlace, last, id, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, dropStays, id, last); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, closeStay, last, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: id, ThingID: id, Thing: "place", Act: "close",
			Before: map[string]string{"valid_to": p.ValidTo}, After: map[string]string{"valid_to": last}})
	})
}

const updateRegion = `UPDATE place SET region = $1, version = version + 1 WHERE id = $2 AND version = $3`

// SetRegion states the region kind of a commune or an area; an area with "" has its commune's. Because thresholds and
// targets are lower in mountainous regions, only who may edit the places of the province may do it. It fails with
// fault.NotFound, fault.Denied, fault.Stale and fault.Invalid for an unknown kind.
func (s *Service) SetRegion(ctx context.Context, by identity.Actor, id string, version int64, region string) (err error) {
	defer fault.Wrap(&err, "place.SetRegion(%s)", id)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		p, err := get(ctx, tx, id, s.today())
		if err != nil {
			return err
		}
		if p.Level != Commune && p.Level != Area {
			return fault.NotFound("commune", id)
		}
		above, _, _ := strings.Cut(p.Path, "/"+p.ProvinceID+"/")
		if err := by.Check(identity.EditPlaces, above+"/"+p.ProvinceID+"/", p.FullName()); err != nil {
			return err
		}
		if !isRegion(region) && (region != "" || p.Level == Commune) {
			return fault.Invalid(fault.Field("region", "place.region"))
		}
		if err := s.changed(ctx, tx, id, updateRegion, region, id, version); err != nil {
			return err
		}
		before := p.Region
		if !p.RegionSet {
			before = ""
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: id, ThingID: id, Thing: "place", Act: "region",
			Before: map[string]string{"region": before}, After: map[string]string{"region": region}})
	})
}
