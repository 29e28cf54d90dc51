// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
)

// Children: below 7 the representative agrees, from 7 both, and who reaches 7 or 18 is asked again; names and badges are not given at all.
func TestConsentOfChildren(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		for _, x := range []struct {
			name           string
			born           int
			purpose        registry.Purpose
			person         registry.Person
			representative string
			refused        string // field
			again          string
		}{
			{"Trẻ Sáu Tuổi", 2020, registry.Picture, registry.Representative, "Mẹ Của Trẻ", "", "2027-01-01"},
			{"Trẻ Sáu Tuổi Hai", 2020, registry.Picture, registry.Both, "Mẹ Của Trẻ", "person", ""},
			{"Trẻ Bảy Tuổi", 2019, registry.Picture, registry.Both, "Mẹ Của Trẻ", "", "2037-01-01"},
			{"Trẻ Bảy Tuổi Hai", 2019, registry.Picture, registry.Representative, "Mẹ Của Trẻ", "person", ""},
			{"Trẻ Chín Tuổi", 2017, registry.Story, registry.Both, "", "representative", ""},
			{"Trẻ Mười Tuổi", 2016, registry.ShowName, registry.Both, "Mẹ Của Trẻ", "purpose", ""},
			{"Trẻ Mười Bốn", 2012, registry.Badge, registry.Both, "Mẹ Của Trẻ", "purpose", ""},
			{"Người Mười Tám", 2008, registry.Picture, registry.Both, "Mẹ Của Trẻ", "", "2027-01-01"},
			{"Người Hai Mươi", 2006, registry.Picture, registry.Self, "", "", ""},
			{"Người Không Rõ", 0, registry.Picture, registry.Self, "", "purpose", ""},
		} {
			c := w.citizen(w.khu1, "", x.name, x.born)
			got, err := w.Agree(ctx, officer, registry.Consent{PlaceID: w.khu1, SubjectID: c.ID, Purpose: x.purpose, Words: x.purpose.Words().Words, Way: registry.OnPaper, GivenOn: "2026-11-20",
				Person: x.person, Representative: x.representative})
			if x.refused != "" {
				if f, ok := fault.As(err); !ok || len(f.Fields) == 0 || f.Fields[0].Field != x.refused {
					w.Errorf("%s: %v", x.name, err)
				}
				continue
			}
			if err != nil || got.AskAgainOn != x.again || got.WordsVersion != 1 || len(got.WordsSHA) != 64 {
				w.Errorf("%s: %+v %v", x.name, got, err)
			}
		}
		list, err := w.AskAgain(ctx, officer, hyCuong, "2027-01-31")
		if err != nil || len(list) != 2 {
			w.Errorf("%d are asked again: %v", len(list), err)
		}
		six := list[0]
		holds := func(want bool) {
			w.Helper()
			if ok, err := w.Agreed(ctx, six.SubjectID, registry.Picture, six.Name); ok != want || err != nil {
				w.Errorf("holds: %v %v", ok, err)
			}
		}
		holds(true)
		w.clock.Add(60 * 24 * 3600 * 1e6) // January
		holds(false)
		if _, err := w.AskAgain(ctx, neighbour, hyCuong, "2027-01-31"); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("a neighbour: %v", err)
		}
	})
	seen := map[string]string{}
	for _, x := range registry.ConsentTexts() { // no version changes its words
		seen[string(x.Purpose)+string(rune('0'+x.Version))] = x.SHA256()
	}
	for key, sha := range fixedConsents {
		if seen[key] != sha {
			t.Errorf("%s is %s: a text that somebody may have agreed to changed; add a version instead", key, seen[key])
		}
	}
	if len(seen) != len(fixedConsents) {
		t.Errorf("%d texts, %d known here: %v", len(seen), len(fixedConsents), seen)
	}
}

// fixedConsents are the texts that were shipped.
var fixedConsents = map[string]string{
	"show_name1": "af3c7ecadaa900941e41bed25193f3d2529185077bc51a95c230f7a56c2fe950",
	"badge1":     "6a2856dcc9e1fdee74abfc656fdaac44ab907cc74c01af3135e3066a26b6da8f",
	"picture1":   "18b76f7c5f2f0b62ef1e54f4d0af38a6b15af106bc885b4234205830381482db",
	"story1":     "0c58efcae934f6a5e0c0997e3cf67678536fd695c41c49a7f77efd72c966dc3a",
}
