// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Command hoctap is the whole platform in one program: the server and the tools around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"

	"github.com/alecthomas/kong"
)

// cli is the command line. Every subcommand takes the database and the file store.
type cli struct {
	DB    string `name:"db" env:"HOCTAP_DB" default:"sqlite:data/hoctap.db" help:"Cơ sở dữ liệu: sqlite:TỆP hoặc postgres://… Database address."`
	Files string `name:"files" env:"HOCTAP_FILES" default:"data/files" help:"Kho tệp: thư mục. File store: a folder."`

	Keys string `name:"keys" env:"HOCTAP_KEYS" help:"Thư mục khoá bí mật, mặc định cạnh kho tệp. Folder of secret keys; beside the file store by default."`

	S3Endpoint string `name:"s3-endpoint" env:"HOCTAP_S3_ENDPOINT" help:"Địa chỉ máy chủ S3 cho s3://thùng/đường-dẫn; khóa lấy từ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION. S3 server; keys from the variables of AWS."`

	Lang string `name:"lang" env:"HOCTAP_LANG" enum:"vi,en" default:"vi" help:"Ngôn ngữ: vi, en. Language of what is printed."`

	Log string `name:"log" env:"HOCTAP_LOG" enum:"text,json" default:"text" help:"Dạng nhật ký máy chủ: text, json. Form of the server's log."`

	Serve    serveCmd    `cmd:"" help:"Chạy máy chủ. Run the server."`
	Demo     demoCmd     `cmd:"" help:"Nạp dữ liệu bịa để thử. Fill in invented data."`
	Import   importCmd   `cmd:"" help:"Nhập sổ bộ từ tệp. Import subjects from a spreadsheet."`
	Verify   verifyCmd   `cmd:"" help:"Tính lại mọi số liệu từ hồ sơ. Recompute everything from the records."`
	Journal  journalCmd  `cmd:"" help:"Nhật ký: xuất, bằng chứng, mã băm. The journal: export, proofs, roots."`
	Backup   backupCmd   `cmd:"" help:"Sao lưu có mã hóa. Encrypted copies of everything."`
	Restore  restoreCmd  `cmd:"" help:"Phục hồi từ bản sao. Put a copy back."`
	Erased   erasedCmd   `cmd:"" help:"In danh sách đã xóa, để xóa lại sau khi phục hồi. Print what was erased, for a restore."`
	Migrate  migrateCmd  `cmd:"" help:"Tạo hoặc nâng cấp cơ sở dữ liệu. Create or upgrade the database."`
	Admin    adminCmd    `cmd:"" help:"Tạo tài khoản quản trị đầu tiên. Create the first administrator."`
	KeyRing  keysCmd     `cmd:"" name:"keys" help:"Khoá bí mật: xem, thay khoá. The secret keys: list, rotate."`
	Badge    badgeCmd    `cmd:"" help:"Khóa ký huy hiệu số. The key that signs open badges."`
	Paper    paperCmd    `cmd:"" help:"Ký số và kiểm tra chữ ký của giấy tờ. Sign papers and check signatures."`
	SBOM     sbomCmd     `cmd:"" name:"sbom" help:"In danh mục thành phần phần mềm (CycloneDX). Print what the program is made of."`
	Criteria criteriaCmd `cmd:"" help:"Kiểm tra và thử bộ tiêu chí. Check and try criteria sets."`

	storeOptions []store.Option // of what open opens
	onPut        func(blob.Ref) // told of each file that is put
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("hoctap"), kong.Description("Học Tập: nền tảng số cho phong trào xây dựng xã hội học tập."),
		kong.Bind(&c), kong.UsageOnError())
	ctx = lang.With(ctx, lang.Tag(c.Lang))
	k.BindTo(ctx, (*context.Context)(nil))
	err := k.Run()
	if _, ok := fault.As(err); ok {
		err = inWords(ctx, err)
	}
	if broken, ok := errors.AsType[brokenError](err); ok {
		fmt.Fprintln(os.Stderr, broken)
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hoctap:", err)
		os.Exit(1)
	}
}
