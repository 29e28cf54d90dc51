// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"slices"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Register is the outgoing register of a body, kind of paper and year (sổ quyết định, sổ thông báo…): every number given, without a gap.
type Register struct {
	Body      Body
	Kind      PaperKind
	Year      int
	First     int64 // where the program took over; numbers before it are in the paper register
	Last      int64
	Decisions []Decision // by number, in the register of decisions
	Papers    []Paper    // by number, in the others; of all kinds by the time they were issued
}

const (
	selectSeries   = `SELECT first, last FROM number_series WHERE body_id = $1 AND year = $2 AND kind = $3`
	selectRegister = `SELECT ` + decisionColumns + ` FROM decision d WHERE d.body_id = $1 AND d.year = $2 AND d.number > 0 ORDER BY d.number`
)

// series is the state of a body's numbers in a year.
type series struct{ first, last int64 }

func scanSeries(sc store.Scanner) (x series, err error) {
	err = sc.Scan(&x.first, &x.last)
	return x, err
}

// Register returns a body's register of a kind and year, or with PaperAny the one book of all kinds.
func (s *Service) Register(ctx context.Context, by identity.Actor, bodyID string, kind PaperKind, year int) (r Register, err error) {
	defer fault.Wrap(&err, "recognition.Register(%s, %s, %d)", bodyID, kind, year)
	r.Kind, r.Year = kind, year
	if r.Body, err = s.body(ctx, s.db.Read(), bodyID); err != nil {
		return r, err
	}
	if err := s.may(ctx, nil, by, identity.SeeRecords, r.Body.PlaceID); err != nil {
		return r, err
	}
	x, found, err := store.One(ctx, s.db.Read(), scanSeries, selectSeries, bodyID, year, string(kind))
	if err != nil {
		return r, err
	}
	if r.First, r.Last = x.first, x.last; !found {
		r.First = 1
	}
	if kind == PaperDecision || kind == PaperAny {
		if r.Decisions, err = store.Collect(ctx, s.db.Read(), scanDecision, selectRegister, bodyID, year); err != nil {
			return r, err
		}
	}
	switch kind {
	case PaperDecision:
	case PaperAny:
		r.Papers, err = store.Collect(ctx, s.db.Read(), scanPaper, selectOutgoingAll, bodyID, year)
	default:
		r.Papers, err = store.Collect(ctx, s.db.Read(), scanPaper, selectOutgoing, bodyID, year, string(kind))
	}
	return r, err
}

const insertSeries = `
	INSERT INTO number_series (body_id, year, kind, first, last) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (body_id, year, kind) DO UPDATE SET first = excluded.first, last = excluded.last
	WHERE number_series.last < number_series.first`

// firstYear is the first whose register can be kept here: there are no rounds before it, see assessment.Round.
const firstYear = 2016

// StartRegister makes a body's numbers of a kind and year begin at first, where the paper register had reached first − 1. It fails with
// fault.Invalid for a number or a year that cannot be, and with fault.Conflict once a number of that kind and year was given.
func (s *Service) StartRegister(ctx context.Context, by identity.Actor, bodyID string, kind PaperKind, year int, first int64) (err error) {
	defer fault.Wrap(&err, "recognition.StartRegister(%s, %s, %d)", bodyID, kind, year)
	if !slices.Contains(PaperKinds, kind) {
		return fault.NotFound("register", string(kind))
	}
	if first < 1 || first > 100_000 {
		return fault.Invalid(fault.Field("first", "recognition.first", "min", 1, "max", 100_000))
	}
	if last := s.now().In(store.Zone).Year() + 1; year < firstYear || year > last {
		return fault.Invalid(fault.Field("first", "recognition.register_year", "year", year, "min", firstYear, "max", last))
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		b, err := s.body(ctx, tx, bodyID)
		if err != nil {
			return err
		}
		if err := s.may(ctx, tx, by, identity.Decide, b.PlaceID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, insertSeries, bodyID, year, string(kind), first, first-1)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("recognition.register_started", "year", year, "body", b.Name)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: bodyID, Thing: "body", Act: "start_register",
			After: map[string]any{"kind": kind, "year": year, "first": first}})
	})
}
