// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
)

// A consent holds from when it is recorded until it is withdrawn, for one purpose and for the name it was given under.
func TestConsent(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Phùng Văn Dũng")
		holds := func(r registry.Subject, p registry.Purpose, want bool) {
			w.Helper()
			if got, err := w.Agreed(ctx, r.ID, p, r.Name); err != nil || got != want {
				w.Errorf("%s of %s: %v, %v", p, r.Name, got, err)
			}
		}
		asked := registry.Consent{PlaceID: w.khu1, SubjectID: f.ID, Purpose: registry.ShowName, Words: "Tôi đồng ý.", Way: registry.OnPaper, GivenOn: "2026-11-20"}
		holds(f, registry.ShowName, false)
		given, err := w.Agree(ctx, officer, asked)
		if err != nil || given.Name != f.Name || given.ByID != officer.ID {
			w.Fatalf("%+v, %v", given, err)
		}
		holds(f, registry.ShowName, true)
		holds(f, registry.Badge, false)
		if _, err := w.Agree(ctx, officer, asked); fault.KindOf(err) != fault.KindConflict {
			w.Errorf("twice: %v", err)
		}
		// It goes where the family goes.
		f, err = w.Move(ctx, officer, w.khu1, f.ID, f.Version, w.khu2, "2026-11-01")
		if err != nil {
			w.Fatal(err)
		}
		holds(f, registry.ShowName, true)
		// Another head is another person.
		d := f.Draft()
		d.Name = "Phùng Thị Lan"
		renamed := w.save(officer, d)
		holds(renamed, registry.ShowName, false)
		holds(f, registry.ShowName, true)
		asked.PlaceID = w.khu2
		second, err := w.Agree(ctx, officer, asked)
		if err != nil || second.Name != "Phùng Thị Lan" {
			w.Fatalf("%+v, %v", second, err)
		}
		if err := w.Withdraw(ctx, officer, w.khu2, f.ID, given.ID); err != nil {
			w.Fatal(err)
		}
		holds(f, registry.ShowName, false)
		holds(renamed, registry.ShowName, true)
		if err := w.Withdraw(ctx, officer, w.khu2, f.ID, given.ID); fault.KindOf(err) != fault.KindNotFound {
			w.Errorf("withdrawn twice: %v", err)
		}
		list, err := w.Consents(ctx, viewer, w.khu2, f.ID)
		if err != nil || len(list) != 2 || list[0].Holds() || list[0].WithdrawnBy != officer.ID || !list[1].Holds() || list[1].Words != "Tôi đồng ý." {
			w.Errorf("%+v, %v", list, err)
		}
	})
}

// Who cannot agree, what cannot be recorded, and who may not record it.
func TestConsentRefusals(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Phùng Văn Dũng")
		child, grown := w.citizen(w.khu1, f.ID, "Phùng Thị Hoa", 2009), w.citizen(w.khu1, f.ID, "Phùng Văn Nam", 2008)
		clan := w.save(officer, registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Dòng họ Phùng"})
		gone := w.family(w.khu1, "Bùi Văn Đi")
		if _, err := w.Leave(ctx, officer, w.khu1, gone.ID, gone.Version, "Chuyển đi"); err != nil {
			w.Fatal(err)
		}
		good := registry.Consent{PlaceID: w.khu1, SubjectID: f.ID, Purpose: registry.ShowName, Words: "Tôi đồng ý.", Way: registry.Spoken, GivenOn: "2026-11-25"}
		for name, c := range map[string]struct {
			by     identity.Actor
			change func(*registry.Consent)
			want   string
		}{
			"a purpose that there is not": {officer, func(c *registry.Consent) { c.Purpose = "sell" }, "invalid; purpose registry.unknown_value"},
			"no way":                      {officer, func(c *registry.Consent) { c.Way = "" }, "invalid; way registry.consent_way"},
			"no day":                      {officer, func(c *registry.Consent) { c.GivenOn = "25/11/2026" }, "invalid; given_on registry.consent_date"},
			"tomorrow":                    {officer, func(c *registry.Consent) { c.GivenOn = "2026-11-26" }, "invalid; given_on registry.consent_future"},
			"no words":                    {officer, func(c *registry.Consent) { c.Words = " " }, "invalid; words registry.too_long"},
			"too many words":              {officer, func(c *registry.Consent) { c.Words = strings.Repeat("ễ", 2001) }, "invalid; words registry.too_long"},
			"17 this year":                {officer, func(c *registry.Consent) { c.SubjectID = child.ID }, "invalid; purpose registry.consent_child"},
			"a clan":                      {officer, func(c *registry.Consent) { c.SubjectID = clan.ID }, "registry.consent_nobody"},
			"who has left":                {officer, func(c *registry.Consent) { c.SubjectID = gone.ID }, "registry.consent_nobody"},
			"by another place":            {officer, func(c *registry.Consent) { c.PlaceID = w.khu2 }, "not_found.subject"},
			"by a neighbour":              {neighbour, func(*registry.Consent) {}, "denied.edit_registry"},
			"by who only reads":           {viewer, func(*registry.Consent) {}, "denied.edit_registry"},
		} {
			x := good
			c.change(&x)
			if _, err := w.Agree(ctx, c.by, x); key(err) != c.want {
				w.Errorf("%s: %s, want %s", name, key(err), c.want)
			}
		}
		x := good
		x.SubjectID = grown.ID
		given, err := w.Agree(ctx, officer, x)
		if err != nil {
			w.Fatal(err)
		}
		for _, by := range []identity.Actor{neighbour, viewer, {}} {
			if err := w.Withdraw(ctx, by, w.khu1, grown.ID, given.ID); fault.KindOf(err) != fault.KindDenied {
				w.Errorf("%s withdraws: %v", by.ID, err)
			}
		}
		if err := w.Withdraw(ctx, officer, w.khu1, f.ID, given.ID); fault.KindOf(err) != fault.KindNotFound {
			w.Errorf("of another subject: %v", err)
		}
		if _, err := w.Consents(ctx, neighbour, w.khu1, grown.ID); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("a neighbour reads: %v", err)
		}
	})
}
