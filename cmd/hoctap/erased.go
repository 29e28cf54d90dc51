// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"hoctap/internal/backup"
	"hoctap/internal/privacy"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// erasedName is the list of erasures beside the copies: ids and times, so it is kept in the plain. Copies from before an erasure hold what was erased until
// they are thrown away; the list erases it again when one is put back.
const erasedName = "erased.jsonl"

// erasedCmd is `hoctap erased`.
type erasedCmd struct{}

// Run prints the list as JSON lines: for `hoctap restore --erased` where the newest erasures came after the last copy.
func (erasedCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	return writeErased(ctx, s, os.Stdout)
}

func writeErased(ctx context.Context, s *site.Site, to io.Writer) error {
	list, err := s.Privacy.List(ctx)
	if err != nil {
		return err
	}
	e := json.NewEncoder(to)
	for _, x := range list {
		if err := e.Encode(x); err != nil {
			return err
		}
	}
	return nil
}

// keepErased writes the list beside the copies. It is whole or the old one.
func keepErased(ctx context.Context, s *site.Site, at *backup.Folder) error {
	var b bytes.Buffer
	if err := writeErased(ctx, s, &b); err != nil || b.Len() == 0 { // nothing was ever erased
		return err
	}
	return at.KeepBeside(ctx, erasedName, func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err })
}

// erasedEvery is how old the list beside a continuous copy may be.
const erasedEvery = 10 * time.Minute

// keepErasing keeps the list beside a continuous copy, which has no moment of its own for it.
func keepErasing(ctx context.Context, s *site.Site, at *backup.Folder) {
	keep := func(ctx context.Context) {
		if err := keepErased(ctx, s, at); err != nil && ctx.Err() == nil {
			s.Log.Warn("list of erasures", "error", err)
		}
	}
	keep(ctx)
	every(ctx, erasedEvery, keep)
}

// eraseAgain erases from a database that was just put back what was erased after its copy.
func (c *restoreCmd) eraseAgain(ctx context.Context, base *cli, at *backup.Folder) error {
	var list []privacy.Erased
	add := func(name string, open func() (io.ReadCloser, error)) error {
		f, err := open()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			defer f.Close()
			var some []privacy.Erased
			some, err = readErased(f)
			list = append(list, some...)
		}
		if err != nil {
			return brokenError{lang.T(ctx, "cli.erased.bad", "file", name, "why", err.Error())}
		}
		return nil
	}
	if err := add(erasedName, func() (io.ReadCloser, error) { return at.Beside(ctx, erasedName) }); err != nil {
		return err
	}
	if c.Erased != "" {
		if err := add(c.Erased, func() (io.ReadCloser, error) { return os.Open(c.Erased) }); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return nil
	}
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	n, err := s.Privacy.Replay(ctx, list)
	if err == nil {
		say(ctx, "cli.erased.replayed", "count", n)
	}
	return err
}

func readErased(from io.Reader) (list []privacy.Erased, err error) {
	d := json.NewDecoder(from)
	for {
		var x privacy.Erased
		switch err := d.Decode(&x); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, x)
	}
}
