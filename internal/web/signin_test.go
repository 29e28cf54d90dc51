// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
)

// led fails unless the answer leads to an address.
func (h *house) led(a answer, to string) {
	h.t.Helper()
	if a.code != http.StatusSeeOther || a.to != to {
		h.t.Fatalf("%d to %q, want to %q: %.400s", a.code, a.to, to, words(a.body))
	}
}

// says fails unless the page has the status and the words.
func (h *house) says(a answer, code int, want ...string) {
	h.t.Helper()
	if a.code != code {
		h.t.Fatalf("%d, want %d: %.400s", a.code, code, words(a.body))
	}
	for _, w := range want {
		if !strings.Contains(a.body, w) {
			h.t.Errorf("the page does not say %q: %.900s", w, words(a.body))
		}
	}
}

// appCode is what an authenticator app shows, worked out on its own.
func appCode(secret string, at time.Time) string {
	key, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	m := hmac.New(sha1.New, key)
	binary.Write(m, binary.BigEndian, uint64(at.Unix()/30))
	sum := m.Sum(nil)
	o := sum[19] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[o:])&0x7fffffff)%1_000_000)
}

var secretOnPage = regexp.MustCompile(`<code class="num secret">([A-Z2-7 ]+)</code>`)

// setUp turns the second step on over the pages and returns the app's secret and the printed codes.
func (b *browser) setUp(password string) (secret string, codes []string) {
	b.h.t.Helper()
	b.h.led(b.post("/bao-mat/ma", "act", "begin"), "/bao-mat")
	found := secretOnPage.FindStringSubmatch(b.get("/bao-mat").body)
	if found == nil {
		b.h.t.Fatal("the page shows no key for the app")
	}
	secret = strings.ReplaceAll(found[1], " ", "")
	a := b.post("/bao-mat/ma", "act", "confirm", "old", password, "code", appCode(secret, b.h.at))
	b.h.says(a, http.StatusOK, "Mã dự phòng")
	for _, m := range regexp.MustCompile(`<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code>`).FindAllStringSubmatch(a.body, -1) {
		codes = append(codes, m[1])
	}
	return secret, codes
}

func (h *house) tick(d time.Duration) { h.at = h.at.Add(d) }

func TestSecondStepOnThePages(t *testing.T) {
	h := open(t)
	b := h.browser("10.0.0.5:1")
	h.led(b.signIn(officer, password), "/viec")
	first := b.jar[site.Cookie]
	secret, codes := b.setUp(password)
	if len(codes) != 10 || b.jar[site.Cookie] == first {
		t.Fatalf("%d codes; the token is %v the same", len(codes), b.jar[site.Cookie] == first)
	}
	if strings.Contains(b.get("/bao-mat").body, codes[0]) || strings.Contains(b.get("/bao-mat").body, secret) {
		t.Error("codes or key are shown a second time")
	}
	h.led(h.get(officer, "/viec"), "/dang-nhap?ve=%2Fviec") // sessions from before have ended

	h.tick(time.Minute)
	b = h.browser("10.0.0.6:1")
	h.led(b.post("/dang-nhap", "login", officer, "password", password, "ve", "/so-bo"), "/dang-nhap/buoc-hai?ve=%2Fso-bo")
	if b.jar[site.Cookie] != "" {
		t.Fatal("a password alone gave a session")
	}
	pending := b.jar[site.PendingCookie]
	for _, r := range h.mux.Routes() { // the token of the second step opens no route, under either cookie
		method, path, _ := strings.Cut(r.Pattern, " ")
		if !r.Signed {
			continue
		}
		for _, as := range []string{site.Cookie, site.PendingCookie} {
			c := h.browser("10.0.0.6:1")
			c.jar[as] = pending
			if a := c.do(httptest.NewRequest(method, path, nil)); a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/dang-nhap") {
				t.Errorf("%s with the second step owed: %d %s", r.Pattern, a.code, a.to)
			}
		}
	}
	h.says(b.get("/dang-nhap/buoc-hai?ve=/so-bo"), http.StatusOK, "Mã xác thực", `value="/so-bo"`)
	h.says(b.post("/dang-nhap/buoc-hai", "code", "000000", "ve", "/so-bo"), http.StatusUnprocessableEntity, "Mã chưa đúng", `value="/so-bo"`)
	thief := h.browser("10.0.0.66:1") // another browser has no part in it
	h.led(thief.post("/dang-nhap/buoc-hai", "code", appCode(secret, h.at)), "/dang-nhap?het=1")
	h.led(b.post("/dang-nhap/buoc-hai", "code", appCode(secret, h.at), "ve", "//evil.example"), "/viec")
	h.says(b.get("/bao-mat"), http.StatusOK, "Đang bật", "Còn 10 mã dự phòng", "Firefox, Linux", "Máy này", "Bằng mật khẩu và mã trên điện thoại")

	replay := h.browser("10.0.0.7:1")
	replay.signIn(officer, password)
	h.says(replay.post("/dang-nhap/buoc-hai", "code", appCode(secret, h.at)), http.StatusUnprocessableEntity, "đã dùng rồi")
	h.led(replay.post("/dang-nhap/buoc-hai", "code", codes[0]), "/viec")
	again := h.browser("10.0.0.8:1")
	again.signIn(officer, password)
	h.says(again.post("/dang-nhap/buoc-hai", "code", codes[0]), http.StatusUnprocessableEntity)
	for range 3 {
		h.says(again.post("/dang-nhap/buoc-hai", "code", "111111"), http.StatusUnprocessableEntity)
	}
	last := again.post("/dang-nhap/buoc-hai", "code", "111111")
	after := again.post("/dang-nhap/buoc-hai", "code", codes[1])
	if last.code == http.StatusSeeOther && last.to == "/viec" || after.to == "/viec" || again.jar[site.Cookie] != "" {
		t.Errorf("after too many guesses a right code opens: %d %s", after.code, after.to)
	}

	// Who manages the account takes the second step away, and its owner is told at the next sign-in.
	to := "/tai-khoan/" + h.actors[officer].ID
	h.says(h.post(neighbour, to+"?noi="+vietTri, "act", "second"), http.StatusNotFound)
	h.led(h.post(province, to+"?noi="+hyCuong, "act", "second"), "/tai-khoan?noi="+url.QueryEscape(hyCuong)+"&xong=1")
	h.led(b.get("/viec"), "/dang-nhap?ve=%2Fviec")
	h.led(b.signIn(officer, password), "/bao-mat")
	h.says(b.get("/bao-mat"), http.StatusOK, "Người can-bo-tinh đã gỡ xác thực hai bước")
	h.led(b.post("/bao-mat/da-biet"), "/viec")
	h.led(h.browser("10.0.0.5:1").signIn(officer, password), "/viec")
}

// A session that somebody planted in the browser does not live on, and the token changes with each sign-in.
func TestFixation(t *testing.T) {
	h := open(t)
	b := h.browser("10.0.0.5:1")
	b.jar[site.Cookie] = "planted-by-somebody-else"
	h.led(b.signIn(officer, password), "/viec")
	if b.jar[site.Cookie] == "planted-by-somebody-else" {
		t.Fatal("the planted token became a session")
	}
	planted := h.tokens[viewer] // the thief's own session, planted in the owner's browser
	b = h.browser("10.0.0.5:1")
	b.jar[site.Cookie] = planted
	h.led(b.do(formRequest("POST", "/dang-nhap", url.Values{"login": {officer}, "password": {password}})), "/viec")
	if b.jar[site.Cookie] == planted {
		t.Error("the token stayed")
	}
	h.led(h.get(viewer, "/viec"), "/dang-nhap?ve=%2Fviec")
}

// real makes an account as offices make them, whose password must be changed.
func (h *house) real(login string, role identity.Role, placeID string) string {
	h.t.Helper()
	id, err := h.s.Identity.Create(h.ctx, identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password, Path: h.path(placeID), Grant: identity.Grant{Role: role, PlaceID: placeID}})
	h.ok(err)
	return id
}

// held walks every route with a browser that has something to do first: nothing else answers, and nothing changes.
func (h *house) held(b *browser, doors map[string]door, to string, free ...string) {
	h.t.Helper()
	before := h.count(`SELECT count(*) FROM journal`)
	for _, r := range h.mux.Routes() {
		d := doors[r.Pattern]
		method, _, _ := strings.Cut(r.Pattern, " ")
		skip := false
		for _, f := range free {
			skip = skip || d.path == f || strings.HasPrefix(d.path, f+"/")
		}
		if skip || !r.Signed {
			continue
		}
		var a answer
		switch {
		case d.send != nil:
			a = b.do(d.send())
		case method == "POST":
			a = b.post(d.path, d.form...)
		default:
			a = b.get(d.path)
		}
		if (a.code != http.StatusSeeOther || a.to != to) && a.code != http.StatusForbidden {
			h.t.Errorf("%s: %d to %q", r.Pattern, a.code, a.to)
		}
	}
	if n := h.count(`SELECT count(*) FROM journal`); n != before {
		h.t.Errorf("%d changes came through", n-before)
	}
	if a := b.get("/"); strings.Contains(a.body, `href="/viec"`) {
		h.t.Error("public pages take the session for one")
	}
}

func TestPasswordMustBeChangedFirst(t *testing.T) {
	h := open(t)
	h.real("moi", identity.CommuneOfficer, hyCuong)
	b := h.browser("10.0.0.5:1")
	h.led(b.signIn("moi", password), "/viec")
	h.held(b, h.doors(), "/mat-khau", "/mat-khau", "/dang-xuat")
	h.says(b.post("/mat-khau", "old", password, "password", "toàn chữ thường thôi 1"), http.StatusUnprocessableEntity, "chữ hoa")
	h.says(b.post("/mat-khau", "old", password, "password", password), http.StatusUnprocessableEntity)
	token := b.jar[site.Cookie]
	h.led(b.post("/mat-khau", "old", password, "password", "Lửa ấm trong nhà 26"), "/")
	if b.jar[site.Cookie] == token {
		t.Error("the token stayed")
	}
	h.says(b.get("/viec"), http.StatusOK)
}

// By the terms an officer sets the second step up before anything else, once the days of grace are over; the head of an area never does.
func TestSecondStepIsOwed(t *testing.T) {
	h := open(t)
	doors := h.doors()
	h.ok(h.s.Identity.SetTerms(h.ctx, identity.System, identity.StandardTerms()))
	long := h.browser("10.0.0.4:1")
	h.led(long.signIn(volunteer, password), "/viec")
	b := h.browser("10.0.0.5:1")
	h.led(b.signIn(officer, password), "/viec")
	h.says(b.get("/viec"), http.StatusOK)
	h.says(b.get("/bao-mat"), http.StatusOK, "Cần bật xác thực hai bước trước ngày 02/12/2026")
	h.tick(31 * time.Minute)
	h.led(b.get("/viec"), "/dang-nhap?ve=%2Fviec") // idle for half an hour
	h.tick(9 * 24 * time.Hour)
	h.led(b.signIn(officer, password), "/viec")
	h.says(b.get("/viec"), http.StatusOK, "Cần bật xác thực hai bước trước ngày 02/12/2026")
	h.tick(6 * 24 * time.Hour)
	h.led(b.signIn(officer, password), "/viec")
	h.held(b, doors, "/bao-mat", "/bao-mat", "/dang-xuat")
	h.says(b.get("/bao-mat"), http.StatusOK, "phải có xác thực hai bước")
	b.setUp(password)
	h.says(b.get("/viec"), http.StatusOK)
	h.led(long.get("/viec"), "/dang-nhap?ve=%2Fviec") // fifteen days
	h.led(long.signIn(volunteer, password), "/viec")
	h.says(long.get("/viec"), http.StatusOK)
}

func TestNobodyEndsAnothersSession(t *testing.T) {
	h := open(t)
	a, b := h.browser("10.0.0.5:1"), h.browser("10.0.0.6:1")
	h.led(a.signIn(officer, password), "/viec")
	h.led(b.signIn(officer, password), "/viec")
	id := func(login string, skip string) string {
		return h.one(`SELECT id FROM session WHERE account_id = $1 AND id <> $2 ORDER BY created_at DESC, id DESC LIMIT 1`, h.actors[login].ID, skip)
	}
	foreign := id(neighbour, "")
	h.says(a.post("/bao-mat/phien", "phien", foreign), http.StatusNotFound)
	h.says(h.get(neighbour, "/viec"), http.StatusOK)
	last := id(officer, "")
	h.led(a.post("/bao-mat/phien", "phien", last), "/bao-mat?xong=phien#phien")
	h.led(b.get("/viec"), "/dang-nhap?ve=%2Fviec")
	h.led(b.signIn(officer, password), "/viec")
	h.led(a.post("/bao-mat/phien", "phien", "khac"), "/bao-mat?xong=phien#phien")
	h.led(b.get("/viec"), "/dang-nhap?ve=%2Fviec")
	h.says(a.get("/bao-mat"), http.StatusOK, "1 phiên đang đăng nhập")
	// an officer ends those of the commune's heads of areas, and not those of a neighbour's officer
	h.says(a.get("/viec"), http.StatusOK)
	h.led(a.post("/tai-khoan/"+h.actors[volunteer].ID+"?noi="+hyCuong, "act", "sessions"), "/tai-khoan?noi="+url.QueryEscape(hyCuong)+"&xong=1")
	h.led(h.get(volunteer, "/viec"), "/dang-nhap?ve=%2Fviec")
	h.says(a.post("/tai-khoan/"+h.actors[neighbour].ID+"?noi="+hyCuong, "act", "sessions"), http.StatusNotFound)
	h.says(h.get(neighbour, "/viec"), http.StatusOK)
}

// A database that cannot be written is told as such: nobody reads that the password was wrong, or that the page of ways in found a fault in what was typed.
func TestSignInWhileTheDatabaseIsAway(t *testing.T) {
	h := open(t)
	a := h.browser("10.0.0.9:1")
	h.led(a.signIn(officer, password), "/viec")
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error { _, err := tx.Exec(h.ctx, `PRAGMA query_only = 1`); return err }))
	for what, x := range map[string]answer{"signing in": h.browser("10.0.0.10:1").signIn(officer, password), "a wrong password": h.browser("10.0.0.11:1").signIn(officer, "x"),
		"unlinking": a.post("/bao-mat/lien-ket/x/bo")} {
		if x.code != http.StatusServiceUnavailable || x.head.Get("Retry-After") == "" {
			t.Errorf("%s: %d %.200s", what, x.code, words(x.body))
		}
	}
}

// A passkey is a second step: the page of one's own security does not call it off.
func TestPasskeyIsASecondStep(t *testing.T) {
	h := open(t)
	h.says(h.get(officer, "/bao-mat"), http.StatusOK, "Chưa bật")
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(h.ctx, `INSERT INTO passkey (account_id, id, credential_id, name, record, counter, synced, created_at, cloned_at) VALUES ($1, 'a', 'a', 'Khóa xanh', '{}', 0, false, 1, 0),
			($1, 'b', 'b', 'Khóa bị sao chép', '{}', 0, false, 1, 5), ($2, 'c', 'c', 'Khóa bị sao chép', '{}', 0, false, 1, 5)`, h.actors[officer].ID, h.actors[viewer].ID)
		return err
	}))
	page := h.get(officer, "/bao-mat")
	h.says(page, http.StatusOK, "Đang bật", "1 khóa truy cập")
	if strings.Contains(page.body, "Chưa bật") {
		t.Error("the second step is called off")
	}
	h.says(h.get(viewer, "/bao-mat"), http.StatusOK, "Chưa bật") // a copied key opens nothing
}

// Who was signed out while typing comes back to the page of the form, and never to another site.
func TestFormsLeadBack(t *testing.T) {
	h := open(t)
	for from, want := range map[string]string{"http://example.com/khu?noi=x": "/dang-nhap?ve=%2Fkhu%3Fnoi%3Dx", "http://evil.example/khu": "/dang-nhap", "http://example.com//evil": "/dang-nhap", "": "/dang-nhap"} {
		r := formRequest("POST", "/khu", url.Values{"name": {"Khu 9"}})
		r.Header.Set("Referer", from)
		if a := h.do(nobody, r); a.to != want {
			t.Errorf("from %q to %q", from, a.to)
		}
	}
}

var anyToken = regexp.MustCompile(`(value|content)="[A-Za-z0-9_-]{40,}"`)

func TestSignInPageTellsNothing(t *testing.T) {
	h := open(t)
	known, unknown := h.browser("10.0.0.5:1").signIn(officer, "sai"), h.browser("10.0.0.6:1").signIn("khong-co-ai", "sai")
	h.says(known, http.StatusUnprocessableEntity, "chưa đúng")
	same := func(a answer, login string) string { // but for what was typed, and the token, which looks different each time
		return anyToken.ReplaceAllString(strings.ReplaceAll(a.body, login, "X"), "")
	}
	if same(known, officer) != same(unknown, "khong-co-ai") {
		t.Error("the pages differ")
	}
}

var slipOnPage = regexp.MustCompile(`(?s)<p class="slip__big">([^<]+)</p>.*?<p class="slip__big">([^<]+)</p>`)

func TestSlips(t *testing.T) {
	h := open(t)
	at := "/tai-khoan/phieu?noi=" + hyCuong
	for _, name := range []string{"Khu 11", "Khu 12"} {
		_, err := h.s.Places.CreateArea(h.ctx, identity.System, place.AreaDraft{CommuneID: hyCuong, Name: name})
		h.ok(err)
	}
	h.says(h.get(officer, at), http.StatusOK, "Phiếu mật khẩu", "2 khu chưa có tài khoản")
	h.says(h.post(officer, at, "viec", "chon"), http.StatusUnprocessableEntity, "Chọn ít nhất một người")
	page := h.post(officer, at, "viec", "chon", "chon", h.actors[volunteer].ID)
	found := slipOnPage.FindAllStringSubmatch(page.body, -1)
	h.says(page, http.StatusOK, "Mật khẩu chỉ hiện lần này", "/dang-nhap", "<svg class=\"qr\"")
	if len(found) != 1 || found[0][1] != volunteer || page.head.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%d slips, kept as %q: %.500s", len(found), page.head.Get("Cache-Control"), words(page.body))
	}
	slip := found[0][2]
	h.led(h.get(volunteer, "/viec"), "/dang-nhap?ve=%2Fviec") // its sessions have ended
	tables := []string{`SELECT password_hash FROM account WHERE id = $1`, `SELECT after FROM journal WHERE thing_id = $1 ORDER BY id DESC LIMIT 1`}
	for _, q := range tables {
		if kept := h.one(q, h.actors[volunteer].ID); strings.Contains(kept, slip) {
			t.Errorf("the password is kept in clear: %s", kept)
		}
	}
	b := h.browser("10.0.0.5:1")
	h.says(b.signIn(volunteer, password), http.StatusUnprocessableEntity)
	h.led(b.signIn(volunteer, strings.ToUpper(strings.ReplaceAll(slip, " ", ""))), "/viec")
	h.led(b.get("/viec"), "/mat-khau")
	h.says(b.post("/mat-khau", "old", slip, "password", slip), http.StatusUnprocessableEntity, "đã dùng gần đây")
	h.led(b.post("/mat-khau", "old", slip, "password", "con cò bay lả bay la 3"), "/")
	h.says(b.get("/viec"), http.StatusOK)
	h.says(b.get("/bao-mat"), http.StatusOK, "Chưa bật")

	// all areas without an account, and a slip that is too old
	page = h.post(officer, at, "viec", "chua-co")
	h.says(page, http.StatusOK)
	found = slipOnPage.FindAllStringSubmatch(page.body, -1)
	if len(found) != 2 || found[0][1] != "khu11.hycuong" {
		t.Fatalf("%d slips", len(found))
	}
	h.tick(14*24*time.Hour + time.Minute)
	h.says(b.signIn(found[0][1], found[0][2]), http.StatusUnprocessableEntity, "Mật khẩu trên phiếu đã quá hạn")
	h.says(b.signIn(found[0][1], "sai hoàn toàn"), http.StatusUnprocessableEntity, "chưa đúng")

	// not the neighbour's, not officers, not by others
	o := h.browser("10.0.0.9:1")
	h.led(o.signIn(officer, password), "/viec")
	h.says(o.post("/tai-khoan/phieu?noi="+vietTri, "viec", "tat-ca"), http.StatusForbidden)
	h.says(o.post(at, "viec", "chon", "chon", h.actors[officer].ID, "chon", h.actors[neighbour].ID), http.StatusUnprocessableEntity)
}

func TestReviewOfAccounts(t *testing.T) {
	h := open(t)
	at := "/tai-khoan/ra-soat?noi=" + hyCuong
	h.says(h.get(officer, at), http.StatusOK, "Rà soát tài khoản", viewer)
	h.says(h.post(officer, at), http.StatusUnprocessableEntity, "chưa chọn giữ hay khoá")
	pairs := []string{}
	h.ok(store.Each(h.ctx, h.s.DB.Read(), func(sc store.Scanner) error {
		var id string
		if err := sc.Scan(&id); err != nil {
			return err
		}
		verdict := "giu"
		if id == h.actors[viewer].ID {
			verdict = "dong"
		}
		pairs = append(pairs, "a."+id, verdict)
		return nil
	}, `SELECT id FROM account ORDER BY id`))
	h.led(h.post(officer, at, pairs...), "/tai-khoan/ra-soat?noi="+url.QueryEscape(hyCuong)+"&xong=1")
	h.says(h.get(officer, at), http.StatusOK, "Rà soát gần nhất 18/11/2026, Người can-bo", "khoá 1", "Lần tới trước 18/05/2027")
	h.led(h.get(viewer, "/viec"), "/dang-nhap?ve=%2Fviec")
	csv := h.get(officer, "/tai-khoan/ra-soat/tai?dang=csv&noi="+hyCuong)
	h.says(csv, http.StatusOK, viewer, "Đã khoá", "Tên đăng nhập")
	if x := h.get(officer, "/tai-khoan/ra-soat/tai?noi="+hyCuong); x.code != http.StatusOK || !strings.HasPrefix(x.raw, "PK") {
		t.Errorf("the workbook: %d", x.code)
	}
	h.says(h.get(officer, "/tai-khoan?noi="+hyCuong), http.StatusOK, "Khoá khi rà soát")
	h.tick(182 * 24 * time.Hour)
	b := h.browser("10.0.0.5:1")
	h.led(b.signIn(officer, password), "/viec")
	h.says(b.get("/tai-khoan?noi="+hyCuong), http.StatusOK, "Đã đến hạn rà soát")
}

func TestTermsOnThePages(t *testing.T) {
	h := open(t)
	h.says(h.get(admin, "/tai-khoan/quy-dinh"), http.StatusOK, "Quy định đăng nhập", "Không bắt buộc")
	pairs := func(change ...string) []string {
		form := map[string]string{}
		for _, r := range identity.Roles {
			for name, v := range map[string]string{"second": "off", "grace_days": "0", "idle_minutes": "60", "life_hours": "12", "password_days": "0", "close_days": "45"} {
				form[string(r)+"."+name] = v
			}
		}
		for i := 0; i+1 < len(change); i += 2 {
			form[change[i]] = change[i+1]
		}
		var list []string
		for k, v := range form {
			list = append(list, k, v)
		}
		return list
	}
	h.says(h.post(admin, "/tai-khoan/quy-dinh", pairs("commune_officer.idle_minutes", "một giờ")...), http.StatusUnprocessableEntity, "Nhập số từ 5", `value="một giờ"`)
	h.says(h.post(admin, "/tai-khoan/quy-dinh", pairs("area_volunteer.second", "on")...), http.StatusUnprocessableEntity, "Trưởng khu không phải")
	h.led(h.post(admin, "/tai-khoan/quy-dinh", pairs("commune_officer.second", "on")...), "/tai-khoan/quy-dinh?xong=1")
	h.led(h.get(officer, "/viec"), "/bao-mat")
	h.says(h.post(officer, "/tai-khoan/quy-dinh", pairs()...), http.StatusSeeOther)
	h.says(h.post(province, "/tai-khoan/quy-dinh", pairs()...), http.StatusForbidden)
	h.says(h.get(volunteer, "/viec"), http.StatusOK)
}
