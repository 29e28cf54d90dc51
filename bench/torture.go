// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// torment is how a server is tortured.
type torment struct {
	options
	kills, writers int
	between        time.Duration // a kill comes at a random moment of it, after the first answer
	seed           uint64
	slow, junk     int              // slow clients, junk requests
	crashes        int              // of the database
	postgres       string           // script that starts and stops a PostgreSQL server
	before         map[string]int64 // by household: saves in the journal less the version, which stays what it was
}

// tally is what came of it.
type tally struct {
	kills, acknowledged, unanswered int
}

// run kills the server again and again while people save, and looks each time whether every acknowledged save is there.
func (t *torment) run(ctx context.Context) (sum tally, err error) {
	d, err := fill(ctx, &t.options, t.families)
	if err != nil {
		return sum, err
	}
	rng := rand.New(rand.NewPCG(t.seed, 0))
	var hands []*hand
	for sum.kills < t.kills && ctx.Err() == nil {
		s, err := serve(ctx, &t.options, d)
		if err != nil {
			return sum, fmt.Errorf("after kill %d: %w", sum.kills, err)
		}
		if hands == nil {
			if hands, err = t.employ(s, d); err != nil {
				s.kill()
				return sum, err
			}
		}
		acknowledged, unanswered, err := t.oneKill(s, hands, time.Duration(rng.Int64N(int64(t.between))))
		sum.acknowledged, sum.unanswered = sum.acknowledged+acknowledged, sum.unanswered+unanswered
		if err != nil {
			return sum, err
		}
		sum.kills++
		if err := t.check(ctx, d, hands); err != nil {
			return sum, fmt.Errorf("after kill %d: %w", sum.kills, err)
		}
	}
	return sum, ctx.Err()
}

// hand is one writer: an officer's session, which outlives the server, and the households only he saves.
type hand struct {
	*desk
	unsure map[string]bool // households whose last save got no answer: it may be there or not
}

// employ gives each writer households of his own.
func (t *torment) employ(s *server, d *database) ([]*hand, error) {
	work, err := desks(s, d, min(t.writers, writers))
	if err != nil {
		return nil, err
	}
	list, err := t.found(d)
	if err != nil {
		return nil, err
	}
	t.before = map[string]int64{}
	for id, f := range list {
		t.before[id] = f.saves - f.version
	}
	hands := make([]*hand, t.writers)
	for i := range hands {
		k := work[i%len(work)]
		hands[i] = &hand{&desk{client: k.again()}, map[string]bool{}}
		for j := i / len(work); j < len(k.list); j += (t.writers + len(work) - 1) / len(work) {
			hands[i].list = append(hands[i].list, k.list[j])
		}
	}
	return hands, nil
}

// open serves a database to people who have signed in; the caller ends the server.
func (t *torment) open(ctx context.Context, d *database) (*server, []*hand, error) {
	s, err := serve(ctx, &t.options, d)
	if err != nil {
		return nil, nil, err
	}
	hands, err := t.employ(s, d)
	if err != nil {
		s.end()
		return nil, nil, err
	}
	return s, hands, nil
}

// oneKill lets everybody save until the server dies under them.
func (t *torment) oneKill(s *server, hands []*hand, after time.Duration) (acknowledged, unanswered int, err error) {
	w := t.shift(s, hands, false)
	time.Sleep(after)
	w.first() // a kill before anything was saved shows nothing
	s.kill()
	return w.end()
}

// shift is everybody saving at once.
type shift struct {
	mu                                 sync.Mutex
	wg                                 sync.WaitGroup
	saved                              chan struct{} // closed by the first save that is acknowledged
	stop                               chan struct{}
	acknowledged, unanswered, deferred int
	err                                error
}

// shift lets everybody save until the shift ends. Where the server may be unavailable for a while, they try again; else the first answer that does not come
// sends a person home.
func (t *torment) shift(s *server, hands []*hand, patient bool) *shift {
	w := &shift{saved: make(chan struct{}), stop: make(chan struct{})}
	first := sync.OnceFunc(func() { close(w.saved) })
	for _, h := range hands {
		h.at = s.at
		w.wg.Go(func() {
			defer h.close()
			for n := rand.IntN(len(h.list)); ; n++ {
				select {
				case <-w.stop:
					return
				default:
				}
				house := &h.list[n%len(h.list)]
				if h.unsure[house.id] && !patient {
					if n%len(h.list) == 0 {
						time.Sleep(time.Millisecond) // all of them may be
					}
					continue
				}
				failed := h.save(house)
				w.mu.Lock()
				refused, ok := errors.AsType[*refusedError](failed)
				switch {
				case failed == nil:
					w.acknowledged++
					delete(h.unsure, house.id)
					first()
				case ok && h.unsure[house.id] && refused.status == http.StatusConflict: // the save that was put off is on disk
					house.version++
					delete(h.unsure, house.id)
					failed = nil
				case ok && patient && refused.status == http.StatusServiceUnavailable: // whether it is on disk is not known
					w.deferred++
					h.unsure[house.id] = true
				case ok:
					w.err = errors.Join(w.err, refused)
				default:
					w.unanswered++
					h.unsure[house.id] = true
				}
				broken := w.err != nil
				w.mu.Unlock()
				if broken || failed != nil && !patient {
					return
				}
				if failed != nil && !w.ready(s) {
					return
				}
			}
		})
	}
	return w
}

// ready waits until the server says that it can work again, as whoever is told to wait does: trying on would use up the households, of each of which it is then
// not known whether it was saved. It is false when the shift is over.
func (w *shift) ready(s *server) bool {
	for {
		select {
		case <-w.stop:
			return false
		case <-time.After(20 * time.Millisecond):
		}
		if code := s.status("/readyz"); code == http.StatusOK || code == http.StatusNoContent {
			return true
		}
	}
}

// first waits for the first save that is acknowledged, or as long as a start may take.
func (w *shift) first() {
	select {
	case <-w.saved:
	case <-time.After(patience):
	}
}

// count is how many saves were acknowledged, and how many were put off by a server that was not available.
func (w *shift) count() (acknowledged, deferred int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acknowledged, w.deferred
}

// end ends the shift.
func (w *shift) end() (acknowledged, unanswered int, err error) {
	close(w.stop)
	w.wg.Wait()
	return w.acknowledged, w.unanswered, w.err
}

const selectSaved = `
	SELECT a.id, a.version, (SELECT count(*) FROM journal j WHERE j.place_id = a.place_id AND j.thing_id = a.id AND j.act = 'score')
	FROM assessment a JOIN round r ON r.id = a.round_id AND r.state = 'open' WHERE a.model = 'family'`

// found is a household as it is in the database: each save raises its version by one and leaves one entry in the journal.
type found struct {
	id             string
	version, saves int64
}

func (t *torment) found(d *database) (map[string]found, error) {
	list, err := query(d, func(r *sql.Rows) (f found, err error) { return f, r.Scan(&f.id, &f.version, &f.saves) }, selectSaved)
	there := make(map[string]found, len(list))
	for _, f := range list {
		there[f.id] = f
	}
	return there, err
}

// check compares what was acknowledged with what is there, then lets the program count and score everything again.
func (t *torment) check(ctx context.Context, d *database, hands []*hand) error {
	there, err := t.found(d)
	if err != nil {
		return err
	}
	for _, h := range hands {
		for i := range h.list {
			k := &h.list[i]
			f := there[k.id]
			switch {
			case f.saves-f.version != t.before[k.id]:
				return fmt.Errorf("household %s: version %d with %d saves in the journal", k.id, f.version, f.saves)
			case f.version == k.version:
			case h.unsure[k.id] && f.version == k.version+1: // it was on disk when the answer was cut off
				k.version = f.version
			default:
				return fmt.Errorf("household %s: version %d was acknowledged, %d is there", k.id, k.version, f.version)
			}
			delete(h.unsure, k.id)
		}
	}
	if out, err := exec.CommandContext(ctx, t.binary, "verify", "--db", d.address(), "--files", d.files()).CombinedOutput(); err != nil {
		return fmt.Errorf("hoctap verify: %w: %s", err, out)
	}
	return nil
}
