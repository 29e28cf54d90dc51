// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hoctap/internal/sheet"
)

func txt(s string) sheet.Cell { return sheet.Cell{Row: 3, Col: 1, Text: s, Raw: s} }
func num(s string) sheet.Cell { return sheet.Cell{Row: 3, Col: 1, Text: s, Raw: s, Kind: sheet.Number} }

// told writes a reading as "value", "value !warning", "blank" or "?fault".
func told[T any](r sheet.Reading[T]) string {
	switch {
	case r.Blank:
		return "blank"
	case r.Fault != "":
		return "?" + r.Fault[len("sheet."):]
	case r.Warning != "":
		return fmt.Sprintf("%v !%s", r.Value, r.Warning[len("sheet."):])
	}
	return fmt.Sprint(r.Value)
}

type readingCase struct {
	cell sheet.Cell
	want string
}

func checkReadings[T any](t *testing.T, read func(sheet.Cell) sheet.Reading[T], cases []readingCase) {
	t.Helper()
	for _, c := range append(cases, readingCase{txt(""), "blank"}, readingCase{txt("-"), "blank"},
		readingCase{sheet.Cell{Text: "#N/A", Kind: sheet.Error}, "?cell_error"}, readingCase{sheet.Cell{Formula: true}, "?formula_without_value"}) {
		r := read(c.cell)
		if got := told(r); got != c.want {
			t.Errorf("%q (%d): %s, want %s", c.cell.Text, c.cell.Kind, got, c.want)
		}
		if r.Fault != "" && r.Field("f").Key != r.Fault {
			t.Errorf("%q: field %+v", c.cell.Text, r.Field("f"))
		}
		if (r.Fault != "" || r.Warning != "") && (r.Args["cell"] == nil || r.Args["value"] != c.cell.Text) {
			t.Errorf("%q: arguments %v", c.cell.Text, r.Args)
		}
	}
}

func TestReadWhole(t *testing.T) {
	checkReadings(t, sheet.ReadWhole, []readingCase{
		{num("12"), "12"}, {num("12.0"), "12"}, {num("1.2E3"), "1200"}, {num("12.5"), "?whole_fraction"}, {num("1E300"), "?whole_too_big"},
		{num("1.234"), "?whole_fraction"}, {txt("12"), "12"}, {txt("1.234"), "1234"}, {txt("1,234"), "1234"}, {txt("1 234 567"), "1234567"},
		{txt("1.234.567"), "1234567"}, {txt("1.23"), "?whole_fraction"}, {txt("0,5"), "?whole_fraction"}, {txt("0.500"), "?whole_fraction"}, {txt("5,0"), "5"},
		{txt("1.234,5"), "?whole_unknown"}, {txt("-3"), "-3"}, {txt("+3"), "3"}, {txt("4."), "4"}, {txt("mười"), "?whole_unknown"}, {txt("4 người"), "?whole_unknown"},
		{txt("."), "blank"}, {txt("12345678901234567890"), "?whole_too_big"}, {txt("0"), "0"}, {txt("007"), "7"},
		{sheet.Cell{Text: "31/12/2025", Kind: sheet.Date}, "?whole_is_date"}, {sheet.Cell{Text: "TRUE", Kind: sheet.Bool}, "?whole_unknown"},
	})
}

func TestReadWholeReadsBackWhatWeWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-999_999_999, 999_999_999).Draw(t, "n")
		for _, separator := range []string{"", ".", ",", " "} {
			s := fmt.Sprint(max(n, -n))
			for i := len(s) - 3; i > 0; i -= 3 {
				s = s[:i] + separator + s[i:]
			}
			if n < 0 {
				s = "-" + s
			}
			if got := sheet.ReadWhole(txt(s)); !got.OK() || got.Value != n {
				t.Errorf("%q read as %s", s, told(got))
			}
		}
	})
}

func TestReadDate(t *testing.T) {
	read := func(c sheet.Cell) sheet.Reading[sheet.Day] { return sheet.ReadDate(c, sheet.OrderUnknown) }
	day := sheet.Cell{Text: "31/12/2025", Kind: sheet.Date, Time: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	ancient := sheet.Cell{Text: "01/01/2500", Kind: sheet.Date, Time: time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC)}
	checkReadings(t, read, []readingCase{
		{day, "2025-12-31"}, {ancient, "?date_out_of_range"}, {num("45291"), "2023-12-31 !date_serial"}, {txt("45291"), "2023-12-31 !date_serial"},
		{txt("31/12/2025"), "2025-12-31"}, {txt("31-12-2025"), "2025-12-31"}, {txt("31.12.2025"), "2025-12-31"}, {txt("3/4/2025"), "2025-04-03"},
		{txt("12-31-2025"), "2025-12-31 !date_month_first"}, {txt("2025-12-31"), "2025-12-31"}, {txt("2025/1/2"), "2025-01-02"}, {txt("1-2-85"), "1985-02-01 !date_short_year"},
		{txt("1/2/05"), "2005-02-01 !date_short_year"}, {txt("ngày 3 tháng 2 năm 1985"), "1985-02-03"}, {txt("02/1985"), "1985-02 !date_month_only"},
		{txt("1985"), "1985 !date_year_only"}, {num("1985"), "1985 !date_year_only"}, {txt("31122025"), "2025-12-31"}, {txt("20251231"), "2025-12-31"},
		{txt("31/12/2025 00:00:00"), "2025-12-31"}, {txt("30/02/2025"), "?date_unknown"}, {txt("29/02/2024"), "2024-02-29"}, {txt("29/02/2023"), "?date_unknown"},
		{txt("13/13/2025"), "?date_unknown"}, {txt("32/1/2025"), "?date_unknown"}, {txt("1/1/25/3"), "?date_unknown"}, {txt("không rõ"), "?date_unknown"},
		{num("60"), "?date_unknown"}, {num("-1"), "?date_unknown"}, {txt("1/1/1800"), "?date_unknown"}, {num("2958466"), "?date_unknown"},
	})
}

func TestDateOrder(t *testing.T) {
	for _, c := range []struct {
		in    []string
		order sheet.Order
		last  string
	}{
		{[]string{"31/12/2025", "3/4/2025"}, sheet.DayFirst, "2025-04-03"},
		{[]string{"12-31-2025", "03-04-2025"}, sheet.MonthFirst, "2025-03-04 !date_either"},
		{[]string{"12-31-2025", "31-12-2025", "03-04-2025"}, sheet.Mixed, "2025-04-03 !date_either"},
		{[]string{"12-31-2025", "04-04-2025"}, sheet.MonthFirst, "2025-04-04"},
		{[]string{"1985", "x", "3/4/2025"}, sheet.OrderUnknown, "2025-04-03"},
	} {
		var cells []sheet.Cell
		for _, s := range c.in {
			cells = append(cells, txt(s))
		}
		order := sheet.DateOrder(cells)
		if got := told(sheet.ReadDate(cells[len(cells)-1], order)); order != c.order || got != c.last {
			t.Errorf("%v: order %d, last %s", c.in, order, got)
		}
	}
}

// TestDatesSwappedByExcel warns of the dates that an Excel set to English has misread on the way in.
func TestDatesSwappedByExcel(t *testing.T) {
	column := []sheet.Cell{txt("13/04/2025"), txt("25/12/2025")}
	for day := 1; day <= 4; day++ {
		at := time.Date(2025, 3, day, 0, 0, 0, 0, time.UTC)
		column = append(column, sheet.Cell{Text: at.Format("02/01/2006"), Kind: sheet.Date, Time: at})
	}
	order := sheet.DateOrder(column)
	got := ""
	for _, c := range column {
		got += told(sheet.ReadDate(c, order)) + ", "
	}
	want := "2025-04-13, 2025-12-25, 2025-03-01 !date_either, 2025-03-02 !date_either, 2025-03-03, 2025-03-04 !date_either, "
	if order != sheet.Mixed || got != want {
		t.Errorf("order %d: %s", order, got)
	}
}

func TestSerialTime(t *testing.T) {
	for _, c := range []struct {
		serial float64
		mac    bool
		want   string
	}{
		{1, false, "1900-01-01 00:00"}, {59, false, "1900-02-28 00:00"}, {61, false, "1900-03-01 00:00"}, {45291.5, false, "2023-12-31 12:00"},
		{0, true, "1904-01-01 00:00"}, {43829, true, "2023-12-31 00:00"}, {2958465, false, "9999-12-31 00:00"}, {45291.999999999, false, "2024-01-01 00:00"},
	} {
		got, ok := sheet.SerialTime(c.serial, c.mac)
		if s := got.Format("2006-01-02 15:04"); !ok || s != c.want {
			t.Errorf("day %v is %s, want %s", c.serial, s, c.want)
		}
	}
	for _, serial := range []float64{0, -1, 60, 60.5, 2958466} {
		if got, ok := sheet.SerialTime(serial, false); ok {
			t.Errorf("day %v is %v", serial, got)
		}
	}
}

func TestReadYear(t *testing.T) {
	checkReadings(t, sheet.ReadYear, []readingCase{
		{num("1985"), "1985"}, {txt("1985"), "1985"}, {txt("31/12/1985"), "1985"}, {txt("1/2/85"), "1985 !date_short_year"},
		{num("45291"), "?year_unknown"}, {txt("85"), "?year_unknown"}, {num("1985.5"), "?year_unknown"}, {txt("02/1985"), "1985"},
		{sheet.Cell{Text: "31/12/2025", Kind: sheet.Date, Time: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}, "2025"},
	})
}

func TestReadPhone(t *testing.T) {
	checkReadings(t, sheet.ReadPhone, []readingCase{
		{txt("0912345678"), "0912345678"}, {txt("0912.345.678"), "0912345678"}, {txt("(091) 234-5678"), "0912345678"}, {txt("+84 912 345 678"), "0912345678"},
		{txt("84912345678"), "0912345678"}, {txt("0084912345678"), "0912345678"}, {txt("+840912345678"), "0912345678"}, {num("912345678"), "0912345678 !phone_zero_added"},
		{txt("02103847111"), "02103847111"}, {txt("0912345678/0987654321"), "0912345678 !phone_first_of_several"}, {txt("091234567"), "?phone_digits"},
		{txt("12345678"), "?phone_digits"}, {txt("09123456789"), "?phone_digits"}, {txt("không có"), "?phone_unknown"}, {num("841234567"), "0841234567 !phone_zero_added"},
	})
}

func TestReadYesNo(t *testing.T) {
	checkReadings(t, sheet.ReadYesNo, []readingCase{
		{txt("có"), "true"}, {txt("Có"), "true"}, {txt("x"), "true"}, {txt("X"), "true"}, {num("1"), "true"}, {txt("✓"), "true"}, {txt("Đạt"), "true"},
		{txt("không"), "false"}, {txt("Không đạt"), "false"}, {num("0"), "false"}, {txt("chưa"), "false"}, {txt("☐"), "false"},
		{sheet.Cell{Text: "TRUE", Kind: sheet.Bool}, "true"}, {sheet.Cell{Text: "FALSE", Kind: sheet.Bool}, "false"}, {txt("có lẽ"), "?answer_unknown"}, {num("2"), "?answer_unknown"},
	})
}

func TestReadName(t *testing.T) {
	checkReadings(t, sheet.ReadName, []readingCase{
		{txt("Nguyễn Văn An"), "Nguyễn Văn An"}, {txt("H'Hen Niê"), "H'Hen Niê"}, {txt("NGUYỄN VĂN AN"), "NGUYỄN VĂN AN !name_in_capitals"},
		{txt("nguyễn văn an"), "nguyễn văn an !name_in_small_letters"}, {txt("Ý"), "Ý"}, {txt("0912345678"), "?name_unknown"}, {num("5"), "?name_unknown"}, {txt("(?)"), "?name_unknown"},
	})
	if got := sheet.ReadName(txt("ĐẶNG THỊ H'HEN-BRÚ")).Args["suggestion"]; got != "Đặng Thị H'Hen-Brú" {
		t.Errorf("suggestion %v", got)
	}
}
