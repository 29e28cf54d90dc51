// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/identity"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

const paperSigner = "Nguyễn Văn Đức"

// village is a house with one area in Xã Hy Cương: three families that the commune approved, and one subject of each other model that registered.
func village(t *testing.T) *house { return villageOn(t, placetest.SQLite(t)) }

func villageOn(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := newHouse(t)
	h.wire(db, t.TempDir())
	h.s.Demo = false
	_, err := h.s.Places.EnsureLoaded(h.ctx)
	h.ok(err)
	_, err = h.s.Sets.EnsureShipped(h.ctx, criteriadata.Files)
	h.ok(err)
	h.ok(h.s.Recognition.EnsureSeal(h.ctx))
	round := assessment.Template(2026, phuTho)
	round.Title, round.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	round, err = h.s.Assessment.SaveRound(h.ctx, identity.System, round)
	h.ok(err)
	h.round = round.ID
	area, err := h.s.Places.CreateArea(h.ctx, identity.System, place.AreaDraft{CommuneID: hyCuong, Name: "7", Kind: "Khu", From: "2025-07-01"})
	h.ok(err)
	h.area = area.ID
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := h.s.Registry.AddCommunities(h.ctx, tx, identity.System, area)
		return err
	}))
	subject := func(d registry.Draft) registry.Subject {
		d.PlaceID = h.area
		r, err := h.s.Registry.Save(h.ctx, identity.System, d)
		h.ok(err)
		return r
	}
	for i, name := range []string{"Hà Văn Chiến", "Đinh Thị Thuỷ", "Nguyễn Thị Ngọc Ẩn"} {
		f := subject(registry.Draft{Model: registry.Family, Name: name, Number: strconv.Itoa(i + 1), Members: 6, Adults: 4, Children: 2, BirthYear: 1970 + i, Address: "Ngõ " + strconv.Itoa(i+1)})
		h.ok(h.s.Registry.SetEntries(h.ctx, identity.System, h.area, 2026, registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none", Source: "Rà soát"},
			registry.Entry{SubjectID: f.ID, Key: "culture_family", Value: "true", Source: "Quyết định của xã"},
			registry.Entry{SubjectID: f.ID, Key: registry.CitizenTitles, Value: "3", Source: "congdanhoctap.vn"}))
	}
	subject(registry.Draft{Model: registry.Citizen, Name: "Hà Thị Mai", BirthYear: 1995})
	subject(registry.Draft{Model: registry.Clan, Name: "Dòng họ Hà", Members: 40, Adults: 86})
	subject(registry.Draft{Model: registry.Unit, Name: "Trường Tiểu học Hy Cương", Kind: "school", Members: 31})
	for _, model := range registry.Models {
		var ids []string
		for _, a := range h.files(model) {
			ids = append(ids, a.ID)
		}
		_, err := h.s.Assessment.Register(h.ctx, identity.System, h.area, h.round, ids, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
		h.ok(err)
	}
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	scorer := identity.Actor{ID: "khu", Name: "khu", Grants: []identity.Grant{{Role: identity.AreaVolunteer, PlaceID: h.area}}}
	for _, a := range h.files(registry.Family) {
		_, err := h.s.Assessment.Save(h.ctx, scorer, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageSelf, Entry: assessment.Entry{
			Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
			Scores: map[string]assessment.Mark{"A3": points(800), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(600)}, Gates: map[string]bool{"G3": true}}})
		h.ok(err)
	}
	_, err = h.s.Assessment.SaveMinutes(h.ctx, identity.System, assessment.Minutes{PlaceID: h.area, RoundID: h.round, Model: registry.Family, HeldOn: "2026-11-17", Chair: "Bùi Ngọc Loan", Secretary: "Vũ Quang Hải",
		Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
	h.ok(err)
	_, err = h.s.Assessment.Send(h.ctx, identity.System, h.area, h.round, registry.Family, nil)
	h.ok(err)
	for _, a := range h.files(registry.Family) {
		_, err := h.s.Assessment.Approve(h.ctx, identity.System, assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
		h.ok(err)
	}
	h.at = time.Date(2026, 12, 1, 9, 0, 0, 0, store.Zone)
	h.account(officer, identity.CommuneOfficer, hyCuong)
	h.account(province, identity.ProvinceOfficer, phuTho)
	return h
}

// files are the area's of a model, by name.
func (h *house) files(model string) []assessment.Assessment {
	h.t.Helper()
	list, _, err := h.s.Assessment.InLeaf(h.ctx, identity.System, h.area, h.round, model)
	h.ok(err)
	return list
}

// moved posts a form and returns where it leads.
func (h *house) moved(path string, pairs ...string) string {
	h.t.Helper()
	a := h.post(officer, path, pairs...)
	if a.code != http.StatusSeeOther {
		h.t.Fatalf("%s: %d %s", path, a.code, words(a.body))
	}
	return a.to
}

// sign drafts and signs.
func (h *house) sign(draft, version string) string {
	h.t.Helper()
	return h.moved(draft+"/ky", "version", version, "date", store.Date(h.at), "signer", paperSigner)
}

// reads has another program read the code on a page.
func (h *house) reads(file string, page int, want string) {
	h.t.Helper()
	path := papertest.Keep(h.t, "code.pdf", []byte(file))
	papertest.Run(h.t, "pdftoppm", "-r", "150", "-png", "-singlefile", "-f", strconv.Itoa(page), path, path)
	if said := papertest.Run(h.t, "zbarimg", "--raw", "-q", path+".png"); !strings.Contains(said, want) {
		h.t.Errorf("the code on page %d says %q", page, said)
	}
}

// TestEveryPaper prints each paper of the year through its page and compares it with the picture that a person looked at. Every file is A4 with all
// fonts embedded and sound by qpdf.
func TestEveryPaper(t *testing.T) {
	papertest.Need(t, "pdftoppm", "pdftotext", "pdffonts", "pdfinfo", "qpdf", "zbarimg")
	h := village(t)
	if a := h.get(officer, "/nhap/"+h.area+"/bien-ban?dang=pdf&mo-hinh=family&nam=2026"); a.code == http.StatusConflict {
		papertest.Faces(t) // says what is missing
	}
	shows := func(name, path string, page int, but ...papertest.Area) {
		t.Helper()
		a := h.get(officer, path)
		if strings.HasPrefix(path, "/tong-quan") {
			a = h.get(province, path)
		}
		if a.code != http.StatusOK {
			t.Errorf("%s: %d %s", name, a.code, words(a.body))
			return
		}
		file := papertest.Keep(t, name+".pdf", []byte(a.raw))
		papertest.Run(t, "qpdf", "--check", file)
		if info := papertest.Run(t, "pdfinfo", file); !strings.Contains(info, "(A4)") {
			t.Errorf("%s: %s", name, info)
		}
		for _, line := range strings.Split(strings.TrimSpace(papertest.Run(t, "pdffonts", file)), "\n")[2:] {
			if f := strings.Fields(line); !slices.Contains(f, "yes") {
				t.Errorf("%s: not embedded: %s", name, line)
			}
		}
		if text := papertest.Run(t, "pdftotext", file, "-"); !norm.NFC.IsNormalString(text) || strings.ContainsRune(text, unicode.ReplacementChar) {
			t.Errorf("%s: not every letter is one whole letter: %.200q", name, text)
		}
		papertest.Golden(t, "giay-"+name, papertest.Shown(t, []byte(a.raw), page), but...)
	}
	code := papertest.Area{Left: 28, Top: 173, Width: 30, Height: 28} // of a sheet's second page: another one each time
	entry := func(paper, model, more string) string {
		return "/nhap/" + h.area + "/" + paper + "?mo-hinh=" + model + "&nam=2026&dang=pdf" + more
	}
	shows("dang-ky-danh-sach", entry("giay-dang-ky", "family", "&giay=danh-sach"), 1)
	shows("dang-ky-phieu", entry("giay-dang-ky", "family", "&giay=phieu"), 1)
	for _, model := range registry.Models {
		shows("phieu-trong-"+model, entry("phieu", model, "&trong=1"), 1)
	}
	shows("phieu-family", entry("phieu", "family", ""), 1)
	shows("phieu-family-2", entry("phieu", "family", ""), 2, code)
	h.reads(h.get(officer, entry("phieu", "family", "")).raw, 2, "/ho-so/"+h.area+"/")
	shows("dang-ky-phieu-citizen", entry("giay-dang-ky", "citizen", "&giay=phieu"), 1)
	shows("bien-ban-khu", entry("bien-ban", "family", ""), 1)

	base := "/quyet-dinh/" + hyCuong
	ask := []string{"mo-hinh", "family", "nam", "2026"}
	h.moved(base+"/de-nghi/to-trinh", append(ask, "ngay", "2026-12-01", "nguoi-ky", paperSigner)...)
	request := h.one(`SELECT id FROM outgoing_paper WHERE kind = 'request'`)
	shows("to-trinh", base+"/de-nghi/to-trinh/"+request+"?dang=pdf", 1)
	shows("to-trinh-danh-sach", base+"/de-nghi/to-trinh/"+request+"?dang=pdf", 2)
	shows("bien-ban-hoi-dong", base+"/de-nghi/tai?mo-hinh=family&nam=2026&giay=bien-ban&dang=pdf", 1)
	shows("bien-ban-hoi-dong-2", base+"/de-nghi/tai?mo-hinh=family&nam=2026&giay=bien-ban&dang=pdf", 2)

	decision := h.sign(h.moved(base+"/de-nghi", ask...), "1")
	shows("quyet-dinh", decision+"/tai?dang=pdf", 1)
	shows("quyet-dinh-danh-sach", decision+"/tai?dang=pdf", 2)
	h.reads(h.get(officer, decision+"/giay/tai").raw, 1, "/xac-minh/")
	shows("giay-chung-nhan", decision+"/giay/tai", 1, papertest.Area{Left: 22, Top: 150, Width: 95, Height: 42})
	for _, x := range [][2]string{{"thong-bao", "notice"}, {"phieu-gui", "dispatch"}} { // the book of all kinds has them in this order
		kind, paper := x[0], x[1]
		h.moved(decision+"/giay-to", "giay", kind, "ngay", "2026-12-01", "nguoi-ky", paperSigner)
		issued := h.one(`SELECT id FROM outgoing_paper WHERE kind = $1`, paper)
		shows(kind, decision+"/giay-to/"+issued+"?dang=pdf", 1)
	}
	titles, err := h.s.Recognition.TitlesOf(h.ctx, identity.System, decision[strings.LastIndexByte(decision, '/')+1:])
	h.ok(err)
	at := func(name string) string {
		i := slices.IndexFunc(titles, func(x recognition.Title) bool { return x.Name == name })
		return titles[i].AssessmentID
	}
	best := h.sign(h.moved(base+"/de-nghi", append(ask, "loai", "tieu-bieu", "chon", at("Hà Văn Chiến"))...), "1")
	shows("quyet-dinh-tieu-bieu", best+"/tai?dang=pdf", 1)
	amend := h.sign(h.moved(decision+"/sua-doi", "viec", "sua", "reason", "Ghi sai tên", "ten-"+at("Đinh Thị Thuỷ"), "Đinh Thị Thuý"), "1")
	shows("quyet-dinh-sua-doi", amend+"/tai?dang=pdf", 1)
	shows("quyet-dinh-sua-doi-danh-sach", amend+"/tai?dang=pdf", 2)
	revoke := h.sign(h.moved(decision+"/sua-doi", "viec", "thu-hoi", "reason", "Kiểm tra lại, chưa đủ điều kiện", "chon", at("Nguyễn Thị Ngọc Ẩn")), "1")
	shows("quyet-dinh-thu-hoi", revoke+"/tai?dang=pdf", 1)
	book := base + "/so?co-quan=hoi_kh_xa-" + hyCuong + "&nam=2026&dang=pdf"
	shows("so-bia", book, 1)
	shows("so-quyet-dinh", book, 2)
	h.moved(base+"/de-nghi/to-trinh/"+request+"/huy", append(ask, "ly-do-huy", "Cấp nhầm")...)
	shows("so-tat-ca", book+"&loai=tat-ca", 2)
	shows("to-trinh-huy", base+"/de-nghi/to-trinh/"+request+"?dang=pdf", 1)
	for page, name := range []string{"bao-cao", "bao-cao-ky", "bao-cao-bieu-chung", "bao-cao-bieu-gia-dinh"} {
		shows(name, "/xa/"+hyCuong+"/bao-cao?nam=2026&dang=pdf", page+1)
	}
	shows("bao-cao-tinh", "/tong-quan/bao-cao?nam=2026&dang=pdf", 1)
	restore := h.sign(h.moved(revoke+"/sua-doi", "viec", "sua", "reason", "Đã giải trình, đủ điều kiện", "tra", at("Nguyễn Thị Ngọc Ẩn")), "1")
	shows("quyet-dinh-tra-lai", restore+"/tai?dang=pdf", 1)
	shows("quyet-dinh-tra-lai-danh-sach", restore+"/tai?dang=pdf", 2)
}
