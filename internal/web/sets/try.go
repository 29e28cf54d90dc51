// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// tryView is one subject scored with a version, without anything being kept: the same as `hoctap criteria try`.
type tryView struct {
	Frame   ui.Office
	Path    string
	Title   string
	Trust   ui.State
	Untrust bool
	Sound   bool
	Year    ui.Field
	Region  ui.Field
	Applied *ui.Field
	Facts   []cell
	Counts  []cell
	Scores  []tryScore
	Gates   []cell
	JSON    ui.Field
	Broken  []ui.Broken
	Result  *tryResult
}

// tryScore is what a person records for one criterion.
type tryScore struct {
	Group string // its title, above the first of its criteria that is asked
	Code  string
	Title string
	Cell  cell
	Ticks *ui.Field // with one option an item
}

// try shows the form of a set and, after POST, the result with all that led to it.
func try(v *site.Visit) error {
	s, err := load(v)
	if err != nil {
		return err
	}
	view := tryView{Path: href(s.ver.ID), Sound: s.set != nil, Trust: trustOf(v, s.ver.Verified), Untrust: !s.ver.Verified.Trusted()}
	view.Title = v.T("sets.try.title", "title", s.title(), "number", s.ver.Number)
	view.Frame = v.Frame(view.Title, site.Criteria, v.Own(), ui.Crumb{Label: v.T("nav.criteria"), Href: home}, ui.Crumb{Label: s.title(), Href: view.Path}, ui.Crumb{Label: v.T("sets.try")})
	view.Frame.Rail, view.Frame.Scripts = true, []string{"sets.js"}
	if s.set == nil {
		return v.Show(tryPage(view))
	}
	t := trying{s: s, set: s.set, in: s.set.NewInput(), values: map[string]any{}}
	status := http.StatusOK
	if v.R.Method == http.MethodPost {
		if err := v.ReadForm(); err != nil {
			return err
		}
		if t.run(&view); len(t.errs) > 0 {
			status = http.StatusUnprocessableEntity
		}
	}
	t.form(&view)
	return v.ShowAs(status, tryPage(view))
}

// trying is one attempt: what was typed as the JSON that `hoctap criteria try` reads, and what came of it.
type trying struct {
	s      *state
	set    *criteria.Compiled
	in     *criteria.Input
	values map[string]any
	raw    string // JSON as typed, when it cannot be read
	errs   map[string]string
}

// maxTryJSON bounds how much JSON is read back into the form.
const maxTryJSON = 256 << 10

func (t *trying) run(view *tryView) {
	v := t.s.v
	text := v.Form("json")
	if v.Form("act") != "json" {
		t.gather()
		body, err := json.MarshalIndent(t.values, "", "  ")
		if err == nil {
			text = string(body)
		}
	} else if dec := json.NewDecoder(strings.NewReader(text)); len(text) <= maxTryJSON {
		dec.UseNumber()
		if dec.Decode(&t.values) != nil || t.values == nil {
			t.values = map[string]any{}
		}
	}
	t.raw = text
	in, err := t.set.Read(strings.NewReader(text))
	var res criteria.Result
	if f, ok := fault.As(err); ok {
		res = t.set.Refused(f)
	} else {
		t.in = in
		res, _ = t.set.Score(in) // the refusals say what the error says
	}
	if res.Outcome == criteria.Refused {
		t.errs = map[string]string{}
		for _, e := range res.Refusals {
			sentence := faultText(v, e)
			t.errs[e.Field] = strings.TrimSpace(t.errs[e.Field] + " " + sentence)
			text := sentence
			if e.Field != "" {
				text = e.Field + ": " + sentence
			}
			view.Broken = append(view.Broken, ui.Broken{ID: t.fieldOf(e.Field), Text: text})
		}
	}
	view.Result = t.explain(&res)
}

// fieldOf is the field of the form that holds a path of the input.
func (t *trying) fieldOf(path string) string {
	for _, part := range []string{"facts.", "scores.", "members.", "gates."} {
		if strings.HasPrefix(path, part) {
			return path
		}
	}
	if path == "year" || path == "region" || path == "applied" {
		return path
	}
	return "json"
}

// gather makes the input from the form's fields.
func (t *trying) gather() {
	form := t.s.v.R.PostForm
	put := func(part, key string, value any) {
		m, ok := t.values[part].(map[string]any)
		if !ok {
			m = map[string]any{}
			t.values[part] = m
		}
		m[key] = value
	}
	for name, list := range form {
		part, key, nested := strings.Cut(name, ".")
		typed := strings.TrimSpace(list[0])
		switch {
		case part == "ticks" && nested:
			ticks := []any{}
			for _, code := range list {
				if code != "" {
					ticks = append(ticks, code)
				}
			}
			put("scores", key, ticks)
		case typed == "":
		case !nested && (name == "year"):
			t.values[name] = value(typed)
		case !nested && (name == "region" || name == "applied"):
			t.values[name] = typed
		case part == "members" && nested:
			if kind, what, ok := cutLast(key); ok {
				count := map[string]any{}
				if m, ok := t.values["members"].(map[string]any); ok {
					if c, ok := m[kind].(map[string]any); ok {
						count = c
					}
				}
				count[what] = value(typed)
				put("members", kind, count)
			}
		case part == "facts" && nested:
			if i, ok := t.set.FactIndex(key); ok && (t.set.Facts[i].Type == criteria.FactEnum || t.set.Facts[i].Type == criteria.FactText) {
				put(part, key, typed)
				continue
			}
			put(part, key, value(typed))
		case (part == "scores" || part == "gates") && nested:
			put(part, key, value(typed))
		}
	}
}

func cutLast(key string) (before, after string, ok bool) {
	i := strings.LastIndex(key, ".")
	if i < 0 {
		return key, "", false
	}
	return key[:i], key[i+1:], true
}

// value is a typed answer as JSON has it: true, false, a number, or else the text, which the set then refuses by name.
func value(typed string) any {
	switch typed {
	case "true":
		return true
	case "false":
		return false
	}
	plain := strings.Replace(strings.ReplaceAll(typed, " ", ""), ",", ".", 1)
	if n, ok := criteria.ParseNum(plain); ok {
		return json.Number(n.String())
	}
	return typed
}

// held is what the input holds at a path, as its field shows it.
func (t *trying) held(path ...string) string {
	var at any = t.values
	for _, key := range path {
		m, ok := at.(map[string]any)
		if !ok {
			return ""
		}
		at = m[key]
	}
	switch at := at.(type) {
	case string:
		return at
	case bool:
		return strconv.FormatBool(at)
	case json.Number:
		return t.decimal(at.String())
	}
	return ""
}

// decimal writes an exact decimal with the mark of the reader's language.
func (t *trying) decimal(s string) string {
	if lang.From(t.s.v.Ctx()) == lang.Vi {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

// form draws the fields with what the input holds.
func (t *trying) form(view *tryView) {
	v, set := t.s.v, t.set
	year := t.held("year")
	if year == "" && v.R.Method != http.MethodPost {
		y := set.Set.Effective
		now := max(v.Now().Year(), y.From)
		if y.To != 0 {
			now = min(now, y.To)
		}
		year = strconv.Itoa(now)
	}
	view.Year = t.field("year", v.T("sets.try.year"), year, "numeric")
	view.Region = t.choice("region", v.T("sets.try.region"), t.held("region"), regionWords, "criteria.region.").Field
	if len(set.Levels) > 0 {
		f := t.field("applied", v.T("sets.try.applied"), t.held("applied"), "")
		f.Type = "date"
		view.Applied = &f
	}
	for _, f := range set.Facts {
		name := "facts." + f.Key
		switch held := t.held("facts", f.Key); f.Type {
		case criteria.FactBool:
			view.Facts = append(view.Facts, t.choice(name, f.Title, held, []string{"true", "false"}, "sets.flag."))
		case criteria.FactEnum:
			view.Facts = append(view.Facts, t.choice(name, f.Title, held, f.Values, "sets.status."))
		case criteria.FactText:
			view.Facts = append(view.Facts, cell{Field: t.field(name, f.Title, held, "")})
		default:
			view.Facts = append(view.Facts, cell{Field: t.field(name, f.Title, held, "numeric")})
		}
	}
	for _, c := range set.Counts {
		who := v.T("sets.member." + string(c.Member))
		for _, what := range []string{"members", "holders"} {
			view.Counts = append(view.Counts, cell{Field: t.field("members."+c.Key+"."+what, v.T("sets.try."+what, "who", who), t.held("members", c.Key, what), "numeric")})
		}
	}
	t.scores(view)
	for _, g := range set.Gates {
		if g.Rule == "" {
			view.Gates = append(view.Gates, t.choice("gates."+g.Code, g.Code+" "+g.Title, t.held("gates", g.Code), []string{"true", "false"}, "sets.flag."))
		}
	}
	view.JSON = ui.Field{Name: "json", Label: v.T("sets.try.json"), Value: t.raw, Rows: 12, Class: "input--code", Attrs: map[string]any{"spellcheck": "false"}, Err: t.errs[""]}
	if t.raw == "" {
		view.JSON.Value = "{\n  \"year\": " + year + "\n}"
	}
}

func (t *trying) scores(view *tryView) {
	v, set := t.s.v, t.set
	for _, g := range set.Groups {
		head := g.Code + ". " + g.Title
		for i := g.First; i < g.First+g.Len; i++ {
			k := set.Criteria[i]
			q := set.Quick(t.in, i)
			name, title := "scores."+k.Code, k.Code+" "+k.Title
			line := tryScore{Group: head, Code: k.Code, Title: k.Title}
			switch {
			case q.Entry == criteria.EntryPoints || q.Entry == criteria.EntryPaper:
				f := t.field(name, title, t.held("scores", k.Code), "decimal")
				if k.MaxPoints.Known() {
					f.Hint = v.T("sets.try.at_most", "max", lang.Points(v.Ctx(), int64(k.MaxPoints.Points())))
				}
				line.Cell = cell{Field: f}
			case q.Entry == criteria.EntryAnswer:
				line.Cell = t.choice(name, title, t.held("scores", k.Code), []string{"true", "false"}, "sets.flag.")
			case q.Entry == criteria.EntryTicks:
				line.Ticks = t.ticks(k)
			default:
				continue // it follows from facts and counts
			}
			view.Scores = append(view.Scores, line)
			head = ""
		}
	}
}

// ticks offers the items of a checklist, and that none of them is there: no answer at all is something else.
func (t *trying) ticks(k *criteria.Criterion) *ui.Field {
	ticked := map[string]bool{}
	m, _ := t.values["scores"].(map[string]any)
	list, given := m[k.Code].([]any)
	for _, item := range list {
		if code, ok := item.(string); ok {
			ticked[code] = true
		}
	}
	f := &ui.Field{Name: "ticks." + k.Code, ID: "scores." + k.Code, Label: k.Code + " " + k.Title, Err: t.errs["scores."+k.Code]}
	for _, item := range k.Scoring.Items {
		f.Options = append(f.Options, ui.Option{Value: item.Code, Label: item.Title, Chosen: ticked[item.Code]})
	}
	f.Options = append(f.Options, ui.Option{Value: "", Label: t.s.v.T("sets.try.none"), Chosen: given && len(list) == 0})
	return f
}

func (t *trying) field(name, label, value, mode string) ui.Field {
	f := ui.Field{Name: name, Label: label, Value: value, Err: t.errs[name], Attrs: map[string]any{}}
	if mode != "" {
		f.Attrs["inputmode"], f.Class = mode, "input--short"
	}
	return f
}

func (t *trying) choice(name, label, value string, words []string, prefix string) cell {
	f := ui.Field{Name: name, Label: label, Err: t.errs[name], Options: []ui.Option{{Value: "", Label: t.s.v.T("sets.try.unknown"), Chosen: value == ""}}}
	for _, w := range words {
		text := w
		if lang.Has(t.s.v.Ctx(), prefix+w) {
			text = t.s.v.T(prefix + w)
		}
		f.Options = append(f.Options, ui.Option{Value: w, Label: text, Chosen: w == value})
	}
	f.Options = keepOdd(f.Options, value)
	return cell{As: asWord, Field: f}
}
