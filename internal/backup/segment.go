// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/object"
	"hoctap/internal/store"
)

// A continuous copy is made of generations. A generation is a base, the database file as it lay there, cut into parts as those of copies are, and segments:
// pages that changed since, in the order of their numbers. It shows a whole database from its first segment on.
const (
	logs     = "log/"
	baseName = "base"
)

// base is what a generation begins with.
type base struct {
	ID    string
	At    time.Time
	Names []byte // key of the names of parts
	Size  int64  // of the database file
	Parts []Part // of it, in order
	Files []Part
	Keys  map[string]string
	Start position // of the log, in front of the first segment

	seen map[string]bool // hashes of Files, once segments are added
}

// segment is what changed up to a moment. Pages follow it as their number, four bytes, and their bytes.
type segment struct {
	Generation string
	Seq        int64
	At         time.Time // everything in it was on disk by then
	After, To  position
	Page       int    // bytes of a page
	Size       uint32 // pages of the database
	Pages      int    // how many follow
	Files      []Part // that were put since
	Keys       map[string]string

	changed map[uint32][]byte
	spooled string // a file that holds the segment as it will lie at the place, instead of changed
}

func logName(generation, name string) string { return logs + generation + "/" + name }

// name sorts by number, and says the moment to whoever has no key.
func (s *segment) name() string { return fmt.Sprintf("%010d-%016d", s.Seq, s.At.UnixMicro()) }

func (s *segment) write(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(s); err != nil {
		return err
	}
	numbers := make([]uint32, 0, len(s.changed))
	for n := range s.changed {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		if _, err := w.Write(binary.BigEndian.AppendUint32(nil, n)); err != nil {
			return err
		}
		if _, err := w.Write(s.changed[n]); err != nil {
			return err
		}
	}
	return nil
}

// readSegment reads one, and calls each for every page.
func readSegment(from io.Reader, each func(s *segment, number uint32, page []byte) error) (s segment, err error) {
	r := bufio.NewReader(from)
	line, err := r.ReadBytes('\n')
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(line, &s); err != nil {
		return s, err
	}
	if s.Page < 512 || s.Page > 65536 {
		return s, errDamaged
	}
	b := make([]byte, 4+s.Page)
	for range s.Pages {
		if _, err := io.ReadFull(r, b); err != nil {
			return s, err
		}
		n := binary.BigEndian.Uint32(b)
		if n == 0 {
			return s, errDamaged
		}
		if err := each(&s, n, b[4:]); err != nil {
			return s, err
		}
	}
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		return s, errors.Join(errDamaged, err)
	}
	return s, nil
}

var errDamaged = errors.New("not what was written")

// Log is a generation of a continuous copy: it can be put back to any moment from First to Last, at which something was shipped, and shows the database until Last.
type Log struct {
	ID          string
	First, Last time.Time
	Segments    int

	found []found
}

// found is a segment as its name tells.
type found struct {
	name string
	seq  int64
	at   time.Time
}

// Logs returns the generations that can be put back, oldest first.
func (f *Folder) Logs(ctx context.Context) (list []Log, err error) {
	all, err := f.generations(ctx)
	for _, l := range all {
		if len(l.found) > 0 {
			list = append(list, l)
		}
	}
	return list, err
}

// generations are all, with those whose base is there only.
func (f *Folder) generations(ctx context.Context) (list []Log, err error) {
	err = f.at.List(ctx, logs, func(i object.Info) error {
		id, file, ok := strings.Cut(strings.TrimPrefix(i.Name, logs), "/")
		name, isAge := strings.CutSuffix(file, ending)
		if !ok {
			return nil
		}
		at := slices.IndexFunc(list, func(l Log) bool { return l.ID == id })
		if at < 0 {
			list, at = append(list, Log{ID: id}), len(list)
		}
		seq, micros, ok := strings.Cut(name, "-")
		n, wrong := strconv.ParseInt(seq, 10, 64)
		m, wrong2 := strconv.ParseInt(micros, 10, 64)
		if isAge && ok && wrong == nil && wrong2 == nil {
			list[at].found = append(list[at].found, found{i.Name, n, time.UnixMicro(m).UTC()})
		}
		return nil
	})
	for i := range list {
		l := &list[i]
		slices.SortFunc(l.found, func(a, b found) int { return strings.Compare(a.name, b.name) })
		if n := len(l.found); n > 0 {
			l.First, l.Last, l.Segments = l.found[0].at, l.found[n-1].at, n
		}
	}
	slices.SortFunc(list, func(a, b Log) int { return strings.Compare(a.ID, b.ID) })
	return list, err
}

// until are the segments of a generation that are not later than a moment, each number once: of two with one number, as a crash between sending and noting
// leaves them, the later one holds all of the earlier.
func (l Log) until(at time.Time) (list []found) {
	for _, s := range l.found {
		switch n := len(list); {
		case s.at.After(at):
		case n > 0 && list[n-1].seq == s.seq:
			list[n-1] = s
		default:
			list = append(list, s)
		}
	}
	return list
}

// NewestLog returns the generation that shows the newest moment not later than at, and that moment. It fails with fault.NotFound.
func (f *Folder) NewestLog(ctx context.Context, at time.Time) (l Log, moment time.Time, err error) {
	list, err := f.Logs(ctx)
	if err != nil {
		return l, moment, err
	}
	for _, candidate := range list {
		if some := candidate.until(at); len(some) > 0 && !some[len(some)-1].at.Before(moment) {
			l, moment = candidate, some[len(some)-1].at
		}
	}
	if l.ID == "" {
		return l, moment, fault.NotFound("backup", at.UTC().Format(time.RFC3339))
	}
	return l, moment, nil
}

func (f *Folder) loadBase(ctx context.Context, id string, with []age.Identity) (b base, err error) {
	err = f.read(ctx, logName(id, baseName+ending), with, true, func(r io.Reader) error { return json.NewDecoder(r).Decode(&b) })
	return b, err
}

// RestoreLog puts a generation back as it was at the newest shipped moment not later than at. The target must be empty, and its database SQLite. It returns
// that moment and how many files came with it.
func (f *Folder) RestoreLog(ctx context.Context, l Log, at time.Time, with []age.Identity, to Target) (moment time.Time, files int, err error) {
	defer fault.Wrap(&err, "backup.RestoreLog(%s)", l.ID)
	file, ok := strings.CutPrefix(to.Address, "sqlite:")
	if !ok {
		return moment, 0, fault.Conflict("backup.log_sqlite")
	}
	if _, err := os.Stat(file); err == nil {
		return moment, 0, fault.Conflict("backup.db_exists", "file", file)
	}
	if keyring.Exists(to.Keys) {
		return moment, 0, fault.Conflict("keyring.not_empty", "dir", to.Keys)
	}
	b, err := f.loadBase(ctx, l.ID, with)
	if err != nil {
		return moment, 0, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return moment, 0, err
	}
	half := file + ".restoring"
	out, err := os.OpenFile(half, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return moment, 0, err
	}
	defer os.Remove(half)
	defer out.Close()
	if moment, err = f.rebuild(ctx, l, &b, at, with, out); err != nil {
		return moment, 0, err
	}
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return moment, 0, err
	}
	if err := f.files(ctx, b.Names, b.Files, with, to.Files); err != nil {
		return moment, 0, err
	}
	if len(b.Keys) > 0 {
		if err := keyring.Put(to.Keys, b.Keys); err != nil {
			return moment, 0, err
		}
	}
	if err := os.Rename(half, file); err != nil {
		return moment, 0, err
	}
	db, err := store.Open(ctx, to.Address) // brings it to the newest schema
	if err != nil {
		return moment, 0, err
	}
	return moment, len(b.Files), errors.Join(db.Check(ctx), db.Tune(ctx), db.Close())
}

// rebuild writes the database file, and gathers the files and keys of the segments into b.
func (f *Folder) rebuild(ctx context.Context, l Log, b *base, at time.Time, with []age.Identity, out *os.File) (moment time.Time, err error) {
	offset := int64(0)
	for _, p := range b.Parts {
		bytes, err := f.rows(ctx, b.Names, p, with)
		if err != nil {
			return moment, fmt.Errorf("part %s: %w", p.SHA256, err)
		}
		if _, err := out.WriteAt(bytes, offset); err != nil {
			return moment, err
		}
		offset += int64(len(bytes))
	}
	last := segment{To: b.Start}
	for _, s := range l.until(at) {
		next, err := f.segment(ctx, l.ID, s, &last, with, func(s *segment, n uint32, page []byte) error {
			_, err := out.WriteAt(page, int64(n-1)*int64(s.Page))
			return err
		})
		if err != nil {
			return moment, fmt.Errorf("%s: %w", s.name, err)
		}
		last, moment = next, s.at
		b.add(&next)
	}
	if last.Seq == 0 {
		return moment, fault.NotFound("backup", at.UTC().Format(time.RFC3339))
	}
	return moment, out.Truncate(int64(last.Size) * int64(last.Page))
}

// add takes in what a segment brought besides pages.
func (b *base) add(s *segment) {
	if b.seen == nil {
		b.seen = make(map[string]bool, len(b.Files))
		for _, p := range b.Files {
			b.seen[p.SHA256] = true
		}
	}
	for _, p := range s.Files {
		if !b.seen[p.SHA256] {
			b.seen[p.SHA256] = true
			b.Files = append(b.Files, p)
		}
	}
	if b.Keys == nil {
		b.Keys = map[string]string{}
	}
	maps.Copy(b.Keys, s.Keys)
}

// segment reads one, which must follow upon last.
func (f *Folder) segment(ctx context.Context, generation string, at found, last *segment, with []age.Identity, each func(*segment, uint32, []byte) error) (s segment, err error) {
	err = f.read(ctx, at.name, with, true, func(r io.Reader) error { s, err = readSegment(r, each); return err })
	if err != nil {
		return s, err
	}
	if s.Generation != generation || s.Seq != at.seq || path.Base(at.name) != s.name()+ending || s.Seq != last.Seq+1 || s.After != last.To {
		return s, errors.New("does not follow upon the one before it")
	}
	return s, nil
}
