// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	placedata "hoctap/data/places"
)

func TestTableErrors(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":       {"", "f.csv:1: no header row: EOF"},
		"column":      {"a,b\n1,2\n", `f.csv:1: no column "code"`},
		"twice":       {"code,code\n1,2\n", `f.csv:1: two columns are called "code"`},
		"short":       {"code,day,n\n1,2025-01-01\n", "f.csv: record on line 2: wrong number of fields"},
		"quote":       {"code,day,n\n\"1,2\n", `f.csv: parse error on line 2, column 6: extraneous or missing " in quoted-field`},
		"not UTF-8":   {"code,day,n\n1\xff,,\n", `f.csv:2: code "1\xff" is not UTF-8 text`},
		"zero":        {"code,day,n\n1\x00,,\n", `f.csv:2: code "1\x00" is not UTF-8 text`},
		"code":        {"code,day,n\n01a,,\n", `f.csv:2: code "01a" is no code`},
		"no code":     {"code,day,n\n,,\n", `f.csv:2: code "" is no code`},
		"day":         {"code,day,n\n01,2025-02-30,\n", `f.csv:2: day "2025-02-30" is no date`},
		"number":      {"code,day,n\n01,,1.2.3\n", `f.csv:2: n "1.2.3" is no number`},
		"NaN":         {"code,day,n\n01,,NaN\n", `f.csv:2: n "NaN" is no number`},
		"huge":        {"code,day,n\n01,,1e300\n", `f.csv:2: n "1e300" is no number`},
		"later lines": {"code,day,n\n\"0\n1\",,\n02,x,\n", `f.csv:2: code "0\n1" is no code`},
		"fine":        {"\ufeffcode,day,n\n 01 ,,\n02,2025-06-30,25.83\n", ""},
	} {
		err := readTable(strings.NewReader(c.in), "f.csv", []string{"code"}, fields)
		if got := message(err); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// fields reads a row the way the loader does.
func fields(r row) error {
	if _, err := r.code("code"); err != nil {
		return err
	}
	for _, column := range []string{"day", "n"} {
		if _, ok := r.at[column]; !ok {
			return nil
		}
	}
	if _, err := r.date("day", ""); err != nil {
		return err
	}
	_, err := r.number("n")
	return err
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzTable(f *testing.F) {
	for _, seed := range []string{"code,day,n\n01,2025-01-01,2\n", "\ufeffcode\n1\n", "code,day,n\n\"1\n", "code\n\xff\n", "\"\"\n", "code,day,n\r\n1,,NaN\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if err := readTable(strings.NewReader(in), "f.csv", []string{"code"}, func(r row) error {
			if s := r.text("code"); !utf8.ValidString(s) {
				t.Errorf("let through %q", s)
			}
			if r.line < 1 {
				t.Errorf("line %d", r.line)
			}
			return fields(r)
		}); err != nil && !strings.HasPrefix(err.Error(), "f.csv:") {
			t.Errorf("%v does not name the file", err)
		}
	})
}

// changed is the shipped data with one text replaced.
func changed(t *testing.T, name, old, new string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(placedata.Files, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		body, err := fs.ReadFile(placedata.Files, n)
		if err != nil {
			t.Fatal(err)
		}
		if n == name {
			if !strings.Contains(string(body), old) {
				t.Fatalf("%s has no %q", name, old)
			}
			body = []byte(strings.Replace(string(body), old, new, 1))
		}
		files[n] = &fstest.MapFile{Data: body}
	}
	return files
}

// Data that contradict themselves are refused with the file and line, before anything is written.
func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"national_old_provinces.csv", "01,Hà Nội,", "02,Hà Nội,", "unit 02 has two states at one time"},
		{"national_old_provinces.csv", ",2025-06-30,01\n", ",2025-06-30,99\n", `new_province_code "99" is no province of the new map`},
		{"national_provinces.csv", "01,Hà Nội,", "01,,", "national_provinces.csv:2: unit 01 has no name"},
		{"old_units.csv", "04789,Thái Bình,Phường,commune,148", "04789,Thái Bình,Phường,commune,999", `old_units.csv:5: parent_code "999" is no district`},
		{"old_units.csv", "04789,Thái Bình,Phường,commune", "04789,Thái Bình,Phường,hamlet", `old_units.csv:5: level "hamlet" is no level`},
		{"national_communes.csv", "00070,Hoàn Kiếm,Phường,01,2025-07-01", "00070,Hoàn Kiếm,Phường,99,2025-07-01", `province_code "99" is no province`},
		{"national_old_provinces.csv", "01,Hà Nội,Thành phố,,2025-06-30", "01,Hà Nội,Thành phố,,2025-06-29", `code "01" is no province of 2025-06-30`},
		{"national_provinces.csv", "Thành phố,2026-04-30", "Thành phố,2026-05-01", "lies nowhere, or twice, on 2026-04-30"},
		{"phu_tho_communes_2025.csv", "07900,Việt Trì", "07900,Gia Cẩm", "is not the same unit as in national_communes.csv"},
		{"phu_tho_communes_2025.csv", "25.83", "x", `area_km2 "x" is no number`},
		{"phu_tho_successions.csv", "dissolved_into,04819", "dissolved_into,00000", `code_2025_06_30 "00000" is no commune of that day`},
		{"phu_tho_successions.csv", "dissolved_into", "vanished", `phu_tho_successions.csv:2: change "vanished" is no change`},
		{"phu_tho_old_to_new.csv", "04792,Tân Hòa", "00001,Tân Hòa", `old_code "00001" or its new code is no commune`},
		{"national_old_to_new.csv", ",00004,Phường Ba Đình", ",99999,Phường Ba Đình", `new_code "99999" is no commune of the new map`},
	} {
		tree, err := read(changed(t, c.file, c.old, c.new))
		if err == nil {
			err = tree.check()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v, want %q", c.file, c.new, err, c.want)
		}
	}
}

func TestTargetsRefused(t *testing.T) {
	const head = "schema: learning-targets/1\nprogrammes:\n  - id: p\n    verified: true\n    targets:\n      - "
	for name, c := range map[string]struct{ in, want string }{
		"schema":  {"schema: learning-targets/2\n", `schema "learning-targets/2"`},
		"yaml":    {"schema: [", "targets.yaml: yaml:"},
		"neither": {head + "{year: 2025, percent: 7}", "targets.yaml:6: a target needs"},
		"both":    {head + "{year: 2025, model: clan, measure: x, percent: 7}", "targets.yaml:6"},
		"percent": {head + "{year: 2025, model: clan, percent: 101}", "targets.yaml:6"},
		"year":    {head + "{model: clan, percent: 7}", "targets.yaml:6"},
		"region":  {head + "{year: 2025, model: clan, region: hills, percent: 7}", "targets.yaml:6"},
		"type":    {head + "{year: soon, model: clan}", "targets.yaml:6"},
		"fine":    {head + "{year: 2025, model: clan, percent: 7.25}", ""},
	} {
		list, err := readTargets(fstest.MapFS{targetsFile: {Data: []byte(c.in)}})
		if got := message(err); c.want == "" && (err != nil || list[0].Percent != 725) || !strings.Contains(got, c.want) {
			t.Errorf("%s: %v %s, want %q", name, list, got, c.want)
		}
	}
}

func FuzzTargets(f *testing.F) {
	f.Add("schema: learning-targets/1\nprogrammes:\n  - id: p\n    targets:\n      - {year: 2025, model: clan, percent: 7}\n", 2026)
	f.Add("schema: learning-targets/1\nprogrammes:\n  - id: p\n    targets:\n      - {year: 2025, model: clan, percent: 7}\n      - {year: 2030, model: clan, percent: 100}\n", 2027)
	f.Add("schema: [", 2030)
	f.Fuzz(func(t *testing.T, in string, year int) {
		list, err := readTargets(fstest.MapFS{targetsFile: {Data: []byte(in)}})
		if err != nil {
			return
		}
		percent, _, from, to, ok := Target(list, "clan", year, RegionDefault)
		if ok && (percent < min(from.Percent, to.Percent) || percent > max(from.Percent, to.Percent) || from.Year > year || to.Year < year) {
			t.Errorf("target of %d is %d, between %+v and %+v", year, percent, from, to)
		}
	})
}
