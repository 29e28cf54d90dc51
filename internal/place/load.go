// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	placedata "hoctap/data/places"
	referencedata "hoctap/data/reference"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// dataSetting remembers which shipped data are in the database; loader changes when this package reads them otherwise.
const (
	dataSetting = "place.data"
	loader      = "1"
)

// portion is how many rows one transaction of the load writes.
const portion = 2000

// EnsureLoaded brings the shipped places, successions and targets into the database, once for each version of them, and
// says whether it had anything to do. Regions that a province has set stay. A load that was interrupted is done again.
func (s *Service) EnsureLoaded(ctx context.Context) (loaded bool, err error) {
	defer fault.Wrap(&err, "place.EnsureLoaded")
	version, err := versionOf(placedata.Files, referencedata.Files)
	if err != nil {
		return false, err
	}
	have, _, err := store.One(ctx, s.db.Read(), store.Value[string], selectSetting, dataSetting)
	if err != nil || have == version {
		return false, err
	}
	tree, err := read(placedata.Files)
	if err != nil {
		return false, err
	}
	if err := tree.check(); err != nil {
		return false, err
	}
	targets, err := readTargets(referencedata.Files)
	if err != nil {
		return false, err
	}
	return true, s.load(ctx, tree, targets, version)
}

// versionOf is a digest of the files that are loaded.
func versionOf(sets ...fs.FS) (string, error) {
	sum := sha256.New()
	sum.Write([]byte(loader))
	for _, files := range sets {
		names, err := fs.Glob(files, "*")
		if err != nil {
			return "", err
		}
		for _, name := range names {
			if name != targetsFile && !strings.HasSuffix(name, ".csv") {
				continue
			}
			body, err := fs.ReadFile(files, name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(sum, "%s %d\n", name, len(body))
			sum.Write(body)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:12]), nil
}

// What is loaded: a second load of the same thing brings it up to date.
var (
	loadPlace = store.NewBulk(`INSERT INTO place (id, level, code, name, kind, fold, alt, valid_from, valid_to, region, population, attrs) VALUES`, `
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, fold = excluded.fold, alt = excluded.alt,
		valid_to = excluded.valid_to, population = excluded.population, attrs = excluded.attrs`)
	loadStay = store.NewBulk(`INSERT INTO place_parent (place_id, valid_from, valid_to, parent_id, path, commune_id, province_id) VALUES`, `
		ON CONFLICT (place_id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, parent_id = excluded.parent_id,
		path = excluded.path, commune_id = excluded.commune_id, province_id = excluded.province_id`)
	loadStep = store.NewBulk(`INSERT INTO place_succession (old_id, new_id, date, relation, instrument, note) VALUES`, `
		ON CONFLICT (old_id, new_id, date) DO UPDATE SET relation = excluded.relation, instrument = excluded.instrument, note = excluded.note`)
	loadGoal = store.NewBulk(`INSERT INTO target (programme, year, model, region, whom, percent, verified, note) VALUES`, `
		ON CONFLICT (programme, year, model, region, whom) DO UPDATE SET percent = excluded.percent, verified = excluded.verified,
		note = excluded.note`)
)

const (
	putSetting  = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	seedSetting = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`
)

func (s *Service) load(ctx context.Context, tree *shipped, targets []Stated, version string) error {
	var places, stays, steps, goals []any
	for _, p := range tree.order {
		attrs, err := json.Marshal(p.Attrs)
		if err != nil {
			return err
		}
		places = append(places, p.ID, p.Level, p.Code, p.Name, p.Kind, fold(*p), p.Alt, p.ValidFrom, p.ValidTo, p.Region, p.Population, string(attrs))
		for _, t := range tree.stays[p.ID] {
			stays = append(stays, p.ID, t.from, t.to, t.parent, t.path, t.commune, t.province)
		}
	}
	for _, t := range tree.leads {
		steps = append(steps, t.old, t.new, t.date, t.relation, t.instrument, t.note)
	}
	for _, g := range targets {
		var percent any
		if g.Known {
			percent = g.Percent
		}
		goals = append(goals, g.Programme, g.Year, g.Model, g.Region, g.Whom, percent, g.Verified, g.Note)
	}
	for _, part := range []struct {
		into *store.Bulk
		rows []any
	}{{loadPlace, places}, {loadStay, stays}, {loadStep, steps}, {loadGoal, goals}} {
		for rows := range slices.Chunk(part.rows, portion*part.into.Columns()) {
			if err := s.db.Write(ctx, func(tx *store.Tx) error {
				_, err := part.into.Insert(ctx, tx, rows)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, seedSetting, programmesSetting, defaultProgrammes); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, putSetting, dataSetting, version)
		return err
	})
}
