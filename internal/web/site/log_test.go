// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

// Nobody's name, number or address gets into a log by way of an error, a message or an attribute.
func TestLogsNameNobody(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(site.PlainLog(slog.NewTextHandler(&out, nil))).With("who", "lan@example.vn")
	log.Error("save 0912345678", "error", fmt.Errorf("registry.Save(x): %w", fault.Conflict("registry.consent_given", "name", "Bùi Thị Lan")))
	log.Warn("x", "error", errors.New("duplicate key (phone)=(0912 345 678), mail a.b@c.vn"), "value", "025085001234", slog.Group("form", "id", "025 085 001 234"))
	log.Info("kept", "count", 123456789012, "trace", "a70fcfae912345678901b44163e646fc", "copy", "20261125T211725Z-6123456789")
	text := out.String()
	for _, secret := range []string{"Lan", "0912", "025", "@example", "a.b@"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the log:\n%s", secret, text)
		}
	}
	for _, kept := range []string{"registry.consent_given", "count=123456789012", "kept", "a70fcfae912345678901b44163e646fc", "20261125T211725Z-6123456789"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%q is not in the log:\n%s", kept, text)
		}
	}
}
