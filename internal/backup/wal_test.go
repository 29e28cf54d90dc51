// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // driver "sqlite"
)

// A log that begins with the token goes on from the one before only when nothing was written there in between.
func TestBegunAfter(t *testing.T) {
	for name, missed := range map[string]bool{"nothing between": false, "another program wrote and folded": true} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=wal_autocheckpoint(0)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			do := func(query string, args ...any) {
				t.Helper()
				if _, err := db.Exec(query, args...); err != nil {
					t.Fatal(err)
				}
			}
			do(`CREATE TABLE s (v text)`)
			for i := range 20 {
				do(`INSERT INTO s VALUES ($1)`, fmt.Sprint(i, strings.Repeat("x", 5000)))
			}
			log := walLog{path + "-wal"}
			h, found, err := log.head()
			if err != nil || !found {
				t.Fatal(found, err)
			}
			c, err := log.after(h.start, 1<<40)
			if err != nil || c == nil {
				t.Fatal(c, err)
			}
			if missed {
				do(`INSERT INTO s VALUES ('not read')`)
			}
			var busy, frames, folded int64
			if err := db.QueryRow(`PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &frames, &folded); err != nil || frames != folded {
				t.Fatal(busy, frames, folded, err)
			}
			do(`INSERT INTO s VALUES ('TOKEN')`)
			begun, err := log.begunAfter(c.to, "TOKEN")
			if err != nil || begun == nil != missed {
				t.Errorf("%v, %v", begun, err)
			}
			if other, err := log.begunAfter(c.to, "NOBODY"); err != nil || other != nil {
				t.Errorf("without the token: %v, %v", other, err)
			}
		})
	}
}
