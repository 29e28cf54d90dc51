// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/object"
)

// A copy counts on parts that are there already, and throwing old copies away deletes parts. So each marks that it is at work before it looks for the mark of
// the other: whichever comes second sees the first and waits or gives up. Marks are renewed; one that was not belongs to a program that died.
const (
	marks     = "lock/"
	writing   = marks + "write-"
	pruning   = marks + "prune-"
	markEvery = time.Minute
	markDead  = 10 * time.Minute

	pruneWait = 2 * time.Second
	pruneMost = 15 * time.Minute
)

// held is a mark.
type held struct {
	at     object.Store
	name   string
	cancel context.CancelFunc
	ended  chan struct{}
}

// mark says that this program is at work, and goes on saying so.
func (f *Folder) mark(ctx context.Context, kind string) (*held, error) {
	put := func(ctx context.Context, name string) error {
		return f.at.Put(ctx, name, func(w io.Writer) error { _, err := io.WriteString(w, "hoctap\n"); return err })
	}
	h := &held{at: f.at, name: kind + strings.ToLower(rand.Text()), ended: make(chan struct{})}
	if err := put(ctx, h.name); err != nil {
		return nil, err
	}
	ctx, h.cancel = context.WithCancel(ctx)
	go func() {
		defer close(h.ended)
		tick := time.NewTicker(markEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if h.still(ctx) == nil { // one that was taken away stays away
					_ = put(ctx, h.name)
				}
			}
		}
	}()
	return h, nil
}

// release takes the mark away.
func (h *held) release() {
	h.cancel()
	<-h.ended
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = h.at.Delete(ctx, h.name) // left behind it is dead in ten minutes
}

// still fails when the mark was taken for dead: parts that this program counts on may be gone.
func (h *held) still(ctx context.Context) error {
	_, err := h.at.Stat(ctx, h.name)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Conflict("backup.lost_lock")
	}
	return err
}

// living are the marks below prefix that are renewed, by the clock of the place itself. Dead ones are taken away when clear says so.
func (f *Folder) living(ctx context.Context, own *held, prefix string, clear bool) (names []string, now time.Time, err error) {
	self, err := f.at.Stat(ctx, own.name)
	if err != nil {
		return nil, now, err
	}
	var dead []string
	err = f.at.List(ctx, marks, func(i object.Info) error {
		switch {
		case i.Name == own.name || !strings.HasPrefix(i.Name, prefix):
		case i.Modified.Before(self.Modified.Add(-markDead)):
			dead = append(dead, i.Name)
		default:
			names = append(names, i.Name)
		}
		return nil
	})
	if err != nil || len(names) > 0 || !clear {
		return names, self.Modified, err
	}
	for _, name := range dead {
		if err := f.at.Delete(ctx, name); err != nil {
			return nil, now, err
		}
	}
	return nil, self.Modified, nil
}

// hold marks that parts are being written, and waits while old copies are thrown away.
func (f *Folder) hold(ctx context.Context) (*held, error) {
	for began := time.Now(); ; {
		h, err := f.mark(ctx, writing)
		if err != nil {
			return nil, err
		}
		others, _, err := f.living(ctx, h, pruning, false)
		if err == nil && len(others) == 0 {
			return h, nil
		}
		h.release()
		if err != nil {
			return nil, err
		}
		if time.Since(began) > pruneMost {
			return nil, fault.Conflict("backup.pruning")
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pruneWait):
		}
	}
}
