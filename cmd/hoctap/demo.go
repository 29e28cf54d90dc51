// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"hoctap/internal/demo"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// demoCmd is `hoctap demo`.
type demoCmd struct {
	Families int      `default:"3000" help:"Số gia đình; trên 6.000 thì trải ra cả tỉnh. Number of families; above 6,000 spread over the province."`
	From     int      `default:"2021" help:"Năm đầu. First year."`
	To       int      `help:"Năm cuối, mặc định năm nay. Last year, by default the current one."`
	Seed     int64    `default:"1" help:"Hạt giống: cùng số thì cùng dữ liệu. Equal seeds give equal data."`
	Today    string   `help:"Ngày mà năm hiện tại đã đi tới, YYYY-MM-DD. The day the current year has come to."`
	Communes []string `help:"Mã các xã, phường (từ 01/7/2025). Codes of communes."`
	Numbers  bool     `help:"Không lưu từng người, chỉ lưu số người. Keep no persons, only their numbers."`
	Evidence bool     `default:"true" negatable:"" help:"Vẽ ảnh minh chứng. Draw evidence pictures."`
}

// Run fills an empty database and says how to sign in.
func (c *demoCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	start := time.Now()
	err = fillDemo(ctx, s, demo.Options{Families: c.Families, From: c.From, To: c.To, Seed: c.Seed, Today: c.Today, Communes: c.Communes, Numbers: c.Numbers,
		Evidence: c.Evidence,
		Progress: func(p demo.Progress) {
			if p.Of > 10 {
				fmt.Print("\r", lang.T(ctx, "cli.demo_step", "done", p.Communes, "communes", p.Of, "rows", p.Rows, "seconds", int(time.Since(start).Seconds())))
				if p.Communes == p.Of {
					fmt.Println()
				}
			}
		}})
	if err != nil {
		return err
	}
	say(ctx, "cli.done", "seconds", since(start))
	return printDemo(ctx, s)
}

// fillDemo fills an empty database with invented data and turns a refusal into its sentence.
func fillDemo(ctx context.Context, s *site.Site, o demo.Options) error {
	if o.Today == "" {
		o.Today = store.Date(s.Now())
	}
	f, err := demo.Fill(ctx, demo.Services{DB: s.DB, Blobs: s.Blobs, Identity: s.Identity, Places: s.Places, Sets: s.Sets, Registry: s.Registry,
		Recognition: s.Recognition}, o)
	if err == nil {
		say(ctx, "cli.demo", "families", f.Families, "citizens", f.Citizens, "groups", f.Groups, "communes", f.Communes, "pictures", f.Pictures, "rows", f.Rows)
	}
	return inWords(ctx, err)
}
