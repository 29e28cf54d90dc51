// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rounds

import (
	"hoctap/internal/fault"
	"hoctap/internal/job"
	"hoctap/internal/web/site"
)

// mine hides jobs of other people, as if there were none.
func mine(v *site.Visit, j *job.Job) error {
	if j.ByID != v.Actor.ID {
		return fault.NotFound("job", j.ID)
	}
	return nil
}
