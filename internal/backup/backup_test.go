// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"hoctap/internal/backup"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/object"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// vault is a folder for copies with a key.
type vault struct {
	*testing.T
	*backup.Folder
	dir   string
	to    []age.Recipient
	with  []age.Identity
	files blob.Store
	keys  string
}

func (v *vault) source(db *store.DB) backup.Source {
	return backup.Source{DB: db, Files: v.files, Keys: v.keys}
}

func newVault(t *testing.T) *vault {
	t.Helper()
	v := &vault{T: t, dir: filepath.Join(t.TempDir(), "copies")}
	secret, public, err := backup.NewKey()
	v.ok(err)
	v.to, err = backup.Recipients(strings.NewReader("# for the safe\n" + public + "\n"))
	v.ok(err)
	v.with, err = backup.Identities(strings.NewReader(secret))
	v.ok(err)
	v.Folder = folderAt(t, v.dir)
	v.files, err = blob.Open(filepath.Join(t.TempDir(), "files"))
	v.ok(err)
	v.keys = filepath.Join(t.TempDir(), "keys")
	ring, err := keyring.Open(v.keys)
	v.ok(err)
	_, err = ring.Rotate()
	v.ok(err)
	return v
}

func folderAt(t *testing.T, dir string) *backup.Folder {
	t.Helper()
	at, err := object.Open(dir, object.Remote{})
	if err != nil {
		t.Fatal(err)
	}
	return backup.Open(at)
}

func (v *vault) ok(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

func (v *vault) copy(db *store.DB, at time.Time) backup.Written {
	v.Helper()
	w, err := v.Make(v.Context(), v.source(db), v.to, at)
	v.ok(err)
	return w
}

func (v *vault) load(id string) backup.Copy {
	v.Helper()
	c, err := v.Load(v.Context(), id, v.with)
	v.ok(err)
	return c
}

// same demands that two copies show the same rows and files; the engine and the moment may differ.
func (v *vault) same(a, b backup.Copy) {
	v.Helper()
	a.ID, b.ID, a.At, b.At, a.Engine, b.Engine = "", "", noon, noon, "", ""
	if d := cmp.Diff(a, b); d != "" {
		v.Errorf("not the same: %s", d)
	}
}

func (v *vault) put(text string) {
	v.Helper()
	_, err := v.files.Put(v.Context(), strings.NewReader(text), 1<<20)
	v.ok(err)
}

// fill writes rows of every type, with what tends to go wrong on the way.
func fill(t *testing.T, db *store.DB, rows int) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		for i := range rows {
			id := fmt.Sprintf("%05d", i)
			text := []string{"Nguyễn Thị Ẩn", "", "\"quote\" 'q' \\ <b> & \u2028 \n \t", "0123", "null", "true", "𠮷"}[i%7]
			json := []string{`{}`, `{"b": 1, "a": [1.50, "x", null, true], "ẩ": 9007199254740993}`, `[]`}[i%3]
			_, err := tx.Exec(t.Context(), `INSERT INTO journal_unsealed (place_id, thing_id, id, at, actor_id, address, act, thing, before, after, reason) VALUES ($1, $2, $3, $4, '', '', 'x', 'y', $5, $6, $7)`,
				"p"+id[:2], "t"+id, id, int64(i)*9007199254740993%1e18, json, json, text)
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO title (place_id, id, subject_id, assessment_id, model, from_year, year, until_year, level, exemplary, name, area_name, no, decision_id, origin_id, decided_on, code, state)
			VALUES ('p', 'a', '', '', '', 1, 2, 3, '', true, '', '', 1, '', '', '', 'c', 'valid'), ('p', 'b', '', '', '', 1, 2, 3, '', false, '', '', 1, '', '', '', 'd', 'valid')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A copy of either engine is put back into either, with every file, and a copy of that is the same again.
func TestThereAndBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := newVault(t)
		fill(t, db, 6000)
		v.put("một tấm ảnh")
		v.put("")
		made := v.copy(db, noon)
		if made.Files != 2 || made.Rows < 6002 {
			t.Errorf("%+v", made)
		}
		first := v.load(made.Copy)
		for name, address := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "new.db"), "postgres": ""} {
			t.Run("to "+name, func(t *testing.T) {
				if address == "" {
					address = storetest.PostgresURL(t)
				}
				files, err := blob.Open(filepath.Join(t.TempDir(), "files"))
				v.ok(err)
				keys := filepath.Join(t.TempDir(), "keys")
				_, err = v.Restore(t.Context(), made.Copy, v.with, backup.Target{Address: address, Files: files, Keys: keys})
				v.ok(err)
				again, err := store.Open(t.Context(), address)
				v.ok(err)
				defer again.Close()
				from := *v
				v.files, v.keys = files, keys
				second := v.copy(again, noon.Add(time.Hour))
				v.files, v.keys = from.files, from.keys
				old, err := keyring.Open(v.keys)
				v.ok(err)
				back, err := keyring.Open(keys)
				v.ok(err)
				if plain, err := back.Unseal("x", "y", old.Seal("x", "y", "bí mật")); err != nil || plain != "bí mật" || back.ID() != old.ID() {
					t.Errorf("the keys that came back do not open what was sealed: %q, %v", plain, err)
				}
				v.same(first, v.load(second.Copy))
				if second.New != 0 {
					t.Errorf("%d parts of the same rows were written again", second.New)
				}
				if _, err := v.Restore(t.Context(), made.Copy, v.with, backup.Target{Address: address, Files: files, Keys: t.TempDir()}); fault.KindOf(err) != fault.KindConflict {
					t.Errorf("over a database that is not empty: %v", err)
				}
			})
		}
	})
}

// The second copy writes what changed and no more; each point in time can be had again.
func TestOnlyWhatChanged(t *testing.T) {
	v := newVault(t)
	db := storetest.SQLite(t)
	fill(t, db, 60_000)
	first := v.copy(db, noon)
	change := func(query string) {
		t.Helper()
		v.ok(db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(t.Context(), query); return err }))
	}
	change(`UPDATE journal_unsealed SET reason = 'other' WHERE id = '30000'`)
	second := v.copy(db, noon.Add(time.Minute))
	if second.New != 1 || second.Bytes*4 > first.Bytes {
		t.Errorf("one changed row: %d new parts of %d bytes, after %d of %d", second.New, second.Bytes, first.New, first.Bytes)
	}
	change(`DELETE FROM journal_unsealed WHERE id = '00100'`)
	if third := v.copy(db, noon.Add(2*time.Minute)); third.New > 2 {
		t.Errorf("one row less: %d new parts", third.New)
	}
	ids, err := v.List(t.Context())
	v.ok(err)
	if len(ids) != 3 {
		t.Fatalf("%v", ids)
	}
	for at, want := range map[time.Time]string{noon: ids[0], noon.Add(90 * time.Second): ids[1], noon.Add(time.Hour): ids[2]} {
		if got, err := v.Newest(t.Context(), at); err != nil || got != want {
			t.Errorf("at %s: %s, %v, want %s", at, got, err, want)
		}
	}
	if _, err := v.Newest(t.Context(), noon.Add(-time.Second)); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("before the first: %v", err)
	}
}

// What is written meanwhile is in the copy whole or not at all.
func TestWhileWriting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := newVault(t)
		stop, ended := make(chan struct{}), sync.WaitGroup{}
		for w := range 4 {
			ended.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					err := db.Write(t.Context(), func(tx *store.Tx) error { // two rows that belong together
						for _, half := range []string{"a", "b"} {
							if _, err := tx.Exec(t.Context(), `INSERT INTO setting (key, value) VALUES ($1, $2)`, fmt.Sprintf("%s-%d-%06d", half, w, i), "x"); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		var copies []string
		for i := range 3 {
			copies = append(copies, v.copy(db, noon.Add(time.Duration(i)*time.Minute)).Copy)
		}
		close(stop)
		ended.Wait()
		for _, id := range copies {
			address := "sqlite:" + filepath.Join(t.TempDir(), id+".db")
			_, err := v.Restore(t.Context(), id, v.with, backup.Target{Address: address, Files: v.files, Keys: t.TempDir()})
			v.ok(err)
			back, err := store.Open(t.Context(), address)
			v.ok(err)
			const halves = `SELECT count(*) FROM setting a WHERE a.key LIKE 'a-%' AND NOT EXISTS (SELECT 1 FROM setting b WHERE b.key = 'b' || substr(a.key, 2))`
			n, _, err := store.One(t.Context(), back.Read(), store.Value[int64], halves)
			v.ok(err)
			if n != 0 {
				t.Errorf("%s: %d halves", id, n)
			}
			v.ok(back.Close())
		}
	})
}

// A part that is gone, cut off or of another text is found, and nothing can be read without the key.
func TestVerify(t *testing.T) {
	v := newVault(t)
	db := storetest.SQLite(t)
	fill(t, db, 3000)
	v.put("một tấm ảnh")
	made := v.copy(db, noon)
	done, wrong, err := v.Verify(t.Context(), v.with)
	if err != nil || len(wrong) != 0 || done.Copies != 1 || done.Files != 1 || done.Rows != made.Rows {
		t.Fatalf("%+v, %v, %v", done, wrong, err)
	}
	var parts []string
	v.ok(filepath.WalkDir(filepath.Join(v.dir, "objects"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			parts = append(parts, path)
		}
		return err
	}))
	for name, harm := range map[string]func(string) error{
		"gone":      os.Remove,
		"cut off":   half,
		"empty":     func(path string) error { return os.Truncate(path, 0) },
		"a bit":     func(path string) error { return flip(path) },
		"exchanged": func(path string) error { return exchange(path, parts) },
	} {
		for _, path := range parts {
			kept, err := os.ReadFile(path)
			v.ok(err)
			v.ok(harm(path))
			if _, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) == 0 {
				t.Errorf("%s: %v, %v", name, wrong, err)
			}
			v.ok(os.WriteFile(path, kept, 0o600))
		}
	}
	other := newVault(t)
	if _, _, err := v.Verify(t.Context(), other.with); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("with another key: %v", err)
	}
	if _, err := v.Load(t.Context(), "../copies/"+made.Copy, v.with); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a path for a name: %v", err)
	}
	for _, path := range parts {
		b, err := os.ReadFile(path)
		v.ok(err)
		if bytes.Contains(b, []byte("Nguyễn")) || bytes.Contains(b, []byte("tấm ảnh")) {
			t.Errorf("%s can be read", path)
		}
	}
}

func half(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/2)
}

func flip(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b[len(b)-1] ^= 1
	return os.WriteFile(path, b, 0o600)
}

func exchange(path string, parts []string) error {
	other := parts[0]
	if other == path {
		other = parts[len(parts)-1]
	}
	b, err := os.ReadFile(other)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}

// A copy that was cut off by a crash leaves nothing that counts as a copy or as a part.
func TestCutOff(t *testing.T) {
	v := newVault(t)
	db := storetest.SQLite(t)
	fill(t, db, 3000)
	broken := brokenFiles{v.files}
	v.put("một tấm ảnh")
	if _, err := v.Make(t.Context(), backup.Source{DB: db, Files: broken}, v.to, noon); err == nil {
		t.Fatal("a disk that fails was not noticed")
	}
	if ids, err := v.List(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("half a copy counts: %v, %v", ids, err)
	}
	made := v.copy(db, noon)
	if _, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) != 0 || made.New == 0 {
		t.Errorf("after it: %v, %v", wrong, err)
	}
}

// brokenFiles cannot read to the end.
type brokenFiles struct{ blob.Store }

type broken struct{ io.ReadSeekCloser }

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (b brokenFiles) Open(ctx context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	r, n, err := b.Store.Open(ctx, sha)
	return broken{r}, n, err
}

func TestKeys(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "age1xyz", "AGE-SECRET-KEY-1", strings.Repeat("x", 5000)} {
		if _, err := backup.Recipients(strings.NewReader(text)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("recipients %.20q: %v", text, err)
		}
		if _, err := backup.Identities(strings.NewReader(text)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("identities %.20q: %v", text, err)
		}
	}
}
