// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// family is what the test believes of one family.
type family struct {
	file      assessment.Assessment
	state     string // approved | recognised | revoked
	exemplary bool
	granted   recognition.Decision // first decision
	named     recognition.Decision // that made it exemplary
	revoked   recognition.Decision // that took the title
	wasNamed  bool                 // exemplary when it was taken
	names     int
}

// After any sequence of decisions, counters equal the records, every title has its decision, file and code, numbers have no gap,
// and the figures are those of a model of a few lines.
func TestRandomDecisions(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, seed := range []uint64{1, 2} {
			if seed == 2 && db.Engine == store.Postgres {
				continue
			}
			t.Run(fmt.Sprint(seed), func(t *testing.T) { randomDecisions(t, db, seed) })
			if t.Failed() {
				return
			}
			db = placetest.SQLite(t)
		}
	})
}

func randomDecisions(t *testing.T, db *store.DB, seed uint64) {
	w := build(t, db, many(4), many(3))
	r := rand.New(rand.NewPCG(seed, 0))
	var all []*family
	for _, a := range w.all() {
		all = append(all, &family{file: a, state: "approved"})
	}
	issued := 0
	for range 60 {
		f := all[r.IntN(len(all))]
		op := []string{"recognise", "exemplary", "revoke", "unname", "correct", "restore", "move"}[r.IntN(7)]
		t.Logf("%s %s (%s)", op, f.file.Name, f.state)
		before := w.counts()
		d, possible := f.draft(op)
		if op == "move" {
			w.moveTo(f, w.areas[r.IntN(2)])
		} else {
			out, err := w.tryDecide(d)
			if (err == nil) != possible {
				t.Fatalf("possible %v, got %v", possible, err)
			}
			if err == nil {
				issued++
				f.done(op, out)
			} else if fault.KindOf(err) != fault.KindConflict && d.AmendsID != "" {
				t.Fatalf("a refusal that is no conflict: %v", err)
			} else if got := w.counts(); got != before {
				t.Fatalf("a refusal moved the counters: %+v, before %+v", got, before)
			}
		}
		w.exact()
		var recognised, exemplary int64
		for _, f := range all {
			if f.state == "recognised" {
				recognised++
			}
			if f.exemplary {
				exemplary++
			}
		}
		if got := w.counts(); got.Recognised != recognised || got.Exemplary != exemplary || got.Total != int64(len(all)) {
			t.Fatalf("counters %+v, want %d recognised, %d exemplary", got, recognised, exemplary)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	list, err := w.s.Decisions(w.ctx, w.officer(), recognition.Filter{PlaceID: w.commune, State: recognition.StateIssued})
	w.ok(err)
	if len(list) != issued || issued < 10 {
		t.Fatalf("%d decisions on record, %d were signed", len(list), issued)
	}
}

// draft is the decision that op would be, and whether it can be signed.
func (f *family) draft(op string) (d recognition.Draft, possible bool) {
	item := recognition.Choice{AssessmentID: f.file.ID}
	switch op {
	case "recognise":
		d.Kind, possible = recognition.KindRecognise, f.state == "approved"
	case "exemplary":
		d.Kind, possible = recognition.KindExemplary, f.state == "recognised" && !f.exemplary
	case "revoke":
		d.Kind, d.AmendsID, possible = recognition.KindRevoke, f.granted.ID, f.state == "recognised"
	case "unname":
		d.Kind, d.AmendsID, possible = recognition.KindRevoke, f.named.ID, f.exemplary
	case "correct":
		item.Act, item.Name = recognition.ActCorrect, fmt.Sprintf("%s %d", f.file.Name, f.names+1)
		d.Kind, d.AmendsID, possible = recognition.KindAmend, f.granted.ID, f.state == "recognised"
	case "restore":
		item.Act = recognition.ActRestore
		d.Kind, d.AmendsID, possible = recognition.KindAmend, f.revoked.ID, f.state == "revoked"
	}
	d.Items = []recognition.Choice{item}
	return d, possible
}

func (f *family) done(op string, out recognition.Decision) {
	switch op {
	case "recognise":
		f.state, f.granted = "recognised", out
	case "exemplary":
		f.exemplary, f.named = true, out
	case "revoke":
		f.state, f.revoked, f.wasNamed, f.exemplary = "revoked", out, f.exemplary, false
	case "unname":
		f.exemplary = false
	case "correct":
		f.names++
	case "restore":
		f.state, f.exemplary = "recognised", f.wasNamed
	}
}

func (w *world) tryDecide(d recognition.Draft) (recognition.Decision, error) {
	out, err := w.s.SaveDraft(w.ctx, w.officer(), w.named(d))
	if err != nil {
		return out, err
	}
	issued, err := w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: out.ID, Version: out.Version, Date: store.Date(w.at), Signer: signer})
	if err != nil {
		w.ok(w.s.Discard(w.ctx, w.officer(), out.ID, out.Version))
	}
	return issued, err
}

// moveTo takes a family to another area on the next day, with its file.
func (w *world) moveTo(f *family, area string) {
	w.t.Helper()
	w.at = w.at.AddDate(0, 0, 1)
	for _, a := range w.all() {
		if a.ID != f.file.ID || a.PlaceID == area || w.at.Day() > 19 { // the decision window ends on the 20th
			continue
		}
		sub, err := w.registry.Get(w.ctx, w.officer(), a.PlaceID, a.SubjectID)
		w.ok(err)
		_, err = w.registry.Move(w.ctx, w.officer(), a.PlaceID, a.SubjectID, sub.Version, area, store.Date(w.at))
		w.ok(err)
		return
	}
	w.at = w.at.AddDate(0, 0, -1)
}

// Whatever is changed behind the program's back is found.
func TestVerifyFindsTampering(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hoctap.db")
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	w := build(t, db, families[0])
	w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(w.all()[:2]...)})
	w.exact()
	w.ok(db.Close())
	files, err := filepath.Glob(path + "*") // with the write-ahead log
	w.ok(err)
	for name, query := range map[string]string{
		"a name on the list":     `UPDATE decision_item SET name = 'Người khác' WHERE no = 1`,
		"a name on a title":      `UPDATE title SET name = 'Người khác' WHERE no = 1`,
		"the date":               `UPDATE decision SET date = '2026-11-30'`,
		"a deleted title":        `DELETE FROM title WHERE no = 2`,
		"a deleted item":         `DELETE FROM decision_item WHERE no = 2`,
		"a deleted decision":     `DELETE FROM decision`,
		"a burned number":        `UPDATE number_series SET last = last + 1`,
		"a jumped number":        `UPDATE decision SET number = 7`,
		"a revived title":        `UPDATE title SET state = 'revoked' WHERE no = 1`,
		"a code of another":      `UPDATE certificate_code SET title_id = 'x' WHERE code = (SELECT min(code) FROM certificate_code)`,
		"a deleted code":         `DELETE FROM certificate_code WHERE code = (SELECT min(code) FROM certificate_code)`,
		"a file without a title": `UPDATE assessment SET state = 'recognised' WHERE state = 'approved'`,
		"a file taken back":      `UPDATE assessment SET state = 'approved' WHERE state = 'recognised'`,
		"an exemplary file":      `UPDATE assessment SET exemplary = true WHERE state = 'recognised'`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range files {
				data, err := os.ReadFile(f)
				if err == nil {
					err = os.WriteFile(filepath.Join(dir, filepath.Base(f)), data, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			db, s := reopen(t, filepath.Join(dir, "hoctap.db"))
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				n, err := tx.Exec(t.Context(), query)
				if err == nil && n == 0 {
					err = errors.New("nothing was changed")
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, list, err := s.Verify(t.Context()); err != nil || len(list) == 0 {
				t.Errorf("not found (%v)", err)
			}
		})
	}
}

// reopen opens a database with the services that Verify needs.
func reopen(t *testing.T, path string) (*store.DB, *recognition.Service) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	now := func() time.Time { return day(2026, 12, 2) }
	places, sets := place.New(db, now), version.New(db, now)
	reg := registry.New(db, places, now)
	return db, recognition.New(db, places, sets, reg, assessment.New(db, places, sets, reg, now), now)
}
