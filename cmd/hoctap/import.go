// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
)

// importCmd is `hoctap import`: a spreadsheet into the registry, without a browser.
type importCmd struct {
	File   string `arg:"" type:"existingfile" help:"Tệp .xlsx hoặc .csv. The spreadsheet."`
	Place  string `required:"" help:"Mã nơi nhập: khu, xã hoặc tỉnh. Id of the place."`
	Model  string `default:"family" enum:"family,citizen,clan,unit,community,register" help:"Danh sách gì. What the list holds."`
	Year   int    `help:"Năm của kết quả, cho danh sách của ngành khác. Year, for other registers."`
	From   string `help:"Nguồn của danh sách đó. Its source."`
	Doubts bool   `help:"Nhập cả dòng nên sửa. Also import doubtful rows."`
	Dry    bool   `help:"Chỉ kiểm tra. Check only."`
}

// Run reads the file as the web page does, prints what is wrong with each row, and imports the good ones.
func (c *importCmd) Run(ctx context.Context, base *cli) error {
	s, err := base.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	ref, err := s.Blobs.Put(ctx, file, 1<<30)
	if err != nil {
		return err
	}
	by := identity.System
	src := registry.Source{File: file, Size: ref.Size}
	start := time.Now()
	b, err := s.Registry.Upload(ctx, by, registry.Upload{Source: src, PlaceID: c.Place, Model: c.Model, FileName: filepath.Base(c.File), FileSHA: ref.SHA256, Year: c.Year, From: c.From})
	if err != nil {
		return inWords(ctx, err)
	}
	if b, err = s.Registry.Check(ctx, by, b.ID, b.Version, src); err != nil {
		return inWords(ctx, err)
	}
	if err := c.report(ctx, s.Registry, by, b); err != nil {
		return err
	}
	if c.Dry {
		return nil
	}
	if b, err = s.Registry.Import(ctx, by, b.ID, b.Version, c.Doubts, nil); err != nil {
		return inWords(ctx, err)
	}
	say(ctx, "cli.imported", "imported", b.Counts.Imported, "rows", b.Counts.Rows, "seconds", since(start),
		"speed", int(float64(b.Counts.Rows)/time.Since(start).Seconds()), "batch", b.ID)
	return nil
}

// report prints the rows a person has to look at, with every reason.
func (c *importCmd) report(ctx context.Context, r *registry.Service, by identity.Actor, b registry.Batch) error {
	after := 0
	for {
		rows, err := r.Rows(ctx, by, b.ID, registry.RowFilter{States: registry.LookAt, After: after, Limit: 500})
		if err != nil {
			return err
		}
		for _, row := range rows {
			for _, i := range row.Issues {
				say(ctx, "cli.import_row", "row", row.Number(), "field", i.Field, "sentence", lang.T(ctx, "fault."+i.Key, pairs(i.Args)...))
			}
			after = row.No
		}
		if len(rows) < 500 {
			say(ctx, "cli.import_checked", "rows", b.Counts.Rows, "ready", b.Counts.Ready, "errors", b.Counts.Error, "doubts", b.Counts.Doubt, "duplicates", b.Counts.Duplicate)
			return nil
		}
	}
}
