// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"math/rand/v2"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Recheck is a random list of files to be looked at again. Whoever knows the seed and the files can draw it again, so nobody
// can choose whom to spare.
type Recheck struct {
	ID        string
	PlaceID   string
	RoundID   string
	Model     string
	Seed      int64
	Size      int
	DrawnFrom int // how many files there were to draw from
	At        int64
}

// RecheckItem is one drawn file and what the re-check found.
type RecheckItem struct {
	Assessment Assessment
	Finding    string // "" | kept | doubtful | wrong
	Body       string
	At         int64
}

const (
	insertRecheck     = `INSERT INTO recheck (id, place_id, round_id, model, seed, size, drawn_from, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	insertRecheckItem = `INSERT INTO recheck_item (place_id, recheck_id, assessment_id) VALUES ($1, $2, $3)`
	selectDrawable    = `SELECT a.place_id, a.id FROM place_parent p JOIN assessment a ON a.place_id = p.place_id
		WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4
		AND a.round_id = $5 AND a.model = $6 AND a.state IN ('sent', 'approved', 'recognised') ORDER BY a.id`
	selectRechecks     = `SELECT id, place_id, round_id, model, seed, size, drawn_from, at FROM recheck WHERE place_id = $1 AND round_id = $2 ORDER BY id DESC`
	selectRecheck      = `SELECT id, place_id, round_id, model, seed, size, drawn_from, at FROM recheck WHERE id = $1`
	selectRecheckItems = `SELECT ` + columns + `, i.finding, i.body, i.at FROM recheck_item i
		JOIN assessment a ON a.place_id = i.place_id AND a.id = i.assessment_id WHERE i.recheck_id = $1 ORDER BY a.place_id, a.sort`
	updateRecheckItem = `UPDATE recheck_item SET finding = $1, body = $2, by_id = $3, at = $4 WHERE place_id = $5 AND recheck_id = $6 AND assessment_id = $7`
)

// Sample draws size of n things by seed: a partial Fisher-Yates shuffle on PCG(seed, 0), so the draw can be repeated anywhere.
func Sample(seed int64, n, size int) []int {
	size = min(size, n)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	for i := range size {
		j := i + r.IntN(n-i)
		order[i], order[j] = order[j], order[i]
	}
	return order[:size]
}

// DrawRecheck draws size files below a place that were sent, approved or recognised, and records the seed.
func (s *Service) DrawRecheck(ctx context.Context, by identity.Actor, placeID, roundID, model string, size int) (rc Recheck, err error) {
	defer fault.Wrap(&err, "assessment.DrawRecheck(%s)", placeID)
	if size < 1 || size > 1000 {
		return rc, fault.Invalid(fault.Field("size", "recheck.size"))
	}
	rc = Recheck{ID: store.NewID(), PlaceID: placeID, RoundID: roundID, Model: model, Seed: rand.Int64(), At: store.Micros(s.now())}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := s.places.Path(ctx, tx, placeID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.Inspect, path, placeID); err != nil {
			return err
		}
		today := store.Date(s.now())
		keys, err := store.Collect(ctx, tx, func(sc store.Scanner) (k Key, err error) { err = sc.Scan(&k.PlaceID, &k.ID); return k, err },
			selectDrawable, path, store.PathEnd(path), today, today, roundID, model)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			return fault.Conflict("recheck.none", "model", model)
		}
		rc.DrawnFrom, rc.Size = len(keys), min(size, len(keys))
		if _, err := tx.Exec(ctx, insertRecheck, rc.ID, placeID, roundID, model, rc.Seed, rc.Size, rc.DrawnFrom, by.ID, rc.At); err != nil {
			return err
		}
		for _, i := range Sample(rc.Seed, len(keys), rc.Size) {
			if _, err := tx.Exec(ctx, insertRecheckItem, keys[i].PlaceID, rc.ID, keys[i].ID); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: rc.ID, Thing: "recheck", Act: "draw", After: rc})
	})
	return rc, err
}

func scanRecheck(sc store.Scanner) (rc Recheck, err error) {
	err = sc.Scan(&rc.ID, &rc.PlaceID, &rc.RoundID, &rc.Model, &rc.Seed, &rc.Size, &rc.DrawnFrom, &rc.At)
	return rc, err
}

// Rechecks lists the draws of a place in a round, newest first.
func (s *Service) Rechecks(ctx context.Context, by identity.Actor, placeID, roundID string) (list []Recheck, err error) {
	defer fault.Wrap(&err, "assessment.Rechecks(%s)", placeID)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanRecheck, selectRechecks, placeID, roundID)
}

// RecheckItems returns a draw with its files.
func (s *Service) RecheckItems(ctx context.Context, by identity.Actor, recheckID string) (rc Recheck, items []RecheckItem, err error) {
	defer fault.Wrap(&err, "assessment.RecheckItems(%s)", recheckID)
	tx := s.db.Read()
	rc, found, err := store.One(ctx, tx, scanRecheck, selectRecheck, recheckID)
	if err != nil {
		return rc, nil, err
	}
	if !found {
		return rc, nil, fault.NotFound("recheck", recheckID)
	}
	path, err := s.places.Path(ctx, tx, rc.PlaceID)
	if err != nil {
		return rc, nil, err
	}
	if err := by.Check(identity.SeeRecords, path, rc.PlaceID); err != nil {
		return rc, nil, err
	}
	items, err = store.Collect(ctx, tx, func(sc store.Scanner) (it RecheckItem, err error) {
		it.Assessment, err = scan(suffixed{sc, []any{&it.Finding, &it.Body, &it.At}})
		return it, err
	}, selectRecheckItems, recheckID)
	return rc, items, err
}

// suffixed reads more columns behind those that scan reads.
type suffixed struct {
	store.Scanner
	more []any
}

func (s suffixed) Scan(dest ...any) error { return s.Scanner.Scan(append(dest, s.more...)...) }

// NoteFinding records what the re-check of one file found; "wrong" and "doubtful" need words. Who scored or closed the file
// looks at no work of their own.
func (s *Service) NoteFinding(ctx context.Context, by identity.Actor, recheckID string, k Key, finding, body string) (err error) {
	defer fault.Wrap(&err, "assessment.NoteFinding(%s)", recheckID)
	body = text.NFC(body)
	switch finding {
	case "kept":
	case "doubtful", "wrong":
		if body == "" {
			return fault.Invalid(fault.Field("body", "remark.needed"))
		}
	default:
		return fault.Invalid(fault.Field("finding", "recheck.finding"))
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		rule := ruleOf("recheck")
		a, path, err := s.may(ctx, tx, by, rule.Act, k.PlaceID, k.ID)
		if err != nil {
			return err
		}
		if err := by.Apart(rule, path, a.hands(), a.Name); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateRecheckItem, finding, body, by.ID, store.Micros(s.now()), k.PlaceID, recheckID, k.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFound("recheck", recheckID)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: k.PlaceID, ThingID: k.ID, Thing: "assessment", Act: "recheck", Reason: body,
			After: map[string]string{"recheck": recheckID, "finding": finding}})
	})
}
