// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/xml"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hoctap/internal/demo"
	"hoctap/internal/paper/papertest"
)

// word is one as pdftotext -bbox sees it, in points from the upper left.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

func (w word) over(o word) bool {
	const touch = 0.5
	return w.XMin < o.XMax-touch && o.XMin < w.XMax-touch && w.YMin < o.YMax-touch && o.YMin < w.YMax-touch
}

// A browser cuts long lists where it must: every page has the notice beside its text, never on it, and its own number.
func TestPrintedPaper(t *testing.T) {
	need(t)
	papertest.Need(t, "pdftotext")
	dir := t.TempDir()
	hoctap, db, files := filepath.Join(dir, "hoctap"), "sqlite:"+filepath.Join(dir, "hoctap.db"), filepath.Join(dir, "files")
	run(t, "go", "build", "-o", hoctap, "../cmd/hoctap")
	run(t, hoctap, "--db", db, "--files", files, "demo", "--families", "120", "--from", "2025", "--to", "2025", "--today", "2026-02-18", "--communes", "08515")
	base := serve(t, hoctap, "--db", db, "--files", files, "serve", "--today", "2026-02-18")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	pdf := filepath.Join(dir, "in.pdf")
	if out, err := exec.CommandContext(ctx, "node", "print.mjs", base, demo.Password, pdf).CombinedOutput(); err != nil {
		t.Fatalf("the browser: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(ctx, "pdftotext", "-bbox", pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Pages []struct {
			Height float64 `xml:"height,attr"`
			Words  []word  `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Pages) < 4 {
		t.Fatalf("%d pages", len(doc.Pages))
	}
	want := 0 // of the annex, which counts its own pages
	for i, p := range doc.Pages {
		text, head := "", ""
		for _, w := range p.Words {
			if text += w.Text + " "; w.YMax < 20/25.4*72 { // the upper margin
				head += w.Text
			}
		}
		if want++; i <= 1 {
			want = 1
		}
		shown := ""
		if want > 1 {
			shown = strconv.Itoa(want)
		}
		if head != shown {
			t.Errorf("page %d bears %q, not %q", i+1, head, shown)
		}
		notice := strings.Fields("Bộ tiêu chí mới đối chiếu một phần")
		at := -1
		for k := range p.Words {
			same := k+len(notice) <= len(p.Words)
			for n := 0; same && n < len(notice); n++ {
				same = p.Words[k+n].Text == notice[n]
			}
			if same {
				at = k
			}
		}
		if at < 0 {
			t.Errorf("page %d lacks the notice: %.200s", i+1, text)
			continue
		}
		for k, w := range p.Words {
			if w.YMax-w.YMin > 30 {
				continue // the words across the page lie under everything
			}
			for n := range notice {
				if (k < at || k >= at+len(notice)) && w.over(p.Words[at+n]) {
					t.Errorf("page %d: the notice lies on %q", i+1, w.Text)
				}
			}
		}
	}
}
