// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"hoctap/internal/identity"
)

// badgeCmd is `hoctap badge`.
type badgeCmd struct {
	Rotate rotateCmd `cmd:"" help:"Thay khóa ký: huy hiệu đã cấp vẫn kiểm tra được. Change the key; badges given so far stay good."`
}

type rotateCmd struct{}

// Run draws a new key and says its name, never the key.
func (rotateCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	id, err := s.Badges.Rotate(ctx, identity.System)
	if err != nil {
		return err
	}
	say(ctx, "cli.rotated", "key", id)
	return nil
}
