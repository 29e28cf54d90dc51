// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"fmt"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/rollup"
)

func TestOutliers(t *testing.T) {
	last := rollup.Counts{Total: 100, Registered: 90, Recognised: 80}
	for name, c := range map[string]struct {
		now, before rollup.Counts
		want        string
	}{
		"as last year":             {rollup.Counts{Total: 100, Registered: 90, Recognised: 78, Rejected: 12}, last, "[]"},
		"all who registered":       {rollup.Counts{Total: 100, Registered: 90, Approved: 90, Passing: 90}, last, "[all]"},
		"nine of nine are too few": {rollup.Counts{Total: 9, Registered: 9, Approved: 9, Passing: 9}, last, "[]"},
		"15 points up":             {rollup.Counts{Total: 100, Registered: 98, Approved: 95, Rejected: 3, Passing: 95}, last, "[jump]"},
		"14 points up":             {rollup.Counts{Total: 100, Registered: 98, Approved: 94, Rejected: 4, Passing: 94}, last, "[]"},
		"down, all scored":         {rollup.Counts{Total: 100, Registered: 90, Sent: 90, Passing: 60}, last, "[jump]"},
		"down, nine of 90 missing": {rollup.Counts{Total: 100, Registered: 90, Sent: 81, Passing: 60}, last, "[jump]"},
		"down, ten of 90 missing":  {rollup.Counts{Total: 100, Registered: 90, Sent: 80, Passing: 60}, last, "[]"},
		"up, half missing":         {rollup.Counts{Total: 100, Registered: 98, Sent: 96, Passing: 96}, last, "[jump]"},
		"nothing scored":           {rollup.Counts{Total: 100, Registered: 90}, last, "[]"},
		"no year before":           {rollup.Counts{Total: 100, Registered: 90, Sent: 90, Passing: 10}, rollup.Counts{}, "[]"},
		"more than registered":     {rollup.Counts{Total: 100, Registered: 5, Recognised: 80}, last, "[over]"},
	} {
		if got := fmt.Sprint(assessment.Outliers(c.now, c.before)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
