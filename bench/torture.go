// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
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
	before         map[string]int64 // by household: saves in the journal less the version, which stays what it was
}

// tally is what came of it.
type tally struct {
	kills, acknowledged, unanswered int
}

// tortureCommand is "bench torture".
func tortureCommand(ctx context.Context, args []string) error {
	var t torment
	f := flag.NewFlagSet("torture", flag.ContinueOnError)
	f.IntVar(&t.kills, "kills", 40, "how often the server is killed")
	f.IntVar(&t.writers, "writers", 16, "how many save at once")
	f.IntVar(&t.families, "families", 8000, "families of the database")
	f.DurationVar(&t.between, "between", 1500*time.Millisecond, "longest time from the first save to the kill")
	f.Uint64Var(&t.seed, "seed", uint64(time.Now().UnixNano()), "seed of the moments")
	f.StringVar(&t.binary, "hoctap", "./hoctap", "the program")
	f.StringVar(&t.dir, "dir", "", "where the database is made; a temporary folder otherwise")
	if err := f.Parse(args); err != nil {
		return err
	}
	if t.dir == "" {
		dir, err := os.MkdirTemp("", "hoctap-torture")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		t.dir = dir
	}
	sum, err := t.run(ctx)
	if err != nil {
		return fmt.Errorf("seed %d, after %d kills and %d acknowledged saves: %w", t.seed, sum.kills, sum.acknowledged, err)
	}
	fmt.Printf("%d kills under %d writers (seed %d): %d saves acknowledged and all there, %d cut off; counters equal the records, verify passes\n",
		sum.kills, t.writers, t.seed, sum.acknowledged, sum.unanswered)
	return nil
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

// oneKill lets everybody save until the server dies under them.
func (t *torment) oneKill(s *server, hands []*hand, after time.Duration) (acknowledged, unanswered int, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	saved := make(chan struct{}) // closed by the first save that is acknowledged
	first := sync.OnceFunc(func() { close(saved) })
	for _, h := range hands {
		h.at = s.at
		wg.Go(func() {
			defer h.close()
			for n := rand.IntN(len(h.list)); ; n++ {
				house := &h.list[n%len(h.list)]
				if h.unsure[house.id] {
					continue
				}
				failed := h.save(house)
				mu.Lock()
				refused, ok := errors.AsType[*refusedError](failed)
				switch {
				case failed == nil:
					acknowledged++
					first()
				case ok:
					err = errors.Join(err, refused)
				default:
					unanswered++
					h.unsure[house.id] = true
				}
				mu.Unlock()
				if failed != nil {
					return
				}
			}
		})
	}
	time.Sleep(after)
	select { // a kill before anything was saved shows nothing
	case <-saved:
	case <-time.After(patience):
	}
	s.kill()
	wg.Wait()
	return acknowledged, unanswered, err
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
