// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package backup copies the whole database and every file into a folder, encrypted, and puts them back. It knows tables and bytes, no domain.
//
// A copy is a list of rows of every table as of one moment, so it does not matter what is written meanwhile, and a copy of SQLite can be put back into
// PostgreSQL. Rows are cut into parts where their keys say so: a part that did not change since an earlier copy is there already and is not written
// again. Everything in the folder is encrypted to age recipients (age-encryption.org/v1); who makes copies cannot read them.
package backup

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/fault"
)

// Folder is where copies are kept.
type Folder struct{ dir string }

// Copy is one copy of everything.
type Copy struct {
	ID     string    // time and four letters: names sort by age
	At     time.Time // the moment it shows, UTC
	Engine string    // of the database that was copied
	Schema int64     // its newest migration
	Names  []byte    // key of the names of parts, see name
	Tables []Table
	Files  []Part
	Keys   map[string]string // the key ring: name of each file, and what it holds
}

// Table is a table's rows, in the order of its key.
type Table struct {
	Name    string
	Columns []string
	Types   []string // as in store.Column
	Rows    int64
	Parts   []Part
}

// Part is a run of rows as lines of JSON arrays, or a file.
type Part struct {
	SHA256 string // of its plain bytes, hex
	Size   int64  // of its plain bytes
}

const (
	copies  = "copies"
	objects = "objects"
	ending  = ".age"
	stamp   = "20060102T150405Z"
)

// Open returns the folder at dir, which is made when missing.
func Open(dir string) (*Folder, error) {
	for _, d := range []string{copies, objects} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, err
		}
	}
	return &Folder{dir}, nil
}

// OpenExisting is Open for a folder that must hold copies already; it fails with fault.NotFound.
func OpenExisting(dir string) (*Folder, error) {
	if _, err := os.Stat(filepath.Join(dir, copies)); err != nil {
		return nil, fault.NotFound("backup", dir)
	}
	return &Folder{dir}, nil
}

// List returns the names of the copies, oldest first.
func (f *Folder) List() (ids []string, err error) {
	entries, err := os.ReadDir(filepath.Join(f.dir, copies))
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ending); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, err
}

// TimeOf is the moment a copy shows.
func TimeOf(id string) (time.Time, error) {
	at, _, _ := strings.Cut(id, "-")
	return time.Parse(stamp, at)
}

// Newest returns the name of the newest copy that is not later than at. It fails with fault.NotFound.
func (f *Folder) Newest(at time.Time) (string, error) {
	ids, err := f.List()
	if err != nil {
		return "", err
	}
	for _, id := range slices.Backward(ids) {
		if made, err := TimeOf(id); err == nil && !made.After(at) {
			return id, nil
		}
	}
	return "", fault.NotFound("backup", at.UTC().Format(time.RFC3339))
}

func newID(at time.Time) string {
	b := make([]byte, 5)
	_, _ = rand.Read(b)
	return at.UTC().Format(stamp) + "-" + hex.EncodeToString(b)
}

// name is what a part is called in the folder: its hash under a key of the database, so that nobody who sees the folder can tell whether it holds a text
// he knows.
func name(key []byte, sha string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(sha))
	return hex.EncodeToString(h.Sum(nil))
}

func (f *Folder) objectPath(name string) string {
	return filepath.Join(f.dir, objects, name[:2], name+ending)
}

func (f *Folder) copyPath(id string) string { return filepath.Join(f.dir, copies, id+ending) }

// has says whether a part is there: what is there is whole, see write.
func (f *Folder) has(name string) (bool, error) {
	_, err := os.Stat(f.objectPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// write encrypts what fill writes into a new file. It is whole and on disk when write returns, or not there.
func write(path string, to []age.Recipient, fill func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	sealed, err := age.Encrypt(tmp, to...)
	if err != nil {
		return err
	}
	if err := fill(sealed); err != nil {
		return err
	}
	if err := sealed.Close(); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Recipients reads age public keys, one a line; lines that begin with # say nothing. It fails with fault.Invalid.
func Recipients(r io.Reader) ([]age.Recipient, error) {
	list, err := age.ParseRecipients(r)
	if err != nil || len(list) == 0 {
		return nil, fault.Invalid(fault.Field("to", "backup.recipients"))
	}
	return list, nil
}

// Identities reads age secret keys, one a line. It fails with fault.Invalid.
func Identities(r io.Reader) ([]age.Identity, error) {
	list, err := age.ParseIdentities(r)
	if err != nil || len(list) == 0 {
		return nil, fault.Invalid(fault.Field("key", "backup.identity"))
	}
	return list, nil
}

// NewKey makes a key: the secret half for restoring, to be kept elsewhere, and the public half for making copies.
func NewKey() (secret, public string, err error) {
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return k.String(), k.Recipient().String(), nil
}

// keyText and keyOf are the key of names as the database keeps it.
func keyText(key []byte) string { return base64.StdEncoding.EncodeToString(key) }

func keyOf(text string) ([]byte, error) { return base64.StdEncoding.DecodeString(text) }
