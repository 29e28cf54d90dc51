// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"regexp"
	"strings"

	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

// changeLine is one difference between two versions, in words.
type changeLine struct {
	What   ui.State
	Where  string
	Before string
	After  string
}

// compare counts what this version changes in the one it was made from, and lists it on its own part.
func (s *state) compare(view *pageView) error {
	if s.ver.BasedOn == "" || s.doc == nil {
		return nil
	}
	before, err := s.v.Sets.Get(s.v.Ctx(), s.ver.BasedOn)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return nil // it was a draft and has been thrown away
	}
	if err != nil {
		return err
	}
	doc, err := version.ReadDoc(before.Body)
	if err != nil {
		return nil // a draft with faults: nothing to compare with
	}
	changes := version.Compare(doc, s.doc)
	view.Changes, view.Against = len(changes), s.v.T("sets.version", "number", before.Number)
	if s.part == partCompare {
		for _, c := range changes {
			view.Diff = append(view.Diff, s.line(c))
		}
	}
	return nil
}

var changeIcons = map[version.ChangeKind]ui.State{
	version.Added:   {Kind: "ok", Icon: "plus"},
	version.Removed: {Kind: "bad", Icon: "minus"},
	version.Changed: {Kind: "info", Icon: "pen"},
	version.Moved:   {Kind: "", Icon: "arrow"},
}

func (s *state) line(c version.Change) changeLine {
	l := changeLine{What: changeIcons[c.Kind], Where: s.where(c.Steps), Before: s.value(c.Before), After: s.value(c.After)}
	l.What.Word = s.v.T("sets.change." + string(c.Kind))
	return l
}

// listNames are the lists whose things are named by what they are: "Tiêu chí A1", not "groups A criteria A1".
var listNames = map[string]bool{"groups": true, "criteria": true, "thresholds": true, "classes": true, "mandatory": true, "levels": true, "facts": true, "items": true}

// where spells a place of the file: the thing that was changed, then the field.
func (s *state) where(steps []string) string {
	var parts []string
	for i := 0; i < len(steps); i++ {
		word := steps[i]
		switch {
		case listNames[word] && i+1 < len(steps):
			if word == "criteria" && len(parts) > 0 {
				parts = parts[:len(parts)-1] // a criterion's code says its group
			}
			name := steps[i+1]
			if word == "thresholds" && lang.Has(s.v.Ctx(), "criteria.region."+name) {
				name = s.v.T("criteria.region." + name)
			}
			parts = append(parts, s.v.T("sets.thing."+word, "name", name))
			i++
		case word == "levels" && i > 0 && steps[i-1] == "scoring":
			parts = append(parts, s.v.T("sets.f.guide"))
		case word == "recognition" || word == "scoring":
		case lang.Has(s.v.Ctx(), "sets.field."+word):
			parts = append(parts, s.v.T("sets.field."+word))
		case lang.Has(s.v.Ctx(), "sets.f."+word):
			parts = append(parts, s.v.T("sets.f."+word))
		default:
			parts = append(parts, word)
		}
	}
	return strings.Join(parts, ", ")
}

// value puts the words of the file that have a sentence into it.
func (s *state) value(text string) string {
	for _, prefix := range []string{"criteria.kind.", "sets.method.", "sets.trust.", "sets.else."} {
		if text != "" && !strings.ContainsAny(text, " ;") && lang.Has(s.v.Ctx(), prefix+text) {
			return s.v.T(prefix + text)
		}
	}
	return fieldWord.ReplaceAllStringFunc(text, func(found string) string {
		m := fieldWord.FindStringSubmatch(found)
		if lang.Has(s.v.Ctx(), "sets.f."+m[2]) {
			return m[1] + s.v.T("sets.f."+m[2]) + ": "
		}
		return found
	})
}

// fieldWord is a field's name in the short form of a mapping.
var fieldWord = regexp.MustCompile(`(^|; )([a-z_]+): `)
