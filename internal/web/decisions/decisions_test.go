// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// TestWholeWay goes from what can be decided to the public answer for a certificate, through the pages alone.
func TestWholeWay(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", nasty)
	if to := o.get(officer, "/quyet-dinh").moved(); to != o.base() {
		t.Fatalf("leads to %s", to)
	}
	o.get(officer, o.base()).is(200, "3 hồ sơ xã đã duyệt, chờ quyết định", "mo-hinh=family", "Hội Khuyến học xã Hy Cương")
	proposal := o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026")
	proposal.is(200, "3 hộ vào danh sách đề nghị", "Hà Văn Chiến", "3 hồ sơ đủ điểm", "Bộ tiêu chí dựng tạm", "&lt;script&gt;").lacks("<script>alert")

	back := o.files()[1]
	at := o.post(officer, o.base()+"/de-nghi", "mo-hinh", "family", "nam", "2026", "lai", back.ID).moved()
	page := o.get(officer, at)
	page.is(200, "Quyết định công nhận 2 hộ", "Cấp khi ký", "DỰ THẢO", "Công nhận 2 gia đình đạt danh hiệu", "387/QĐ-TTg", "BAN THƯỜNG VỤ HỘI KHUYẾN HỌC XÃ HY CƯƠNG",
		"Mã xác minh cấp khi ký", "Bộ tiêu chí dựng tạm", "Ký rồi không viết lại được", "Công nhận 2 hộ?").lacks("<script>alert", back.Name)
	if to := o.post(officer, at, "version", "1", "grounds", "Căn cứ một\nCăn cứ hai", "signer", signer, "post", "Chủ tịch").moved(); to != at {
		t.Fatalf("after saving: %s", to)
	}
	o.get(officer, at).is(200, "Căn cứ một;", "Căn cứ hai.", signer, "CHỦ TỊCH")
	o.sign(at, "2")

	o.get(officer, at).is(200, "Quyết định 01/QĐ-HKH", "Số: 01/QĐ-HKH", "Hy Cương, ngày 01 tháng 12 năm 2026", "In 2 giấy", "/sua-doi?viec=thu-hoi")
	o.get(officer, at+"/in").is(200, "DANH SÁCH KÈM THEO QUYẾT ĐỊNH", "Hà Văn Chiến", "Khu 7", "Danh sách này có 2 gia đình", "&lt;script&gt;").lacks("<script>alert", "DỰ THẢO")
	o.get(officer, o.base()).is(200, "01/QĐ-HKH", "1 hồ sơ xã đã duyệt")
	o.get(officer, o.base()+"/so?co-quan=hoi_kh_xa-"+o.commune+"&nam=2026").is(200, "01/QĐ-HKH", signer, "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "(Loại văn bản: Quyết định)")

	titles := o.titles(at)
	certificates := o.get(officer, at+"/giay")
	certificates.is(200, "Gia đình học tập năm 2026", "Gia đình Hà Văn Chiến", "Khu 7, xã Hy Cương, tỉnh Phú Thọ", "Kèm Quyết định số 01/QĐ-HKH. Số vào sổ: 0001",
		titles[0].Code.String(), titles[1].Code.String(), "Bộ tiêu chí dựng tạm").lacks("<script>alert")
	if got := strings.Count(certificates.body, `class="cert"`); got != 2 {
		t.Fatalf("%d certificates, want 2", got)
	}
	o.get("", "/xac-minh/"+string(titles[0].Code)).is(200, "Giấy này có hiệu lực", "Gia đình học tập 2026", "Hà V. Chiến", "01/QĐ-HKH", "Xã Hy Cương, tỉnh Phú Thọ").lacks("Hà Văn Chiến", "Khu 7")
}

// TestIssuedOnce holds a signed decision to what it is.
func TestIssuedOnce(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	at := o.drafted()
	o.post(officer, at+"/ky", "version", "1", "date", "2026-12-02", "signer", signer).is(422, "chưa đến", `value="2026-12-02"`)
	o.post(officer, at+"/ky", "version", "1", "date", "2026-12-01", "signer", "").is(422, "người ký")
	o.post(officer, at+"/ky", "version", "7", "date", "2026-12-01", "signer", signer).is(409)
	o.sign(at, "1")
	o.post(officer, at+"/ky", "version", "1", "date", "2026-12-01", "signer", signer).is(409, "01/QĐ-HKH", "đã ban hành")
	o.post(officer, at+"/bo", "version", "2").is(409, "đã ban hành")
	o.post(officer, at, "version", "2", "grounds", "khác").is(409)
	if n := len(o.titles(at)); n != 1 {
		t.Fatalf("%d titles, want 1", n)
	}
}

func TestDiscard(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	at := o.drafted()
	o.post(officer, at+"/bo", "version", "1").moved()
	o.get(officer, at).is(404, "Không có quyết định này")
	o.get(officer, o.base()).is(200, "1 hồ sơ xã đã duyệt")
	o.post(officer, o.base()+"/de-nghi", "mo-hinh", "family", "nam", "2026", "lai", o.files()[0].ID).is(422, "chưa có tên nào")
}

// TestRoles asks every page as everybody.
func TestRoles(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	draft := o.drafted()
	issued := o.post(officer, o.base()+"/de-nghi", "mo-hinh", "family", "nam", "2026", "lai", o.files()[0].ID).moved()
	o.sign(issued, "1")
	book := o.base() + "/so?co-quan=hoi_kh_xa-" + o.commune + "&nam=2026"
	reads := []string{o.base(), o.base() + "/de-nghi?mo-hinh=family&nam=2026", draft, draft + "/in", issued, issued + "/in", issued + "/giay", book}
	who := map[string]struct{ read, write int }{
		officer: {200, 0}, province: {200, 0}, reviewer: {200, 403}, viewer: {200, 403}, neighbour: {403, 403}, volunteer: {403, 403}, admin: {403, 403},
	}
	for login, want := range who {
		for _, path := range reads {
			if got := o.get(login, path).code; got != want.read {
				t.Errorf("%s reads %s: %d, want %d", login, path, got, want.read)
			}
		}
		if want.write == 0 {
			continue
		}
		for _, w := range []struct {
			path  string
			pairs []string
		}{
			{o.base() + "/de-nghi", []string{"mo-hinh", "family", "nam", "2026"}}, {draft, []string{"version", "1"}}, {draft + "/ky", []string{"version", "1", "date", "2026-12-01", "signer", "X"}},
			{draft + "/bo", []string{"version", "1"}}, {issued + "/sua-doi", []string{"viec", "thu-hoi", "tat-ca", "1", "reason", "x"}},
			{o.base() + "/co-quan", []string{"id", "hoi_kh_xa-" + o.commune, "name", "X", "symbol", "QD", "version", "1"}},
			{o.base() + "/so", []string{"co-quan", "ubnd_xa-" + o.commune, "nam", "2026", "first", "5"}},
		} {
			if got := o.post(login, w.path, w.pairs...).code; got != want.write {
				t.Errorf("%s writes %s: %d, want %d", login, w.path, got, want.write)
			}
		}
		o.get(login, issued+"/sua-doi?viec=sua").is(403)
	}
	for _, path := range reads {
		if to := o.get("", path).moved(); !strings.HasPrefix(to, "/dang-nhap") {
			t.Errorf("a stranger is led to %s", to)
		}
	}
	o.get(viewer, draft).is(200).lacks("data-ask")
	o.get(viewer, issued).is(200).lacks("sua-doi")
	// the decision of one commune is not found under another one's address
	other := strings.Replace(issued, o.commune, "07900@2025-07-01", 1)
	o.get(neighbour, other).is(404)
	o.get(province, other).is(404)
}

// Who empties the signer's field did not mean whoever was drafted; a list that was changed behind the program's back leaves as no paper.
func TestSignedAndUnchanged(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	at := o.drafted()
	o.post(officer, at+"/ky", "version", "1", "date", "2026-12-01", "signer", "", "post", "Chủ tịch").is(422, "Ghi họ tên người ký", `value="2026-12-01"`)
	o.sign(at, "1")
	o.get(officer, at+"/giay").is(200, "HOCTAP_URL", "example.com")
	o.get(officer, at+"/tai?dang=docx").is(200)
	o.ok(o.s.DB.Write(o.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(o.ctx, `UPDATE decision_item SET name = 'Người Khác' WHERE no = 1`)
		return err
	}))
	o.get(officer, at+"/tai?dang=docx").is(409, "không còn đúng như lúc ban hành")
	o.get(officer, at+"/in").is(409)
	o.get(officer, at).is(200)
}

func TestRevokeAndAmend(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", "Phạm Ngọc Ẩn")
	at := o.signed()
	old := o.titles(at)
	var chien, thuy = old[0], old[0]
	for _, x := range old {
		switch x.Name {
		case "Hà Văn Chiến":
			chien = x
		case "Đinh Thị Thuỷ":
			thuy = x
		}
	}
	o.get(officer, at+"/sua-doi?viec=thu-hoi&q=ha+van").is(200, "Hà Văn Chiến", "Thu hồi cả 3 danh hiệu").lacks("Đinh Thị Thuỷ")
	o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "chon", chien.AssessmentID).is(422, "lý do", "checked")
	o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại").is(422, "chưa có tên nào")
	revoking := o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại <b>", "chon", chien.AssessmentID).moved()
	o.get(officer, revoking).is(200, "Thu hồi danh hiệu của 1 hộ?", "Lý do: Kiểm tra lại &lt;b&gt;", "01/QĐ-HKH", "Giấy chứng nhận đã cấp")
	o.get("", "/xac-minh/"+string(chien.Code)).is(200, "Giấy này có hiệu lực")
	o.sign(revoking, "1")
	o.get("", "/xac-minh/"+string(chien.Code)).is(200, "Giấy này đã bị thu hồi", "02/QĐ-HKH", "01/QĐ-HKH")
	o.get(officer, at).is(200, "02/QĐ-HKH")
	o.get(officer, at+"/giay").is(200).lacks(chien.Code.String())
	o.get(officer, at+"?giay="+strconv.Itoa(chien.No)).is(200, "ĐÃ THU HỒI")
	o.get(officer, revoking+"/sua-doi?viec=sua").is(200, "Trả lại cho Hà Văn Chiến")

	amending := o.post(officer, at+"/sua-doi", "viec", "sua", "reason", "Ghi sai tên", "ten-"+thuy.AssessmentID, "Đinh Thị Thuý").moved()
	o.get(officer, amending).is(200, "Sửa đổi 1 trường hợp?", "Đinh Thị Thuý", "Gia đình Đinh Thị Thuý")
	o.post(officer, amending, "version", "1", "grounds", "Căn cứ", "reason", "Ghi sai tên họ", "signer", signer).moved()
	o.sign(amending, "2")
	o.get("", "/xac-minh/"+string(thuy.Code)).is(200, "thay bằng giấy khác")
	fresh := o.titles(amending)
	o.get("", "/xac-minh/"+string(fresh[0].Code)).is(200, "Giấy này có hiệu lực", "Đinh T. Thuý")

	restoring := o.post(officer, revoking+"/sua-doi", "viec", "sua", "reason", "Đã giải trình", "tra", chien.AssessmentID).moved()
	o.sign(restoring, "1")
	again := o.titles(restoring)
	o.get("", "/xac-minh/"+string(again[0].Code)).is(200, "Giấy này có hiệu lực", "Hà V. Chiến")
}

func TestExemplary(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	o.signed()
	list := o.base() + "/de-nghi"
	o.get(officer, list+"?mo-hinh=family&nam=2026&loai=tieu-bieu").is(200, "2 hộ có thể chọn tiêu biểu", "Chọn Hà Văn Chiến")
	best := o.files()[0]
	at := o.post(officer, list, "mo-hinh", "family", "nam", "2026", "loai", "tieu-bieu", "chon", best.ID).moved()
	o.get(officer, at).is(200, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG", "tiêu biểu năm 2026", "Luật Tổ chức chính quyền địa phương")
	o.sign(at, "1")
	o.get(officer, at).is(200, "01/QĐ-UBND")
	o.get("", "/xac-minh/"+string(o.titles(at)[0].Code)).is(200, "Gia đình học tập tiêu biểu 2026")
	o.get(province, list+"?mo-hinh=family&nam=2026&loai=giai-doan").is(200, "5 trên 5 năm", "UBND tỉnh")
}

func TestBodies(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	id := "hoi_kh_xa-" + o.commune
	o.get(officer, o.base()).is(200)
	o.post(officer, o.base()+"/co-quan", "id", id, "version", "1", "name", "Hội Khuyến học xã Hy Cương", "symbol", "QĐ/HKH", "signer", signer, "post", "Chủ tịch").is(422, "QĐ/HKH", "gạch chéo")
	o.post(officer, o.base()+"/co-quan", "id", id, "version", "1", "name", "Hội Khuyến học xã Hy Cương", "symbol", "QĐ-HKHX", "signer", signer, "post", "Chủ tịch").moved()
	o.post(officer, o.base()+"/co-quan", "id", id, "version", "1", "name", "Khác", "symbol", "QĐ", "signer", "", "post", "").is(409, "Người khác vừa sửa", "Khác")
	book := o.base() + "/so?co-quan=" + id + "&nam=2026"
	o.get(officer, book).is(200, "Chưa cấp số nào", "Số đầu tiên")
	o.post(officer, o.base()+"/so", "co-quan", id, "nam", "2026", "first", "0").is(422)
	o.post(officer, o.base()+"/so", "co-quan", id, "nam", "2026", "first", "214").moved()
	at := o.signed()
	o.get(officer, at).is(200, "Số: 214/QĐ-HKHX")
	o.post(officer, o.base()+"/so", "co-quan", id, "nam", "2026", "first", "300").is(409)
}

// TestPaged prints many certificates a batch at a time.
func TestPaged(t *testing.T) {
	names := make([]string, 103)
	for i := range names {
		names[i] = "Chủ hộ " + strconv.Itoa(i+1)
	}
	o := open(t, names...)
	at := o.signed()
	first, second := o.get(officer, at+"/giay"), o.get(officer, at+"/giay?trang=2")
	first.is(200, "1 đến 100 trong 103", "trang=2")
	second.is(200, "101 đến 103 trong 103", "trang=1")
	if a, b := strings.Count(first.body, `class="cert"`), strings.Count(second.body, `class="cert"`); a != 100 || b != 3 {
		t.Fatalf("%d and %d certificates", a, b)
	}
	one := o.get(officer, at+"/giay?so=7")
	if n := strings.Count(one.body, `class="cert"`); n != 1 {
		t.Fatalf("%d certificates of one number", n)
	}
	if n := strings.Count(o.get(officer, at+"/in").body, `class="ds"`); n != 5 {
		t.Fatalf("the list has %d sheets, want 5 of 24 lines", n)
	}
}

func TestCheckPage(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	code := string(o.titles(o.signed())[0].Code)
	typed := strings.ToLower(code[:4]) + " " + code[4:8] + "-" + code[8:]
	if to := o.get("", "/xac-minh?ma="+strings.ReplaceAll(typed, " ", "+")).moved(); to != "/xac-minh/"+code {
		t.Fatalf("leads to %s", to)
	}
	a := o.get("", "/xac-minh/"+code).is(200)
	if a.head.Get("X-Robots-Tag") != "noindex, nofollow" || a.head.Get("Cache-Control") != "no-store" {
		t.Fatalf("headers %v", a.head)
	}
	o.get("", "/xac-minh/000000000000").is(200, "Không có giấy nào mang mã này")
	o.get("", "/xac-minh/12").is(422, "có 12 ký tự")
	o.get("", "/xac-minh?ma=%3Cscript%3E1").is(422).lacks("<script>1")
	o.get("", "/xac-minh").is(200, "Mã trên giấy")
}

func TestRateLimit(t *testing.T) {
	o := open(t)
	ask := func(address string) answer {
		r := httptest.NewRequest("GET", "/xac-minh/000000000000", nil)
		r.RemoteAddr = address
		return o.do("", r)
	}
	for i := range 30 {
		if a := ask("192.0.2.7:" + strconv.Itoa(1000+i)); a.code != 200 {
			t.Fatalf("question %d: %d", i+1, a.code)
		}
	}
	a := ask("192.0.2.7:5").is(429, "Chờ 2 giây")
	if a.head.Get("Retry-After") != "2" {
		t.Fatalf("Retry-After %q", a.head.Get("Retry-After"))
	}
	ask("192.0.2.8:5").is(200)
	o.at = o.at.Add(2e9)
	ask("192.0.2.7:6").is(200)
	ask("192.0.2.7:6").is(429)
	for range 30 {
		ask("[2001:db8::1]:7").is(200)
	}
	ask("[2001:db8::ffff:2]:7").is(429) // the same network
}

// TestNoRound answers a place without any round in words.
func TestNoRound(t *testing.T) {
	o := open(t)
	o.get(officer, o.base()+"?nam=2019").is(404, "Chưa có đợt đánh giá nào")
	o.get(officer, "/quyet-dinh/"+o.area).is(404, "Chọn xã")
	o.get(officer, o.base()+"/de-nghi?mo-hinh="+registry.Clan+"&nam=2026").is(200, "Chưa có hồ sơ nào để đề nghị")
}

// TestMarks demands that invented data and criteria that are not official say so on each sheet.
func TestMarks(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	at := o.signed()
	for _, path := range []string{at, at + "/in", at + "/giay"} {
		o.get(officer, path).is(200, `<p class="pmark">Bộ tiêu chí dựng tạm`).lacks("DỮ LIỆU BỊA")
	}
	o.s.Demo = true
	for path, sheets := range map[string]int{at: 2, at + "/in": 2, at + "/giay": 1} {
		if n := strings.Count(o.get(officer, path).body, "DỮ LIỆU BỊA"); n != sheets {
			t.Errorf("%s: %d marks on %d sheets", path, n, sheets)
		}
	}
	o.get("", "/xac-minh/"+string(o.titles(at)[0].Code)).is(200, "Dữ liệu bịa", "Bộ tiêu chí dựng tạm")
}
