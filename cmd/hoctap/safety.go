// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"hoctap/internal/scan"
	"hoctap/internal/web"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// safetyFlags are what the operator says of the way to the outside.
type safetyFlags struct {
	Proxies     []string `name:"trusted-proxy" env:"HOCTAP_TRUSTED_PROXY" sep:"," placeholder:"CIDR" help:"Proxy được tin về địa chỉ người dùng (địa chỉ hoặc mạng). Proxies whose Forwarded or X-Forwarded-For is taken."`
	Connections int      `name:"connections-per-address" env:"HOCTAP_CONNECTIONS_PER_ADDRESS" default:"256" help:"Số kết nối cùng lúc từ một địa chỉ; 0: không giới hạn. Open connections of one address; 0: no limit."`
	Rate        float64  `name:"rate" env:"HOCTAP_RATE" default:"1" help:"Hệ số giới hạn số yêu cầu mỗi phút; 0: không giới hạn. Factor of the rate limits; 0: no limit."`
	Contacts    []string `name:"security-contact" env:"HOCTAP_SECURITY_CONTACT" sep:"," help:"Nơi nhận báo điểm yếu, cho security.txt: thư hoặc https. Where weaknesses are reported."`
	Files       string   `name:"files-url" env:"HOCTAP_FILES_URL" placeholder:"https://…" help:"Tên máy chủ khác cho tệp minh chứng (cùng máy chủ này). Another origin on this server for files of evidence."`
	Clamd       string   `name:"clamd" env:"HOCTAP_CLAMD" placeholder:"unix:/…|tcp://…" help:"clamd quét mã độc mọi tệp gửi lên. clamd that scans every upload."`
	Required    bool     `name:"clamd-required" env:"HOCTAP_CLAMD_REQUIRED" help:"Không nhận tệp khi clamd không trả lời; nếu không thì nhận và quét sau. Refuse uploads while clamd is silent."`
}

// apply checks what was said and puts it into the site.
func (f *safetyFlags) apply(ctx context.Context, s *site.Site) error {
	for _, typed := range f.Proxies {
		p, err := network(typed)
		if err != nil {
			return fmt.Errorf("--trusted-proxy: %w", err)
		}
		s.Safety.Proxies = append(s.Safety.Proxies, p)
	}
	for _, typed := range f.Contacts {
		c, err := web.Contact(typed)
		if err != nil {
			return err
		}
		s.Safety.Contacts = append(s.Safety.Contacts, c)
	}
	own := strings.TrimRight(os.Getenv(papers.AddressEnv), "/")
	s.Safety.Address = own
	if f.Files != "" {
		u, err := url.Parse(strings.TrimRight(f.Files, "/"))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.User != nil || u.String() == own {
			return fmt.Errorf("--files-url: want the origin of another host name, such as https://files.example.vn, got %q", f.Files)
		}
		s.Safety.Files = u
	}
	if f.Rate < 0 {
		return fmt.Errorf("--rate: want 0 or more, got %v", f.Rate)
	}
	if f.Rate > 0 {
		s.Rates = site.NewRates(time.Now, f.Rate) // the true clock: a training day stands still for nobody
	}
	return f.scanner(ctx, s)
}

// scanner sets up clamd and says at once whether it answers.
func (f *safetyFlags) scanner(ctx context.Context, s *site.Site) error {
	if f.Clamd == "" {
		if f.Required {
			return fmt.Errorf("--clamd-required needs --clamd")
		}
		return nil
	}
	clamd, err := scan.At(f.Clamd)
	if err != nil {
		return err
	}
	s.Scan = scan.New(s.DB, s.Blobs, s.Now, clamd, f.Required)
	if _, err := clamd.Find(ctx, strings.NewReader("")); err != nil {
		policy := "cli.clamd_later"
		if f.Required {
			policy = "cli.clamd_refuse"
		}
		say(ctx, "cli.clamd_silent", "address", f.Clamd, "policy", lang.T(ctx, policy))
		return nil
	}
	say(ctx, "cli.clamd", "address", f.Clamd)
	return nil
}

func network(typed string) (netip.Prefix, error) {
	if !strings.Contains(typed, "/") {
		a, err := netip.ParseAddr(typed)
		if err != nil {
			return netip.Prefix{}, err
		}
		return a.Prefix(a.BitLen())
	}
	p, err := netip.ParsePrefix(typed)
	return p.Masked(), err
}

// rescanEvery is how often files are judged that came while the scanner was silent.
const rescanEvery = time.Minute

// rescan judges them until the context ends.
func rescan(ctx context.Context, s *site.Site) {
	if s.Scan == nil {
		return
	}
	every(ctx, rescanEvery, func(ctx context.Context) {
		bad, err := s.Scan.Later(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("files wait for the scanner", "error", err)
		}
		if bad > 0 {
			s.Log.Error("infected files were taken in while the scanner was silent; none of them is served", "count", bad)
		}
	})
}
