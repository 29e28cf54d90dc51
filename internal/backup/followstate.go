// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"hoctap/internal/blob"
)

// followState is what is kept beside the database: how far a generation has come. When it is older than the truth a segment is sent again.
type followState struct {
	Place, Generation string
	Began, At         time.Time
	Seq               int64
	Sent              position
	Begun             *position `json:",omitempty"` // of the log after the one of Sent or Spooled, all of which was folded
	Token             string    `json:",omitempty"` // what that one begins with, if the follower was killed before it noted where
	Spooled           *segment  `json:",omitempty"` // not sent yet, see spool
	Sum               string    `json:",omitempty"` // SHA-256 of what was spooled
}

func (f *Follower) save(at time.Time) error {
	s := followState{Place: f.folder.at.String(), Generation: f.generation, Began: f.began, At: at, Seq: f.seq, Sent: f.sent, Begun: f.begun, Token: f.token}
	if f.pending != nil && f.pending.spooled != "" {
		s.Spooled, s.Sum = f.pending, f.sum
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.state+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(f.state+".new", f.state)
}

// spool writes a segment beside the database, encrypted as it will lie at the place: the frames that it was read from are about to be overwritten, and whoever
// is killed before it was sent could not go on. What a power cut leaves of it is told by its sum.
func (f *Follower) spool(s *segment) (err error) {
	name := f.state + ".segment"
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	if err := errors.Join(seal(io.MultiWriter(out, sum), f.to, zipped(s.write)), out.Close()); err != nil {
		return err
	}
	f.sum, s.spooled, s.changed = hex.EncodeToString(sum.Sum(nil)), name, nil
	return f.save(s.At)
}

// copyOf gives what a file holds.
func copyOf(name string) func(io.Writer) error {
	return func(w io.Writer) error {
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = io.Copy(w, in)
		return err
	}
}

// resume goes on with the generation of the server before, when the log proves that nothing was missed.
func (f *Follower) resume(ctx context.Context) error {
	if err := f.log.Hold(ctx); err != nil {
		return err
	}
	b, err := os.ReadFile(f.state)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var s followState
	if json.Unmarshal(b, &s) != nil || s.Place != f.folder.at.String() || s.Generation == "" {
		return nil
	}
	read := s.Sent
	if s.Spooled != nil {
		sum := sha256.New()
		s.Spooled.spooled = f.state + ".segment"
		if copyOf(s.Spooled.spooled)(sum) != nil || hex.EncodeToString(sum.Sum(nil)) != s.Sum {
			return nil
		}
		read = s.Spooled.To
	}
	ok, err := f.wal.reaches(read)
	if err != nil {
		return err
	}
	if !ok && s.Begun != nil {
		read = *s.Begun
		if ok, err = f.wal.reaches(read); err != nil {
			return err
		}
	}
	if !ok && s.Begun == nil && s.Token != "" {
		begun, err := f.wal.begunAfter(read, s.Token)
		if err != nil {
			return err
		}
		if ok = begun != nil; ok {
			read, s.Begun = *begun, begun
		}
	}
	if !ok {
		return nil
	}
	// Files that were put when the server before ended may not have been sent.
	err = f.from.Files.Walk(ctx, func(i blob.Info) error {
		if i.Put.After(s.At.Add(-5 * time.Minute)) {
			f.Note(i.Ref)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	f.generation, f.began, f.seq, f.sent, f.read, f.known = s.Generation, s.Began, s.Seq, s.Sent, read, false
	f.begun, f.token, f.pending, f.sum = s.Begun, s.Token, s.Spooled, s.Sum
	return nil
}
