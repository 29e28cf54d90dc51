// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package operations holds the page of the server for its administrator: disks, queue, slow queries, copies. What it shows is package operation's.
package operations

import (
	"context"
	"time"

	"hoctap/internal/backup"
	"hoctap/internal/job"
	"hoctap/internal/operation"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	if m.Operation == nil {
		return
	}
	m.Signed("GET /may-chu", show)
	m.Signed("POST /may-chu/viec/{id}", retry)
}

// view is the page.
type view struct {
	Frame  ui.Office
	Facts  []fact
	Disks  []diskLine
	Queue  []job.Count
	Failed []failedLine
	Slow   []slowLine
	Use    []fact
	Copies []fact
	Copied ui.State
	Warn   []string // what somebody must see to
}

type fact struct{ Name, Value string }

type diskLine struct {
	Name, Path string
	Bar        ui.Bar
	Room       string
	State      ui.State
}

type failedLine struct {
	ID, Kind, Error, When string
}

type slowLine struct {
	Query, Worst, Last string
	Times              int64
}

func show(v *site.Visit) error {
	st, err := v.Operation.State(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	w := view{Frame: v.Frame(v.T("operation.title"), site.Server, place.Place{}), Queue: st.Queue}
	w.Facts = facts(v, st)
	w.Use = uses(v, st.Use)
	for _, d := range st.Disks {
		w.Disks = append(w.Disks, disk(v, d))
	}
	for _, j := range st.Failed {
		w.Failed = append(w.Failed, failedLine{ID: j.ID, Kind: kindOf(v.Ctx(), j.Kind), Error: cut(j.Error), When: moment(j.EndedAt)})
	}
	for _, s := range st.Slow {
		w.Slow = append(w.Slow, slowLine{Query: cut(s.Query), Worst: span(v, s.Worst), Last: moment(s.Last), Times: s.Times})
	}
	w.copies(v, st.Copies)
	if percent, low := v.DiskLow(); low {
		w.Warn = append(w.Warn, v.T("operation.log_full", "percent", percent))
	}
	return v.Show(page(w))
}

// copies says how copies stand, and what is wrong with them.
func (w *view) copies(v *site.Visit, c *backup.Status) {
	now := time.Now() // of copies also on a training day
	if c == nil {
		w.Warn = append(w.Warn, v.T("operation.copies.none_text"))
		return
	}
	w.Copied = ui.State{Kind: "ok", Word: v.T("operation.copies.ok")}
	if c.Planned {
		last := v.T("operation.copies.never")
		if !c.Last.At.IsZero() {
			last = moment(c.Last.At)
		}
		w.Copies = append(w.Copies, fact{v.T("operation.copies.last"), last}, fact{v.T("operation.copies.place"), c.Last.Place}, fact{v.T("operation.copies.next"), moment(c.Next)})
		if c.Last.Missing > 0 {
			w.Warn = append(w.Warn, v.T("operation.copies.missing", "count", c.Last.Missing))
		}
		if c.Overdue(now) {
			w.Warn = append(w.Warn, v.T("operation.copies.overdue"))
		}
		if c.Last.Error != "" {
			w.Warn = append(w.Warn, v.T("operation.copies.failed", "when", moment(c.Last.Failed), "why", cut(c.Last.Error)))
		}
	}
	if f := c.Follow; f != nil {
		behind := v.T("operation.copies.building")
		if !f.ShippedAt.IsZero() {
			behind = moment(f.ShippedAt)
		}
		w.Copies = append(w.Copies, fact{v.T("operation.copies.shipped"), behind}, fact{v.T("operation.copies.follow_place"), f.Place})
		if c.Lagging(now, operation.FollowLate) && !f.Building {
			w.Warn = append(w.Warn, v.T("operation.copies.lagging"))
		}
		if f.Error != "" {
			w.Warn = append(w.Warn, v.T("operation.copies.failed", "when", moment(f.Since), "why", cut(f.Error)))
		}
	}
	if len(w.Warn) > 0 {
		w.Copied = ui.State{Kind: "bad", Word: v.T("operation.copies.look")}
	}
}

func facts(v *site.Visit, st operation.State) []fact {
	version := st.Version
	if st.Revision != "" {
		version += " (" + st.Revision[:min(12, len(st.Revision))] + ")"
	}
	return []fact{
		{v.T("operation.version"), version},
		{v.T("operation.built"), st.Go},
		{v.T("operation.database"), v.T("operation.engine."+string(st.Engine), "schema", st.Schema)},
		{v.T("operation.up"), span(v, st.Up)},
		{v.T("operation.memory"), lang.Size(v.Ctx(), int64(st.Memory))},
	}
}

func uses(v *site.Visit, u store.Use) []fact {
	number := func(n int64) string { return lang.Number(v.Ctx(), n) }
	list := []fact{
		{v.T("operation.writes"), number(u.Writes)},
		{v.T("operation.failed"), number(u.Failed)},
		{v.T("operation.waiting"), number(u.Waiting)},
	}
	if u.Writes > 0 {
		list = append(list, fact{v.T("operation.write_time"), span(v, u.Took/time.Duration(u.Writes+u.Failed))})
	}
	return append(list, fact{v.T("operation.connections"), v.T("operation.connections_of", "busy", u.Pool.InUse, "open", u.Pool.OpenConnections)})
}

func disk(v *site.Visit, d operation.Disk) diskLine {
	line := diskLine{Name: v.T("operation.folder." + d.Name), Path: d.Path, State: ui.State{Kind: "ok", Word: v.T("operation.disk.ok")}}
	if d.Err != nil {
		line.State = ui.State{Word: v.T("operation.disk.unknown")}
		return line
	}
	if d.Full {
		line.State = ui.State{Kind: "bad", Word: v.T("operation.disk.full")}
	}
	used := int64(10000 - d.Free*10000/max(d.Size, 1))
	line.Bar = ui.Bar{Value: used, Kind: map[bool]string{true: "bad", false: "ok"}[d.Full], Label: v.T("operation.disk.used", "value", lang.Percent(v.Ctx(), used))}
	line.Room = v.T("operation.disk.room", "free", lang.Size(v.Ctx(), int64(d.Free)), "size", lang.Size(v.Ctx(), int64(d.Size)))
	return line
}

func retry(v *site.Visit) error {
	if err := v.Operation.Retry(v.Ctx(), v.Actor, v.Path("id")); err != nil {
		return err
	}
	return v.Go("/may-chu#hang-doi")
}

// kindOf names a kind of job; one that has no words yet is named as it is.
func kindOf(ctx context.Context, kind string) string {
	if key := "operation.job." + kind; lang.Has(ctx, key) {
		return lang.T(ctx, key)
	}
	return kind
}

func moment(at time.Time) string { return at.In(store.Zone).Format("15:04:05 02/01/2006") }

// span is a length of time in its largest fitting unit.
func span(v *site.Visit, d time.Duration) string {
	switch {
	case d < time.Second:
		return v.T("operation.ms", "n", lang.Tenths(v.Ctx(), d.Microseconds()/10))
	case d < time.Minute:
		return v.T("operation.seconds", "n", int(d.Seconds()))
	case d < time.Hour:
		return v.T("operation.minutes", "n", int(d.Minutes()))
	case d < 48*time.Hour:
		return v.T("operation.hours", "n", int(d.Hours()))
	}
	return v.T("operation.days", "n", int(d.Hours()/24))
}

// longest is how many letters of a query or an error are shown.
const longest = 300

func cut(s string) string {
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
