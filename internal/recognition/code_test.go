// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func TestParseCode(t *testing.T) {
	for typed, want := range map[string]string{
		"7K2M-9QXD-04TV":     "7K2M9QXD04TV",
		"7k2m 9qxd 04tv":     "7K2M9QXD04TV",
		"7k2m–9qxd—o4tv":     "7K2M9QXD04TV", // dashes of a word processor, O for 0
		"IL00-0000-0000":     "110000000000",
		"uuuu.uuuu.uuuu":     "VVVVVVVVVVVV",
		"\u200b7K2M9QXD04TV": "7K2M9QXD04TV",
	} {
		got, err := recognition.ParseCode(typed)
		if err != nil || string(got) != want {
			t.Errorf("%q: %q %v, want %q", typed, got, err, want)
		}
	}
	for typed, key := range map[string]string{"": "recognition.code_length", "7K2M-9QXD": "recognition.code_length", "7K2M-9QXD-04TV-1": "recognition.code_length",
		"7K2M-9QXD-04T?": "recognition.code_letter", "7K2M-9QXD-04TĐ": "recognition.code_letter"} {
		_, err := recognition.ParseCode(typed)
		f, ok := fault.As(err)
		if !ok || f.Fields[0].Key != key {
			t.Errorf("%q: %v, want %s", typed, err, key)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"7K2M-9QXD-04TV", "", "đđđđđđđđđđđđ", "oooo iiii llll", "\xff\xfe", strings.Repeat("0", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := recognition.ParseCode(typed)
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("%q: %v", typed, err)
			}
			return
		}
		again, err := recognition.ParseCode(c.String())
		if err != nil || again != c || len(c) != 12 || len(c.String()) != 14 {
			t.Fatalf("%q: %q reads back as %q, %v", typed, c, again, err)
		}
	})
}

func TestMasked(t *testing.T) {
	for name, want := range map[string]string{
		"Bùi Văn Thành": "Bùi V. Thành", "Nguyễn Thị Minh Khai": "Nguyễn T. M. Khai", "Hà Chiến": "H. Chiến", "Pa": "P.", "": "",
		"Gia đình ông Hà Văn Chiến": "Hà V. Chiến", "Hộ bà Đinh Thị Thuỷ": "Đinh T. Thuỷ", "Hồ Đắc Di": "Hồ Đ. Di", "Bá Văn Út": "Bá V. Út",
		"  bùi   văn  thành ": "bùi V. thành", "Lò Thi\u0323 A\u0309nh": "Lò T. Ảnh",
	} {
		if got := recognition.Masked(name, registry.Family); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := recognition.Masked("Dòng họ Nguyễn Văn", registry.Clan); got != "Dòng họ Nguyễn Văn" {
		t.Errorf("a clan is no person: %q", got)
	}
}

// Whoever agreed is named in full to those who have the certificate's code, until it is withdrawn; another head of the family is not meant.
func TestNamedByConsent(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		title := w.titles(w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true}))[0]
		masked := recognition.Masked(title.Name, title.Model)
		shows := func(want string) {
			t.Helper()
			if got := w.public(title.Code).Name; got != want {
				t.Errorf("shows %q, want %q", got, want)
			}
		}
		shows(masked)
		agree := func(p registry.Purpose) registry.Consent {
			t.Helper()
			c, err := w.registry.Agree(w.ctx, w.officer(), registry.Consent{PlaceID: title.PlaceID, SubjectID: title.SubjectID, Purpose: p, Words: "Tôi đồng ý.", Way: registry.OnPaper, GivenOn: "2026-12-01"})
			w.ok(err)
			return c
		}
		agree(registry.Badge)
		shows(masked)
		c := agree(registry.ShowName)
		shows(title.Name)
		r, err := w.registry.Get(w.ctx, w.officer(), title.PlaceID, title.SubjectID)
		w.ok(err)
		d := r.Draft()
		d.Name = "Người Khác Hẳn"
		_, err = w.registry.Save(w.ctx, w.officer(), d)
		w.ok(err)
		shows(title.Name) // the certificate is still that of who agreed
		w.ok(w.registry.Withdraw(w.ctx, w.officer(), title.PlaceID, title.SubjectID, c.ID))
		shows(masked)
		agree(registry.ShowName) // the new head speaks for itself alone
		shows(masked)
	})
}
