// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/signature"
	"hoctap/internal/store"
)

// The head of the body signs with a key file, the clerk puts the seal on with a tool; both hold, and another program says so.
func TestPersonThenSeal(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		w.at = issued.Add(time.Hour)
		first, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), keyPassword)
		w.ok(err)
		if first.Kind != signature.Person || first.Name != "Nguyễn Văn Đức" || !first.SignedAt.Equal(w.at) {
			t.Fatalf("%+v", first)
		}
		g, err := w.s.Signing(w.ctx, w.officer, target)
		w.ok(err)
		if g.Next() != signature.Seal || g.Complete {
			t.Fatalf("after the person: next %q, complete %v", g.Next(), g.Complete)
		}
		w.at = w.at.Add(time.Hour)
		_, err = w.s.Upload(w.ctx, w.officer, target, 2, p.seal.sign(w.file(target, 1), w.at))
		w.ok(err)
		if g, err = w.s.Signing(w.ctx, w.officer, target); err != nil || g.Next() != "" || !g.Complete || len(g.Files) != 2 {
			t.Fatalf("after the seal: %+v, %v", g, err)
		}
		last := w.file(target, 2)
		for _, step := range []int{0, 1} {
			if !bytes.HasPrefix(last, w.file(target, step)) {
				t.Errorf("the last file does not begin with that of step %d", step)
			}
		}
		if !bytes.Equal(w.file(target, 0), printed()) {
			t.Error("the file before any signature is not what was printed")
		}
		path := papertest.Keep(t, "signed.pdf", last)
		if said, err := papertest.Ask(t, "pdfsig", "-nocert", path); err != nil || strings.Count(said, "Signature is Valid") != 2 || strings.Count(said, "Total document signed") != 1 {
			t.Errorf("pdfsig: %v\n%s", err, said)
		}
		if said, err := papertest.Ask(t, "qpdf", "--check", path); err != nil || strings.Contains(strings.ToLower(said), "warning") {
			t.Errorf("qpdf: %v\n%s", err, said)
		}
		flipped := bytes.Clone(last)
		flipped[bytes.Index(flipped, []byte("stream"))+30] ^= 1
		if said, _ := papertest.Ask(t, "pdfsig", "-nocert", papertest.Keep(t, "flipped.pdf", flipped)); strings.Count(said, "Digest Mismatch") != 2 {
			t.Errorf("pdfsig on a changed file:\n%s", said)
		}
		w.verified()
		if _, err := w.s.SignWithKey(w.ctx, w.officer, target, 3, p.person.file(), keyPassword); keyOf(err) != "signature.all_signed" {
			t.Errorf("a third signature: %v", err)
		}
	})
}

// A second begin, even with other bytes, changes nothing: what is signed is what was printed first.
func TestBeginOnce(t *testing.T) {
	w := build(t, ready.SQLite(t))
	target := w.set()
	w.begin()
	g, err := w.s.Signing(w.ctx, w.officer, target)
	w.ok(err)
	if g.Spot.Page != 1 || g.Spot.Height != 27 || !bytes.Equal(w.file(target, 0), printed()) {
		t.Fatalf("%+v", g)
	}
}

// Every way in which a returned file can be wrong, each with its reason, and none leaves a trace.
func TestRefusedFiles(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		ended := w.add(signature.Person, p.root.issue("Người Cũ", issued.AddDate(-1, 0, 0), issued.AddDate(1, 0, 0)), nil)
		w.ok(w.s.EndSigner(w.ctx, w.officer, w.body, ended.ID))
		old := p.root.issue("Hết Hạn", issued.AddDate(-1, 0, 0), issued.Add(20*time.Minute))
		w.add(signature.Person, old, nil)
		gone := p.root.issue("Thôi Việc", issued.AddDate(-1, 0, 0), issued.AddDate(1, 0, 0))
		x := w.add(signature.Person, gone, nil)
		w.ok(w.s.EndSigner(w.ctx, w.officer, w.body, x.ID))
		w.at = issued.Add(time.Hour)
		source := w.file(target, 0)
		good := p.person.sign(source, w.at)
		flipped := bytes.Clone(good)
		flipped[len(source)/2] ^= 1
		late := bytes.Clone(good)
		late[len(good)-60] ^= 1
		for _, c := range []struct {
			name string
			file []byte
			want string
		}{
			{"nothing", nil, "sign.unreadable"},
			{"not a PDF", []byte("PK\x03\x04 not a PDF"), "sign.unreadable"},
			{"not signed", source, "sign.unsigned"},
			{"another's signature, of the same name", p.stranger.sign(source, w.at), "signature.not_allowed"},
			{"a signer who was ended", gone.sign(source, w.at), "signature.ended"},
			{"the seal first", p.seal.sign(source, w.at), "signature.wrong_kind"},
			{"a foreign root over the right key", p.abroad.sign(source, w.at), "sign.untrusted"},
			{"tomorrow", p.person.sign(source, w.at.AddDate(0, 0, 1)), "sign.ahead"},
			{"before the number", p.person.sign(source, issued.Add(-time.Hour)), "signature.too_early"},
			{"two signatures at once", p.second.sign(good, w.at), "signature.one_signature"},
			{"another paper", p.person.sign(printedOf("List: 9 families"), w.at), "sign.not_original"},
			{"a changed letter", flipped, "sign.not_original"},
			{"bytes behind the signature", append(bytes.Clone(good), "%%EOF\nmore"...), "sign.altered"},
			{"half of the signature", good[:len(good)-200], "sign.altered"},
			{"too large", append(bytes.Clone(good), make([]byte, 33<<20)...), "signature.too_large"},
		} {
			if _, err := w.s.Upload(w.ctx, w.officer, target, 1, c.file); keyOf(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
		if _, err := w.s.Upload(w.ctx, w.officer, target, 1, late); keyOf(err) == "" || fault.KindOf(err) == fault.KindInternal {
			t.Errorf("a byte near the end: %v", err)
		}
		// A key whose time is over cannot sign, and what it signed in its time is taken.
		if _, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, old.file(), keyPassword); keyOf(err) != "sign.key_expired" {
			t.Errorf("an expired key: %v", err)
		}
		g, err := w.s.Signing(w.ctx, w.officer, target)
		w.ok(err)
		if g.Steps != 0 || len(g.Files) != 0 {
			t.Fatalf("a refused file left %+v", g)
		}
		w.verified()
		_, err = w.s.Upload(w.ctx, w.officer, target, 1, old.sign(source, issued.Add(10*time.Minute)))
		w.ok(err)
		if _, err := w.s.Upload(w.ctx, w.officer, target, 1, good); keyOf(err) != "stale.signing" {
			t.Errorf("the same step again: %v", err)
		}
		if _, err := w.s.Upload(w.ctx, w.officer, target, 2, p.second.sign(w.file(target, 1), w.at)); keyOf(err) != "signature.wrong_kind" {
			t.Errorf("a second person in place of the seal: %v", err)
		}
	})
}

// Key files that cannot be used, and roots that were taken away.
func TestRefusedKeys(t *testing.T) {
	w, p := build(t, ready.SQLite(t)), people()
	target := w.set()
	for _, c := range []struct {
		name     string
		file     []byte
		password string
		want     string
	}{
		{"wrong password", p.person.file(), "sai", "sign.password"},
		{"no key", []byte("x"), keyPassword, "sign.key"},
		{"another's", p.stranger.file(), keyPassword, "signature.not_allowed"},
		{"the seal first", p.seal.file(), keyPassword, "signature.wrong_kind"},
	} {
		if _, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, c.file, c.password); keyOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	w.trust(p.foreign)
	if _, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), keyPassword); keyOf(err) != "sign.untrusted" {
		t.Errorf("roots changed: %v", err)
	}
	w.verified()
}

// Neither a key nor its password is found anywhere after it was used.
func TestKeyIsNotKept(t *testing.T) {
	w, p := build(t, ready.SQLite(t)), people()
	target := w.set()
	for _, password := range []string{"mat-khau-sai-7345", keyPassword} {
		_, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), password)
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("an error tells the password: %v", err)
		}
	}
	texts, err := store.Collect(w.ctx, w.db.Read(), store.Value[string], `SELECT after || before || reason FROM journal`)
	w.ok(err)
	if len(texts) < 3 {
		t.Fatal("no journal")
	}
	for _, text := range texts {
		if strings.Contains(text, keyPassword) || strings.Contains(text, "mat-khau-sai-7345") {
			t.Errorf("the journal tells the password: %s", text)
		}
	}
}

// Nothing is signed without roots, before an issue, or before it was begun.
func TestNotReady(t *testing.T) {
	w, p := build(t, ready.SQLite(t)), people()
	target := signature.Target{DecisionID: w.decision.ID}
	if err := w.s.Begin(w.ctx, w.officer, target, print); keyOf(err) != "signature.no_roots" {
		t.Errorf("begin without roots: %v", err)
	}
	if err := w.s.SetElectronic(w.ctx, w.officer, w.body, true, 0); keyOf(err) != "signature.no_roots" {
		t.Errorf("setting without roots: %v", err)
	}
	w.trust(p.root)
	if err := w.s.SetElectronic(w.ctx, w.officer, w.body, true, 0); keyOf(err) != "signature.no_person" {
		t.Errorf("setting without a person: %v", err)
	}
	if _, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), keyPassword); keyOf(err) != "signature.not_begun" {
		t.Errorf("not begun: %v", err)
	}
	if err := w.s.Trust([]byte("no certificate")); keyOf(err) != "signature.roots" {
		t.Errorf("roots: %v", err)
	}
	if _, err := w.s.Signing(w.ctx, w.officer, signature.Target{DecisionID: w.decision.ID, PaperID: "x"}); keyOf(err) != "not_found.paper" {
		t.Errorf("no such paper: %v", err)
	}
}

// Who may not decide for the body signs nothing for it, reads what the role reads and no more, and leaves no trace.
func TestPermissions(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		good := p.person.sign(w.file(target, 0), issued)
		entries := func() int {
			n, _, err := store.One(w.ctx, w.db.Read(), store.Value[int], `SELECT count(*) FROM journal`)
			w.ok(err)
			return n
		}
		signers, err := w.s.Signers(w.ctx, w.officer, w.body)
		w.ok(err)
		for _, c := range []struct {
			login string
			role  identity.Role
			at    string
			reads bool
		}{
			{"ben", identity.CommuneOfficer, place.OfficialID("07900", "2025-07-01"), false}, {"khu", identity.AreaVolunteer, w.area, false}, {"quan-tri", identity.Admin, place.Root, false},
			{"tham-dinh", identity.Reviewer, w.commune, true}, {"xem", identity.Viewer, w.commune, true},
		} {
			by := w.account(c.login, c.role, c.at)
			before := entries()
			for verb, err := range map[string]error{
				"AddSigner":     second(w.s.AddSigner(w.ctx, by, signature.Drafted{BodyID: w.body, Kind: signature.Person, Certificate: p.stranger.pem()})),
				"EndSigner":     w.s.EndSigner(w.ctx, by, w.body, signers[0].ID),
				"SetElectronic": w.s.SetElectronic(w.ctx, by, w.body, true, 0),
				"Begin":         w.s.Begin(w.ctx, by, target, print),
				"Upload":        second(w.s.Upload(w.ctx, by, target, 1, good)),
				"SignWithKey":   second(w.s.SignWithKey(w.ctx, by, target, 1, p.person.file(), keyPassword)),
				"Offer":         second(w.s.Offer(w.ctx, by, target, 1)),
			} {
				if fault.KindOf(err) != fault.KindDenied {
					t.Errorf("%s %s: %v", c.login, verb, err)
				}
			}
			_, _, opened := w.s.Open(w.ctx, by, target, 0)
			for verb, err := range map[string]error{
				"Signers": second(w.s.Signers(w.ctx, by, w.body)), "Setting": second(w.s.Setting(w.ctx, by, w.body)), "Signing": second(w.s.Signing(w.ctx, by, target)),
				"Of": second(w.s.Of(w.ctx, by, target.DecisionID)), "Completed": second(w.s.Completed(w.ctx, by, w.commune)), "Open": opened,
			} {
				if c.reads != (err == nil) || err != nil && fault.KindOf(err) != fault.KindDenied {
					t.Errorf("%s %s: %v", c.login, verb, err)
				}
			}
			if entries() != before {
				t.Errorf("%s left something in the journal", c.login)
			}
		}
		w.verified()
	})
}

func second[T any](_ T, err error) error { return err }

// A body that signs electronically has no certificates and papers before its decision is signed; what it issued by hand has them at once.
func TestGate(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		notice := func() (recognition.Paper, error) {
			return w.decided.IssuePaper(w.ctx, w.officer, recognition.Paper{DecisionID: w.decision.ID, Kind: recognition.PaperNotice, Symbol: "TB-HKH", Date: "2026-12-01", About: "x", Signer: "Nguyễn Văn Đức"},
				func(*recognition.Paper, recognition.Wording) (string, error) { return "{}", nil })
		}
		waits := func(want bool) {
			t.Helper()
			got, err := w.s.Waits(w.ctx, nil, &w.decision)
			w.ok(err)
			public, err := w.s.Public(w.ctx, w.decision.ID)
			w.ok(err)
			if got != want || public.Waits != want {
				t.Fatalf("waits: %v, the public reads %v, want %v", got, public.Waits, want)
			}
			if _, err := notice(); (keyOf(err) == "signature.waiting") != want || err != nil && !want {
				t.Fatalf("a notice: %v", err)
			}
		}
		waits(false)
		target := w.set()
		w.at = issued.Add(time.Minute)
		w.ok(w.s.SetElectronic(w.ctx, w.officer, w.body, true, 0))
		waits(false) // it was issued before, by hand
		if err := w.s.SetElectronic(w.ctx, w.officer, w.body, false, 0); fault.KindOf(err) != fault.KindStale {
			t.Errorf("setting by an old page: %v", err)
		}
		w.ok(w.s.SetElectronic(w.ctx, w.officer, w.body, false, 1))
		w.at = issued
		w.ok(w.s.SetElectronic(w.ctx, w.officer, w.body, true, 2))
		waits(true)
		_, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), keyPassword)
		w.ok(err)
		waits(true) // the body has a seal
		_, err = w.s.SignWithKey(w.ctx, w.officer, target, 2, p.seal.file(), keyPassword)
		w.ok(err)
		waits(false)
		ids, err := w.s.Completed(w.ctx, w.officer, w.commune)
		if err != nil || !ids[w.decision.ID] {
			t.Errorf("completed: %v, %v", ids, err)
		}

		x, err := notice()
		w.ok(err)
		target.PaperID = x.ID
		w.ok(w.s.Begin(w.ctx, w.officer, target, print))
		_, err = w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), keyPassword)
		w.ok(err)
		of, err := w.s.Of(w.ctx, w.officer, w.decision.ID)
		if g, d := of[x.ID], of[w.decision.ID]; err != nil || len(g.Files) != 1 || g.Thing != "paper" || len(d.Files) != 2 {
			t.Errorf("of the decision: %+v, %v", of, err)
		}
		_, err = w.decided.VoidPaper(w.ctx, w.officer, x.ID, "Ghi nhầm ngày")
		w.ok(err)
		if _, err := w.s.SignWithKey(w.ctx, w.officer, target, 2, p.seal.file(), keyPassword); fault.KindOf(err) != fault.KindConflict || keyOf(err) != "recognition.void_already" {
			t.Errorf("the seal on a void paper: %v", err)
		}
		x, err = notice()
		w.ok(err)
		_, err = w.decided.VoidPaper(w.ctx, w.officer, x.ID, "Ghi nhầm ngày")
		w.ok(err)
		target.PaperID = x.ID
		if err := w.s.Begin(w.ctx, w.officer, target, print); fault.KindOf(err) != fault.KindConflict || keyOf(err) != "recognition.void_already" {
			t.Errorf("signing of a void paper begins: %v", err)
		}
		w.verified()
	})
}

// A body without a seal is done when its person has signed.
func TestWithoutSeal(t *testing.T) {
	w, p := build(t, ready.SQLite(t)), people()
	w.trust(p.root)
	w.add(signature.Person, p.person, nil)
	target := w.begin()
	w.ok(w.s.SetElectronic(w.ctx, w.officer, w.body, true, 0))
	_, err := w.s.SignWithKey(w.ctx, w.officer, target, 1, p.person.file(), keyPassword)
	w.ok(err)
	if waits, err := w.s.Waits(w.ctx, nil, &w.decision); err != nil || waits {
		t.Errorf("waits: %v, %v", waits, err)
	}
	w.add(signature.Seal, p.seal, nil) // and may still put a seal on it later
	_, err = w.s.SignWithKey(w.ctx, w.officer, target, 2, p.seal.file(), keyPassword)
	w.ok(err)
	w.verified()
}
