// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

var families = [][]string{{"Hà Văn Chiến", "Bùi Văn Thành", "Đinh Thị Thuỷ"}, {"Nguyễn Quốc Vượng", "Bùi Thị Minh Hường"}}

// A commune's year from the proposal to the certificate, and every later change of it.
func TestYearOfDecisions(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		p, err := w.s.Propose(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family, recognition.KindRecognise)
		w.ok(err)
		if p.Total != 5 || len(p.Areas) != 2 || p.Areas[0].Name != "Khu 2" || p.Blocked() || p.Body.Kind != recognition.BodyAssociationCommune {
			t.Fatalf("proposal: %d in %d areas, %+v", p.Total, len(p.Areas), p.Checks)
		}
		if p.Body.Name != "Hội Khuyến học xã Hy Cương" || p.Body.Symbol != "QĐ-HKH" {
			t.Fatalf("body: %+v", p.Body)
		}
		all := w.all()
		d := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[4], all[0], all[1], all[2]), Grounds: []string{" Căn cứ  Kế hoạch 1767/KH-UBND ", ""}})
		if d.Number != 0 || d.Text() != "" || d.Items != 4 || d.Version != 1 {
			t.Fatalf("draft: %+v", d)
		}
		items, err := w.s.Items(w.ctx, w.officer(), d.ID)
		w.ok(err)
		var names []string
		for _, it := range items {
			names = append(names, it.Name+" "+it.AreaName)
		}
		for i, want := range []string{"Hà Văn Chiến Khu 2", "Bùi Văn Thành Khu 2", "Đinh Thị Thuỷ Khu 2", "Bùi Thị Minh Hường Khu 10"} {
			if names[i] != want || items[i].No != i+1 {
				t.Fatalf("the list is not by area and given name: %v", names)
			}
		}
		if got, want := w.counts(), (rollup.Counts{Total: 5, Registered: 5, Approved: 5, Passing: 5}); got != want {
			t.Fatalf("a draft decides nothing: %+v", got)
		}
		d = w.issue(d)
		if d.Text() != "01/QĐ-HKH" || d.Year != 2026 || d.SHA == "" || d.Verified != criteria.Reconstructed || len(d.Grounds) != 1 {
			t.Fatalf("issued: %+v", d)
		}
		if again, err := w.s.Decision(w.ctx, w.officer(), d.ID); err != nil || again.SHA != d.SHA || again.Signer != signer || again.Version != d.Version {
			t.Fatalf("read back: %+v %v", again, err)
		}
		if got, want := w.counts(), (rollup.Counts{Total: 5, Registered: 5, Approved: 1, Recognised: 4, Passing: 5}); got != want {
			t.Fatalf("after the decision: %+v", got)
		}
		w.exact()
		titles := w.titles(d)
		thanh := titles[1]
		pub := w.public(thanh.Code)
		if pub.Status != recognition.StatusValid || pub.Name != "Bùi V. Thành" || pub.Commune != "Xã Hy Cương" || pub.Decision.Number != "01/QĐ-HKH" ||
			pub.Decision.Date != "2026-12-01" || pub.Decision.Body != p.Body.Name || pub.Verified != criteria.Reconstructed || pub.Year != 2026 {
			t.Fatalf("public: %+v", pub)
		}

		// A name was misspelt: a later decision corrects it, the old certificate is replaced, nobody's figure changes.
		amend := w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: thanh.AssessmentID, Act: recognition.ActCorrect, Name: "Bùi Văn Thạnh"}}})
		if amend.Text() != "02/QĐ-HKH" || amend.BodyID != d.BodyID {
			t.Fatalf("amendment: %+v", amend)
		}
		corrected := w.titles(amend)[0]
		if old := w.public(thanh.Code); old.Status != recognition.StatusReplaced || old.Ended == nil || old.Ended.Number != "02/QĐ-HKH" {
			t.Fatalf("the old certificate: %+v", old)
		}
		if fresh := w.public(corrected.Code); fresh.Status != recognition.StatusValid || fresh.Name != "Bùi V. Thạnh" || corrected.OriginID != d.ID {
			t.Fatalf("the new certificate: %+v", fresh)
		}
		if got := w.counts().Recognised; got != 4 {
			t.Fatalf("recognised after a correction: %d", got)
		}
		w.exact()

		// One is exemplary by the People's Committee's own register; then its title of the year is withdrawn, and both go.
		chien := titles[0]
		ex := w.decide(recognition.Draft{Kind: recognition.KindExemplary, Items: []recognition.Choice{{AssessmentID: chien.AssessmentID}}})
		if ex.Text() != "01/QĐ-UBND" || w.counts().Exemplary != 1 {
			t.Fatalf("exemplary: %+v %+v", ex, w.counts())
		}
		w.exact()
		exTitle := w.titles(ex)[0]
		w.at = day(2026, 12, 15)
		revoke := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: chien.AssessmentID}}})
		if got, want := w.counts(), (rollup.Counts{Total: 5, Registered: 5, Approved: 1, Recognised: 3, Passing: 5, Revoked: 1}); got != want {
			t.Fatalf("after the revocation: %+v", got)
		}
		for _, code := range []recognition.Code{chien.Code, exTitle.Code} {
			if p := w.public(code); p.Status != recognition.StatusRevoked || p.Ended.Number != revoke.Text() {
				t.Fatalf("revoked: %+v", p)
			}
		}
		w.exact()
		_, err = w.s.SaveDraft(w.ctx, w.officer(), w.named(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: chien.AssessmentID}}}))
		w.refused(err, "recognition.not_held")

		// The revocation was wrong: a decision that names it gives both titles back, with new certificates.
		back := w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: revoke.ID, Items: []recognition.Choice{{AssessmentID: chien.AssessmentID, Act: recognition.ActRestore}}})
		restored := w.titles(back)
		if len(restored) != 2 || w.counts().Recognised != 4 || w.counts().Exemplary != 1 {
			t.Fatalf("restored: %+v %+v", restored, w.counts())
		}
		if p := w.public(restored[0].Code); p.Status != recognition.StatusValid {
			t.Fatalf("the new certificate: %+v", p)
		}
		if p := w.public(chien.Code); p.Status != recognition.StatusReplaced {
			t.Fatalf("the first certificate: %+v", p)
		}
		w.exact()

		// The decision that gave back is itself amended: the name on both certificates.
		w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: back.ID, Items: []recognition.Choice{{AssessmentID: chien.AssessmentID, Act: recognition.ActCorrect, Name: "Hà Văn Chiên"}}})
		for _, x := range restored {
			if p := w.public(x.Code); p.Status != recognition.StatusReplaced {
				t.Fatalf("one of two names was not corrected: %+v", p)
			}
		}
		w.exact()

		// The whole first decision is withdrawn, with what was corrected and given back; the ones approved later can still be recognised.
		whole := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Whole: true})
		if whole.Items != 4 || w.counts().Recognised != 0 || w.counts().Exemplary != 0 {
			t.Fatalf("the whole decision: %d items, %+v", whole.Items, w.counts())
		}
		w.exact()
		last := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		if last.Items != 1 || last.Text() != "07/QĐ-HKH" {
			t.Fatalf("the rest: %+v", last)
		}
		w.exact()
		reg, err := w.s.Register(w.ctx, w.officer(), d.BodyID, recognition.PaperDecision, 2026)
		w.ok(err)
		if len(reg.Decisions) != 7 || reg.Last != 7 || reg.Decisions[5].ID != whole.ID {
			t.Fatalf("register: %d of %d", len(reg.Decisions), reg.Last)
		}
		following, err := w.s.Following(w.ctx, w.officer(), d.ID)
		w.ok(err)
		if len(following) != 3 {
			t.Fatalf("%d decisions follow the first, want the correction and two revocations", len(following))
		}
		if err := w.files.CloseModel(w.ctx, w.officer(), w.commune, w.round.ID, registry.Citizen); err != nil {
			t.Fatal(err)
		}
		w.ok(w.files.CloseModel(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family))
		held, err := w.s.Titles(w.ctx, w.officer(), chien.PlaceID, chien.SubjectID)
		w.ok(err)
		if len(held) != 6 {
			t.Fatalf("%d titles on record, want all six that ever were", len(held))
		}
		// A year later the certificate was right, and its year is over.
		w.at = day(2027, 1, 2)
		if p := w.public(w.titles(last)[0].Code); p.Status != recognition.StatusExpired {
			t.Fatalf("in the next year: %+v", p)
		}
	})
}

// Withdrawing a decision that gave back two titles of one family lists the family once.
func TestWithdrawingWhatWasGivenBack(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(w.all()[0])})
	w.decide(recognition.Draft{Kind: recognition.KindExemplary, Items: chosen(w.all()[0])})
	revoke := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Whole: true})
	back := w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: revoke.ID, Items: []recognition.Choice{{AssessmentID: w.all()[0].ID, Act: recognition.ActRestore}}})
	again := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: back.ID, Whole: true})
	if again.Items != 1 || w.counts().Recognised != 0 || w.counts().Exemplary != 0 {
		t.Fatalf("%d items, %+v", again.Items, w.counts())
	}
	w.exact()
}

// A file of an open round goes along when its family moves; the title stays where it was granted, and both are still found.
func TestFileOfAMover(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		title := w.titles(d)[0]
		sub, err := w.registry.Get(w.ctx, w.officer(), title.PlaceID, title.SubjectID)
		w.ok(err)
		_, err = w.registry.Move(w.ctx, w.officer(), title.PlaceID, title.SubjectID, sub.Version, w.areas[1], "2026-12-01")
		w.ok(err)
		w.exact()
		held, err := w.s.Titles(w.ctx, w.officer(), w.areas[1], title.SubjectID)
		w.ok(err)
		if len(held) != 1 {
			t.Fatalf("titles of the mover: %+v", held)
		}
		revoke := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: title.AssessmentID}}})
		w.exact()
		if got := w.counts(); got.Recognised != 4 || got.Total != 5 {
			t.Fatalf("after the revocation: %+v", got)
		}
		w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: revoke.ID, Items: []recognition.Choice{{AssessmentID: title.AssessmentID, Act: recognition.ActRestore}}})
		w.exact()
		if got := w.counts(); got.Recognised != 5 {
			t.Fatalf("after the restoration: %+v", got)
		}
	})
}

// Every date that a signature cannot have is refused with the date that applies.
func TestDatesOfSignature(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	all := w.all()
	first := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0])})
	sign := func(d recognition.Decision, date string) error {
		_, err := w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: d.ID, Version: d.Version, Date: date, Signer: signer})
		return err
	}
	w.refused(sign(first, "2026-12-02"), "recognition.date_future")
	w.refused(sign(first, "2026-11-24"), "recognition.date_early")
	w.refused(sign(first, "01/12/2026"), "recognition.date")
	w.ok(sign(first, "2026-11-30"))
	second := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[1])})
	w.refused(sign(second, "2026-11-29"), "recognition.date_before_last")
	w.ok(sign(second, "2026-11-30")) // the same day is no step back
	w.at = day(2026, 12, 28)
	late := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[2])})
	w.refused(sign(late, "2026-12-28"), "recognition.date_late")
	p, err := w.s.Propose(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family, recognition.KindRecognise)
	w.ok(err)
	if !p.Blocked() {
		t.Error("a closed window blocks the proposal")
	}
	_, err = w.files.Extend(w.ctx, w.above(), assessment.Extension{RoundID: w.round.ID, PlaceID: w.commune, Stage: assessment.StageDecision, Until: "2026-12-28", Reason: "Mưa lũ"})
	w.ok(err)
	w.ok(sign(late, "2026-12-28"))
	amend := w.draft(recognition.Draft{Kind: recognition.KindAmend, AmendsID: late.ID, Items: []recognition.Choice{{AssessmentID: all[2].ID, Act: recognition.ActCorrect, Name: "Đinh Thị Thủy"}}})
	w.refused(sign(amend, "2026-12-27"), "recognition.date_before_named")
	w.exact()
}

// The list is posted before the decision where the round says so: until that is over nothing is signed.
func TestPosting(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	for i := range w.round.Plan.Windows {
		if win := &w.round.Plan.Windows[i]; win.Stage == assessment.StagePublication {
			win.From, win.To = "2026-11-20", "2026-12-01"
		}
	}
	var err error
	w.round, err = w.files.SaveRound(w.ctx, identity.System, w.round)
	w.ok(err)
	p, err := w.s.Propose(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family, recognition.KindRecognise)
	w.ok(err)
	if !p.Blocked() {
		t.Errorf("posting is not over: %+v", p.Checks)
	}
	d := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
	_, err = w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: d.ID, Version: d.Version, Date: "2026-12-01", Signer: signer})
	w.refused(err, "recognition.date_posting")
	w.at = day(2026, 12, 2)
	w.issue(d)
}

// What an officer has to look at before the signature.
func TestChecks(t *testing.T) {
	w := build(t, placetest.SQLite(t), []string{"Bùi Thị Hường", "Bùi Thị Hương", "Hà Văn Chiến"}, []string{"Hà Văn Chiến"})
	all := w.all()
	ap, err := w.files.Object(w.ctx, w.volunteer(w.areas[0]), all[2].PlaceID, all[2].ID, "Bà con khu 2", "Chưa đủ điểm")
	w.ok(err)
	_, err = w.files.Reopen(w.ctx, w.officer(), assessment.Key{PlaceID: all[3].PlaceID, ID: all[3].ID}, "Xem lại")
	w.ok(err)
	level := func() map[string]recognition.Level {
		p, err := w.s.Propose(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family, recognition.KindRecognise)
		w.ok(err)
		got := map[string]recognition.Level{}
		for _, c := range p.Checks {
			got[c.Key] = c.Level
			told(t, c)
			if c.Key == "double" && (len(c.Files) != 2 || c.Args["names"] != "Bùi Thị Hường, Bùi Thị Hương") {
				t.Errorf("double names: %+v", c)
			}
		}
		return got
	}
	want := map[string]recognition.Level{"files_recognise": "ok", "open": "warning", "order": "ok", "evidence": "ok", "appeals": "blocked", "double": "warning",
		"window": "ok", "set": "warning", "signer": "warning"}
	got := level()
	for key, l := range want {
		if got[key] != l {
			t.Errorf("%s: %q, want %q", key, got[key], l)
		}
	}
	w.ok(w.files.AnswerAppeal(w.ctx, w.deputy(), all[2].PlaceID, all[2].ID, ap.ID, false, "Đã xem lại, đủ điểm"))
	b, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
	w.ok(err)
	for _, b := range b {
		b.Signer = signer
		_, err := w.s.SaveBody(w.ctx, w.officer(), b)
		w.ok(err)
		_, err = w.s.SaveBody(w.ctx, w.officer(), b)
		if fault.KindOf(err) != fault.KindStale {
			t.Errorf("an old version of a body: %v", err)
		}
	}
	if got = level(); got["appeals"] != "ok" || got["signer"] != "ok" {
		t.Errorf("after the answer and the name: %v", got)
	}
}

// told demands the sentences of a check in both languages.
func told(t *testing.T, c recognition.Check) {
	t.Helper()
	for _, language := range []string{"vi", "en"} {
		catalogue, err := os.ReadFile(filepath.Join("..", "web", "lang", language, "recognition.toml"))
		if err != nil {
			t.Fatal(err)
		}
		keys := []string{string(c.Level)}
		if c.Level != recognition.LevelOK {
			keys = append(keys, "fix")
		}
		for _, k := range keys {
			if key := `"recognition.check.` + c.Key + "." + k + `"`; !strings.Contains(string(catalogue), key) {
				t.Errorf("no sentence for %s in %s", key, language)
			}
		}
	}
}
