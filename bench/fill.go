// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// today is the day the demo stands at and the servers run on: self-assessment and the areas' reviews are open.
const today = "2026-11-20"

// years is how many the demo goes back.
const firstYear, lastYear = 2022, 2026

// database is a filled one on disk.
type database struct {
	families int
	dir      string
	server   string // address of PostgreSQL; "" for a file of SQLite in dir
}

func (d *database) path() string  { return filepath.Join(d.dir, "hoctap.db") }
func (d *database) files() string { return filepath.Join(d.dir, "files") }
func (d *database) address() string {
	if d.server != "" {
		return d.server
	}
	return "sqlite:" + d.path()
}

// fill makes a database of n families and five years, or takes the one of an earlier run.
func fill(ctx context.Context, o *options, n int) (*database, error) {
	return fillInto(ctx, o, &database{families: n, dir: filepath.Join(o.dir, "families-"+strconv.Itoa(n))})
}

func fillInto(ctx context.Context, o *options, d *database) (*database, error) {
	n := d.families
	done := filepath.Join(d.dir, "filled")
	if _, err := os.Stat(done); err == nil {
		return d, nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := os.RemoveAll(d.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(d.dir, 0o755); err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "bench: inventing %d families × %d years in %s\n", n, lastYear-firstYear+1, d.dir)
	cmd := exec.CommandContext(ctx, o.binary, "demo", "--db", d.address(), "--files", d.files(), "--families", strconv.Itoa(n),
		"--from", strconv.Itoa(firstYear), "--to", strconv.Itoa(lastYear), "--today", today, "--no-evidence")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("hoctap demo: %w", err)
	}
	return d, os.WriteFile(done, nil, 0o644)
}

// query reads from a database beside its server. Only preparation does so; what is measured goes over HTTP.
func query[T any](d *database, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	driver, address := "sqlite", "file:"+d.path()+"?_pragma=busy_timeout(10000)&_pragma=query_only(1)"
	if d.server != "" {
		driver, address, text = "pgx", d.server, numbered(text)
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query(text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// numbered writes the marks of a query as PostgreSQL has them.
func numbered(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if r == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

const countRows = `SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM assessment), (SELECT count(*) FROM sheet), (SELECT count(*) FROM cell)`

// size says how much a database holds.
func (d *database) size() (string, error) {
	type counts struct{ subjects, assessments, sheets, cells int64 }
	list, err := query(d, func(r *sql.Rows) (c counts, err error) {
		return c, r.Scan(&c.subjects, &c.assessments, &c.sheets, &c.cells)
	}, countRows)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(d.path())
	if err != nil {
		return "", err
	}
	c := list[0]
	return fmt.Sprintf("%d families: %d subjects, %d assessments, %d sheets, %d cells, %.1f GB", d.families, c.subjects, c.assessments, c.sheets, c.cells,
		float64(info.Size())/1e9), nil
}
