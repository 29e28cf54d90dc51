// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package keyring holds the secret keys of an installation, in a folder beside the database and never inside it: who steals one without the other reads
// no field that was sealed. It seals single fields (XChaCha20-Poly1305), makes keyed hashes by which equal values are found without being kept
// (HMAC-SHA256), and takes new keys without a stop. It knows no domain: callers name a purpose, and each purpose has keys of its own (HKDF-SHA256).
package keyring

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"hoctap/internal/fault"
)

const (
	keySize   = 32
	indexFile = "index.key" // of keyed hashes: it stays, or nothing would be found again
	fieldFile = "field-%04d.key"
	mark      = "k" // a sealed text is k<number of its key>:<base64 of nonce and ciphertext>
)

// Ring is the keys of one installation. It is safe for concurrent use.
type Ring struct {
	dir   string // "" for one that lives in memory only
	mu    sync.RWMutex
	index []byte
	field map[int][]byte
	last  int      // the newest key: what is sealed now
	boxes sync.Map // purpose and number of key → cipher.AEAD: deriving costs more than sealing

	looked atomic.Int64 // when another server's newer key was last looked for, in nanoseconds
}

// Lag is how long a server may go on sealing with the key before the newest: it looks for another server's key that often.
const Lag = time.Second

// Open reads the keys in dir, and makes the first ones where there are none: mode 0700 and 0600, on disk before it returns. Several servers may
// open one shared folder. It fails when a key is damaged.
func Open(dir string) (_ *Ring, err error) {
	defer fault.Wrap(&err, "keyring.Open(%s)", dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	r := &Ring{dir: dir, field: map[int][]byte{}}
	if r.index, err = readOrMake(filepath.Join(dir, indexFile)); err != nil {
		return nil, err
	}
	return r, r.load(true)
}

// Exists says whether dir holds keys already.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, indexFile))
	return err == nil
}

// Files are the keys in dir as texts by the names of their files, for a copy; none when dir holds no ring.
func Files(dir string) (files map[string]string, err error) {
	defer fault.Wrap(&err, "keyring.Files(%s)", dir)
	names, err := filepath.Glob(filepath.Join(dir, "*.key"))
	files = make(map[string]string, len(names))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // retired meanwhile
		}
		if err != nil {
			return nil, err
		}
		files[filepath.Base(name)] = string(text)
	}
	return files, err
}

// Put writes the keys of a copy into dir, which must hold none (fault.Conflict). It fails for what is not a ring, and leaves nothing of it.
func Put(dir string, files map[string]string) (err error) {
	defer fault.Wrap(&err, "keyring.Put(%s)", dir)
	if Exists(dir) {
		return fault.Conflict("keyring.not_empty", "dir", dir)
	}
	keys := map[string][]byte{}
	for name, text := range files {
		var n int
		if _, err := fmt.Sscanf(name, fieldFile, &n); name != indexFile && (err != nil || name != fmt.Sprintf(fieldFile, n)) {
			return fmt.Errorf("%q: not the name of a key", name)
		}
		if keys[name], err = parseKey(name, text); err != nil {
			return err
		}
	}
	if len(keys) < 2 || keys[indexFile] == nil {
		return errors.New("not a ring: a key is missing")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, key := range keys {
		if name == indexFile {
			continue
		}
		if err := place(filepath.Join(dir, name), key); err != nil {
			return err
		}
	}
	return place(filepath.Join(dir, indexFile), keys[indexFile]) // last: with it the ring exists
}

// Fresh returns a ring of new keys that lives in memory only, for tests.
func Fresh() *Ring {
	r := &Ring{index: newKey(), field: map[int][]byte{1: newKey()}, last: 1}
	return r
}

func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key)
	return key
}

// load reads the field keys that are there; with makes, the first one when there is none.
func (r *Ring) load(makes bool) error {
	if r.dir == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(r.dir, "field-*.key"))
	if err != nil {
		return err
	}
	if len(names) == 0 && makes {
		names = []string{filepath.Join(r.dir, fmt.Sprintf(fieldFile, 1))}
	}
	found, last := map[int][]byte{}, 0
	for _, name := range names {
		var n int
		if _, err := fmt.Sscanf(filepath.Base(name), fieldFile, &n); err != nil || n < 1 {
			return fmt.Errorf("%s: not the name of a key", name)
		}
		if found[n], err = readOrMake(name); err != nil {
			return err
		}
		last = max(last, n)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.field, r.last = found, last
	return nil
}

// readOrMake reads a key. A missing one is made under another name and linked into place, so that of two servers that start together one wins and
// both read the same.
func readOrMake(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := place(name, newKey()); err != nil {
			return nil, err
		}
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	return parseKey(name, string(text))
}

func parseKey(name, text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%s: want %d bytes as hex digits", name, keySize)
	}
	return key, nil
}

func place(name string, key []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Rotate makes a new field key: what is sealed from now on is sealed with it, older texts stay readable until their owner seals them again (Stale). Other
// servers read the new key when they first meet it. It returns its number.
func (r *Ring) Rotate() (n int, err error) {
	defer fault.Wrap(&err, "keyring.Rotate")
	if r.dir == "" {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.last++
		r.field[r.last] = newKey()
		return r.last, nil
	}
	if err := r.load(true); err != nil {
		return 0, err
	}
	if err := place(filepath.Join(r.dir, fmt.Sprintf(fieldFile, r.last+1)), newKey()); err != nil {
		return 0, err
	}
	err = r.load(false)
	return r.last, err
}

// Retire deletes the field keys older than the newest. The caller has sealed everything again: what is still under them is lost.
func (r *Ring) Retire() (err error) {
	defer fault.Wrap(&err, "keyring.Retire")
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := range r.field {
		if n == r.last {
			continue
		}
		if r.dir != "" {
			if err := os.Remove(filepath.Join(r.dir, fmt.Sprintf(fieldFile, n))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		delete(r.field, n)
	}
	r.boxes.Clear()
	return nil
}

// Numbers lists the field keys that are there, oldest first.
func (r *Ring) Numbers() []int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var list []int
	for n := range r.field {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// ID names the ring without telling anything of its keys: a database remembers it, so that a start with the wrong folder is refused.
func (r *Ring) ID() string { return r.Hash("keyring", "id")[:16] }

// Hash is the keyed hash of value for a purpose, 64 hex digits: equal values have equal hashes, and without the key nobody tries all values.
func (r *Ring) Hash(purpose, value string) string {
	m := hmac.New(sha256.New, derive(r.index, "hash "+purpose))
	m.Write([]byte(value))
	return hex.EncodeToString(m.Sum(nil))
}

// Seal encrypts plain for a purpose and binds it to the record named by to: moved to another record it does not open. An empty text stays empty.
func (r *Ring) Seal(purpose, to, plain string) string {
	if plain == "" {
		return ""
	}
	r.look()
	r.mu.RLock()
	n, key := r.last, r.field[r.last]
	r.mu.RUnlock()
	box := r.box(n, key, purpose)
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(plain)+box.Overhead())
	_, _ = rand.Read(nonce)
	return mark + strconv.Itoa(n) + ":" + base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(plain), []byte(to)))
}

// Unseal gives the text that was sealed for this purpose and record. It fails for any other, for a changed one, and when its key is gone.
func (r *Ring) Unseal(purpose, to, sealed string) (plain string, err error) {
	defer fault.Wrap(&err, "keyring.Unseal(%s)", purpose)
	if sealed == "" {
		return "", nil
	}
	n, body, err := parse(sealed)
	if err != nil {
		return "", err
	}
	key, err := r.key(n)
	if err != nil {
		return "", err
	}
	box := r.box(n, key, purpose)
	if len(body) < box.NonceSize() {
		return "", errors.New("cut short")
	}
	b, err := box.Open(nil, body[:box.NonceSize()], body[box.NonceSize():], []byte(to))
	return string(b), err
}

// look reads the keys again when another process has made a newer one. A key that cannot be read now is read the next time: what is sealed
// meanwhile is under a key that is still there.
func (r *Ring) look() {
	now := time.Now().UnixNano()
	if before := r.looked.Load(); r.dir == "" || now-before < int64(Lag) || !r.looked.CompareAndSwap(before, now) {
		return
	}
	r.mu.RLock()
	next := r.last + 1
	r.mu.RUnlock()
	if _, err := os.Stat(filepath.Join(r.dir, fmt.Sprintf(fieldFile, next))); err == nil {
		_ = r.load(false)
	}
}

// box is the cipher of a key for a purpose.
func (r *Ring) box(n int, key []byte, purpose string) cipher.AEAD {
	id := strconv.Itoa(n) + " " + purpose
	if box, ok := r.boxes.Load(id); ok {
		return box.(cipher.AEAD)
	}
	box := boxOf(key, purpose)
	r.boxes.Store(id, box)
	return box
}

// key is a field key; one that another server has made meanwhile is read now.
func (r *Ring) key(n int) ([]byte, error) {
	for try := range 2 {
		r.mu.RLock()
		key, found := r.field[n]
		r.mu.RUnlock()
		if found {
			return key, nil
		}
		if try == 0 {
			if err := r.load(false); err != nil {
				return nil, err
			}
		}
	}
	return nil, fault.Conflict("keyring.key_missing", "number", n)
}

// Number is the number of the key that a text is sealed with; ok is false for a text that is not sealed.
func Number(sealed string) (n int, ok bool) {
	n, body, err := parse(sealed)
	return n, err == nil && n > 0 && len(body) > chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead
}

// Stale says whether a sealed text is under an older key than the newest.
func (r *Ring) Stale(sealed string) bool {
	n, _, err := parse(sealed)
	r.mu.RLock()
	defer r.mu.RUnlock()
	return err == nil && n < r.last
}

func parse(sealed string) (n int, body []byte, err error) {
	number, text, ok := strings.Cut(strings.TrimPrefix(sealed, mark), ":")
	if n, err = strconv.Atoi(number); err != nil || !ok || !strings.HasPrefix(sealed, mark) {
		return 0, nil, errors.New("not a sealed text")
	}
	body, err = base64.RawURLEncoding.DecodeString(text)
	return n, body, err
}

func boxOf(key []byte, purpose string) cipher.AEAD {
	box, err := chacha20poly1305.NewX(derive(key, "field "+purpose))
	if err != nil {
		panic(err) // only for a key of another length
	}
	return box
}

func derive(key []byte, purpose string) []byte {
	b, err := hkdf.Key(sha256.New, key, nil, "hoctap "+purpose, keySize)
	if err != nil {
		panic(err) // only for a length that HKDF cannot give
	}
	return b
}
