// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"hoctap/internal/web/site"
)

// tidyAccounts deletes sessions and failures that are over, and closes accounts that nobody has used for as long as their roles' terms allow.
func tidyAccounts(ctx context.Context, s *site.Site) {
	if _, err := s.Identity.Sweep(ctx); err != nil {
		s.Log.Warn("sweep of sessions", "error", err)
	}
	if n, err := s.Identity.CloseIdle(ctx); err != nil {
		s.Log.Warn("idle accounts", "error", err)
	} else if n > 0 {
		s.Log.Info("idle accounts", "closed", n)
	}
}
