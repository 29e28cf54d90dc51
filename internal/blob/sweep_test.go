// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hoctap/internal/blob"
)

func TestSweepDeletesWhatNoRecordNames(t *testing.T) {
	s, dir := open(t)
	named := map[string]bool{}
	const files = 1201 // more than two batches
	for i := range files {
		ref, err := s.Put(t.Context(), strings.NewReader(fmt.Sprint(i)), 9)
		if err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			named[ref.SHA256] = true
		}
	}
	ask := func(_ context.Context, hashes []string) (map[string]bool, error) {
		if len(hashes) > 500 {
			t.Errorf("asked about %d at once", len(hashes))
		}
		return named, nil
	}
	// All are younger than an hour.
	done, err := blob.Sweep(t.Context(), s, time.Now().Add(-time.Hour), ask)
	if err != nil || done.Deleted != 0 || done.Seen != files {
		t.Fatalf("%+v, %v", done, err)
	}
	later := time.Now().Add(time.Minute)
	down := errors.New("database down")
	_, err = blob.Sweep(t.Context(), s, later, func(context.Context, []string) (map[string]bool, error) { return nil, down })
	if !errors.Is(err, down) || len(filesIn(t, dir)) != files {
		t.Fatalf("%v, %d files left", err, len(filesIn(t, dir)))
	}
	done, err = blob.Sweep(t.Context(), s, later, ask)
	if err != nil || done.Deleted != files-len(named) || len(filesIn(t, dir)) != len(named) {
		t.Fatalf("%+v, %v, %d files left", done, err, len(filesIn(t, dir)))
	}
	for sha := range named {
		if _, err := s.Stat(t.Context(), sha); err != nil {
			t.Fatal(err)
		}
	}
}
