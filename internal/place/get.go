// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

const selectPlace = `SELECT ` + columns + joined + `
	WHERE p.id = $1
	ORDER BY CASE WHEN r.valid_from <= $2 THEN 0 ELSE 1 END, r.valid_from DESC LIMIT 1`

// Get returns a place with its parents as of today, or of its last day when it exists no more. It fails with
// fault.NotFound.
func (s *Service) Get(ctx context.Context, id string) (p Place, err error) {
	defer fault.Wrap(&err, "place.Get(%s)", id)
	return get(ctx, s.db.Read(), id, s.today())
}

// get returns the place with the parents of date, or the last ones before.
func get(ctx context.Context, tx *store.Tx, id, date string) (Place, error) {
	if !storable(id) || !storable(date) {
		return Place{}, fault.NotFound("place", strings.ToValidUTF8(id, "?"))
	}
	p, found, err := store.One(ctx, tx, scan, selectPlace, id, date)
	if err == nil && !found {
		err = fault.NotFound("place", id)
	}
	return p, err
}

// storable says whether a text from an address can stand in the database at all; PostgreSQL fails on any other.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// At returns a place with its name and parents as of date. It fails with fault.NotFound, also for a place that did not
// exist on that day.
func (s *Service) At(ctx context.Context, id, date string) (p Place, err error) {
	defer fault.Wrap(&err, "place.At(%s, %s)", id, date)
	return at(ctx, s.db.Read(), id, date)
}

func at(ctx context.Context, tx *store.Tx, id, date string) (Place, error) {
	p, err := get(ctx, tx, id, date)
	if err != nil {
		return p, err
	}
	if p = p.then(date); !p.On(date) {
		return p, &fault.Fault{Kind: fault.KindNotFound, Key: "not_found.place_then",
			Args: fault.Args{"id": id, "place": p.FullName(), "date": date}}
	}
	return p, nil
}

// on reads the date a caller gave: empty means today, or the nearest day on which the place existed.
func (s *Service) on(ctx context.Context, tx *store.Tx, id, date string) (Place, string, error) {
	if date != "" {
		p, err := at(ctx, tx, id, date)
		return p, date, err
	}
	p, err := get(ctx, tx, id, s.today())
	if err != nil {
		return p, date, err
	}
	date = min(max(s.today(), p.ValidFrom), p.ValidTo)
	return p, date, nil
}

const selectByCode = `SELECT ` + columns + joined + `
	WHERE p.level = $1 AND p.code = $2 AND p.valid_from <= $3 AND p.valid_to >= $3 AND r.valid_from <= $3 AND r.valid_to >= $3`

// ByCode returns the unit that had this official code on date ("" = today); the same code names another unit on
// another day. It fails with fault.NotFound.
func (s *Service) ByCode(ctx context.Context, level, code, date string) (p Place, err error) {
	defer fault.Wrap(&err, "place.ByCode(%s, %s, %s)", level, code, date)
	if date == "" {
		date = s.today()
	}
	if !storable(code) || !storable(date) {
		return p, fault.NotFound("place_code", strings.ToValidUTF8(code, "?"))
	}
	p, found, err := store.One(ctx, s.db.Read(), scan, selectByCode, level, code, date)
	if err == nil && !found {
		err = fault.NotFound("place_code", code)
	}
	return p, err
}

const selectPath = `
	SELECT path FROM place_parent WHERE place_id = $1
	ORDER BY CASE WHEN valid_from <= $2 THEN 0 ELSE 1 END, valid_from DESC LIMIT 1`

// Path returns the chain of ids from the top down to the place, as of today or of its last day: what every permission
// check is made on. A nil tx reads outside a transaction. It fails with fault.NotFound.
func (s *Service) Path(ctx context.Context, tx *store.Tx, id string) (path string, err error) {
	if tx == nil {
		tx = s.db.Read()
	}
	if !storable(id) {
		return "", fault.NotFound("place", strings.ToValidUTF8(id, "?"))
	}
	path, found, err := store.One(ctx, tx, store.Value[string], selectPath, id, s.today())
	if err == nil && !found {
		err = fault.NotFound("place", id)
	}
	return path, err
}

// chunk is how many ids one query asks for at most.
const chunk = 256

// padded repeats the last id until their number is a power of two, so that the texts of such queries are few: SQLite keeps
// each one prepared.
func padded(ids []string) []string {
	list := slices.Clone(ids)
	for len(list)&(len(list)-1) != 0 {
		list = append(list, ids[len(ids)-1])
	}
	return list
}

// Names returns the full name of each id that exists.
func (s *Service) Names(ctx context.Context, ids ...string) (names map[string]string, err error) {
	defer fault.Wrap(&err, "place.Names")
	names = make(map[string]string, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		var w store.Where
		w.In("id", padded(ids[:n])...)
		ids = ids[n:]
		if err := store.Each(ctx, s.db.Read(), func(row store.Scanner) error {
			var id, kind, name string
			if err := row.Scan(&id, &kind, &name); err != nil {
				return err
			}
			names[id] = fullName(kind, name)
			return nil
		}, `SELECT id, kind, name FROM place`+w.SQL(), w.Args()...); err != nil {
			return nil, err
		}
	}
	return names, nil
}
