// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/selfsheet"
	"hoctap/internal/store"
	"hoctap/internal/web/ui"
)

func TestSlipsThatOpenNothing(t *testing.T) {
	h := open(t)
	s, gone, kept := h.slip(0), h.slip(1), h.slip(2)
	clean := func(a answer) string { // without what changes with each page
		return regexp.MustCompile(`name="[^"]*" value="[A-Za-z0-9_-]{40,}"`).ReplaceAllString(a.raw, "")
	}
	lost := h.phone().get("/phieu/ABCDEFGHJKMNPQRSTVWXYZ0123")
	if lost.code != http.StatusNotFound {
		t.Fatalf("%d", lost.code)
	}
	same := func(what string, a answer) {
		t.Helper()
		if a.code != http.StatusNotFound || words(clean(a)) != words(clean(lost)) {
			t.Errorf("%s: %d %s", what, a.code, words(a.body))
		}
	}
	same("a wrong code", h.phone().post("/phieu", "ma", "ABCDE-FGHJK"))
	same("no code", h.phone().post("/phieu", "ma", "<script>"))
	h.post(officer, "/tu-cham/"+h.elsewhere, "viec", "doi", "ho", s.file.ID)
	same("a renewed slip", h.phone().get(s.path))
	same("a renewed code", h.phone().post("/phieu", "ma", s.code))
	same("sent with a renewed slip", h.phone().post(s.path, "thay", "0"))
	s = h.slip(0)
	if a := h.phone().get(s.path); a.code != http.StatusOK {
		t.Errorf("the new slip: %d", a.code)
	}
	h.post(officer, "/tu-cham/"+h.elsewhere, "viec", "thu-hoi", "ho", s.file.ID)
	same("a revoked slip", h.phone().get(s.path))
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		if err := h.s.Registry.Restrict(h.ctx, tx, identity.System, h.elsewhere, kept.file.SubjectID, "Theo yêu cầu", true); err != nil {
			return err
		}
		_, err := h.s.Registry.Erase(h.ctx, tx, identity.System, h.elsewhere, gone.file.SubjectID)
		return err
	}))
	same("a household whose data are only kept", h.phone().get(kept.path))
	same("an erased household", h.phone().get(gone.path))
	same("its code leads to it", h.phone().get("/phieu/"+gone.secret))
	h.post(officer, "/tu-cham/"+h.elsewhere, "viec", "doi", "ho", s.file.ID)
	s = h.slip(0)
	h.at = h.at.AddDate(0, 0, 10) // 28 November: the stage is over, the slip still reads
	if a := h.phone().get(s.path); a.code != http.StatusOK || !strings.Contains(a.body, "Đã hết thời gian tự chấm") {
		t.Errorf("after the stage: %d %s", a.code, words(a.body))
	}
	if a := h.phone().post(s.path, "thay", "0"); a.code != http.StatusConflict {
		t.Errorf("sent after the stage: %d", a.code)
	}
	h.at = h.at.AddDate(0, 2, 0)
	same("an old slip", h.phone().get(s.path))
	for _, login := range []string{viewer, reviewer, volunteer, neighbour} {
		if a := h.get(login, "/tu-cham/"+h.elsewhere); a.code == http.StatusOK {
			t.Errorf("%s sees the codes of the area", login)
		}
	}
}

func TestGuessingIsSlow(t *testing.T) {
	h := open(t)
	b := h.phone()
	last := 0
	for range 25 {
		last = b.post("/phieu", "ma", "ABCDE-FGHJK").code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 25th code within a minute: %d", last)
	}
	h.at = h.at.Add(time.Minute)
	if code := b.post("/phieu", "ma", "ABCDE-FGHJK").code; code != http.StatusNotFound {
		t.Errorf("a minute later: %d", code)
	}
	s := h.slip(0)
	for range 25 {
		last = h.phone().post(s.path, "thay", "0", "f.adults", "zzz").code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 25th write of a slip within a minute: %d", last)
	}
}

func TestFamilyFormSetsOnlyItsOwn(t *testing.T) {
	h := open(t)
	s, neighbourHouse := h.slip(0), h.slip(1)
	b := h.phone()
	pairs := filledIn(t, b.get(s.path).raw)
	before := h.lineOf(neighbourHouse.file.ID)
	hostile := append(slices.Clone(pairs), "ho", neighbourHouse.file.ID, "ho-so", neighbourHouse.file.ID, "id", neighbourHouse.file.ID, "g.G1", "1", "s.B2", "p1500", "f.citizen_titles", "9",
		"version", "1", "stage", "appraisal")
	if a := b.post(s.path, hostile...); a.code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.code, words(a.body))
	}
	if after := h.lineOf(neighbourHouse.file.ID); after.File.Version != before.File.Version {
		t.Error("another household's file changed")
	}
	if own := h.lineOf(s.file.ID).Own.Entry; own.Scores["B2"].Points != nil || own.Facts["citizen_titles"] != nil {
		t.Errorf("the form set what is not asked: %+v", own)
	}
	for _, wrong := range [][]string{{"f.children_attending", "999"}, {"s.D3", "p99999"}, {"t.C1", "zzz"}, {"g.G3", "maybe"}, {"s.D3", "100"}} {
		c := h.phone()
		other := h.slip(2)
		page := c.get(other.path)
		if !strings.Contains(page.raw, `name="`+wrong[0]+`"`) {
			continue
		}
		a := c.post(other.path, wrong[0], wrong[1], "thay", "0")
		if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "errsum") {
			t.Errorf("%v: %d", wrong, a.code)
		}
	}
	// By the domain's doors: a slip's actor reads and changes its own file and nothing else.
	by := identity.Own{PlaceID: h.elsewhere, FileID: s.file.ID, LinkID: "x"}.Actor("192.0.2.1:1", "Thử")
	if _, err := h.s.Assessment.Save(h.ctx, by, assessment.Draft{PlaceID: h.elsewhere, ID: neighbourHouse.file.ID}); err == nil {
		t.Error("a slip saved another household's sheet")
	}
	if _, err := h.s.Evidence.Upload(h.ctx, by, h.elsewhere, []evidence.Use{{AssessmentID: neighbourHouse.file.ID, Criterion: "C1"}}, "", "a.jpg", bytes.NewReader(evidence.DrawDemo(1, "study_corner"))); err == nil {
		t.Error("a slip sent a picture for another household")
	}
	if _, err := h.s.Evidence.Upload(h.ctx, by, h.elsewhere, nil, "", "a.jpg", bytes.NewReader(evidence.DrawDemo(1, "study_corner"))); err == nil {
		t.Error("a slip sent a picture for the area")
	}
	if _, err := h.s.Assessment.Board(h.ctx, by, h.elsewhere, h.round, registry.Family); err == nil {
		t.Error("a slip reads the area")
	}
	h.verify()
}

func pictureRequest(path, code, name string, content []byte) *http.Request {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("muc", code)
	part, _ := w.CreateFormFile("anh", name)
	_, _ = part.Write(content)
	_ = w.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestFamilyPictures(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := h.slip(0)
		b := h.phone()
		picture := func(n int) []byte { return evidence.DrawDemo(uint64(n), "study_corner") }
		if a := b.do(pictureRequest(s.path+"/anh", "C1", "goc.jpg", picture(1))); a.code != http.StatusConflict {
			t.Errorf("before the sheet: %d", a.code)
		}
		b.post(s.path, filledIn(t, b.get(s.path).raw)...)
		before := h.lineOf(s.file.ID).File.Evidence
		if a := b.do(pictureRequest(s.path+"/anh", "C1", "goc.jpg", picture(1))); a.code != http.StatusSeeOther {
			t.Fatalf("%d %s", a.code, words(a.body))
		}
		if n := h.lineOf(s.file.ID).File.Evidence; n != before+1 {
			t.Errorf("%d pictures", n)
		}
		page := b.get(s.path)
		id := regexp.MustCompile(`/anh/([^/"]+)/bo`).FindStringSubmatch(page.raw)
		if id == nil || !strings.Contains(page.body, "goc.jpg") {
			t.Fatalf("the page does not show it: %s", words(page.body))
		}
		if a := h.phone().do(pictureRequest(s.path+"/anh", "C1", "la.jpg", picture(2))); a.code != http.StatusConflict {
			t.Errorf("from a finder of the slip: %d", a.code)
		}
		for name, content := range map[string]string{"a.pdf": "%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n", "a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"} {
			if a := b.do(pictureRequest(s.path+"/anh", "C1", name, []byte(content))); a.code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, a.code)
			}
		}
		if a := b.do(pictureRequest(s.path+"/anh", "C1", "a.jpg", append(picture(3), make([]byte, evidence.MaxPicture)...))); a.code != http.StatusRequestEntityTooLarge && a.code != http.StatusTooManyRequests {
			t.Errorf("a picture beyond the limit: %d", a.code)
		}
		if a := b.post(s.path+"/anh/"+id[1]+"/bo", "muc", "C1"); a.code != http.StatusSeeOther {
			t.Errorf("taken back: %d", a.code)
		}
		if n := h.lineOf(s.file.ID).File.Evidence; n != before {
			t.Errorf("%d pictures after one was taken back", n)
		}
		last := 0
		for n := range selfsheet.MaxUploads + 2 {
			h.at = h.at.Add(10 * time.Second)
			last = b.do(pictureRequest(s.path+"/anh", "C1", "a.jpg", picture(10))).code
			_ = n
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("after %d pictures: %d", selfsheet.MaxUploads, last)
		}
		h.ok(h.s.Jobs.Drain(h.ctx))
		h.verify()
	})
}

func TestFamilyFormHasItsToken(t *testing.T) {
	h := open(t)
	s := h.slip(0)
	r := formRequest("POST", s.path, map[string][]string{"thay": {"0"}})
	w := httptest.NewRecorder()
	h.site.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("without a token: %d", w.Code)
	}
	if !strings.Contains(h.phone().get(s.path).raw, `name="`+ui.TokenField+`"`) {
		t.Error("the form carries no token")
	}
}
