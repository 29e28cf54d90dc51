// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"
	"hoctap/internal/registry"
)

// What an area prints for each model says who the subject is once, counts what the registry counts, and names nobody who is no person as the signer.
func TestEntryPapersSay(t *testing.T) {
	papertest.Need(t, "pdftotext")
	h := village(t)
	said := func(path string) string {
		t.Helper()
		a := h.get(officer, path)
		if a.code != 200 {
			t.Fatalf("%s: %d", path, a.code)
		}
		file := filepath.Join(t.TempDir(), "x.pdf")
		h.ok(os.WriteFile(file, []byte(a.raw), 0o600))
		return strings.Join(strings.Fields(papertest.Run(t, "pdftotext", "-layout", file, "-")), " ")
	}
	paper := func(which, model, more string) string {
		return said("/nhap/" + h.area + "/" + which + "?mo-hinh=" + model + "&nam=2026&dang=pdf" + more)
	}
	for _, x := range []struct {
		text, has, not string
	}{
		{paper("phieu", registry.Clan, "&trong=1"), "Dòng họ Hà|Số gia đình: 40; người lớn: 86|Có: 5 điểm|từ 2 được 3 điểm; từ 5 được 5 điểm|Có: 4 điểm", "Dòng họ: Dòng họ|Chưa ai|Số người"},
		{paper("phieu", registry.Family, "&trong=1"), "Chủ hộ: |Số người: 6; người lớn: 4; trẻ em đi học: 2|KHU 7", "Chưa ai"},
		{paper("giay-dang-ky", registry.Citizen, "&giay=phieu"), "Kính gửi: Chi hội Khuyến học Khu 7|Họ và tên: Hà Thị Mai|Tôi đăng ký|NGƯỜI ĐĂNG KÝ|Địa chỉ: Khu 7, xã Hy Cương", "Chúng tôi|NGƯỜI TỰ ĐÁNH GIÁ|XÃ HY CƯƠNG"},
		{paper("giay-dang-ky", registry.Family, "&giay=phieu"), "Chúng tôi đăng ký|ĐẠI DIỆN GIA ĐÌNH", "XÃ HY CƯƠNG|KHU 7|khu 7"},
		{paper("bien-ban", registry.Family, ""), "/BB|kết thúc hồi|Số người có mặt: 20|Đại diện dự họp: Chi hội Khuyến học, Ban công tác Mặt trận, trưởng khu|3 gia đình đăng ký", "trong đó có đại diện"},
		{paper("bien-ban", registry.Clan, ""), "Đại diện dự họp: ……", "Ban công tác Mặt trận, trưởng"},
	} {
		for want := range strings.SplitSeq(x.has, "|") {
			if !strings.Contains(x.text, want) {
				t.Errorf("no %q in\n%s", want, x.text)
			}
		}
		for unwanted := range strings.SplitSeq(x.not, "|") {
			if strings.Contains(x.text, unwanted) {
				t.Errorf("%q in\n%s", unwanted, x.text)
			}
		}
	}
	for model, name := range map[string]string{registry.Clan: "Dòng họ Hà", registry.Unit: "Trường Tiểu học Hy Cương", registry.Citizen: "Hà Thị Mai"} {
		times := 2 // above, and as who signs
		if model != registry.Citizen {
			times = 1
		}
		if n := strings.Count(paper("giay-dang-ky", model, "&giay=phieu"), name); n != times {
			t.Errorf("%s: named %d times, not %d", model, n, times)
		}
	}
	file := papertest.Keep(t, "so.pdf", []byte(h.get(officer, "/nhap/"+h.area+"/bien-ban?mo-hinh=family&nam=2026&dang=pdf").raw))
	if info := papertest.Run(t, "pdfinfo", file); !strings.Contains(info, "Khu 7, xã Hy Cương") {
		t.Errorf("author: %s", info)
	}
}
