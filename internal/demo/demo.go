// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package demo fills an empty database with invented people and their years of assessment, for trying the program, for its tests
// and for its measurements. Places, criteria sets and targets are the real ones; every name, figure and picture is made
// up, and setting "demo" tells the pages to say so.
//
// It is an edge: it may use every domain package, and nobody imports it but cmd. A million families would take hours through
// the verbs, so it writes many rows past them, in the shape in which they leave them; its tests hold it to that by
// running every verification over what it wrote and by saving its sheets again through the verbs.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// DefaultFamilies is the size of the demo that "make run" fills in.
const DefaultFamilies = 3000

// Password opens every account of a demo.
const Password = "hoc-tap-suot-doi"

// Setting keys: demoSetting tells pages that the data are invented, doneSetting that a fill came to its end.
const (
	demoSetting = "demo"
	doneSetting = "demo.done"
)

// Services is what a fill works with.
type Services struct {
	DB          *store.DB
	Blobs       blob.Store // nil: no pictures
	Identity    *identity.Service
	Places      *place.Service
	Sets        *version.Service
	Registry    *registry.Service
	Recognition *recognition.Service
}

// Options is how much is invented, and for when.
type Options struct {
	Families int      // about how many; DefaultFamilies when 0
	From, To int      // years of assessment; 2021 to the year of Today when 0
	Seed     int64    // equal seeds invent equal people
	Today    string   // YYYY-MM-DD: how far the current year has come; the real day when ""
	Communes []string // codes of 2025; two of them when empty, all of the province for more than manyFamilies
	Numbers  bool     // keep no persons, only the numbers of their families; always so above personsUpTo
	Evidence bool     // draw pictures and put them into the file store
	Progress func(Progress)
}

// Progress is how far a fill has come.
type Progress struct {
	Communes, Of int
	Rows         int64
}

// From manyFamilies on the demo spreads over the whole province; above personsUpTo no persons are kept, as in a province that
// takes only their number from the national system.
const (
	manyFamilies = 6000
	personsUpTo  = 20_000
)

// Filled is what a fill came to.
type Filled struct {
	Families, Citizens, Groups int
	Communes, Areas            int
	Pictures                   int
	Rows                       int64
}

// check completes the options and reports every rule they break.
func (o Options) check(today string) (Options, error) {
	if o.Today == "" {
		o.Today = today
	}
	day, err := time.Parse(time.DateOnly, o.Today)
	if err != nil {
		return o, fault.Invalid(fault.Field("today", "demo.today"))
	}
	if o.Families == 0 {
		o.Families = DefaultFamilies
	}
	if o.From == 0 {
		o.From = min(firstYear, day.Year())
	}
	if o.To == 0 || o.To > day.Year() {
		o.To = day.Year()
	}
	var errs []fault.FieldError
	if o.Families < 20 || o.Families > 5_000_000 {
		errs = append(errs, fault.Field("families", "demo.families", "from", 20, "to", 5_000_000))
	}
	if o.From < firstYear || o.From > o.To {
		errs = append(errs, fault.Field("from", "demo.years", "from_year", firstYear, "to_year", o.To))
	}
	return o, fault.Invalid(errs...)
}

const (
	selectSetting = `SELECT value FROM setting WHERE key = $1`
	putSetting    = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
)

// Needed says whether a database waits for a demo: nobody can sign in yet, or a fill was begun and broke off.
func Needed(ctx context.Context, db *store.DB) (bool, error) {
	broken, err := unfinished(ctx, db)
	if err != nil || broken {
		return broken, err
	}
	accounts, _, err := store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM account`)
	return accounts == 0, err
}

func unfinished(ctx context.Context, db *store.DB) (bool, error) {
	_, begun, err := store.One(ctx, db.Read(), store.Value[string], selectSetting, demoSetting)
	if err != nil || !begun {
		return false, err
	}
	_, done, err := store.One(ctx, db.Read(), store.Value[string], selectSetting, doneSetting)
	return !done, err
}

// Fill invents everything. The database must hold no subjects, rounds or accounts, or only those of a fill that broke off,
// which are cleared away first. It fails with fault.Conflict otherwise, and with fault.Invalid for options that cannot be.
func Fill(ctx context.Context, s Services, o Options) (f Filled, err error) {
	defer fault.Wrap(&err, "demo.Fill")
	if o, err = o.check(store.Date(time.Now())); err != nil {
		return f, err
	}
	g, err := newGenerator(ctx, s, o)
	if err != nil {
		return f, err
	}
	if err := prepare(ctx, s.DB); err != nil {
		return f, err
	}
	var written atomic.Int64
	for _, c := range g.communes { // small tables first: each in a transaction of its own
		if err := g.settle(ctx, c); err != nil {
			return f, err
		}
	}
	if err := g.accounts(ctx); err != nil {
		return f, err
	}
	rows := make(chan load, 4)
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error { return write(inner, s.DB, rows, &written) })
	group.Go(func() error {
		defer close(rows)
		g.out = &batch{ctx: inner, rows: map[*store.Bulk][]any{}, out: rows}
		for i, c := range g.communes {
			if err := g.fill(inner, c); err != nil {
				return err
			}
			if o.Progress != nil {
				o.Progress(Progress{i + 1, len(g.communes), written.Load()})
			}
		}
		return g.out.flush(true)
	})
	if err := group.Wait(); err != nil {
		return f, err
	}
	if o.Evidence && s.Blobs != nil {
		if err := g.pictures(ctx); err != nil {
			return f, err
		}
	}
	if err := g.openRounds(ctx); err != nil {
		return f, err
	}
	if err := g.reports(ctx); err != nil {
		return f, err
	}
	g.filled.Rows = written.Load()
	return g.filled, errors.Join(finish(ctx, s.DB, o), s.DB.Tune(ctx))
}

// finish marks the fill as complete, with what it was asked for.
func finish(ctx context.Context, db *store.DB, o Options) error {
	o.Progress = nil
	what, err := json.Marshal(struct {
		Families, From, To int
		Seed               int64
		Today              string
	}{o.Families, o.From, o.To, o.Seed, o.Today})
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, putSetting, doneSetting, string(what))
		return err
	})
}

// prepare makes sure that nothing real is there, and takes away what an earlier fill left half done. The mark that the data are
// invented stands before the first of them.
func prepare(ctx context.Context, db *store.DB) error {
	broken, err := unfinished(ctx, db)
	if err != nil {
		return err
	}
	if broken {
		if err := wipe(ctx, db); err != nil {
			return err
		}
	}
	for _, t := range []string{"subject", "round", "account"} {
		_, found, err := store.One(ctx, db.Read(), store.Value[string], `SELECT id FROM `+t+` LIMIT 1`)
		if err != nil {
			return err
		}
		if found {
			return fault.Conflict("demo.not_empty")
		}
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, putSetting, demoSetting, "1")
		return err
	})
}

// leavings are the tables that a fill writes. Only shipped data stand beside them in a database that was empty before.
var leavings = []string{"subject", "register_entry", "membership", "assessment", "sheet", "remark", "minutes", "appeal", "cell", "round_close", "round",
	"extension", "evidence", "evidence_use", "decision", "decision_item", "title", "certificate_code", "number_series", "body", "outgoing_paper",
	"report_period", "report", "report_version", "report_reminder", "session",
	"account_grant", "account"}

const (
	deleteAreaStays = `DELETE FROM place_parent WHERE place_id IN (SELECT id FROM place WHERE level = 'area')`
	deleteAreas     = `DELETE FROM place WHERE level = 'area'`
)

func wipe(ctx context.Context, db *store.DB) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		for _, t := range leavings {
			if _, err := tx.Exec(ctx, `DELETE FROM `+t); err != nil {
				return err
			}
		}
		for _, query := range []string{deleteAreaStays, deleteAreas} {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
}

// usual are the two communes of a small demo: one of old Phú Thọ, merged of three, and one of old Hòa Bình in the mountains.
var usual = []string{"08515", "04876"}

func codes(o Options, all []place.Place) []string {
	switch {
	case len(o.Communes) > 0:
		return o.Communes
	case o.Families <= manyFamilies:
		return usual
	}
	list := make([]string, 0, len(all))
	for _, p := range all {
		list = append(list, p.Code)
	}
	slices.Sort(list)
	return list
}
