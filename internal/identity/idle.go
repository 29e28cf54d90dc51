// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

const (
	selectIdle = `SELECT a.id, a.seen_at, a.created_at, a.opened_at, g.role, g.place_id FROM account a JOIN account_grant g ON g.account_id = a.id
		WHERE a.disabled_at = 0 AND g.valid_from <= $1 AND g.valid_to >= $1 ORDER BY a.id, g.role`
	closeIdle = `UPDATE account SET disabled_at = $1, closed_why = 'idle', opened_at = 0, version = version + 1
		WHERE id = $2 AND disabled_at = 0 AND seen_at = $3 AND opened_at = $4`
)

// CloseIdle closes the accounts that nobody used for as long as the terms of their roles allow, and returns how many. It never closes the last open administrator.
// A job runs it by itself; new slips or an officer open such an account again.
func (s *Service) CloseIdle(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "identity.CloseIdle")
	all, err := s.Terms(ctx)
	if err != nil {
		return 0, err
	}
	type idler struct {
		id, place             string
		seen, created, opened int64
		roles                 []Role
	}
	var list []idler
	now, today := s.now(), store.Date(s.now())
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var a idler
		var role Role
		if err := sc.Scan(&a.id, &a.seen, &a.created, &a.opened, &role, &a.place); err != nil {
			return err
		}
		if len(list) == 0 || list[len(list)-1].id != a.id {
			list = append(list, a)
		}
		last := &list[len(list)-1]
		last.roles = append(last.roles, role)
		return nil
	}, selectIdle, today)
	if err != nil {
		return 0, err
	}
	var due []idler
	admins, newest := 0, int64(-1)
	for _, a := range list {
		days := strictest(all, a.roles).CloseDays
		used := max(a.seen, a.created, a.opened)
		if days > 0 && store.Time(used).AddDate(0, 0, days).Before(now) {
			due = append(due, a)
		} else if slices.Contains(a.roles, Admin) {
			admins++
		}
		if slices.Contains(a.roles, Admin) {
			newest = max(newest, used)
		}
	}
	for _, a := range due {
		if slices.Contains(a.roles, Admin) && admins == 0 && max(a.seen, a.created, a.opened) == newest {
			admins++ // the last one, and the one who was here last, keeps the door open
			continue
		}
		closed := false
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			got, err := tx.Exec(ctx, closeIdle, store.Micros(now), a.id, a.seen, a.opened)
			if closed = got > 0; err != nil || !closed {
				return err
			}
			return s.disable(ctx, tx, System, a.id, a.place, true, "idle")
		})
		if err != nil {
			return n, err
		}
		if closed {
			n++
		}
	}
	return n, nil
}
