// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature_test

import (
	"strings"
	"testing"
	"time"

	"hoctap/internal/signature"
	"hoctap/internal/store"
)

// What is damaged behind the program's back is found, and what is kept is not swept away.
func TestVerifyFinds(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"a step too many", `UPDATE signing SET steps = 3 WHERE thing_id = $1`, "3 signatures are counted"},
		{"a file of nothing", `UPDATE signed_file SET thing_id = 'x' WHERE thing_id = $1 AND step = 2`, "belongs to nothing"},
		{"a file that is missing", `UPDATE signed_file SET sha = '` + strings.Repeat("0", 64) + `' WHERE thing_id = $1 AND step = 1`, "not in the file store"},
		{"files in another order", `UPDATE signed_file SET sha = (SELECT source_sha FROM signing WHERE thing_id = $1) WHERE thing_id = $1 AND step = 2`, "does not begin with"},
		{"what was never issued", `UPDATE signing SET decision_id = 'x' WHERE thing_id = $1`, "never issued"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, p := build(t, ready.SQLite(t)), people()
			target := w.set()
			for step, h := range []holder{p.person, p.seal} {
				_, err := w.s.SignWithKey(w.ctx, w.officer, target, step+1, h.file(), keyPassword)
				w.ok(err)
			}
			w.verified()
			hashes, err := store.Collect(w.ctx, w.db.Read(), store.Value[string], `SELECT source_sha FROM signing UNION SELECT sha FROM signed_file UNION SELECT picture FROM signer WHERE picture <> ''`)
			w.ok(err)
			if keep, err := w.s.Named(w.ctx, append(hashes, strings.Repeat("0", 64))); err != nil || len(keep) != len(hashes) || len(hashes) != 5 {
				t.Fatalf("%d of %d named, %v", len(keep), len(hashes), err)
			}
			w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error { _, err := tx.Exec(w.ctx, c.query, target.DecisionID); return err }))
			_, list, err := w.s.Verify(w.ctx)
			w.ok(err)
			for _, d := range list {
				if strings.Contains(d.What, c.want) {
					return
				}
			}
			t.Errorf("found %v, want %q", list, c.want)
		})
	}
}

// A file that somebody holds is told apart from all others, and nothing of it is kept.
func TestCheck(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		for step, h := range []holder{p.person, p.seal} {
			_, err := w.s.SignWithKey(w.ctx, w.officer, target, step+1, h.file(), keyPassword)
			w.ok(err)
		}
		last := w.file(target, 2)
		changed := append([]byte{}, last...)
		changed[200] ^= 1
		for _, c := range []struct {
			name  string
			file  []byte
			held  signature.Held
			signs int
			wrong string
		}{
			{"the signed decision", last, signature.HeldLast, 2, ""},
			{"before the seal", w.file(target, 1), signature.HeldEarlier, 1, ""},
			{"before anybody signed", w.file(target, 0), signature.HeldSource, 0, "sign.unsigned"},
			{"a changed byte", changed, signature.HeldOther, 0, "any"},
			{"signed by another", p.stranger.sign(w.file(target, 0), w.at), signature.HeldOther, 1, ""},
			{"signed under another root", p.abroad.sign(w.file(target, 0), w.at), signature.HeldOther, 0, "sign.untrusted"},
			{"no PDF", []byte("hello"), signature.HeldOther, 0, "sign.unreadable"},
			{"nothing", nil, signature.HeldOther, 0, "sign.unreadable"},
		} {
			got, err := w.s.Check(w.ctx, target.DecisionID, c.file)
			w.ok(err)
			if wrong := keyOf(got.Wrong); got.Held != c.held || len(got.Signs) != c.signs || wrong != c.wrong && (c.wrong != "any" || wrong == "") {
				t.Errorf("%s: %+v", c.name, got)
			}
		}
		public, err := w.s.Public(w.ctx, target.DecisionID)
		if err != nil || len(public.Signs) != 2 || public.Signs[0].Name != "Nguyễn Văn Đức" || public.Signs[1].Kind != signature.Seal || public.Signs[0].At.Sub(issued) > time.Second {
			t.Errorf("the public reads %+v, %v", public, err)
		}
		w.verified()
	})
}
