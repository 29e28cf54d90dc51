// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy_test

import (
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/privacy"
	"hoctap/internal/store"
)

// Every rule lets go what is past its time, keeps what is not, reports what it did, and finds nothing the second time.
func TestKeepingTimes(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		days := func(n int) int64 { return store.Micros(w.at.AddDate(0, 0, -n)) }
		ref, err := w.blobs.Put(ctx, strings.NewReader("ảnh cũ"), 1<<20)
		w.ok(err)
		for i, age := range []int{1, 800} { // in time, and past every time
			id, at := []string{"new", "old"}[i], days(age)
			w.exec(`INSERT INTO import_batch (id, place_id, model, file_name, file_sha, mapping, state, counts, by_id, created_at, done_at) VALUES ($1, $2, 'family', 'x.csv', 'f', '{}', 'done', '{}', 'x', $3, $4)`, "d"+id, hyCuong, at, at)
			w.exec(`INSERT INTO import_batch (id, place_id, model, file_name, file_sha, mapping, state, counts, by_id, created_at) VALUES ($1, $2, 'family', 'x.csv', 'f', '{}', 'checked', '{}', 'x', $3)`, "c"+id, hyCuong, at)
			for _, b := range []string{"d", "c"} {
				w.exec(`INSERT INTO import_row (batch_id, row_no, cells, issues, state, before) VALUES ($1, 1, '{"name": "Tên Trong Tệp"}', '[]', 'imported', '{}')`, b+id)
			}
			w.exec(`INSERT INTO account (id, login, name, post, password_hash, must_change, demo, version, created_at, disabled_at) VALUES ($1, $1, 'x', '', '', false, false, 1, 1, $2)`, "a"+id, at)
			w.exec(`INSERT INTO password_past (account_id, at, hash) VALUES ($1, 1, 'x')`, "a"+id)
			w.exec(`INSERT INTO passkey (account_id, id, credential_id, name, record, counter, synced, created_at) VALUES ($1, 'k', $1, 'x', '{}', 0, false, 1)`, "a"+id)
			w.exec(`INSERT INTO upload_scan (sha256, name, size, actor_id, address, at, found) VALUES ($1, 'cv.doc', 1, 'x', '10.0.0.1', $2, 'Eicar')`, id, at)
			w.exec(`INSERT INTO upload_scan (sha256, name, size, actor_id, address, at, found) VALUES ($1, 'cv.doc', 1, 'x', '10.0.0.1', $2, '')`, "w"+id, at)
			w.exec(`INSERT INTO evidence (place_id, id, kind, title, state, file_sha, by_id, at) VALUES ($1, $2, 'picture', 'x', 'refused', '', 'x', $3)`, hyCuong, "r"+id, at)
			w.exec(`INSERT INTO evidence (place_id, id, kind, title, state, file_sha, by_id, at) VALUES ($1, $2, 'picture', 'x', 'ready', $3, 'x', $4)`, hyCuong, "l"+id, map[int]string{1: "", 800: ref.SHA256}[age], at)
			for _, state := range []string{"received", "done"} {
				w.exec(`INSERT INTO privacy_request (id, code, place_id, kind, way, state, name, contact, relation, words, processors, received_on, acknowledge_by, due, by_id, created_at)
					VALUES ($1, $2, $3, 'view', 'form', $4, 'Người Không Đến', '0912', 'self', '', false, '2026-01-01', '2026-01-03', '2026-01-11', '', $5)`, state+id, state+id, hyCuong, state, at)
			}
			w.exec(`UPDATE privacy_request SET checked_by = 'x' WHERE state = 'done'`)
			w.exec(`INSERT INTO job (id, kind, unique_key, payload, state, run_at, created_at, ended_at) VALUES ($1, 'k', '', '{}', 'done', 1, 1, $2)`, id, at)
			w.exec(`INSERT INTO signing_token (hash, use, thing_id, step, by_id, expires_at) VALUES ($1, 'source', 't', 1, 'x', $2)`, id, at)
			w.exec(`INSERT INTO form_token (token, thing_id, by_id, at) VALUES ($1, 't', 'x', $2)`, id, at)
			w.exec(`INSERT INTO subject (place_id, id, model, name, fold, sort, phone, phone_hash, address, state, created_at, updated_at) VALUES ($1, $2, 'citizen', 'x', 'x', 'x', '0912', 'h', 'x', 'left', 1, $3)`, hyCuong, "s"+id, at)
		}
		want := func(counts map[string]int64, what string) {
			w.Helper()
			for _, r := range privacy.Rules() {
				n, due := counts[r.Key], int64(0)
				if r.Days > 0 && r.Job == "" {
					due = 1
				}
				if n != due && !(r.Key == "loose_evidence" && n >= 1) {
					w.Errorf("%s: %s: %d, not %d", what, r.Key, n, due)
				}
			}
		}
		list, err := w.DryRun(ctx, province, phuTho)
		w.ok(err)
		counts := map[string]int64{}
		for _, d := range list {
			counts[d.Key] = d.Count
		}
		want(counts, "dry run")
		if _, err := w.Run(ctx, officer, phuTho); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("a commune runs it: %v", err)
		}
		low := identity.Actor{ID: "low", Grants: []identity.Grant{{Role: identity.ProvinceOfficer, PlaceID: hyCuong}, {Role: identity.Admin, PlaceID: hyCuong}}}
		_, run := w.Run(ctx, low, hyCuong)
		_, save := w.SaveRegister(ctx, low, hyCuong, privacy.Register{}, "Sửa sổ")
		for what, err := range map[string]error{"runs the keeping times": run, "saves the register": save, "adds days": w.SaveDays(ctx, low, hyCuong, ""), "ends the yearly task": w.YearlySent(ctx, low, hyCuong, "2026")} {
			if fault.KindOf(err) != fault.KindDenied {
				w.Errorf("a role at a commune %s of all: %v", what, err)
			}
		}
		if _, err := w.DryRun(ctx, province, hyCuong); err != nil {
			w.Errorf("the province's officer, on the page of a commune: %v", err)
		}
		counts, err = w.Run(ctx, province, phuTho)
		w.ok(err)
		want(counts, "run")
		for query, n := range map[string]int{
			`SELECT count(*) FROM import_row WHERE batch_id IN ('dold', 'cold') AND CAST(cells AS text) LIKE '%Tên Trong%'`: 0,
			`SELECT count(*) FROM import_row WHERE batch_id IN ('dnew', 'cnew') AND CAST(cells AS text) LIKE '%Tên Trong%'`: 2,
			`SELECT count(*) FROM passkey WHERE account_id IN ('aold', 'anew')`:                                             1,
			`SELECT count(*) FROM password_past WHERE account_id IN ('aold', 'anew')`:                                       1,
			`SELECT count(*) FROM upload_scan WHERE sha256 IN ('old', 'new')`:                                               2,
			`SELECT count(*) FROM upload_scan WHERE name <> '' AND address <> ''`:                                           3,
			`SELECT count(*) FROM subject WHERE id IN ('sold', 'snew') AND phone_hash <> ''`:                                1,
			`SELECT count(*) FROM privacy_request WHERE name = 'Người Không Đến'`:                                           2,
			`SELECT count(*) FROM privacy_request WHERE id = 'receivedold' AND state = 'dropped'`:                           1,
			`SELECT count(*) FROM subject WHERE id IN ('sold', 'snew') AND (phone <> '' OR phone_hash <> '')`:               1,
			`SELECT count(*) FROM evidence WHERE id IN ('lold', 'rold')`:                                                    0,
			`SELECT count(*) FROM retention_run`:                                                                            1,
			`SELECT count(*) FROM journal WHERE thing = 'retention'`:                                                        1,
		} {
			if got := w.count(query); got != n {
				w.Errorf("%s: %d, not %d", query, got, n)
			}
		}
		if _, err := w.blobs.Stat(ctx, ref.SHA256); fault.KindOf(err) != fault.KindNotFound {
			w.Errorf("the file of loose evidence is still there: %v", err)
		}
		if counts, err = w.Run(ctx, identity.System, phuTho); err != nil || len(counts) != 0 {
			w.Errorf("again: %v %v", counts, err)
		}
		// The night: one job, which asks for the next.
		w.jobs.HandleLater(privacy.RetentionKind, w.Nightly(w.jobs))
		w.ok(w.EnsureNightly(ctx, w.jobs))
		w.ok(w.EnsureNightly(ctx, w.jobs))
		if n := w.count(`SELECT count(*) FROM job WHERE kind = 'privacy.retention'`); n != 1 {
			w.Errorf("%d jobs for one night", n)
		}
		w.ok(w.jobs.Drain(ctx))
		if n := w.count(`SELECT count(*) FROM retention_run`); n != 2 {
			w.Errorf("it ran by day: %d", n)
		}
		w.at = w.at.AddDate(0, 0, 1)
		w.ok(w.jobs.Drain(ctx))
		if n := w.count(`SELECT count(*) FROM retention_run`); n != 3 {
			w.Errorf("%d runs after the night", n)
		}
		if n := w.count(`SELECT count(*) FROM job WHERE kind = 'privacy.retention' AND state = 'waiting'`); n != 1 {
			w.Errorf("%d jobs wait for the next night", n)
		}
		w.sound()
	})
}

// Who may what with requests and breaches, and how a request moves on.
func TestRequestsAndBreaches(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		draft := privacy.Request{PlaceID: hyCuong, Kind: privacy.View, Way: "paper", Name: "Người Hỏi", Contact: "0912 000 111", Relation: "self", ReceivedOn: "2026-11-13"}
		for _, by := range []identity.Actor{neighbour, viewer, admin} {
			if _, err := w.Receive(ctx, by, draft); fault.KindOf(err) != fault.KindDenied {
				w.Errorf("%s: %v", by.ID, err)
			}
		}
		r, err := w.Receive(ctx, officer, draft)
		w.ok(err)
		if r.AcknowledgeBy != "2026-11-17" || r.Due != "2026-11-23" || r.Late("2026-11-18") != 1 || r.Late("2026-11-17") != 0 {
			w.Errorf("%+v", r)
		}
		if _, err := w.Acknowledge(ctx, officer, r.ID, r.Version+1); fault.KindOf(err) != fault.KindStale {
			w.Errorf("stale: %v", err)
		}
		r, err = w.Acknowledge(ctx, officer, r.ID, r.Version)
		w.ok(err)
		if _, err := w.Refuse(ctx, officer, r.ID, r.Version, "Không cho", ""); fault.KindOf(err) != fault.KindInvalid {
			w.Errorf("refused without basis: %v", err)
		}
		r, err = w.Forward(ctx, officer, r.ID, r.Version, vietTri)
		w.ok(err)
		if _, err := w.Request(ctx, officer, r.ID); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("the former office still reads it: %v", err)
		}
		if list, err := w.Requests(ctx, province, phuTho); err != nil || len(list) != 1 {
			w.Errorf("the province: %v %v", list, err)
		}
		r, err = w.Refuse(ctx, neighbour, r.ID, r.Version, "Không có dữ liệu của người này", "Luật 91/2025/QH15")
		w.ok(err)
		if r.State != privacy.Refused || r.Due != "2026-11-23" {
			w.Errorf("%+v", r)
		}
		b := privacy.Breach{PlaceID: hyCuong, Title: "Lộ danh sách", Story: "Danh sách bị đăng lên mạng", Kind: "leak", FoundAt: w.at.Add(-time.Hour)}
		if _, err := w.Suspect(ctx, neighbour, b); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("a neighbour tells of another place: %v", err)
		}
		if _, err := w.Suspect(ctx, viewer, privacy.Breach{PlaceID: hyCuong, Title: "x", FoundAt: w.at.Add(time.Hour)}); fault.KindOf(err) != fault.KindInvalid {
			w.Errorf("nothing told: %v", err)
		}
		b, err = w.Suspect(ctx, viewer, b)
		w.ok(err)
		d := b
		d.Severity, d.Subjects = "personal", 10
		if _, err := w.Describe(ctx, officer, d); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("a commune confirms: %v", err)
		}
		b, err = w.Describe(ctx, admin, d)
		w.ok(err)
		if c := b.Clocks(); len(c) != 1 || !c[0].Due.Equal(b.FoundAt.Add(72*time.Hour)) {
			w.Errorf("%+v", c)
		}
		if _, err := w.Record(ctx, admin, b.ID, b.Version, "Đã báo", "authority", b.FoundAt.Add(-time.Minute)); fault.KindOf(err) != fault.KindInvalid {
			w.Errorf("a notice before it was known: %v", err)
		}
		if list, err := w.Breaches(ctx, officer); err != nil || len(list) != 0 {
			w.Errorf("a commune reads the book: %v %v", list, err)
		}
		if p, err := w.Persons(ctx); err != nil || p.Basic < 200 || p.Sensitive == 0 || p.WarnBasic() {
			w.Errorf("%+v %v", p, err)
		}
	})
	p := privacy.Persons{Basic: 80_000, Sensitive: 7_999}
	if !p.WarnBasic() || p.WarnSensitive() {
		t.Errorf("the bounds: %+v", p)
	}
}
