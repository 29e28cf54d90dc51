// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"hoctap/internal/sheet"
	"hoctap/internal/text"
)

func TestCSV(t *testing.T) {
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(e, bom).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, c := range map[string]struct{ in, want string }{
		"commas":                      {"STT,Họ tên\n1,Nguyễn Văn A\n", "1 A1=STT B1=Họ tên\n2 A2=1 B2=Nguyễn Văn A\n"},
		"mark, semicolons, CR LF":     {"\uFEFFSTT;Họ tên;Điểm\r\n1;A, B;8,5\r\n2;C;9\r\n", "1 A1=STT B1=Họ tên C1=Điểm\n2 A2=1 B2=A, B C2=8,5\n3 A3=2 B3=C C3=9\n"},
		"tabs":                        {"a\tb,c\n1\t2,3\n", "1 A1=a B1=b,c\n2 A2=1 B2=2,3\n"},
		"old Macintosh":               {"a,b\r1,2\r", "1 A1=a B1=b\n2 A2=1 B2=2\n"},
		"quotes":                      {"a,\"b\nc, \"\"d\"\"\"\n\"x\" y,z\"q\n", "1 A1=a B1=b c, \"d\"\n2 A2=x y B2=z\"q\n"},
		"numbers as Excel counts":     {"a,b\n\n\n1,2\n,,\n3,4", "1 A1=a B1=b\n4 A4=1 B4=2\n5\n6 A6=3 B6=4\n"},
		"sep":                         {"sep=|\na|b,c\n", "1 A1=a B1=b,c\n"},
		"one column":                  {"Họ tên\nNguyễn\n", "1 A1=Họ tên\n2 A2=Nguyễn\n"},
		"guarded":                     {"a,b\n'=1+1,'abc\n", "1 A1=a B1=b\n2 A2==1+1 B2='abc\n"},
		"guarded twice":               {"a,b\n''=1,'''=1\n", "1 A1=a B1=b\n2 A2='=1 B2=''=1\n"},
		"UTF-16":                      {utf16(unicode.LittleEndian, unicode.UseBOM, "Họ tên\tXã\nLê\tĐu\n"), "1 A1=Họ tên B1=Xã\n2 A2=Lê B2=Đu\n"},
		"UTF-16 big, no mark":         {utf16(unicode.BigEndian, unicode.IgnoreBOM, "Ho ten,Xa so\nLe Van,Dong\n"), "1 A1=Ho ten B1=Xa so\n2 A2=Le Van B2=Dong\n"},
		"NFD":                         {"Ho\u0323 te\u0302n,x\n", "1 A1=Họ tên B1=x\n"},
		"TCVN3":                       {"STT,Hä vµ tªn\n1,NguyÔn V¨n Tr­êng\n2,Lª ThÞ Hµ\n", ""},
		"another delimiter in quotes": {"a,b,c,d\n,,,\"|\n|\n|\n|\n|\"\n", "1 A1=a B1=b C1=c D1=d\n2 D2=| | | | |\n"},
		"never closed quote":          {"a,\"b\nc", "1 A1=a B1=b c\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "TCVN3" {
				in, err := charmap.ISO8859_1.NewEncoder().String(c.in)
				if err != nil {
					t.Fatal(err)
				}
				c.in, c.want = in, "1 A1=STT B1=Họ và tên\n2 A2=1 B2=Nguyễn Văn Trường\n3 A3=2 B3=Lê Thị Hà\n"
			}
			if diff := cmp.Diff(c.want, show(rowsOf(t, open(t, []byte(c.in), "a.csv"), 0))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVWindows1258(t *testing.T) {
	in := "H\x6F\xF2 t\xEAn,Xa\xDE\nNguy\xEA\xDEn A,\xD0\xF4\xF2c L\xE2\xF2p\n" // dot below is 0xF2, tilde 0xDE
	want := "1 A1=Họ tên B1=Xã\n2 A2=Nguyễn A B2=Độc Lập\n"
	if diff := cmp.Diff(want, show(rowsOf(t, open(t, []byte(in), "a.csv"), 0))); diff != "" {
		t.Error(diff)
	}
}

func TestCSVNames(t *testing.T) {
	b := open(t, []byte("a,b\n1,2\n"), `C:\Hồ sơ\Danh sách khu 3.csv`)
	if got := b.Sheets(); len(got) != 1 || got[0].Name != "Danh sách khu 3" || got[0].Visibility != sheet.Visible {
		t.Errorf("sheets: %+v", got)
	}
}

// TestCSVTurnsForeignLate finds the one byte that is no UTF-8 behind the sample.
func TestCSVTurnsForeignLate(t *testing.T) {
	data := strings.Repeat("abc,def\n", 20_000) + "Ph\xFA,Th\xF4\n"
	rows := rowsOf(t, open(t, []byte(data), "a.csv"), 0)
	if got := rows[len(rows)-1].At(0).Text; got != "Phú" {
		t.Errorf("last cell is %q", got)
	}
}

func TestCSVLimits(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"long cell":       {"a,b\n\"" + strings.Repeat("x", sheet.MaxCell+1), "sheet.long_cell"},
		"long line":       {strings.Repeat(strings.Repeat("y", 30_000)+",", 40), "sheet.long_line"},
		"many columns":    {"a,b\n" + strings.Repeat("1,", sheet.MaxColumns+1) + "1\n", "sheet.too_many_columns"},
		"delimiters only": {strings.Repeat(",", 20_000) + "\n", "sheet.long_line"},
		"zero bytes":      {"a,b\n1,\x00\x00\x00\x00x\n", "sheet.not_sheet"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := keyOf(readAll(t, []byte(c.in), "a.csv")); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestCSVNeighboursDecide(t *testing.T) {
	latin := "Hä vµ tªn,Kiªm\nNguyÔn V¨n A,hé\nTrÇn ThÞ B,Tæ\nLª V¨n C,hé\n"
	in, err := charmap.ISO8859_1.NewEncoder().String(latin)
	if err != nil {
		t.Fatal(err)
	}
	c := rowsOf(t, open(t, []byte(in), "abc.csv"), 0)[1].At(1)
	if c.Text != "hộ" || c.Legacy != text.TCVN3 || !c.Ambiguous {
		t.Errorf("cell: %+v", c)
	}
}
