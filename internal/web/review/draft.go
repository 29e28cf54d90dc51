// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
)

// Values of choices, and of the two marks that come with a list of ticks: shown says that the list was in the form at all, none
// that nothing of it is there.
const (
	yes   = "co"
	no    = "khong"
	shown = "="
	none  = "-"
)

// draftOf lays what a form says over what is stored. Names are "facts.KEY", "scores.CODE" and "gates.CODE"; an emptied field
// becomes unknown, a field that is not in the form stays as it is.
func draftOf(set *criteria.Compiled, stored assessment.Entry, form url.Values) (assessment.Entry, error) {
	e := stored.Clone()
	var errs []fault.FieldError
	for name, values := range form {
		sort, key, _ := strings.Cut(name, ".")
		var err *fault.FieldError
		switch sort {
		case "facts":
			err = readFact(set, &e, name, key, values[0])
		case "scores":
			err = readScore(set, &e, name, key, values)
		case "gates":
			delete(e.Gates, key)
			if v := values[0]; v == yes || v == no {
				e.Gates[key] = v == yes
			}
		}
		if err != nil {
			errs = append(errs, *err)
		}
	}
	slices.SortFunc(errs, func(a, b fault.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return e, fault.Invalid(errs...)
}

func broken(name, key string, pairs ...any) *fault.FieldError {
	f := fault.Field(name, key, pairs...)
	return &f
}

func readFact(set *criteria.Compiled, e *assessment.Entry, name, key, value string) *fault.FieldError {
	i, ok := set.FactIndex(key)
	if !ok {
		return nil // a form of another set; what it says has no place here
	}
	value = strings.TrimSpace(value)
	if value == "" {
		delete(e.Facts, key)
		return nil
	}
	switch set.Facts[i].Type {
	case criteria.FactBool:
		e.Facts[key] = value == yes
	case criteria.FactInt, criteria.FactMoney:
		n, ok := wholeOf(value)
		if !ok {
			return broken(name, "review.whole", "value", value)
		}
		e.Facts[key] = float64(n)
	default:
		e.Facts[key] = value
	}
	return nil
}

// wholeOf reads a count or an amount as people write it: 1500000 or 1.500.000; "8.5" is no count.
func wholeOf(value string) (int64, bool) {
	parts := strings.FieldsFunc(value, func(r rune) bool { return r == '.' || r == ' ' || r == '\u00a0' })
	for i, part := range parts {
		if len(parts) > 1 && (i > 0 && len(part) != 3 || len(part) > 3) {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(strings.Join(parts, ""), 10, 62)
	return int64(n), err == nil
}

func readScore(set *criteria.Compiled, e *assessment.Entry, name, code string, values []string) *fault.FieldError {
	if _, ok := set.CriterionIndex(code); !ok {
		return nil
	}
	if slices.Contains(values, shown) {
		ticks := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == shown || v == none })
		before := e.Scores[code]
		if len(ticks) == 0 && before.Ticks == nil && !slices.Contains(values, none) {
			return nil // nothing ticked and nothing said before: still unknown
		}
		if before.Ticks != nil && len(*before.Ticks) == len(ticks) && !slices.ContainsFunc(ticks, func(t string) bool { return !slices.Contains(*before.Ticks, t) }) {
			return nil
		}
		e.Scores[code] = assessment.Mark{Ticks: &ticks}
		return nil
	}
	value := strings.TrimSpace(values[0])
	switch value {
	case "":
		delete(e.Scores, code)
	case yes, no:
		is := value == yes
		e.Scores[code] = assessment.Mark{Yes: &is}
	default:
		n, ok := criteria.ParseNum(strings.Replace(value, ",", ".", 1))
		if !ok || n.N < 0 || n.D > 100 {
			return broken(name, "review.points", "value", value)
		}
		p := n.Points()
		e.Scores[code] = assessment.Mark{Points: &p}
	}
	return nil
}

// reasonsOf and commentsOf are the fields "reasons.CODE" and "comment.CODE" of a form, by code.
func reasonsOf(form url.Values) map[string]string { return prefixed(form, "reasons.") }

func commentsOf(form url.Values) map[string]string { return prefixed(form, "comment.") }

func prefixed(form url.Values, prefix string) map[string]string {
	out := map[string]string{}
	for name, values := range form {
		if code, ok := strings.CutPrefix(name, prefix); ok && strings.TrimSpace(values[0]) != "" {
			out[code] = values[0]
		}
	}
	return out
}
