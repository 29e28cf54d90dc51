// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoctap/internal/sheet"
)

// wanted is what a list of households is asked for.
var wanted = []sheet.Column{
	{Key: "number", Names: []string{"STT", "TT", "Số thứ tự"}},
	{Key: "head", Names: []string{"Họ và tên chủ hộ", "Chủ hộ", "Họ tên", "Họ và tên"}, Required: true},
	{Key: "birth", Names: []string{"Ngày sinh", "Năm sinh", "Ngày tháng năm sinh"}},
	{Key: "area", Names: []string{"Khu", "Khu dân cư", "Thôn"}},
	{Key: "commune", Names: []string{"Xã", "Xã, phường"}},
	{Key: "members", Names: []string{"Số thành viên", "Số nhân khẩu", "Nhân khẩu"}},
	{Key: "phone", Names: []string{"Số điện thoại", "Điện thoại", "SĐT"}},
}

// head writes a header as "first-last key=column(confidence)…", unmapped and missing.
func head(h sheet.Header, ok bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%t %d-%d", ok, h.First, h.Last)
	for _, m := range h.Columns {
		fmt.Fprintf(&b, " %s=%s", m.Key, sheet.ColumnName(m.Col))
		if m.Confidence < 0.9 {
			b.WriteByte('?')
		}
	}
	for _, u := range h.Unmapped {
		fmt.Fprintf(&b, " -%s", u.Text)
	}
	return b.String()
}

func csvRows(t *testing.T, lines string) []sheet.Row {
	return rowsOf(t, open(t, []byte(lines), "a.csv"), 0)
}

func TestFindHeader(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":            {"STT;Họ và tên chủ hộ;Năm sinh;Thôn\n1;A;1980;3\n", "true 1-1 number=A head=B birth=C area=D"},
		"titles above":     {"UBND XÃ HIỀN LƯƠNG;;\nDANH SÁCH CHỦ HỘ;;\n;;\nTT;HỌ TÊN;SĐT\n1;Nguyễn A;09\n", "true 4-4 number=A head=B phone=C"},
		"stars and notes":  {"STT;Họ tên (*);Năm sinh (ghi 4 số);Ghi chú\n", "true 1-1 number=A head=B birth=C -Ghi chú"},
		"a letter wrong":   {"STT;Họ và tên chủ hộ;Số diện thoạii;Nhân khâu\n", "true 1-1 number=A head=B phone=C? members=D"},
		"longer names":     {"STT;Họ tên;Số nhân khẩu thường trú;Điện thoại liên hệ\n", "true 1-1 number=A head=B members=C? phone=D?"},
		"one column twice": {"Họ tên;Họ và tên chủ hộ;Khu\n", "true 1-1 head=B area=C -Họ tên"},
		"required missing": {"STT;Năm sinh;Khu\n1;1980;3\n", "false 1-1 number=A birth=B area=C"},
		"only one fits":    {"Họ tên;Điểm\nA;3\n", "false 1-1 head=A -Điểm"},
		"no header":        {"1;2;3\n4;5;6\n", "false 0-0"},
		"name and title":   {"Danh sách chủ hộ khu 3;;\nSTT;Chủ hộ;Khu\n", "true 2-2 number=A head=B area=C"},
		"two rows":         {"STT;Chủ hộ;Địa chỉ;;SĐT\n;;Khu;Xã;\n1;A;3;Hiền Lương;09\n", "true 1-2 number=A head=B area=C commune=D phone=E"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, head(sheet.FindHeader(csvRows(t, c.in), wanted))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFindHeaderMerged(t *testing.T) {
	rows := rowsOf(t, open(t, messy(t), "a.xlsx"), 0)
	h, ok := sheet.FindHeader(rows, wanted)
	want := "true 4-5 number=A head=B birth=C area=D commune=E members=F -Ghi chú -Đạt"
	if diff := cmp.Diff(want, head(h, ok)); diff != "" {
		t.Error(diff)
	}
	if col, ok := h.Index("area"); !ok || col != 3 {
		t.Errorf("area in %d", col)
	}
	if diff := cmp.Diff([]string{"phone"}, h.Missing); diff != "" {
		t.Error(diff)
	}
	c := sheet.NewClassifier(h)
	got := ""
	for _, r := range rows {
		if r.Number > h.Last {
			got += fmt.Sprintf("%d%s ", r.Number, strings.TrimPrefix(string(c.Classify(r)), "sheet.skip"))
		}
	}
	if want := "6_numbering 7 8 9 10_total 12_signature "; got != want {
		t.Errorf("classes %q, want %q", got, want)
	}
}

// TestHeaderTooFar does not look below row 30.
func TestHeaderTooFar(t *testing.T) {
	in := strings.Repeat("x;\n", 30) + "STT;Họ tên;Khu\n"
	if _, ok := sheet.FindHeader(csvRows(t, in), wanted); ok {
		t.Error("found a header in row 31")
	}
	if _, ok := sheet.FindHeader(nil, wanted); ok {
		t.Error("found a header in nothing")
	}
	if _, ok := sheet.FindHeader(csvRows(t, in), nil); ok {
		t.Error("found a header for nothing")
	}
}

func TestClassify(t *testing.T) {
	for in, want := range map[string]sheet.Class{
		"1;Nguyễn Văn A;1980;Khu 3":      sheet.Data,
		"1;Tống Thị Cộng Hòa;1980;Khu 3": sheet.Data,
		";Tống Văn Tổng;1980;":           sheet.Data,
		";Công Văn Bình;1980;":           sheet.Data,
		"5;;;":                           sheet.Data,
		";;;":                            sheet.Blank,
		"Tổng cộng;;;12":                 sheet.Total,
		";Cộng;;5":                       sheet.Total,
		";CỘNG KHU 3:;;5":                sheet.Total,
		"Tổng số: 12 hộ;;;":              sheet.Total,
		"(1);(2);(3);(4)":                sheet.Numbering,
		"1;2;3;4":                        sheet.Numbering,
		"A;B;1;2":                        sheet.Numbering,
		"(1);(2);(3)=(1)+(2);(4)":        sheet.Numbering,
		"7;2;3;4":                        sheet.Data,
		"STT;Họ tên;Năm sinh;Khu":        sheet.Again,
		"STT;HỌ TÊN;;":                   sheet.Again,
		"I;Khu 3;;":                      sheet.Group,
		"II. Khu 4;;;":                   sheet.Group,
		"Người lập biểu;;;TM. UBND XÃ":   sheet.Signature,
		";(Ký, ghi rõ họ tên);;":         sheet.Signature,
		";;Hiền Lương, ngày 12 tháng 11 năm 2025;":           sheet.Signature,
		"Người lập biểu;;;CHỦ TỊCH":                          sheet.Signature,
		"Chủ Tịch Văn An;1;2;3":                              sheet.Data,
		"1;Chủ tịch;;":                                       sheet.Data,
		"Việt Trì, ngày 1 tháng 2 năm 2025;;;Người tổng hợp": sheet.Signature,
	} {
		lines := "STT;Họ tên;Năm sinh;Khu\n" + strings.Repeat("9;B;C;D\n", 3) + in + "\n"
		rows := csvRows(t, lines)
		h, ok := sheet.FindHeader(rows, wanted)
		if !ok {
			t.Fatal("no header")
		}
		if got := sheet.NewClassifier(h).Classify(rows[len(rows)-1]); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestBelowSignatures skips the names below the signatures' titles, and reads on where a table goes on.
func TestBelowSignatures(t *testing.T) {
	rows := csvRows(t, "STT;Họ tên;Năm sinh;Khu\n1;A;1980;3\n;Người lập biểu;;\n;Nguyễn Thị B;;\n2;C;1981;3\n;D;;\n")
	h, _ := sheet.FindHeader(rows, wanted)
	c := sheet.NewClassifier(h)
	want := []sheet.Class{sheet.Data, sheet.Signature, sheet.Signature, sheet.Data, sheet.Data}
	for i, r := range rows[1:] {
		if got := c.Classify(r); got != want[i] {
			t.Errorf("row %d is %q, want %q", r.Number, got, want[i])
		}
	}
}
