// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/demo"
	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

var (
	hyCuong = place.OfficialID("08515", "2025-07-01")
	vietTri = place.OfficialID("07900", "2025-07-01")
	phuTho  = place.OfficialID("25", "2025-07-01")
)

// world is a small demo of two communes with the packages that privacy looks into.
type world struct {
	testing.TB
	*privacy.Service
	db          *store.DB
	files       string
	blobs       blob.Store
	jobs        *job.Queue
	places      *place.Service
	registry    *registry.Service
	assessment  *assessment.Service
	evidence    *evidence.Service
	recognition *recognition.Service
	at          time.Time
}

var (
	officer   = identity.Actor{ID: "officer", Name: "Cán bộ", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: hyCuong}}}
	neighbour = identity.Actor{ID: "neighbour", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: vietTri}}}
	viewer    = identity.Actor{ID: "viewer", Grants: []identity.Grant{{Role: identity.Viewer, PlaceID: hyCuong}}}
	province  = identity.Actor{ID: "province", Name: "Cán bộ tỉnh", Grants: []identity.Grant{{Role: identity.ProvinceOfficer, PlaceID: phuTho}}}
	admin     = identity.Actor{ID: "admin", Name: "Quản trị", Grants: []identity.Grant{{Role: identity.Admin, PlaceID: place.Root}}}
)

func each(t *testing.T, test func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(newWorld(t, db)) })
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{TB: t, db: db, files: t.TempDir(), at: time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone)}
	now := func() time.Time { return w.at }
	blobs, err := blob.Open(w.files)
	w.ok(err)
	w.blobs, w.jobs = blobs, job.New(db, now, slog.New(slog.DiscardHandler))
	w.places = place.New(db, now)
	sets := version.New(db, now)
	w.registry = registry.New(db, w.places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, events []registry.Event) error {
		return w.assessment.Follow(ctx, tx, by, events)
	})
	w.evidence = evidence.New(db, blobs, w.places, w.jobs, now)
	w.assessment = assessment.New(db, w.places, sets, w.registry, now)
	w.evidence.Listener = w.assessment.Attached
	w.recognition = recognition.New(db, w.places, sets, w.registry, w.assessment, now)
	w.Service = privacy.New(db, w.places, sets, w.registry, w.evidence, now)
	w.Named = []evidence.Named{w.recognition.NamedFiles}
	_, err = w.places.EnsureLoaded(t.Context())
	w.ok(err)
	_, err = sets.EnsureShipped(t.Context(), criteriadata.Files)
	w.ok(err)
	w.ok(w.recognition.EnsureSeal(t.Context()))
	_, err = demo.Fill(t.Context(), demo.Services{DB: db, Blobs: blobs, Identity: identity.New(db, now), Places: w.places, Sets: sets, Registry: w.registry, Recognition: w.recognition},
		demo.Options{Families: 100, From: 2025, To: 2026, Seed: 3, Today: "2026-11-18", Communes: []string{"08515", "07900"}, Evidence: true})
	w.ok(err)
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	w.ok(w.db.Write(w.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(w.Context(), query, args...)
		return err
	}))
}

func (w *world) texts(query string, args ...any) []string {
	w.Helper()
	list, err := store.Collect(w.Context(), w.db.Read(), store.Value[string], query, args...)
	w.ok(err)
	return list
}

func (w *world) count(query string, args ...any) int {
	w.Helper()
	n, _, err := store.One(w.Context(), w.db.Read(), store.Value[int], query, args...)
	w.ok(err)
	return n
}

// where returns the tables and columns of the whole database in which a text stands.
func (w *world) where(text string) (found []string) {
	w.Helper()
	tables, err := w.db.Tables(w.Context(), w.db.Read())
	w.ok(err)
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Type != "text" && c.Type != "jsonb" {
				continue
			}
			if w.count(`SELECT count(*) FROM `+t.Name+` WHERE CAST(`+c.Name+` AS text) LIKE $1`, "%"+text+"%") > 0 {
				found = append(found, t.Name+"."+c.Name)
			}
		}
	}
	return found
}

// totals are all counters of all places.
func (w *world) totals() []string {
	return w.texts(`SELECT place_id || round_id || model || ' ' || total || ' ' || registered || ' ' || scored || ' ' || sent || ' ' || returned || ' ' || approved || ' ' || rejected || ' ' ||
		recognised || ' ' || exemplary || ' ' || passing || ' ' || revoked FROM cell ORDER BY place_id, round_id, model`)
}

// sound fails when anything does not come to what is stored.
func (w *world) sound() {
	w.Helper()
	_, cells, err := rollup.Verify(w.Context(), w.db)
	w.ok(err)
	_, sheets, err := w.assessment.Verify(w.Context())
	w.ok(err)
	_, decisions, err := w.recognition.Verify(w.Context())
	w.ok(err)
	if len(cells)+len(sheets)+len(decisions) > 0 {
		w.Errorf("verify: %v %v %v", cells, sheets, decisions)
	}
}

// ask is a request at the counter of Xã Hy Cương, by somebody whose paper the officer saw.
func (w *world) ask(kind privacy.Kind, placeID, id string) privacy.Request {
	w.Helper()
	r, err := w.Receive(w.Context(), officer, privacy.Request{PlaceID: hyCuong, Kind: kind, Way: "counter", Name: "Người Hỏi Việc", Contact: "0912 000 111", Relation: "self", Words: "Theo đơn", ReceivedOn: "2026-11-18"})
	w.ok(err)
	r, err = w.Identify(w.Context(), officer, r.ID, r.Version, placeID, id, "Xem căn cước tại bộ phận một cửa")
	w.ok(err)
	return r
}
