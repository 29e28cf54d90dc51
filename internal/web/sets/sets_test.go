// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets_test

import (
	"strings"
	"testing"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
)

const officer = identity.ProvinceOfficer

func TestListAndVersion(t *testing.T) {
	o := open(t)
	o.get("", "/bo-tieu-chi").moved()
	page := o.get(identity.Viewer, "/bo-tieu-chi").is(200, "Có 16 bộ tiêu chí", "Dựng tạm, chờ bộ chính thức", "Theo văn bản chính thức", "2022 đến 2030", "Đang áp dụng")
	if strings.Contains(page.body, `name="file"`) {
		t.Error("a viewer is offered to upload")
	}
	o.get(identity.Admin, "/bo-tieu-chi").is(403)
	o.get(officer, "/bo-tieu-chi").is(200, "Thêm bộ tiêu chí từ tệp")
	page = o.get(identity.Viewer, "/bo-tieu-chi/"+family+"@1").is(200, "Tiêu chí “Gia đình học tập”", "DỰNG LẠI", "Đúng 100", "Trẻ trong độ tuổi đều đi học", "Bậc tỷ lệ", "Trên điện thoại trưởng khu", "4/4", "Nguồn đã đọc")
	if strings.Contains(page.body, "<input type=\"hidden\" name=\"act\"") {
		t.Error("a viewer is offered to edit")
	}
	o.get(identity.Viewer, "/bo-tieu-chi/"+family+"@1?phan=cong-nhan").is(200, "miền núi", "70", "Có đăng ký trong hạn", "50 % điểm tối đa")
	o.get(identity.Viewer, "/bo-tieu-chi/"+family+"@1?phan=chung").is(200, "Số trẻ em, học sinh trong độ tuổi đi học")
	o.get(identity.Viewer, "/bo-tieu-chi/"+family+"@1?phan=yaml").is(200, "learning-criteria/1")
	o.get(identity.Viewer, "/bo-tieu-chi/khong-co@1").is(404)
	for _, id := range []string{"citizen-khvn-2022", "unit-tt24-2023-province", "commune-tt25-2023", "clan-448-2015", "province-tt25-2023"} {
		for _, query := range []string{"", "?chon=0", "?chon=0.0", "?chon=9.9", "?chon=-1.x", "?phan=cong-nhan", "?phan=chung", "?phan=so-sanh", "?phan=yaml", "?lang=en"} {
			o.get(identity.Viewer, "/bo-tieu-chi/"+id+"@1"+query).is(200)
		}
		o.get(identity.Viewer, "/bo-tieu-chi/"+id+"@1/thu").is(200, "Chấm thử")
	}
	if a := o.get(identity.Viewer, "/bo-tieu-chi/"+family+"@1/tep"); a.code != 200 || a.body != o.version(family+"@1").Body {
		t.Error("the file that is downloaded is another")
	}
}

// TestWholeWay goes from a draft over each kind of edit and a fault to a published version.
func TestWholeWay(t *testing.T) {
	o := open(t)
	at := o.draft()
	e := o.edit(officer, at+"?chon=3.2")
	e.send("criterion", "title", "Dùng điện thoại, mạng để tự học", "note", "Xem bài giảng cũng tính.", "evidence", "Ảnh\nGiấy chứng nhận", "evidence_required", "from", "evidence_required.from_points", "3").moved()
	doc := o.doc(family + "@2")
	k := doc.At("groups[3].criteria[2]")
	if k.Get("title").Text() != "Dùng điện thoại, mạng để tự học" || k.Get("note").Text() != "Xem bài giảng cũng tính." || len(k.Get("evidence").List()) != 2 || k.Get("evidence_required.from_points").Text() != "3" {
		t.Errorf("the criterion was not taken: %s", o.version(family+"@2").Body)
	}
	if !strings.Contains(e.page, "Cần minh chứng từ 3 điểm trở lên") {
		t.Error("the preview does not say that evidence is needed")
	}

	// A fault: kept, named at its field, not to be published.
	e.send("criterion", "max_points", "sáu").is(422, "Có 1 chỗ phải sửa", "Chỗ này phải là số", "Cần sửa", "Sửa hết lỗi rồi mới ban hành được")
	if !strings.Contains(e.page, `value="sáu"`) || !strings.Contains(e.page, `id="max_points-err"`) {
		t.Error("what was typed, or its fault, is not at the field")
	}
	edit := itoa(o.version(family + "@2").Edit)
	o.post(officer, at+"/ban-hanh", "edit", edit, "reason", "Thử").is(422)
	e.send("criterion", "max_points", "5").is(422, "Các tiêu chí của nhóm D cộng được 19 điểm", "Dòng ") // the sum of the group is off
	e.send("criterion", "max_points", "6").moved()

	// Order, groups and criteria.
	e.send("up").moved()
	if got := codes(o.doc(family + "@2")); got != "A1 A2 A3|B1 B2 B3|C1 C2|D1 D3 D2" {
		t.Errorf("after up: %s", got)
	}
	e.show("?chon=0.0")
	e.send("carry", "to", "1").is(422) // two sums are off now
	if got := codes(o.doc(family + "@2")); got != "A2 A3|B1 B2 B3 A1|C1 C2|D1 D3 D2" {
		t.Errorf("after carrying: %s", got)
	}
	e.send("drop", "chon", "1.3", "before", "0.0").moved()
	if got := codes(o.doc(family + "@2")); got != "A1 A2 A3|B1 B2 B3|C1 C2|D1 D3 D2" {
		t.Errorf("after dropping: %s", got)
	}
	e.show("?chon=2.0")
	e.send("add-criterion").is(422)
	if got := codes(o.doc(family + "@2")); got != "A1 A2 A3|B1 B2 B3|C1 C2 C3|D1 D3 D2" {
		t.Errorf("after adding: %s", got)
	}
	e.send("remove").moved()
	e.send("add-group").is(422)
	if got := codes(o.doc(family + "@2")); !strings.HasSuffix(got, "|E1") {
		t.Errorf("after adding a group: %s", got)
	}
	e.send("remove").moved()
	e.show("?chon=0")
	e.send("group", "title", "Trẻ em").moved()

	e.show("?phan=cong-nhan")
	e.send("recognition", "thresholds[0].min_total", "75,5", "mandatory[3].code", "G4", "mandatory[3].title", "Không nợ quỹ", "min_per_group.unit", "points", "min_per_group.value", "9", "thresholds[2].region", "", "thresholds[2].min_total", "", "thresholds[2].verified", "").moved()
	set := o.compiled(family + "@2")
	r := set.Set.Recognition
	if len(r.Thresholds) != 2 || r.Thresholds[0].MinTotal.Points() != 7550 || len(r.Gates) != 4 || r.MinPerGroup.Percent || r.MinPerGroup.Value.Points() != 900 {
		t.Errorf("recognition %+v", r)
	}
	e.show("?phan=chung")
	e.send("general", "effective.from", "2027", "decision.number", "01/QĐ", "facts[8].key", "phones", "facts[8].title", "Số điện thoại", "facts[8].type", "int").moved()
	if set = o.compiled(family + "@2"); set.Set.Effective.From != 2027 || set.Set.Decision.Number != "01/QĐ" || len(set.Facts) != 9 {
		t.Error("general fields were not taken")
	}

	o.get(officer, at+"?phan=so-sanh").is(200, "Tiêu chí D3, nội dung", "Ngưỡng vùng chung, tổng điểm ít nhất", "75.5", "Điều kiện G4", "Số liệu phones", "Đổi thứ tự")

	// Publishing asks for a reason, and then nothing changes any more.
	edit = itoa(o.version(family + "@2").Edit)
	o.post(officer, at+"/ban-hanh", "edit", edit, "reason", " ").is(422, "Cần ghi lý do ban hành")
	o.post(officer, at+"/ban-hanh", "edit", "1", "reason", "Theo quyết định").is(409)
	o.post(officer, at+"/ban-hanh", "edit", edit, "reason", "Theo quyết định").moved()
	if o.version(family+"@2").State != version.Published || o.version(family+"@1").State != version.Superseded {
		t.Error("not published, or the earlier one is still in use")
	}
	o.post(officer, at, "act", "text", "edit", edit, "text", "x").is(409, "đã ban hành")
	o.post(officer, at+"/bo", "edit", edit).is(409)
	page := o.get(officer, at).is(200, "Đang áp dụng", "Lập bản mới từ bản này")
	if strings.Contains(page.body, `value="criterion"`) {
		t.Error("a published version is offered for editing")
	}
	o.get(officer, "/bo-tieu-chi/"+family+"@1").is(200, "Đã có bản mới")
}

func (o *office) doc(id string) *version.Doc {
	o.t.Helper()
	d, err := version.ReadDoc(o.version(id).Body)
	o.ok(err)
	return d
}

func (o *office) compiled(id string) *criteria.Compiled {
	o.t.Helper()
	c, err := o.s.Sets.Compiled(o.ctx, id)
	o.ok(err)
	return c
}

// codes lists the criteria of a draft by group.
func codes(d *version.Doc) string {
	var groups []string
	for _, g := range d.At("groups").List() {
		var list []string
		for _, c := range g.Get("criteria").List() {
			list = append(list, c.Get("code").Text())
		}
		groups = append(groups, strings.Join(list, " "))
	}
	return strings.Join(groups, "|")
}

// TestEveryKind changes one criterion to each kind in turn with the fields that the page then offers.
func TestEveryKind(t *testing.T) {
	o := open(t)
	at := o.draft()
	e := o.edit(officer, at+"?chon=3.2")
	cases := []struct {
		kind   criteria.Kind
		fields []string
		check  func(s criteria.Scoring) bool
	}{
		{criteria.Boolean, []string{"scoring.fact", "culture_family"}, func(s criteria.Scoring) bool { return s.Fact == "culture_family" }},
		{criteria.Deduct, []string{"scoring.value", "adults", "scoring.per_case", "1,5"}, func(s criteria.Scoring) bool { return s.Value == "adults" && s.PerCase.Points() == 150 }},
		{criteria.CountBands, []string{"scoring.value", "adults", "scoring.bands[0].min", "1", "scoring.bands[0].points", "2", "scoring.bands[1].min", "2", "scoring.bands[1].points", "6"}, func(s criteria.Scoring) bool { return len(s.Bands) == 2 && s.Bands[1].Min.Points() == 200 }},
		{criteria.RatioBands, []string{"scoring.numerator", "adults_learned", "scoring.denominator", "adults", "scoring.bands[0].min_percent", "50", "scoring.bands[0].points", "6"}, func(s criteria.Scoring) bool { return len(s.Bands) == 1 && s.Numerator == "adults_learned" }},
		{criteria.RatioLinear, []string{"scoring.full_at", "90"}, func(s criteria.Scoring) bool { return s.FullAt.Points() == 9000 && s.Denominator == "adults" }},
		{criteria.RatioThreshold, []string{"scoring.min_percent", "80"}, func(s criteria.Scoring) bool { return s.MinPercent.Points() == 8000 }},
		{criteria.AmountBands, []string{"scoring.value", "adults", "scoring.per", "children_school_age", "scoring.bands[0].min", "1.000.000", "scoring.bands[0].points", "6"}, func(s criteria.Scoring) bool { return s.Per == "children_school_age" && s.Bands[0].Min.N == 1000000 }},
		{criteria.Checklist, []string{"scoring.items[0].code", "a", "scoring.items[0].title", "Một", "scoring.items[0].points", "3", "scoring.items[1].code", "b", "scoring.items[1].title", "Hai", "scoring.items[1].points", "3", "scoring.pick.min", "1"}, func(s criteria.Scoring) bool { return len(s.Items) == 2 && s.PickMin == 1 }},
		{criteria.ExternalStatus, []string{"scoring.status", "poverty_status", "scoring.accept", "none, near_poor", "scoring.partial[0].value", "poor", "scoring.partial[0].points", "1"}, func(s criteria.Scoring) bool {
			return len(s.Accept) == 2 && len(s.Partial) == 1 && s.Partial[0].Value.Text == "poor"
		}},
		{criteria.MemberTitles, []string{"scoring.member", "adult", "scoring.title_model", "citizen", "scoring.bands[0].min_percent", "50", "scoring.bands[0].points", "6", "scoring.min_percent_by_year[0].from", "2022", "scoring.min_percent_by_year[0].to", "2030", "scoring.min_percent_by_year[0].min_percent", "40"}, func(s criteria.Scoring) bool {
			return s.Member == criteria.MemberAdult && len(s.Floors) == 1 && len(s.Bands) == 1
		}},
		{criteria.Scale, []string{"scoring.step", "0,5", "scoring.levels[0].points", "6", "scoring.levels[0].when", "Tốt"}, func(s criteria.Scoring) bool { return s.Step.Points() == 50 && len(s.Guide) == 1 }},
		{criteria.Manual, nil, func(s criteria.Scoring) bool { return len(s.Guide) == 0 }},
	}
	for _, c := range cases {
		e.send("criterion", "scoring.kind", string(c.kind)) // 303, or 422 that shows the fields of the new kind
		if a := e.send("criterion", c.fields...); a.code != 303 {
			a.is(303)
		}
		set := o.compiled(family + "@2")
		i, _ := set.CriterionIndex("D3")
		if s := set.Criteria[i].Scoring; s.Kind != c.kind || !c.check(s) {
			t.Errorf("%s: %+v", c.kind, s)
		}
	}
	// Conditions, and the way out of them.
	e.send("criterion", "applies.fact.0", "children_school_age", "applies.cond.0", ">0", "when_not_applicable", "full").moved()
	e.send("criterion", "applies.fact.1", "poverty_status", "applies.cond.1", "none, near_poor").moved()
	i, _ := o.compiled(family + "@2").CriterionIndex("D3")
	if k := o.compiled(family + "@2").Criteria[i]; len(k.AppliesWhen) != 2 || len(k.AppliesWhen[1].Values) != 2 || k.WhenNotApplicable != criteria.NotApplicableFull {
		t.Errorf("conditions %+v", k.AppliesWhen)
	}
	e.send("criterion", "applies.fact.0", "", "applies.fact.1", "", "when_not_applicable", "").moved()
	if d := o.doc(family + "@2"); d.At("groups[3].criteria[2].applies_when").Given() {
		t.Error("the conditions are still there")
	}
	// Every other byte of the draft is as it was: nothing but D3 differs.
	for _, c := range version.Compare(o.doc(family+"@1"), o.doc(family+"@2")) {
		if !strings.HasPrefix(strings.Join(c.Steps, " "), "groups D criteria D3") {
			t.Errorf("changed besides: %+v", c)
		}
	}
}

// TestSavingNothingChangesNothing sends every form as it stands.
func TestSavingNothingChangesNothing(t *testing.T) {
	o := open(t)
	for _, id := range []string{family, "citizen-khvn-2022", "unit-tt24-2023-province", "commune-tt25-2023", "clan-2021-2030"} {
		at := o.post(officer, "/bo-tieu-chi/"+id+"@1/ban-moi").moved()
		for _, c := range [][2]string{{"?chon=0.0", "criterion"}, {"?chon=1.0", "criterion"}, {"?chon=1", "group"}, {"?phan=cong-nhan", "recognition"}, {"?phan=chung", "general"}} {
			e := o.edit(officer, at+c[0])
			if a := e.send(c[1]); a.code != 303 {
				a.is(303)
			}
		}
		if changes := version.Compare(o.doc(id+"@1"), o.doc(id+"@2")); len(changes) > 0 {
			t.Errorf("%s: %v", id, changes)
		}
	}
}

// TestTwoEditors: who saves second sees the newer text with the own change laid over it, and may save that.
func TestTwoEditors(t *testing.T) {
	o := open(t)
	at := o.draft()
	a, b := o.edit(officer, at+"?chon=3.2"), o.edit(officer, at+"?chon=3.2")
	a.send("criterion", "note", "Của người thứ nhất").moved()
	b.send("criterion", "title", "Tên của người thứ hai").is(409, "Người khác", "chưa lưu")
	if !strings.Contains(b.page, "Tên của người thứ hai") || !strings.Contains(b.page, "data-failed") {
		t.Error("what the second typed is not on the page")
	}
	if k := o.doc(family + "@2").At("groups[3].criteria[2]"); k.Get("title").Text() == "Tên của người thứ hai" {
		t.Error("the second was saved all the same")
	}
	b.send("criterion").moved()
	k := o.doc(family + "@2").At("groups[3].criteria[2]")
	if k.Get("title").Text() != "Tên của người thứ hai" {
		t.Error("the second change is lost")
	}

	// The criterion moved meanwhile: the change follows it.
	b.show("?chon=3.2")
	a.show("?chon=3.2")
	a.send("up").moved()
	b.send("criterion", "title", "Vẫn là D3").is(409)
	b.send("criterion").moved()
	if got := o.doc(family + "@2").At("groups[3].criteria[1].title").Text(); got != "Vẫn là D3" {
		t.Errorf("changed another criterion: %s", o.version(family+"@2").Body)
	}

	// The text as a whole.
	text := o.edit(officer, at+"?phan=yaml")
	a.show("?chon=0.0")
	a.send("criterion", "title", "Sửa ở bảng").moved()
	mine := o.version(family+"@1").Body + "# của tôi\n"
	text.send("text", "text", mine).is(409)
	if !strings.Contains(text.page, "# của tôi") {
		t.Error("the typed text is lost")
	}
	text.send("text", "text", strings.Replace(mine, "max_points: 100", "max_points: trăm", 1)).is(422, "Dòng 8:", "max_points")
	if !strings.Contains(o.version(family+"@2").Body, "max_points: trăm") {
		t.Error("a text with faults was not kept")
	}
	text.send("text", "text", "một: [").is(422, "YAML")
	o.get(officer, at).is(200, "YAML")
	text.send("text", "text", mine).moved()
}

func TestPermissions(t *testing.T) {
	o := open(t)
	at := o.draft()
	for _, role := range []identity.Role{identity.CommuneOfficer, identity.Reviewer, identity.AreaVolunteer, identity.Viewer, identity.Admin} {
		for _, act := range []string{"", "/ban-moi", "/ban-hanh", "/bo", "/ap-dung"} {
			o.post(role, at+act, "act", "text", "edit", "1", "reason", "Thử").is(403)
		}
		o.upload(role, "", o.version(family+"@1").Body).is(403)
	}
	if o.version(family+"@2").Edit != 1 {
		t.Error("somebody changed the draft")
	}
	o.post("", at, "act", "text").moved()
	if to := o.post(officer, at+"/bo", "edit", "1").moved(); to != "/bo-tieu-chi" {
		t.Errorf("after discarding: %s", to)
	}
	o.get(officer, at).is(404)
}

func TestUpload(t *testing.T) {
	o := open(t)
	body := strings.Replace(o.version(family+"@1").Body, "id: "+family, "id: family-tinh", 1)
	o.upload(officer, strings.Replace(body, "max_points: 100", "max_points: 99", 1), "").is(422, "Dòng", "ghi 99", "max_points: 99")
	if to := o.upload(officer, body, "").moved(); to != "/bo-tieu-chi/family-tinh@1" {
		t.Errorf("a new set: %s", to)
	}
	if to := o.upload(officer, "", o.version(family+"@1").Body).moved(); to != "/bo-tieu-chi/"+family+"@2" {
		t.Errorf("the next version: %s", to)
	}
	o.upload(officer, "", "").is(422)
	o.upload(officer, "\x00\xff", "").is(422)
	o.upload(officer, strings.Repeat("a: 1\n", 300000), "").is(413)
	overlay := "schema: learning-criteria/1\nid: family-phu-tho\noverlays: " + family + "\ntitle: Bộ của tỉnh\n"
	at := o.upload(officer, overlay, "").moved()
	o.get(officer, at).is(200, "overlays")
	o.post(officer, at+"/ban-hanh", "edit", "1", "reason", "Thử").moved()
	o.get(identity.Viewer, at).is(200, "Trẻ trong độ tuổi đều đi học", "Đúng 100")
}

// TestHostileTitles: what stands in a set is text, wherever it is shown.
func TestHostileTitles(t *testing.T) {
	o := open(t)
	at := o.draft()
	evil := `<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{.x}}`
	e := o.edit(officer, at+"?chon=3.2")
	e.send("criterion", "title", evil, "note", evil, "evidence", evil, "code", `D"><b>`).moved()
	e.show("?chon=3")
	e.send("group", "title", evil).moved()
	e.show("?phan=chung")
	e.send("general", "title", evil, "verification_note", evil).moved()
	for _, path := range []string{"/bo-tieu-chi", at, at + "?chon=3.2", at + "?chon=3", at + "?phan=cong-nhan", at + "?phan=chung", at + "?phan=so-sanh", at + "?phan=yaml", at + "/thu"} {
		page := o.get(officer, path).is(200).body
		if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img src=x") || strings.Contains(page, `"><b>`) {
			t.Errorf("%s lets markup through", path)
		}
	}
	e.show("?phan=yaml")
	body := o.version(family + "@2").Body
	e.send("text", "text", strings.Replace(body, "sources:", "sources:\n  - {url: \"javascript:alert(1)\", supports: x}", 1)).is(422)
	if strings.Contains(o.get(officer, at).is(200).body, `href="javascript:`) {
		t.Error("a source leads into a script")
	}
}
