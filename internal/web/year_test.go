// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/store"
)

// A form acts on the year its page was opened for, also when a newer round is open.
func TestFormsKeepTheirYear(t *testing.T) {
	h := open(t)
	a := h.post(officer, "/quyet-dinh/"+hyCuong+"/de-nghi", "mo-hinh", "family", "nam", "2025")
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, `name="nam" value="2025"`) {
		t.Errorf("everything of 2025 is decided, yet: %d %s", a.code, words(a.body))
	}
	const waiting = `SELECT count(*) FROM assessment WHERE round_id = $1 AND state = 'sent'`
	before := h.count(waiting, h.round)
	h.post(volunteer, "/nhap/"+h.area+"/gui", "mo-hinh", "family", "nam", "2025", "act", "send", "held_on", "2026-11-16", "chair", "a", "secretary", "b", "present", "9", "branch", "1", "front", "1", "head", "1")
	if after := h.count(waiting, h.round); after != before {
		t.Errorf("sending 2025 sent %d files of 2026", after-before)
	}
}

// As long as the criteria are not official ones, every page and table with results says so.
func TestResultsSayWhatTheyAreWorth(t *testing.T) {
	h := open(t)
	const mark = "Bộ tiêu chí dựng tạm"
	for path, login := range map[string]string{"/": nobody, "/tong-quan": province, "/xa/" + hyCuong: officer, "/viec": officer, "/danh-sach/" + hyCuong: officer,
		"/so-bo/" + h.file.PlaceID + "/" + h.file.SubjectID: officer, "/quyet-dinh/" + hyCuong + "?nam=2025": officer, "/tham-dinh/" + hyCuong: officer,
		"/tong-quan/tai?dang=csv": province, "/xa/" + hyCuong + "/tai?dang=csv": officer, "/danh-sach/" + hyCuong + "/tai?dang=csv": officer} {
		if a := h.get(login, path); a.code != http.StatusOK || !strings.Contains(a.body, mark) {
			t.Errorf("%s as %s: %d without the mark: %.200s", path, login, a.code, words(a.body))
		}
	}
}

// What a year leaves to do stays on the first page when the next year's round opens, and what ends first comes first.
func TestEarlierYearsStayOnTheFirstPage(t *testing.T) {
	h := open(t)
	old, err := h.s.Assessment.Round(h.ctx, h.round)
	h.ok(err)
	next := assessment.Template(2027, phuTho)
	next.Title, next.Plan.Models = "Năm 2027", old.Plan.Models
	next, err = h.s.Assessment.SaveRound(h.ctx, h.actors[province], next)
	h.ok(err)
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(h.ctx, `UPDATE round SET state = 'open' WHERE id = $1`, next.ID)
		return err
	}))
	body := h.get(officer, "/viec").body
	if !strings.Contains(body, "(năm 2026)") || !strings.Contains(body, "nam=2026") {
		t.Errorf("no work of 2026 is left: %s", words(body))
	}
	if body := h.get(officer, "/viec?nam=2027").body; strings.Contains(body, "(năm 2026)") {
		t.Error("the page of 2027 shows 2026")
	}
}
