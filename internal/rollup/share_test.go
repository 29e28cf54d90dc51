// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rollup_test

import (
	"testing"

	"hoctap/internal/rollup"
)

// A share that is shown to the tenth is rounded once: 2 169 of 3 023 is 71.7499 percent.
func TestShare(t *testing.T) {
	for _, c := range []struct{ part, whole, hundredths, tenths int64 }{
		{2169, 3023, 7174, 717}, {0, 0, 0, 0}, {0, 9, 0, 0}, {9, 9, 10000, 1000}, {9999, 10000, 9999, 1000}, {1, 3, 3333, 333}, {2, 3, 6666, 667}, {7175, 10000, 7175, 718},
	} {
		got := rollup.Share(c.part, c.whole)
		if got != c.hundredths || (got+5)/10 != c.tenths {
			t.Errorf("%d of %d: %d", c.part, c.whole, got)
		}
	}
	for whole := int64(1); whole < 400; whole++ { // against the share itself, half up
		for part := range whole + 1 {
			if got, want := (rollup.Share(part, whole)+5)/10, (2000*part+whole)/(2*whole); got != want {
				t.Fatalf("%d of %d: %d tenths, not %d", part, whole, got, want)
			}
		}
	}
}
