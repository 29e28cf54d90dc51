// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
	"hoctap/internal/web/site"
)

// citizen is a title in Xã Hy Cương that counts today; the holder agreed to a badge if asked.
func (h *house) citizen(nth int, agreed bool) recognition.Title {
	h.t.Helper()
	list, _, err := h.s.Recognition.Holders(h.ctx, h.actors[officer], recognition.HolderFilter{PlaceID: hyCuong, Model: registry.Citizen, Year: 2026, Limit: 50})
	h.ok(err)
	if len(list) <= nth {
		h.t.Fatalf("%d citizens", len(list))
	}
	t := list[nth]
	if agreed {
		_, err = h.s.Registry.Agree(h.ctx, h.actors[officer], registry.Consent{PlaceID: t.PlaceID, SubjectID: t.SubjectID, Purpose: registry.Badge, Words: "Tôi đồng ý.", Way: registry.OnPaper, GivenOn: "2026-11-18"})
		h.ok(err)
	}
	return t
}

func badgePage(t recognition.Title) string {
	return "/danh-hieu/" + t.PlaceID + "/" + t.ID + "/huy-hieu"
}

// printed is the address on the holder's certificate.
func (h *house) printed(t recognition.Title, more string) string {
	h.t.Helper()
	seal, err := h.s.Recognition.Seal(h.ctx, t.Code)
	h.ok(err)
	return "/xac-minh/" + string(t.Code) + more + "?in=" + seal
}

func inside(t *testing.T, what, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("%s: no %q in %.1500s", what, want, words(body))
		}
	}
}

// An office gives a badge, the holder takes it from the certificate's page, strangers check it with what is published, and it turns bad with the title.
func TestBadge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		asked, holder := h.citizen(0, false), h.citizen(1, true)

		a := h.get(officer, badgePage(asked))
		inside(t, "who did not agree", a.body, "chưa đồng ý nhận huy hiệu số", "/so-bo/"+asked.PlaceID+"/"+asked.SubjectID+"#dong-y")
		if a := h.post(officer, badgePage(asked)); a.code != http.StatusConflict || !strings.Contains(a.body, "chưa đồng ý") {
			t.Errorf("given without consent: %d", a.code)
		}
		inside(t, "the subject's page", h.get(officer, "/so-bo/"+holder.PlaceID+"/"+holder.SubjectID).body, `href="`+badgePage(holder)+`"`)
		if a := h.get(nobody, h.printed(holder, "")); strings.Contains(a.body, "/huy-hieu") {
			t.Error("the certificate's page offers a badge that was not given")
		}
		if a := h.post(officer, badgePage(holder)); a.code != http.StatusSeeOther || a.to != badgePage(holder) {
			t.Fatalf("giving: %d %s", a.code, words(a.body))
		}
		inside(t, "given", h.get(officer, badgePage(holder)).body, "Đã cấp", "Tải huy hiệu (.jwt)")
		inside(t, "the journal", h.get(officer, "/so-bo/"+holder.PlaceID+"/"+holder.SubjectID).body, "cấp huy hiệu số")

		page := h.get(nobody, h.printed(holder, ""))
		inside(t, "the certificate's page", page.body, "đã đồng ý nhận huy hiệu số", "/xac-minh/"+string(holder.Code)+"/huy-hieu?in=")
		mine := h.get(nobody, h.printed(holder, "/huy-hieu"))
		office := h.get(officer, badgePage(holder)+"/tai?dang=jwt")
		if mine.code != http.StatusOK || mine.raw != office.raw || !strings.Contains(mine.head.Get("Cache-Control"), "no-store") || !strings.Contains(mine.head.Get("Content-Disposition"), ".jwt") {
			t.Fatalf("the holder's file: %d %v", mine.code, mine.head)
		}
		seen := h.get(nobody, h.printed(holder, "/huy-hieu")+"&dang=json")
		inside(t, "what it says", seen.raw, `"OpenBadgeCredential"`, `"https://hoctap.example/huy-hieu"`, "Công dân học tập năm", "Dữ liệu bịa", "sha256$")
		if strings.Contains(seen.raw, holder.Name) || strings.Contains(seen.raw, string(holder.Code)) {
			t.Errorf("it tells who: %s", seen.raw)
		}
		for path, kind := range map[string]string{"/huy-hieu": "application/json", "/huy-hieu/khoa": "application/jwk-set+json", "/.well-known/jwks.json": "application/jwk-set+json", "/huy-hieu/trang-thai/1": "application/vc+jwt"} {
			if a := h.get(nobody, path); a.code != http.StatusOK || a.head.Get("Content-Type") != kind || a.head.Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(a.head.Get("Cache-Control"), "public") {
				t.Errorf("%s: %d %v", path, a.code, a.head)
			}
		}

		before := judged(t, h, mine.raw)
		if before.Issuer != "https://hoctap.example/huy-hieu" || before.List != "https://hoctap.example/huy-hieu/trang-thai/1" || before.List != before.ListID || before.Bits < 131072 || before.Revoked || !before.Noticed {
			t.Errorf("%+v", before)
		}
		kid := strings.TrimPrefix(before.Kid, "https://hoctap.example")
		inside(t, "the key at its own address", h.get(nobody, kid).raw, `"kty": "OKP"`, `"crv": "Ed25519"`, before.Kid)
		h.revoke(holder)
		// A revocation that waits for its signature ends nothing yet.
		ended := h.one(`SELECT d.body_id FROM title t JOIN decision d ON d.id = t.ended_by WHERE t.id = $1`, holder.ID)
		since := func(query string) {
			h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error { _, err := tx.Exec(h.ctx, query, ended); return err }))
		}
		since(`INSERT INTO body_signing (body_id, since) VALUES ($1, 1)`)
		if a := h.get(nobody, "/xac-minh/"+string(holder.Code)); !strings.Contains(a.body, "<h1>Quyết định thu hồi ") || !strings.Contains(a.body, "đang chờ ký số") || strings.Contains(a.body, "Giấy này đã bị thu hồi") {
			t.Errorf("a revocation that waits: %.600s", words(a.body))
		}
		if waiting := judged(t, h, mine.raw); waiting.Revoked {
			t.Errorf("%+v while the revocation waits", waiting)
		}
		since(`DELETE FROM body_signing WHERE body_id = $1`)
		if a := h.get(nobody, "/xac-minh/"+string(holder.Code)); !strings.Contains(a.body, "Giấy này đã bị thu hồi") {
			t.Errorf("a revocation that counts: %.600s", words(a.body))
		}
		if after := judged(t, h, mine.raw); !after.Revoked {
			t.Errorf("%+v after the title was revoked", after)
		}
		if a := h.get(nobody, h.printed(holder, "/huy-hieu")); a.code != http.StatusNotFound {
			t.Errorf("the badge of a revoked title: %d", a.code)
		}
		last := answer{}
		for range site.PerMinute { // the pages of codes before count as well
			last = h.get(nobody, h.printed(holder, "/huy-hieu"))
		}
		if last.code != http.StatusTooManyRequests || last.head.Get("Retry-After") == "" {
			t.Errorf("as many badges as one likes: %d", last.code)
		}
	})
}

func (h *house) revoke(t recognition.Title) {
	h.t.Helper()
	by := h.actors[officer]
	d, err := h.s.Recognition.SaveDraft(h.ctx, by, recognition.Draft{Kind: recognition.KindRevoke, AmendsID: t.DecisionID, Reason: "Kiểm tra lại", Grounds: []string{"Căn cứ Điều lệ Hội Khuyến học Việt Nam"}, Items: []recognition.Choice{{AssessmentID: t.AssessmentID}}})
	h.ok(err)
	_, err = h.s.Recognition.Issue(h.ctx, by, recognition.Signing{ID: d.ID, Version: d.Version, Date: "2026-11-18", Signer: "Người Ký Thử"})
	h.ok(err)
}

type verdict struct {
	Issuer, Kid, List, ListID string
	Bits                      int
	Revoked, Noticed          bool
}

// judged lets the library jose read a badge with what this system publishes.
func judged(t *testing.T, h *house, jwt string) (v verdict) {
	t.Helper()
	ui, err := filepath.Abs(filepath.Join("..", "..", "ui"))
	h.ok(err)
	_, errNode := exec.LookPath("node")
	_, errJose := os.Stat(filepath.Join(ui, "node_modules", "jose"))
	if errNode != nil || errJose != nil {
		if os.Getenv("HOCTAP_TEST_BROWSER") != "" {
			t.Fatal(errNode, errJose)
		}
		t.Skip("no node or no jose: make test installs them")
	}
	dir := t.TempDir()
	keep := func(name, body string) string {
		path := filepath.Join(dir, name)
		h.ok(os.WriteFile(path, []byte(body), 0o600))
		return path
	}
	c := exec.CommandContext(t.Context(), "node", "judge-badge.mjs", keep("badge.jwt", jwt), keep("list.jwt", h.get(nobody, "/huy-hieu/trang-thai/1").raw), keep("keys.json", h.get(nobody, "/huy-hieu/khoa").raw))
	c.Dir, c.Env = ui, append(os.Environ(), "DAY=2026-11-18T09:00:00+07:00")
	var wrong strings.Builder // the Node of Debian 12 says here that Ed25519 is new to it
	c.Stderr = &wrong
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, out, &wrong)
	}
	h.ok(json.Unmarshal(out, &v))
	return v
}

// Strangers learn nothing, and nobody gets a badge that names another system.
func TestBadgeAttacks(t *testing.T) {
	h := open(t)
	holder, silent := h.citizen(0, true), h.citizen(1, false)
	for _, path := range []string{"/huy-hieu", "/huy-hieu/khoa", "/huy-hieu/khoa/x", "/huy-hieu/trang-thai/1"} {
		if a := h.get(nobody, path); a.code != http.StatusNotFound {
			t.Errorf("%s before the first badge: %d", path, a.code)
		}
	}
	if a := h.post(officer, badgePage(holder)); a.code != http.StatusSeeOther {
		t.Fatal(a.code)
	}

	same := h.get(nobody, "/xac-minh/000000000000/huy-hieu?in=AAAAAAAA")
	for name, path := range map[string]string{
		"without a seal":        "/xac-minh/" + string(holder.Code) + "/huy-hieu",
		"with a wrong seal":     "/xac-minh/" + string(holder.Code) + "/huy-hieu?in=AAAAAAAA",
		"who did not agree":     h.printed(silent, "/huy-hieu"),
		"with no code":          "/xac-minh/x/huy-hieu?in=AAAAAAAA",
		"as another kind":       h.printed(holder, "/huy-hieu") + "&dang=exe",
		"with another's seal":   "/xac-minh/" + string(holder.Code) + "/huy-hieu?" + strings.SplitN(h.printed(silent, ""), "?", 2)[1],
		"a list that is not":    "/huy-hieu/trang-thai/2",
		"a list that is no one": "/huy-hieu/trang-thai/-1",
		"a list beyond numbers": "/huy-hieu/trang-thai/99999999999999999999",
		"a key that is not":     "/huy-hieu/khoa/../khoa",
	} {
		a := h.get(nobody, path)
		if a.code != http.StatusNotFound && a.code != http.StatusTemporaryRedirect && a.code != http.StatusMovedPermanently || strings.Contains(a.body, silent.Name) {
			t.Errorf("%s: %d %.300s", name, a.code, words(a.body))
		}
		if strings.Contains(path, "/xac-minh/") && !strings.Contains(path, "dang=") && words(a.body) != words(same.body) {
			t.Errorf("%s: another answer than for a code of nobody", name)
		}
	}
	for _, login := range []string{neighbour, appraiser, other, volunteer, viewer} {
		before := h.count(`SELECT count(*) FROM badge`)
		a := h.post(login, badgePage(h.citizen(2, false)))
		if a.code == http.StatusSeeOther || h.count(`SELECT count(*) FROM badge`) != before {
			t.Errorf("%s gives a badge: %d", login, a.code)
		}
	}
	if a := h.get(neighbour, badgePage(holder)+"/tai"); a.code == http.StatusOK || strings.Contains(a.body, holder.Name) {
		t.Errorf("a neighbour takes a badge: %d", a.code)
	}

	// The address of a badge is the system's own, whatever a request calls it.
	r := httptest.NewRequest("GET", h.printed(holder, "/huy-hieu")+"&dang=json", nil)
	r.Host = "evil.example"
	if a := h.do(nobody, r); a.code != http.StatusOK || strings.Contains(a.raw, "evil") {
		t.Errorf("the request named the issuer: %d", a.code)
	}

	// Switched off, nothing new is given or offered; what was given can still be checked.
	h.s.BadgesOn = false
	for _, path := range []string{badgePage(holder), badgePage(holder) + "/tai"} {
		if a := h.get(officer, path); a.code != http.StatusNotFound {
			t.Errorf("%s while switched off: %d", path, a.code)
		}
	}
	if a := h.post(officer, badgePage(h.citizen(3, true))); a.code != http.StatusNotFound {
		t.Errorf("given while switched off: %d", a.code)
	}
	if a := h.get(nobody, h.printed(holder, "")); strings.Contains(a.body, "/huy-hieu") {
		t.Error("offered while switched off")
	}
	if a := h.get(nobody, "/huy-hieu/trang-thai/1"); a.code != http.StatusOK {
		t.Errorf("the list while switched off: %d", a.code)
	}
	if a := h.get(officer, "/so-bo/"+holder.PlaceID+"/"+holder.SubjectID); strings.Contains(a.body, badgePage(holder)) {
		t.Error("a link while switched off")
	}
}
