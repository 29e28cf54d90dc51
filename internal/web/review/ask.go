// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

// control is one thing a person answers for a criterion: the number, the choice, the list of ticks.
type control struct {
	Kind  string // number | points | choice | ticks | text | told
	Field ui.Field
	Told  string // of what is not asked: the value, with where it comes from
	Unit  string // "/4", behind the field
	Worth string // what the answer gives now, where the answer itself is no points
	None  bool   // ticks: nothing of the list is there
}

// asker builds the controls of a file; a fact that several criteria read is asked where it is read first.
type asker struct {
	ctx   context.Context
	d     *assessment.Dossier
	typed url.Values // of a form that was refused; nil otherwise
	errs  map[string]string
	asked map[string]bool
	brief bool // one field a criterion, as in the table; what else is read stands below it
}

func newAsker(ctx context.Context, d *assessment.Dossier, typed url.Values, errs map[string]string) *asker {
	return &asker{ctx: ctx, d: d, typed: typed, errs: errs, asked: map[string]bool{}}
}

// value is what was typed, else what is stored.
func (k *asker) value(name, stored string) string {
	if k.typed.Has(name) {
		return k.typed.Get(name)
	}
	return stored
}

// of returns the controls of criterion i.
func (k *asker) of(i int) (list []control) {
	set := k.d.Set
	c := set.Criteria[i]
	st := k.d.Result.Criteria[i].State
	idle := st == criteria.StateFull || st == criteria.StateRedistributed || st == criteria.StateSkipped
	if !k.brief {
		for _, key := range c.Reads() {
			if _, known := k.d.Entry.Facts[key]; known || !idle || k.typed.Has("facts."+key) {
				list = append(list, k.fact(key)...)
			}
		}
	}
	if idle {
		return list
	}
	q := set.Quick(k.d.Input, i)
	if k.brief && q.Fact >= 0 {
		list = append(list, k.fact(set.Facts[q.Fact].Key)...)
		for n := range list {
			if list[n].Kind == "number" && q.Of > 0 {
				list[n].Unit = "/" + lang.Number(k.ctx, q.Of)
			}
			if res := &k.d.Result.Criteria[i]; res.State == criteria.StateScored && set.Set.WithPoints() {
				list[n].Worth = lang.T(k.ctx, "review.worth", "points", int64(res.Points))
			}
		}
	}
	mark, name := k.d.Entry.Scores[c.Code], "scores."+c.Code
	switch q.Entry {
	case criteria.EntryPoints:
		ctl := control{Kind: "points", Unit: "/" + lang.Points(k.ctx, int64(c.MaxPoints.Points()))}
		stored := ""
		if mark.Points != nil {
			stored = lang.Points(k.ctx, int64(*mark.Points))
		}
		ctl.Field = k.field(name, c.Title, stored, "input--num", map[string]any{"inputmode": "decimal", "autocomplete": "off", "data-max": c.MaxPoints.Points().Text()})
		ctl.Field.Hint = guide(k.ctx, q)
		list = append(list, ctl)
	case criteria.EntryAnswer:
		stored := ""
		if mark.Yes != nil {
			stored = choiceOf(*mark.Yes)
		}
		ctl := control{Kind: "choice", Field: k.field(name, c.Title, stored, "", nil)}
		ctl.Field.Options = yesNo(k.ctx)
		list = append(list, ctl)
	case criteria.EntryTicks:
		list = append(list, k.ticks(c, mark, name))
	case criteria.EntryComputed:
		r := &k.d.Result.Criteria[i]
		list = append(list, control{Kind: "told", Told: lang.T(k.ctx, "review.computed", "have", r.Num, "of", r.Den)})
	case criteria.EntryPaper:
		list = append(list, control{Kind: "told", Told: lang.T(k.ctx, "stage.paper")})
	}
	return list
}

func (k *asker) field(name, label, stored, class string, attrs map[string]any) ui.Field {
	return ui.Field{Name: name, Label: label, Value: k.value(name, stored), Class: class, Err: k.errs[name], Attrs: attrs}
}

func (k *asker) ticks(c *criteria.Criterion, mark assessment.Mark, name string) control {
	ctl := control{Kind: "ticks", Field: ui.Field{Name: name, Label: c.Title, Err: k.errs[name]}}
	var on []string
	if mark.Ticks != nil {
		on, ctl.None = *mark.Ticks, len(*mark.Ticks) == 0
	}
	if k.typed.Has(name) {
		on, ctl.None = k.typed[name], slices.Contains(k.typed[name], none)
	}
	for _, item := range c.Scoring.Items {
		ctl.Field.Options = append(ctl.Field.Options, ui.Option{Value: item.Code, Label: item.Title, Chosen: slices.Contains(on, item.Code)})
	}
	return ctl
}

// fact is the control of a fact, once.
func (k *asker) fact(key string) []control {
	i, ok := k.d.Set.FactIndex(key)
	if !ok || k.asked[key] {
		return nil
	}
	k.asked[key] = true
	f := &k.d.Set.Facts[i]
	if source, told := k.d.Locked[key]; told {
		return []control{{Kind: "told", Told: lang.T(k.ctx, "review.told", "title", f.Title, "value", factText(k.ctx, f, k.d.Entry.Facts[key]), "source", source)}}
	}
	name := "facts." + key
	ctl := control{Kind: "number", Field: k.field(name, f.Title, factValue(f, k.d.Entry.Facts[key]), "input--num", map[string]any{"inputmode": "numeric", "autocomplete": "off"})}
	switch f.Type {
	case criteria.FactBool:
		ctl.Kind, ctl.Field.Options = "choice", yesNo(k.ctx)
		ctl.Field.Class, ctl.Field.Attrs = "", nil
	case criteria.FactEnum:
		ctl.Kind, ctl.Field.Class, ctl.Field.Attrs = "choice", "", nil
		ctl.Field.Options = []ui.Option{{Label: "–"}}
		for _, value := range f.Values {
			ctl.Field.Options = append(ctl.Field.Options, ui.Option{Value: value, Label: enumWord(k.ctx, key, value)})
		}
	case criteria.FactText:
		ctl.Kind, ctl.Field.Class, ctl.Field.Attrs = "text", "", nil
	}
	return []control{ctl}
}

// rest are the facts that no criterion asked for but that are known or needed: gates read them.
func (k *asker) rest() (list []control) {
	needed := map[string]bool{}
	for _, n := range k.d.Result.Needs {
		if n.Kind == criteria.NeedFact {
			needed[k.d.Set.Facts[n.Fact].Key] = true
		}
	}
	for _, f := range k.d.Set.Facts {
		if _, known := k.d.Entry.Facts[f.Key]; known || needed[f.Key] {
			list = append(list, k.fact(f.Key)...)
		}
	}
	return list
}

// gates are the conditions; those that a rule or the registration answers are only told.
func (k *asker) gates() (list []control) {
	plan, _ := k.d.Round.Plan.Model(k.d.Assessment.Model)
	for i, g := range k.d.Set.Gates {
		res := k.d.Result.Gates[i]
		auto := res.Computed
		if plan != nil {
			_, registered := plan.Gates[g.Code]
			auto = auto || registered
		}
		if auto {
			list = append(list, control{Kind: "told", Told: lang.T(k.ctx, "review.gate_told", "code", g.Code, "title", g.Title, "answer", answerWord(k.ctx, res.Passed))})
			continue
		}
		stored := ""
		if answer, ok := k.d.Entry.Gates[g.Code]; ok {
			stored = choiceOf(answer)
		}
		ctl := control{Kind: "choice", Field: k.field("gates."+g.Code, g.Code+" "+g.Title, stored, "", nil)}
		ctl.Field.Options = yesNo(k.ctx)
		list = append(list, ctl)
	}
	return list
}

func yesNo(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: "–"}, {Value: yes, Label: lang.T(ctx, "review.yes")}, {Value: no, Label: lang.T(ctx, "review.no")}}
}

func choiceOf(is bool) string {
	if is {
		return yes
	}
	return no
}

func answerWord(ctx context.Context, a criteria.Answer) string {
	switch a {
	case criteria.Yes:
		return lang.T(ctx, "review.pass")
	case criteria.No:
		return lang.T(ctx, "review.fail")
	}
	return lang.T(ctx, "review.unknown")
}

// guide is the set's own hint of how many points what is worth.
func guide(ctx context.Context, q criteria.Quick) string {
	text := ""
	for _, a := range q.Answers {
		if a.Label != "" {
			if text != "" {
				text += "; "
			}
			text += lang.Points(ctx, int64(a.Points)) + ": " + a.Label
		}
	}
	return text
}

// factValue is a fact as a form writes it, factText as a sentence does.
func factValue(f *criteria.Fact, value any) string {
	switch v := value.(type) {
	case bool:
		return choiceOf(v)
	case float64:
		return strconv.FormatInt(int64(v), 10)
	case string:
		return v
	}
	return ""
}

func factText(ctx context.Context, f *criteria.Fact, value any) string {
	switch v := value.(type) {
	case bool:
		return lang.T(ctx, map[bool]string{true: "review.yes", false: "review.no"}[v])
	case float64:
		return lang.Number(ctx, int64(v))
	case string:
		if f.Type == criteria.FactEnum {
			return enumWord(ctx, f.Key, v)
		}
		return v
	}
	return lang.T(ctx, "review.unknown")
}

// enumWord is a value of a fact in the reader's language; a set's own values, which no catalogue knows, stand as they are.
func enumWord(ctx context.Context, fact, value string) string {
	if key := "value." + fact + "." + value; lang.Has(ctx, key) {
		return lang.T(ctx, key)
	}
	return value
}
