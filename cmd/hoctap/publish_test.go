// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/mail"
	"hoctap/internal/mail/mailtest"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// Each day's root goes once into the file and once to each witness, also those of days on which nothing ran or the mail server was down; verify holds the
// database against the file, and finds an administrator who wrote the journal anew.
func TestRootsArePublished(t *testing.T) {
	dir := t.TempDir()
	address, heads := "sqlite:"+filepath.Join(dir, "hoctap.db"), filepath.Join(dir, "heads.txt")
	flags := []string{"--db", address, "--files", filepath.Join(dir, "files")}
	ctx := lang.With(t.Context(), lang.Vi)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(command(t, append(flags, "migrate")...))
	db, err := store.Open(ctx, address)
	must(err)
	defer db.Close()
	now := time.Now()
	letters := mailtest.Start(t)
	p := publisher{Site: &site.Site{DB: db, Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}, folder: dir,
		flags:   &journalFlags{Heads: heads, Witness: []string{"a@b.vn", "c@d.vn"}},
		letters: mail.Server{Host: "127.0.0.1", Port: letters.Port, From: "hoctap@b.vn", Security: mail.Plain}}
	p.round(ctx)
	p.round(ctx)
	now = now.AddDate(0, 0, 3)
	port := p.letters.Port
	p.letters.Port = 1 // down
	p.round(ctx)
	p.letters.Port = port
	p.round(ctx)
	text, err := os.ReadFile(heads)
	must(err)
	if n := strings.Count(string(text), "\n"); n != 4 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	if got := letters.Letters(); len(got) != 4 {
		t.Errorf("%d letters", len(got))
	}
	must(command(t, append(flags, "verify", "--head", heads)...))
	id, _, err := store.One(ctx, db.Read(), store.Value[string], `SELECT id FROM journal WHERE place_id = '' LIMIT 1`)
	must(err)
	proof, _, err := audit.Prove(ctx, db, "", id)
	must(err)
	must(os.WriteFile(filepath.Join(dir, "proof"), []byte(strings.Join(proof, "\n")), 0o600))
	must(command(t, "journal", "check", filepath.Join(dir, "proof"), "--head", heads))
	must(command(t, append(flags, "journal", "export", "--out", filepath.Join(dir, "out.jsonl"), "--since", "x")...))
	lines, err := os.ReadFile(filepath.Join(dir, "out.jsonl"))
	must(err)
	n, _, err := store.One(ctx, db.Read(), store.Value[int], `SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM access_log)`)
	must(err)
	if strings.Count(string(lines), "\n") != n {
		t.Errorf("%d of %d exported", strings.Count(string(lines), "\n"), n)
	}
	must(db.Write(ctx, func(tx *store.Tx) error {
		for _, table := range []string{"journal", "journal_head", "journal_day", "journal_day_head"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.System, now, audit.Entry{PlaceID: "p", ThingID: "t", Thing: "place", Act: "create"})
	}))
	_, err = audit.CloseDays(ctx, db, now)
	must(err)
	must(command(t, append(flags, "verify")...))
	if err := command(t, append(flags, "verify", "--head", heads)...); err == nil {
		t.Error("a journal that was written anew passes the published roots")
	}
}
