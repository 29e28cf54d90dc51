// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"

	"hoctap/internal/operation"
	"hoctap/internal/store"
	"hoctap/internal/web"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// operateFlags are for whoever runs the server.
type operateFlags struct {
	Metrics     string        `env:"HOCTAP_METRICS" placeholder:"HOST:PORT" help:"Địa chỉ nội bộ có /metrics (Prometheus), /healthz, /readyz. Internal address with /metrics."`
	OTLP        string        `name:"otlp" env:"HOCTAP_OTLP" placeholder:"URL" help:"Nơi nhận vết OpenTelemetry, ví dụ http://127.0.0.1:4318. Where traces go."`
	OTLPShare   float64       `name:"otlp-share" env:"HOCTAP_OTLP_SHARE" default:"1" help:"Phần yêu cầu được ghi vết, 0 đến 1. Share of requests that are traced."`
	LogRequests bool          `env:"HOCTAP_LOG_REQUESTS" help:"Ghi mỗi yêu cầu một dòng, không có dữ liệu cá nhân. One line a request, without personal data."`
	Drain       time.Duration `env:"HOCTAP_DRAIN" default:"0s" help:"Khi dừng, /readyz báo trước chừng này rồi mới thôi nhận. How long /readyz says so before a stop."`
}

// newLog writes lines for people, or JSON for a collector.
func newLog(form string, w io.Writer) *slog.Logger {
	if form == "json" {
		return slog.New(site.PlainLog(slog.NewJSONHandler(w, nil)))
	}
	return slog.New(site.PlainLog(slog.NewTextHandler(w, nil)))
}

// watched are the folders whose disks an operator looks after.
func (c *cli) watched() []operation.Folder {
	list := []operation.Folder{{Name: "files", Path: c.Files}, {Name: "keys", Path: c.keysDir()}}
	if path, ok := strings.CutPrefix(c.DB, "sqlite:"); ok {
		list = append([]operation.Folder{{Name: "database", Path: filepath.Dir(path)}}, list...)
	}
	return list
}

// listen takes the socket that the service manager holds, so that connections wait during a restart and none is refused; without one it opens the address.
func listen(ctx context.Context, address string) (net.Listener, error) {
	held, err := activation.Listeners()
	if err != nil {
		return nil, err
	}
	if len(held) > 0 && held[0] != nil {
		return held[0], nil
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, brokenError{lang.T(ctx, "cli.busy", "address", address)}
	}
	return l, err
}

// operate begins what the flags ask for; stop ends it and sends the last traces.
func (f operateFlags) operate(ctx context.Context, s *site.Site) (stop func(context.Context) error, err error) {
	s.LogRequests = f.LogRequests
	var stops []func(context.Context) error
	if f.OTLP != "" {
		end, err := operation.Trace(ctx, strings.TrimRight(f.OTLP, "/"), f.OTLPShare)
		if err != nil {
			return nil, err
		}
		stops = append(stops, end)
	}
	if f.Metrics != "" {
		l, err := net.Listen("tcp", f.Metrics)
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, brokenError{lang.T(ctx, "cli.busy", "address", f.Metrics)}
		}
		if err != nil {
			return nil, err
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", s.Operation.Metrics.Handler())
		mux.Handle("GET /healthz", web.Alive())
		mux.Handle("GET /readyz", web.Ready(s))
		server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
		go server.Serve(l)
		say(ctx, "cli.metrics", "address", "http://"+l.Addr().String()+"/metrics")
		stops = append(stops, server.Shutdown)
	}
	return func(ctx context.Context) error {
		var all error
		for _, end := range stops {
			all = errors.Join(all, end(ctx))
		}
		return all
	}, nil
}

// drain tells the load balancer, which asks /readyz, that no more should come, and gives it the time to ask.
func (f operateFlags) drain(s *site.Site) {
	s.Stopping.Store(true)
	_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping)
	time.Sleep(f.Drain)
}

// ready tells the service manager that requests are answered, and from then on, as often as it wants, that the database still answers: a process that hangs
// is started again.
func ready(ctx context.Context, s *site.Site) {
	_, _ = daemon.SdNotify(false, daemon.SdNotifyReady)
	patience, err := daemon.SdWatchdogEnabled(false)
	if err != nil || patience == 0 {
		return
	}
	go every(ctx, patience/2, func(ctx context.Context) {
		asked, cancel := context.WithTimeout(ctx, patience/2)
		defer cancel()
		if _, _, err := store.One(asked, s.DB.Read(), store.Value[int], `SELECT 1`); err != nil {
			// A database that is gone comes back by itself; starting the program again would not help.
			s.Log.Error("database", "error", err)
		}
		_, _ = daemon.SdNotify(false, daemon.SdNotifyWatchdog)
	})
}
