// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"strconv"

	"hoctap/internal/store"
)

// scope is what is counted: one subject of a leaf, or all when id is empty, for a year.
type scope struct {
	placeID, id string
	year        int
}

// query returns base, narrowed by one when a single subject is meant, with the arguments: year, leaf, subject.
func (of scope) query(base, one string) (string, []any) {
	if of.id == "" {
		return base, []any{of.year, of.placeID}
	}
	return base + one, []any{of.year, of.placeID, of.id}
}

// holds says whether s holds a title in year $1: one granted for year Y counts for Y … until_year while it is valid. Table title
// belongs to recognition, to the right of this package; reading it here is the accepted exception to the order of
// packages. An exemplary title is no second one: it goes with a recognition of its own year. A title stays at the leaf where it was granted while its holder may have moved, so the join is by subject alone; a title
// of a duplicate that was merged into s is s's.
const holds = `CASE
	WHEN EXISTS (SELECT 1 FROM title t
		WHERE t.subject_id = s.id AND t.model = s.model AND t.state = 'valid' AND NOT t.exemplary AND t.year <= $1 AND t.until_year >= $1) THEN 1
	WHEN EXISTS (SELECT 1 FROM subject g JOIN title t ON t.subject_id = g.id
		WHERE g.merged_into = s.id AND g.merged_into <> '' AND t.model = s.model AND t.state = 'valid' AND NOT t.exemplary
			AND t.year <= $1 AND t.until_year >= $1) THEN 1
	ELSE 0 END`

// familyRow is a family as the counts see it, on the list of group where there is one.
type familyRow struct {
	group, id string
	adults    int64
	holds     int64
}

func scanFamily(row store.Scanner) (f familyRow, err error) {
	return f, row.Scan(&f.group, &f.id, &f.adults, &f.holds)
}

// personRow is a citizen as the counts see it; of is the family, or on a unit's list what the member is there.
type personRow struct {
	group, of string
	birth     int
	holds     int64
}

func scanPerson(row store.Scanner) (p personRow, err error) {
	return p, row.Scan(&p.group, &p.of, &p.birth, &p.holds)
}

// toldRow is a register's count of holders in a family.
type toldRow struct{ group, family, value string }

func scanTold(row store.Scanner) (t toldRow, err error) {
	return t, row.Scan(&t.group, &t.family, &t.value)
}

func (t toldRow) count() int64 {
	n, err := strconv.ParseInt(t.value, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

const (
	leafFamilies = `SELECT '', s.id, s.adults, ` + holds + ` FROM subject s WHERE s.place_id = $2 AND s.model = 'family' AND s.state = 'active'`
	leafPersons  = `SELECT '', s.family_id, s.birth_year, ` + holds + ` FROM subject s
		WHERE s.place_id = $2 AND s.model = 'citizen' AND s.state = 'active'`
	leafTold = `SELECT '', e.subject_id, e.value FROM register_entry e WHERE e.year = $1 AND e.key = '` + CitizenTitles + `' AND e.place_id = $2`
)

// households reads the families of the leaf, or the one.
func (of scope) households(ctx context.Context, tx *store.Tx) (h households, err error) {
	query, args := of.query(leafFamilies, ` AND s.id = $3`)
	if h.families, err = store.Collect(ctx, tx, scanFamily, query, args...); err != nil {
		return h, err
	}
	err = of.people(ctx, tx, &h)
	return h, err
}

// people reads who lives in the families, and what the national register says of them.
func (of scope) people(ctx context.Context, tx *store.Tx, h *households) (err error) {
	query, args := of.query(leafPersons, ` AND s.family_id = $3 AND s.family_id <> ''`) // the second so that the partial index serves
	if h.persons, err = store.Collect(ctx, tx, scanPerson, query, args...); err != nil {
		return err
	}
	query, args = of.query(leafTold, ` AND e.subject_id = $3`)
	told, err := store.Collect(ctx, tx, scanTold, query, args...)
	h.told = make(map[string]int64, len(told))
	for _, t := range told {
		h.told[t.family] = t.count()
	}
	return err
}

const (
	clanFamilies = `SELECT m.group_id, s.id, s.adults, ` + holds + `
		FROM membership m JOIN subject s ON s.place_id = m.member_place_id AND s.id = m.member_id
		WHERE m.place_id = $2 AND m.member = 'family' AND s.model = 'family' AND s.state = 'active'`
	clanPersons = `SELECT m.group_id, s.family_id, s.birth_year, ` + holds + `
		FROM membership m JOIN subject s ON s.place_id = m.member_place_id AND s.family_id = m.member_id AND s.family_id <> ''
		WHERE m.place_id = $2 AND m.member = 'family' AND s.model = 'citizen' AND s.state = 'active'`
	clanTold = `SELECT m.group_id, e.subject_id, e.value
		FROM register_entry e JOIN membership m ON m.member_place_id = e.place_id AND m.member_id = e.subject_id
		WHERE e.year = $1 AND e.key = '` + CitizenTitles + `' AND m.place_id = $2 AND m.member = 'family'`
	oneGroup = ` AND m.group_id = $3`
)

// clanHouseholds reads the families on the lists of the leaf's clans, wherever they live, by clan.
func (of scope) clanHouseholds(ctx context.Context, tx *store.Tx) (map[string]households, error) {
	query, args := of.query(clanFamilies, oneGroup)
	families, err := store.Collect(ctx, tx, scanFamily, query, args...)
	if err != nil {
		return nil, err
	}
	query, args = of.query(clanPersons, oneGroup)
	persons, err := store.Collect(ctx, tx, scanPerson, query, args...)
	if err != nil {
		return nil, err
	}
	query, args = of.query(clanTold, oneGroup)
	told, err := store.Collect(ctx, tx, scanTold, query, args...)
	if err != nil {
		return nil, err
	}
	lists := map[string]households{}
	for _, f := range families {
		h, ok := lists[f.group]
		if !ok {
			h.told = map[string]int64{}
		}
		h.families = append(h.families, f)
		lists[f.group] = h
	}
	for _, p := range persons {
		if h, ok := lists[p.group]; ok {
			h.persons = append(h.persons, p)
			lists[p.group] = h
		}
	}
	for _, t := range told {
		if h, ok := lists[t.group]; ok {
			h.told[t.family] = t.count()
		}
	}
	return lists, nil
}

const areaClans = `
	SELECT s.id, ` + holds + ` FROM subject s WHERE s.place_id = $2 AND s.model = 'clan' AND s.state = 'active'
	UNION
	SELECT s.id, ` + holds + `
	FROM subject f
	JOIN membership m ON m.member_id = f.id AND m.member_place_id = f.place_id AND m.member = 'family'
	JOIN subject s ON s.place_id = m.place_id AND s.id = m.group_id
	WHERE f.place_id = $2 AND f.model = 'family' AND f.state = 'active' AND s.model = 'clan' AND s.state = 'active'`

// clansOfArea counts the clans that lie in the leaf or have a family in it.
func (of scope) clansOfArea(ctx context.Context, tx *store.Tx) (c Count, err error) {
	err = store.Each(ctx, tx, func(row store.Scanner) error {
		var id string
		var holds int64
		if err := row.Scan(&id, &holds); err != nil {
			return err
		}
		c = c.plus(Count{1, holds})
		return nil
	}, areaClans, of.year, of.placeID)
	return c, err
}

const unitPersons = `SELECT m.group_id, m.member, s.birth_year, ` + holds + `
	FROM membership m JOIN subject s ON s.place_id = m.member_place_id AND s.id = m.member_id
	WHERE m.place_id = $2 AND m.member IN ('unit_member', 'learner') AND s.state = 'active'`

func (of scope) unitPersons(ctx context.Context, tx *store.Tx) ([]personRow, error) {
	query, args := of.query(unitPersons, oneGroup)
	return store.Collect(ctx, tx, scanPerson, query, args...)
}

// groupRow is a clan or unit with its own head count.
type groupRow struct {
	id              string
	members, adults int64
}

const (
	leafGroups = `SELECT id, members, adults FROM subject WHERE place_id = $1 AND model = $2 AND state = 'active'`
	leafGroup  = leafGroups + ` AND id = $3`
)

func (of scope) groups(ctx context.Context, tx *store.Tx, model string) ([]groupRow, error) {
	query, args := leafGroups, []any{of.placeID, model}
	if of.id != "" {
		query, args = leafGroup, append(args, of.id)
	}
	return store.Collect(ctx, tx, func(row store.Scanner) (g groupRow, err error) {
		return g, row.Scan(&g.id, &g.members, &g.adults)
	}, query, args...)
}
