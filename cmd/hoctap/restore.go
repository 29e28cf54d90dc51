// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/backup"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/paper/docx"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
)

// restoreCmd is `hoctap restore`: --db, --files and --keys say where to; all must be empty.
type restoreCmd struct {
	Dir     string `arg:"" help:"Nơi chứa các bản sao: thư mục hoặc s3://thùng/đường-dẫn. Where the copies are: a folder or s3://bucket/prefix."`
	Key     string `required:"" type:"existingfile" help:"Tệp khóa bí mật. File of the secret key."`
	Copy    string `help:"Tên bản sao. Name of the copy."`
	At      string `help:"Về lúc muộn nhất không sau giờ này, giờ Việt Nam: 2026-11-25T18:30 hoặc 2026-11-25T18:30:15; lấy từ bản sao liên tục nếu có. The newest moment not later than this."`
	Erased  string `type:"existingfile" help:"Danh sách xóa của máy chủ cũ (hoctap erased), ngoài danh sách ở nơi chứa bản sao. List of erasures of the old server."`
	Minutes string `type:"path" help:"Chạy hoctap verify rồi ghi biên bản diễn tập vào tệp .docx hoặc .txt. Verify, and write minutes of the drill."`
	By      string `help:"Người thực hiện, ghi vào biên bản. Who did it, for the minutes."`
}

// restored is what a restore did, for the minutes.
type restored struct {
	from    string // the copy, or the generation of the continuous copy
	moment  time.Time
	tables  int // 0 for a continuous copy, which is pages
	rows    int64
	files   int
	seconds int64 // in hundredths
}

// Run puts a copy into a new database: the one named, or the one that shows the newest moment at a time, or of all. Continuous copies count among them.
func (c *restoreCmd) Run(ctx context.Context, base *cli) error {
	start := time.Now()
	at, err := wallClock(c.At, start)
	if err != nil {
		return err
	}
	with, err := identities(c.Key)
	if err != nil {
		return err
	}
	folder, err := base.copiesAt(ctx, c.Dir)
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(filepath.Clean(base.Files)); err == nil && len(entries) > 0 {
		return fault.Conflict("backup.files_not_empty", "dir", base.Files)
	}
	files, err := blob.Open(base.Files)
	if err != nil {
		return err
	}
	done, err := c.restore(ctx, folder, at, with, backup.Target{Address: base.DB, Files: files, Keys: base.keysDir()})
	if err != nil {
		return err
	}
	if err := c.eraseAgain(ctx, base, folder); err != nil {
		return err
	}
	done.seconds = since(start)
	if done.tables > 0 {
		say(ctx, "cli.backup.restored", "copy", done.from, "files", done.files, "tables", done.tables, "seconds", done.seconds)
	} else {
		say(ctx, "cli.backup.restored_log", "moment", clock(done.moment), "copy", done.from, "files", done.files, "seconds", done.seconds)
	}
	if c.Minutes == "" {
		return nil
	}
	check := verifyCmd{Most: 50}
	failed := check.Run(ctx, base)
	if _, broken := errors.AsType[brokenError](failed); failed != nil && !broken {
		return failed
	}
	if err := c.minutes(ctx, base, start, done, check.said, failed == nil); err != nil {
		return err
	}
	say(ctx, "cli.drill.written", "file", c.Minutes)
	return failed
}

func (c *restoreCmd) restore(ctx context.Context, folder *backup.Folder, at time.Time, with []age.Identity, to backup.Target) (done restored, err error) {
	done.from = c.Copy
	if c.Copy == "" {
		var nothing error
		if done.from, nothing = folder.Newest(ctx, at); nothing == nil {
			done.moment, _ = backup.TimeOf(done.from)
		} else if fault.KindOf(nothing) != fault.KindNotFound {
			return done, nothing
		}
		l, moment, err := folder.NewestLog(ctx, at)
		switch {
		case err == nil && moment.After(done.moment):
			done.from = l.ID
			done.moment, done.files, err = folder.RestoreLog(ctx, l, at, with, to)
			return done, err
		case err != nil && fault.KindOf(err) != fault.KindNotFound:
			return done, err
		case nothing != nil:
			return done, nothing
		}
	}
	copied, err := folder.Restore(ctx, done.from, with, to)
	for _, t := range copied.Tables {
		done.rows += t.Rows
	}
	done.moment, done.tables, done.files = copied.At, len(copied.Tables), len(copied.Files)
	return done, err
}

// wallClock reads a moment as people write it: one without seconds is the end of that minute.
func wallClock(typed string, now time.Time) (time.Time, error) {
	if typed == "" {
		return now, nil
	}
	typed = strings.Replace(strings.TrimSpace(typed), " ", "T", 1)
	if t, err := time.ParseInLocation("2006-01-02T15:04", typed, store.Zone); err == nil {
		return t.Add(time.Minute - time.Microsecond), nil
	}
	if t, err := time.ParseInLocation("2006-01-02T15:04:05", typed, store.Zone); err == nil {
		if !strings.Contains(typed, ".") {
			t = t.Add(time.Second - time.Microsecond)
		}
		return t, nil
	}
	return now, fault.Invalid(fault.Field("at", "backup.at", "typed", typed))
}

// minutes writes what a drill showed: the office signs it and keeps it.
func (c *restoreCmd) minutes(ctx context.Context, base *cli, start time.Time, done restored, verified string, right bool) error {
	t := func(key string, args ...any) string { return lang.T(ctx, "cli.drill."+key, args...) }
	result := t("right")
	if !right {
		result = t("wrong")
	}
	rows := "—"
	if done.tables > 0 {
		rows = lang.Number(ctx, done.rows)
	}
	target, _, _ := strings.Cut(base.DB, ":")
	if target != "sqlite" {
		target = "postgresql" // the address may hold a password
	}
	lines := [][2]string{
		{t("when"), clock(start)},
		{t("by"), cmp.Or(c.By, "……………………………………")},
		{t("place"), c.Dir},
		{t("copy"), done.from},
		{t("moment"), clock(done.moment)},
		{t("engine"), target},
		{t("rows"), rows},
		{t("files"), lang.Number(ctx, int64(done.files))},
		{t("duration"), t("seconds", "seconds", done.seconds)},
		{t("verified"), verified},
		{t("result"), result},
	}
	out, err := os.OpenFile(c.Minutes, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	if strings.EqualFold(filepath.Ext(c.Minutes), ".docx") {
		table := paper.Table{Columns: []paper.Column{{Head: t("item"), Share: 0.35, Align: paper.Left}, {Head: t("found"), Share: 0.65, Align: paper.Left}}}
		for _, l := range lines {
			table.Rows = append(table.Rows, l[:])
		}
		d := &paper.Document{Title: t("about"), Date: store.Date(start), Parts: []paper.Part{{Name: t("kind"), Blocks: []paper.Block{
			paper.Title{Kind: t("kind"), About: t("about")}, table, paper.Text(paper.Closing, t("sign")),
		}}}}
		if err := docx.Write(out, d); err != nil {
			return err
		}
		return out.Close()
	}
	text := t("kind") + "\n" + t("about") + "\n\n"
	for _, l := range lines {
		text += l[0] + ": " + l[1] + "\n"
	}
	if _, err := out.WriteString(text + "\n" + t("sign") + "\n"); err != nil {
		return err
	}
	return out.Close()
}
