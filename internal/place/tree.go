// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

const selectChildren = `SELECT ` + columns + joined + `
	WHERE r.parent_id = $1 AND r.valid_from <= $2 AND r.valid_to >= $2`

// Children returns the places directly below id on date ("" = today, or the last day of id), in natural order, "Khu 2"
// before "Khu 10", the own leaf last. It fails with fault.NotFound when id did not exist then.
func (s *Service) Children(ctx context.Context, id, date string) (list []Place, err error) {
	defer fault.Wrap(&err, "place.Children(%s, %s)", id, date)
	_, date, err = s.on(ctx, s.db.Read(), id, date)
	if err != nil {
		return nil, err
	}
	return s.list(ctx, date, selectChildren, id, date)
}

// selectLeaves hides the level from SQLite's planner: it would walk every area of the country by its index on level rather than the
// range of paths.
const selectLeaves = `SELECT ` + columns + joined + `
	WHERE r.path >= $1 AND r.path < $2 AND r.valid_from <= $3 AND r.valid_to >= $3 AND p.level || '' IN ('area', 'own')`

// Leaves returns the areas and own leaves at or below id on date ("" = today, or the last day of id), by commune and in
// natural order. It fails with fault.NotFound when id did not exist then.
func (s *Service) Leaves(ctx context.Context, id, date string) (list []Place, err error) {
	defer fault.Wrap(&err, "place.Leaves(%s, %s)", id, date)
	p, date, err := s.on(ctx, s.db.Read(), id, date)
	if err != nil {
		return nil, err
	}
	list, err = s.list(ctx, date, selectLeaves, p.Path, store.PathEnd(p.Path), date)
	slices.SortStableFunc(list, func(a, b Place) int { return strings.Compare(a.ParentID, b.ParentID) })
	return list, err
}

func (s *Service) list(ctx context.Context, date, query string, args ...any) ([]Place, error) {
	list, err := store.Collect(ctx, s.db.Read(), scan, query, args...)
	for i := range list {
		list[i] = list[i].then(date)
	}
	sortNaturally(list)
	return list, err
}

// Ancestors returns the places above id on date ("" = today, or the last day of id), the country first and the parent
// last. It fails with fault.NotFound when id did not exist then.
func (s *Service) Ancestors(ctx context.Context, id, date string) (list []Place, err error) {
	defer fault.Wrap(&err, "place.Ancestors(%s, %s)", id, date)
	p, date, err := s.on(ctx, s.db.Read(), id, date)
	if err != nil {
		return nil, err
	}
	above := strings.Split(strings.Trim(p.Path, "/"), "/")
	above = above[:len(above)-1]
	if len(above) == 0 {
		return nil, nil
	}
	var w store.Where
	w.In("p.id", padded(above)...).And("r.valid_from <= ?", date).And("r.valid_to >= ?", date)
	list, err = store.Collect(ctx, s.db.Read(), scan, `SELECT `+columns+joined+w.SQL(), w.Args()...)
	slices.SortFunc(list, func(a, b Place) int { return len(a.Path) - len(b.Path) })
	return list, err
}
