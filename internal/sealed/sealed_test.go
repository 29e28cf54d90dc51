// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sealed_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

const insertSubject = `INSERT INTO subject (place_id, id, model, name, fold, sort, phone, phone_hash, id_sealed, created_at, updated_at) VALUES ('p', $1, 'family', 'A', 'a', 'a', $2, $3, $4, 0, 0)`

func exec(t *testing.T, db *store.DB, query string, args ...any) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(t.Context(), query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *keyring.Ring {
	t.Helper()
	ring, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// phones opens the phone of every subject.
func phones(t *testing.T, db *store.DB, ring *keyring.Ring) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := store.Each(t.Context(), db.Read(), func(sc store.Scanner) error {
		var id, phone, number string
		if err := sc.Scan(&id, &phone, &number); err != nil {
			return err
		}
		plain, err := sealed.Phone.Open(ring, id, phone)
		if err != nil {
			return err
		}
		if n, err := sealed.IDNumber.Open(ring, id, number); err != nil || n != "id "+plain {
			return fmt.Errorf("%s: number %q, %w", id, n, err)
		}
		out[id] = plain
		return nil
	}, `SELECT id, phone, id_sealed FROM subject`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A rotation that is killed in its middle, while a server goes on saving, loses nothing: the next one goes on, and only then the older key goes.
func TestRotateAfterKill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dir := filepath.Join(t.TempDir(), "keys")
		ring, server := open(t, dir), open(t, dir)
		if err := sealed.Adopt(t.Context(), db, ring, time.Now); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		add := func(ring *keyring.Ring, i int) {
			id, phone := fmt.Sprintf("s%05d", i), fmt.Sprintf("09%08d", i)
			exec(t, db, insertSubject, id, sealed.Phone.Seal(ring, id, phone), ring.Hash(sealed.Phone.Purpose, phone), sealed.IDNumber.Seal(ring, id, "id "+phone))
			want[id] = phone
		}
		for i := range 1300 {
			add(ring, i)
		}
		cells := fmt.Sprintf(`{"name":"A","phone":%q}`, ring.Seal(sealed.ImportCells.Purpose, "b/7", "0912345678"))
		exec(t, db, `INSERT INTO import_row (batch_id, row_no, cells, issues, state, before) VALUES ('b', 7, $1, '[]', 'error', '{}')`, cells)

		killed, cancel := context.WithCancel(t.Context())
		_, err := sealed.Rotate(killed, db, ring, audit.System, time.Now, false, func(s sealed.Step) {
			if s.Column == &sealed.Phone && s.Sealed >= 500 {
				cancel()
			}
		})
		if err == nil || len(ring.Numbers()) != 2 {
			t.Fatalf("killed with %v, keys %v", err, ring.Numbers())
		}
		counts, err := sealed.Count(t.Context(), db)
		if err != nil || counts[1]["subject.phone"] == 0 || counts[2]["subject.phone"] == 0 {
			t.Fatalf("under the keys: %v, %v", counts, err)
		}
		add(server, 2000) // it has not heard of the new key for up to a second

		var saving atomic.Bool
		r, err := sealed.Rotate(t.Context(), db, open(t, dir), audit.System, time.Now, false, func(s sealed.Step) {
			if !saving.Swap(true) {
				add(server, 2001)
			}
		})
		if err != nil || !r.Resumed || r.Key != 2 || len(r.Retired) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		fresh := open(t, dir)
		if n := fresh.Numbers(); len(n) != 1 || n[0] != 2 {
			t.Errorf("keys %v", n)
		}
		got := phones(t, db, fresh)
		for id, phone := range want {
			if got[id] != phone {
				t.Fatalf("%s: %q, want %q", id, got[id], phone)
			}
		}
		text, _, err := store.One(t.Context(), db.Read(), store.Value[string], `SELECT CAST(cells AS text) FROM import_row`)
		if err != nil || !strings.Contains(text, "k2:") || strings.Contains(text, "k1:") {
			t.Errorf("in JSON: %s, %v", text, err)
		}
		if r, err := sealed.Rotate(t.Context(), db, fresh, audit.System, time.Now, false, nil); err != nil || r.Resumed || r.Key != 3 || r.Sealed == 0 {
			t.Errorf("the next one: %+v, %v", r, err)
		}
	})
}

// A text under an old key in a column that nobody has listed keeps the key alive.
func TestStrayTextKeepsItsKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ring := open(t, filepath.Join(t.TempDir(), "keys"))
		exec(t, db, `INSERT INTO import_memory (header_key, mapping, at) VALUES ('x', $1, 0)`, fmt.Sprintf(`{"a":%q}`, ring.Seal("forgotten", "x", "bí mật")))
		_, err := sealed.Rotate(t.Context(), db, ring, audit.System, time.Now, false, nil)
		if f, ok := fault.As(err); !ok || f.Key != "keyring.stray" || f.Args["column"] != "import_memory.mapping" {
			t.Errorf("%v", err)
		}
		if len(ring.Numbers()) != 2 {
			t.Errorf("keys %v", ring.Numbers())
		}
	})
}

// What older programs left plain is sealed at the first start, with its hash; the keys of another database are refused.
func TestAdopt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ring := keyring.Fresh()
		exec(t, db, insertSubject, "a", "0912345678", "", "")
		exec(t, db, `INSERT INTO setting (key, value) VALUES ('certificate_seal', 'c2VjcmV0')`)
		exec(t, db, `INSERT INTO badge_key (id, public, secret, created_at) VALUES ('k', 'x', 'c2VlZA==', 0)`)
		exec(t, db, `INSERT INTO import_row (batch_id, row_no, cells, issues, state, before, subject_id) VALUES ('b', 7, '{"phone":"0912345678"}', '[]', 'imported', '{"subject":{"phone":"0912345678","version":3}}', 'a')`)
		exec(t, db, `INSERT INTO subject_merge (place_id, id, kept_id, gone_id, before, by_id, at) VALUES ('p', 'm', 'a', 'b', '{"filled":{"phone":"0912345678"}}', '', 0)`)
		for range 2 {
			if err := sealed.Adopt(t.Context(), db, ring, time.Now); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range sealed.Columns {
			list, err := store.Collect(t.Context(), db.Read(), store.Value[string], `SELECT CAST(`+c.Name+` AS text) FROM `+c.Table)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				if strings.Contains(s, "0912345678") || s == "c2VjcmV0" || s == "c2VlZA==" {
					t.Errorf("%s: %s", c, s)
				}
			}
		}
		hash, _, err := store.One(t.Context(), db.Read(), store.Value[string], `SELECT phone_hash FROM subject`)
		if err != nil || hash != ring.Hash(sealed.Phone.Purpose, "0912345678") {
			t.Errorf("hash %q, %v", hash, err)
		}
		if err := sealed.Adopt(t.Context(), db, keyring.Fresh(), time.Now); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("other keys: %v", err)
		}
	})
}

// Every call that seals names a purpose of the list, or goes through a column of it: else a rotation would not know its texts.
func TestEverySealIsListed(t *testing.T) {
	known := map[string]bool{}
	for _, c := range sealed.Columns {
		known[c.Purpose] = true
	}
	calls := 0
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/keyring/") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				f, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || f.Sel.Name != "Seal" || len(call.Args) != 3 {
					return true
				}
				if x, ok := f.X.(*ast.Ident); ok && x.Name == "audit" {
					return true // chains the journal, with no key
				}
				calls++
				if x, ok := f.X.(*ast.SelectorExpr); ok { // sealed.Column.Seal(ring, to, plain)
					if p, ok := x.X.(*ast.Ident); ok && p.Name == "sealed" {
						return true
					}
				}
				if filepath.Base(filepath.Dir(path)) == "ceremony" {
					return true // for minutes, in a browser: never stored here
				}
				if filepath.Base(filepath.Dir(path)) == "sealed" {
					return true // the list itself, by its columns
				}
				if x, ok := f.X.(*ast.Ident); ok && x.Name == "c" && filepath.Base(filepath.Dir(path)) == "registry" {
					return true // registry.sealedFields: columns of the list
				}
				lit, ok := call.Args[0].(*ast.BasicLit)
				if !ok || !known[strings.Trim(lit.Value, "\"`")] {
					t.Errorf("%s seals for a purpose that internal/sealed does not list: its texts would be lost with the first old key", files.Position(call.Pos()))
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if calls < 5 {
		t.Errorf("only %d calls seal: does this test still see them?", calls)
	}
}
