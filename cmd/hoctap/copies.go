// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"hoctap/internal/backup"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/job"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
)

// keepFlags say which old copies stay.
type keepFlags struct {
	Daily   int `default:"14" help:"Giữ bản mới nhất của bấy nhiêu ngày. Newest copies of so many days."`
	Weekly  int `default:"8" help:"… của bấy nhiêu tuần. … weeks."`
	Monthly int `default:"12" help:"… của bấy nhiêu tháng. … months."`
	Yearly  int `default:"5" help:"… của bấy nhiêu năm. … years."`
	Moments int `default:"14" help:"Giữ bản sao liên tục của bấy nhiêu ngày. The continuous copy of so many days."`
}

func (k keepFlags) keep() backup.Keep {
	return backup.Keep{Daily: k.Daily, Weekly: k.Weekly, Monthly: k.Monthly, Yearly: k.Yearly, Moments: k.Moments}
}

// copyFlags are the copies that a server makes by itself.
type copyFlags struct {
	To        string        `name:"backup-to" env:"HOCTAP_BACKUP_TO" type:"path" help:"Tệp khóa công khai (age1…) của các bản sao. File of public keys for copies."`
	Dir       string        `name:"backup-dir" env:"HOCTAP_BACKUP_DIR" help:"Nơi chứa bản sao theo giờ: thư mục hoặc s3://thùng/đường-dẫn. Where copies by timetable go."`
	Every     time.Duration `name:"backup-every" env:"HOCTAP_BACKUP_EVERY" help:"Sao lưu sau mỗi khoảng, ví dụ 6h. Make a copy every so long."`
	At        string        `name:"backup-at" env:"HOCTAP_BACKUP_AT" help:"Sao lưu vào các giờ, ví dụ 12:00,23:30. Make a copy at these hours."`
	Prune     bool          `name:"backup-prune" env:"HOCTAP_BACKUP_PRUNE" help:"Xóa bản cũ sau mỗi lần sao lưu, theo --backup-keep-*. Throw old copies away after each."`
	Keep      keepFlags     `embed:"" prefix:"backup-keep-"`
	Replicate string        `env:"HOCTAP_REPLICATE" help:"Sao chép liên tục cơ sở dữ liệu SQLite vào đây, trễ vài giây. Follow the SQLite database to this place, seconds behind."`
}

// note tells the follower of a file that was put.
func (c *copying) note(ref blob.Ref) {
	c.mu.Lock()
	f := c.follower
	c.mu.Unlock()
	if f != nil {
		f.Note(ref)
	}
}

// copying is what a server does about copies.
type copying struct {
	flags  *copyFlags
	base   *cli
	plan   backup.Plan
	to     []age.Recipient
	at     *backup.Folder // by timetable
	follow *backup.Folder

	mu       sync.Mutex
	follower *backup.Follower
}

// backupKind is the job that makes a copy: of several servers one does it.
const backupKind = "backup"

// prepare reads the flags before anything is opened: settings that say nothing are told at once.
func (f *copyFlags) prepare(base *cli) (*copying, error) {
	c := &copying{flags: f, base: base}
	var wrong []fault.FieldError
	plan, ok := planOf(f.Every, f.At)
	c.plan = plan
	switch {
	case !ok:
		wrong = append(wrong, fault.Field("backup-at", "backup.hours", "typed", f.At))
	case f.Every != 0 && f.Every < time.Minute:
		wrong = append(wrong, fault.Field("backup-every", "backup.every"))
	case f.Every != 0 && f.At != "":
		wrong = append(wrong, fault.Field("backup-at", "backup.every_or_at"))
	case f.Dir != "" && !plan.Any():
		wrong = append(wrong, fault.Field("backup-every", "backup.no_plan"))
	case f.Dir == "" && plan.Any():
		wrong = append(wrong, fault.Field("backup-dir", "object.no_address"))
	}
	if f.To == "" && (f.Dir != "" || f.Replicate != "") {
		wrong = append(wrong, fault.Field("backup-to", "backup.no_recipients"))
	}
	if f.Replicate != "" && !strings.HasPrefix(base.DB, "sqlite:") {
		wrong = append(wrong, fault.Field("replicate", "backup.follow_sqlite"))
	}
	if err := fault.Invalid(wrong...); err != nil {
		return nil, err
	}
	var err error
	if f.To != "" {
		if c.to, err = recipients(f.To); err != nil {
			return nil, err
		}
	}
	if f.Dir != "" {
		if c.at, err = base.copies(f.Dir); err != nil {
			return nil, err
		}
	}
	if f.Replicate != "" {
		if c.follow, err = base.copies(f.Replicate); err != nil {
			return nil, err
		}
		base.storeOptions = append(base.storeOptions, store.KeepLog)
		base.onPut = c.note
	}
	return c, nil
}

// planOf reads a timetable.
func planOf(every time.Duration, hours string) (p backup.Plan, ok bool) {
	p.Every = every
	for _, typed := range strings.FieldsFunc(hours, func(r rune) bool { return r == ',' || r == ' ' }) {
		t, err := time.Parse("15:04", typed)
		if err != nil {
			return p, false
		}
		p.At = append(p.At, time.Duration(t.Hour())*time.Hour+time.Duration(t.Minute())*time.Minute)
	}
	slices.Sort(p.At)
	return p, every >= 0
}

func recipients(file string) ([]age.Recipient, error) {
	keys, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	return backup.Recipients(keys)
}

// start begins following and the timetable; the jobs of s are not running yet. stop ends both, after the last write and before the database is closed.
func (c *copying) start(ctx context.Context, s *site.Site) (stop func(), err error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	stop = func() { cancel(); all.Wait() }
	if c.at != nil || c.follow != nil {
		s.Operation.Copies = c.status
	}
	if c.follow != nil {
		f, err := backup.Follow(c.follow, backup.Source{DB: s.DB, Files: s.Blobs, Keys: c.base.keysDir()}, c.to, backup.FollowOptions{Log: s.Log})
		if err != nil {
			return stop, err
		}
		c.mu.Lock()
		c.follower = f
		c.mu.Unlock()
		all.Go(func() { f.Run(ctx) })
		all.Go(func() { keepErasing(ctx, s, c.follow) })
	}
	if c.at != nil {
		s.Jobs.HandleLater(backupKind, func(ctx context.Context, j *job.Job) error { return c.make(ctx, s, j) })
		all.Go(func() { c.timetable(ctx, s) })
	}
	return stop, nil
}

// status says how copies stand.
func (c *copying) status(ctx context.Context, db *store.DB) (backup.Status, error) {
	last, err := backup.LastResult(ctx, db)
	st := backup.Status{Planned: c.at != nil, Gap: c.plan.Gap(), Last: last}
	if st.Planned {
		st.Next = c.plan.Next(last)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.follower != nil {
		now := c.follower.Status()
		st.Follow = &now
	}
	return st, err
}

// timetable asks for a copy when one is due. The job's key keeps several servers from asking twice; the time is the real one, also on a training day.
func (c *copying) timetable(ctx context.Context, s *site.Site) {
	const look = 20 * time.Second
	for wait := time.Second; ; wait = look {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		last, err := backup.LastResult(ctx, s.DB)
		if err == nil && !time.Now().Before(c.plan.Next(last)) {
			err = s.DB.Write(ctx, func(tx *store.Tx) error {
				_, err := s.Jobs.Add(ctx, tx, backupKind, backupKind, struct{}{}, "")
				return err
			})
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("backup timetable", "error", err)
		}
	}
}

// make is the job: a copy, and old ones thrown away. How it went is kept; the timetable tries again.
func (c *copying) make(ctx context.Context, s *site.Site, j *job.Job) error {
	last, err := backup.LastResult(ctx, s.DB)
	if err != nil {
		return err
	}
	now := time.Now()
	if j.Attempts == 1 && now.Before(c.plan.Next(last)) {
		return nil // another server made it meanwhile
	}
	last.Began, last.Running, last.Place = now, true, c.flags.Dir
	if err := backup.SaveResult(ctx, s.DB, last); err != nil {
		return err
	}
	living, dead := context.WithCancel(ctx)
	go func() { // a copy of a province takes longer than a worker's lease
		for {
			select {
			case <-living.Done():
				return
			case <-time.After(15 * time.Second):
				_ = j.Step(living, 0, 0)
			}
		}
	}()
	done, missing, err := copyOnce(ctx, s, c.at, c.to, c.base.keysDir())
	dead()
	if ctx.Err() != nil {
		return ctx.Err() // the server stops: the job is given back
	}
	last.Running = false
	if err != nil {
		last.Error, last.Failed = err.Error(), time.Now()
		s.Log.Warn("backup", "error", err)
	} else {
		last.Error, last.Copy, last.At, last.Rows, last.Files, last.New, last.Missing = "", done.Copy, now, done.Rows, done.Files, done.New, len(missing)
		s.Log.Info("backup", "copy", done.Copy, "rows", done.Rows, "files", done.Files, "new", done.New, "missing", len(missing))
		if c.flags.Prune {
			if gone, err := c.at.Prune(ctx, c.flags.Keep.keep(), now, false); err != nil {
				s.Log.Warn("backup prune", "error", err)
			} else if len(gone.Copies)+gone.Parts > 0 {
				s.Log.Info("backup prune", "copies", len(gone.Copies), "parts", gone.Parts, "bytes", gone.Bytes)
			}
		}
	}
	return backup.SaveResult(ctx, s.DB, last)
}

// copyOnce makes a copy, and names the files that records name and that were not there.
func copyOnce(ctx context.Context, s *site.Site, at *backup.Folder, to []age.Recipient, keys string) (done backup.Written, lost []missing, err error) {
	before, err := namedFiles(ctx, s) // what is named later may not be in the copy
	if err != nil {
		return done, nil, err
	}
	if err := keepErased(ctx, s, at); err != nil {
		return done, nil, err
	}
	if done, err = at.Make(ctx, backup.Source{DB: s.DB, Files: s.Blobs, Keys: keys}, to, time.Now()); err != nil {
		return done, nil, err
	}
	still, err := namedFiles(ctx, s) // a file that no record names any more may be gone
	for _, m := range missingOf(before, done.Hashes) {
		if _, ok := still[m.sha]; ok {
			lost = append(lost, m)
		}
	}
	return done, lost, err
}
