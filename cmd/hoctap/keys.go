// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"path/filepath"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/sealed"
)

// keysDir is where the secret keys are: what was said, else beside the file store.
func (c *cli) keysDir() string {
	if c.Keys != "" {
		return c.Keys
	}
	return filepath.Join(filepath.Dir(c.Files), "keys")
}

// keysCmd is `hoctap keys`.
type keysCmd struct {
	List   keysListCmd   `cmd:"" help:"Các khoá và số mục đang niêm phong bằng mỗi khoá. The keys, and how much is under each."`
	Rotate keysRotateCmd `cmd:"" help:"Thay khoá: niêm phong lại mọi mục bằng khoá mới rồi bỏ khoá cũ, không dừng máy chủ. A new key; everything is sealed again with it."`
	IDs    keysIDsCmd    `cmd:"" name:"id-numbers" help:"Có giữ nguyên số định danh hay không, và vì nhiệm vụ nào. Whether whole id numbers are kept, and for which duty."`
}

type keysListCmd struct{}

// Run prints each key by its number, never the key, with how many texts of each column are under it.
func (keysListCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	counts, err := sealed.Count(ctx, s.DB)
	if err != nil {
		return err
	}
	say(ctx, "cli.keys.ring", "ring", s.Keys.ID(), "dir", base.keysDir())
	for _, n := range s.Keys.Numbers() {
		all := 0
		for _, count := range counts[n] {
			all += count
		}
		say(ctx, "cli.keys.key", "number", n, "count", all)
		for _, c := range sealed.Columns {
			if count := counts[n][c.String()]; count > 0 {
				say(ctx, "cli.keys.column", "column", c.String(), "count", count)
				delete(counts[n], c.String()) // two purposes may share a column
			}
		}
	}
	return nil
}

type keysRotateCmd struct {
	Keep bool `help:"Giữ lại các khoá cũ. Keep the older keys."`
}

// Run goes on with a rotation that was cut off, or begins one.
func (c *keysRotateCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	start, last := time.Now(), time.Now()
	r, err := sealed.Rotate(ctx, s.DB, s.Keys, identity.System.Who(), time.Now, c.Keep, func(step sealed.Step) {
		if time.Since(last) >= time.Second {
			last = time.Now()
			say(ctx, "cli.keys.step", "column", step.Column.String(), "rows", step.Rows, "sealed", step.Sealed)
		}
	})
	if err != nil {
		return err
	}
	if r.Resumed {
		say(ctx, "cli.keys.resumed", "number", r.Key)
	}
	say(ctx, "cli.keys.rotated", "number", r.Key, "sealed", r.Sealed, "retired", len(r.Retired), "seconds", since(start))
	return nil
}

type keysIDsCmd struct {
	Keep   string `xor:"what" placeholder:"NHIỆM-VỤ" help:"Giữ nguyên số (niêm phong) cho nhiệm vụ này. Keep whole numbers, sealed, for this duty."`
	Forget bool   `xor:"what" help:"Thôi giữ, xoá các số đang giữ; chỉ còn mã băm và ba số cuối. Keep none, and forget those kept."`
}

// Run says or sets for which duty whole numbers are kept.
func (c *keysIDsCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	if c.Keep != "" || c.Forget {
		n, err := s.Registry.SetIDDuty(ctx, identity.System, c.Keep)
		if err != nil {
			return err
		}
		if c.Forget {
			say(ctx, "cli.keys.ids_forgotten", "count", n)
			return nil
		}
	}
	duty, err := s.Registry.IDDuty(ctx)
	if err != nil {
		return err
	}
	if duty == "" {
		say(ctx, "cli.keys.ids_none")
	} else {
		say(ctx, "cli.keys.ids_kept", "duty", duty)
	}
	return nil
}
