// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func many(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("Hà Văn Số %d", i+1))
	}
	return names
}

// 32 officers sign at the same moment: numbers 1 … 32, each once.
func TestNumbersUnderConcurrentIssues(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		const n = 32
		w := build(t, db, many(n/2), many(n/2))
		var drafts []recognition.Decision
		for _, a := range w.all() {
			drafts = append(drafts, w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(a)}))
		}
		numbers := make([]int64, n)
		errs := make([]error, 2*n)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i := range 2 * n { // every draft is signed by two people: one of them is too late
			wg.Go(func() {
				<-start
				d, err := w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: drafts[i/2].ID, Version: 1, Date: "2026-12-01", Signer: signer})
				if errs[i] = err; err == nil {
					numbers[i/2] = d.Number
				}
			})
		}
		close(start)
		wg.Wait()
		for i := range n {
			one, two := errs[2*i], errs[2*i+1]
			if one != nil {
				one, two = two, one
			}
			if one != nil || fault.KindOf(two) != fault.KindConflict {
				t.Fatalf("draft %d: %v and %v, want one success and one conflict", i, one, two)
			}
		}
		slices.Sort(numbers)
		for i, got := range numbers {
			if got != int64(i+1) {
				t.Fatalf("numbers %v", numbers)
			}
		}
		w.exact()
	})
}

// A list whose last item cannot be recognised any more: nothing of the issue stays, and the number is the next one's.
func TestFailureBurnsNoNumber(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		all := w.all()
		bad := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		a := all[4]
		_, err := w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: bad.ID, Version: bad.Version, Date: "2026-12-01"})
		w.refused(err, "recognition.signer")
		before := w.counts()
		// The file is reopened between draft and signature.
		reopened := a
		reopened, err = w.files.Reopen(w.ctx, w.officer(), keyOf(a), "Xem lại")
		w.ok(err)
		_, err = w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: bad.ID, Version: bad.Version, Date: "2026-12-01", Signer: signer})
		w.refused(err, "assessment.state")
		_, err = w.files.Approve(w.ctx, w.officer(), keyOf(reopened))
		w.ok(err)
		if got := w.counts(); got != before {
			t.Fatalf("something of it stayed: %+v, before %+v", got, before)
		}
		if len(w.titles(bad)) != 0 {
			t.Fatal("titles of a failed issue")
		}
		w.exact()
		// Someone saved the draft since.
		_, err = w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: bad.ID, Version: bad.Version + 1, Date: "2026-12-01", Signer: signer})
		w.refused(err, "stale.decision")
		good := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0])})
		if good.Number != 1 {
			t.Fatalf("the first number is %d: a failure burned one", good.Number)
		}
		// The old draft still lists the first family, which has its title now.
		_, err = w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: bad.ID, Version: bad.Version, Date: "2026-12-01", Signer: signer})
		w.refused(err, "assessment.state")
		w.ok(w.s.Discard(w.ctx, w.officer(), bad.ID, bad.Version))
		err = w.s.Discard(w.ctx, w.officer(), good.ID, good.Version)
		w.refused(err, "recognition.issued")
		w.exact()
	})
}

// A body that wrote its first decisions of the year by hand goes on from there.
func TestRegisterGoesOn(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	bodies, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
	w.ok(err)
	body := bodies[0] // by kind: hoi_kh_xa before ubnd_xa
	w.refused(w.s.StartRegister(w.ctx, w.officer(), body.ID, recognition.PaperDecision, 2026, 0), "recognition.first")
	w.ok(w.s.StartRegister(w.ctx, w.officer(), body.ID, recognition.PaperDecision, 2026, 100))
	w.ok(w.s.StartRegister(w.ctx, w.officer(), body.ID, recognition.PaperDecision, 2026, 31)) // mended before the first number
	d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
	if d.Text() != "31/QĐ-HKH" {
		t.Fatalf("got %s", d.Text())
	}
	w.refused(w.s.StartRegister(w.ctx, w.officer(), body.ID, recognition.PaperDecision, 2026, 50), "recognition.register_started")
	w.ok(w.s.StartRegister(w.ctx, w.officer(), body.ID, recognition.PaperNotice, 2026, 8)) // each kind has a register of its own
	p, err := w.s.IssuePaper(w.ctx, w.officer(), notice(d), number)
	w.ok(err)
	if p.Text() != "08/TB-HKH" {
		t.Fatalf("got %s", p.Text())
	}
	w.refused(w.s.StartRegister(w.ctx, w.officer(), body.ID, recognition.PaperNotice, 2026, 9), "recognition.register_started")
	if err := w.s.StartRegister(w.ctx, w.officer(), body.ID, "letters", 2026, 9); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a register that there is not: %v", err)
	}
	w.exact()
}

// Whoever may not decide here is refused every act, and has changed nothing.
func TestWhoMayDecide(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	all := w.all()
	issued := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0], all[1])})
	d := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[2])})
	bodies, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
	w.ok(err)
	before := w.counts()
	none := identity.Actor{}
	for name, by := range map[string]identity.Actor{
		"neighbour": actor(identity.CommuneOfficer, w.neighbour), "volunteer": w.volunteer(w.areas[0]), "reviewer": actor(identity.Reviewer, w.commune),
		"viewer": actor(identity.Viewer, w.commune), "admin": actor(identity.Admin, w.province), "nobody": none,
	} {
		for act, try := range map[string]func() error{
			"draft": func() error {
				_, err := w.s.SaveDraft(w.ctx, by, w.named(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[3])}))
				return err
			},
			"redraft": func() error {
				_, err := w.s.SaveDraft(w.ctx, by, w.named(recognition.Draft{ID: d.ID, Version: d.Version, Kind: recognition.KindRecognise, Items: chosen(all[3])}))
				return err
			},
			"issue": func() error {
				_, err := w.s.Issue(w.ctx, by, recognition.Signing{ID: d.ID, Version: d.Version, Date: "2026-12-01", Signer: signer})
				return err
			},
			"revoke": func() error {
				_, err := w.s.SaveDraft(w.ctx, by, w.named(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: issued.ID, Whole: true}))
				return err
			},
			"discard":  func() error { return w.s.Discard(w.ctx, by, d.ID, d.Version) },
			"body":     func() error { _, err := w.s.SaveBody(w.ctx, by, bodies[0]); return err },
			"register": func() error { return w.s.StartRegister(w.ctx, by, bodies[1].ID, recognition.PaperDecision, 2026, 5) },
			"period":   func() error { _, err := w.s.SetPeriodRule(w.ctx, by, rule(w.province, 5, 5)); return err },
		} {
			if err := try(); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s, %s: %v, want denied", name, act, err)
			}
		}
	}
	for _, by := range []identity.Actor{actor(identity.CommuneOfficer, w.neighbour), actor(identity.Admin, w.province), none} {
		for act, try := range map[string]func() error{
			"propose": func() error {
				_, err := w.s.Propose(w.ctx, by, w.commune, w.round.ID, registry.Family, recognition.KindRecognise)
				return err
			},
			"decision": func() error { _, err := w.s.Decision(w.ctx, by, issued.ID); return err },
			"items":    func() error { _, err := w.s.Items(w.ctx, by, issued.ID); return err },
			"list":     func() error { _, err := w.s.Decisions(w.ctx, by, recognition.Filter{PlaceID: w.commune}); return err },
			"titles":   func() error { _, err := w.s.Titles(w.ctx, by, all[0].PlaceID, all[0].SubjectID); return err },
			"titlesOf": func() error { _, err := w.s.TitlesOf(w.ctx, by, issued.ID); return err },
			"granted":  func() error { _, err := w.s.Granted(w.ctx, by, issued.ID); return err },
			"register": func() error {
				_, err := w.s.Register(w.ctx, by, issued.BodyID, recognition.PaperDecision, 2026)
				return err
			},
			"holders": func() error {
				_, _, err := w.s.Holders(w.ctx, by, recognition.HolderFilter{PlaceID: w.commune, Model: registry.Family, Year: 2026})
				return err
			},
			"candidates": func() error { _, _, err := w.s.Candidates(w.ctx, by, w.commune, registry.Family, 2026); return err },
			"bodies":     func() error { _, err := w.s.Bodies(w.ctx, by, w.commune); return err },
		} {
			if err := try(); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("reading %s by %s: %v, want denied", act, by.ID, err)
			}
		}
	}
	// A subject of elsewhere is not read by naming a place of one's own.
	area, err := w.places.CreateArea(w.ctx, identity.System, areaDraft(w.neighbour))
	w.ok(err)
	if _, err := w.s.Titles(w.ctx, actor(identity.CommuneOfficer, w.neighbour), area.ID, all[0].SubjectID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("titles through another place: %v", err)
	}
	// Nor does a commune decide on a file of its neighbour.
	_, err = w.s.SaveDraft(w.ctx, actor(identity.CommuneOfficer, w.neighbour), recognition.Draft{Kind: recognition.KindRecognise, PlaceID: w.neighbour, RoundID: w.round.ID,
		Model: registry.Family, Items: chosen(all[3])})
	w.refused(err, "recognition.not_ready")
	if got := w.counts(); got != before {
		t.Errorf("the counters moved: %+v, before %+v", got, before)
	}
	w.exact()
}

// What goes onto papers is refused where it is too long in letters, or has what no paper shows; what an officer leaves out burns no number.
func TestWordsOfPapers(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	all := w.all()
	for name, c := range map[string]struct {
		change func(*recognition.Draft)
		key    string
	}{
		"a mark that turns the direction": {func(d *recognition.Draft) { d.Grounds = []string{"Căn cứ \u202eLuật"} }, "recognition.control"},
		"a blank without width":           {func(d *recognition.Draft) { d.Signer = "Nguyễn\u200b Văn A" }, "recognition.control"},
		"a ground of 1,001 letters":       {func(d *recognition.Draft) { d.Grounds = []string{strings.Repeat("ễ", 1001)} }, "recognition.long"},
		"21 grounds":                      {func(d *recognition.Draft) { d.Grounds = slices.Repeat([]string{"Căn cứ"}, 21) }, "recognition.grounds_many"},
		"a signer of 121 letters":         {func(d *recognition.Draft) { d.Signer = strings.Repeat("Ừ", 121) }, "recognition.long"},
	} {
		d := w.named(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0])})
		c.change(&d)
		_, err := w.s.SaveDraft(w.ctx, w.officer(), d)
		w.refused(err, c.key)
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	long := w.named(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0]), Signer: strings.Repeat("Ừ", 120), Grounds: []string{}})
	long.Grounds = nil
	d, err := w.s.SaveDraft(w.ctx, w.officer(), long)
	w.ok(err)
	_, err = w.s.Issue(w.ctx, w.officer(), recognition.Signing{ID: d.ID, Version: d.Version, Date: "2026-12-01"})
	w.refused(err, "recognition.grounds")
	for _, s := range []recognition.Signing{{Signer: "A\u200bB"}, {Signer: "A", Post: strings.Repeat("Ừ", 121)}} {
		s.ID, s.Version, s.Date = d.ID, d.Version, "2026-12-01"
		if _, err := w.s.Issue(w.ctx, w.officer(), s); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if good := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[1])}); good.Number != 1 {
		t.Errorf("a refusal burned a number: %d", good.Number)
	}
	issued := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[2])})
	_, err = w.s.SaveDraft(w.ctx, w.officer(), w.named(recognition.Draft{Kind: recognition.KindAmend, AmendsID: issued.ID, Items: []recognition.Choice{{AssessmentID: all[2].ID, Act: recognition.ActCorrect, Name: "Lê\u202e Văn An"}}}))
	w.refused(err, "recognition.name")
	x := notice(issued)
	x.Signer = "A\u202eB"
	_, err = w.s.IssuePaper(w.ctx, w.officer(), x, number)
	w.refused(err, "recognition.control")
	bodies, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
	w.ok(err)
	for _, symbol := range []string{"", "QĐ<script>", "QĐ HKH", "QĐ/HKH", strings.Repeat("Q", 21), "-QĐ"} {
		b := bodies[0]
		b.Symbol = symbol
		_, err := w.s.SaveBody(w.ctx, w.officer(), b)
		w.refused(err, "recognition.body_symbol")
	}
}

// A province oversees its communes and does not sign for them.
func TestNobodySignsForAnotherOffice(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	all := w.all()
	issued := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0])})
	d := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[1])})
	if _, err := w.s.Decision(w.ctx, w.above(), d.ID); err != nil {
		t.Errorf("the province reads: %v", err)
	}
	for act, try := range map[string]func() error{
		"draft": func() error {
			_, err := w.s.SaveDraft(w.ctx, w.above(), w.named(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[2])}))
			return err
		},
		"issue": func() error {
			_, err := w.s.Issue(w.ctx, w.above(), recognition.Signing{ID: d.ID, Version: d.Version, Date: "2026-12-01", Signer: signer})
			return err
		},
		"discard": func() error { return w.s.Discard(w.ctx, w.above(), d.ID, d.Version) },
		"notice":  func() error { _, err := w.s.IssuePaper(w.ctx, w.above(), notice(issued), number); return err },
	} {
		if err := try(); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: %v, want denied", act, err)
		}
	}
	w.exact()
}
