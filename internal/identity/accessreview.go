// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// reviewMonths is how often the accounts of a place are looked through.
const reviewMonths = 6

// AccessReview is one look through the accounts of a place.
type AccessReview struct {
	At     time.Time
	ByName string
	Kept   int
	Closed int
	Due    time.Time // when the next one is owed
}

// Overdue says whether the next review is owed already.
func (r AccessReview) Overdue(now time.Time) bool { return !r.Due.IsZero() && !now.Before(r.Due) }

const (
	selectReview = `SELECT r.at, coalesce((SELECT a.name FROM account a WHERE a.id = r.by_id), ''), r.kept, r.closed
		FROM access_review r WHERE r.place_id = $1 ORDER BY r.at DESC LIMIT 1`
	selectFirstAccount = `SELECT coalesce(min(a.created_at), 0) FROM account a JOIN account_grant g ON g.account_id = a.id WHERE g.place_id = $1`
	insertReview       = `INSERT INTO access_review (place_id, at, by_id, kept, closed, verdicts) VALUES ($1, $2, $3, $4, $5, $6)`
)

// LastReview returns the last review of a place, with a zero time when there was none: then the first is owed half a year after the first account there.
func (s *Service) LastReview(ctx context.Context, by Actor, path, placeID string) (r AccessReview, err error) {
	defer fault.Wrap(&err, "identity.LastReview(%s)", placeID)
	if err := by.Check(ManageAccounts, path, placeID); err != nil {
		return r, err
	}
	var at int64
	_, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (struct{}, error) {
		return struct{}{}, sc.Scan(&at, &r.ByName, &r.Kept, &r.Closed)
	}, selectReview, placeID)
	if err != nil {
		return r, err
	}
	if found {
		r.At = store.Time(at)
		r.Due = r.At.AddDate(0, reviewMonths, 0)
		return r, nil
	}
	first, _, err := store.One(ctx, s.db.Read(), store.Value[int64], selectFirstAccount, placeID)
	if first > 0 {
		r.Due = store.Time(first).AddDate(0, reviewMonths, 0)
	}
	return r, err
}

// ReviewVerdict is what a reviewer says of one account.
type ReviewVerdict struct {
	Account Account
	Path    string // of its place
	Close   bool
}

// Review records that the actor has looked through the accounts of a place, and closes those that are said to go. It never closes the actor's own account, nor the
// last open administrator.
func (s *Service) Review(ctx context.Context, by Actor, path, placeID string, verdicts []ReviewVerdict) (r AccessReview, err error) {
	defer fault.Wrap(&err, "identity.Review(%s)", placeID)
	if err := by.Check(ManageAccounts, path, placeID); err != nil {
		return r, err
	}
	if len(verdicts) == 0 {
		return r, fault.Invalid(fault.Field("chon", "access_review.none"))
	}
	kept := map[string]string{}
	for _, v := range verdicts {
		kept[v.Account.ID] = "keep"
		if !v.Close {
			continue
		}
		kept[v.Account.ID] = "close"
		if v.Account.ID == by.ID {
			return r, fault.Conflict("account.own")
		}
		if err := by.Check(ManageAccounts, v.Path, placeOf(v.Account)); err != nil {
			return r, err
		}
		if err := s.checkBelow(ctx, by, v.Account); err != nil {
			return r, err
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return r, err
	}
	now := s.now()
	r = AccessReview{At: now, ByName: by.Name, Due: now.AddDate(0, reviewMonths, 0)}
	return r, s.db.Write(ctx, func(tx *store.Tx) error {
		r.Kept, r.Closed = 0, 0
		for _, v := range verdicts {
			if !v.Close {
				r.Kept++
				continue
			}
			r.Closed++
			if err := s.disable(ctx, tx, by, v.Account.ID, placeOf(v.Account), true, "review"); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, insertReview, placeID, store.Micros(now), by.ID, r.Kept, r.Closed, string(text)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: placeID, Thing: "access_review", ThingID: placeID, Act: "review",
			After: map[string]any{"kept": r.Kept, "closed": r.Closed}})
	})
}
