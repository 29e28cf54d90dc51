// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package migration holds the schema: one numbered text for every engine, applied forward only.
package migration

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed *.sql
var files embed.FS

// Target is the schema to reach.
type Target int64

// Newest is the newest schema that the program knows.
const Newest Target = 0

// To is an older one.
func To(schema int64) Target { return Target(schema) }

// Up brings db to a schema and returns how many steps it took. It refuses a database that a newer
// program has already migrated, because this one would misread it, and a schema newer than the program's.
func Up(ctx context.Context, db *sql.DB, sqlite bool, to Target) (int, error) {
	steps, err := load(sqlite)
	if err != nil {
		return 0, err
	}
	dialect := goose.DialectPostgres
	if sqlite {
		dialect = goose.DialectSQLite3
	}
	p, err := goose.NewProvider(dialect, db, nil, goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, err
	}
	at, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, err
	}
	newest := steps[len(steps)-1].Version
	if to == Newest {
		to = Target(newest)
	}
	if most := max(at, int64(to)); most > newest {
		return 0, fmt.Errorf("the database has schema %d, this program knows only up to %d: use the newer hoctap", most, newest)
	}
	done, err := p.UpTo(ctx, int64(to))
	return len(done), err
}

var textColumn = regexp.MustCompile(`(?m)^(\s+\w+\s*) text\b`)

func load(sqlite bool) ([]*goose.Migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	for _, name := range names {
		version, err := strconv.ParseInt(name[:4], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: name must begin with four digits: %w", name, err)
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		statements := split(string(body))
		for i, s := range statements {
			if sqlite {
				statements[i] = strings.ReplaceAll(s, "/* WITHOUT ROWID */", "WITHOUT ROWID")
			} else {
				// Bytes order text on SQLite; the same must hold here, for path ranges and for equal pages on both engines.
				statements[i] = textColumn.ReplaceAllString(s, `$1 text COLLATE "C"`)
			}
		}
		run := func(ctx context.Context, tx *sql.Tx) error {
			for _, statement := range statements {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("migration %s: %w\n%s", name, err, statement)
				}
			}
			return nil
		}
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{RunTx: run}, nil))
	}
	return steps, nil
}

// split cuts a text at semicolons that end a line; the schema has no other statements than such.
func split(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if at := strings.Index(line, "--"); at >= 0 {
			line = line[:at] + "\n"
		}
		lines = append(lines, line)
	}
	var out []string
	for _, s := range strings.Split(strings.Join(lines, ""), ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
