// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"hoctap/internal/archive"
	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/badge"
	"hoctap/internal/recognition"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
)

// migrateCmd is `hoctap migrate`: opening does it.
type migrateCmd struct{}

// Run brings the database to the newest schema and loads what the program ships.
func (migrateCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.open(ctx, time.Now)
	if err != nil {
		return err
	}
	say(ctx, "cli.ready")
	return s.DB.Close()
}

// verifyCmd is `hoctap verify`.
type verifyCmd struct {
	Head string `help:"Tệp có mã băm nhật ký đã công bố (--heads-file, thư, trang đã lưu). File with published roots of the journal."`
	Most int    `default:"50" help:"Số chỗ lệch in ra nhiều nhất. How many differences to print at most."`

	said string // the last line, for the minutes of a drill
}

// Run counts, scores and checks everything again from the records, prints each difference, and fails when there is one.
func (c *verifyCmd) Run(ctx context.Context, base *cli) error {
	start := time.Now()
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	wrong := 0
	differ := func(key string, args ...any) {
		if wrong++; wrong <= c.Most {
			say(ctx, key, args...)
		}
	}
	var (
		cells, scored int
		decided       recognition.Checked
		counters      []rollup.Difference
		results       []assessment.Difference
		faults        []recognition.Difference
		astray        []badge.Difference
		signed        int
		broken        []signature.Difference
		reported      []report.Difference
		packed        []archive.Difference
		gone          []missing
		journal       audit.Verified
		rewritten     []audit.Difference
	)
	// Side by side: each reads different tables, and none writes.
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) { cells, counters, err = rollup.Verify(inner, s.DB); return err })
	group.Go(func() (err error) { scored, results, err = s.Assessment.Verify(inner); return err })
	group.Go(func() (err error) { decided, faults, err = s.Recognition.Verify(inner); return err })
	group.Go(func() (err error) { _, astray, err = s.Badges.Verify(inner); return err })
	group.Go(func() (err error) { signed, broken, err = s.Signature.Verify(inner); return err })
	group.Go(func() (err error) { _, reported, err = s.Reports.Verify(inner); return err })
	group.Go(func() (err error) { journal, rewritten, err = c.verifyJournal(inner, s.DB); return err })
	group.Go(func() (err error) { _, packed, err = s.Archive.Verify(inner); return err })
	group.Go(func() error {
		named, err := namedFiles(inner, s)
		if err != nil {
			return err
		}
		there, err := stored(inner, s.Blobs)
		gone = missingOf(named, there)
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	for _, d := range counters {
		differ("cli.differ.cell", "place", d.PlaceID, "round", d.Key.RoundID, "model", d.Key.Model, "stored", fmt.Sprintf("%+v", d.Cell), "counted", fmt.Sprintf("%+v", d.Records))
	}
	for _, d := range results {
		differ("cli.differ.sheet", "place", d.PlaceID, "id", d.ID, "what", fmt.Sprint(d.What))
	}
	for _, d := range faults {
		differ("cli.differ.decision", "place", d.PlaceID, "id", d.ID, "what", fmt.Sprint(d.What))
	}
	for _, d := range astray {
		differ("cli.differ.badge", "place", d.PlaceID, "id", d.ID, "what", d.What)
	}
	for _, d := range broken {
		differ("cli.differ.signing", "place", d.PlaceID, "id", d.ID, "what", d.What)
	}
	for _, d := range reported {
		differ("cli.differ.report", "place", d.PlaceID, "id", d.ID, "what", fmt.Sprint(d.What))
	}
	for _, d := range packed {
		differ("cli.differ.archive", "place", d.PlaceID, "id", d.ID, "what", d.What)
	}
	for _, m := range gone {
		differ("cli.differ.file", "record", m.record, "sha", m.sha)
	}
	for _, d := range rewritten {
		key, args := differJournal(ctx, d)
		differ(key, args...)
	}
	say(ctx, "cli.journal.verified", "entries", journal.Entries, "chains", journal.Chains, "days", journal.Days)
	c.said = lang.T(ctx, "cli.verified", "cells", cells, "sheets", scored, "decisions", decided.Decisions, "signed", signed, "seconds", since(start), "wrong", wrong)
	fmt.Println(c.said)
	if wrong > 0 {
		return brokenError{lang.T(ctx, "cli.broken")}
	}
	return nil
}
