// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressedFrom is how long an answer is, in bytes, before it is worth compressing.
const compressedFrom = 1024

// compressed sends pages, JSON, pictures in SVG and CSV as gzip to whoever takes it; assets and files have their own form already. Pages repeat what was
// asked beside what only their reader may see, so a length could tell a guess that was right (BREACH): random filling blurs the lengths.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressedFrom), gzhttp.RandomJitter(32, 0, false),
		gzhttp.ContentTypes([]string{"text/html", "application/json", "image/svg+xml", "text/csv"}))
	if err != nil {
		panic(err) // these options are of this file: wrong ones never pass a test
	}
	return wrap(next)
}
