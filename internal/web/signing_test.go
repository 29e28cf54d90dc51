// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

var toolAddress = regexp.MustCompile(`data-sign-(source|upload)="([^"]+)"`)

// offered presses the button of the signing page and reads the two addresses there.
func (h *house) offered(at string, step string) (source, upload string) {
	h.t.Helper()
	a := h.post(officer, at+"/cong-cu", "buoc", step)
	for _, m := range toolAddress.FindAllStringSubmatch(a.body, -1) {
		if m[1] == "source" {
			source = m[2]
		} else {
			upload = m[2]
		}
	}
	if a.code != http.StatusOK || source == "" || upload == "" {
		h.t.Fatalf("no addresses: %d %.500s", a.code, words(a.body))
	}
	if policy := a.head.Get("Content-Security-Policy"); !strings.Contains(policy, "; connect-src 'self' ws://127.0.0.1:8987") {
		h.t.Errorf("the script may not speak to the tool: %s", policy)
	}
	return source, upload
}

func toolSaid(t *testing.T, body string) (said struct {
	Status                        bool
	Message, FileName, FileServer string
}) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&said); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return said
}

// A decision is signed by a token's tool and sealed with a key file, over real connections; then the public checks the file it was given.
func TestSigningWithATool(t *testing.T) {
	papertest.Faces(t) // those in the program are of the same build
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		server := httptest.NewServer(h.site)
		defer server.Close()
		t.Setenv("HOCTAP_URL", server.URL)
		root := newAuthority(t)
		person, personKey := certified(t, root, "Nguyễn Văn Đức")
		seal, sealKey := certified(t, root, "Hội Khuyến học xã Hy Cương")
		_, strangerKey := certified(t, root, "Kẻ Lạ")
		body := recognition.BodyID(recognition.BodyAssociationCommune, hyCuong)
		decision := h.one(`SELECT id FROM decision WHERE body_id = $1 AND state = 'issued' AND items > 0 ORDER BY issued_at DESC LIMIT 1`, body)
		at := "/quyet-dinh/" + hyCuong + "/" + decision + "/ky-so"
		if a := h.get(officer, at); a.code != http.StatusOK || !strings.Contains(a.body, "HOCTAP_SIGN_ROOTS") {
			t.Errorf("without roots the page does not say what to do: %d", a.code)
		}
		h.ok(h.s.Signature.Trust(root.pem()))
		if a := h.get(officer, at); !strings.Contains(a.body, "chưa có người nào được ký số") {
			t.Errorf("without signers: %.300s", words(a.body))
		}
		for kind, c := range map[string]authority{"person": person, "seal": seal} {
			if a := h.do(officer, form(t, "/ky-so/"+hyCuong+"/"+body, map[string]string{"kind": kind}, map[string][]byte{"certificate": c.pem()})); a.code != http.StatusSeeOther {
				t.Fatalf("adding a signer: %d %.300s", a.code, words(a.body))
			}
		}
		if a := h.post(officer, at+"/bat-dau"); a.to != at {
			t.Fatalf("begin: %d %.300s", a.code, words(a.body))
		}

		good := desktopTool{t, personKey, h.s.Now()}
		source, upload := h.offered(at, "1")
		code, file := good.fetch(source)
		if code != http.StatusOK || !bytes.HasPrefix(file, []byte("%PDF-")) || !strings.HasSuffix(source, ".pdf") {
			t.Fatalf("the tool fetched %d, %.20q from %s", code, file, source)
		}
		wrong := desktopTool{t, strangerKey, h.s.Now()}
		if code, said := good.bring(upload, wrong.sign(file)); code != http.StatusOK || toolSaid(t, said).Status || !strings.Contains(toolSaid(t, said).Message, "Kẻ Lạ chưa được phép ký") {
			t.Errorf("another's signature: %d %s", code, said)
		}
		if code, said := good.bring(upload+"x", good.sign(file)); code != http.StatusOK || toolSaid(t, said).Status || !strings.Contains(toolSaid(t, said).Message, "không còn dùng được") {
			t.Errorf("a wrong address: %d %s", code, said)
		}
		if code, said := good.bring(upload, good.sign(file)); code != http.StatusOK || !toolSaid(t, said).Status || toolSaid(t, said).Message != "" || toolSaid(t, said).FileName == "" {
			t.Fatalf("the right signature: %d %s", code, said)
		}
		if code, said := good.bring(upload, good.sign(file)); code != http.StatusOK || toolSaid(t, said).Status {
			t.Errorf("the address again: %d %s", code, said)
		}
		if code, _ := good.fetch(source); code != http.StatusNotFound {
			t.Errorf("the source again: %d", code)
		}

		h.sealByKey(at, sealKey)
		signed := h.get(officer, at+"/tep?buoc=2").raw
		path := papertest.Keep(t, "decision.pdf", []byte(signed))
		if said, err := papertest.Ask(t, "pdfsig", "-nocert", path); err != nil || strings.Count(said, "Signature is Valid") != 2 || !strings.Contains(said, "Total document signed") {
			t.Errorf("pdfsig: %v\n%s", err, said)
		}
		if text := papertest.Run(t, "pdftotext", path, "-"); strings.Contains(text, "(chữ ký, dấu của cơ quan)") {
			t.Error("the signed file asks for ink")
		}
		h.publicChecks(decision, signed)
		h.packedAsSigned(body, decision, signed)
		h.signAlone(personKey)
	})
}

// packedAsSigned looks into the yearly package: what was signed is there byte for byte, beside the form for keeping.
func (h *house) packedAsSigned(body, decision, signed string) {
	h.t.Helper()
	base := "/quyet-dinh/" + hyCuong + "/luu-tru"
	number, year := h.one(`SELECT number FROM decision WHERE id = $1`, decision), h.one(`SELECT year FROM decision WHERE id = $1`, decision)
	h.moved(base, "co-quan", body, "nam", year)
	h.ok(h.s.Jobs.Drain(h.ctx))
	a := h.get(officer, base+"?co-quan="+body+"&nam="+year)
	z, err := zip.NewReader(strings.NewReader(a.raw), int64(len(a.raw)))
	h.ok(err)
	name := "quyet-dinh/" + strings.Repeat("0", 4-len(number)) + number
	for _, file := range []string{name + ".pdf", name + "-da-ky.pdf"} {
		f, err := z.Open(file)
		h.ok(err)
		b, err := io.ReadAll(f)
		h.ok(err)
		if same := string(b) == signed; same != strings.HasSuffix(file, "-da-ky.pdf") {
			h.t.Errorf("%s: as signed: %v", file, same)
		}
	}
}

// sealByKey puts the seal on with a key file, after a wrong password.
func (h *house) sealByKey(at string, key []byte) {
	h.t.Helper()
	if a := h.get(officer, at); !strings.Contains(a.body, "đã ký số, chưa đóng dấu") || !strings.Contains(a.body, "Nguyễn Văn Đức") {
		h.t.Errorf("after the person: %.300s", words(a.body))
	}
	const wrong = "sai-mat-khau-9931"
	a := h.do(officer, form(h.t, at+"/khoa", map[string]string{"buoc": "2", "password": wrong}, map[string][]byte{"file": key}))
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Mật khẩu của khóa không đúng") || strings.Contains(a.body, wrong) {
		h.t.Errorf("a wrong password: %d %.300s", a.code, words(a.body))
	}
	if a := h.do(officer, form(h.t, at+"/khoa", map[string]string{"buoc": "2", "password": keyPassword}, map[string][]byte{"file": key})); a.to != at {
		h.t.Fatalf("the seal: %d %.300s", a.code, words(a.body))
	}
	if a := h.get(officer, at); !strings.Contains(a.body, "đã ký số và đóng dấu") {
		h.t.Errorf("after the seal: %.300s", words(a.body))
	}
}

// signAlone signs a report, which goes with no decision: the same way, at an address of its own.
func (h *house) signAlone(key []byte) {
	h.t.Helper()
	id := h.one(`SELECT id FROM outgoing_paper WHERE place_id = $1 AND kind = 'report' ORDER BY id LIMIT 1`, hyCuong)
	at := "/giay-to/" + id + "/ky-so"
	number := h.one(`SELECT CAST(number AS text) FROM outgoing_paper WHERE id = $1`, id)
	if a := h.get(officer, at); a.code != http.StatusOK || !strings.Contains(a.body, "BC-") || !strings.Contains(a.body, "chưa ký số") || !strings.Contains(a.body, `href="/bao-cao/`+hyCuong) {
		h.t.Errorf("a report to sign: %d %.300s", a.code, words(a.body))
	}
	for _, who := range []string{neighbour, admin, volunteer} {
		if a := h.post(who, at+"/bat-dau"); a.code != http.StatusForbidden && a.code != http.StatusNotFound {
			h.t.Errorf("%s begins: %d", who, a.code)
		}
	}
	if a := h.post(officer, at+"/bat-dau"); a.to != at {
		h.t.Fatalf("begin: %d %.300s", a.code, words(a.body))
	}
	if a := h.do(officer, form(h.t, at+"/khoa", map[string]string{"buoc": "1", "password": keyPassword}, map[string][]byte{"file": key})); a.to != at {
		h.t.Fatalf("sign: %d %.300s", a.code, words(a.body))
	}
	file := h.get(officer, at+"/tep?buoc=1")
	path := papertest.Keep(h.t, "report.pdf", []byte(file.raw))
	if said, err := papertest.Ask(h.t, "pdfsig", "-nocert", path); err != nil || strings.Count(said, "Signature is Valid") != 1 || !strings.Contains(said, "Total document signed") {
		h.t.Errorf("pdfsig: %v\n%s", err, said)
	}
	if text := papertest.Run(h.t, "pdftotext", path, "-"); !strings.Contains(text, "BÁO CÁO") || !strings.Contains(text, number+"/BC-") {
		h.t.Errorf("the signed report: %.300s", text)
	}
	period := h.one(`SELECT period_id FROM report_version WHERE paper_id = $1`, id)
	if a := h.get(officer, "/bao-cao/"+hyCuong+"/"+period); !strings.Contains(a.body, "Ký số: Nguyễn Văn Đức") {
		h.t.Errorf("the report's page does not say who signed: %.500s", words(a.body))
	}
	if _, wrong, err := h.s.Signature.Verify(h.ctx); err != nil || len(wrong) != 0 {
		h.t.Errorf("verify: %v, %v", wrong, err)
	}
}

// publicChecks is what anybody with a certificate can learn: who signed, and whether a file is the decision. Not the decision itself.
func (h *house) publicChecks(decision, signed string) {
	h.t.Helper()
	code := h.one(`SELECT code FROM title WHERE decision_id = $1 AND state = 'valid' ORDER BY code LIMIT 1`, decision)
	name := h.one(`SELECT name FROM title WHERE code = $1`, code)
	at := "/xac-minh/" + code
	a := h.get(nobody, at)
	for _, want := range []string{"Nguyễn Văn Đức", "2026-11-18T09:00:00+07:00", "Hội Khuyến học xã Hy Cương", "Kiểm tra tệp"} {
		if !strings.Contains(a.body, want) {
			h.t.Errorf("the public page does not say %q", want)
		}
	}
	if strings.Contains(a.body, name) && !strings.HasPrefix(name, "Trường") {
		h.t.Errorf("the public page names %s", name)
	}
	check := func(file string) answer {
		return h.do(nobody, form(h.t, at+"/tep", nil, map[string][]byte{"tep": []byte(file)}))
	}
	if a := check(signed); a.code != http.StatusOK || !strings.Contains(a.body, "Đúng bản quyết định đã ký") || !strings.Contains(a.body, "ký lúc 2026-11-18T09:00:00+07:00") {
		h.t.Errorf("the signed file: %d %.500s", a.code, words(a.body))
	}
	changed := []byte(signed)
	changed[300] ^= 1
	if a := check(string(changed)); a.code != http.StatusOK || !strings.Contains(a.raw, "<h1>Không phải tệp quyết định này") || !strings.Contains(a.body, "không xác nhận được") {
		h.t.Errorf("a changed file: %d %.500s", a.code, words(a.body))
	}
	if a := check(""); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Chưa chọn tệp") {
		h.t.Errorf("no file: %d", a.code)
	}
	if a := check(signed + strings.Repeat(" ", 17<<20)); a.code != http.StatusRequestEntityTooLarge && a.code != http.StatusUnprocessableEntity {
		h.t.Errorf("a file too large: %d", a.code)
	}
	var codes []int
	for range 6 {
		codes = append(codes, check(signed).code)
	}
	if !slices.Contains(codes, http.StatusTooManyRequests) {
		h.t.Errorf("as many files as one likes: %v", codes)
	}
	if a := h.get(nobody, strings.Replace(at, "/xac-minh/", "/quyet-dinh/"+hyCuong+"/", 1)); a.code != http.StatusSeeOther {
		h.t.Errorf("the decision itself: %d", a.code)
	}
}

// Only the tool's address is open to other origins, and only for what tools do.
func TestToolAddressAlonePassesOrigins(t *testing.T) {
	h := open(t)
	for path, want := range map[string]int{"/cong-cu-ky/x": http.StatusOK, "/cong-cu-ky/x/y": http.StatusForbidden, "/ky-so/" + hyCuong + "/x/dat": http.StatusForbidden, "/xac-minh/ABCDEFGH/tep": http.StatusForbidden} {
		r := httptest.NewRequest("POST", path, strings.NewReader(""))
		r.Header.Set("Origin", "https://evil.vn")
		if a := h.do(officer, r); a.code != want {
			t.Errorf("%s: %d, want %d", path, a.code, want)
		}
	}
	if a := h.get(officer, "/viec"); strings.Contains(a.head.Get("Content-Security-Policy"), "ws:") {
		t.Errorf("other pages may call the tool: %s", a.head.Get("Content-Security-Policy"))
	}
}

// What waits for a signature is not to be had, not by any address.
func TestWaitingDecision(t *testing.T) {
	h := open(t)
	root := newAuthority(t)
	h.ok(h.s.Signature.Trust(root.pem()))
	person, _ := certified(t, root, "Nguyễn Văn Đức")
	body := recognition.BodyID(recognition.BodyAssociationCommune, hyCuong)
	h.do(officer, form(t, "/ky-so/"+hyCuong+"/"+body, map[string]string{"kind": "person"}, map[string][]byte{"certificate": person.pem()}))
	nasty, _ := certified(t, root, `<script>alert("x")</script>`)
	h.do(officer, form(t, "/ky-so/"+hyCuong+"/"+body, map[string]string{"kind": "seal"}, map[string][]byte{"certificate": nasty.pem()}))
	if a := h.get(officer, "/ky-so/"+hyCuong+"/"+body); strings.Contains(a.raw, "<script>alert") || !strings.Contains(a.raw, "&lt;script&gt;alert") {
		t.Error("a certificate's name is obeyed, or not shown")
	}
	if a := h.post(officer, "/ky-so/"+hyCuong+"/"+body+"/dat", "ky", "so", "version", "0"); a.code != http.StatusSeeOther {
		t.Fatalf("the setting: %d %.300s", a.code, words(a.body))
	}
	decision := h.one(`SELECT id FROM decision WHERE body_id = $1 AND state = 'issued' AND items > 0 ORDER BY issued_at DESC LIMIT 1`, body)
	at := "/quyet-dinh/" + hyCuong + "/" + decision
	if a := h.get(officer, at+"/giay"); a.code != http.StatusOK {
		t.Fatalf("certificates of what was issued by hand: %d", a.code)
	}
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error { // as if it had been so when the decision was issued
		_, err := tx.Exec(h.ctx, `UPDATE body_signing SET since = 1 WHERE body_id = $1`, body)
		return err
	}))
	for _, path := range []string{"/giay", "/giay/tai", "/tai?dang=docx&giay=thong-bao", "/tai?dang=pdf&giay=phieu-gui"} {
		if a := h.get(officer, at+path); a.code != http.StatusConflict || !strings.Contains(a.body, "đang chờ ký số") {
			t.Errorf("%s: %d %.200s", path, a.code, words(a.body))
		}
	}
	if a := h.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-11-18", "nguoi-ky", "X"); a.code != http.StatusConflict || !strings.Contains(a.body, "đang chờ ký số") {
		t.Errorf("a notice: %d", a.code)
	}
	code := h.one(`SELECT code FROM title WHERE decision_id = $1 AND state = 'valid' ORDER BY code LIMIT 1`, decision)
	if a := h.get(officer, at); a.code != http.StatusOK || !strings.Contains(a.body, "CHỜ KÝ SỐ") || strings.Contains(a.body, code[:4]+"-"+code[4:8]) {
		t.Errorf("the page of a waiting decision: %d", a.code)
	}
	if a := h.get(nobody, "/xac-minh/"+code); !strings.Contains(a.body, "đang chờ ký số") || strings.Contains(a.body, "Giấy này có hiệu lực") {
		t.Errorf("the public reads: %.400s", words(a.body))
	}
	if a := h.get(officer, at+"/tai?dang=docx"); a.code != http.StatusOK {
		t.Errorf("the decision itself: %d", a.code)
	}
}
