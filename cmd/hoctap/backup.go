// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/backup"
	"hoctap/internal/fault"
	"hoctap/internal/object"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
)

// backupCmd is `hoctap backup`: copies of everything, encrypted.
type backupCmd struct {
	Key    backupKeyCmd    `cmd:"" help:"Tạo cặp khóa. Make a pair of keys."`
	Make   backupMakeCmd   `cmd:"" default:"withargs" help:"Sao lưu; máy chủ vẫn chạy. Make a copy while the server runs."`
	List   backupListCmd   `cmd:"" help:"Xem các bản sao. List the copies."`
	Prune  backupPruneCmd  `cmd:"" help:"Xóa bản sao cũ theo lịch giữ. Throw old copies away."`
	Verify backupVerifyCmd `cmd:"" help:"Đọc lại và kiểm tra từng mảnh. Read and check every part."`
}

type backupKeyCmd struct {
	Out string `required:"" type:"path" help:"Tệp ghi khóa bí mật; chưa được có sẵn. A new file for the secret key."`
}

// Run makes a pair of age keys; age-keygen makes the same.
func (c *backupKeyCmd) Run(ctx context.Context) error {
	secret, public, err := backup.NewKey()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, "# public key: %s\n%s\n", public, secret); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	say(ctx, "cli.backup.key", "public", public, "file", c.Out)
	return nil
}

type backupMakeCmd struct {
	Dir string `arg:"" help:"Nơi chứa các bản sao: thư mục hoặc s3://thùng/đường-dẫn. Where the copies are: a folder or s3://bucket/prefix."`
	To  string `required:"" env:"HOCTAP_BACKUP_TO" type:"existingfile" help:"Tệp khóa công khai (age1…). File of public keys."`
}

// Run copies the database and the files. A file that a record names and that is in the store no more is said aloud, and the command fails; the copy is made
// all the same.
func (c *backupMakeCmd) Run(ctx context.Context, base *cli) error {
	start := time.Now()
	to, err := recipients(c.To)
	if err != nil {
		return err
	}
	s, err := base.existing(ctx)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	folder, err := base.copies(c.Dir)
	if err != nil {
		return err
	}
	done, lost, err := copyOnce(ctx, s, folder, to, base.keysDir())
	if err != nil {
		return err
	}
	say(ctx, "cli.backup.made", "copy", done.Copy, "rows", done.Rows, "files", done.Files, "new", done.New, "bytes", done.Bytes, "seconds", since(start))
	for _, m := range lost {
		say(ctx, "cli.backup.missing", "record", m.record, "sha", m.sha)
	}
	if len(lost) > 0 {
		return brokenError{lang.T(ctx, "cli.backup.incomplete", "count", len(lost))}
	}
	return nil
}

type backupListCmd struct {
	Dir string `arg:"" help:"Nơi chứa các bản sao: thư mục hoặc s3://thùng/đường-dẫn. Where the copies are: a folder or s3://bucket/prefix."`
}

// Run prints the names of the copies with their moments, oldest first, and from when until when a continuous copy can be put back.
func (c *backupListCmd) Run(ctx context.Context, base *cli) error {
	folder, err := base.copiesAt(ctx, c.Dir)
	if err != nil {
		return err
	}
	ids, err := folder.List(ctx)
	for _, id := range ids {
		if at, err := backup.TimeOf(id); err == nil {
			fmt.Println(id, clock(at))
		}
	}
	if err != nil {
		return err
	}
	generations, err := folder.Logs(ctx)
	for _, l := range generations {
		say(ctx, "cli.backup.log", "id", l.ID, "first", clock(l.First), "last", clock(l.Last), "segments", l.Segments)
	}
	return err
}

// clock writes a moment as people read it, in Vietnam's time.
func clock(t time.Time) string { return t.In(store.Zone).Format("02/01/2006 15:04:05") }

type backupPruneCmd struct {
	Dir  string    `arg:"" help:"Nơi chứa các bản sao: thư mục hoặc s3://thùng/đường-dẫn. Where the copies are: a folder or s3://bucket/prefix."`
	Keep keepFlags `embed:"" prefix:"keep-"`
	Dry  bool      `name:"dry-run" help:"Chỉ kể, không xóa. Tell only, delete nothing."`
}

// Run throws away what is not to be kept. It needs no key.
func (c *backupPruneCmd) Run(ctx context.Context, base *cli) error {
	folder, err := base.copiesAt(ctx, c.Dir)
	if err != nil {
		return err
	}
	done, err := folder.Prune(ctx, c.Keep.keep(), time.Now(), c.Dry)
	if err != nil {
		return err
	}
	for _, id := range append(done.Copies, done.Logs...) {
		fmt.Println(id)
	}
	key := "cli.backup.pruned"
	if c.Dry {
		key = "cli.backup.would_prune"
	}
	say(ctx, key, "copies", len(done.Copies), "logs", len(done.Logs), "parts", done.Parts, "bytes", done.Bytes)
	return nil
}

// copies opens a place for copies.
func (c *cli) copies(address string) (*backup.Folder, error) {
	at, err := object.Open(address, object.Remote{Endpoint: c.S3Endpoint})
	if err != nil {
		return nil, err
	}
	return backup.Open(at), nil
}

// copiesAt opens a place that must hold copies: a mistyped folder is not made.
func (c *cli) copiesAt(ctx context.Context, address string) (*backup.Folder, error) {
	if _, err := os.Stat(address); errors.Is(err, fs.ErrNotExist) && !strings.Contains(address, "://") {
		return nil, fault.NotFound("backup", address)
	}
	at, err := object.Open(address, object.Remote{Endpoint: c.S3Endpoint})
	if err != nil {
		return nil, err
	}
	return backup.OpenExisting(ctx, at)
}

// identities reads a file of secret keys.
func identities(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return backup.Identities(f)
}

type backupVerifyCmd struct {
	Dir  string   `arg:"" help:"Nơi chứa các bản sao: thư mục hoặc s3://thùng/đường-dẫn. Where the copies are: a folder or s3://bucket/prefix."`
	Key  string   `required:"" type:"existingfile" help:"Tệp khóa bí mật. File of the secret key."`
	Copy []string `help:"Tên bản sao; không ghi thì mọi bản. Names of copies, all without it."`
}

// Run decrypts and hashes every part, prints what is wrong, and fails when anything is.
func (c *backupVerifyCmd) Run(ctx context.Context, base *cli) error {
	start := time.Now()
	with, err := identities(c.Key)
	if err != nil {
		return err
	}
	folder, err := base.copiesAt(ctx, c.Dir)
	if err != nil {
		return err
	}
	done, wrong, err := folder.Verify(ctx, with, c.Copy...)
	for _, w := range wrong {
		say(ctx, "cli.backup.wrong", "copy", w.Copy, "what", w.What, "part", w.Part, "why", w.Why)
	}
	if err != nil {
		return err
	}
	say(ctx, "cli.backup.checked", "copies", done.Copies, "rows", done.Rows, "parts", done.Parts, "files", done.Files, "segments", done.Segments, "seconds", since(start), "wrong", len(wrong))
	if len(wrong) > 0 {
		return brokenError{lang.T(ctx, "cli.broken")}
	}
	return nil
}
