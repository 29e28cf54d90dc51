// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"filippo.io/age"
	"golang.org/x/sync/errgroup"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// FollowOptions are the measures of a continuous copy; each has a value of its own when it is 0.
type FollowOptions struct {
	Every   time.Duration // between looks at the log: what is lost with the machine is not older
	MostLog int64         // bytes of the log from which it is let go of when the place does not answer
	Renew   time.Duration // age from which a generation is followed by a new one
	Log     *slog.Logger
}

func (o *FollowOptions) fill() {
	set := func(d *time.Duration, standard time.Duration) {
		if *d == 0 {
			*d = standard
		}
	}
	set(&o.Every, time.Second)
	set(&o.Renew, 24*time.Hour)
	if o.MostLog == 0 {
		o.MostLog = 512 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

const (
	foldFrames = 4000             // in the log before it is folded, as SQLite does by itself
	foldMost   = 32 << 20         // bytes that may still wait to be read while everybody waits for the fold
	sendMost   = 64 << 20         // bytes of pages in one segment
	sendTime   = 2 * time.Minute  // for one segment
	restMost   = 30 * time.Second // between tries at a place that does not answer
	lastTime   = 15 * time.Second // for what is left when the server stops
	oddMost    = 3
)

// FollowStatus is how a continuous copy stands.
type FollowStatus struct {
	Place      string
	Generation string
	ShippedAt  time.Time // everything that was on disk by then is at the place
	Waiting    int64     // bytes of the log that are not there yet, about
	Building   bool      // a base is being written: until its end ShippedAt stays where it is when there is no older generation
	Error      string    // of the newest try; "" when it went well
	Since      time.Time // of the first of the errors in a row
}

// Follower sends what is written to a SQLite database to a place, seconds behind it. See docs/decisions/0025.
type Follower struct {
	folder *Folder
	from   Source
	to     []age.Recipient
	log    *store.Log
	wal    walLog
	state  string // file that says how far the place has it
	o      FollowOptions

	// Of the goroutine that runs.
	generation string // "" while there is none
	resumed    bool   // or tried to
	known      bool   // that the place has it
	began      time.Time
	seq        int64 // of the newest segment that was sent
	sent, read position
	token      string    // what the newest fold wrote first
	begun      *position // of the log after the newest fold, when nothing was missed between the two; until something of it was sent
	tried      int64     // frames when folding was last tried
	odd        int
	pending    *segment // read and not sent yet
	sum        string   // of the file where it is spooled
	keys       map[string]string
	building   *building

	mu     sync.Mutex
	noting bool   // there is a generation, or may be one to go on with
	files  []Part // put since the newest segment
	status FollowStatus
}

// building is a base under way.
type building struct {
	base   base
	cancel context.CancelFunc
	done   chan error
	files  []Part // put since it began
}

// Follow prepares a follower of a database that was opened with store.KeepLog.
func Follow(folder *Folder, from Source, to []age.Recipient, o FollowOptions) (*Follower, error) {
	log := from.DB.Log()
	if log == nil {
		return nil, fault.Conflict("backup.follow_sqlite")
	}
	o.fill()
	return &Follower{folder: folder, from: from, to: to, log: log, wal: walLog{log.Path() + "-wal"}, state: log.Path() + "-follow", o: o, noting: true,
		keys: map[string]string{}, status: FollowStatus{Place: folder.at.String()}}, nil
}

// Note says that a file was put into the store; the row that names it is written later.
func (f *Follower) Note(ref blob.Ref) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := Part{ref.SHA256, ref.Size}
	if f.noting {
		f.files = append(f.files, p)
	}
	if f.building != nil {
		f.building.files = append(f.building.files, p)
	}
}

// Status says how it stands.
func (f *Follower) Status() FollowStatus {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

// Run follows until ctx ends, and then sends what is left if the place answers.
func (f *Follower) Run(ctx context.Context) {
	unlock, err := lockFile(ctx, f.state+".lock") // an older server that is about to stop goes on following until then
	if err != nil {
		if ctx.Err() == nil {
			f.tell(err)
		}
		return
	}
	defer unlock()
	for rest, failed := time.Duration(0), time.Duration(0); ; {
		select {
		case <-ctx.Done():
			f.stopBuilding()
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTime)
			defer cancel()
			if f.generation != "" {
				f.tell(f.guarded(last, f.ship))
			}
			return
		case <-time.After(f.o.Every):
		}
		if rest -= f.o.Every; rest > 0 {
			f.tell(errors.Join(f.bound(ctx), errResting))
			continue
		}
		err := f.guarded(ctx, f.step)
		if ctx.Err() != nil {
			continue
		}
		f.tell(err)
		if err != nil && !errors.Is(err, errResting) {
			failed = min(max(2*failed, f.o.Every), restMost)
			rest = failed
			_ = f.bound(ctx)
		} else if err == nil {
			rest, failed = 0, 0
		}
	}
}

// errResting keeps the error of the last try.
var errResting = errors.New("resting")

func (f *Follower) guarded(ctx context.Context, do func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("backup: panic in the follower: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx)
}

// tell keeps an error for those who look, and says a new one in the log.
func (f *Follower) tell(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &f.status
	s.Generation, s.Building = f.generation, f.building != nil
	switch {
	case errors.Is(err, errResting):
	case err == nil && s.Error != "":
		s.Error, s.Since = "", time.Time{}
		f.o.Log.Info("continuous copy goes on", "place", s.Place)
	case err != nil:
		if s.Error == "" {
			s.Since = time.Now()
			f.o.Log.Warn("continuous copy", "place", s.Place, "error", err)
		}
		s.Error = err.Error()
	}
}

// step is one look.
func (f *Follower) step(ctx context.Context) error {
	if !f.resumed {
		if err := f.resume(ctx); err != nil {
			return err
		}
		f.resumed = true
	}
	if err := f.built(); err != nil {
		return err
	}
	if f.building == nil && (f.generation == "" || time.Since(f.began) > f.o.Renew) {
		if err := f.build(ctx); err != nil {
			return err
		}
	}
	if f.generation == "" {
		return errors.Join(f.bound(ctx), errResting) // how the base went is not known yet
	}
	if f.building != nil {
		if err := f.bound(ctx); err != nil || f.generation == "" {
			return err
		}
	}
	if err := f.ship(ctx); err != nil {
		return err
	}
	return f.fold(ctx)
}

// ship sends everything that was on disk when it began.
func (f *Follower) ship(ctx context.Context) error {
	for more := true; more; {
		by := time.Now()
		if more = f.pending != nil; !more {
			s, err := f.next(sendMost)
			if errors.Is(err, errOtherLog) {
				f.lose("the log was begun anew by another program")
				return nil
			}
			if err != nil {
				return err
			}
			f.pending = s
			more = s != nil && len(s.changed)*s.Page >= sendMost
		}
		if f.pending != nil {
			if err := f.send(ctx, f.pending); err != nil {
				return err
			}
		}
		if !more {
			f.mu.Lock()
			f.status.ShippedAt, f.status.Waiting = by, 0
			f.mu.Unlock()
		}
	}
	return nil
}

// next reads a segment from the log; nil when nothing was written.
func (f *Follower) next(most int64) (*segment, error) {
	h, found, err := f.wal.head()
	if err != nil || !found {
		return nil, err
	}
	from := f.read
	if !h.start.sameLog(from) {
		if f.begun == nil || !h.start.sameLog(*f.begun) {
			return nil, errOtherLog
		}
		from, f.tried = h.start, 0
		f.read = from
	}
	c, err := f.wal.after(from, most)
	if err != nil || c == nil {
		return nil, err
	}
	s := &segment{Generation: f.generation, Seq: f.seq + 1, At: time.Now().UTC().Truncate(time.Microsecond), After: f.sent, To: c.to, Page: c.page, Size: c.size,
		Pages: len(c.pages), changed: c.pages}
	now := map[string]string{}
	if err := addKeys(now, f.from.Keys); err != nil {
		return nil, err
	}
	if !maps.Equal(now, f.keys) {
		s.Keys, f.keys = now, now
	}
	f.mu.Lock()
	s.Files, f.files = f.files, nil // a superset of what the rows above name
	f.mu.Unlock()
	f.read = c.to
	return s, nil
}

// send puts a segment, and its files before it. What failed is sent again whole.
func (f *Follower) send(ctx context.Context, s *segment) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime+time.Duration(len(s.Files))*time.Minute)
	defer cancel()
	if !f.known {
		_, err := f.folder.at.Stat(ctx, logName(f.generation, baseName+ending))
		if errors.Is(err, fs.ErrNotExist) {
			f.lose("the place has it no more")
			return nil
		}
		if err != nil {
			return err
		}
		f.known = true
	}
	if len(s.Files) > 0 {
		key, err := keyOfNames(ctx, f.from.DB)
		if err != nil {
			return err
		}
		names := make([]string, len(s.Files))
		group, inner := errgroup.WithContext(ctx)
		group.SetLimit(writers)
		for i, p := range s.Files {
			n := name(key, p.SHA256)
			group.Go(func() error {
				err := f.folder.putFile(inner, objectName(n), f.to, f.from.Files, p.SHA256)
				if fault.KindOf(err) == fault.KindNotFound {
					return nil // deleted meanwhile: no record names it
				}
				names[i] = n
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		kept := s.Files[:0:0]
		for i, p := range s.Files {
			if names[i] != "" {
				kept = append(kept, p)
			}
		}
		names = slices.DeleteFunc(names, func(n string) bool { return n == "" })
		s.Files = kept
		if err := f.folder.putList(ctx, logName(f.generation, s.name()+listing), names); err != nil {
			return err
		}
	}
	put := func() error {
		return f.folder.write(ctx, logName(f.generation, s.name()+ending), f.to, zipped(s.write))
	}
	if s.spooled != "" {
		put = func() error { return f.folder.at.Put(ctx, logName(f.generation, s.name()+ending), copyOf(s.spooled)) }
	}
	if err := put(); err != nil {
		return err
	}
	f.seq, f.sent, f.pending = s.Seq, s.To, nil
	if f.begun != nil && f.begun.sameLog(f.sent) {
		f.begun, f.token = nil, ""
	}
	return f.save(s.At)
}

// fold makes the log begin anew when it has grown, once everything in it was read.
func (f *Follower) fold(ctx context.Context) error {
	if f.building != nil || f.pending != nil || f.read.Frames-max(f.tried, 0) < foldFrames {
		return nil
	}
	f.tried = f.read.Frames
	frames, err := f.log.Fold(ctx, func() error {
		s, err := f.next(foldMost)
		if errors.Is(err, errOtherLog) {
			return errNotNow // ship tells
		}
		if err != nil {
			return err
		}
		if f.pending = s; s == nil {
			return nil
		}
		if len(s.changed)*s.Page >= foldMost {
			return errNotNow
		}
		return f.spool(s)
	}, func(conn *sql.Conn, frames int64) error {
		if frames != f.read.Frames {
			return nil
		}
		f.token = rand.Text()
		if err := f.save(time.Now()); err != nil { // whoever is killed from here on finds by the token that nobody else began the log
			return err
		}
		if _, err := conn.ExecContext(context.Background(), upsertFollow, f.token); err != nil {
			return err
		}
		begun, err := f.wal.begunAfter(f.read, f.token)
		if err != nil || begun == nil { // somebody reads from the log: it goes on where it is
			return err
		}
		f.begun = begun
		return f.save(time.Now())
	})
	if errors.Is(err, errNotNow) {
		f.tried = 0
		return nil
	}
	if err != nil {
		return err
	}
	if frames == f.read.Frames {
		f.odd = 0
	} else if f.odd++; frames < f.read.Frames || f.odd > oddMost {
		f.lose("the log holds something else than was read")
	}
	return nil
}

var errNotNow = errors.New("not now")

// bound lets go of the log when the place has not taken it for long: the disk of the database must not fill up. A new generation begins later.
func (f *Follower) bound(ctx context.Context) error {
	most := f.o.MostLog
	if f.building != nil {
		most += f.building.base.Size
	}
	h, frames, err := f.wal.frames()
	if err != nil || frames == 0 {
		return err
	}
	waiting := frames
	if h.start.sameLog(f.sent) && f.generation != "" {
		waiting -= f.sent.Frames
	}
	f.mu.Lock()
	f.status.Waiting = max(waiting, 0) * int64(frameHead+h.page)
	f.mu.Unlock()
	kept := f.generation != "" || f.building != nil
	if kept && frames*int64(frameHead+h.page) < most || !kept && frames < foldFrames {
		return nil
	}
	if kept {
		f.stopBuilding()
		f.lose("the place did not take it in time, and the log grew too large")
	}
	_, err = f.log.Fold(ctx, nil, nil)
	return err
}

// lose ends a generation: something may have been missed.
func (f *Follower) lose(why string) {
	if f.generation != "" {
		f.o.Log.Warn("continuous copy begins anew", "generation", f.generation, "why", why)
	}
	f.generation, f.pending, f.begun, f.tried, f.odd = "", nil, nil, 0, 0
	_ = os.Remove(f.state)
	f.mu.Lock()
	f.noting, f.files = false, nil // the next base has all
	f.mu.Unlock()
}
