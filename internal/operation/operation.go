// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package operation is for whoever runs the server: how it does at this moment (State), what it counts (Metrics, in the form of Prometheus) and where a request
// spent its time (Trace, OpenTelemetry). Nothing in it names a person, a household or a value that somebody typed.
package operation

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/backup"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/store"
)

// Service knows the parts whose state it tells.
type Service struct {
	db      *store.DB
	jobs    *job.Queue
	folders []Folder
	now     func() time.Time
	began   time.Time

	Metrics *Metrics
	Copies  func(context.Context, *store.DB) (backup.Status, error) // how copies stand; nil where nobody makes any
}

// Folder is a place on disk that must not fill up.
type Folder struct {
	Name string // database | files | keys | copies
	Path string
}

// New returns a service; folders are those whose disks are watched.
func New(db *store.DB, jobs *job.Queue, now func() time.Time, folders ...Folder) *Service {
	s := &Service{db: db, jobs: jobs, folders: folders, now: now, began: time.Now()}
	s.Metrics = newMetrics(s)
	return s
}

// Version is the version of the program as it was built, and the revision of its sources; "" where the build did not note it.
func Version() (version, revision string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return info.Main.Version, revision
}

// State is what the page of the server shows.
type State struct {
	Version, Revision string
	Go                string
	Engine            store.Engine
	Schema            int64
	Up                time.Duration
	Memory            uint64 // bytes that the process took from the system
	Disks             []Disk
	Queue             []job.Count
	Failed            []job.Job // given up, newest first
	Slow              []store.Slow
	Use               store.Use
	Copies            *backup.Status // nil where the server makes none
}

// FollowLate is how far a continuous copy may be behind before somebody should look.
const FollowLate = 5 * time.Minute

// Disk is how full the disk of a folder is, in bytes. Full warns below a tenth, or a gigabyte, of room.
type Disk struct {
	Folder
	Free, Size uint64
	Full       bool
	Err        error // the folder cannot be looked at: not there, or no such call on this system
}

const (
	leastRoom  = 1 << 30
	mostFailed = 20
)

const selectSchema = `SELECT max(version_id) FROM goose_db_version`

// State gathers everything for an administrator.
func (s *Service) State(ctx context.Context, by identity.Actor) (st State, err error) {
	defer fault.Wrap(&err, "operation.State")
	if !by.Everywhere(identity.Operate) {
		return st, fault.Denied(string(identity.Operate), "")
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	st = State{Go: runtime.Version(), Engine: s.db.Engine, Up: time.Since(s.began), Memory: mem.Sys, Disks: s.Disks(), Slow: s.db.Slow(), Use: s.db.Use()}
	st.Version, st.Revision = Version()
	if st.Schema, _, err = store.One(ctx, s.db.Read(), store.Value[int64], selectSchema); err != nil {
		return st, err
	}
	if st.Queue, err = s.jobs.Counts(ctx); err != nil {
		return st, err
	}
	if st.Failed, err = s.jobs.Failed(ctx, mostFailed); err != nil || s.Copies == nil {
		return st, err
	}
	copies, err := s.Copies(ctx, s.db)
	st.Copies = &copies
	return st, err
}

// Disks looks at the disk of every folder.
func (s *Service) Disks() []Disk {
	list := make([]Disk, len(s.folders))
	for i, f := range s.folders {
		free, size, err := Room(f.Path)
		list[i] = Disk{Folder: f, Free: free, Size: size, Err: err, Full: err == nil && (free < leastRoom || free < size/10)}
	}
	return list
}

// Retry puts a job that was given up back into the queue.
func (s *Service) Retry(ctx context.Context, by identity.Actor, id string) (err error) {
	defer fault.Wrap(&err, "operation.Retry(%s)", id)
	if !by.Everywhere(identity.Operate) {
		return fault.Denied(string(identity.Operate), "")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.jobs.Retry(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "job", ThingID: id, Act: "retry"})
	})
}
