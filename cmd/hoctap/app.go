// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/archive"
	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/badge"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/identity/passkey"
	"hoctap/internal/job"
	"hoctap/internal/operation"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/sealed"
	"hoctap/internal/selfsheet"
	"hoctap/internal/signature"
	"hoctap/internal/store"
	"hoctap/internal/web/assets"
	"hoctap/internal/web/site"
)

// open opens the database and the file store, loads what the program ships on first use, and wires the services in the order of
// the house: each knows only those before it.
func (c *cli) open(ctx context.Context, now func() time.Time) (*site.Site, error) {
	db, err := store.Open(ctx, c.DB, c.storeOptions...)
	if err != nil {
		return nil, err
	}
	s, err := c.wire(ctx, db, now)
	if err != nil {
		db.Close()
	}
	return s, err
}

// existing opens the services on a database that is there.
func (c *cli) existing(ctx context.Context) (*site.Site, error) {
	db, err := store.OpenExisting(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	s, err := c.wire(ctx, db, time.Now)
	if err != nil {
		db.Close()
	}
	return s, err
}

func (c *cli) wire(ctx context.Context, db *store.DB, now func() time.Time) (*site.Site, error) {
	blobs, err := blob.Open(c.Files)
	if err != nil {
		return nil, err
	}
	if c.onPut != nil {
		blobs = blob.Watch(blobs, c.onPut)
	}
	keys, err := openKeys(ctx, db, c.keysDir())
	if err != nil {
		return nil, err
	}
	s := &site.Site{DB: db, Blobs: blobs, Keys: keys, Now: now, Log: newLog(c.Log, os.Stderr)}
	if err := sealed.Adopt(ctx, db, keys, now); err != nil {
		return nil, err
	}
	s.Jobs = job.New(db, now, s.Log)
	s.Identity = identity.New(db, now)
	s.Identity.Keys = keys
	ceremonies := ceremony.New(keys, now)
	s.Passkeys = passkey.New(db, s.Identity, ceremonies, now)
	s.OIDC = oidc.New(db, s.Identity, ceremonies, keys, now)
	s.Places = place.New(db, now)
	s.Sets = version.New(db, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, events []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, events) // bound late: the registry must not know who follows it
	})
	s.Registry.Keys = keys
	s.Evidence = evidence.New(db, blobs, s.Places, s.Jobs, now)
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	s.Evidence.Listener = s.Assessment.Attached
	s.SelfSheets = selfsheet.New(db, keys, s.Places, s.Registry, s.Assessment, s.Evidence, now)
	s.Recognition = recognition.New(db, s.Places, s.Sets, s.Registry, s.Assessment, now)
	s.Recognition.Keys = keys
	s.Badges = badge.New(db, s.Places, s.Registry, s.Recognition, now)
	s.Badges.Ring = keys
	s.Signature = signature.New(db, blobs, s.Identity, s.Places, s.Recognition, now)
	s.Recognition.Gate = s.Signature.Gate
	s.Badges.Waits = s.Signature.PublicWaits
	s.Signature.Face = assets.Read("tinos-400.ttf")
	s.Reports = report.New(db, s.Places, s.Assessment, s.Recognition, now)
	s.Archive = archive.New(db, blobs, s.Places, s.Recognition, s.Jobs, now)
	s.Privacy = privacy.New(db, s.Places, s.Sets, s.Registry, s.Evidence, now)
	s.Privacy.Named = []evidence.Named{s.Signature.Named, s.Recognition.NamedFiles, s.Archive.Named}
	s.Jobs.HandleLater(privacy.RetentionKind, s.Privacy.Nightly(s.Jobs))
	s.Figures = rollup.NewFigures(db, now)
	s.Operation = operation.New(db, s.Jobs, now, c.watched()...)
	s.Jobs.Handle(assessment.ListKind, s.Assessment.HandleList)
	s.Jobs.Handle(assessment.TrialKind, s.Assessment.HandleTrial)
	if _, err := audit.Seal(ctx, db, now()); err != nil {
		return nil, err
	}
	if _, err := s.Places.EnsureLoaded(ctx); err != nil {
		return nil, err
	}
	if _, err := s.Sets.EnsureShipped(ctx, criteriadata.Files); err != nil {
		return nil, err
	}
	if err := s.Recognition.EnsureSeal(ctx); err != nil {
		return nil, err
	}
	s.Home = place.OfficialID("25", "2025-07-01")
	demo, _, err := store.One(ctx, db.Read(), store.Value[string], `SELECT value FROM setting WHERE key = 'demo'`)
	s.Demo = demo == "1"
	return s, err
}
