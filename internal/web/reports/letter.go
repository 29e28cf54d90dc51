// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"context"
	"os"
	"strings"

	"hoctap/internal/mail"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
)

// Letter is a reminder as an e-mail.
func Letter(ctx context.Context, r report.Reminder) mail.Letter {
	ctx = papers.Vi(ctx)
	pairs := []any{"name", r.Name, "title", r.Period.Title, "place", papers.Within(r.Place.FullName()), "due", r.Due, "late", r.Late, "left", -r.Late, "reason", r.Back}
	key := "reports.mail.before"
	if r.Late > 0 {
		key = "reports.mail.late"
	}
	if r.Back != "" { // it came, and went back
		key = "reports.mail.back"
	}
	body := lang.T(ctx, key+".body", pairs...)
	if r.Closed {
		body += " " + lang.T(ctx, "reports.mail.closed")
	}
	if base := strings.TrimRight(os.Getenv(papers.AddressEnv), "/"); base != "" {
		body += "\n\n" + base + address(r.Place.ID, r.Period.ID)
	}
	return mail.Letter{To: r.Email, Subject: lang.T(ctx, key+".subject", pairs...), Body: body + "\n\n" + lang.T(ctx, "reports.mail.foot"), ID: r.ID()}
}
