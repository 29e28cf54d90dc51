// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
)

// Every act, role and step that the policy names is named to people too, in both languages: the page of who may do what and every refusal print them.
func TestPolicyHasWords(t *testing.T) {
	var keys []string
	for _, r := range identity.Rules {
		keys = append(keys, "act."+string(r.Act))
	}
	for _, r := range identity.Roles {
		keys = append(keys, "role."+string(r))
	}
	for _, s := range identity.Steps {
		keys = append(keys, "step."+s.Name)
		for _, p := range s.Apart {
			keys = append(keys, "part."+string(p))
		}
	}
	for _, tag := range []lang.Tag{lang.Vi, lang.En} {
		ctx := lang.With(t.Context(), tag)
		for _, key := range keys {
			if !lang.Has(ctx, key) {
				t.Errorf("%s: no words for %s", tag, key)
			}
		}
	}
}
