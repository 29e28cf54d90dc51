// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/keyring"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// The places of the tests: two communes of 2025, and two that went into the first.
const (
	hyCuong = "08515@2025-07-01"
	vietTri = "07900@2025-07-01"
)

const places = `INSERT INTO place (id, level, code, name, kind, fold, alt, valid_from, valid_to, attrs) VALUES
	('vn', 'country', 'vn', 'Việt Nam', '', '|viet nam|', '', '0001-01-01', '9999-12-31', '{}'),
	('25@2025-07-01', 'province', '25', 'Phú Thọ', 'Tỉnh', '|phu tho|tinh phu tho|25|', '', '2025-07-01', '9999-12-31', '{}'),
	('08515@2025-07-01', 'commune', '08515', 'Hy Cương', 'Xã', '|hy cuong|xa hy cuong|08515|', '', '2025-07-01', '9999-12-31', '{}'),
	('07900@2025-07-01', 'commune', '07900', 'Việt Trì', 'Phường', '|viet tri|phuong viet tri|07900|', '', '2025-07-01', '9999-12-31', '{}'),
	('own-08515@2025-07-01', 'own', 'own-08515@2025-07-01', 'Xã Hy Cương', '', '', '', '2025-07-01', '9999-12-31', '{}'),
	('own-07900@2025-07-01', 'own', 'own-07900@2025-07-01', 'Phường Việt Trì', '', '', '', '2025-07-01', '9999-12-31', '{}'),
	('08506@2006-11-25', 'commune', '08506', 'Chu Hóa', 'Xã', '|chu hoa|xa chu hoa|08506|', 'Chu Hoá', '2006-11-25', '2025-06-30', '{}'),
	('07900@0001-01-01', 'commune', '07900', 'Gia Cẩm', 'Phường', '|gia cam|phuong gia cam|07900|', '', '0001-01-01', '2025-06-30', '{}')`

const parents = `INSERT INTO place_parent (place_id, valid_from, valid_to, parent_id, path, commune_id, province_id) VALUES
	('vn', '0001-01-01', '9999-12-31', '', '/vn/', '', ''),
	('25@2025-07-01', '2025-07-01', '9999-12-31', 'vn', '/vn/25@2025-07-01/', '', '25@2025-07-01'),
	('08515@2025-07-01', '2025-07-01', '9999-12-31', '25@2025-07-01', '/vn/25@2025-07-01/08515@2025-07-01/', '08515@2025-07-01', '25@2025-07-01'),
	('07900@2025-07-01', '2025-07-01', '9999-12-31', '25@2025-07-01', '/vn/25@2025-07-01/07900@2025-07-01/', '07900@2025-07-01', '25@2025-07-01'),
	('own-08515@2025-07-01', '2025-07-01', '9999-12-31', '08515@2025-07-01', '/vn/25@2025-07-01/08515@2025-07-01/own-08515@2025-07-01/', '08515@2025-07-01', '25@2025-07-01'),
	('own-07900@2025-07-01', '2025-07-01', '9999-12-31', '07900@2025-07-01', '/vn/25@2025-07-01/07900@2025-07-01/own-07900@2025-07-01/', '07900@2025-07-01', '25@2025-07-01'),
	('08506@2006-11-25', '2006-11-25', '2025-06-30', 'vn', '/vn/08506@2006-11-25/', '08506@2006-11-25', ''),
	('07900@0001-01-01', '0001-01-01', '2025-06-30', 'vn', '/vn/07900@0001-01-01/', '07900@0001-01-01', '')`

const successions = `INSERT INTO place_succession (old_id, new_id, date, relation, instrument, note) VALUES
	('08506@2006-11-25', '08515@2025-07-01', '2025-07-01', 'full', 'NQ 1676', ''),
	('07900@0001-01-01', '07900@2025-07-01', '2025-07-01', 'full', 'NQ 1676', '')`

// The actors: an officer of each commune, a volunteer of one area, one who only reads.
var (
	officer   = identity.Actor{ID: "officer", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: hyCuong}}}
	neighbour = identity.Actor{ID: "neighbour", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: vietTri}}}
	viewer    = identity.Actor{ID: "viewer", Grants: []identity.Grant{{Role: identity.Viewer, PlaceID: hyCuong}}}
	province  = identity.Actor{ID: "province", Grants: []identity.Grant{{Role: identity.ProvinceOfficer, PlaceID: "25@2025-07-01"}}}
)

// world is a registry with its areas.
type world struct {
	testing.TB
	db     *store.DB
	places *place.Service
	*registry.Service
	khu1, khu2, doi, far string // areas: Khu 1, Khu 2 and Khu Đồi Chiềng of Hy Cương, Khu 1 of Việt Trì
	clock                atomic.Int64
	heard                []registry.Event
	deaf                 bool            // the listener keeps nothing
	refuse               map[string]bool // subjects that the listener does not let go
}

func (w *world) now() time.Time { return time.UnixMicro(w.clock.Load()).UTC() }

func (w *world) listen(_ context.Context, _ *store.Tx, _ identity.Actor, events []registry.Event) error {
	for _, e := range events {
		if e.Change == registry.Removed && w.refuse[e.Subject.ID] {
			return fault.Conflict("assessment.in_use")
		}
	}
	if !w.deaf {
		w.heard = append(w.heard, events...)
	}
	return nil
}

// each runs test on a fresh world per engine.
func each(t *testing.T, test func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(newWorld(t, db)) })
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{TB: t, db: db, refuse: map[string]bool{}}
	w.clock.Store(time.Date(2026, 11, 25, 8, 0, 0, 0, store.Zone).UnixMicro())
	w.places = place.New(db, w.now)
	w.Service = registry.New(db, w.places, w.now, w.listen)
	w.Service.Keys = keyring.Fresh()
	w.write(func(tx *store.Tx) error {
		for _, text := range []string{places, parents, successions} {
			if _, err := tx.Exec(w.Context(), text); err != nil {
				return err
			}
		}
		here, err := w.places.CreateAreas(w.Context(), tx, identity.System, hyCuong, []place.AreaDraft{{Name: "Khu 1"}, {Name: "Khu 2"}, {Name: "Khu Đồi Chiềng"}})
		if err != nil {
			return err
		}
		there, err := w.places.CreateAreas(w.Context(), tx, identity.System, vietTri, []place.AreaDraft{{Name: "Khu 1"}})
		if err != nil {
			return err
		}
		w.khu1, w.khu2, w.doi, w.far = here[0].ID, here[1].ID, here[2].ID, there[0].ID
		_, err = w.AddCommunities(w.Context(), tx, identity.System, append(here, there...)...)
		return err
	})
	w.heard = nil
	return w
}

func (w *world) write(fn func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// save saves a draft that must be right.
func (w *world) save(by identity.Actor, d registry.Draft) registry.Subject {
	w.Helper()
	r, err := w.Save(w.Context(), by, d)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

func (w *world) family(placeID, name string, more ...func(*registry.Draft)) registry.Subject {
	w.Helper()
	d := registry.Draft{PlaceID: placeID, Model: registry.Family, Name: name}
	for _, m := range more {
		m(&d)
	}
	return w.save(identity.System, d)
}

func (w *world) citizen(placeID, familyID, name string, birth int) registry.Subject {
	w.Helper()
	return w.save(identity.System, registry.Draft{PlaceID: placeID, Model: registry.Citizen, FamilyID: familyID, Name: name, BirthYear: birth})
}

func born(year int) func(*registry.Draft)       { return func(d *registry.Draft) { d.BirthYear = year } }
func phone(number string) func(*registry.Draft) { return func(d *registry.Draft) { d.Phone = number } }
func adults(n int) func(*registry.Draft)        { return func(d *registry.Draft) { d.Adults = n } }
func members(n int) func(*registry.Draft)       { return func(d *registry.Draft) { d.Members = n } }
func address(line string) func(*registry.Draft) { return func(d *registry.Draft) { d.Address = line } }
func numbered(no string) func(*registry.Draft)  { return func(d *registry.Draft) { d.Number = no } }

// title gives a subject a title, as recognition will.
func (w *world) title(r registry.Subject, year, until int, state string) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		id := store.NewID()
		_, err := tx.Exec(w.Context(), `
			INSERT INTO title (place_id, id, subject_id, assessment_id, model, from_year, year, until_year, level, exemplary, name, area_name,
				no, decision_id, origin_id, decided_on, code, state)
			VALUES ($1, $2, $3, '', $4, $5, $5, $6, '', false, '', '', 1, '', '', '', $7, $8)`, r.PlaceID, id, r.ID, r.Model, year, until, id[14:], state)
		return err
	})
}

// names lists the active subjects of a leaf and model.
func (w *world) names(placeID, model string) []string {
	w.Helper()
	page, err := w.Find(w.Context(), identity.System, registry.Filter{PlaceIDs: []string{placeID}, Model: model, Limit: 500})
	if err != nil {
		w.Fatal(err)
	}
	out := []string{}
	for _, r := range page.Subjects {
		out = append(out, r.Name)
	}
	return out
}

// everything reads all that the registry holds and that must come back after an undo: versions, times and batches apart.
func (w *world) everything() []string {
	w.Helper()
	var out []string
	for _, q := range []string{
		`SELECT place_id || '|' || id || '|' || model || '|' || name || '|' || fold || '|' || sort || '|' || number || '|' || family_id || '|' || kind || '|' ||
			address || '|' || phone_hash || '|' || id_hash || '|' || id_tail || '|' || body || '|' || CAST(birth_year AS text) || '|' || sex || '|' || ethnic || '|' || CAST(members AS text) || '|' ||
			CAST(adults AS text) || '|' || CAST(children AS text) || '|' || state || '|' || merged_into FROM subject`,
		`SELECT place_id || '|' || group_id || '|' || member_id || '|' || member_place_id || '|' || member FROM membership`,
		`SELECT place_id || '|' || subject_id || '|' || CAST(year AS text) || '|' || key || '|' || value || '|' || source FROM register_entry`,
	} {
		list, err := store.Collect(w.Context(), w.db.Read(), store.Value[string], q)
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, list...)
	}
	slices.Sort(out)
	return out
}

// csv is a file as an import gets it.
func csv(lines ...string) registry.Source {
	b := []byte(strings.Join(lines, "\n") + "\n")
	return registry.Source{File: bytes.NewReader(b), Size: int64(len(b))}
}

// checked uploads and checks a file.
func (w *world) checked(by identity.Actor, placeID, model string, src registry.Source) registry.Batch {
	w.Helper()
	b, err := w.Upload(w.Context(), by, registry.Upload{Source: src, PlaceID: placeID, Model: model, FileName: "danh-sach.csv", FileSHA: "x"})
	if err != nil {
		w.Fatal(err)
	}
	if b, err = w.Check(w.Context(), by, b.ID, b.Version, src); err != nil {
		w.Fatal(err)
	}
	return b
}

func (w *world) imported(b registry.Batch, doubts bool) registry.Batch {
	w.Helper()
	b, err := w.Import(w.Context(), officer, b.ID, b.Version, doubts, nil)
	if err != nil {
		w.Fatal(err)
	}
	return b
}

// rows returns all rows of a batch.
func (w *world) rows(id string, states ...registry.RowState) []registry.Row {
	w.Helper()
	rows, err := w.Rows(w.Context(), identity.System, id, registry.RowFilter{States: states, Limit: 500})
	if err != nil {
		w.Fatal(err)
	}
	return rows
}

// brief writes a row's issues as "field key" lists.
func brief(r registry.Row) string {
	var out []string
	for _, i := range r.Issues {
		out = append(out, i.Field+" "+strings.TrimPrefix(i.Key, "registry."))
	}
	return strings.Join(out, "; ")
}

func kind(err error) fault.Kind { return fault.KindOf(err) }

// key returns the key of a fault, and those of its fields.
func key(err error) string {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return ""
	}
	out := f.Key
	for _, e := range f.Fields {
		out += "; " + e.Field + " " + e.Key
	}
	return out
}

func sqlite(t *testing.T) *store.DB { return storetest.SQLite(t) }
