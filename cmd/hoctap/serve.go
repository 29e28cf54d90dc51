// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"hoctap/internal/badge"
	"hoctap/internal/demo"
	"hoctap/internal/privacy"
	"hoctap/internal/store"
	"hoctap/internal/web"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// serveCmd is `hoctap serve`.
type serveCmd struct {
	Listen string `env:"HOCTAP_LISTEN" default:"127.0.0.1:8080" help:"Địa chỉ nghe. Address to listen on."`
	Secure bool   `env:"HOCTAP_SECURE" help:"Đứng sau TLS: cookie chỉ gửi qua HTTPS. Behind TLS."`
	Badges bool   `env:"HOCTAP_BADGES" help:"Cấp huy hiệu số (Open Badges) cho công dân học tập; cần HOCTAP_URL. Give open badges."`
	Roots  string `name:"sign-roots" env:"HOCTAP_SIGN_ROOTS" help:"Tệp PEM các chứng thư gốc được tin, để nhận chữ ký số. PEM file of the authorities whose signatures are accepted."`
	OIDC   string `name:"oidc" env:"HOCTAP_OIDC" help:"Thư mục các tệp .toml, mỗi hệ thống định danh (VNeID…) một tệp; cần HOCTAP_URL. Folder of identity providers' settings."`
	Demo   bool   `help:"Nạp dữ liệu bịa nếu cơ sở dữ liệu còn trống. Fill in invented data when the database is empty."`
	Today  string `help:"Ngày tập dượt YYYY-MM-DD, chỉ cho dữ liệu bịa. Training day, for invented data only."`

	Mail    mailFlags    `embed:"" prefix:"smtp-"`
	Operate operateFlags `embed:""`
	Journal journalFlags `embed:""`
	Safety  safetyFlags  `embed:""`
	Copies  copyFlags    `embed:""`
}

// Run serves until the context ends, then lets what is under way finish: nothing acknowledged is lost by a stop.
func (c *serveCmd) Run(ctx context.Context, base *cli) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	copies, err := c.Copies.prepare(base)
	if err != nil {
		return err
	}
	s, err := base.open(ctx, now)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	stopCopies, err := copies.start(ctx, s)
	defer stopCopies() // after the last write, before the database is closed
	if err != nil {
		return err
	}
	s.Secure = c.Secure
	if err := c.badges(ctx, s); err != nil {
		return err
	}
	if err := c.trust(s); err != nil {
		return err
	}
	if err := c.through(ctx, s); err != nil {
		return err
	}
	if err := c.Safety.apply(ctx, s); err != nil {
		return err
	}
	if c.Demo {
		if err := fillOnce(ctx, s); err != nil {
			return err
		}
	}
	if c.Today != "" && !s.Demo {
		return fmt.Errorf("--today is for training on invented data; this database holds real ones")
	}
	letters, err := c.Mail.server()
	if err != nil {
		return err
	}
	if err := c.Journal.check(letters); err != nil {
		return err
	}
	workers, stopWorkers := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorkers()
	if letters.Set() {
		remindBy(workers, s, letters)
		say(ctx, "cli.mail.set", "host", letters.Host)
		s.Flows = append(s.Flows, privacy.Flow{Host: letters.Host, Key: "mail"})
	}
	if c.Today == "" { // on a training day nothing is old
		if err := s.Privacy.EnsureNightly(ctx, s.Jobs); err != nil {
			return err
		}
	}
	(&publisher{Site: s, flags: &c.Journal, letters: letters, folder: base.diskFolder()}).start(workers)
	jobsDone := s.Jobs.Start(workers)
	go rescan(workers, s)
	go tidy(workers, s, c.Today == "") // on a training day the age of files means nothing

	stopOperating, err := c.Operate.operate(workers, s)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	if c.Safety.Connections > 0 {
		listener = web.PerAddress(listener, c.Safety.Connections, s.Safety.Proxies)
	}
	password := ""
	if s.Demo {
		password = demo.Password
	}
	var people callers
	server := &http.Server{ConnState: people.note, Handler: web.Handler(s, password), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	say(ctx, "cli.address", "address", "http://"+listener.Addr().String())
	if s.Demo {
		if err := printDemo(ctx, s); err != nil {
			return err
		}
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	ready(workers, s)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	c.Operate.drain(s)
	err = people.stop(ctx, server, listener, failed)
	stopWorkers()
	<-jobsDone
	if lost := stopOperating(context.WithoutCancel(ctx)); lost != nil {
		s.Log.Warn("stop", "error", lost)
	}
	return err
}

// badges reads where readers of badges will find this system: badges are full of that address, so it is checked before the first one.
func (c *serveCmd) badges(ctx context.Context, s *site.Site) error {
	typed := strings.TrimRight(os.Getenv(papers.AddressEnv), "/")
	u, err := url.Parse(typed)
	stable := err == nil && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
	if local := stable && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1"); stable && (u.Scheme == "https" || u.Scheme == "http" && local) {
		s.BadgeAt = badge.Address(typed)
	}
	if c.Badges && s.BadgeAt == "" {
		return brokenError{lang.T(ctx, "cli.badge_address", "address", typed)}
	}
	s.BadgesOn = c.Badges
	return nil
}

// trust reads the authorities whose certificates may sign.
func (c *serveCmd) trust(s *site.Site) error {
	if c.Roots == "" {
		return nil
	}
	pem, err := os.ReadFile(c.Roots)
	if err != nil {
		return fmt.Errorf("--sign-roots: %w", err)
	}
	return s.Signature.Trust(pem)
}

// tidyEvery is how often the file store is cleared and the database tuned.
const tidyEvery = 6 * time.Hour

// tidy deletes files that no record names, as uploads cut short leave them, and tells the database how it has grown, until the context ends.
func tidy(ctx context.Context, s *site.Site, sweeps bool) {
	every(ctx, tidyEvery, func(ctx context.Context) {
		if err := s.DB.Tune(ctx); err != nil {
			s.Log.Warn("tune", "error", err)
		}
		if !sweeps {
			return
		}
		tidyAccounts(ctx, s)
		if _, err := s.Registry.ForgetFiles(ctx); err != nil {
			s.Log.Warn("forget files of imports", "error", err)
		}
		if done, err := s.Evidence.Sweep(ctx, s.Signature.Named, s.Recognition.NamedFiles, s.Archive.Named); err != nil {
			s.Log.Warn("sweep", "error", err)
		} else if done.Deleted > 0 {
			s.Log.Info("sweep", "deleted", done.Deleted)
		}
	})
}

// clock is the real one, or one that starts at noon of the training day and goes on from there.
func (c *serveCmd) clock() (func() time.Time, error) {
	if c.Today == "" {
		return time.Now, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, c.Today, store.Zone)
	if err != nil {
		return nil, fmt.Errorf("--today: want YYYY-MM-DD: %w", err)
	}
	offset := day.Add(12 * time.Hour).Sub(time.Now())
	return func() time.Time { return time.Now().Add(offset) }, nil
}

// fillOnce loads the demo into a database that has no accounts yet.
func fillOnce(ctx context.Context, s *site.Site) error {
	needed, err := demo.Needed(ctx, s.DB)
	if err != nil || !needed {
		return err
	}
	start := time.Now()
	say(ctx, "cli.first_run")
	if err := fillDemo(ctx, s, demo.Options{Families: demo.DefaultFamilies, Seed: 1, From: 2021, To: 2026, Evidence: true}); err != nil {
		return err
	}
	s.Demo = true
	say(ctx, "cli.done", "seconds", since(start))
	return nil
}

// printDemo says how to sign in to a demo.
func printDemo(ctx context.Context, s *site.Site) error {
	list, err := s.Identity.Demo(ctx)
	if err != nil {
		return err
	}
	say(ctx, "cli.accounts", "password", demo.Password)
	for _, a := range list {
		fmt.Fprintf(os.Stdout, "  %-12s %s, %s\n", a.Login, a.Name, a.Post)
	}
	return nil
}
