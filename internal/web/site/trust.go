// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"sync"
	"time"

	"hoctap/internal/criteria"
)

// trustMemo remembers which trust the results deserve: every page says it, and it changes only with a round.
type trustMemo struct {
	mu    sync.Mutex
	until time.Time
	word  criteria.Verified
}

const trustLife = 30 * time.Second

// Trust is the sentence that every page with results carries as long as some round scores by criteria that are not read in an official source; ""
// when none does.
func (v *Visit) Trust() string {
	word := v.trust()
	if word.Trusted() {
		return ""
	}
	return v.T("verified." + string(word))
}

func (v *Visit) trust() criteria.Verified {
	m := &v.Site.trustOf
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); now.After(m.until) {
		word, err := v.leastTrust()
		if err != nil { // the page's own reading will say what is wrong; meanwhile nothing passes for official
			v.Log.Warn("trust of criteria", "error", err)
			return criteria.Reconstructed
		}
		m.word, m.until = word, now.Add(trustLife)
	}
	return m.word
}

// leastTrust is that of the least official set by which a round of the home place scores.
func (v *Visit) leastTrust() (criteria.Verified, error) {
	least := criteria.VerifiedTrue
	rounds, err := v.Assessment.Rounds(v.Ctx(), v.Site.Home)
	if err != nil {
		return least, err
	}
	order := map[criteria.Verified]int{criteria.VerifiedTrue: 0, criteria.VerifiedPartly: 1}
	rank := func(w criteria.Verified) int {
		if n, ok := order[w]; ok {
			return n
		}
		return 2
	}
	for _, r := range rounds {
		for _, m := range r.Plan.Models {
			set, err := v.Sets.Compiled(v.Ctx(), m.SetID)
			if err != nil {
				return least, err
			}
			if w := set.Verified(); rank(w) > rank(least) {
				least = w
			}
		}
	}
	return least, nil
}
