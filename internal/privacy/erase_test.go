// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/privacy"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// What is planted about the one that is erased: nobody else has any of it.
const (
	secretName  = "Khổng Văn Xoá Hết"
	secretHome  = "ngõ Cây Khế Bảy Trăm"
	secretPhone = "0977123456"
	secretWords = "ông này hay kể chuyện con chim lạc"
)

var secrets = []string{secretName, "xoa het", secretHome, secretPhone, secretWords}

const (
	withEvidence = `SELECT a.subject_id FROM assessment a JOIN evidence_use u ON u.place_id = a.place_id AND u.assessment_id = a.id
		JOIN subject s ON s.place_id = a.place_id AND s.id = a.subject_id JOIN place_parent p ON p.place_id = a.place_id AND p.commune_id = '08515@2025-07-01'
		WHERE a.model = 'family' AND s.state = 'active' AND `
	untitled = `NOT EXISTS (SELECT 1 FROM decision_item i WHERE i.place_id = a.place_id AND i.subject_id = a.subject_id) AND NOT EXISTS (SELECT 1 FROM title t WHERE t.subject_id = a.subject_id)`
	titled   = `EXISTS (SELECT 1 FROM title t WHERE t.subject_id = a.subject_id)`
)

// plant fills every corner with words about one family, through the verbs where there are some.
func (w *world) plant(which string) (r registry.Subject, file string) {
	w.Helper()
	ctx := w.Context()
	ids := w.texts(withEvidence + which + ` ORDER BY a.subject_id LIMIT 1`)
	if len(ids) == 0 {
		w.Fatal("the demo has no such family")
	}
	place := w.texts(`SELECT place_id FROM subject WHERE id = $1`, ids[0])[0]
	r, err := w.registry.Get(ctx, identity.System, place, ids[0])
	w.ok(err)
	d := r.Draft()
	d.Name, d.Address, d.Phone, d.Ethnic = secretName, secretHome, secretPhone, "Kinh"
	r, err = w.registry.Save(ctx, officer, d)
	w.ok(err)
	w.exec(`UPDATE assessment SET name = $1, fold = 'khong van xoa het', sort = 'het khong van xoa' WHERE place_id = $2 AND subject_id = $3`, secretName, place, r.ID)
	twin, err := w.registry.Save(ctx, officer, registry.Draft{PlaceID: place, Model: registry.Family, Name: secretName, Address: secretHome})
	w.ok(err)
	r, _, err = w.registry.Merge(ctx, officer, place, r.ID, r.Version, twin.ID, twin.Version)
	w.ok(err)
	_, err = w.registry.Agree(ctx, officer, registry.Consent{PlaceID: place, SubjectID: r.ID, Purpose: registry.ShowName, Words: "Tôi đồng ý.", Way: registry.OnPaper, GivenOn: "2026-11-17"})
	w.ok(err)
	for _, a := range w.texts(`SELECT id FROM assessment WHERE place_id = $1 AND subject_id = $2`, place, r.ID) {
		if _, err := w.assessment.Object(ctx, officer, place, a, secretName, secretWords); fault.KindOf(err) == fault.KindConflict { // too early for this one
			w.exec(`INSERT INTO appeal (place_id, id, assessment_id, body, by_name, state, by_id, at) VALUES ($1, $2, $3, $4, $5, 'open', 'x', 1)`, place, store.NewID(), a, secretWords, secretName)
		} else {
			w.ok(err)
		}
		w.exec(`INSERT INTO remark (place_id, assessment_id, id, stage, kind, criterion, body, by_id, by_name, at) VALUES ($1, $2, $3, 'area', 'note', '', $4, 'x', 'x', 1)`, place, a, store.NewID(), secretWords)
		w.exec(`INSERT INTO recheck_item (place_id, recheck_id, assessment_id, body) VALUES ($1, 'r', $2, $3)`, place, a, secretWords)
	}
	for _, item := range w.texts(`SELECT DISTINCT u.evidence_id FROM evidence_use u JOIN assessment a ON a.place_id = u.place_id AND a.id = u.assessment_id WHERE a.place_id = $1 AND a.subject_id = $2`, place, r.ID) {
		w.exec(`UPDATE evidence SET title = $1 WHERE place_id = $2 AND id = $3`, secretWords, place, item)
	}
	ref, err := w.blobs.Put(ctx, strings.NewReader("Họ và tên chủ hộ\n"+secretName+"\n"), 1<<20)
	w.ok(err)
	w.exec(`INSERT INTO import_batch (id, place_id, model, file_name, file_sha, mapping, state, counts, by_id, created_at, done_at) VALUES ('b1', $1, 'family', 'x.csv', $2, '{}', 'done', '{}', 'x', 1, 1)`, place, ref.SHA256)
	cells, before := `{"name": "`+secretName+`"}`, `{"phone": "`+secretPhone+`"}`
	w.exec(`INSERT INTO import_row (batch_id, row_no, cells, issues, state, key, subject_id, before) VALUES ('b1', 2, $1, '[]', 'imported', 'k', $2, $3)`, cells, r.ID, before)
	w.exec(`INSERT INTO import_row (batch_id, row_no, cells, issues, state, key, before) VALUES ('b1', 3, $1, '[]', 'skipped', 'k', '{}')`, cells)
	return r, ref.SHA256
}

// holding says whether a file of the store holds a text.
func (w *world) holding(text string) (found bool) {
	w.Helper()
	w.ok(filepath.WalkDir(w.files, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || bytes.Contains(b, []byte(text))
		return err
	}))
	return found
}

// Nothing of one that was erased is left anywhere, and every total stays as it was.
func TestErasure(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		r, file := w.plant(untitled)
		var hashes []string
		for _, col := range []string{"file_sha", "thumb_sha"} {
			hashes = append(hashes, w.texts(`SELECT DISTINCT e.`+col+` FROM evidence e JOIN evidence_use u ON u.place_id = e.place_id AND u.evidence_id = e.id JOIN assessment a ON a.place_id = u.place_id AND a.id = u.assessment_id
				WHERE a.place_id = $1 AND a.subject_id = $2 AND e.`+col+` <> '' AND NOT EXISTS (SELECT 1 FROM evidence o WHERE o.`+col+` = e.`+col+` AND o.id <> e.id)`, r.PlaceID, r.ID)...)
		}
		for _, s := range secrets {
			if len(w.where(s)) == 0 {
				w.Fatalf("%q was not planted", s)
			}
		}
		if !w.holding(secretName) || len(hashes) == 0 {
			w.Fatal("no file was planted")
		}
		before := w.totals()
		q := w.ask(privacy.Erase, r.PlaceID, r.ID)
		q, err := w.Finish(ctx, officer, q.ID, q.Version, "Đã xóa toàn bộ dữ liệu của hộ")
		w.ok(err)
		if q.State != privacy.Done || q.Basis != "" {
			w.Errorf("%+v", q)
		}
		for _, s := range append(slices.Clone(secrets), "Người Hỏi Việc", "0912 000 111") {
			if at := w.where(s); len(at) > 0 {
				w.Errorf("%q is still in %v", s, at)
			}
		}
		if w.holding(secretName) {
			w.Errorf("the list %s is still in the file store", file)
		}
		for _, sha := range hashes {
			if _, err := w.blobs.Stat(ctx, sha); fault.KindOf(err) != fault.KindNotFound {
				w.Errorf("the evidence %s is still in the file store: %v", sha, err)
			}
		}
		if after := w.totals(); !slices.Equal(before, after) {
			w.Errorf("totals changed:\n%v\n%v", before, after)
		}
		w.sound()
		if n := w.count(`SELECT count(*) FROM journal WHERE act = 'erase' AND thing_id = $1`, r.ID); n != 1 {
			w.Errorf("%d entries of the erasure", n)
		}
		if _, err := w.Identify(ctx, officer, q.ID, q.Version, r.PlaceID, r.ID, "Xem căn cước"); fault.KindOf(err) != fault.KindConflict {
			w.Errorf("again: %v", err)
		}
	})
}

// Who was recognised stays in the decision, its list and the title, which the archives law keeps; the answer says so, and all else goes.
func TestErasureKeepsDecisions(t *testing.T) {
	each(t, func(w *world) {
		r, _ := w.plant(titled)
		was := w.texts(`SELECT name FROM title WHERE subject_id = $1`, r.ID)
		before := w.totals()
		q := w.ask(privacy.Erase, r.PlaceID, r.ID)
		q, err := w.Finish(w.Context(), officer, q.ID, q.Version, "Đã xóa trừ quyết định đã ban hành")
		w.ok(err)
		if !strings.Contains(q.Basis, "Lưu trữ") {
			w.Errorf("no basis is named: %+v", q)
		}
		for _, s := range secrets {
			if at := w.where(s); len(at) > 0 {
				w.Errorf("%q is still in %v", s, at)
			}
		}
		if now := w.texts(`SELECT name FROM title WHERE subject_id = $1`, r.ID); !slices.Equal(was, now) {
			w.Errorf("the title: %v, was %v", now, was)
		}
		if !slices.Equal(before, w.totals()) {
			w.Error("totals changed")
		}
		w.sound()
	})
}

// A copy from before the erasure is put back: the list erases again, once, and a list that names nobody here does nothing.
func TestReplay(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		r, _ := w.plant(untitled)
		list := []privacy.Erased{{SubjectID: r.ID, RequestID: "gone", At: 1}, {SubjectID: "nobody"}}
		if n, err := w.Replay(ctx, list); n != 1 || err != nil {
			w.Fatalf("%d, %v", n, err)
		}
		for _, s := range secrets {
			if at := w.where(s); len(at) > 0 {
				w.Errorf("%q is still in %v", s, at)
			}
		}
		if n, err := w.Replay(ctx, list); n != 0 || err != nil {
			w.Errorf("again: %d, %v", n, err)
		}
		again, err := w.List(ctx)
		w.ok(err)
		if len(again) != 2 { // the merged twin is one of its own
			w.Errorf("%+v", again)
		}
		w.sound()
	})
}

// Restricted data are kept and not used: no verb changes them, and lists of candidates leave them out.
func TestRestriction(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		r, _ := w.plant(untitled)
		q := w.ask(privacy.Limit, r.PlaceID, r.ID)
		q, err := w.Finish(ctx, officer, q.ID, q.Version, "Đã dừng xử lý")
		w.ok(err)
		d := r.Draft()
		d.Name = "Tên Khác Hẳn"
		conflict := func(what string, err error) {
			w.Helper()
			if f, ok := fault.As(err); !ok || f.Key != "registry.restricted" {
				w.Errorf("%s: %v", what, err)
			}
		}
		_, err = w.registry.Save(ctx, officer, d)
		conflict("a change", err)
		_, err = w.registry.Leave(ctx, officer, r.PlaceID, r.ID, r.Version, "chuyển đi")
		conflict("leaving", err)
		if ok, err := w.registry.Agreed(ctx, r.ID, registry.ShowName, r.Name); ok || err != nil {
			w.Errorf("the name is still shown: %v %v", ok, err)
		}
		ids, err := w.registry.Restricted(ctx, nil)
		w.ok(err)
		if !ids[r.ID] || len(ids) != 1 {
			w.Errorf("%v", ids)
		}
		if err := w.Lift(ctx, neighbour, q.ID, "thôi không cần nữa"); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("a neighbour lifts it: %v", err)
		}
		w.ok(w.Lift(ctx, officer, q.ID, "Người yêu cầu xin thôi"))
		_, err = w.registry.Save(ctx, officer, d)
		w.ok(err)
	})
}
