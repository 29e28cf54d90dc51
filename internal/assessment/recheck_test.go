// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// The same seed draws the same, nothing twice, and never more than there is.
func TestSampleCanBeDrawnAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, n := rapid.Int64().Draw(t, "seed"), rapid.IntRange(0, 300).Draw(t, "n")
		size := rapid.IntRange(0, 320).Draw(t, "size")
		got := assessment.Sample(seed, n, size)
		if len(got) != min(size, n) || !slices.Equal(got, assessment.Sample(seed, n, size)) {
			t.Fatalf("%d of %d: %v", size, n, got)
		}
		seen := map[int]bool{}
		for _, i := range got {
			if i < 0 || i >= n || seen[i] {
				t.Fatalf("%d of %d: %v", size, n, got)
			}
			seen[i] = true
		}
		if longer := assessment.Sample(seed, n, size+1); !slices.Equal(longer[:len(got)], got) {
			t.Fatalf("a longer draw begins otherwise: %v, %v", got, longer)
		}
	})
}

// Nobody is spared and nobody sought: over 20,000 seeds each of ten is among three drawn 6,000 times, give or take five standard
// deviations of 65.
func TestSampleIsFair(t *testing.T) {
	var times [10]int
	for seed := range int64(20000) {
		for _, i := range assessment.Sample(seed, len(times), 3) {
			times[i]++
		}
	}
	for i, n := range times {
		if n < 6000-325 || n > 6000+325 {
			t.Errorf("the %dth was drawn %d times: %v", i, n, times)
		}
	}
}

func TestRecheckIsDrawnAndNoted(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		_, err := w.s.DrawRecheck(w.ctx, w.reviewer(), w.commune, w.round.ID, registry.Family, 2)
		w.refused(err, "recheck.none")
		w.sendThree()
		if _, err := w.s.DrawRecheck(w.ctx, w.volunteer(), w.commune, w.round.ID, registry.Family, 2); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a volunteer draws: %v", err)
		}
		if _, err := w.s.DrawRecheck(w.ctx, w.reviewer(), w.commune, w.round.ID, registry.Family, 0); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a draw of none: %v", err)
		}
		draw, err := w.s.DrawRecheck(w.ctx, w.reviewer(), w.commune, w.round.ID, registry.Family, 2)
		w.ok(err)
		// Anybody with the seed and the list of sent files draws the same two.
		var sent []string
		for _, a := range w.list() {
			if a.State == assessment.Sent {
				sent = append(sent, a.ID)
			}
		}
		slices.Sort(sent)
		var want, got []string
		for _, i := range assessment.Sample(draw.Seed, len(sent), 2) {
			want = append(want, sent[i])
		}
		rc, items, err := w.s.RecheckItems(w.ctx, w.officer(), draw.ID)
		w.ok(err)
		for _, it := range items {
			got = append(got, it.Assessment.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if rc.DrawnFrom != 3 || rc.Seed != draw.Seed || !slices.Equal(got, want) {
			t.Errorf("drawn from %d: %v, by seed %v", rc.DrawnFrom, got, want)
		}
		k := assessment.Key{PlaceID: w.area, ID: got[0]}
		note := func(by identity.Actor, k assessment.Key, finding, body string) fault.Kind {
			return fault.KindOf(w.s.NoteFinding(w.ctx, by, draw.ID, k, finding, body))
		}
		if note(w.volunteer(), k, "kept", "") != fault.KindDenied || note(w.reviewer(), k, "wrong", " ") != fault.KindInvalid || note(w.reviewer(), k, "fine", "") != fault.KindInvalid {
			t.Error("a finding that should be refused went through")
		}
		for _, a := range w.list() {
			if !slices.Contains(got, a.ID) && note(w.reviewer(), assessment.Key{PlaceID: w.area, ID: a.ID}, "kept", "") != fault.KindNotFound {
				t.Error("a finding on a file that was not drawn")
			}
		}
		w.ok(w.s.NoteFinding(w.ctx, w.reviewer(), draw.ID, k, "wrong", "Không có góc học tập"))
		_, items, err = w.s.RecheckItems(w.ctx, w.officer(), draw.ID)
		w.ok(err)
		for _, it := range items {
			if noted := it.Finding == "wrong" && it.Body != ""; noted != (it.Assessment.ID == got[0]) {
				t.Errorf("%s: %q %q", it.Assessment.ID, it.Finding, it.Body)
			}
		}
		if _, _, err := w.s.RecheckItems(w.ctx, actor(identity.Reviewer, "07900@2025-07-01"), draw.ID); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a stranger reads the draw: %v", err)
		}
		w.exact()
	})
}
