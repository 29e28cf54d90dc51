// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package assets serves the style sheets, scripts, fonts and pictures that `go run ./ui/build` puts into dist/.
// It knows nothing of pages. A binary built without that step works: its pages are unstyled.
package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Prefix is the path below which Handler serves.
const Prefix = "/assets/"

//go:embed all:dist
var dist embed.FS

// set is one build: its files, and the map from plain names ("app.css") to hashed ones.
type set struct {
	files fs.FS
	names map[string]string
}

var built = sync.OnceValue(func() set {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return set{files: dist}
	}
	return open(files)
})

func open(files fs.FS) set {
	s := set{files: files, names: map[string]string{}}
	data, err := fs.ReadFile(files, "manifest.json")
	if err != nil || json.Unmarshal(data, &s.names) != nil {
		return set{files: files}
	}
	return s
}

// Built reports whether dist holds a build.
func Built() bool { return len(built().names) > 0 }

// URL returns the address of an asset by its plain name. The address changes with the content, so browsers
// may keep what it answers for ever. A name that was not built keeps its plain form, which answers 404.
func URL(name string) string { return built().url(name) }

// Read returns an asset by its plain name; nil when it was not built.
func Read(name string) []byte {
	s := built()
	data, err := fs.ReadFile(s.files, s.names[name])
	if err != nil {
		return nil
	}
	return data
}

// Handler answers GET and HEAD below Prefix.
func Handler() http.Handler { return built() }

func (s set) url(name string) string {
	if hashed, ok := s.names[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

func (s set) has(hashed string) bool {
	for _, name := range s.names {
		if name == hashed {
			return true
		}
	}
	return false
}

// ServeHTTP serves one file of the build; the manifest and the packed copies have no address of their own.
func (s set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, Prefix)
	if !ok || !s.has(name) {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	if packed, err := fs.ReadFile(s.files, name+".gz"); err == nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			w.Header().Set("Content-Encoding", "gzip")
			answer(w, r, name, packed)
			return
		}
	}
	data, err := fs.ReadFile(s.files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r, name, data)
}

func answer(w http.ResponseWriter, r *http.Request, name string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind(name))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method == http.MethodHead {
		return
	}
	w.Write(data) // an error here is the reader's connection, and there is nobody left to tell
}

// kinds fixes the types that a machine's own table may lack or know otherwise.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".ttf": "font/ttf", ".txt": "text/plain; charset=utf-8",
}

func kind(name string) string {
	ext := path.Ext(name)
	if k, ok := kinds[ext]; ok {
		return k
	}
	if k := mime.TypeByExtension(ext); k != "" {
		return k
	}
	return "application/octet-stream"
}

func takesGzip(accept string) bool {
	for _, one := range strings.Split(accept, ",") {
		coding, q, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.TrimSpace(coding) == "gzip" {
			return strings.TrimSpace(q) != "q=0"
		}
	}
	return false
}
