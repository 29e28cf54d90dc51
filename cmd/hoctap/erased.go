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
	"path/filepath"
	"time"

	"hoctap/internal/privacy"
	"hoctap/internal/store"
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
	db, err := store.OpenExisting(ctx, base.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := base.wire(ctx, db, time.Now)
	if err != nil {
		return err
	}
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
func keepErased(ctx context.Context, s *site.Site, dir string) error {
	var b bytes.Buffer
	if err := writeErased(ctx, s, &b); err != nil {
		return err
	}
	path := filepath.Join(dir, erasedName)
	if err := os.WriteFile(path+".new", b.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// eraseAgain erases from a database that was just put back what was erased after its copy.
func (c *restoreCmd) eraseAgain(ctx context.Context, base *cli) error {
	var list []privacy.Erased
	for _, path := range []string{filepath.Join(c.Dir, erasedName), c.Erased} {
		some, err := readErased(path)
		if err != nil {
			return brokenError{lang.T(ctx, "cli.erased.bad", "file", path, "why", err.Error())}
		}
		list = append(list, some...)
	}
	if len(list) == 0 {
		return nil
	}
	db, err := store.OpenExisting(ctx, base.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := base.wire(ctx, db, time.Now)
	if err != nil {
		return err
	}
	n, err := s.Privacy.Replay(ctx, list)
	if err == nil {
		say(ctx, "cli.erased.replayed", "count", n)
	}
	return err
}

func readErased(path string) (list []privacy.Erased, err error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d := json.NewDecoder(f)
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
