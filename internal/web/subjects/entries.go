// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"
	"slices"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// entryKeys are what other registers say of a family, in the order of the form.
var entryKeys = []string{"poverty_status", "culture_family", registry.CitizenTitles}

// entryValues are the answers of those that have a closed list.
var entryValues = map[string][]string{"poverty_status": {"none", "near_poor", "poor"}, "culture_family": {"true", "false"}}

const (
	firstYear = 2016 // of the programme
	yearsBack = 6    // shown besides the present one
	maxTitles = 60   // holders in one household
)

type entryYear struct {
	Year  string
	Cells []entryCell
}

type entryCell struct{ Label, Value, Source string }

type entriesView struct {
	Shown  bool
	Hidden bool // others' registers say something that this reader does not see
	Years  []entryYear
	Action string // empty for those who may not write
	Fields []ui.Field
	Broken []ui.Broken
}

func entryLabel(v *site.Visit, key string) string {
	if lang.Has(v.Ctx(), "registry.field."+key) {
		return v.T("registry.field." + key)
	}
	return key
}

func entryWord(v *site.Visit, key, value string) string {
	if value == "" {
		return v.T("subjects.entry.none")
	}
	if slices.Contains(entryValues[key], value) {
		return v.T("subjects.entry." + key + "." + value)
	}
	return value
}

// entriesOf shows the entries of a family by year, and the form for one year: the present one, or the one of ?nam.
func entriesOf(v *site.Visit, p place.Place, r registry.Subject, sent typed, failed error) (e entriesView, err error) {
	if r.Model != registry.Family {
		return e, nil
	}
	e.Shown = true
	now := v.Now().In(store.Zone).Year()
	asked, _ := strconv.Atoi(v.Query("nam"))
	if asked < firstYear || asked > now+1 {
		asked = now
	}
	values := sent
	for y := now + 1; y >= now-yearsBack || y >= asked; y-- {
		all, hidden, err := v.Registry.VisibleEntries(v.Ctx(), v.Actor, r.PlaceID, r.ID, y)
		if err != nil {
			return e, err
		}
		if y == asked && values == nil {
			values = typed{"year": strconv.Itoa(y)}
			for key, x := range all {
				values[key] = x.Value
			}
		}
		e.Hidden = e.Hidden || hidden
		if len(all) == 0 {
			continue
		}
		row := entryYear{Year: strconv.Itoa(y)}
		for _, key := range entryKeys {
			if x, has := all[key]; has {
				row.Cells = append(row.Cells, entryCell{entryLabel(v, key), entryWord(v, key, x.Value), x.Source})
			}
		}
		e.Years = append(e.Years, row)
	}
	if !editor(v, p) || r.State != registry.Active {
		return e, nil
	}
	_, errs := explained(v, failed)
	e.Action = hrefOf(r) + "/muc"
	e.Fields = []ui.Field{{Name: "year", Label: v.T("subjects.entry.year"), Value: values["year"], Err: errs["year"], Class: "input--short", Attrs: map[string]any{"inputmode": "numeric"}}}
	for _, key := range entryKeys {
		f := ui.Field{Name: key, Label: entryLabel(v, key), Value: values[key], Err: errs[key], Optional: true}
		if list := entryValues[key]; list != nil {
			f.Options = []ui.Option{{Label: v.T("subjects.unknown")}}
			for _, x := range list {
				f.Options = append(f.Options, ui.Option{Value: x, Label: entryWord(v, key, x)})
			}
		} else {
			f.Class, f.Attrs = "input--short", map[string]any{"inputmode": "numeric"}
		}
		e.Fields = append(e.Fields, f)
	}
	e.Fields = append(e.Fields, ui.Field{Name: "source", Label: v.T("subjects.entry.source"), Hint: v.T("subjects.entry.source_hint"), Value: values["source"], Err: errs["source"], Optional: true})
	e.Broken = ui.BrokenOf(errs, e.Fields...)
	return e, nil
}

// setEntries writes what changed in the entries of a family for a year; a blank answer takes an entry away. The list named in the form
// is where the changed answers come from; sent with no change, it is named for all of them.
func setEntries(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, _, err := editable(v)
	if err != nil {
		return err
	}
	if r.Model != registry.Family {
		return fault.NotFound("subject", r.ID)
	}
	t := typed{"year": v.Form("year"), "source": v.Form("source")}
	for _, key := range entryKeys {
		t[key] = v.Form(key)
	}
	y, errs := checkEntries(v, t)
	if err = fault.Invalid(errs...); err == nil {
		var before map[string]registry.Entry
		if before, err = v.Registry.EntriesOf(v.Ctx(), v.DB.Read(), r.PlaceID, r.ID, y); err != nil {
			return err
		}
		var changed, same []registry.Entry
		for _, key := range entryKeys {
			x := registry.Entry{SubjectID: r.ID, Key: key, Value: t[key], Source: t["source"]}
			switch {
			case before[key].Value != x.Value:
				changed = append(changed, x)
			case x.Value != "" && x.Source != "" && before[key].Source != x.Source:
				same = append(same, x)
			}
		}
		list := changed
		if len(changed) == 0 {
			list = same
		}
		err = v.Registry.SetEntries(v.Ctx(), v.Actor, r.PlaceID, y, list...)
	}
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return showWith(v, http.StatusUnprocessableEntity, r, t, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(hrefOf(r), "nam", strconv.Itoa(y), "xong", "muc") + "#muc")
}

func checkEntries(v *site.Visit, t typed) (y int, errs []fault.FieldError) {
	now := v.Now().In(store.Zone).Year()
	y, err := strconv.Atoi(t["year"])
	if err != nil || y < firstYear || y > now+1 {
		errs = append(errs, fault.Field("year", "registry.year", "from_year", firstYear, "to_year", now+1))
	}
	for _, key := range entryKeys {
		switch list := entryValues[key]; {
		case t[key] == "":
		case list != nil && !slices.Contains(list, t[key]):
			errs = append(errs, fault.Field(key, "registry.unknown_value", "value", t[key]))
		case list == nil:
			n, err := whenWhole(t[key])
			if err != nil {
				errs = append(errs, fault.Field(key, "subjects.digits"))
			} else if n < 0 || n > maxTitles {
				errs = append(errs, fault.Field(key, "registry.count_range", "value", n, "limit", maxTitles))
			} else {
				t[key] = strconv.Itoa(n)
			}
		}
	}
	if n := len([]rune(t["source"])); n > registry.MaxName {
		errs = append(errs, fault.Field("source", "registry.too_long", "length", n, "limit", registry.MaxName))
	}
	return y, errs
}
