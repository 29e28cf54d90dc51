// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"encoding/json"
	"math"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
)

// Entry is what people and registers say of a subject, by the keys and codes of its criteria set. It is the form in which
// sheets are kept and in which the pages send them; a key that is absent is not known.
type Entry struct {
	Region string           `json:"region,omitempty"` // region kind that held when the sheet was saved
	Facts  map[string]any   `json:"facts,omitempty"`  // fact key → number, true/false, or text
	Scores map[string]Mark  `json:"scores,omitempty"` // criterion code → what was recorded
	Gates  map[string]bool  `json:"gates,omitempty"`  // gate code → passed
	Counts map[string]Count `json:"counts,omitempty"` // member kind → counted when the sheet was saved
}

// Mark is what a person recorded for one criterion.
type Mark struct {
	Points *criteria.Points `json:"p,omitempty"` // hundredths
	Yes    *bool            `json:"y,omitempty"`
	Ticks  *[]string        `json:"t,omitempty"` // codes of ticked items; an empty list is "none of them"
	Levels map[string]bool  `json:"l,omitempty"` // pass or fail at a higher level, by its code
}

// UnmarshalJSON reads points as whole hundredths, whatever their print form.
func (m *Mark) UnmarshalJSON(b []byte) error {
	var raw struct {
		Points *int64          `json:"p"`
		Yes    *bool           `json:"y"`
		Ticks  *[]string       `json:"t"`
		Levels map[string]bool `json:"l"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	m.Yes, m.Ticks, m.Levels = raw.Yes, raw.Ticks, raw.Levels
	if raw.Points != nil {
		p := criteria.Points(*raw.Points)
		m.Points = &p
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (m Mark) MarshalJSON() ([]byte, error) {
	var raw struct {
		Points *int64          `json:"p,omitempty"`
		Yes    *bool           `json:"y,omitempty"`
		Ticks  *[]string       `json:"t,omitempty"`
		Levels map[string]bool `json:"l,omitempty"`
	}
	raw.Yes, raw.Ticks, raw.Levels = m.Yes, m.Ticks, m.Levels
	if m.Points != nil {
		p := int64(*m.Points)
		raw.Points = &p
	}
	return json.Marshal(raw)
}

// Count is members and how many of them hold the title.
type Count struct {
	Members int64 `json:"m"`
	Holders int64 `json:"h"`
}

// fill puts the entry into an engine's input. Keys that the set does not know are faults that name them, not silence.
func (e *Entry) fill(c *criteria.Compiled, in *criteria.Input) error {
	var errs []fault.FieldError
	in.Region = criteria.Region(e.Region)
	for key, v := range e.Facts {
		i, ok := c.FactIndex(key)
		if !ok {
			errs = append(errs, fault.Field("facts."+key, "criteria.unknown_fact", "fact", key))
			continue
		}
		value, ok := factValue(&c.Facts[i], v)
		if !ok {
			errs = append(errs, fault.Field("facts."+key, "criteria.fact_value", "fact", c.Facts[i].Title, "type", string(c.Facts[i].Type)))
			continue
		}
		in.Facts[i] = value
	}
	for code, m := range e.Scores {
		i, ok := c.CriterionIndex(code)
		if !ok {
			errs = append(errs, fault.Field("scores."+code, "criteria.unknown_criterion", "code", code))
			continue
		}
		r := &in.Scores[i]
		if m.Points != nil {
			r.Points, r.HasPoints = *m.Points, true
		}
		if m.Yes != nil {
			r.Answer = criteria.AnswerOf(*m.Yes)
		}
		for level, pass := range m.Levels {
			at := slices.IndexFunc(c.Levels, func(l criteria.Level) bool { return l.Code == level })
			if at <= 0 {
				errs = append(errs, fault.Field("scores."+code, "criteria.unknown_level", "code", level))
				continue
			}
			if r.Levels == nil {
				r.Levels = make([]criteria.Answer, len(c.Levels))
			}
			r.Levels[at] = criteria.AnswerOf(pass)
		}
		if m.Ticks != nil {
			r.Ticked = true
			for _, t := range *m.Ticks {
				at := slices.IndexFunc(c.Criteria[i].Scoring.Items, func(it criteria.Item) bool { return it.Code == t })
				switch {
				case at < 0:
					errs = append(errs, fault.Field("scores."+code, "criteria.unknown_item", "code", code))
					continue
				case r.Ticks&(1<<at) != 0:
					errs = append(errs, fault.Field("scores."+code, "criteria.item_twice", "code", code, "item", t))
				}
				r.Ticks |= 1 << at
			}
		}
	}
	for i := range c.Gates {
		if yes, ok := e.Gates[c.Gates[i].Code]; ok {
			in.Gates[i] = criteria.AnswerOf(yes)
		}
	}
	for code := range e.Gates {
		if !slices.ContainsFunc(c.Gates, func(g criteria.Gate) bool { return g.Code == code }) {
			errs = append(errs, fault.Field("gates."+code, "criteria.unknown_gate", "code", code))
		}
	}
	for i, k := range c.Counts {
		if n, ok := e.Counts[k.Key]; ok {
			in.Counts[i] = criteria.CountOf(n.Members, n.Holders)
		}
	}
	return fault.Invalid(errs...)
}

// factValue reads a JSON value as the fact's type asks for; null is unknown.
func factValue(f *criteria.Fact, v any) (criteria.Value, bool) {
	switch v := v.(type) {
	case nil:
		return criteria.Value{}, true
	case bool:
		return criteria.BoolValue(v), f.Type == criteria.FactBool
	case string:
		if f.Type == criteria.FactEnum {
			i := slices.Index(f.Values, v)
			return criteria.IntValue(int64(i)), i >= 0
		}
		return criteria.TextValue(v), f.Type == criteria.FactText
	case float64:
		whole := v >= 0 && v <= 1e15 && v == math.Trunc(v)
		return criteria.IntValue(int64(v)), whole && (f.Type == criteria.FactInt || f.Type == criteria.FactMoney)
	}
	return criteria.Value{}, false
}
