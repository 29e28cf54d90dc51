// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"context"
	"slices"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/web/lang"
)

// detail is an open row: the grid's row, the entry that the browser sends back changed, and what the panel shows.
type detail struct {
	Row    row               `json:"row"`
	Entry  assessment.Entry  `json:"entry"`
	Prev   *assessment.Entry `json:"prev,omitempty"` // last year's, for "như năm trước"
	Asks   []Ask             `json:"asks"`           // one a criterion, in the grid's order
	Extra  []Ask             `json:"extra"`          // facts that rules read but no criterion asks for
	Groups []group           `json:"groups"`
	Gates  []gate            `json:"gates"`
	Say    string            `json:"say"`  // "Đang 60 điểm, cần thêm 20 để đạt 80"
	Open   string            `json:"open"` // "còn tối đa 36"
}

// Ask is the question of one cell.
type Ask struct {
	Code    string   `json:"code"`
	Title   string   `json:"title"`
	Hint    string   `json:"hint"`
	Kind    string   `json:"kind"` // points | answer | ticks | count | amount | fact | register | computed | paper
	Locked  string   `json:"locked,omitempty"`
	Fact    string   `json:"fact,omitempty"`
	Of      int64    `json:"of,omitempty"`
	Max     int64    `json:"max"`  // hundredths
	Step    int64    `json:"step"` // hundredths
	Last    string   `json:"last,omitempty"`
	Answers []Answer `json:"answers"`
}

// Answer is one choice: its digit, what it gives and says, and what it sets.
type Answer struct {
	Key   int              `json:"key"` // digit; -1 for none
	Big   string           `json:"big"`
	Small string           `json:"small"`
	On    bool             `json:"on"`
	Was   bool             `json:"was"` // last year's
	Fact  any              `json:"fact,omitempty"`
	Mark  *assessment.Mark `json:"mark,omitempty"`
	Tick  string           `json:"tick,omitempty"`
	Gives int64            `json:"gives"` // hundredths of a point; 1 for a pass in a set without points
}

type group struct {
	Title  string `json:"title"`
	Points string `json:"points"` // "28/30"
	Share  int64  `json:"share"`  // hundredths of a percent
	Min    int64  `json:"min"`    // where the minimum stands, hundredths of a percent; 0 none
	Met    bool   `json:"met"`
	Word   string `json:"word"`
}

type gate struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	State string `json:"state"` // yes | no | open
	Auto  bool   `json:"auto"`  // answered by a rule or by registration
}

func newDetail(ctx context.Context, b *assessment.Board, r *assessment.BoardRow) detail {
	d := detail{Row: rowOf(ctx, b, r), Entry: r.Entry, Say: saying(ctx, r)}
	if r.Previous != nil {
		d.Prev = &r.Previous.Entry
	}
	if !r.Result.HasTotal && r.Result.Open > 0 {
		d.Open = lang.T(ctx, "entry.open", "points", int64(r.Result.Open))
	}
	d.Asks, d.Extra = Questions(ctx, b, r)
	d.Groups = groupsOf(ctx, b, r)
	plan, _ := b.Round.Plan.Model(b.Model)
	for i, g := range b.Set.Gates {
		res := r.Result.Gates[i]
		_, registered := plan.Gates[g.Code]
		d.Gates = append(d.Gates, gate{Code: g.Code, Title: g.Title, Auto: res.Computed || registered,
			State: map[criteria.Answer]string{criteria.Yes: "yes", criteria.No: "no", criteria.Unanswered: "open"}[res.Passed]})
	}
	return d
}

// Questions are what is asked of a row: one a criterion, in the set's order, and the facts that its rules still lack and no criterion asks for.
func Questions(ctx context.Context, b *assessment.Board, r *assessment.BoardRow) (asks, extra []Ask) {
	asks, extra = []Ask{}, []Ask{}
	covered := map[int]bool{}
	for i := range b.Set.Criteria {
		a, fact := askOf(ctx, b, r, i)
		asks = append(asks, a)
		covered[fact] = true
	}
	for _, need := range r.Result.Needs {
		if need.Kind == criteria.NeedFact && !covered[need.Fact] {
			covered[need.Fact] = true
			f := b.Set.Facts[need.Fact]
			extra = append(extra, Ask{Code: f.Key, Title: f.Title, Kind: string(f.Type), Fact: f.Key, Answers: enumAnswers(f)})
		}
	}
	return asks, extra
}

func enumAnswers(f criteria.Fact) (list []Answer) {
	list = []Answer{}
	switch f.Type {
	case criteria.FactEnum:
		for i, value := range f.Values {
			list = append(list, Answer{Key: i, Small: value, Fact: value})
		}
	case criteria.FactBool:
		list = append(list, Answer{Key: 0, Small: "✗", Fact: false}, Answer{Key: 1, Small: "✓", Fact: true})
	}
	return list
}

// saying is the state of the whole row in one sentence.
func saying(ctx context.Context, r *assessment.BoardRow) string {
	res := &r.Result
	switch {
	case len(res.Failures) == 0 && res.Outcome == criteria.Recognised && res.HasTotal:
		return lang.T(ctx, "entry.say.passes", "points", int64(res.Total))
	case res.Threshold.HasMin && res.Threshold.Short > 0:
		return lang.T(ctx, "entry.say.short", "points", int64(res.SoFar), "short", int64(res.Threshold.Short), "min", int64(res.Threshold.MinTotal))
	case res.Threshold.HasMin:
		return lang.T(ctx, "entry.say.enough", "points", int64(res.SoFar), "min", int64(res.Threshold.MinTotal))
	case res.Max > 0:
		return lang.T(ctx, "entry.say.sofar", "points", int64(res.SoFar))
	}
	return lang.T(ctx, "entry.say.indicators")
}

func groupsOf(ctx context.Context, b *assessment.Board, r *assessment.BoardRow) (list []group) {
	list = []group{}
	if !b.Set.Set.WithPoints() {
		return list
	}
	rule := b.Set.Set.Recognition.MinPerGroup
	for i, g := range b.Set.Groups {
		res := r.Result.Groups[i]
		points := res.SoFar
		if res.Known {
			points = res.Points
		}
		v := group{Title: g.Code + " " + g.Title, Points: lang.Points(ctx, int64(points)) + "/" + lang.Points(ctx, int64(res.Max))}
		if res.Max > 0 {
			v.Share = int64(points) * 10000 / int64(res.Max)
		}
		if rule.Given && rule.Percent && rule.Value.Known() {
			v.Min = rule.Value.N * 100 / rule.Value.D
			need := int64(res.Max)*v.Min/10000 - int64(points)
			v.Met = need <= 0
			v.Word = lang.T(ctx, "entry.group.met")
			if !v.Met {
				v.Word = lang.T(ctx, "entry.group.need", "points", need)
			}
		}
		list = append(list, v)
	}
	return list
}

// askOf is the question of criterion i, and the index of the fact it sets, -1 when it records a score.
func askOf(ctx context.Context, b *assessment.Board, r *assessment.BoardRow, i int) (Ask, int) {
	k := b.Set.Criteria[i]
	q := b.Set.Quick(r.Input, i)
	a := Ask{Code: k.Code, Title: k.Title, Kind: q.Entry.String(), Of: q.Of, Max: int64(k.MaxPoints.Points()), Step: 1, Answers: []Answer{}}
	if k.Scoring.Step.Known() {
		a.Step = int64(k.Scoring.Step.Points())
	}
	if q.Fact >= 0 {
		a.Fact = b.Set.Facts[q.Fact].Key
	}
	if len(k.Evidence) > 0 {
		a.Hint = lang.T(ctx, "entry.evidence_hint", "list", joined(k.Evidence))
	}
	if q.Of > 0 && q.Entry == criteria.EntryCount {
		a.Hint = lang.T(ctx, "entry.of", "of", q.Of) + " " + a.Hint
	}
	if locked(r, k) {
		a.Locked = lang.T(ctx, "entry.locked.computed")
		if source, ok := r.Locked[k.Scoring.Status]; ok {
			a.Locked = lang.T(ctx, "entry.locked.register", "source", source)
		}
		return a, q.Fact
	}
	if r.Result.Criteria[i].State == criteria.StateFull {
		a.Locked = lang.T(ctx, "entry.locked.full")
	}
	var before *assessment.Entry
	if r.Previous != nil {
		before = &r.Previous.Entry
		if p, ok := r.Previous.Points[k.Code]; ok {
			a.Last = lang.T(ctx, "entry.last", "year", b.Round.Year-1, "points", int64(p))
		}
	}
	for n, qa := range q.Answers {
		a.Answers = append(a.Answers, answerOf(ctx, b, r, before, i, &q, n, &qa))
	}
	return a, q.Fact
}

func answerOf(ctx context.Context, b *assessment.Board, r *assessment.BoardRow, before *assessment.Entry, i int, q *criteria.Quick, n int, qa *criteria.QuickAnswer) Answer {
	k := b.Set.Criteria[i]
	v := Answer{Key: n, Big: lang.Points(ctx, int64(qa.Points)), Small: qa.Label, Gives: int64(qa.Points)}
	if !b.Set.Set.WithPoints() {
		v.Big, v.Gives = "", 0
		if qa.Pass == criteria.Yes {
			v.Gives = 1
		}
	}
	switch {
	case q.Fact >= 0:
		f := &b.Set.Facts[q.Fact]
		v.Fact = factOf(f, qa.Value)
		v.On, v.Was = r.Entry.Facts[f.Key] == v.Fact, before != nil && before.Facts[f.Key] == v.Fact
		switch f.Type {
		case criteria.FactBool:
			v.Small = lang.T(ctx, "entry.answer."+map[bool]string{true: "yes", false: "no"}[qa.Value.Int == 1])
		case criteria.FactEnum:
			v.Small = word(ctx, f.Key, qa.Label)
		default:
			v.Key = -1
			if qa.Value.Int < 10 {
				v.Key = int(qa.Value.Int)
			}
			v.Small = countWord(ctx, qa.Value.Int, q.Of)
			if q.Entry == criteria.EntryAmount {
				v.Small = amountWord(ctx, qa.Value.Int, q.Of)
			}
		}
	case q.Entry == criteria.EntryTicks:
		item := k.Scoring.Items[n]
		v.Key, v.Tick = n+1, item.Code
		v.On = ticked(r.Entry.Scores[k.Code], item.Code)
		v.Was = before != nil && ticked(before.Scores[k.Code], item.Code)
	default:
		m := markOf(&qa.Record)
		v.Mark = &m
		v.On = sameMark(r.Entry.Scores[k.Code], m)
		v.Was = before != nil && sameMark(before.Scores[k.Code], m)
		if m.Points != nil {
			v.Key = -1
			if p := int64(*m.Points); p%100 == 0 && p < 1000 {
				v.Key = int(p / 100)
			}
		} else if v.Small == "" && m.Yes != nil {
			v.Small = lang.T(ctx, "entry.answer."+map[bool]string{true: "yes", false: "no"}[*m.Yes])
		}
	}
	return v
}

func factOf(f *criteria.Fact, value criteria.Value) any {
	switch f.Type {
	case criteria.FactBool:
		return value.Int == 1
	case criteria.FactEnum:
		return f.Values[value.Int]
	}
	return float64(value.Int)
}

// word is an enum value of a fact in the reader's language; a set's own values, which no catalogue knows, stand as they are.
func word(ctx context.Context, fact, value string) string {
	if key := "value." + fact + "." + value; lang.Has(ctx, key) {
		return lang.T(ctx, key)
	}
	return value
}

func countWord(ctx context.Context, n, of int64) string {
	switch {
	case n == 0:
		return lang.T(ctx, "entry.count.none")
	case n == of:
		return lang.T(ctx, "entry.count.all", "count", n)
	}
	return lang.T(ctx, "entry.count.some", "count", n)
}

// amountWord is an amount from which on an answer holds; one đồng, or one for each of those it is shared by, is to have any.
func amountWord(ctx context.Context, n, of int64) string {
	switch {
	case n == 0:
		return lang.T(ctx, "entry.amount.none")
	case n <= max(of, 1):
		return lang.T(ctx, "entry.amount.any")
	}
	return lang.T(ctx, "entry.amount.from", "amount", n)
}

func markOf(r *criteria.Recorded) (m assessment.Mark) {
	switch {
	case r.HasPoints:
		p := r.Points
		m.Points = &p
	case r.Answer != criteria.Unanswered:
		yes := r.Answer == criteria.Yes
		m.Yes = &yes
	}
	return m
}

func ticked(m assessment.Mark, code string) bool {
	return m.Ticks != nil && slices.Contains(*m.Ticks, code)
}

func sameMark(a, b assessment.Mark) bool {
	switch {
	case a.Points != nil && b.Points != nil:
		return *a.Points == *b.Points
	case a.Yes != nil && b.Yes != nil:
		return *a.Yes == *b.Yes
	}
	return false
}

func joined(list []string) string {
	s := ""
	for i, part := range list {
		if i > 0 {
			s += "; "
		}
		s += part
	}
	return s
}
