// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// OpenSession is a session as its owner sees it.
type OpenSession struct {
	ID      string
	Method  Method
	Level   int
	Address string
	Agent   string
	Began   time.Time
	Seen    time.Time
	Own     bool // the one that asks
}

const (
	selectSessions = `SELECT id, method, level, address, agent, created_at, seen_at FROM session
		WHERE account_id = $1 AND created_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id`
	deleteOne = `DELETE FROM session WHERE account_id = $1 AND id = $2`
)

// Sessions lists the actor's open sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, by Actor) (list []OpenSession, err error) {
	defer fault.Wrap(&err, "identity.Sessions(%s)", by.ID)
	terms, err := s.termsOf(ctx, s.db.Read(), by.ID)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (o OpenSession, err error) {
		var began, seen int64
		err = sc.Scan(&o.ID, &o.Method, &o.Level, &o.Address, &o.Agent, &began, &seen)
		o.Began, o.Seen, o.Own = store.Time(began), store.Time(seen), o.ID == by.Session
		return o, err
	}, selectSessions, by.ID, store.Micros(now.Add(-terms.Life())), store.Micros(now.Add(-terms.Idle())))
}

// EndSession ends one of the actor's own sessions. It fails with fault.NotFound for one that is over or somebody else's.
func (s *Service) EndSession(ctx context.Context, by Actor, id string) (err error) {
	defer fault.Wrap(&err, "identity.EndSession(%s)", id)
	return s.endSessions(ctx, by, by.ID, "", func(tx *store.Tx) (int64, error) { return tx.Exec(ctx, deleteOne, by.ID, id) }, true)
}

// EndOthers ends all the actor's sessions but the one that asks.
func (s *Service) EndOthers(ctx context.Context, by Actor) (err error) {
	defer fault.Wrap(&err, "identity.EndOthers")
	return s.endSessions(ctx, by, by.ID, "", func(tx *store.Tx) (int64, error) { return tx.Exec(ctx, deleteOthers, by.ID, by.Session) }, false)
}

// EndAll ends every session of an account below the actor. path is that of the account's place.
func (s *Service) EndAll(ctx context.Context, by Actor, target Account, path string) (err error) {
	defer fault.Wrap(&err, "identity.EndAll(%s)", target.ID)
	if err := by.Check(ManageAccounts, path, ""); err != nil {
		return err
	}
	if err := s.checkBelow(ctx, by, target); err != nil {
		return err
	}
	return s.endSessions(ctx, by, target.ID, placeOf(target), func(tx *store.Tx) (int64, error) { return tx.Exec(ctx, deleteSessions, target.ID) }, false)
}

func (s *Service) endSessions(ctx context.Context, by Actor, id, placeID string, end func(*store.Tx) (int64, error), must bool) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := end(tx)
		if err != nil {
			return err
		}
		if n == 0 {
			if must {
				return fault.NotFound("session", "")
			}
			return nil
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, Thing: "account", ThingID: id, Act: "end_sessions", After: map[string]any{"count": n}})
	})
}

const (
	sweepSessions = `DELETE FROM session WHERE created_at <= $1 OR account_id IN (SELECT id FROM account WHERE disabled_at > 0)`
	sweepPending  = `DELETE FROM sign_in_pending WHERE expires_at <= $1`
	sweepFailures = `DELETE FROM sign_in_failure WHERE at <= $1 AND until <= $2`
)

// Sweep deletes what can open nothing any more: sessions too old for any terms, begun sign-ins, failures that are forgotten.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	defer fault.Wrap(&err, "identity.Sweep")
	now := s.now()
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n = 0
		for _, sweep := range []struct {
			query string
			args  []any
		}{
			{sweepSessions, []any{store.Micros(now.Add(-MaxLife))}},
			{sweepPending, []any{store.Micros(now)}},
			{sweepFailures, []any{store.Micros(now.Add(-failureWindow)), store.Micros(now)}},
		} {
			gone, err := tx.Exec(ctx, sweep.query, sweep.args...)
			if err != nil {
				return err
			}
			n += gone
		}
		return nil
	})
	return n, err
}

const (
	selectTold = `SELECT factor_reset_at, factor_reset_by FROM account WHERE id = $1`
	clearTold  = `UPDATE account SET factor_reset_at = 0, factor_reset_by = '' WHERE id = $1`
)

// Told is who took the actor's second factor away and when; a zero time for nobody.
func (s *Service) Told(ctx context.Context, by Actor) (at time.Time, name string, err error) {
	defer fault.Wrap(&err, "identity.Told")
	var micros int64
	_, _, err = store.One(ctx, s.db.Read(), func(sc store.Scanner) (struct{}, error) { return struct{}{}, sc.Scan(&micros, &name) }, selectTold, by.ID)
	if micros > 0 {
		at = store.Time(micros)
	}
	return at, name, err
}

// Understood says that the actor has read what Told says.
func (s *Service) Understood(ctx context.Context, by Actor) (err error) {
	defer fault.Wrap(&err, "identity.Understood")
	return s.db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, clearTold, by.ID); return err })
}
