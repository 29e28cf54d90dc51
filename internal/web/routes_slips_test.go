// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/selfsheet"
	"hoctap/internal/store"
)

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		s := h.slip(0)
		at := "/tu-cham/" + h.elsewhere
		free := func(path string) door { return door{path: path, public: true} }
		in := func(path string, form ...string) door {
			return door{path: path, act: identity.Score, at: h.elsewhere, form: form}
		}
		return map[string]door{
			"GET /phieu":                    free("/phieu"),
			"POST /phieu":                   free("/phieu"),
			"GET /phieu/{key}":              free("/phieu/" + s.secret),
			"POST /phieu/{key}":             free("/phieu/x"),
			"POST /phieu/{key}/so-nha":      free("/phieu/x/so-nha"),
			"POST /phieu/{key}/anh":         {public: true, send: func() *http.Request { return fileRequest("/phieu/x/anh", "a.jpg", "x") }},
			"POST /phieu/{key}/anh/{id}/bo": free("/phieu/x/anh/y/bo"),
			"GET /tu-cham/{place}":          in(at),
			"POST /tu-cham/{place}":         in(at, "viec", "doi", "ho", s.file.ID),
			"GET /tu-cham/{place}/in":       in(at + "/in"),
			"GET /tu-cham/{place}/{id}":     in(at + "/" + s.file.ID),
		}
	})
}

// paperSlip is a slip of the n-th family of the area that can fill in a sheet.
type paperSlip struct {
	file         assessment.Assessment
	secret, code string
	path         string
}

// slip makes the slips of an area with open files and returns that of the n-th family whose file is open.
func (h *house) slip(n int) (s paperSlip) {
	h.t.Helper()
	return h.slipOf(registry.Family, n)
}

func (h *house) slipOf(model string, n int) (s paperSlip) {
	h.t.Helper()
	r, err := h.s.Assessment.Round(h.ctx, h.round)
	h.ok(err)
	_, err = h.s.SelfSheets.Make(h.ctx, h.actors[officer], h.elsewhere, &r, model, nil)
	h.ok(err)
	for _, l := range h.slips(model) {
		if l.Slip == nil || l.Closed || l.File.Stage != "" && l.File.Stage != assessment.StageSelf || l.File.State == assessment.Returned {
			continue
		}
		if n--; n < 0 {
			s = paperSlip{file: l.File, secret: h.s.SelfSheets.Secret(l.Slip), code: h.s.SelfSheets.Code(l.Slip)}
			s.path = "/phieu/" + s.secret
			return s
		}
	}
	h.t.Fatalf("too few open files of %s", model)
	return s
}

func (h *house) slips(model string) []selfsheet.Line {
	h.t.Helper()
	lines, err := h.s.SelfSheets.List(h.ctx, h.actors[officer], h.elsewhere, h.round, model)
	h.ok(err)
	return lines
}

// line is the n-th family's file as it is now.
func (h *house) lineOf(id string) selfsheet.Line {
	h.t.Helper()
	for _, model := range []string{registry.Family, registry.Citizen} {
		for _, l := range h.slips(model) {
			if l.File.ID == id {
				return l
			}
		}
	}
	h.t.Fatalf("no file %s", id)
	return selfsheet.Line{}
}

var (
	radio  = regexp.MustCompile(`<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]+)"`)
	typing = regexp.MustCompile(`<input type="text" class="input" id="[^"]+" name="([fs]\.[^"]+)"`)
	seenIn = regexp.MustCompile(`name="thay" value="(\d+)"`)
)

// filledIn answers every question of a form page: the last choice of each that gives most, or 1.
func filledIn(t *testing.T, page string) (pairs []string) {
	t.Helper()
	seen := seenIn.FindStringSubmatch(page)
	if seen == nil {
		t.Fatalf("no form: %s", words(page))
	}
	chosen := map[string]string{}
	var order []string
	for _, m := range radio.FindAllStringSubmatch(page, -1) {
		if m[2] == "-" || strings.HasPrefix(m[1], "g.") && chosen[m[1]] != "" {
			continue
		}
		if chosen[m[1]] == "" {
			order = append(order, m[1])
		}
		chosen[m[1]] = m[2]
	}
	for _, name := range order {
		pairs = append(pairs, name, chosen[name])
	}
	for _, m := range typing.FindAllStringSubmatch(page, -1) {
		pairs = append(pairs, m[1], "1")
	}
	if len(pairs) < 6 {
		t.Fatalf("only %v is asked", pairs)
	}
	return append(pairs, "thay", seen[1])
}

// A household opens its slip, answers, sends, mends; the head sees it, takes it, and the household only reads from then on. The commune can settle the
// file: who took it has scored it, the household has not.
func TestFamilySheetEndToEnd(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := h.slip(0)
		b := h.phone()
		if a := b.post("/phieu", "ma", strings.ToLower(strings.ReplaceAll(s.code, "-", " "))); a.code != http.StatusSeeOther || a.to != s.path {
			t.Fatalf("the code leads to %d %q", a.code, a.to)
		}
		page := b.get(s.path)
		if page.code != http.StatusOK || strings.Contains(page.body, s.file.Name) || !strings.Contains(page.head.Get("X-Robots-Tag"), "noindex") || !strings.Contains(page.head.Get("Cache-Control"), "no-store") {
			t.Fatalf("%d %v", page.code, page.head)
		}
		if len(page.raw) > 60<<10 {
			t.Errorf("the form has %d bytes", len(page.raw))
		}
		pairs := filledIn(t, page.raw)
		if a := b.post(s.path, pairs...); a.code != http.StatusSeeOther || a.to != s.path {
			t.Fatalf("sent: %d %q %s", a.code, a.to, words(a.body))
		}
		h.verify()
		done := b.get(s.path)
		if !strings.Contains(done.body, "tự chấm") || !strings.Contains(done.body, "receipt__code") {
			t.Fatalf("after sending: %s", words(done.body))
		}
		l := h.lineOf(s.file.ID)
		if !l.Waits || l.File.State != assessment.Registered || l.File.HolderID != s.file.HolderID || l.File.ScoredBy != s.file.ScoredBy {
			t.Fatalf("the file after sending: %+v", l.File)
		}
		if a := h.get(other, "/nhap/"+h.elsewhere); !strings.Contains(a.body, "Gia đình đã tự chấm, chờ xem") {
			t.Error("the area's screen does not say that a sheet waits")
		}
		if a := h.get(other, "/tu-cham/"+h.elsewhere); !strings.Contains(a.body, "Nhận như tự chấm") {
			t.Errorf("the list of slips: %s", words(a.body))
		}
		if a := h.get(other, "/ho-so/"+h.elsewhere+"/"+s.file.ID); !strings.Contains(a.body, "gia đình, qua phiếu QR") {
			t.Error("the history of the file does not name the family")
		}
		// The head's own answer for everybody passes over what waits, and what he saves is the area's.
		sent := l.Own
		if _, err := h.s.Assessment.Save(h.ctx, h.actors[other], assessment.Draft{PlaceID: h.elsewhere, ID: s.file.ID, Version: l.File.Version, Stage: assessment.StageSelf, Entry: assessment.Entry{}}); err == nil {
			t.Error("the area wrote over the family's own sheet")
		}
		if a := h.post(other, "/tu-cham/"+h.elsewhere, "viec", "nhan", "ho", s.file.ID, "version", fmt.Sprint(l.File.Version)); a.code != http.StatusSeeOther {
			t.Fatalf("taken: %d %s", a.code, words(a.body))
		}
		h.verify()
		l = h.lineOf(s.file.ID)
		if l.Waits || l.File.Stage != assessment.StageArea || l.File.HolderID != h.actors[other].ID || l.Own == nil || l.Own.At != sent.At || l.File.AreaTotal == nil != (l.File.SelfTotal == nil) {
			t.Fatalf("the file after it was taken: %+v", l.File)
		}
		if a := h.post(other, "/tu-cham/"+h.elsewhere, "viec", "nhan", "ho", s.file.ID, "version", fmt.Sprint(l.File.Version)); a.code != http.StatusConflict {
			t.Errorf("taken twice: %d", a.code)
		}
		// The head changes it afterwards: still beside, never over, what the family said.
		if _, err := h.s.Assessment.SaveRow(h.ctx, h.actors[other], assessment.Draft{PlaceID: h.elsewhere, ID: s.file.ID, Version: l.File.Version, Entry: assessment.Entry{}}); err != nil {
			t.Fatal(err)
		}
		if l = h.lineOf(s.file.ID); l.Own == nil || l.Own.At != sent.At || l.File.Stage != assessment.StageArea {
			t.Errorf("what the family said is gone: %+v", l)
		}
		late := b.get(s.path)
		if late.code != http.StatusOK || !strings.Contains(late.body, "Khu đã chấm") || strings.Contains(late.body, "?sua=1") {
			t.Errorf("after the area scored: %s", words(late.body))
		}
		if a := b.post(s.path, pairs...); a.code != http.StatusConflict {
			t.Errorf("sent after the area scored: %d", a.code)
		}
		if a := h.phone().get(s.path); strings.Contains(a.body, "receipt__code") || strings.Contains(a.body, "fam__lines") {
			t.Error("a finder of the slip reads what was answered")
		}
		h.verify()
	})
}

// An answer for everybody at once passes over what a family sent; the head's change on the file's own page becomes the area's sheet; and who takes points
// from a family has scored the file, so that another must approve it.
func TestHeadChangesWhatAFamilySent(t *testing.T) {
	h := open(t)
	s := h.slip(0)
	b := h.phone()
	b.post(s.path, filledIn(t, b.get(s.path).raw)...)
	_, err := h.s.Assessment.AnswerGate(h.ctx, h.actors[other], h.elsewhere, h.round, registry.Family, "G3", true)
	h.ok(err)
	l := h.lineOf(s.file.ID)
	if !l.Waits {
		t.Fatal("an answer for everybody took the family's sheet without a look")
	}
	batch, err := h.s.Assessment.Send(h.ctx, h.actors[other], h.elsewhere, h.round, registry.Family, []string{s.file.ID})
	if err == nil && batch.Done > 0 {
		t.Error("a sheet that nobody has looked at was sent to the commune")
	}
	if a := h.post(officer, "/ho-so/"+h.elsewhere+"/"+s.file.ID, "version", fmt.Sprint(l.File.Version)); a.code != http.StatusSeeOther {
		t.Fatalf("changed on its page: %d %s", a.code, words(a.body))
	}
	after := h.lineOf(s.file.ID)
	if after.Waits || after.File.Stage != assessment.StageArea || after.Own == nil || after.Own.At != l.Own.At {
		t.Fatalf("%+v", after.File)
	}
	if apart := h.actors[officer].Apart(stepOf(t, "approve"), h.path(h.elsewhere), identity.Hands{identity.PartScored: after.File.HolderID + " " + after.File.ScoredBy}, s.file.Name); apart == nil {
		t.Error("who took the points may approve them")
	}
	if apart := h.actors[other].Apart(stepOf(t, "approve"), h.path(h.elsewhere), identity.Hands{identity.PartScored: after.File.HolderID}, s.file.Name); apart != nil {
		t.Errorf("the family's own sheet keeps somebody else away: %v", apart)
	}
	h.verify()
}

func stepOf(t *testing.T, name string) identity.Step {
	t.Helper()
	step, ok := identity.StepOf(name)
	if !ok {
		t.Fatal(name)
	}
	return step
}

// verify asks the counters and the scores whether they are what the files come to.
func (h *house) verify() {
	h.t.Helper()
	_, bad, err := rollup.Verify(h.ctx, h.s.DB)
	h.ok(err)
	if len(bad) > 0 {
		h.t.Fatalf("counters differ: %v", bad)
	}
	_, differences, err := h.s.Assessment.Verify(h.ctx)
	h.ok(err)
	if len(differences) > 0 {
		h.t.Fatalf("scores differ: %v", differences)
	}
}

// Two phones of one household: the later one is told, keeps what it typed, and takes the place of the other by the house number alone.
func TestTwoPhonesOfOneHousehold(t *testing.T) {
	h := open(t)
	s := h.slip(0)
	first, second := h.phone(), h.phone()
	page1, page2 := first.get(s.path), second.get(s.path)
	pairs := filledIn(t, page1.raw)
	if a := first.post(s.path, pairs...); a.code != http.StatusSeeOther {
		t.Fatalf("%d", a.code)
	}
	one := h.lineOf(s.file.ID)
	if a := first.post(s.path, pairs...); a.code != http.StatusSeeOther { // the same again, as when no answer came
		t.Errorf("sent twice: %d %s", a.code, words(a.body))
	}
	if again := h.lineOf(s.file.ID); again.Own.At != one.Own.At || again.File.Version != one.File.Version || again.Slip.Sends != one.Slip.Sends {
		t.Error("the same answers were saved twice")
	}
	mine := slices.Clone(filledIn(t, page2.raw))
	for i := range mine {
		if strings.HasPrefix(mine[i], "g.") {
			mine[i+1] = "0"
		}
	}
	stale := second.post(s.path, mine...)
	if stale.code != http.StatusConflict || !strings.Contains(stale.body, "Một máy khác vừa gửi") || !strings.Contains(stale.body, `name="so-nha"`) || !strings.Contains(stale.body, `value="0" id="f-g-`) {
		t.Fatalf("the second phone: %d %s", stale.code, words(stale.body))
	}
	if strings.Contains(stale.body, "receipt__code") {
		t.Error("the second phone is told the house number")
	}
	if got := h.lineOf(s.file.ID); got.Own.At != one.Own.At {
		t.Fatal("the second phone wrote over the first")
	}
	pin := regexp.MustCompile(`receipt__code">(\d{4})<`).FindStringSubmatch(first.get(s.path).raw)
	if pin == nil {
		t.Fatal("the first phone is not told the house number")
	}
	mine[len(mine)-1] = seenIn.FindStringSubmatch(stale.raw)[1]
	if a := second.post(s.path, append(slices.Clone(mine), "so-nha", wrongPin(pin[1]))...); a.code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong house number: %d", a.code)
	}
	if a := second.post(s.path, append(slices.Clone(mine), "so-nha", pin[1])...); a.code != http.StatusSeeOther {
		t.Fatalf("with the house number: %d %s", a.code, words(a.body))
	}
	if got := h.lineOf(s.file.ID); got.Own.At == one.Own.At && got.File.Version == one.File.Version {
		t.Error("the second phone's answers were not saved")
	}
	if n := h.count(`SELECT count(*) FROM journal WHERE thing_id = $1 AND act = 'score' AND actor_id LIKE 'slip:%'`, s.file.ID); n != 2 {
		t.Errorf("%d versions in the journal", n)
	}
	if n := h.count(`SELECT count(*) FROM journal WHERE thing_id = $1 AND actor_id LIKE 'slip:%' AND (address = '' OR device = '')`, s.file.ID); n != 0 {
		t.Errorf("%d entries without address and device", n)
	}
	third := h.phone()
	if a := third.get(s.path); !strings.Contains(a.body, "Nhà mình đã gửi phiếu này") || strings.Contains(a.body, "fam__lines") {
		t.Errorf("a third phone: %s", words(a.body))
	}
	for range selfsheet.MaxTries {
		third.post(s.path+"/so-nha", "so-nha", wrongPin(pin[1]))
	}
	if a := third.post(s.path+"/so-nha", "so-nha", pin[1]); a.code != http.StatusTooManyRequests {
		t.Errorf("the right number after %d wrong ones: %d", selfsheet.MaxTries, a.code)
	}
	h.verify()
}

func wrongPin(pin string) string {
	if pin == "0000" {
		return "0001"
	}
	return "0000"
}

// Sheets sent at the same moment: one is saved, the others are told.
func TestFamilySheetsAtOnce(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := h.slip(0)
		pairs := filledIn(t, h.phone().get(s.path).raw)
		codes := make([]int, 6)
		var wg sync.WaitGroup
		for i := range codes {
			b, mine := h.phone(), slices.Clone(pairs)
			for j := range mine { // each says something else
				if strings.HasPrefix(mine[j], "f.") && mine[j+1] == "1" && i%2 == 0 {
					mine[j+1] = "0"
				}
			}
			wg.Go(func() { codes[i] = b.post(s.path, mine...).code })
		}
		wg.Wait()
		saved := 0
		for _, code := range codes {
			switch code {
			case http.StatusSeeOther:
				saved++
			case http.StatusConflict:
			default:
				t.Errorf("answers %v", codes)
			}
		}
		if saved != 1 {
			t.Errorf("%d were saved: %v", saved, codes)
		}
		if n := h.count(`SELECT count(*) FROM journal WHERE thing_id = $1 AND act = 'score' AND actor_id LIKE 'slip:%'`, s.file.ID); n != 1 {
			t.Errorf("%d entries in the journal", n)
		}
		h.verify()
	})
}

// What opens nothing has one answer: a wrong code, a renewed, revoked or old slip, one whose household has left or whose data are only kept.
// Guessing codes is slowed down, one slip's writes too.
// A form sets only what its page asks for, and of its own file alone.
// Pictures come after the sheet, are pictures, and have an end.
// Citizens have a sheet of their own, with the ten indices.
func TestCitizenSheet(t *testing.T) {
	h := open(t)
	now := h.at
	h.at = time.Date(2026, 3, 2, 9, 0, 0, 0, store.Zone)
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error { // the demo closed its citizens before its families
		_, err := tx.Exec(h.ctx, `DELETE FROM round_close WHERE model = 'citizen'`)
		return err
	}))
	people, _, err := h.s.Assessment.InLeaf(h.ctx, identity.System, h.area, h.round, registry.Citizen)
	h.ok(err)
	people = slices.DeleteFunc(people, func(a assessment.Assessment) bool { return a.State != assessment.Listed })
	_, err = h.s.Assessment.Register(h.ctx, h.actors[officer], h.area, h.round, []string{people[0].ID}, h.at)
	h.ok(err)
	h.at, h.elsewhere = now, h.area
	s := h.slipOf(registry.Citizen, 0)
	b := h.phone()
	page := b.get(s.path)
	if page.code != http.StatusOK || strings.Contains(page.body, s.file.Name) || !strings.Contains(page.body, "Công dân học tập") {
		t.Fatalf("%d %s", page.code, words(page.body))
	}
	for n := 1; n <= 10; n++ {
		if name := fmt.Sprintf(`name="s.CD%02d"`, n); !strings.Contains(page.raw, name) {
			t.Errorf("the page does not ask %s", name)
		}
	}
	if a := b.post(s.path, filledIn(t, page.raw)...); a.code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.code, words(a.body))
	}
	if a := b.get(s.path); !strings.Contains(a.body, "Đã tự chấm 100 điểm") {
		t.Errorf("%s", words(a.body))
	}
	h.verify()
}

// The form needs no token of a script, but the one that every form gets: another site cannot make a browser send it.
