// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"strconv"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

// table lists the groups and criteria of a set.
type table struct {
	Points bool
	Groups []groupRow
	Total  string
	Sum    ui.State
}

type groupRow struct {
	Code, Title, Max string
	At               string // how the page is asked for it: "2"
	Chosen           bool
	Rows             []criterionRow
}

type criterionRow struct {
	Code, Title, Max, Kind string
	Evidence               string
	Required               bool
	At                     string // "2.0"
	Chosen                 bool
	Trust                  string // "" when it shares the set's
	Broken                 bool
}

// criteria fills the table, the form of what is selected, and how a phone shows it.
func (s *state) criteria(view *pageView, errs map[string]string) {
	if s.doc == nil || s.overlays() {
		s.resolvedTable(view)
		return
	}
	doc := s.doc
	groups := doc.At("groups").List()
	t := table{Points: withPoints(doc)}
	form := &sheet{s.v, doc, "", errs}
	for gi, g := range groups {
		at := strconv.Itoa(gi)
		row := groupRow{Code: g.Get("code").Text(), Title: g.Get("title").Text(), Max: form.shown(g.Get("max_points"), param{as: asNumber}), At: at, Chosen: gi == s.group && s.index < 0}
		for ci, c := range g.Get("criteria").List() {
			path := "groups[" + at + "].criteria[" + strconv.Itoa(ci) + "]"
			row.Rows = append(row.Rows, s.row(form, c, at+"."+strconv.Itoa(ci), gi == s.group && ci == s.index, under(errs, path)))
		}
		t.Groups = append(t.Groups, row)
	}
	if t.Points {
		s.sum(&t, doc)
	}
	view.Table, view.Chosen = t, s.chosen()
	base := "groups[" + strconv.Itoa(s.group) + "]"
	if g := doc.At(base); g.Given() && s.index < 0 {
		view.Group = (&sheet{s.v, doc, base, errs}).blocks("", groupParams(t.Points))
		view.GroupCode = g.Get("code").Text()
		return
	}
	path := base + ".criteria[" + strconv.Itoa(s.index) + "]"
	if doc.At(path).Given() {
		view.Criterion = (&sheet{s.v, doc, path, errs}).criterion(s.group, s.index)
		view.Preview = s.preview(view.Criterion.Code)
	}
}

func (s *state) row(form *sheet, c version.Value, at string, chosen, broken bool) criterionRow {
	row := criterionRow{Code: c.Get("code").Text(), Title: c.Get("title").Text(), Max: form.shown(c.Get("max_points"), param{as: asNumber}), At: at, Chosen: chosen,
		Required: c.Get("evidence_required").Given(), Broken: broken}
	if kind := c.Get("scoring.kind").Text(); lang.Has(s.v.Ctx(), "criteria.kind."+kind) {
		row.Kind = s.v.T("criteria.kind." + kind)
	}
	var words []string
	for _, e := range c.Get("evidence").List() {
		words = append(words, e.Text())
	}
	row.Evidence = strings.Join(words, ", ")
	// Where the whole set is a stand-in, its own flag says so once; a criterion is marked where it is worse than its set.
	own, whole := criteria.Verified(c.Get("verified").Text()), s.ver.Verified
	if trust := string(own); (own == criteria.Reconstructed || own == criteria.VerifiedFalse) && (whole.Trusted() || whole == criteria.VerifiedPartly) {
		row.Trust = s.v.T("sets.trust." + trust)
	}
	return row
}

// under reports whether a fault is about something below a path.
func under(errs map[string]string, path string) bool {
	for at := range errs {
		if at == path || strings.HasPrefix(at, path+".") {
			return true
		}
	}
	return false
}

// sum says whether the groups add up to what the set promises.
func (s *state) sum(t *table, doc *version.Doc) {
	ctx := s.v.Ctx()
	total, known := version.Sum(doc.At("groups").List(), "max_points")
	t.Total = lang.Points(ctx, int64(total))
	want, ok := criteria.ParseNum(doc.At("max_points").Text())
	switch {
	case !known || !ok:
		t.Sum = ui.State{Kind: "warn", Icon: "warning", Word: s.v.T("sets.sum_unknown")}
	case want.Points() == total:
		t.Sum = ui.State{Kind: "ok", Word: s.v.T("sets.sum_right", "max", int64(total))}
	default:
		t.Sum = ui.State{Kind: "bad", Word: s.v.T("sets.sum_wrong", "max", int64(want.Points()))}
	}
}

// resolvedTable is the table of a set that changes another: what it comes to, to be read only.
func (s *state) resolvedTable(view *pageView) {
	if s.set == nil {
		return
	}
	ctx := s.v.Ctx()
	t := table{Points: s.set.Set.WithPoints()}
	pts := func(n criteria.Num) string {
		if !n.Known() {
			return ""
		}
		return lang.Points(ctx, int64(n.Points()))
	}
	for gi, g := range s.set.Groups {
		row := groupRow{Code: g.Code, Title: g.Title, Max: pts(g.Max)}
		for i := g.First; i < g.First+g.Len; i++ {
			k := s.set.Criteria[i]
			at := strconv.Itoa(gi) + "." + strconv.Itoa(i-g.First)
			chosen := gi == s.group && i-g.First == s.index
			row.Rows = append(row.Rows, criterionRow{Code: k.Code, Title: k.Title, Max: pts(k.MaxPoints), Kind: s.v.T("criteria.kind." + string(k.Scoring.Kind)), At: at,
				Evidence: strings.Join(k.Evidence, ", "), Required: k.EvidenceRequired.Always || k.EvidenceRequired.FromPoints.Known(), Chosen: chosen})
			if chosen {
				view.Preview = s.preview(k.Code)
			}
		}
		t.Groups = append(t.Groups, row)
	}
	if t.Points {
		t.Total = pts(s.set.Set.MaxPoints)
		t.Sum = ui.State{Kind: "ok", Word: s.v.T("sets.sum_right", "max", int64(s.set.Set.MaxPoints.Points()))}
	}
	view.Table = t
}

// preview is how the head of an area sees a criterion on a phone.
type preview struct {
	Code, Title, Note string
	Answers           []previewAnswer
	Ask               string // what is typed or ticked where there are no answers
	Locked            string // why nobody types it
	Evidence          string
}

type previewAnswer struct{ Big, Small string }

// sampleSize is how many there are of whatever is counted in a preview, so that a share has few answers.
const sampleSize = 4

func (s *state) preview(code string) *preview {
	if s.set == nil {
		return nil
	}
	i, ok := s.set.CriterionIndex(code)
	if !ok {
		return nil // an include line: its criteria are shown in their own set
	}
	ctx, k := s.v.Ctx(), s.set.Criteria[i]
	p := &preview{Code: k.Code, Title: k.Title, Note: k.Note}
	in := s.set.NewInput()
	for _, key := range []string{k.Scoring.Denominator, k.Scoring.Per} {
		if f, ok := s.set.FactIndex(key); ok {
			in.Facts[f] = criteria.IntValue(sampleSize)
		}
	}
	q := s.set.Quick(in, i)
	if q.Entry.Locked() {
		p.Locked = s.v.T("sets.entry." + q.Entry.String())
	}
	for _, a := range q.Answers {
		p.Answers = append(p.Answers, s.answer(&q, a, k.Scoring.Kind))
	}
	if len(p.Answers) == 0 && p.Locked == "" {
		p.Ask = s.v.T("sets.entry." + q.Entry.String())
	}
	switch e := k.EvidenceRequired; {
	case e.Always:
		p.Evidence = s.v.T("sets.evidence_always")
	case e.FromPoints.Known():
		p.Evidence = s.v.T("sets.evidence_from", "points", lang.Points(ctx, int64(e.FromPoints.Points())))
	}
	return p
}

func (s *state) answer(q *criteria.Quick, a criteria.QuickAnswer, kind criteria.Kind) previewAnswer {
	out := previewAnswer{Big: lang.Points(s.v.Ctx(), int64(a.Points)), Small: a.Label}
	if !s.set.Set.WithPoints() {
		out.Big = s.v.T("criteria.cli.fail")
		if a.Pass == criteria.Yes {
			out.Big = s.v.T("criteria.cli.pass")
		}
	}
	switch {
	case a.Label != "":
		if lang.Has(s.v.Ctx(), "sets.status."+a.Label) {
			out.Small = s.v.T("sets.status." + a.Label)
		}
	case q.Entry == criteria.EntryAnswer && s.set.Set.WithPoints(), q.Entry == criteria.EntryFact, q.Entry == criteria.EntryRegister:
		out.Small = s.v.T("sets.answer.no")
		if a.Record.Answer == criteria.Yes || a.Value.Int == 1 {
			out.Small = s.v.T("sets.answer.yes")
		}
	case q.Fact >= 0 && q.Of > 0:
		out.Small = s.v.T("sets.answer.of", "count", a.Value.Int, "of", q.Of)
	case kind == criteria.Deduct:
		out.Small = s.v.T("sets.answer.cases", "count", a.Value.Int)
	case q.Fact >= 0:
		out.Small = s.v.T("sets.answer.count", "count", a.Value.Int)
	}
	return out
}
