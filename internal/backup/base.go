// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/blob"
	"hoctap/internal/store"
)

const upsertFollow = `INSERT INTO setting (key, value) VALUES ('follow', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

// build begins a new generation. Until its base is written the log is not folded, so that the file stays as it is, and an older generation goes on.
func (f *Follower) build(ctx context.Context) error {
	b := &building{base: base{ID: newID(time.Now()), At: time.Now().UTC(), Keys: map[string]string{}}, done: make(chan error, 1)}
	// A log that holds something can be held; see Log.Hold.
	err := f.from.DB.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, upsertFollow, b.base.ID); return err })
	if err != nil {
		return err
	}
	if err := f.log.Hold(ctx); err != nil {
		return err
	}
	h, found, err := f.wal.head()
	if err != nil || !found {
		return errors.Join(err, fmt.Errorf("no log at %s", f.wal.path))
	}
	info, err := f.log.Main().Stat()
	if err != nil {
		return err
	}
	b.base.Start, b.base.Size = h.start, info.Size()
	ctx, b.cancel = context.WithCancel(ctx)
	f.mu.Lock()
	f.building = b
	f.mu.Unlock()
	go func() {
		b.done <- f.guarded(ctx, func(ctx context.Context) error { return f.folder.putBase(ctx, &b.base, f.log.Main(), f.from, f.to) })
	}()
	return nil
}

func (f *Follower) stopBuilding() {
	if b := f.building; b != nil {
		b.cancel()
		<-b.done
		f.mu.Lock()
		f.building = nil
		f.mu.Unlock()
	}
}

// built takes over a base that is written.
func (f *Follower) built() error {
	b := f.building
	if b == nil {
		return nil
	}
	select {
	case err := <-b.done:
		b.cancel()
		f.mu.Lock()
		f.building = nil
		if err == nil {
			f.noting, f.files = true, b.files
		}
		f.mu.Unlock()
		if err != nil {
			return err
		}
	default:
		return nil
	}
	f.generation, f.known, f.began, f.seq, f.pending, f.begun = b.base.ID, true, time.Now(), 0, nil, nil
	f.sent, f.read, f.tried, f.odd, f.keys = b.base.Start, b.base.Start, 0, 0, maps.Clone(b.base.Keys)
	// The file may show some of what the log holds already: only with all of it is it one database.
	s, err := f.next(1 << 62)
	if errors.Is(err, errOtherLog) {
		f.lose("the log was begun anew by another program")
		return nil
	}
	f.pending = s
	return err
}

// chunk is how much of a database file is one part.
const chunk = 1 << 20

// putBase writes a base; what is there already of an older one is not written again.
func (f *Folder) putBase(ctx context.Context, b *base, file io.ReaderAt, from Source, to []age.Recipient) error {
	held, err := f.hold(ctx)
	if err != nil {
		return err
	}
	defer held.release()
	m, err := f.newMaker(ctx, from.DB, to)
	if err != nil {
		return err
	}
	b.Names = m.key
	err = func() error {
		if err := addKeys(b.Keys, from.Keys); err != nil {
			return err
		}
		buffer := make([]byte, chunk)
		for at := int64(0); at < b.Size; at += chunk {
			part := buffer[:min(chunk, b.Size-at)]
			if _, err := file.ReadAt(part, at); err != nil {
				return err
			}
			b.Parts = append(b.Parts, m.bytes(part))
			if err := m.ctx.Err(); err != nil {
				return err
			}
		}
		err := from.Files.Walk(m.ctx, func(i blob.Info) error { m.file(from.Files, i.Ref); return m.ctx.Err() })
		if err != nil {
			return err
		}
		return addKeys(b.Keys, from.Keys)
	}()
	if err = errors.Join(m.wait(), err); err != nil {
		return err
	}
	b.Files = m.copy.Files
	slices.SortFunc(b.Files, func(x, y Part) int { return strings.Compare(x.SHA256, y.SHA256) })
	if err := held.still(ctx); err != nil {
		return err
	}
	if err := f.putList(ctx, logName(b.ID, baseName+listing), m.needs); err != nil {
		return err
	}
	return f.write(ctx, logName(b.ID, baseName+ending), to, zipped(func(w io.Writer) error { return json.NewEncoder(w).Encode(b) }))
}
