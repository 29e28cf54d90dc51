// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// full is a family worked by hand: A 30, B 5+15+10, C 12+8, D 8+6+6 = 100.
var full = []string{"act", "form", "year", "2026", "region", "default",
	"facts.children_school_age", "2", "facts.children_attending", "2", "facts.children_result_ok", "2", "facts.adults", "4", "facts.adults_literate", "4", "facts.adults_learned", "4",
	"facts.poverty_status", "none", "facts.culture_family", "true", "members.adult.members", "4", "members.adult.holders", "4",
	"scores.A3", "10", "ticks.C1", "a", "ticks.C1", "b", "ticks.C1", "c", "ticks.C1", "d", "ticks.C2", "a", "ticks.C2", "b", "scores.D3", "6", "gates.G1", "true", "gates.G3", "true"}

func TestTry(t *testing.T) {
	o := open(t)
	at := "/bo-tieu-chi/" + family + "@1/thu"
	o.get(identity.Viewer, at).is(200, "Số người lớn còn khả năng học", "Góc học tập", "Có đăng ký trong hạn")
	page := o.post(identity.Viewer, at, full...).is(200, "Đạt", "Tổng 100 trên 100 điểm", "Ngưỡng 80 điểm, còn thiếu 0", "4/4", "bậc từ 100 được 15 điểm", "năm nay ít nhất 60%", "Dựng tạm")
	if text := html.UnescapeString(page.body); !strings.Contains(text, `"outcome": "recognised"`) || !strings.Contains(text, `"total": 100`) || !strings.Contains(text, `"holders": 4`) {
		t.Error("the result or the input is not there as JSON")
	}
	// An empty list is none of them; a missing one is not known.
	part := append([]string{}, full...)
	for i := 0; i+1 < len(part); i += 2 {
		if part[i] == "ticks.C2" {
			part[i+1] = ""
		}
	}
	o.post(identity.Viewer, at, part...).is(200, "Tổng 92 trên 100 điểm")
	o.post(identity.Viewer, at, "act", "form", "year", "2026").is(200, "Chưa kết luận", "Cần thêm:", "Khai số liệu, B1, Số người lớn còn khả năng học", "Trả lời điều kiện, G1")
	gate := append([]string{}, full...)
	gate[len(gate)-1] = "false"
	o.post(identity.Viewer, at, gate...).is(200, "Chưa đạt", "Điều kiện G3 chưa đạt")

	// Refused input names its fields and keeps what was typed.
	bad := append([]string{}, full...)
	bad[3], bad[9] = "2040", "hai"
	page = o.post(identity.Viewer, at, bad...).is(422, "Chỗ này phải là số nguyên")
	if !strings.Contains(page.body, `value="hai"`) || !strings.Contains(page.body, `id="facts.children_attending-err"`) {
		t.Error("the refused value is not at its field")
	}
	o.post(identity.Viewer, at, "act", "form", "year", "2040").is(422, "không dùng cho năm")

	// The same as JSON, both ways.
	page = o.post(identity.Viewer, at, "act", "json", "json", `{"year": 2026, "facts": {"children_school_age": 2}, "scores": {"A3": 7, "C1": ["a"]}}`).is(200, "Chưa kết luận", "7/10")
	if !strings.Contains(page.body, `value="7"`) {
		t.Error("the form does not hold what the JSON says")
	}
	o.post(identity.Viewer, at, "act", "json", "json", `{"năm": 1}`).is(422, "năm")
	o.post(identity.Viewer, at, "act", "json", "json", `[`).is(422, "JSON")
	o.post(identity.Viewer, at, "act", "json", "json", `null`).is(422)
	o.post(identity.Viewer, at, "act", "json", "json", `{"facts": 3, "scores": [], "members": {"adult": 3}}`).is(422)

	draft := o.draft()
	e := o.edit(officer, draft+"?phan=yaml")
	e.send("text", "text", "một: [").is(422)
	o.get(officer, draft+"/thu").is(200, "Bản nháp còn lỗi nên chưa chấm thử được")
	o.post(officer, draft+"/thu", full...).is(200, "Bản nháp còn lỗi")
	for _, id := range []string{"citizen-khvn-2022", "unit-tt24-2023-district", "commune-tt25-2023", "province-tt25-2023"} {
		o.post(identity.Viewer, "/bo-tieu-chi/"+id+"@1/thu", "act", "form", "year", "2025").is(200)
	}
}

// TestTrial shows what a draft would make of the sheets that are there.
func TestTrial(t *testing.T) {
	o := open(t)
	commune := place.OfficialID("08515", "2025-07-01")
	area, err := o.s.Places.CreateArea(o.ctx, identity.System, place.AreaDraft{CommuneID: commune, Name: "5", Kind: "Khu", From: "2025-07-01"})
	o.ok(err)
	f, err := o.s.Registry.Save(o.ctx, identity.System, registry.Draft{PlaceID: area.ID, Model: registry.Family, Name: "Hà Văn A", Number: "1", Members: 6, Adults: 4, Children: 2})
	o.ok(err)
	o.ok(o.s.Registry.SetEntries(o.ctx, identity.System, area.ID, 2026,
		registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none"}, registry.Entry{SubjectID: f.ID, Key: "culture_family", Value: "true"},
		registry.Entry{SubjectID: f.ID, Key: registry.CitizenTitles, Value: "4"}))
	list, _, err := o.s.Assessment.InLeaf(o.ctx, identity.System, area.ID, o.round.ID, registry.Family)
	o.ok(err)
	_, err = o.s.Assessment.Register(o.ctx, identity.System, area.ID, o.round.ID, []string{list[0].ID}, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	o.ok(err)
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	list, _, err = o.s.Assessment.InLeaf(o.ctx, identity.System, area.ID, o.round.ID, registry.Family)
	o.ok(err)
	_, err = o.s.Assessment.Save(o.ctx, identity.System, assessment.Draft{PlaceID: area.ID, ID: list[0].ID, Version: list[0].Version, Stage: assessment.StageArea, Entry: assessment.Entry{
		Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
		Scores: map[string]assessment.Mark{"A3": points(800), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(600)},
		Gates:  map[string]bool{"G3": true}}})
	o.ok(err)

	at := o.draft()
	e := o.edit(officer, at+"?phan=cong-nhan")
	e.send("recognition", "thresholds[0].min_total", "99", "thresholds[1].min_total", "99", "thresholds[2].min_total", "99").moved()
	o.get(officer, at).is(200, "Nếu áp dụng cho hồ sơ năm 2026", "1 hồ sơ có phiếu chấm")
	to := o.post(officer, at+"/ap-dung").moved()
	page := o.get(officer, to).is(200, "Đạt theo bản đang dùng 1", "Đạt theo bản này 0", "Từ đạt thành chưa đạt 1", "Giảm nhiều nhất ở Xã Hy Cương, do ngưỡng hoặc điều kiện")
	if strings.Contains(page.body, "Bản nháp đã sửa sau") {
		t.Error("a fresh trial is called old")
	}
	e.show("?chon=3.2")
	e.send("criterion", "note", "Mới").moved()
	o.get(officer, at).is(200, "Bản nháp đã sửa sau lần chấm thử này")
	if page := o.get(identity.Viewer, at); strings.Contains(page.body, "ap-dung") {
		t.Error("a viewer is offered a trial")
	}
}
