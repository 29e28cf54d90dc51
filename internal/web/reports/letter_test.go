// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports_test

import (
	"context"
	"io"
	"mime"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/mail"
	"hoctap/internal/mail/mailtest"
	"hoctap/internal/place/placetest"
	"hoctap/internal/report"
	"hoctap/internal/store"
	"hoctap/internal/web/reports"
)

// remind runs the job's work once, as the server does.
func (w *world) remind(by mail.Server) (sent, failed int) {
	w.t.Helper()
	sent, failed, err := w.s.Reports.Remind(w.ctx, w.s.Identity, func(ctx context.Context, r report.Reminder) error { return by.Send(ctx, reports.Letter(ctx, r)) })
	w.ok(err)
	return sent, failed
}

func (w *world) email(login, address string) {
	w.t.Helper()
	a, err := w.s.Identity.Session(w.ctx, w.tokens[login], "127.0.0.1:1")
	w.ok(err)
	w.ok(w.s.Identity.SetEmail(w.ctx, a, address))
}

// Each reminder goes out once to each officer with an address, on its day, by a real server; one that is down is tried again later.
func TestReminders(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		at, _ := w.open()
		w.email("lan", "lan@phutho.gov.vn")
		w.email("tinh", "tinh@phutho.gov.vn") // reports nothing itself in this period
		server := mailtest.Start(t)
		by := mail.Server{Host: "127.0.0.1", Port: server.Port, From: "hoctap@phutho.gov.vn", Security: mail.Plain, Patience: 5 * time.Second}
		expect := func(day string, sent, all int) {
			t.Helper()
			w.day = day
			if n, failed := w.remind(by); n != sent || failed != 0 {
				t.Errorf("%s: %d sent, %d failed, want %d", day, n, failed, sent)
			}
			if n := len(server.Letters()); n != all {
				t.Errorf("%s: %d letters so far, want %d", day, n, all)
			}
		}
		expect("2026-11-27", 0, 0)
		expect("2026-11-28", 1, 1)
		expect("2026-11-28", 0, 1) // again on the same day, as after a restart
		expect("2026-12-02", 0, 1)
		expect("2026-12-04", 1, 2)
		expect("2026-12-05", 0, 2)
		m, err := netmail.ReadMessage(strings.NewReader(server.Letters()[0].Data))
		w.ok(err)
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		w.ok(err)
		body, err := io.ReadAll(mailtest.Body(m))
		w.ok(err)
		if subject != "Nhắc hạn gửi: Báo cáo năm 2026 của xã Hy Cương" || !strings.Contains(string(body), "còn 7 ngày") || !strings.Contains(string(body), "Kính gửi Người lan") {
			t.Errorf("%q\n%s", subject, body)
		}
		if to := server.Letters()[0].To; to != "lan@phutho.gov.vn" {
			t.Errorf("sent to %q", to)
		}

		// The server is down on the day after: nothing is lost, and nothing goes out twice when it is back.
		down := by
		down.Port, down.Patience = 1, 200*time.Millisecond
		w.day = "2026-12-06"
		if n, failed := w.remind(down); n != 0 || failed != 1 {
			t.Errorf("a server that is down: %d sent, %d failed", n, failed)
		}
		if n, _ := w.remind(by); n != 0 {
			t.Error("tried again at once")
		}
		expect("2026-12-07", 1, 3)
		expect("2026-12-12", 0, 3)

		// Two workers at the same time send one letter.
		w.day = "2026-12-13"
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if _, failed := w.remind(by); failed > 0 {
					t.Error("failed")
				}
			})
		}
		group.Wait()
		if n := len(server.Letters()); n != 4 {
			t.Errorf("%d letters after eight workers, want 4", n)
		}
		server.Refuse(1)
		w.day = "2026-12-20"
		if _, failed := w.remind(by); failed != 1 {
			t.Error("a refusal is no failure")
		}

		// Sent, or without an address, nobody is reminded.
		w.signAll("lan", "tinh")
		w.is(w.post("lan", at, "viec", "lap", "version", "1"), 303)
		w.is(w.send("lan", at, "viec", "gui", "version", w.version(w.get("lan", at)), "nguoi-ky", "Hùng", "giai-trinh.family.2026.jump", "Vì"), 303)
		expect("2026-12-28", 0, 4)
	})
}

// An address is one's own, and nothing but an address.
func TestOwnAddress(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	a, err := w.s.Identity.Session(w.ctx, w.tokens["lan"], "127.0.0.1:1")
	w.ok(err)
	for _, bad := range []string{"lan", "lan@x.vn\r\nBcc: a@b.vn", "Lan <lan@x.vn>", "lan@x.vn, b@x.vn"} {
		if err := w.s.Identity.SetEmail(w.ctx, a, bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	w.ok(w.s.Identity.SetEmail(w.ctx, a, " lan@x.vn "))
	list, err := w.s.Identity.Reachable(w.ctx, identity.CommuneOfficer, hyCuong)
	w.ok(err)
	if len(list) != 1 || list[0].Email != "lan@x.vn" {
		t.Errorf("%+v", list)
	}
	w.ok(w.s.Identity.SetEmail(w.ctx, a, ""))
	if list, _ = w.s.Identity.Reachable(w.ctx, identity.CommuneOfficer, hyCuong); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
