// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	ratio bool // ratios stand first
	what  string
	want  string
	got   string
	quiet string // the same in the quietest run
	cpu   string
	met   string // yes | no | ""
}

// table collects the rows in the order of measuring.
type table struct {
	options *options
	sizes   []string
	rows    []row
	notes   []string
}

func (t *table) add(r row) {
	t.rows = append(t.rows, r)
	fmt.Fprintf(os.Stderr, "bench:   %s: %s %s %s (wanted %s) %s\n", r.what, r.got, r.quiet, r.cpu, r.want, r.met)
}

func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// loaded adds a row for the runs of a closed loop. limits are 0 where there is none.
func (t *table) loaded(what, unit string, list []sample, atLeast float64, p99 time.Duration) {
	m, q := median(list), quiet(list)
	show := func(s sample) string {
		if s.rate == 0 {
			return fmt.Sprintf("none: %v", s.why)
		}
		return fmt.Sprintf("%.0f %s, p50 %s, p99 %s", s.rate, unit, ms(s.p50), ms(s.p99))
	}
	r := row{what: what, got: show(m), quiet: fmt.Sprintf("%s; others %.0f%%", show(q), q.others*100), cpu: ms(q.cpu)}
	var want []string
	ok := m.rate > 0
	if atLeast > 0 {
		want, ok = append(want, fmt.Sprintf("≥ %.0f %s", atLeast, unit)), ok && m.rate >= atLeast
	}
	if p99 > 0 {
		want, ok = append(want, "p99 ≤ "+ms(p99)), ok && m.p99 <= p99
	}
	if r.want = strings.Join(want, ", "); r.want != "" {
		r.met = yesNo(ok)
	}
	failed := 0
	for _, s := range list {
		failed += s.failed
		if s.why != nil {
			t.note("%s: %v", what, s.why)
			break
		}
	}
	if failed > 0 {
		r.got += fmt.Sprintf(", %d failed", failed)
		r.met = "no"
	}
	t.add(r)
}

// atMost adds a row for one number that must not pass a limit.
func (t *table) atMost(what string, value, limit float64, unit string) {
	t.add(row{what: what, want: fmt.Sprintf("≤ %g %s", limit, unit), got: fmt.Sprintf("%.1f %s", value, unit), met: yesNo(value <= limit)})
}

func (t *table) atLeast(what string, value, limit float64, unit string) {
	r := row{what: what, got: fmt.Sprintf("%.0f %s", value, unit)}
	if limit > 0 {
		r.want, r.met = fmt.Sprintf("≥ %g %s", limit, unit), yesNo(value >= limit)
	}
	t.add(r)
}

func yesNo(ok bool) string {
	if ok {
		return "yes"
	}
	return "no"
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

func cores() int { return runtime.NumCPU() }

// markdown is the whole report.
func (t *table) markdown() string {
	var b strings.Builder
	o := t.options
	b.WriteString("# Measurements\n\n")
	fmt.Fprintf(&b, "`make bench` (BENCH_FAMILIES=%d, %d runs of %s each), %s.\n\n", o.families, o.runs, o.each, time.Now().UTC().Format("2006-01-02 15:04 UTC"))
	b.WriteString(machine())
	for _, s := range t.sizes {
		b.WriteString("- " + s + "\n")
	}
	b.WriteString("\nClosed loop over keep-alive connections, client on the same machine. \"Median\" is the run in the middle of all runs, whatever else the " +
		"machine did; \"quietest\" the run in which processes other than server and client took least, with their share of the machine. \"Server CPU\" is the " +
		"server's processor time for one of the unit measured, which hardly depends on neighbours.\n\n")
	b.WriteString("| what | wanted | median | met | quietest run | server CPU |\n|---|---|---|---|---|---|\n")
	for _, first := range []bool{true, false} {
		for _, r := range t.rows {
			if r.ratio == first {
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.want, r.got, r.met, r.quiet, r.cpu)
			}
		}
	}
	if len(t.notes) > 0 {
		b.WriteString("\n")
	}
	for _, n := range t.notes {
		b.WriteString("- " + n + "\n")
	}
	return b.String()
}

// machine describes what it was measured on.
func machine() string {
	model, memory, kernel := "", 0.0, ""
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(data)) {
			if name, rest, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(rest)
				break
			}
		}
	}
	if data, err := os.ReadFile("/proc/meminfo"); err == nil {
		if f := strings.Fields(string(data)); len(f) > 1 {
			kb, _ := strconv.ParseFloat(f[1], 64)
			memory = kb / 1024 / 1024
		}
	}
	if data, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		kernel = strings.TrimSpace(string(data))
	}
	return fmt.Sprintf("- %d cores (%s), %.0f GB of memory, Linux %s, %s\n", cores(), model, memory, kernel, runtime.Version())
}
