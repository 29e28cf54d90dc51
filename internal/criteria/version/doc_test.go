// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package version_test

import (
	"io/fs"
	"strings"
	"testing"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
)

func shipped(t testing.TB, id string) string {
	t.Helper()
	body, err := fs.ReadFile(criteriadata.Files, id+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func read(t testing.TB, text string) *version.Doc {
	t.Helper()
	d, err := version.ReadDoc(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func write(t testing.TB, d *version.Doc) string {
	t.Helper()
	text, err := d.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestDocKeepsEverySet reads and writes each shipped set: it stays sound and says the same.
func TestDocKeepsEverySet(t *testing.T) {
	library, err := criteria.LoadLibrary(criteriadata.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range library.IDs() {
		before := read(t, shipped(t, id))
		text := write(t, before)
		if _, err := criteria.Parse(id+".yaml", strings.NewReader(text)); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if changes := version.Compare(read(t, shipped(t, id)), read(t, text)); len(changes) > 0 {
			t.Errorf("%s: %v", id, changes)
		}
	}
}

func TestDocEdits(t *testing.T) {
	const text = `# Bộ thử
schema: learning-criteria/1 # kiểu tệp
groups:
  - code: A
    criteria:
      - {code: A1, title: "Một", max_points: 10, scoring: {kind: manual}} # dòng A1
      # trước A2
      - code: A2
        max_points: 7.5
  - code: B
    criteria: []
facts: []
`
	cases := []struct {
		name string
		edit func(d *version.Doc)
		want []string
		gone []string
	}{
		{"a number with a comma", func(d *version.Doc) { d.Set("groups[0].criteria[0].max_points", version.Number("12,5")) }, []string{"max_points: 12.5", "# dòng A1", "# trước A2", "# kiểu tệp"}, nil},
		{"thousands", func(d *version.Doc) { d.Set("x", version.Number("1.000.000")) }, []string{"x: 1000000"}, nil},
		{"no number stays as typed", func(d *version.Doc) { d.Set("groups[0].criteria[0].max_points", version.Number("mười")) }, []string{`max_points: "mười"`}, nil},
		{"a code of digits stays text", func(d *version.Doc) { d.Set("groups[0].code", version.Words("1")) }, []string{`code: "1"`}, nil},
		{"a word that reads as true", func(d *version.Doc) { d.Set("groups[0].code", version.Words("true")) }, []string{`code: "true"`}, nil},
		{"quotes and breaks", func(d *version.Doc) {
			d.Set("groups[0].criteria[0].title", version.Words("a \"b\"\n# c: {d}"))
		}, []string{`title: "a \"b\"\n# c: {d}"`}, nil},
		{"deep key", func(d *version.Doc) { d.Set("groups[0].criteria[1].scoring.kind", version.Words("scale")) }, []string{"scoring: {kind: scale}"}, nil},
		{"mapping over a scalar", func(d *version.Doc) {
			d.Set("groups[0].criteria[1].max_points.a", version.Number("1"))
		}, []string{"max_points: {a: 1}"}, nil},
		{"remove", func(d *version.Doc) { d.Remove("groups[0].criteria[0]") }, []string{"code: A2"}, []string{"A1"}},
		{"remove what is not there", func(d *version.Doc) { d.Remove("groups[7].criteria[0].x") }, []string{"code: A1"}, nil},
		{"append like the neighbour", func(d *version.Doc) {
			i := d.Append("groups")
			d.Set("groups[2].code", version.Words("C"))
			if i != 2 {
				t.Errorf("index %d", i)
			}
		}, []string{"- code: C"}, nil},
		{"carry to another group", func(d *version.Doc) { d.Carry("groups[0].criteria", 0, "groups[1].criteria") }, []string{"A1", "# dòng A1"}, nil},
		{"move behind", func(d *version.Doc) { d.Move("groups", 0, 2) }, []string{"code: A"}, nil},
		{"move out of range", func(d *version.Doc) { d.Move("groups", 5, 0); d.Move("facts", 0, 9); d.Move("schema", 0, 0) }, []string{"code: A"}, nil},
		{"list", func(d *version.Doc) {
			d.SetList("groups[0].criteria[0].scoring.accept", []version.Scalar{version.Literal("true"), version.Literal("none"), version.Literal("3")})
		}, []string{"accept: [true, none, 3]"}, nil},
	}
	for _, c := range cases {
		d := read(t, text)
		c.edit(d)
		out := write(t, d)
		read(t, out)
		for _, w := range c.want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: no %q in\n%s", c.name, w, out)
			}
		}
		for _, g := range c.gone {
			if strings.Contains(out, g) {
				t.Errorf("%s: still %q in\n%s", c.name, g, out)
			}
		}
	}
}

// TestDocAliases demands that who changes one criterion does not change those that share its lines.
func TestDocAliases(t *testing.T) {
	d := read(t, "a: &x {kind: scale, step: 1}\nb: *x\nc: {<<: *x, step: 2}\n")
	d.Set("b.step", version.Number("3"))
	if got := d.At("a.step").Text() + d.At("b.step").Text() + d.At("c.step").Text() + d.At("c.kind").Text(); got != "132scale" {
		t.Errorf("steps %s", got)
	}
	for _, text := range []string{"a: &x [*x]", "a: &x {b: *x}", "", "- 1", "a: [", "a: \"\x00", "? {a: b}\n: c"} {
		if _, err := version.ReadDoc(text); err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCompare(t *testing.T) {
	before := read(t, shipped(t, "family-2021-2030"))
	after := read(t, shipped(t, "family-2021-2030"))
	if list := version.Compare(before, after); len(list) != 0 {
		t.Fatalf("a set differs from itself: %v", list)
	}
	after.Set("groups[1].criteria[0].max_points", version.Number("6"))
	after.Set("groups[0].criteria[2].title", version.Words("Lễ phép"))
	after.Move("groups[3].criteria", 2, 0)
	after.Remove("recognition.mandatory[0]")
	after.Set("recognition.thresholds[1].min_total", version.Number("65"))
	i := after.Append("groups[2].criteria")
	after.Set("groups[2].criteria[2].code", version.Words("C3"))
	if i != 2 {
		t.Fatal(i)
	}
	after.Set("groups[2].criteria[2].title", version.Words("Mới"))
	want := []string{
		"changed groups A criteria A3 title: Lễ phép, tự học, dùng mạng an toàn, tham gia hoạt động cộng đồng > Lễ phép",
		"changed groups B criteria B1 max_points: 5 > 6",
		"added groups C criteria C3:  > Mới",
		"moved groups D criteria: D1, D2, D3 > D3, D1, D2",
		"changed recognition thresholds mountainous min_total: 70 > 65",
		"removed recognition mandatory G1: Có đăng ký trong hạn > ",
	}
	list := version.Compare(before, after)
	if len(list) != len(want) {
		t.Fatalf("%d changes: %v", len(list), list)
	}
	for i, c := range list {
		if got := string(c.Kind) + " " + strings.Join(c.Steps, " ") + ": " + c.Before + " > " + c.After; got != want[i] {
			t.Errorf("%s\nwant %s", got, want[i])
		}
	}
}

func FuzzReadDoc(f *testing.F) {
	f.Add("a: &x {b: [1, 2]}\nc: *x\nd: {<<: *x}\n", "c.b[0]")
	f.Add("groups:\n  - code: A # x\n", "groups[0].code")
	f.Fuzz(func(t *testing.T, text, path string) {
		d, err := version.ReadDoc(text)
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatal(err)
			}
			return
		}
		d.At(path).Text()
		d.Set("groups[0].code", version.Words("x"))
		d.Remove(path)
		d.Append("groups")
		d.Move("groups", 0, 1)
		version.Compare(d, d)
	})
}
