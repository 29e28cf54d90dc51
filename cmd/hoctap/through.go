// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"

	"hoctap/internal/identity/oidc"
	"hoctap/internal/web/account"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// through sets up the identity providers. They send people back to one address that both sides know, so it is asked for before the first one.
func (c *serveCmd) through(ctx context.Context, s *site.Site) error {
	if c.OIDC == "" {
		return nil
	}
	providers, err := oidc.Load(c.OIDC)
	if err != nil {
		return err
	}
	if s.BadgeAt == "" { // the address of badges is the fixed one of this system
		return brokenError{lang.T(ctx, "cli.oidc_address", "address", os.Getenv(papers.AddressEnv))}
	}
	s.OIDC.Use(providers...)
	for _, p := range providers {
		say(ctx, "cli.oidc", "name", p.Name, "address", string(s.BadgeAt)+account.ReturnPath(p.ID))
	}
	return nil
}
