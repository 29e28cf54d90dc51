// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"hoctap/internal/text"
)

func TestFromLegacy(t *testing.T) {
	for _, c := range []struct {
		encoding text.Encoding
		in, want string
	}{
		{text.TCVN3, "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"},
		{text.TCVN3, "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"},
		{text.TCVN3, "Lª Quang H¶i", "Lê Quang Hải"},
		{text.TCVN3, "NguyÔn V¨n Tr­êng", "Nguyễn Văn Trường"},
		{text.TCVN3, "NGUYÔN V¡N TR¦êNG", "NGUYỄN VĂN TRƯỜNG"},
		{text.TCVN3, "Lª THÞ Hµ", "LÊ THỊ HÀ"},
		{text.TCVN3, "Hμ Hßa", "Hà Hòa"}, // Greek mu for the micro sign
		{text.TCVN3, "¸i Hµ", "ái Hà"},   // the limit: a capital that TCVN3 does not have
		{text.TCVN3, "Khu 3, x· H­¬ng Lung", "Khu 3, xã Hương Lung"},
		{text.VNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"},
		{text.VNI, "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"},
		{text.VNI, "NGUYEÃN VAÊN TRÖÔØNG", "NGUYỄN VĂN TRƯỜNG"},
		{text.VNI, "Buøi Thò Thuûy, Phuù Thoï", "Bùi Thị Thủy, Phú Thọ"},
		{text.VNI, "Lyù Kyø, Myõ, tyû, kî, Ñaëng Xuaân Ôû", "Lý Kỳ, Mỹ, tỷ, kỵ, Đặng Xuân Ở"},
		{text.Unicode, "Nguye\u0302\u0303n", "Nguyễn"},
	} {
		if got := text.FromLegacy(c.in, c.encoding); got != c.want {
			t.Errorf("FromLegacy(%q, %s) = %q, want %q", c.in, c.encoding, got, c.want)
		}
	}
}

func TestDetectLegacy(t *testing.T) {
	for in, want := range map[string]text.Encoding{
		"Céng hßa x· héi chñ nghÜa ViÖt Nam": text.TCVN3,
		"Lª Quang H¶i": text.TCVN3,
		"NGUYÔN V¡N A": text.TCVN3,
		"Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam": text.VNI,
		"Nguyeãn Thò Hoa":                            text.VNI,
		"ÑAËNG VAÊN MÖÔØI":                           text.VNI,
		"Cộng hòa xã hội chủ nghĩa Việt Nam":         text.Unicode,
		"Nguye\u0302\u0303n Va\u0306n A":             text.Unicode,
		"Lê Quang Hoà":                               text.Unicode,
		"LÊ HÀ":                                      text.Unicode,
		"Pà Cò, Sín Chéng, Tả Phìn, Bàu Bàng":        text.Unicode,
		"Krông Pô, Y Blô Êban, H'Hen Niê":            text.Unicode,
		"café, São Paulo, Zoë, Müller, Curaçao":      text.Unicode,
		"«trích dẫn» 25 °C ± 0,5 § 3 © 2026 50 m² ½": text.Unicode,
		"plain words":                                text.Unicode,
		"":                                           text.Unicode,
		"\xff\xfe":                                   text.Unicode,
	} {
		got, sure := text.DetectLegacy(in)
		if got != want {
			t.Errorf("DetectLegacy(%q) = %s (%.2f), want %s", in, got, sure, want)
		}
		if sure < 0 || sure > 1 || want == text.Unicode && sure != 0 {
			t.Errorf("DetectLegacy(%q): confidence %v", in, sure)
		}
	}
}

func TestAmbiguous(t *testing.T) {
	for in, want := range map[string]bool{"hé": true, "Hé nghÌo": true, "hộ": false, "ho": false, "Lê": true, "Hà": false} {
		if got := text.Ambiguous(in, text.TCVN3); got != want {
			t.Errorf("Ambiguous(%q) = %t", in, got)
		}
	}
}

func TestVietnamese(t *testing.T) {
	for in, want := range map[string]float64{"Hộ tên, xã 3": 1, "Hä vµ tªn": 0, "Hộ Hä": 0.5, "ho ten": 0, "": 0} {
		if got := text.Vietnamese(in); got != want {
			t.Errorf("Vietnamese(%q) = %v, want %v", in, got, want)
		}
	}
}

// TestProperIsNeverLegacy runs over every text of the shipped places, whole, by word, and with its marks apart, and over
// people's names.
func TestProperIsNeverLegacy(t *testing.T) {
	seen := map[string]bool{}
	check := func(s string) {
		if seen[s] {
			return
		}
		seen[s] = true
		for _, form := range []string{s, norm.NFD.String(s), strings.ToUpper(s), strings.ToLower(s)} {
			if got, sure := text.DetectLegacy(form); got != text.Unicode {
				t.Errorf("DetectLegacy(%q) = %s (%.2f)", form, got, sure)
			}
		}
	}
	files, err := filepath.Glob("../../data/places/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no places: %v", err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			for _, field := range record {
				check(field)
				for word := range strings.FieldsSeq(field) {
					check(word)
				}
			}
		}
	}
	for _, name := range strings.Split(properNames, ",") {
		check(strings.TrimSpace(name))
	}
	if len(seen) < 5000 {
		t.Errorf("only %d texts", len(seen))
	}
}

const properNames = `Nguyễn Văn An, Trần Thị Bé, Lê Hà, Lý Quý, Đinh Công Ẩn, Hà Thị Hoè, Đỗ Phú Quí, Tòng Văn Pản, Lò Vàng, Giàng A Sùng, Mùa A Chống,
	Quách Tú, Bùi Văn Khuyên, Phùng Xuân Thuý, Cù Thị Ngà, Âu Dương Vân, Ông Ích Khiêm, Y Moan Ênuôl, Đàm Quỳnh Ngoan, Hoàng Úy, Tô Hoài, Sìn Hồ,
	Hà Lê, Ân, Ái Vân, Ích, Uý, Hân, Bê Lý, Là Thị Hú, Vì Văn Sàng, Cà Thị Kìm, Lường Tuân, Sần Trà, Bàn Thùy Nhân, Mí, Dì, Pờ, Thò, Sò, Vù, Già`

func TestRoundTrip(t *testing.T) {
	for e, encode := range map[text.Encoding]func(string) string{text.TCVN3: toTCVN3, text.VNI: toVNI} {
		t.Run(e.String(), rapid.MakeCheck(func(t *rapid.T) {
			want := rapid.SliceOfN(rapid.SampledFrom(alphabet(e)), 1, 40).Draw(t, "text")
			s := "a" + string(want) + "a" // small plain letters keep TCVN3 from raising
			if got := text.FromLegacy(encode(s), e); got != norm.NFC.String(s) {
				t.Errorf("%s: %q became %q", encode(s), s, got)
			}
		}))
	}
}

// TestWholeAlphabet wants every letter back that an encoding can hold.
func TestWholeAlphabet(t *testing.T) {
	if n := len(alphabet(text.VNI)); n != 134+26*2+1 {
		t.Errorf("%d letters", n) // 134 with marks, 52 plain ones, a blank
	}
	for e, encode := range map[text.Encoding]func(string) string{text.TCVN3: toTCVN3, text.VNI: toVNI} {
		for _, r := range alphabet(e) {
			in := "b" + string(r) + "b"
			if got := text.FromLegacy(encode(in), e); got != in {
				t.Errorf("%s: %q became %q", e, in, got)
			}
		}
	}
}

// alphabet returns the Vietnamese letters an encoding can hold, both cases, plain ones and a blank among them.
func alphabet(e text.Encoding) []rune {
	small := []rune("aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz ")
	out := small
	for _, r := range small {
		up := unicode.ToUpper(r)
		if up == r || e == text.TCVN3 && r > 0x7F && !strings.ContainsRune("ăâêôơưđ", r) {
			continue
		}
		out = append(out, up)
	}
	return out
}

// toTCVN3 writes s by the standard's own table (TCVN 5712:1993, VN3).
func toTCVN3(s string) string {
	const from = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
	const to = "\xB5\xB6\xB7\xB8\xB9\xA8\xBB\xBC\xBD\xBE\xC6\xA9\xC7\xC8\xC9\xCA\xCB\xAE\xCC\xCE\xCF\xD0\xD1\xAA\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xDC\xDD\xDE" +
		"\xDF\xE1\xE2\xE3\xE4\xAB\xE5\xE6\xE7\xE8\xE9\xAC\xEA\xEB\xEC\xED\xEE\xEF\xF1\xF2\xF3\xF4\xAD\xF5\xF6\xF7\xF8\xF9\xFA\xFB\xFC\xFD\xFE\xA1\xA2\xA3\xA4\xA5\xA6\xA7"
	runes := []rune(from)
	return strings.Map(func(r rune) rune {
		for i, f := range runes {
			if f == r {
				return rune(to[i])
			}
		}
		return r
	}, norm.NFC.String(s))
}

// toVNI writes s by VNI's table of pairs.
func toVNI(s string) string {
	const pairs = `à aø á aù ả aû ã aõ ạ aï ă aê ằ aè ắ aé ẳ aú ẵ aü ặ aë â aâ ầ aà ấ aá ẩ aå ẫ aã ậ aä đ ñ è eø é eù ẻ eû ẽ eõ ẹ eï ê eâ ề eà ế eá ể eå ễ eã ệ eä
		ì ì í í ỉ æ ĩ ó ị ò ò oø ó où ỏ oû õ oõ ọ oï ô oâ ồ oà ố oá ổ oå ỗ oã ộ oä ơ ô ờ ôø ớ ôù ở ôû ỡ ôõ ợ ôï ù uø ú uù ủ uû ũ uõ ụ uï ư ö ừ öø ứ öù ử öû ữ öõ ự öï
		ỳ yø ý yù ỷ yû ỹ yõ ỵ î`
	table := map[rune]string{}
	fields := strings.Fields(pairs)
	for i := 0; i < len(fields); i += 2 {
		r := []rune(fields[i])[0]
		table[r], table[unicode.ToUpper(r)] = fields[i+1], strings.ToUpper(fields[i+1])
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if v, ok := table[r]; ok {
			b.WriteString(v)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func FuzzLegacy(f *testing.F) {
	f.Add("Céng hßa x· héi")
	f.Add("Coäng hoøa")
	f.Add("\xff\xd0\x00½")
	f.Fuzz(func(t *testing.T, s string) {
		latin, _ := charmap.ISO8859_1.NewDecoder().String(s)
		for _, in := range []string{s, latin} {
			e, sure := text.DetectLegacy(in)
			if sure < 0 || sure > 1 || (e == text.Unicode) != (sure == 0) {
				t.Errorf("DetectLegacy(%q) = %s, %v", in, e, sure)
			}
			for _, e := range []text.Encoding{text.TCVN3, text.VNI} {
				text.Ambiguous(in, e)
				if out := text.FromLegacy(in, e); !norm.NFC.IsNormalString(out) {
					t.Errorf("FromLegacy(%q, %s) = %q is not composed", in, e, out)
				}
			}
		}
	})
}
