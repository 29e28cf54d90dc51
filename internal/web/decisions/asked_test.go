// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// ticked is the list's form with the ticks of one name.
func ticked(loai string, pairs ...string) []string {
	return append([]string{"mo-hinh", "family", "nam", "2026", "loai", loai, "ngay", "2026-12-01", "nguoi-ky", signer}, pairs...)
}

// asked makes a request and returns its address.
func (o *office) asked(loai string, pairs ...string) string {
	o.t.Helper()
	o.post(officer, o.base()+"/de-nghi/to-trinh", ticked(loai, pairs...)...).moved()
	list, err := o.s.Recognition.Requests(o.ctx, identity.System, o.commune, o.round.ID, "family")
	o.ok(err)
	return o.base() + "/de-nghi/to-trinh/" + list[len(list)-1].ID
}

// has demands that a paper's text names some and not others.
func (o *office) has(text string, some, others []string) {
	o.t.Helper()
	for _, s := range some {
		if !strings.Contains(text, s) {
			o.t.Errorf("lacks %q: %s", s, text)
		}
	}
	for _, s := range others {
		if strings.Contains(text, s) {
			o.t.Errorf("has %q: %s", s, text)
		}
	}
}

// TestRequestOfTheYear leaves the files that are set aside out of the request, the council's minutes and the list, numbered or not.
func TestRequestOfTheYear(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", "Lê Văn Năm")
	back := o.files()[0]
	for _, file := range []string{"giay=to-trinh&dang=docx", "giay=bien-ban&dang=docx"} {
		text := wordText(t, o.post(officer, o.base()+"/de-nghi/tai?"+file, ticked("", "lai", back.ID)...).is(200).body)
		o.has(text, []string{"2 gia đình"}, []string{back.Name, "3 gia đình đủ"})
		if same := wordText(t, o.get(officer, o.base()+"/de-nghi/tai?mo-hinh=family&nam=2026&"+file+"&lai="+back.ID).is(200).body); same != text {
			t.Errorf("the address says %s, the form %s", same, text)
		}
	}
	at := o.asked("", "lai", back.ID)
	text := wordText(t, o.get(officer, at+"?dang=docx").is(200).body)
	o.has(text, []string{"Số: 01/TTr-HĐ", "2 gia đình", o.files()[1].Name, o.files()[2].Name}, []string{back.Name})
	o.get(officer, at+"?dang=xlsx").is(200)

	// The later draft is ticked as the request has it.
	follow := o.base() + "/de-nghi?mo-hinh=family&nam=2026&theo=" + at[strings.LastIndexByte(at, '/')+1:]
	ticks := regexp.MustCompile(`name="lai" value="(\w+)" checked`).FindAllStringSubmatch(o.get(officer, follow).is(200).body, -1)
	if len(ticks) != 1 || ticks[0][1] != back.ID {
		t.Errorf("ticked %v, want %s", ticks, back.ID)
	}
	o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026").is(200, "Chọn lại theo tờ trình này")
	o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026&theo=x").is(200).lacks(" checked")

	all := []string{}
	for _, f := range o.files() {
		all = append(all, "lai", f.ID)
	}
	o.post(officer, o.base()+"/de-nghi/to-trinh", ticked("", all...)...).is(422, "chưa có tên nào", " checked")
	o.post(officer, o.base()+"/de-nghi/tai?giay=to-trinh&dang=docx", ticked("", all...)...).is(422, "chưa có tên nào")
	o.post(viewer, o.base()+"/de-nghi/tai?giay=to-trinh&dang=docx", ticked("")...).is(200)
	o.post(viewer, o.base()+"/de-nghi/to-trinh", ticked("")...).is(403)
	o.post(neighbour, o.base()+"/de-nghi/tai?giay=to-trinh&dang=docx", ticked("")...).is(403)
}

// TestRequestOfExemplary asks for the ticked names and nobody else; without one it says so and keeps what was typed.
func TestRequestOfExemplary(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", "Lê Văn Năm")
	o.signed()
	best := o.files()[1]
	o.post(officer, o.base()+"/de-nghi/to-trinh", "mo-hinh", "family", "nam", "2026", "loai", "tieu-bieu", "ngay", "2026-12-01", "nguoi-ky", "Người Ký Khác").
		is(422, "chưa có tên nào", "Người Ký Khác", `value="2026-12-01"`)
	o.post(officer, o.base()+"/de-nghi/tai?giay=bien-ban&dang=docx", ticked("tieu-bieu")...).is(422, "chưa có tên nào")
	o.post(officer, o.base()+"/de-nghi/tai?giay=to-trinh&dang=docx", ticked("tieu-bieu", "chon", "x")...).is(409, "Tải lại danh sách")
	for _, file := range []string{"giay=to-trinh&dang=docx", "giay=bien-ban&dang=docx"} {
		o.has(wordText(t, o.post(officer, o.base()+"/de-nghi/tai?"+file, ticked("tieu-bieu", "chon", best.ID)...).is(200).body), []string{"1 gia đình"}, []string{"3 gia đình đủ"})
	}
	at := o.asked("tieu-bieu", "chon", best.ID)
	o.has(wordText(t, o.get(officer, at+"?dang=docx").is(200).body), []string{best.Name, "1 gia đình"}, []string{o.files()[0].Name, o.files()[2].Name})
	follow := o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026&loai=tieu-bieu&theo="+at[strings.LastIndexByte(at, '/')+1:]).is(200, "01/TTr-HKH").body
	if n := strings.Count(follow, " checked"); n != 1 || !strings.Contains(follow, `value="`+best.ID+`" checked`) {
		t.Errorf("%d ticks", n)
	}
	o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026").is(200).lacks("01/TTr-HKH") // it is of another list
	o.get(officer, o.base()+"/de-nghi?mo-hinh=dong-vat&nam=2026").is(404, "không có mô hình").lacks("model.dong-vat")
}

// TestRequestRefused gives no number while an appeal is open or to a day that cannot be.
func TestRequestRefused(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	f := o.files()[0]
	_, err := o.s.Assessment.Object(o.ctx, identity.System, f.PlaceID, f.ID, "Hà Thị Mơ", "Nhà chưa có góc học tập")
	o.ok(err)
	to := o.base() + "/de-nghi/to-trinh"
	o.post(officer, to, ticked("")...).is(409, "1 hồ sơ trong tờ trình có phản ánh chưa trả lời: "+f.Name)
	for date, says := range map[string]string{"2020-01-01": "Đợt này thẩm định từ", "31/02/2026": "Gõ ngày ký", "": "Gõ ngày ký", "2026-12-02": "chưa đến"} {
		o.post(officer, to, "mo-hinh", "family", "nam", "2026", "ngay", date, "nguoi-ky", signer, "lai", f.ID).is(422, says, `value="`+date+`"`)
	}
	o.post(officer, to, ticked("", "lai", f.ID)...).moved()
	o.get(officer, o.base()+"/so?co-quan=hoi_kh_xa-"+o.commune+"&nam=2026&loai=to-trinh").is(200, "01/TTr-HĐ").lacks("02/TTr-HĐ")
	o.post(officer, o.base()+"/so", "co-quan", "hoi_kh_xa-"+o.commune, "nam", "2199", "first", "5").is(422)
	o.post(officer, o.base()+"/so", "co-quan", "hoi_kh_xa-"+o.commune, "nam", "xx", "first", "5").is(422)
}

var hidden = regexp.MustCompile(`name="phieu" value="(\w+)"`)

// tokens are those of the forms of a page.
func (a answer) token() string {
	a.t.Helper()
	m := hidden.FindStringSubmatch(a.body)
	if m == nil {
		a.t.Fatal("the page has no token")
	}
	return m[1]
}

// TestPressedTwice sends each form twice: the second time leads to what the first made.
func TestPressedTwice(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	list := o.base() + "/de-nghi?mo-hinh=family&nam=2026"
	token := o.get(officer, list).token()
	if other := o.get(officer, list).token(); other == token {
		t.Error("two pages have one token")
	}
	for range 2 {
		o.post(officer, o.base()+"/de-nghi/to-trinh", ticked("", "phieu", token)...).moved()
	}
	token = o.get(officer, list).is(200, "01/TTr-HĐ").lacks("02/TTr-HĐ").token()
	at := o.post(officer, o.base()+"/de-nghi", ticked("", "phieu", token)...).moved()
	if again := o.post(officer, o.base()+"/de-nghi", ticked("", "phieu", token)...).moved(); again != at {
		t.Errorf("%s, then %s", at, again)
	}
	o.sign(at, "1")
	if later := o.post(officer, o.base()+"/de-nghi", ticked("", "phieu", token)...).moved(); later != at { // also when nothing is left to decide
		t.Errorf("later %s", later)
	}
	token = o.get(officer, at).token()
	for range 2 {
		o.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-01", "nguoi-ky", signer, "phieu", token).moved()
	}
	o.get(officer, at).is(200, "01/TB-HKH").lacks("02/TB-HKH")
	token = o.get(officer, at+"/sua-doi?viec=thu-hoi").token()
	revoke := o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại", "chon", o.files()[0].ID, "phieu", token).moved()
	if again := o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại", "chon", o.files()[0].ID, "phieu", token).moved(); again != revoke {
		t.Errorf("%s, then %s", revoke, again)
	}
	o.post(officer, revoke+"/bo", "version", "1").moved()
	o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại", "chon", o.files()[0].ID, "phieu", token).is(409, "đã được gửi đi một lần")
}

// TestVoid cancels a notice and a request: the number stays in the register with the reason, the file says so, and nothing undoes it.
func TestVoid(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	request := o.asked("")
	o.post(officer, request+"/huy", ticked("", "ly-do-huy", "")...).is(422, "Ghi lý do huỷ")
	o.post(viewer, request+"/huy", ticked("", "ly-do-huy", "Nhầm")...).is(403)
	o.post(neighbour, request+"/huy", ticked("", "ly-do-huy", "Nhầm")...).is(403)
	o.post(officer, request+"/huy", ticked("", "ly-do-huy", "Cấp hai lần")...).moved()
	o.post(officer, request+"/huy", ticked("", "ly-do-huy", "Khác")...).is(409, "đã huỷ")
	o.has(wordText(t, o.get(officer, request+"?dang=docx").is(200).body), []string{"Đã huỷ ngày 01 tháng 12 năm 2026: Cấp hai lần", "Số: 01/TTr-HĐ"}, nil)
	o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026").is(200, "Đã huỷ: Cấp hai lần").lacks("Chọn lại theo tờ trình này")

	at := o.signed()
	o.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-01", "nguoi-ky", signer).moved()
	list, err := o.s.Recognition.Papers(o.ctx, identity.System, at[strings.LastIndexByte(at, '/')+1:])
	o.ok(err)
	notice := at + "/giay-to/" + list[0].ID
	o.post(officer, notice+"/huy", "ly-do-huy", strings.Repeat("x", 1001)).is(422, "Ghi lý do huỷ", "xxx")
	if to := o.post(officer, notice+"/huy", "ly-do-huy", "Sai ngày niêm yết").moved(); to != at+"#giay-to" {
		t.Errorf("leads to %s", to)
	}
	o.get(officer, at).is(200, "Đã huỷ: Sai ngày niêm yết")
	o.get(officer, at+"/ky-so?giay="+list[0].ID).is(200, "Đã huỷ: Sai ngày niêm yết").lacks("/bat-dau")
	o.post(officer, at+"/ky-so/bat-dau", "giay", list[0].ID).is(409, "đã huỷ") // nobody signs it any more
	o.post(officer, at+"/giay-to/x/huy", "ly-do-huy", "x").is(404)
	book := o.base() + "/so?co-quan=hoi_kh_xa-" + o.commune + "&nam=2026&loai="
	o.get(officer, book+"thong-bao").is(200, "01/TB-HKH", "Huỷ: Sai ngày niêm yết")
	whole := o.get(officer, book+"tat-ca").is(200, "01/TTr-HĐ", "01/QĐ-HKH", "01/TB-HKH", "Huỷ: Cấp hai lần", "Từ số ………… đến số …………", "(10)").lacks("Đặt số đầu")
	for _, form := range []string{"docx", "pdf", "xlsx"} {
		o.get(officer, book+"tat-ca&dang="+form).is(200)
	}
	if strings.Index(whole.body, "01/QĐ-HKH") > strings.Index(whole.body, "01/TB-HKH") {
		t.Error("the notice stands before its decision")
	}
	_, faults, err := o.s.Recognition.Verify(o.ctx)
	o.ok(err)
	if len(faults) > 0 {
		t.Errorf("verify: %+v", faults)
	}
}

// TestPapersAfterLaterDecisions makes notice and dispatch note from what counts: not what was revoked or corrected since, and for the corrected ones a note
// of the amendment's own.
func TestPapersAfterLaterDecisions(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", "Lê Văn Năm", "Ngô Văn Sáu")
	at := o.signed()
	files := o.files()
	o.post(officer, at+"/giay-to", "giay", "phieu-gui", "ngay", "2026-12-01", "nguoi-ky", signer).moved()
	amend := o.post(officer, at+"/sua-doi", "viec", "sua", "reason", "Ghi sai tên", "ten-"+files[1].ID, "Tên Đã Sửa").moved()
	o.sign(amend, "1")
	revoke := o.post(officer, at+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại", "chon", files[2].ID).moved()
	o.sign(revoke, "1")

	notice := wordText(t, o.get(officer, at+"/tai?dang=docx&giay=thong-bao").is(200).body)
	o.has(notice, []string{"2 gia đình", files[0].Name, files[3].Name}, []string{files[1].Name, files[2].Name, "Tên Đã Sửa"})
	note := wordText(t, o.get(officer, at+"/tai?dang=docx&giay=phieu-gui").is(200).body)
	numbers := map[string]int{}
	for _, x := range o.titles(at) {
		if x.State == recognition.TitleValid {
			numbers[fmt.Sprintf("%04d", x.No)]++
		}
	}
	for n := range numbers {
		o.has(note, []string{n}, nil)
	}
	o.has(wordText(t, o.get(officer, amend+"/tai?dang=docx&giay=phieu-gui").is(200).body), []string{"Khu 7", "0001"}, []string{"0002"})
	o.post(officer, amend+"/giay-to", "giay", "thong-bao", "ngay", store.Date(o.at), "nguoi-ky", signer).moved()
	o.get(officer, amend).is(200, "01/TB-HKH", "In 1 giấy")
	o.get(officer, at).is(200, "In 2 giấy").lacks("In 4 giấy")
	o.get(officer, revoke+"/tai?dang=docx&giay=thong-bao").is(409, "không còn danh hiệu nào")
	o.get(officer, revoke).is(200).lacks("Cấp số")

	issued, err := o.s.Recognition.Papers(o.ctx, identity.System, at[strings.LastIndexByte(at, '/')+1:])
	o.ok(err)
	o.has(wordText(t, o.get(officer, at+"/giay-to/"+issued[0].ID+"?dang=docx").is(200).body), []string{"0001 - 0004"}, nil) // as it was frozen
}

// TestFormsWorkWithoutScript finds the fields of a request in the list's form.
func TestFormsWorkWithoutScript(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	body := o.get(officer, o.base()+"/de-nghi?mo-hinh=family&nam=2026").is(200).body
	for _, want := range []string{`id="danh-sach"`, `formaction="` + o.base() + `/de-nghi/to-trinh"`, `formaction="` + o.base() + `/de-nghi/tai?` + strings.ReplaceAll(url.Values{"dang": {"docx"}, "giay": {"to-trinh"}}.Encode(), "&", "&amp;")} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(body, `form="danh-sach"`); n < 6 {
		t.Errorf("%d parts belong to the list's form", n)
	}
}
