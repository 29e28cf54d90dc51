// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/mail"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// Rhythms of the work around the journal.
const (
	closeEvery   = time.Minute
	forwardEvery = 2 * time.Second
	slowest      = time.Minute // between tries at a collector that does not answer
)

// publisher closes days and tells the world of their roots.
type publisher struct {
	*site.Site
	flags   *journalFlags
	letters mail.Server
	folder  string // where the database lies, or at least the files
	warned  time.Time
}

// check reports settings that cannot work, before anything is served.
func (f *journalFlags) check(letters mail.Server) error {
	var errs []fault.FieldError
	for _, to := range f.Witness {
		if !mail.Address(to) {
			errs = append(errs, fault.Field("witness-mail", "journal.witness", "address", to))
		}
	}
	if len(f.Witness) > 0 && !letters.Set() {
		errs = append(errs, fault.Field("witness-mail", "journal.no_mail"))
	}
	if _, bad := audit.ReadCollector(f.Syslog); f.Syslog != "" && bad != nil {
		errs = append(errs, fault.Field("syslog", "journal.collector", "address", f.Syslog))
	}
	if f.Months != 0 && f.keepReads() < audit.KeepReads {
		errs = append(errs, fault.Field("keep-reads", "journal.keep_reads"))
	}
	return fault.Invalid(errs...)
}

// start closes the days that have ended, now and again and again, and publishes them; it returns once the first round is done.
func (p *publisher) start(ctx context.Context) {
	p.round(ctx)
	go every(ctx, closeEvery, p.round)
	if p.flags.Syslog != "" {
		go p.forward(ctx)
	}
}

func (p *publisher) round(ctx context.Context) {
	warn := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			p.Log.Warn("journal", "doing", what, "error", err)
		}
	}
	_, err := audit.CloseDays(ctx, p.DB, p.Now())
	warn("closing a day", err)
	if p.flags.Heads != "" {
		warn("heads file", p.toFile(ctx))
	}
	for _, to := range p.flags.Witness {
		warn("witness", p.toWitness(ctx, to))
	}
	p.watchDisk()
	if keep := p.flags.keepReads(); keep > 0 {
		rows, err := audit.DropReads(ctx, p.DB, p.Now(), p.Now().Add(-keep))
		warn("dropping old reads", err)
		if rows > 0 {
			p.Log.Info("journal", "dropped reads", rows)
		}
	}
}

// lowDisk is how much of the disk must be free, in percent, before it is called nearly full; warnEvery is how often that is said.
const (
	lowDisk   = 10
	warnEvery = time.Hour
)

// watchDisk says in time that the journal will soon find no room: what cannot be told is neither done nor shown.
func (p *publisher) watchDisk() {
	free, known := freeShare(p.folder)
	if !known {
		return
	}
	low := free < lowDisk
	p.SetDiskLow(free, low)
	if low && time.Since(p.warned) > warnEvery {
		p.warned = time.Now()
		p.Log.Warn("the disk of the journal is nearly full", "folder", p.folder, "free percent", free)
	}
}

// toFile appends the roots that the file does not hold.
func (p *publisher) toFile(ctx context.Context) (err error) {
	last := ""
	kept, err := readRoots(p.flags.Heads)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(kept) > 0 {
		last = kept[len(kept)-1].Day
	}
	return rootsAfter(ctx, p.DB, last, func(list []audit.Root) (err error) {
		f, err := os.OpenFile(p.flags.Heads, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644) // it is for everybody
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if err := printRoots(f, list); err != nil {
			return err
		}
		return f.Sync()
	})
}

// toWitness writes to somebody of the roots that were not sent there. A letter may come twice after a crash, and never not at all.
func (p *publisher) toWitness(ctx context.Context, to string) error {
	receiver := "mail:" + to
	last, err := audit.SentDay(ctx, p.DB, receiver)
	if err != nil {
		return err
	}
	return rootsAfter(ctx, p.DB, last, func(list []audit.Root) error {
		var body strings.Builder
		body.WriteString(lang.T(ctx, "journal.witness.body"))
		body.WriteString("\n\n")
		if err := printRoots(&body, list); err != nil {
			return err
		}
		newest := list[len(list)-1]
		letter := mail.Letter{To: to, Subject: lang.T(ctx, "journal.witness.subject", "date", newest.Day), Body: body.String(), ID: fmt.Sprint("journal-", newest.Day, "-", newest.Root[:16])}
		if err := p.letters.Send(ctx, letter); err != nil {
			return err
		}
		return audit.SetSentDay(ctx, p.DB, receiver, newest.Day)
	})
}

// forward sends what is new to the collector until the context ends; while that does not answer, more and more seldom.
func (p *publisher) forward(ctx context.Context) {
	to, err := audit.ReadCollector(p.flags.Syslog)
	if err != nil {
		return // check has said so
	}
	pause := forwardEvery
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		_, err := audit.Forward(ctx, p.DB, to)
		if pause = forwardEvery; err != nil && ctx.Err() == nil {
			pause = min(2*pause+pause, slowest)
			p.Log.Warn("syslog", "to", p.flags.Syslog, "error", err)
		}
	}
}
