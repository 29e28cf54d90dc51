// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/fault"
)

// Worked by hand: the rule names what cannot be and what jumped by more than 15 points, and nothing at 15 points exactly.
func TestDoubts(t *testing.T) {
	for name, c := range map[string]struct {
		now, before Counts
		want        []Doubt
	}{
		"nothing to say":                    {Counts{100, 90, 80, 0}, Counts{100, 90, 70, 0}, nil},
		"up by 15 exactly":                  {Counts{100, 90, 75, 0}, Counts{100, 90, 60, 0}, nil},
		"up by 15.01":                       {Counts{10000, 9000, 7501, 0}, Counts{10000, 9000, 6000, 0}, []Doubt{Jump}},
		"down by 15 exactly":                {Counts{100, 90, 60, 0}, Counts{100, 90, 75, 0}, nil},
		"down by 16":                        {Counts{100, 90, 59, 0}, Counts{100, 90, 75, 0}, []Doubt{Jump}},
		"no year before":                    {Counts{100, 90, 90, 0}, Counts{}, nil},
		"nobody any more":                   {Counts{}, Counts{100, 90, 90, 0}, nil},
		"more recognised than registered":   {Counts{100, 50, 51, 0}, Counts{}, []Doubt{Unregistered}},
		"as many as registered":             {Counts{100, 50, 50, 0}, Counts{}, nil},
		"more recognised than there are":    {Counts{100, 101, 101, 0}, Counts{}, []Doubt{Over}},
		"more registered than there are":    {Counts{100, 101, 90, 0}, Counts{}, []Doubt{Over}},
		"all at once":                       {Counts{100, 90, 120, 0}, Counts{100, 90, 50, 0}, []Doubt{Over, Unregistered, Jump}},
		"nobody there but some recognised":  {Counts{0, 0, 3, 0}, Counts{}, []Doubt{Over, Unregistered}},
		"of very many, without an overflow": {Counts{4_000_000, 3_900_000, 3_800_000, 0}, Counts{4_000_000, 3_900_000, 3_000_000, 0}, []Doubt{Jump}},
	} {
		if got := Doubts(c.now, c.before); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A review is asked for each of its years; the year before its first is only compared with.
func TestFlagsOfAReview(t *testing.T) {
	f := &Figures{From: 2022, To: 2025, Models: []Model{{Model: "family", Years: []YearOf{
		{Year: 2021, Counts: Counts{100, 10, 50, 0}}, // cannot be, but lies before
		{Year: 2022, Counts: Counts{100, 90, 60, 0}},
		{Year: 2023, Counts: Counts{100, 90, 80, 0}}, // +20
		{Year: 2025, Counts: Counts{100, 90, 40, 0}}, // 2024 is missing: no jump
	}}, {Model: "clan", Years: []YearOf{{Year: 2025, Counts: Counts{10, 4, 5, 0}}}}}}
	var ids []string
	for _, x := range Flags(f) {
		ids = append(ids, x.ID())
	}
	if want := []string{"family.2023.jump", "clan.2025.unregistered"}; !slices.Equal(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
	if x := Flags(f)[0]; x.By != 2000 || x.Against != 2022 || x.Before.Recognised != 60 {
		t.Errorf("the jump: %+v", x)
	}
}

// Each reminder has its days, and none is missing between them.
func TestReminderOfADay(t *testing.T) {
	for today, want := range map[string]string{
		"2026-11-27": "", "2026-11-28": "before7", "2026-12-03": "before7", "2026-12-04": "before1", "2026-12-05": "before1",
		"2026-12-06": "late0", "2026-12-12": "late0", "2026-12-13": "late1", "2026-12-19": "late1", "2026-12-20": "late2", "2027-01-05": "late4",
	} {
		if got := reminderOf("2026-12-05", today); got != want {
			t.Errorf("%s: %q, want %q", today, got, want)
		}
	}
}

func TestLate(t *testing.T) {
	for name, c := range map[string]struct {
		r    Report
		want int
	}{
		"not due":                     {Report{State: Open, Due: "2026-12-05"}, 0},
		"due today":                   {Report{State: Open, Due: "2026-12-01"}, 0},
		"missing":                     {Report{State: Open, Due: "2026-11-21"}, 10},
		"returned":                    {Report{State: Returned, Due: "2026-11-21", SubmittedOn: "2026-11-20"}, 10},
		"sent in time":                {Report{State: Submitted, Due: "2026-11-21", SubmittedOn: "2026-11-21"}, 0},
		"sent late":                   {Report{State: Submitted, Due: "2026-11-21", SubmittedOn: "2026-11-24"}, 3},
		"accepted, sent late":         {Report{State: Accepted, Due: "2026-11-21", SubmittedOn: "2026-11-22"}, 1},
		"a correction that came back": {Report{State: Returned, Due: "2026-11-21", SubmittedOn: "2026-11-20", Accepted: 1}, 0},
		"never sent, period ended":    {Report{State: Open, Due: "2026-11-21", Period: Period{EndedOn: "2026-11-30"}}, 0},
		"a correction is no debt":     {Report{State: Correcting, Due: "2026-11-21", SubmittedOn: "2026-11-20"}, 0},
	} {
		if got := c.r.Late("2026-12-01"); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func number(n int64) *int64 { return &n }

func TestDiffNamesEveryFigure(t *testing.T) {
	old := &Figures{To: 2026, Base: 2025, Models: []Model{{Model: "family", Years: []YearOf{{2025, Counts{90, 80, 70, 1}, nil}, {2026, Counts{100, 90, 80, 1}, number(8700)}},
		Rows: []Row{{ID: "a", Name: "Khu 1", Now: Counts{60, 50, 40, 0}}, {ID: "b", Name: "Khu 2", Now: Counts{40, 40, 40, 1}}}, Groups: []GroupOf{{"farmer", 5, 3}}}}}
	same := *old
	same.At = 99
	if got := Diff(old, &same); len(got) != 0 {
		t.Errorf("the same figures at another time differ: %+v", got)
	}
	fresh := &Figures{To: 2026, Base: 2025, Models: []Model{{Model: "family", Years: []YearOf{{2025, Counts{90, 80, 70, 1}, nil}, {2026, Counts{101, 90, 82, 1}, nil}},
		Rows: []Row{{ID: "a", Name: "Khu 1", Now: Counts{61, 50, 42, 0}}, {ID: "c", Name: "Khu 3", Now: Counts{40, 40, 40, 1}}}, Groups: []GroupOf{{"farmer", 5, 4}}},
		{Model: "clan", Years: []YearOf{{2026, Counts{3, 2, 1, 0}, nil}}}}}
	var got []string
	for _, c := range Diff(old, fresh) {
		side := func(n *int64) string {
			if n == nil {
				return "-"
			}
			return strconv.FormatInt(*n, 10)
		}
		got = append(got, c.Model+"/"+c.Row+"/"+strconv.Itoa(c.Year)+"/"+c.Measure+" "+side(c.Old)+">"+side(c.New))
	}
	want := []string{"family//2026/total 100>101", "family//2026/recognised 80>82", "family//2026/target 8700>-", "family//2026/group.farmer 3>4",
		"family/Khu 1/2026/total 60>61", "family/Khu 1/2026/recognised 40>42",
		"family/Khu 2/2026/total 40>-", "family/Khu 2/2026/registered 40>-", "family/Khu 2/2026/recognised 40>-", "family/Khu 2/2026/exemplary 1>-",
		"family/Khu 2/2025/total 0>-", "family/Khu 2/2025/registered 0>-", "family/Khu 2/2025/recognised 0>-", "family/Khu 2/2025/exemplary 0>-",
		"family/Khu 3/2026/total ->40", "family/Khu 3/2026/registered ->40", "family/Khu 3/2026/recognised ->40", "family/Khu 3/2026/exemplary ->1",
		"family/Khu 3/2025/total ->0", "family/Khu 3/2025/registered ->0", "family/Khu 3/2025/recognised ->0", "family/Khu 3/2025/exemplary ->0",
		"clan//2026/total ->3", "clan//2026/registered ->2", "clan//2026/recognised ->1", "clan//2026/exemplary ->0"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	typed := DiffTyped(&Words{Seen: map[string]int64{"members": 5, "awards": 0}}, &Words{Seen: map[string]int64{"members": 6}})
	if len(typed) != 2 || typed[0].Measure != "members" || *typed[0].New != 6 || typed[1].Measure != "awards" || typed[1].New != nil || *typed[1].Old != 0 {
		t.Errorf("typed: %+v", typed)
	}
}

func TestWordsAreTidied(t *testing.T) {
	w := Words{Sections: map[string]string{"work": "  Ho\u0323c tâ\u0323p\r\nsuốt\x00 đời\u202e\t! ", "unknown": "x", "proposals": " \n "}, Explanations: map[string]string{"a": "  ", "b": "vì\u0300"},
		Seen: map[string]int64{"members": 3, "unknown": 4}, Signer: "Lê\nVăn A"}.Tidy()
	if w.Sections["work"] != "Học tập\nsuốt đời !" || len(w.Sections) != 1 || len(w.Explanations) != 1 || len(w.Seen) != 1 || w.Signer != "Lê Văn A" {
		t.Errorf("%+v", w)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
	bad := Words{Sections: map[string]string{"work": strings.Repeat("ấ", sectionLimit+1)}, Explanations: map[string]string{"x": strings.Repeat("b", explanationLimit+1)},
		Seen: map[string]int64{"members": -1, "budget": SeenLimit + 1}, Signer: strings.Repeat("c", signerLimit+1)}
	f, _ := fault.As(bad.Check())
	if f == nil || len(f.Fields) != 5 {
		t.Errorf("all faults at once: %v", bad.Check())
	}
	long := Words{Sections: map[string]string{"work": strings.Repeat("ấ", sectionLimit)}}
	if err := long.Check(); err != nil {
		t.Errorf("letters are counted, not bytes: %v", err)
	}
}
