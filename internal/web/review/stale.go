// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// difference is one answer that was typed otherwise than it is stored now.
type difference struct{ Label, Mine, Stored string }

// said answers are what the controls of a file say, in words, by field name.
type worded struct{ name, label, text string }

func wordsOf(ctx context.Context, d *assessment.Dossier, typed url.Values) (list []worded) {
	ask := newAsker(ctx, d, typed, nil)
	add := func(prefix string, controls []control) {
		for _, c := range controls {
			if c.Kind != "told" {
				list = append(list, worded{c.Field.Name, prefix + c.Field.Label, c.words(ctx)})
			}
		}
	}
	if len(d.Result.Criteria) == len(d.Set.Criteria) {
		for i, k := range d.Set.Criteria {
			add(k.Code+" ", ask.of(i))
		}
	}
	add("", ask.rest())
	add("", ask.gates())
	return list
}

// words is the answer of a control as a person would say it.
func (c *control) words(ctx context.Context) string {
	switch c.Kind {
	case "choice":
		for _, o := range c.Field.Options {
			if o.Value == c.Field.Value {
				return o.Label
			}
		}
	case "ticks":
		var on []string
		for _, o := range c.Field.Options {
			if o.Chosen {
				on = append(on, o.Label)
			}
		}
		if c.None && len(on) == 0 {
			return lang.T(ctx, "review.ticks_none")
		}
		return strings.Join(on, "; ")
	}
	return c.Field.Value
}

// differences sets what was typed beside what is stored. With all, reasons and comments belong to it too: the form is gone, and what was
// typed must still be there to be copied.
func differences(ctx context.Context, d *assessment.Dossier, typed url.Values, all bool) (list []difference) {
	stored := wordsOf(ctx, d, nil)
	for i, mine := range wordsOf(ctx, d, typed) {
		if mine.text != stored[i].text {
			list = append(list, difference{Label: mine.label, Mine: mine.text, Stored: stored[i].text})
		}
	}
	if !all {
		return list
	}
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		sort, code, _ := strings.Cut(name, ".")
		text := strings.TrimSpace(typed.Get(name))
		if text != "" && (sort == "reasons" || sort == "comment" || name == "reason") {
			list = append(list, difference{Label: strings.TrimSpace(lang.T(ctx, "review.typed_reason") + " " + code), Mine: text})
		}
	}
	return list
}

// lastSaved says who saved what is stored now, and when.
func lastSaved(v *site.Visit, d *assessment.Dossier) string {
	if len(d.History) == 0 {
		return ""
	}
	e := d.History[len(d.History)-1]
	return v.T("review.stale.by", "who", e.ByName, "at", moment(v.Ctx(), e.At))
}

// brokenOf lists the faults of a form in the order of their fields.
func brokenOf(errs map[string]string) (list []ui.Broken) {
	for _, name := range slices.Sorted(maps.Keys(errs)) {
		list = append(list, ui.Broken{ID: name, Text: errs[name]})
	}
	return list
}
