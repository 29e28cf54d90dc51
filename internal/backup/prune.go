// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/object"
	"hoctap/internal/store"
)

// Keep says what stays when old copies are thrown away: the newest copy of so many days, weeks, months and years that have one, in Vietnam's time. The newest
// of all stays always. Moments is for how many days a continuous copy can be put back to any moment.
type Keep struct {
	Daily, Weekly, Monthly, Yearly int
	Moments                        int
}

// Any says whether anything was asked for; without it nothing is ever thrown away.
func (k Keep) Any() bool { return k.Daily+k.Weekly+k.Monthly+k.Yearly+k.Moments > 0 }

// of returns the names to keep, of names sorted by age.
func (k Keep) of(ids []string) map[string]bool {
	kept := map[string]bool{}
	if len(ids) > 0 {
		kept[ids[len(ids)-1]] = true
	}
	for _, rule := range []struct {
		most int
		of   func(time.Time) string
	}{
		{k.Daily, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{k.Weekly, func(t time.Time) string { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly) }}, // its Monday
		{k.Monthly, func(t time.Time) string { return t.Format("2006-01") }},
		{k.Yearly, func(t time.Time) string { return t.Format("2006") }},
	} {
		last, n := "", 0
		for _, id := range slices.Backward(ids) {
			at, err := TimeOf(id)
			if err != nil {
				kept[id] = true // not ours to judge
				continue
			}
			if span := rule.of(at.In(store.Zone)); span != last && n < rule.most {
				last, n = span, n+1
				kept[id] = true
			}
		}
	}
	return kept
}

// Pruned is what was thrown away, or would be.
type Pruned struct {
	Copies []string // names of copies, oldest first
	Logs   []string // names of generations of the continuous copy
	Parts  int
	Bytes  int64 // as they lie there
}

// youngest is the age from which a part may be deleted that nothing names: a younger one may belong to a list that is about to be written.
var youngest = time.Hour

// Prune throws away the copies that keep does not name, and then the parts that no other copy needs. It needs no key. It fails with fault.Conflict while a copy
// is being made. With dry nothing is deleted, and what would be is told.
func (f *Folder) Prune(ctx context.Context, keep Keep, now time.Time, dry bool) (done Pruned, err error) {
	defer fault.Wrap(&err, "backup.Prune(%s)", f.at)
	own, err := f.mark(ctx, pruning)
	if err != nil {
		return done, err
	}
	defer own.release()
	others, clock, err := f.living(ctx, own, marks, !dry)
	if err != nil {
		return done, err
	}
	if len(others) > 0 && !dry {
		return done, fault.Conflict("backup.busy")
	}
	ids, err := f.List(ctx)
	if err != nil {
		return done, err
	}
	kept := keep.of(ids)
	needed := map[string]bool{}
	for _, id := range ids {
		if !kept[id] {
			done.Copies = append(done.Copies, id)
			continue
		}
		if err := f.getList(ctx, copies+id+listing, needed); err != nil {
			return done, err
		}
	}
	gone, err := f.oldLogs(ctx, keep, now, needed, &done)
	if err != nil {
		return done, err
	}
	for _, id := range done.Copies { // the copy goes before what it needs
		gone = append(gone, copyName(id), copies+id+listing)
	}
	err = f.at.List(ctx, objects, func(i object.Info) error {
		part, ok := strings.CutSuffix(path.Base(i.Name), ending)
		if !ok || needed[part] || i.Modified.After(clock.Add(-youngest)) {
			return nil
		}
		done.Parts, done.Bytes = done.Parts+1, done.Bytes+i.Size
		gone = append(gone, i.Name)
		return nil
	})
	if err != nil || dry {
		return done, err
	}
	for n, name := range gone {
		if n%1000 == 0 {
			if err := own.still(ctx); err != nil {
				return done, err
			}
		}
		if err := f.at.Delete(ctx, name); err != nil {
			return done, err
		}
	}
	return done, ctx.Err()
}

// oldLogs names what belongs to generations that nobody may ask for any more, and gathers what the others need.
func (f *Folder) oldLogs(ctx context.Context, keep Keep, now time.Time, needed map[string]bool, done *Pruned) (gone []string, err error) {
	list, err := f.generations(ctx)
	if err != nil {
		return nil, err
	}
	for i, l := range list {
		end := l.Last
		if end.IsZero() { // a base without a segment: the next one took its place
			end, _ = TimeOf(l.ID)
		}
		old := keep.Moments > 0 && i < len(list)-1 && end.Before(now.AddDate(0, 0, -keep.Moments))
		if old {
			done.Logs = append(done.Logs, l.ID)
		}
		err := f.at.List(ctx, logs+l.ID+"/", func(o object.Info) error {
			switch {
			case old:
				gone = append(gone, o.Name)
			case strings.HasSuffix(o.Name, listing):
				return f.getList(ctx, o.Name, needed)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return gone, nil
}

// putList writes which parts a copy needs, beside it and in the clear: names tell nothing, and who throws copies away has no key.
func (f *Folder) putList(ctx context.Context, name string, parts []string) error {
	return f.at.Put(ctx, name, zipped(func(w io.Writer) error {
		b := bufio.NewWriter(w)
		for _, p := range parts {
			if _, err := b.WriteString(p + "\n"); err != nil {
				return err
			}
		}
		return b.Flush()
	}))
}

// getList reads such a list. It fails with fault.Conflict for a copy that has none: what it needs is not known.
func (f *Folder) getList(ctx context.Context, name string, into map[string]bool) error {
	r, err := f.at.Get(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Conflict("backup.no_list", "copy", strings.TrimSuffix(path.Base(name), listing))
	}
	if err != nil {
		return err
	}
	defer r.Close()
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		into[lines.Text()] = true
	}
	return lines.Err()
}
