// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import "hoctap/internal/rollup"

// Outlier says why the figures of an area deserve a second look. They are signs, not proofs.
type Outlier string

// The signs.
const (
	OutlierAll  Outlier = "all"  // everyone who registered passes
	OutlierJump Outlier = "jump" // the share changed by JumpLimit percentage points or more against last year
	OutlierOver Outlier = "over" // more recognised than registered
)

// JumpLimit is the change of a share, in hundredths of a percentage point, that asks for a word of explanation; SmallArea is
// the number of subjects under which shares say nothing.
const (
	JumpLimit = 1500
	SmallArea = 10
)

// Outliers judges an area's figures of a year against those of the year before.
func Outliers(now, before rollup.Counts) (signs []Outlier) {
	passing := max(now.Passing, now.Recognised)
	if now.Registered >= SmallArea && passing >= now.Registered {
		signs = append(signs, OutlierAll)
	}
	if now.Total >= SmallArea && before.Total >= SmallArea {
		jump := rollup.Share(passing, now.Total) - rollup.Share(max(before.Passing, before.Recognised), before.Total)
		// A share that is only lower because a tenth or more of the files are not scored yet says nothing.
		early := jump < 0 && now.Unscored()*10 > now.Registered
		if max(jump, -jump) >= JumpLimit && !early && now.Scored+now.Sent+now.Approved+now.Recognised > 0 {
			signs = append(signs, OutlierJump)
		}
	}
	if now.Recognised > now.Registered {
		signs = append(signs, OutlierOver)
	}
	return signs
}
