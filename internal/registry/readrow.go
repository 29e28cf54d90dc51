// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/sheet"
	"hoctap/internal/text"
)

// read turns the cells into the draft's fields.
func (c *checker) read(j *judgement) {
	d := &j.draft
	model := c.batch.Model
	if model == Community {
		d.Name = c.communityName(j)
	} else {
		d.Name = j.name("name", model)
	}
	d.Number = j.cell("number").Text
	d.Address = j.cell("address").Text
	d.Ethnic = j.cell("ethnic").Text
	d.Body = j.cell("body").Text
	d.Phone = j.phone()
	d.IDNumber = j.idNumber()
	d.BirthYear = j.birth()
	d.Members = j.whole("members", 1)
	d.Adults = j.whole("adults", 0)
	d.Children = j.whole("children", 0)
	d.Sex = j.word("sex", sexWords, nil)
	switch model {
	case Unit:
		d.Kind = j.word("kind", unitWords, UnitKinds)
	case Citizen:
		d.Kind = j.word("kind", citizenWords, CitizenGroups)
	case Register:
		j.readEntries()
	}
}

// name reads a person's name with ReadName's care for capitals; clans and units may write theirs as they like.
func (j *judgement) name(field, model string) string {
	cell := j.cell(field)
	if model == Clan || model == Unit {
		return cell.Text
	}
	r := sheet.ReadName(cell)
	switch {
	case r.Blank:
		return ""
	case r.Fault != "":
		j.add(RowError, field, r.Fault, r.Args)
		return ""
	case r.Warning != "":
		if j.cells[legacyMark+field] == "" { // else the conversion comes first
			j.add(RowDoubt, field, r.Warning, r.Args, Fix{Kind: "set", Value: sheet.TitleCase(cell.Text), Group: groupCapitals})
		}
	}
	return r.Value
}

// communityName is the area's name as the tree of places has it, or as typed for an area that is to be created.
func (c *checker) communityName(j *judgement) string {
	if areas := c.communes[j.commune.ID]; areas != nil {
		if a := areas.find(j.cell("area").Text); a.found != nil {
			return a.found.FullName()
		}
	}
	return j.cell("area").Text
}

func (j *judgement) phone() string {
	r := sheet.ReadPhone(j.cell("phone"))
	switch {
	case r.Blank:
		return ""
	case r.Fault == "sheet.phone_digits":
		// The form's own words say how many digits are there and how many are wanted.
		if e, bad := checkPhone(digitsOf(j.cell("phone").Text)); bad {
			j.add(RowError, "phone", e.Key, e.Args)
			return ""
		}
		fallthrough
	case r.Fault != "":
		j.add(RowError, "phone", r.Fault, r.Args)
		return ""
	case r.Warning != "":
		j.add(RowDoubt, "phone", r.Warning, r.Args, Fix{Kind: "set", Value: r.Value, Group: "phone:" + strings.TrimPrefix(r.Warning, "sheet.")})
	}
	return r.Value
}

// idNumber reads an id number; spreadsheets that took it for a figure have lost the 0 in front, which can be told and mended.
func (j *judgement) idNumber() string {
	cell := j.cell("id_number")
	if cell.Blank() && !cell.Formula || strings.Trim(cell.Text, "-–—_.…/ ") == "" && !cell.Formula {
		return ""
	}
	s := cleanID(cell.Text)
	if len(s) == 11 && s == digitsOf(s) && strings.Contains(idProvinces, " 0"+s[:2]+" ") {
		j.add(RowDoubt, "id_number", "registry.id_zero_added", nil, Fix{Kind: "set", Value: "0" + s, Group: "id:zero"})
		return "0" + s
	}
	if cell.Formula {
		j.add(RowError, "id_number", "sheet.formula_without_value", fault.Args{"cell": "", "value": ""})
		return ""
	}
	return s
}

// birth reads a year, or the year of a date; in which order day and month stand does not matter for it.
func (j *judgement) birth() int {
	cell := j.cell("birth_year")
	r := sheet.ReadDate(cell, sheet.OrderUnknown)
	switch {
	case r.Blank:
		return 0
	case r.Fault != "":
		j.add(RowError, "birth_year", r.Fault, r.Args)
		return 0
	case r.Warning == "sheet.date_short_year", r.Warning == "sheet.date_serial":
		j.add(RowDoubt, "birth_year", r.Warning, r.Args, Fix{Kind: "set", Value: strconv.Itoa(r.Value.Year), Group: "birth:" + strings.TrimPrefix(r.Warning, "sheet.")})
	}
	return r.Value.Year
}

// whole reads a count of at least least. A blank cell is not known, which a typed 0 is not.
func (j *judgement) whole(field string, least int64) int {
	r := sheet.ReadWhole(j.cell(field))
	switch {
	case r.Blank:
		return 0
	case r.Fault != "":
		j.add(RowError, field, r.Fault, r.Args)
		return 0
	case r.Value < least:
		j.add(RowError, field, "registry.count_least", fault.Args{"value": r.Value, "least": least})
		return 0
	case r.Value > maxGroup:
		j.add(RowError, field, "registry.count_range", fault.Args{"value": r.Value, "limit": maxGroup})
		return 0
	}
	return int(r.Value)
}

// word reads one of a few values by the words people write for them, or by the values themselves.
func (j *judgement) word(field string, words map[string]string, values []string) string {
	typed := j.cell(field).Text
	if strings.Trim(typed, "-–—_. ") == "" {
		return "" // a dash says "nothing"
	}
	folded := text.Fold(typed)
	if v, ok := words[folded]; ok {
		return v
	}
	for _, v := range values {
		if typed == v {
			return v
		}
	}
	j.add(RowError, field, "registry.unknown_value", fault.Args{"value": typed})
	return ""
}

func (j *judgement) readEntries() {
	for _, key := range entryColumns {
		value := ""
		switch key {
		case "poverty_status":
			value = j.word(key, povertyWords, []string{"none", "near_poor", "poor"})
		case "culture_family":
			r := sheet.ReadYesNo(j.cell(key))
			if r.Fault != "" {
				j.add(RowError, key, r.Fault, r.Args)
			} else if !r.Blank {
				value = strconv.FormatBool(r.Value)
			}
		case CitizenTitles:
			if n := j.whole(key, 0); !j.cell(key).Blank() {
				value = strconv.Itoa(n)
			}
		}
		if value != "" {
			j.entries = append(j.entries, Entry{Key: key, Value: value})
		}
	}
	if len(j.entries) == 0 && len(j.issues) == 0 {
		j.add(RowError, entryColumns[0], "registry.no_entry", nil)
	}
}
