// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

const oidcAt = "https://hoctap.example"

// stranger is a provider that this project did not write; it runs until the test ends.
func stranger(t *testing.T, environment ...string) (issuer string) {
	t.Helper()
	ui, err := filepath.Abs(filepath.Join("..", "..", "ui"))
	if err != nil {
		t.Fatal(err)
	}
	_, errNode := exec.LookPath("node")
	_, errOp := os.Stat(filepath.Join(ui, "node_modules", "oidc-provider"))
	if errNode != nil || errOp != nil {
		if os.Getenv("HOCTAP_TEST_BROWSER") != "" {
			t.Fatal(errNode, errOp)
		}
		t.Skip("no node or no oidc-provider: make test installs them")
	}
	c := exec.CommandContext(t.Context(), "node", "judge-oidc.mjs", oidcAt+"/dang-nhap/qua/thu/tra-ve", "mot bi mat & dau=", oidcAt+"/")
	c.Dir, c.Env = ui, append(os.Environ(), environment...)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// through sets the house up for a provider.
func (h *house) through(issuer, secret, more string) {
	h.t.Helper()
	h.t.(*testing.T).Setenv(papers.AddressEnv, oidcAt)
	h.at = time.Now() // the provider goes by the real clock
	for login := range h.tokens {
		var err error
		h.tokens[login], err = identitytest.Token(h.ctx, h.s.Identity, login, password)
		h.ok(err)
	}
	dir := h.t.TempDir()
	h.ok(os.WriteFile(filepath.Join(dir, "secret"), []byte(secret), 0o600))
	h.ok(os.WriteFile(filepath.Join(dir, "thu.toml"), fmt.Appendf(nil, "name = \"Cổng thử\"\nissuer = %q\nclient_id = \"hoctap\"\nsecret_file = \"secret\"\n%s\n[claims]\nnumber = \"SoDinhDanh\"\nname = \"HoVaTen\"\n", issuer, more), 0o600))
	list, err := oidc.Load(dir)
	h.ok(err)
	h.s.OIDC.Use(list...)
}

// goThrough leaves for the provider and comes back with what it says; returned is the address it led to.
func (b *browser) goThrough() (a answer, returned string) {
	b.h.t.Helper()
	to := b.get("/dang-nhap/qua/thu?ve=/huong-dan").to
	if !strings.HasPrefix(to, "http://127.0.0.1:") {
		b.h.t.Fatalf("led to %q", to)
	}
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), oidcAt) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	r, err := client.Get(to)
	b.h.ok(err)
	said, _ := io.ReadAll(r.Body)
	r.Body.Close()
	returned = strings.TrimPrefix(r.Header.Get("Location"), oidcAt)
	if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(returned, "/dang-nhap/qua/thu/tra-ve?") {
		b.h.t.Fatalf("the provider answers %d, %q: %.2500s", r.StatusCode, r.Header.Get("Location"), words(string(said)))
	}
	return b.get(returned), returned
}

// A person comes from a provider that is not ours, has no account, links his own with his password, comes again, signs out here and there, and unlinks.
func TestThroughAProvider(t *testing.T) {
	h := open(t)
	h.through(stranger(t), "mot bi mat & dau=", `required_acr = ["LoA2"]`)
	b := h.phone()
	if page := b.get("/dang-nhap").body; !strings.Contains(page, "Đăng nhập bằng Cổng thử") {
		t.Error("the page of signing in does not name the provider")
	}
	before := h.count(`SELECT count(*) FROM account`)
	a, returned := b.goThrough()
	if a.to != "/dang-nhap?ve=%2Fbao-mat%2Flien-ket" || b.jar[site.Cookie] != "" || h.count(`SELECT count(*) FROM account`) != before {
		t.Fatalf("who is not linked got %d %q", a.code, a.to)
	}
	if again := b.get(returned); again.code != http.StatusUnprocessableEntity || !strings.Contains(again.body, "Làm lại từ đầu") {
		t.Errorf("the same answer again: %d %s", again.code, words(again.body))
	}
	if page := words(b.get(a.to).body); !strings.Contains(page, "chưa gắn với tài khoản nào") {
		t.Errorf("nobody says what to do: %s", page)
	}
	if a := b.post("/dang-nhap", "login", officer, "password", password, "ve", "/bao-mat/lien-ket"); a.to != "/bao-mat/lien-ket" {
		t.Fatalf("after the password: %d %q", a.code, a.to)
	}
	if page := words(b.get("/bao-mat/lien-ket").body); !strings.Contains(page, "Nguyễn Thị Thử") || !strings.Contains(page, "Họ tên không trùng") {
		t.Errorf("the question: %s", page)
	}
	if a := b.post("/bao-mat/lien-ket", "password", "sai"); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "chưa đúng") {
		t.Errorf("a wrong password: %d", a.code)
	}
	if a := b.post("/bao-mat/lien-ket", "password", password); a.to != "/bao-mat/khoa?xong=gan" {
		t.Fatalf("linking: %d %q %s", a.code, a.to, words(a.body))
	}
	if page := b.get("/bao-mat/khoa").body; !strings.Contains(page, "Cổng thử") || !strings.Contains(page, "Bỏ gắn") {
		t.Error("the own page does not list the link")
	}
	for _, table := range []string{"identity_link", "journal"} {
		column := map[string]string{"identity_link": "subject_hash", "journal": "after"}[table]
		if n := h.count(`SELECT count(*) FROM ` + table + ` WHERE ` + column + ` LIKE '%025090000001%' OR ` + column + ` LIKE '%nguoi-1%'`); n != 0 {
			t.Errorf("%s holds the number or the subject", table)
		}
	}

	fresh := h.phone()
	if a, _ := fresh.goThrough(); a.to != "/huong-dan" {
		t.Fatalf("the second time: %d %q %s", a.code, a.to, words(a.body))
	}
	actor, err := h.s.Identity.Session(h.ctx, fresh.jar[site.Cookie], "127.0.0.1:1")
	if err != nil || actor.Login != officer || actor.Level != 2 || actor.Method != identity.ByOIDC {
		t.Errorf("%+v, %v", actor, err)
	}
	if a := fresh.post("/dang-xuat"); a.to != "/dang-xuat/qua/thu" {
		t.Errorf("signing out leads to %q", a.to)
	}
	page := fresh.get("/dang-xuat/qua/thu").body
	_, address, _ := strings.Cut(page, `href="http://127.0.0.1`)
	address, _, _ = strings.Cut(address, `"`)
	r, err := http.Get("http://127.0.0.1" + address)
	h.ok(err)
	r.Body.Close()
	if r.StatusCode != http.StatusOK || !strings.Contains(address, "post_logout_redirect_uri=") {
		t.Errorf("the provider's own sign-out: %d at %q", r.StatusCode, address)
	}
	if a := b.post("/bao-mat/lien-ket/thu/bo"); a.to != "/bao-mat/khoa?xong=bo-gan" {
		t.Errorf("unlinking: %d", a.code)
	}
	if a, _ := fresh.goThrough(); !strings.HasPrefix(a.to, "/dang-nhap?") {
		t.Errorf("after unlinking: %d %q", a.code, a.to)
	}
}

// Without a level that is demanded the provider is one factor; with one it must be reached. Whoever says no there, and a wrong secret, are told in plain words.
func TestThroughAProviderAtALowLevel(t *testing.T) {
	h := open(t)
	issuer := stranger(t, "X_ACR=LoA1")
	h.through(issuer, "mot bi mat & dau=", `required_acr = ["LoA2"]`)
	b := h.phone()
	if a, _ := b.goThrough(); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "chưa xác minh ở mức cần có") {
		t.Errorf("LoA1: %d %s", a.code, words(a.body))
	}
	h.through(issuer, "mot bi mat & dau=", "")
	a, _ := b.goThrough()
	b.post("/dang-nhap", "login", officer, "password", password)
	if a = b.post("/bao-mat/lien-ket", "password", password); a.to != "/bao-mat/khoa?xong=gan" {
		t.Fatal(a.code)
	}
	fresh := h.phone()
	fresh.goThrough()
	if actor, err := h.s.Identity.Session(h.ctx, fresh.jar[site.Cookie], ""); err != nil || actor.Level != 1 {
		t.Errorf("%+v, %v", actor, err)
	}
	h.through(issuer, "mot bi mat khac", "")
	if a, _ := b2(h).goThrough(); !strings.Contains(a.body, "Báo người quản trị xem lại cấu hình") {
		t.Errorf("a wrong secret: %d %s", a.code, words(a.body))
	}
	h.through(stranger(t, "X_PERSON=khong"), "mot bi mat & dau=", "")
	if a, _ := b2(h).goThrough(); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Chưa đồng ý đăng nhập ở Cổng thử") || strings.Contains(a.raw, "<b>no") {
		t.Errorf("a refusal: %d %s", a.code, words(a.body))
	}
}

func b2(h *house) *browser { return h.phone() }

// An officer prepares the account of a head of an area, who then comes straight in.
func TestExpectedThroughAProvider(t *testing.T) {
	h := open(t)
	h.through(stranger(t), "mot bi mat & dau=", `required_acr = ["LoA2"]`)
	path := "/tai-khoan/" + h.actors[volunteer].ID + "/lien-ket?noi=" + hyCuong
	if a := h.get(officer, "/tai-khoan?noi="+hyCuong); !strings.Contains(a.body, "/lien-ket?noi=") {
		t.Error("the list of accounts does not lead there")
	}
	if a := h.post(officer, path, "provider", "thu", "number", "12"); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "12 chữ số") || !strings.Contains(a.body, `value="12"`) {
		t.Errorf("a short number: %d %s", a.code, words(a.body))
	}
	for _, login := range []string{neighbour, volunteer, viewer, other} {
		if a := h.post(login, path, "provider", "thu", "number", "025090000001"); a.code != http.StatusForbidden && a.code != http.StatusNotFound {
			t.Errorf("%s: %d", login, a.code)
		}
	}
	if a := h.post(officer, path, "provider", "thu", "number", "025090000001"); a.code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.code, words(a.body))
	}
	b := b2(h)
	if a, _ := b.goThrough(); a.to != "/huong-dan" {
		t.Fatalf("%d %q %s", a.code, a.to, words(a.body))
	}
	if page := words(b.get("/bao-mat/khoa").body); !strings.Contains(page, "Do Người can-bo gắn trước") {
		t.Errorf("the owner does not read who did it: %s", page)
	}
}
