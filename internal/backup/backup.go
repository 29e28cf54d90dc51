// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package backup copies the whole database and every file into a folder or an S3 bucket, encrypted, and puts them back. It knows tables and bytes, no domain.
//
// A copy is a list of rows of every table as of one moment, so it does not matter what is written meanwhile, and a copy of SQLite can be put back into
// PostgreSQL. Rows are cut into parts where their keys say so: a part that did not change since an earlier copy is there already and is not written
// again. Everything in the folder is encrypted to age recipients (age-encryption.org/v1); who makes copies cannot read them.
package backup

import (
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/fault"
	"hoctap/internal/object"
)

// Folder is where copies are kept: a folder, or a bucket of an S3 server.
type Folder struct{ at object.Store }

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
	copies  = "copies/"
	objects = "objects/"
	ending  = ".age"   // encrypted
	listing = ".parts" // names of the objects that a copy needs, see lists
	stamp   = "20060102T150405Z"
)

// Open returns the copies at a place.
func Open(at object.Store) *Folder { return &Folder{at} }

// OpenExisting is Open for a place that must hold copies already; it fails with fault.NotFound.
func OpenExisting(ctx context.Context, at object.Store) (*Folder, error) {
	f := Open(at)
	for _, below := range []string{copies, logs} {
		err := at.List(ctx, below, func(object.Info) error { return errSome })
		if errors.Is(err, errSome) {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, fault.NotFound("backup", at.String())
}

// errSome ends a listing that only asks whether there is anything.
var errSome = errors.New("there is some")

// List returns the names of the copies, oldest first.
func (f *Folder) List(ctx context.Context) (ids []string, err error) {
	err = f.at.List(ctx, copies, func(i object.Info) error {
		if id, ok := strings.CutSuffix(strings.TrimPrefix(i.Name, copies), ending); ok {
			ids = append(ids, id)
		}
		return nil
	})
	slices.Sort(ids)
	return ids, err
}

// TimeOf is the moment a copy shows.
func TimeOf(id string) (time.Time, error) {
	at, _, _ := strings.Cut(id, "-")
	return time.Parse(stamp, at)
}

// Newest returns the name of the newest copy that is not later than at. It fails with fault.NotFound.
func (f *Folder) Newest(ctx context.Context, at time.Time) (string, error) {
	ids, err := f.List(ctx)
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

func objectName(name string) string { return objects + name[:2] + "/" + name + ending }

func copyName(id string) string { return copies + id + ending }

// beside is where lists lie that go with all copies of a place, in the plain.
const beside = "beside/"

// KeepBeside keeps a list beside the copies, in place of the one of that name. It is not encrypted: it must name nobody.
func (f *Folder) KeepBeside(ctx context.Context, name string, fill func(io.Writer) error) (err error) {
	defer fault.Wrap(&err, "backup.KeepBeside(%s)", name)
	return f.at.Put(ctx, beside+name, fill)
}

// Beside opens such a list; the error is an fs.ErrNotExist when there is none.
func (f *Folder) Beside(ctx context.Context, name string) (io.ReadCloser, error) {
	return f.at.Get(ctx, beside+name)
}

// there are the names of all parts. What is there is whole, see object.Store.
func (f *Folder) there(ctx context.Context) (map[string]bool, error) {
	found := map[string]bool{}
	err := f.at.List(ctx, objects, func(i object.Info) error {
		if name, ok := strings.CutSuffix(path.Base(i.Name), ending); ok {
			found[name] = true
		}
		return nil
	})
	return found, err
}

// write encrypts what fill writes into an object.
func (f *Folder) write(ctx context.Context, name string, to []age.Recipient, fill func(io.Writer) error) error {
	return f.at.Put(ctx, name, func(w io.Writer) error { return seal(w, to, fill) })
}

func seal(w io.Writer, to []age.Recipient, fill func(io.Writer) error) error {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	if err := fill(sealed); err != nil {
		return err
	}
	return sealed.Close()
}

// zipped makes what fill writes smaller.
func zipped(fill func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if err != nil {
			return err
		}
		if err := fill(z); err != nil {
			return err
		}
		return z.Close()
	}
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
