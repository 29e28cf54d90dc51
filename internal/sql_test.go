// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package internal_test

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// statement is one SQL text that the source holds whole: a constant, or an argument that needs no value to be known.
type statement struct{ where, text string }

var isStatement = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)

// TestStatementsPrepare has both engines read every statement of the house against the schema. What is put together while the program runs,
// by store.Where, is for the tests of its package.
func TestStatementsPrepare(t *testing.T) {
	all := statements(t)
	if len(all) < 250 {
		t.Fatalf("only %d statements found: the search is broken", len(all))
	}
	t.Run("sqlite", func(t *testing.T) {
		db := storetest.SQLite(t)
		for _, s := range all {
			rows, err := db.Read().Query(t.Context(), "EXPLAIN "+s.text, make([]any, parameters(s.text))...)
			if err == nil {
				err = rows.Close()
			}
			if err != nil {
				t.Errorf("%s: %v\n%s", s.where, err, s.text)
			}
		}
	})
	t.Run("postgres", func(t *testing.T) {
		address := storetest.PostgresURL(t)
		migrated, err := store.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer migrated.Close()
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range all {
			p, err := db.PrepareContext(t.Context(), s.text)
			if err != nil {
				t.Errorf("%s: %v\n%s", s.where, err, s.text)
				continue
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// parameters is how many a text wants.
func parameters(text string) (n int) {
	for _, m := range parameter.FindAllStringSubmatch(text, -1) {
		if k, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, k)
		}
	}
	return n
}

// withRow gives an INSERT whose rows are added while the program runs one of them.
func withRow(text string) string {
	if !strings.HasSuffix(strings.TrimSpace(text), "VALUES") {
		return text
	}
	columns, _, _ := strings.Cut(text, ")")
	row := "($1"
	for i := range strings.Count(columns, ",") {
		row += ", $" + strconv.Itoa(i+2)
	}
	return text + row + ")"
}

// statements reads them from the source of each package.
func statements(t *testing.T) (all []statement) {
	t.Helper()
	files, packages := token.NewFileSet(), map[string][]*ast.File{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") ||
			strings.HasPrefix(filepath.ToSlash(path), "store/") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range packages {
		known := constants{}
		for _, f := range list {
			ast.Inspect(f, known.note)
		}
		seen := map[string]bool{}
		found := func(at ast.Expr) {
			if text, ok := known.text(at); ok && isStatement.MatchString(text) && !seen[text] {
				seen[text] = true
				all = append(all, statement{files.Position(at.Pos()).String(), withRow(text)})
			}
		}
		for _, f := range list {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					for _, v := range n.Values {
						found(v)
					}
				case *ast.CallExpr:
					for _, v := range n.Args {
						found(v)
					}
				}
				return true
			})
		}
	}
	return all
}

// constants are the texts of a package by name.
type constants map[string]ast.Expr

func (c constants) note(n ast.Node) bool {
	if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						c[name.Name] = v.Values[i]
					}
				}
			}
		}
	}
	return true
}

// text is what an expression of texts and constants comes to.
func (c constants) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, e.Kind == token.STRING && err == nil
	case *ast.ParenExpr:
		return c.text(e.X)
	case *ast.Ident:
		if v, ok := c[e.Name]; ok {
			return c.text(v)
		}
	case *ast.BinaryExpr:
		a, ok1 := c.text(e.X)
		b, ok2 := c.text(e.Y)
		return a + b, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}
