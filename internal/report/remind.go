// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"fmt"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// RemindKind is the kind of the job that sends reminders.
const RemindKind = "report.remind"

// Reminder is one letter to one person: a report is due, or late.
type Reminder struct {
	Place   place.Place
	Period  Period
	Due     string
	Late    int    // days since the due day, negative before it
	Kind    string // "before7", "before1", "late0" …: each is sent once
	Account string
	Name    string
	Email   string
	Back    string // why the level above gave it back; "" for a report that never came
	Closed  bool   // the closing day is over: the place has to ask for more time
}

// ID is the same for the same reminder to the same person.
func (r *Reminder) ID() string {
	return fmt.Sprintf("%s.%s.%s", r.Period.ID, r.Kind, r.Account)
}

// reminderOf is which reminder counts on a day: 7 days and 1 day before the due day, the day after it, and each week after that until the report
// came or the period is ended. "" is none. A reminder whose day the server slept through is made up for as long as no later one has come.
func reminderOf(due, today string) string {
	switch left := daysBetween(today, due); {
	case left > 7:
		return ""
	case left > 1:
		return "before7"
	case left >= 0:
		return "before1"
	default:
		return fmt.Sprintf("late%d", (-left-1)/7)
	}
}

// patienceFor is how many letters in a row may be refused before the rest waits for the next call: a server that is down must not hold up other work for each
// of a province's communes.
const patienceFor = 2

// Limits of sending: how long a letter that was not taken waits, times the attempts, and the longest wait.
const (
	retryAfter = 5 * time.Minute
	retryMost  = 6 * time.Hour
)

const (
	selectDue = `SELECT ` + reportColumns + ` FROM report r JOIN report_period q ON q.id = r.period_id
		WHERE r.state IN ('open', 'returned') AND r.accepted = 0 AND q.opens <= $1 AND q.ended_on = '' ORDER BY r.period_id, r.place_id`
	insertReminder = `INSERT INTO report_reminder (place_id, period_id, kind, account_id, state, next_at) VALUES ($1, $2, $3, $4, 'waiting', $5)
		ON CONFLICT (place_id, period_id, kind, account_id) DO NOTHING`
	claimReminder = `UPDATE report_reminder SET state = 'sending', attempts = attempts + 1
		WHERE place_id = $1 AND period_id = $2 AND kind = $3 AND account_id = $4 AND state = 'waiting' AND next_at <= $5 RETURNING attempts`
	sentReminder = `UPDATE report_reminder SET state = 'sent', sent_at = $1 WHERE place_id = $2 AND period_id = $3 AND kind = $4 AND account_id = $5`
	waitReminder = `UPDATE report_reminder SET state = 'waiting', next_at = $1 WHERE place_id = $2 AND period_id = $3 AND kind = $4 AND account_id = $5`
)

// Remind sends what is to be sent on this day, by send, and returns how many letters went out and how many the server did not take: those wait and are
// tried again at the next call after a while, as long as the report is still missing. It may run twice at the same time and be cut off at any moment: a
// letter is claimed before it is sent, so none goes out twice. One whose sending was cut off is not sent again; the page of the week reminds as well.
func (s *Service) Remind(ctx context.Context, accounts *identity.Service, send func(context.Context, Reminder) error) (sent, failed int, err error) {
	defer fault.Wrap(&err, "report.Remind")
	today := store.Date(s.now())
	missing, err := store.Collect(ctx, s.db.Read(), scanReport, selectDue, today)
	if err != nil {
		return 0, 0, err
	}
	refused := 0 // in a row
	for i := range missing {
		r := &missing[i]
		kind := reminderOf(r.Due, today)
		if kind == "" {
			continue
		}
		role := identity.CommuneOfficer
		if r.Period.Level == place.Province {
			role = identity.ProvinceOfficer
		}
		people, err := accounts.Reachable(ctx, role, r.PlaceID)
		if err != nil {
			return sent, failed, err
		}
		if len(people) == 0 {
			continue
		}
		p, err := s.places.Get(ctx, r.PlaceID)
		if err != nil {
			return sent, failed, err
		}
		back := ""
		if r.State == Returned {
			v, _, err := store.One(ctx, s.db.Read(), scanVersion, selectVersion, r.PlaceID, r.Period.ID, r.Last)
			if err != nil {
				return sent, failed, err
			}
			back = v.JudgedWhy
		}
		for _, to := range people {
			ok, err := s.remind(ctx, Reminder{p, r.Period, r.Due, daysBetween(r.Due, today), kind, to.ID, to.Name, to.Email, back, r.Closes < today}, send)
			switch {
			case ctx.Err() != nil:
				return sent, failed, ctx.Err()
			case err != nil:
				failed++
				if refused++; refused == patienceFor {
					return sent, failed, nil
				}
			case ok:
				sent++
				refused = 0
			}
		}
	}
	return sent, failed, nil
}

// remind claims and sends one letter; ok is false when it went out before, or waits for its next attempt.
func (s *Service) remind(ctx context.Context, r Reminder, send func(context.Context, Reminder) error) (ok bool, err error) {
	key := []any{r.Place.ID, r.Period.ID, r.Kind, r.Account}
	var attempts int
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		now := store.Micros(s.now())
		if _, err := tx.Exec(ctx, insertReminder, append(key[:4:4], now)...); err != nil {
			return err
		}
		attempts, ok, err = store.One(ctx, tx, store.Value[int], claimReminder, append(key[:4:4], now)...)
		return err
	})
	if err != nil || !ok {
		return false, err
	}
	refused := send(ctx, r)
	ctx = context.WithoutCancel(ctx) // what became of it is noted also when the server is told to stop
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if refused == nil {
			_, err := tx.Exec(ctx, sentReminder, append([]any{store.Micros(s.now())}, key...)...)
			return err
		}
		wait := min(time.Duration(attempts)*retryAfter, retryMost)
		_, err := tx.Exec(ctx, waitReminder, append([]any{store.Micros(s.now().Add(wait))}, key...)...)
		return err
	})
	if refused != nil {
		return false, refused
	}
	return true, err
}
