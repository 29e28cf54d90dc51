// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"strings"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/mail"
	"hoctap/internal/report"
	"hoctap/internal/store"
	"hoctap/internal/web/reports"
	"hoctap/internal/web/site"
)

// mailFlags is the mail server for reminders. Without a host nothing is sent.
type mailFlags struct {
	Host     string `env:"HOCTAP_SMTP_HOST" help:"Máy chủ thư; để trống thì không gửi thư. Mail server; none, no mail."`
	Port     int    `env:"HOCTAP_SMTP_PORT" default:"587" help:"Cổng. Port."`
	From     string `env:"HOCTAP_SMTP_FROM" help:"Địa chỉ gửi. Sender."`
	User     string `env:"HOCTAP_SMTP_USER" help:"Tên đăng nhập. User."`
	Password string `name:"password-file" env:"HOCTAP_SMTP_PASSWORD_FILE" help:"Tệp chứa mật khẩu. File with the password."`
	Security string `env:"HOCTAP_SMTP_SECURITY" default:"starttls" enum:"starttls,tls,none" help:"Bảo vệ đường truyền: starttls, tls, none. Protection of the connection."`
}

// letterPatience is how long one letter may take: other work waits behind it.
const letterPatience = 10 * time.Second

// server reads the settings; the password is in a file, so that no list of processes shows it. A sender without a host is a slip of the pen: who wrote
// it waits for letters.
func (f *mailFlags) server() (s mail.Server, err error) {
	if f.Host == "" && f.From == "" && f.User == "" && f.Password == "" {
		return s, nil
	}
	s = mail.Server{Host: f.Host, Port: f.Port, From: f.From, User: f.User, Security: mail.Security(f.Security), Patience: letterPatience}
	if f.Password != "" {
		secret, err := os.ReadFile(f.Password)
		if err != nil {
			return s, err
		}
		s.Password = strings.TrimRight(string(secret), "\r\n")
	}
	return s, s.Check()
}

// remindEvery is how often the server looks for reminders that are due, or wait for a mail server that was down.
const remindEvery = 10 * time.Minute

// remindBy sends reminders as a job, now and then until the context ends. It must be called before the queue starts.
func remindBy(ctx context.Context, s *site.Site, by mail.Server) {
	s.Jobs.HandleLater(report.RemindKind, func(ctx context.Context, _ *job.Job) error {
		sent, failed, err := s.Reports.Remind(ctx, s.Identity, func(ctx context.Context, r report.Reminder) error {
			err := by.Send(ctx, reports.Letter(ctx, r))
			if err != nil {
				s.Log.Warn("reminder", "place", r.Place.ID, "kind", r.Kind, "error", err)
			}
			return err
		})
		if sent+failed > 0 {
			s.Log.Info("reminders", "sent", sent, "failed", failed)
		}
		return err
	})
	ask := func(ctx context.Context) {
		err := s.DB.Write(ctx, func(tx *store.Tx) error {
			_, err := s.Jobs.Add(ctx, tx, report.RemindKind, "now", struct{}{}, identity.System.ID)
			return err
		})
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("reminders", "error", err)
		}
	}
	go func() {
		ask(ctx)
		every(ctx, remindEvery, ask)
	}()
}
