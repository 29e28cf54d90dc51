// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects_test

import (
	"testing"

	"hoctap/internal/registry"
)

func TestMergeAndUndo(t *testing.T) {
	w := open(t)
	full := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "Trần Văn Ba", BirthYear: 1960, Number: "7", Address: "Xóm Trại"})
	bare := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "Trần văn Ba", Phone: "0912345678"})
	page := w.get(w.volunteer, at(w.khu1, "trung"))
	w.want(page, 200, "1 cặp có thể trùng ở Khu 1, Xã Hy Cương", "Vì cùng tên, cùng khu", "Xóm Trại", "0912345678", "Gộp, giữ bản trái", "Là hai, giữ cả hai")
	pair := []string{"a", w.khu1 + "/" + full.ID, "a-version", "1", "b", w.khu1 + "/" + bare.ID, "b-version", "1"}
	send := func(act string) answer {
		return w.post(w.volunteer, at(w.khu1, "trung"), append([]string{"lam", act}, pair...)...)
	}

	w.want(send("xoa"), 422)
	a := send("a")
	w.want(a, 303)
	merged := w.get(w.volunteer, a.to)
	w.want(merged, 200, "Đã gộp.", "Gộp Trần văn Ba vào Trần Văn Ba", "Hoàn tác", "Không còn cặp nào")
	w.want(send("a"), 409)
	w.want(w.get(w.volunteer, of(full)), 200, "0912345678", "Xóm Trại", "gộp Trần văn Ba vào đây")
	w.want(w.get(w.volunteer, of(bare)), 200, "Đã gộp vào", of(full), "gộp vào Trần Văn Ba")
	w.want(w.get(w.volunteer, at(w.khu1)+"?tinh-trang=merged"), 200, "1 hộ đã gộp", "Trần văn Ba")

	id := hidden(t, merged.raw, "lan-gop")
	w.want(w.post(w.other, at(w.khu2, "trung", "hoan-tac"), "noi-gop", w.khu1, "lan-gop", id), 403)
	w.want(w.post(w.volunteer, at(w.khu1, "trung", "hoan-tac"), "noi-gop", w.khu1, "lan-gop", id), 303)
	w.want(w.post(w.volunteer, at(w.khu1, "trung", "hoan-tac"), "noi-gop", w.khu1, "lan-gop", id), 409, "đã được tách lại")
	w.want(w.get(w.volunteer, at(w.khu1, "trung")), 200, "1 cặp có thể trùng", "Đã tách lại")
	if now := w.load(full); now.Phone != "" {
		t.Errorf("the phone %q that the merge had filled in is still there", now.Phone)
	}
	w.want(w.get(w.volunteer, of(full)), 200, "tách Trần văn Ba ra")

	w.want(send("hai"), 303)
	w.want(w.get(w.volunteer, at(w.khu1, "trung")), 200, "0 cặp có thể trùng")
	w.want(w.get(w.volunteer, of(full)), 200, "xác nhận không trùng với Trần văn Ba")
}

// The same person on the lists of two areas: shown, but not merged where they stand.
func TestTwinsApart(t *testing.T) {
	w := open(t)
	one := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "Trần Văn Ba", Phone: "0912345678"})
	two := w.save(registry.Draft{PlaceID: w.khu2, Model: registry.Family, Name: "Trần Văn Ba", Phone: "0912345678"})
	page := w.get(w.officer, at(hyCuong, "trung"))
	w.want(page, 200, "cùng số điện thoại", "hãy chuyển một bản về cùng khu trước")
	w.without(page, "Gộp, giữ bản trái")
	w.want(w.post(w.officer, at(hyCuong, "trung"), "lam", "a", "a", w.khu1+"/"+one.ID, "a-version", "1", "b", w.khu2+"/"+two.ID, "b-version", "1"), 409)
}
