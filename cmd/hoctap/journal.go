// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
)

// journalCmd is `hoctap journal`.
type journalCmd struct {
	Export journalExportCmd `cmd:"" help:"Xuất nhật ký: JSON từng dòng hoặc syslog RFC 5424. Export the journal."`
	Proof  journalProofCmd  `cmd:"" help:"Bằng chứng rằng một mục có trong mã băm đã công bố. Proof that an entry is in a published root."`
	Check  journalCheckCmd  `cmd:"" help:"Kiểm tra bằng chứng, không cần cơ sở dữ liệu. Check a proof, without the database."`
	Days   journalDaysCmd   `cmd:"" help:"In mã băm các ngày. Print the roots of days."`
}

// journalExportCmd is `hoctap journal export`.
type journalExportCmd struct {
	Format string `default:"json" enum:"json,syslog" help:"json, syslog."`
	Values bool   `help:"Kèm nội dung trước, sau và lý do: dữ liệu cá nhân. With values, which are personal data."`
	Out    string `default:"-" help:"Tệp; - là màn hình. File; - prints."`
	Since  string `help:"Tên nơi nhận: chỉ xuất phần nơi ấy chưa có, rồi ghi nhớ. Name of a receiver: only what it has not got yet, which is remembered."`
	To     string `help:"Gửi tới udp://, tcp:// hoặc tls://MÁY:CỔNG thay vì ghi tệp. Send to a collector instead."`
}

// Run writes every entry once. What a named receiver has is remembered after the file is on disk.
func (c *journalExportCmd) Run(ctx context.Context, base *cli) (err error) {
	db, err := store.OpenExisting(ctx, base.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	if c.To != "" {
		to, err := audit.ReadCollector(c.To)
		if err != nil {
			return err
		}
		n, err := audit.Forward(ctx, db, to)
		if err == nil {
			say(ctx, "cli.journal.sent", "count", n, "to", c.To)
		}
		return err
	}
	spans, err := audit.Behind(ctx, db, c.Since, c.Values)
	if err != nil {
		return err
	}
	file := os.Stdout
	if c.Out != "-" {
		if file, err = os.OpenFile(c.Out, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	out, n := bufio.NewWriterSize(file, 1<<16), 0
	for _, span := range spans {
		err := span.Each(ctx, db, func(e audit.Exported) error {
			line, err := e.JSON()
			if c.Format == "syslog" {
				line, err = e.Syslog(host)
			}
			if err != nil {
				return err
			}
			n++
			_, err = out.Write(append(line, '\n'))
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if c.Out != "-" {
		if err := file.Sync(); err != nil {
			return err
		}
		say(ctx, "cli.journal.exported", "count", n, "file", c.Out)
	}
	if c.Since == "" {
		return nil
	}
	return audit.Sent(ctx, db, c.Since, spans...)
}

// journalProofCmd is `hoctap journal proof PLACE ENTRY`.
type journalProofCmd struct {
	Place string `arg:"" help:"Mã nơi của mục; - là không thuộc nơi nào. Place of the entry; - for none."`
	Entry string `arg:"" help:"Mã mục. Id of the entry."`
}

// Run prints the proof.
func (c *journalProofCmd) Run(ctx context.Context, base *cli) error {
	db, err := store.OpenExisting(ctx, base.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	if c.Place == "-" {
		c.Place = ""
	}
	lines, _, err := audit.Prove(ctx, db, c.Place, c.Entry)
	for _, l := range lines {
		fmt.Println(l)
	}
	return err
}

// journalCheckCmd is `hoctap journal check FILE --head FILE`.
type journalCheckCmd struct {
	Proof string `arg:"" help:"Tệp bằng chứng. The proof."`
	Head  string `required:"" help:"Tệp có mã băm đã công bố. File with published roots."`
}

// Run says to which published day the proof leads.
func (c *journalCheckCmd) Run(ctx context.Context, _ *cli) error {
	published, err := readRoots(c.Head)
	if err != nil {
		return inWords(ctx, err)
	}
	in, err := os.Open(c.Proof)
	if err != nil {
		return inWords(ctx, err)
	}
	defer in.Close()
	root, err := audit.CheckProof(in, published)
	if err == nil {
		say(ctx, "cli.journal.proven", "date", root.Day, "root", root.Root)
	}
	return err
}

// journalDaysCmd is `hoctap journal days`.
type journalDaysCmd struct {
	After string `help:"Chỉ những ngày sau ngày này. Only days after this one."`
}

// Run prints the roots, as a heads file has them.
func (c *journalDaysCmd) Run(ctx context.Context, base *cli) error {
	db, err := store.OpenExisting(ctx, base.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	return rootsAfter(ctx, db, c.After, func(list []audit.Root) error { return printRoots(os.Stdout, list) })
}

// rootsAfter hands over all roots after a day, some hundred at a time.
func rootsAfter(ctx context.Context, db *store.DB, day string, take func([]audit.Root) error) error {
	for {
		list, err := audit.RootsAfter(ctx, db.Read(), day)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := take(list); err != nil {
			return err
		}
		day = list[len(list)-1].Day
	}
}

func printRoots(out io.Writer, list []audit.Root) error {
	for _, r := range list {
		if _, err := fmt.Fprintln(out, r); err != nil {
			return err
		}
	}
	return nil
}

func readRoots(name string) ([]audit.Root, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return audit.ReadRoots(f)
}

// verifyJournal checks the chains, and prints what is wrong.
func (c *verifyCmd) verifyJournal(ctx context.Context, db *store.DB) (done audit.Verified, differences []audit.Difference, err error) {
	var published []audit.Root
	if c.Head != "" {
		if published, err = readRoots(c.Head); err != nil {
			return done, nil, inWords(ctx, err)
		}
	}
	return audit.Verify(ctx, db, published)
}

func differJournal(ctx context.Context, d audit.Difference) (key string, args []any) {
	what := lang.T(ctx, "cli.journal.flaw."+string(d.Flaw))
	if d.Day != "" {
		return "cli.differ.journal_day", []any{"date", d.Day, "what", what}
	}
	place := d.PlaceID
	if place == "" {
		place = fmt.Sprint("-/", d.Lane)
	}
	return "cli.differ.journal", []any{"place", place, "n", d.N, "id", d.ID, "what", what}
}

// journalFlags are what serve does with the journal beside keeping it.
type journalFlags struct {
	Heads   string   `name:"heads-file" env:"HOCTAP_HEADS_FILE" help:"Tệp ghi nối mã băm nhật ký mỗi ngày; để ở máy khác. File to which each day's root of the journal is appended."`
	Witness []string `name:"witness-mail" env:"HOCTAP_WITNESS_MAIL" help:"Địa chỉ thư nhận mã băm mỗi ngày. Mail addresses that get each day's root."`
	Syslog  string   `env:"HOCTAP_SYSLOG" help:"Chuyển nhật ký tới udp://, tcp:// hoặc tls://MÁY:CỔNG. Collector to which the journal is forwarded."`
	Months  int      `name:"keep-reads" env:"HOCTAP_KEEP_READS" default:"0" help:"Bỏ nhật ký đọc cũ hơn số tháng này, ít nhất 13; 0 là giữ mãi. Months after which the log of reads is dropped."`
}

// keepReads is how long the log of reads is kept; 0 for ever.
func (f *journalFlags) keepReads() time.Duration {
	return time.Duration(f.Months) * 31 * 24 * time.Hour
}
