// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"os"
	"runtime"
	"sync"
)

// dirSync writes directories to disk for many callers at once: those who come while one round is under
// way share the next. A journaling file system commits all of a round's directories with the first.
type dirSync struct {
	mu      sync.Mutex
	next    *syncRound // gathering; nil when nobody waits
	running bool
}

type syncRound struct {
	dirs map[string]bool
	done chan struct{}
	err  error
}

// sync returns when the entries that dirs had at the call are on disk.
func (d *dirSync) sync(dirs ...string) error {
	d.mu.Lock()
	if d.next == nil {
		d.next = &syncRound{dirs: make(map[string]bool), done: make(chan struct{})}
	}
	round := d.next
	for _, dir := range dirs {
		round.dirs[dir] = true
	}
	lead := !d.running
	if lead {
		d.running, d.next = true, nil
	}
	d.mu.Unlock()
	if lead {
		d.run(round)
	}
	<-round.done
	return round.err
}

// run does one round and hands the next to a goroutine of its own, so that no caller waits for another's.
func (d *dirSync) run(round *syncRound) {
	for dir := range round.dirs {
		if err := syncDir(dir); err != nil && round.err == nil {
			round.err = err
		}
	}
	close(round.done)
	d.mu.Lock()
	next := d.next
	d.next, d.running = nil, next != nil
	d.mu.Unlock()
	if next != nil {
		go d.run(next)
	}
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // NTFS journals names itself and refuses to flush a directory handle
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
