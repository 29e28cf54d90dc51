// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"strings"
	"testing"

	"hoctap/internal/report"
)

func TestNumber(t *testing.T) {
	for s, want := range map[string]struct {
		n         int64
		blank, ok bool
	}{
		"": {0, true, true}, "  ": {0, true, true}, "0": {0, false, true}, "1250": {1250, false, true}, "1.250": {1250, false, true}, "1 250": {1250, false, true}, "190.000.000": {190_000_000, false, true},
		"-5": {0, false, false}, "+5": {0, false, false}, "1,5": {0, false, false}, "1e3": {0, false, false}, "12 người": {0, false, false}, "٣": {0, false, false},
		"99999999999999999999": {0, false, false}, "100000000000001": {0, false, false},
	} {
		n, blank, ok := number(s)
		if blank != want.blank || ok != want.ok || ok && n != want.n {
			t.Errorf("%q: %d %v %v", s, n, blank, ok)
		}
	}
}

// Whatever is typed, a number that is taken is one that can be kept, and a text that is blank has none.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"", "1.250", "-1", "1e9", "9223372036854775808", "\u00a01", "..", "٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, blank, ok := number(s)
		if ok && (n < 0 || n > report.SeenLimit) || blank && strings.ContainsAny(s, "0123456789") {
			t.Errorf("%q: %d %v %v", s, n, blank, ok)
		}
	})
}
