// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
	"hoctap/internal/wording"
)

// saying is the standard text of a decision of recognition with another abstract.
func saying(about string) *wording.Text {
	t := wording.Standard(wording.Recognise, false)
	t = wording.Text{Paragraphs: append([]wording.Paragraph{{Role: wording.About, Text: about}}, t.Paragraphs[1:]...)}
	return &t
}

func (w *world) scope() string {
	return recognition.BodyID(recognition.BodyAssociationCommune, w.commune)
}

func (w *world) save(by identity.Actor, scope string, version int, about string) (recognition.Template, error) {
	return w.s.SaveTemplate(w.ctx, by, recognition.Edit{ScopeID: scope, Kind: wording.Recognise, Version: version, Remark: "Theo công văn"}, saying(about))
}

// about is the abstract in force for decisions of recognition.
func (w *world) about(scope string) string {
	w.t.Helper()
	_, list, err := w.s.InForce(w.ctx, w.above(), scope)
	w.ok(err)
	for _, x := range list {
		if x.Kind == wording.Recognise {
			return x.Text.Of(wording.About)[0]
		}
	}
	return ""
}

func TestTemplateVersions(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		shipped, communes := w.about(w.scope()), recognition.BodyID(recognition.BodyAssociationCommune, w.province)
		one, err := w.save(w.officer(), w.scope(), 0, "Một {{nam}}")
		w.ok(err)
		if one.Version != 1 || one.ByName == "" || one.Remark != "Theo công văn" || w.about(w.scope()) != "Một {{nam}}" {
			t.Errorf("%+v", one)
		}
		if _, err = w.save(w.officer(), w.scope(), 0, "Hai"); fault.KindOf(err) != fault.KindStale {
			t.Errorf("an old version: %v", err)
		}
		_, err = w.save(w.officer(), w.scope(), 1, "Một  {{nam}} ")
		w.refused(err, "wording.same")
		_, err = w.save(w.officer(), w.scope(), 1, "Công nhận {{so_luog}}")
		w.refused(err, "wording.unknown")
		_, err = w.save(w.officer(), w.scope(), 1, "Hai")
		w.ok(err)
		// The province writes for its communes: those with a text of their own keep it.
		_, err = w.save(w.above(), communes, 0, "Của tỉnh")
		w.ok(err)
		next := recognition.BodyID(recognition.BodyAssociationCommune, w.neighbour)
		if got := w.about(w.scope()) + w.about(next); got != "Hai"+"Của tỉnh" {
			t.Errorf("in force: %s", got)
		}
		edit := recognition.Edit{ScopeID: w.scope(), Kind: wording.Recognise, Version: 2}
		_, err = w.s.RestoreTemplate(w.ctx, w.officer(), edit, 0)
		w.ok(err)
		if got := w.about(w.scope()); got != "Của tỉnh" {
			t.Errorf("put back: %s", got)
		}
		edit.Version = 3
		_, err = w.s.RestoreTemplate(w.ctx, w.officer(), edit, 1)
		w.ok(err)
		if got := w.about(w.scope()); got != "Một {{nam}}" {
			t.Errorf("put back: %s", got)
		}
		_, err = w.s.RestoreTemplate(w.ctx, w.above(), recognition.Edit{ScopeID: communes, Kind: wording.Recognise, Version: 1}, 0)
		w.ok(err)
		if got := w.about(next); got != shipped {
			t.Errorf("the standard: %s", got)
		}
		_, list, err := w.s.TemplateVersions(w.ctx, w.officer(), w.scope(), wording.Recognise)
		w.ok(err)
		if len(list) != 4 || list[0].Version != 4 || list[3].Text.Of(wording.About)[0] != "Một {{nam}}" || list[1].Text != nil {
			t.Errorf("versions: %+v", list)
		}
		w.exact()
	})
}

func TestTemplateRights(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		communes := recognition.BodyID(recognition.BodyAssociationCommune, w.province)
		for _, c := range []struct {
			by    identity.Actor
			scope string
			want  fault.Kind
		}{
			{w.volunteer(w.areas[0]), w.scope(), fault.KindDenied},
			{actor(identity.CommuneOfficer, w.neighbour), w.scope(), fault.KindDenied},
			{actor(identity.Viewer, w.commune), w.scope(), fault.KindDenied},
			{actor(identity.Admin, "vn"), w.scope(), fault.KindDenied},
			{w.officer(), communes, fault.KindDenied},
			{w.officer(), recognition.BodyID(recognition.BodyCommitteeProvince, w.province), fault.KindDenied},
			{w.officer(), "hoi_kh_xa-" + w.areas[0], fault.KindNotFound},
			{w.officer(), "la-" + w.commune, fault.KindNotFound},
			{w.officer(), "", fault.KindNotFound},
		} {
			if _, err := w.save(c.by, c.scope, 0, "Của kẻ lạ"); fault.KindOf(err) != c.want {
				t.Errorf("%s on %s: %v", c.by.ID, c.scope, err)
			}
			if _, err := w.s.RestoreTemplate(w.ctx, c.by, recognition.Edit{ScopeID: c.scope, Kind: wording.Recognise}, 0); fault.KindOf(err) != c.want {
				t.Errorf("%s restores %s: %v", c.by.ID, c.scope, err)
			}
			if _, err := w.s.SaveTemplateFile(w.ctx, c.by, nil, recognition.Edit{ScopeID: c.scope, Kind: wording.Recognise}, "a.docx", []byte("x")); fault.KindOf(err) != c.want {
				t.Errorf("%s sends a file to %s: %v", c.by.ID, c.scope, err)
			}
		}
		if _, err := w.s.SaveTemplate(w.ctx, w.officer(), recognition.Edit{ScopeID: w.scope(), Kind: "x"}, saying("a")); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("no such paper: %v", err)
		}
		if _, _, err := w.s.TemplateVersions(w.ctx, actor(identity.CommuneOfficer, w.neighbour), w.scope(), wording.Recognise); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("the neighbour reads: %v", err)
		}
	})
}

// One of many who save from the same version is first; the others are told.
func TestTemplateRivals(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		var wg sync.WaitGroup
		var mu sync.Mutex
		saved := 0
		for i := range 16 {
			wg.Go(func() {
				_, err := w.save(w.officer(), w.scope(), 0, "Bản "+strings.Repeat("x", i+1))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					saved++
				case fault.KindOf(err) != fault.KindStale:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if saved != 1 {
			t.Errorf("%d were first", saved)
		}
		w.exact()
	})
}

// An issued paper says for ever what it was issued with; its hash holds the text; the newest text is the next draft's.
func TestIssuedKeepsItsText(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		said := func(d recognition.Decision) recognition.Wordings {
			t.Helper()
			x, err := w.s.Wordings(w.ctx, w.officer(), &d)
			w.ok(err)
			return x
		}
		draft := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		if x := said(draft); x.Paper.From != "" || x.Paper.Version != 0 {
			t.Errorf("a draft without templates: %+v", x.Paper)
		}
		_, err := w.save(w.officer(), draft.BodyID, 0, "Một")
		w.ok(err)
		if got := said(draft).Paper.Text.Of(wording.About)[0]; got != "Một" {
			t.Errorf("the draft says %q", got)
		}
		d := w.issue(draft)
		notice, err := w.s.IssuePaper(w.ctx, w.officer(), notice(d), number)
		w.ok(err)
		_, err = w.save(w.officer(), draft.BodyID, 1, "Hai")
		w.ok(err)
		d, err = w.s.Decision(w.ctx, w.officer(), d.ID)
		w.ok(err)
		x := said(d)
		if x.Paper.Text.Of(wording.About)[0] != "Một" || x.Paper.Version != 1 || x.Paper.From != d.BodyID || x.Certificate == nil || len(x.Certificate.Text.Paragraphs) == 0 {
			t.Errorf("issued with %+v", x)
		}
		if p, ok, err := w.s.PaperWording(w.ctx, w.officer(), &notice); err != nil || !ok || p.Kind != wording.Notice || p.Version != 0 {
			t.Errorf("the notice: %+v, %v, %v", p, ok, err)
		}
		w.exact()
		items, err := w.s.Items(w.ctx, w.officer(), d.ID)
		w.ok(err)
		titles := w.titles(d)
		other := d
		other.Wording = strings.Repeat("0", 64)
		if sha, err := other.Freeze(items, titles); err != nil || sha == d.SHA {
			t.Error("the hash does not hold the text")
		}
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(w.ctx, `UPDATE frozen_wording SET content = '{}' WHERE sha = $1`, d.Wording)
			return err
		}))
		_, faults, err := w.s.Verify(w.ctx)
		w.ok(err)
		if len(faults) != 1 || faults[0].ID != d.ID {
			t.Errorf("a changed text: %+v", faults)
		}
	})
}

// A template that says too little cannot be issued from, however it came into the database, and burns no number.
func TestBrokenTemplateIssuesNothing(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		draft := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(w.ctx, `INSERT INTO paper_template (body_id, kind, version, place_id, content, by_id, by_name, at) VALUES ($1, 'decision_recognise', 1, $2, $3, 'x', 'x', 0)`, draft.BodyID, w.commune,
				`{"paragraphs":[{"role":"about","text":"Không nói gì"}]}`)
			return err
		}))
		_, err := w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: draft.ID, Version: draft.Version, Date: store.Date(w.at), Signer: signer})
		if f, ok := fault.As(err); !ok || f.Key != "recognition.template_broken" {
			t.Fatalf("%v", err)
		}
		_, err = w.s.RestoreTemplate(w.ctx, w.officer(), recognition.Edit{ScopeID: draft.BodyID, Kind: wording.Recognise, Version: 1}, 0)
		w.ok(err)
		if d := w.issue(draft); d.Number != 1 {
			t.Errorf("a refusal burned a number: %d", d.Number)
		}
		wrong := errors.New("no fonts")
		if _, err := w.s.IssuePaper(w.ctx, w.officer(), notice(w.latest()), func(*recognition.Paper, recognition.Wording) (string, error) { return "", wrong }); !errors.Is(err, wrong) {
			t.Error(err)
		}
		w.exact()
	})
}

func (w *world) latest() recognition.Decision {
	w.t.Helper()
	d, found, err := w.s.Latest(w.ctx, w.officer(), w.scope(), recognition.KindRecognise)
	w.ok(err)
	if !found {
		w.t.Fatal("no decision")
	}
	return d
}
