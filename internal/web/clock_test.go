// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"hoctap/internal/identity/identitytest"
	"hoctap/internal/rollup"
)

// A clock that jumps a day ahead and back again, as one without a battery does when it finds the network: nobody is locked out for longer than his session would
// have lasted, what is saved counts once, and jobs that were asked for in the future are done.
func TestClockJumps(t *testing.T) {
	h := open(t)
	const find = ` FROM assessment a JOIN place_parent p ON p.place_id = a.place_id AND p.valid_to = '9999-12-31'
		WHERE p.commune_id = $1 AND a.round_id = $2 AND a.model = 'family' AND a.state IN ('registered', 'scored') ORDER BY a.place_id, a.id LIMIT 1`
	leaf, id := h.one(`SELECT a.place_id`+find, hyCuong, h.round), h.one(`SELECT a.id`+find, hyCuong, h.round)
	version := h.count(`SELECT version FROM assessment WHERE place_id = $1 AND id = $2`, leaf, id)
	entries := func() int {
		return h.count(`SELECT count(*) FROM journal WHERE place_id = $1 AND thing_id = $2 AND act = 'score'`, leaf, id)
	}
	before := entries()
	for n, jump := range []time.Duration{24 * time.Hour, -48 * time.Hour, 24 * time.Hour} {
		h.at = h.at.Add(jump)
		token, err := identitytest.Token(h.ctx, h.s.Identity, officer, password)
		if err != nil {
			t.Fatalf("after a jump of %s: %v", jump, err)
		}
		h.tokens[officer] = token
		a := h.do(officer, jsonRequest("/nhap/"+leaf+"/"+id, fmt.Sprintf(`{"version": %d, "entry": {"facts": {"adults": %d}}}`, version+n, n+2)))
		if a.code != http.StatusOK {
			t.Fatalf("after a jump of %s a save got %d: %s", jump, a.code, a.body)
		}
		if a = h.get(officer, "/nhap/"+leaf); a.code != http.StatusOK {
			t.Errorf("after a jump of %s the page got %d", jump, a.code)
		}
		if got := h.count(`SELECT version FROM assessment WHERE place_id = $1 AND id = $2`, leaf, id); got != version+n+1 || entries() != before+n+1 {
			t.Errorf("after a jump of %s: version %d with %d new entries", jump, got, entries()-before)
		}
	}
	h.ok(h.s.Jobs.Drain(h.ctx))
	if n := h.count(`SELECT count(*) FROM job WHERE state IN ('running', 'failed')`); n != 0 {
		t.Errorf("%d jobs hang", n)
	}
	_, wrong, err := rollup.Verify(h.ctx, h.s.DB)
	if err != nil || len(wrong) > 0 {
		t.Errorf("%v, %v", wrong, err)
	}
}
