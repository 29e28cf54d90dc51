// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	_ "unsafe" // for go:linkname

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// The driver builds SQLite with SQLITE_ENABLE_MEMORY_MANAGEMENT, which puts the page caches of all connections into one group with one lock.
// In a full group a busy connection takes the pages of the others, and each of their pages, the roots too, is dropped as soon as it was used:
// six scans that read 2.4 million pages one after the other read 98 million beside each other. SQLite's own default is a cache for each
// connection, which the driver has no setting for (docs/decisions/0009), so the switch is set between SQLite's start and its first connection.
//
//go:linkname pageCaches modernc.org/sqlite/lib._pcache1_g
var pageCaches sqlite3.TPCacheGlobal

func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	sqlite3.Xsqlite3_initialize(tls)
	pageCaches.FseparateCache = 1
}
