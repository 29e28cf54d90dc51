// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"hoctap/internal/criteria/criteriatest"
)

// beside, when set, is given every input that a table of this package scores.
var beside *engine

// tables are the tests whose cases were worked by hand.
var tables = map[string]func(*testing.T){
	"kinds": TestKinds, "outcome": TestOutcomeOfPoints, "thresholds": TestThresholds, "minimums": TestMinimums, "classes": TestClasses,
	"not applicable": TestNotApplicable, "gates": TestGateRules, "paper": TestPaperResult, "levels": TestLevels, "requires": TestRequires,
	"indicators": TestIndicatorsThatDoNotApply, "titles": TestTitlesAmongIndicators, "floor": TestAFloorFailsTheIndicator,
	"province unit": TestProvinceUnitLevelTwo, "overlay": TestOverlay, "include": TestInclude, "evidence": TestEvidenceBlocksOnlySubmitting,
	"family": TestFamilyWholeSheet,
}

// How many inputs are drawn for each shipped set, and how many invented sets there are with how many inputs each.
const (
	drawnPerSet   = 2000
	inventedSets  = 250
	drawnInvented = 30
	fewestCases   = 16*drawnPerSet + inventedSets*drawnInvented
)

// TestBrowserEngineAgrees holds the engine of the browser against this one: every table, every shipped set, and invented sets with odd numbers;
// each field of each result must be the same.
func TestBrowserEngineAgrees(t *testing.T) {
	e := &engine{t: t, Browser: criteriatest.Start(t)}
	beside = e
	for name, table := range tables {
		t.Run(name, table)
	}
	beside = nil
	worked := e.Asked()
	if worked < 200 {
		t.Errorf("the tables gave %d cases", worked)
	}
	l := shipped(t)
	seen := map[Outcome]int{}
	draw := func(c *Compiled, n int, seed uint64) {
		d := drawer{rand.New(rand.NewPCG(seed, 5)), c}
		for range n {
			in := d.input()
			r, _ := c.Score(in)
			seen[r.Outcome]++
			e.score(c, in)
		}
	}
	for i, id := range l.IDs() {
		c, err := l.Resolve(id)
		if err != nil {
			t.Fatal(err)
		}
		draw(c, drawnPerSet, uint64(i))
	}
	for i, text := range []string{pointsSet("100", mixed, mixedRules), pointsSet("30", everything, everythingRules), indicatorSet(levelled, levelledRules)} {
		draw(compileText(t, text), drawnPerSet, uint64(100+i))
	}
	for i, scoring := range giants {
		draw(compileText(t, oneCriterion("1000000000", "scoring: {"+scoring+"}")), drawnInvented, uint64(200+i))
		if strings.HasPrefix(scoring, "kind: checklist") { // without a maximum sums pass 2^53 as well
			draw(compileText(t, oneCriterion("null", "scoring: {"+scoring+"}")), drawnInvented, uint64(300+i))
		}
	}
	for _, most := range []string{"11", "11.5", "12"} { // so many steps are offered, and one more
		draw(compileText(t, oneCriterion(most, "scoring: {kind: scale, step: 1}")), drawnInvented, 400)
	}
	for i := range uint64(inventedSets) {
		draw(compileText(t, invented(rand.New(rand.NewPCG(i, 7)))), drawnInvented, 1000+i)
	}
	for _, o := range []Outcome{Undecided, Recognised, NotRecognised, Refused} {
		if seen[o] < 300 {
			t.Errorf("only %d of the drawn inputs are %v: %v", seen[o], o, seen)
		}
	}
	if n := e.Close(); n < fewestCases {
		t.Errorf("%d cases", n)
	} else if !t.Failed() {
		t.Logf("%d worked cases and %d drawn ones agree: %v", worked, n-worked, seen)
	}
}

// giants are rules of the most points that a set may have, beyond what a float holds in millionths.
var giants = []string{
	"kind: ratio_linear, numerator: n, denominator: d, full_at: 99.999999", "kind: deduct, value: n, per_case: 0.000001", "kind: scale, step: 0.01",
	"kind: amount_bands, value: m, per: d, bands: [{min: 999999999999999999, points: 1000000000}, {min: 0.000001, points: 0.000001}]",
	"kind: checklist, items: [{code: 0, title: i, points: 0.004999}, {code: 1, title: i, points: 0.000001}" + thirty() + "]",
	"kind: ratio_bands, numerator: m, denominator: n, bands: [{min_percent: 999999999999.999999, points: 1000000000}, {min_percent: 0.000001, points: 1}]",
}

func thirty() (items string) {
	for i := range 30 {
		items += fmt.Sprintf(", {code: more%d, title: i, points: 1000000000}", i)
	}
	return items
}

// drawer draws inputs of one set: mostly sound and nearly complete, numbers on and beside the borders of its rules, some hostile.
type drawer struct {
	*rand.Rand
	c *Compiled
}

func (d drawer) oneIn(n int) bool { return d.IntN(n) == 0 }

func (d drawer) pick(list ...int64) int64 { return list[d.IntN(len(list))] }

func (d drawer) input() *Input {
	c, in := d.c, d.c.NewInput()
	gap := []int{1 << 30, 50, 10, 2}[d.IntN(4)] // one thing in so many is unknown
	hostile := d.oneIn(12)
	good := d.oneIn(3) // everything as well as it can be
	in.Year = c.Set.Effective.From + d.IntN(10)
	if c.Set.Effective.To > 0 {
		in.Year = min(in.Year, c.Set.Effective.To)
	}
	in.Region = []Region{"", RegionDefault, RegionMountainous, RegionEspeciallyDifficult}[d.IntN(4)]
	for i := range c.Facts {
		if !d.oneIn(gap) {
			in.Facts[i] = d.value(&c.Facts[i], hostile)
		}
	}
	for i := range c.Counts {
		if d.oneIn(gap) {
			in.Counts[i].Members, in.Counts[i].HasMembers = d.Int64N(5), d.oneIn(2)
			continue
		}
		members := d.pick(0, 1, 5, 10, 200, d.Int64N(1000)+1, maxCount)
		in.Counts[i] = CountOf(members, d.Int64N(members+1))
	}
	for level := range c.rules {
		for i := range c.rules[level] {
			d.border(&c.rules[level][i], in, good)
		}
	}
	for i := range c.Criteria {
		if !d.oneIn(gap) {
			in.Scores[i] = d.record(i, hostile, good)
		}
	}
	for i := range c.Gates {
		if !d.oneIn(gap) {
			in.Gates[i] = AnswerOf(good || !d.oneIn(6))
		}
	}
	for range d.IntN(4) {
		in.Titles = append(in.Titles, Title{Level: d.IntN(len(c.Levels)+1) - 1, Decided: d.day(), Revoked: d.oneIn(5)})
	}
	in.Applied = d.day()
	if d.oneIn(25) {
		in.Paper = Paper{Given: true, Outcome: Outcome(d.IntN(3)), Level: d.IntN(len(c.Levels)+1) - 1}
		if c.Set.WithPoints() && d.oneIn(2) {
			in.Paper.Total, in.Paper.HasTotal = Points(d.Int64N(c.Set.MaxPoints.micro()/toHundred+1)), true
		}
	}
	if hostile {
		d.spoil(in)
	}
	return in
}

func (d drawer) day() Date {
	if d.oneIn(8) {
		return 0
	}
	return Date((2022+d.IntN(5))*10000 + (d.IntN(12)+1)*100 + int(d.pick(1, 15, 28, 29, 30, 31)))
}

func (d drawer) value(f *Fact, hostile bool) Value {
	switch f.Type {
	case FactBool:
		return IntValue(d.Int64N(2))
	case FactEnum:
		return IntValue(d.Int64N(int64(len(f.Values))))
	case FactText:
		return TextValue([]string{"", "a", "không", "😀\u2028", strings.Repeat("ữ", d.IntN(1400))}[d.IntN(5)])
	case FactMoney:
		return IntValue(d.pick(0, 1, 1_000_000, 50_000*d.Int64N(100), d.Int64N(1_000_000_000), d.Int64N(maxNumber)))
	}
	if hostile || d.oneIn(40) {
		return IntValue(d.pick(1<<53-1, 1<<53, 1<<53+1, maxNumber, d.Int64N(maxNumber)))
	}
	return IntValue(d.pick(0, 1, 2, 3, 5, d.Int64N(12), d.Int64N(12), d.Int64N(300)))
}

// border puts the fact or count of a rule on a limit, or one beside it; with good on or above the best.
func (d drawer) border(r *rule, in *Input, good bool) {
	limits := []Num{r.least, r.fullAt}
	for _, b := range r.bands {
		limits = append(limits, b.min)
	}
	for _, f := range r.floors {
		limits = append(limits, f.MinPercent)
	}
	l := limits[d.IntN(len(limits))]
	if good {
		for _, other := range limits {
			if other.Known() && (!l.Known() || other.cmp(l) > 0) {
				l = other
			}
		}
	}
	beside := d.Int64N(3) - 1
	if good {
		beside = max(beside, 0)
	}
	if !l.Known() || l.N > 1_000_000_000_000 {
		return
	}
	switch {
	case r.op == opTitles && in.Counts[r.count].HasMembers && in.Counts[r.count].HasHolders:
		n := &in.Counts[r.count]
		n.Holders = min(max(mulDivUp(l.N, n.Members, 100*l.D)+beside, 0), n.Members)
	case (r.op == opShare || r.op == opLinear) && in.Facts[r.fact].Known && in.Facts[r.den].Known && in.Facts[r.den].Int < 1<<50:
		in.Facts[r.fact].Int = max(mulDivUp(l.N, in.Facts[r.den].Int, 100*l.D)+beside, 0)
	case (r.op == opCount || r.op == opAmount) && in.Facts[r.fact].Known:
		in.Facts[r.fact].Int = max(l.N/l.D+beside, 0)
		if r.den >= 0 && in.Facts[r.den].Known && in.Facts[r.den].Int < 1_000_000 {
			in.Facts[r.fact].Int = max(mulDivUp(l.N, in.Facts[r.den].Int, l.D)+beside, 0)
		}
	case r.op == opStatus && good && len(r.accept) > 0:
		in.Facts[r.fact].Int, in.Facts[r.fact].Text = r.accept[0].value, r.accept[0].text
	}
}

func (d drawer) record(i int, hostile, good bool) (rec Recorded) {
	r := &d.c.rules[0][i]
	points := d.c.Set.WithPoints()
	switch {
	case r.op == opTicks && !r.null:
		rec = RecordTicks(d.Uint64() & r.all)
		if good {
			rec.Ticks = r.all
		}
	case r.op == opTicks && !points:
		rec = RecordTicks(d.Uint64() & r.all)
		rec.Answer = Answer(d.IntN(3))
	case !points || r.asks == askAnswer:
		rec = RecordAnswer(good || !d.oneIn(4))
	default:
		top := int64(100_00)
		if r.max >= 0 {
			top = r.max / toHundred
		}
		p := top
		if !good {
			p = d.pick(0, top, top/2, d.Int64N(top+1))
		}
		if r.kind == Scale && !(hostile && d.oneIn(2)) {
			for p > 0 && p*toHundred%r.step != 0 {
				p--
			}
		}
		rec = RecordPoints(Points(p))
	}
	if n := len(d.c.Levels); n > 0 && !d.oneIn(3) {
		rec.Levels = make([]Answer, n)
		for l := range rec.Levels {
			if rec.Levels[l] = Answer(d.IntN(3)); good {
				rec.Levels[l] = Yes
			}
		}
	}
	return rec
}

// spoil breaks what a sound sheet keeps.
func (d drawer) spoil(in *Input) {
	for range 1 + d.IntN(3) {
		switch i := d.IntN(len(in.Scores)); d.IntN(11) {
		case 0:
			in.Year = int(d.pick(0, 1999, 2200, -5))
		case 1:
			in.Region = Region([]string{"núi", strings.Repeat("ữ😀", 30), strings.Repeat("ữ😀", 30) + "x", "Default"}[d.IntN(4)]) // as long as a message tells, and longer
		case 2:
			if len(in.Facts) > 0 {
				if f := d.IntN(len(in.Facts)); d.c.Facts[f].Type != FactText {
					in.Facts[f] = IntValue(d.pick(-1, 2, 99, maxNumber+1, -maxNumber, 1<<62))
				} else {
					in.Facts[f] = TextValue(strings.Repeat("ữ", 1333) + strings.Repeat("x", d.IntN(3))) // 4,000 bytes at most
				}
			}
		case 3:
			in.Scores[i] = RecordPoints(Points(d.pick(-1, 1, 333, 1_000_000_000_00, 1_000_000_000_01)))
		case 4:
			in.Scores[i] = RecordTicks(1<<d.IntN(64) | 1)
		case 5:
			in.Scores[i].Answer = Answer(d.IntN(3))
		case 6:
			in.Scores[i].Levels = make([]Answer, d.IntN(5))
		case 7:
			if len(in.Counts) > 0 {
				in.Counts[d.IntN(len(in.Counts))] = CountOf(d.pick(-1, 0, 3, maxCount+1, 1<<60), d.pick(-1, 4, 5, 1<<60))
			}
		case 8:
			in.Titles = append(in.Titles, Title{Level: int(d.pick(-2, 0, 16)), Decided: 20250131})
		case 9:
			in.Paper = Paper{Given: true, Outcome: Outcome(d.IntN(4)), HasTotal: true, Total: Points(d.pick(-1, 0, 10000, 10001, 1_000_000_000_00)), Level: int(d.pick(-2, -1, 0, 9))}
		case 10:
			in.Scores[i] = RecordTicks(0)
			in.Scores[i].Points, in.Scores[i].HasPoints = 100, true
		}
	}
}

// invented writes a sound set with points whose numbers no office would choose.
func invented(d *rand.Rand) string {
	odd := func(top int64) string { // up to six decimals, above 0
		return Num{N: 1 + d.Int64N(top*micro), D: micro}.String()
	}
	amount := func() string {
		return []string{odd(10), "10", odd(100), "0.01", "33.333333", odd(10_000_000), "10000000"}[d.IntN(7)]
	}
	when := []string{"", ", applies_when: {d: \">0\"}, when_not_applicable: %s", ", applies_when: {yes: [true], st: [none, near]}, when_not_applicable: %s",
		", applies_when: {lv: \">=1\", m: \"<=5000000\"}, when_not_applicable: %s", ", applies_when: {n: \"!=3\"}, when_not_applicable: %s"}
	var groups strings.Builder
	total, known := Whole(0), true
	code := 0
	for g := range 1 + d.IntN(4) {
		var lines []string
		sum, bounded := Whole(0), true
		for range 1 + d.IntN(5) {
			code++
			text := amount()
			most, _ := ParseNum(text)
			part := func() string { // a part of the maximum
				return Num{N: most.N / (1 + d.Int64N(9)), D: most.D}.String()
			}
			share := func() string { return []string{"0", "33.3", "85", "100", odd(100)}[d.IntN(5)] }
			var s string
			switch d.IntN(11) {
			case 0:
				s = fmt.Sprintf("kind: ratio_linear, numerator: n, denominator: d, full_at: %s", []string{"100", "90", "33.333333", "0.5", "null"}[d.IntN(5)])
			case 1:
				s = fmt.Sprintf("kind: ratio_bands, numerator: n, denominator: d, bands: [{min_percent: %s, points: %s}, {min_percent: %s, points: %s}, {min_percent: 100, points: %s}]", share(), part(), share(), part(), text)
			case 2:
				s = fmt.Sprintf("kind: ratio_threshold, numerator: n, denominator: d, min_percent: %s", []string{share(), "null"}[d.IntN(2)])
			case 3:
				s = fmt.Sprintf("kind: member_titles, member: %s, title_model: citizen, bands: [{min_percent: %s, points: %s}, {min_percent: %s, points: %s}], min_percent_by_year: [{from: 2022, to: 2025, min_percent: %s}, {from: 2027, to: null, min_percent: null}]",
					[]string{"adult", "family"}[d.IntN(2)], share(), part(), share(), text, share())
			case 4:
				s = fmt.Sprintf("kind: count_bands, value: n, bands: [{min: 3, points: %s}, {min: %d, points: %s}]", part(), d.Int64N(20), text)
			case 5:
				s = fmt.Sprintf("kind: amount_bands, value: m, per: d, bands: [{min: 50000, points: %s}, {min: %s, points: %s}]", text, odd(1000), part())
			case 6:
				s = fmt.Sprintf("kind: external_status, status: %s", []string{"st, accept: [none], partial: [{value: near, points: " + part() + "}]", "tx, accept: [a, \"\"]", "yes, accept: [true]", "lv, accept: [\"2\"]"}[d.IntN(4)])
			case 7:
				s = fmt.Sprintf("kind: deduct, value: n, per_case: %s", []string{"1", "2.5", "0.333333", odd(1000)}[d.IntN(4)])
			case 8:
				var items []string
				for i := range 1 + d.IntN(64) {
					items = append(items, fmt.Sprintf("{code: i%d, title: i, points: %s}", i, part()))
				}
				s = fmt.Sprintf("kind: checklist, items: [%s], pick: {min: %d}", strings.Join(items, ", "), 1+d.IntN(len(items)))
			case 9:
				s = []string{"kind: boolean", "kind: boolean, fact: yes", "kind: manual"}[d.IntN(3)]
				if strings.HasSuffix(s, "manual") && d.IntN(2) == 0 {
					text = "null"
				}
			case 10:
				s = fmt.Sprintf("kind: scale, step: %s", []string{"1", "0.25", "0.01"}[d.IntN(3)])
			}
			if text == "null" {
				bounded = false
			} else {
				sum = add(sum, most)
			}
			w := when[d.IntN(len(when))]
			if w != "" {
				w = fmt.Sprintf(w, []string{"full", "redistribute", "skip"}[d.IntN(3)])
			}
			need := []string{"", "", ", evidence_required: always", ", evidence_required: {from_points: " + odd(10) + "}"}[d.IntN(4)]
			lines = append(lines, fmt.Sprintf("      - {code: K%d, title: t, evidence: [], max_points: %s%s%s, scoring: {%s}}", code, text, w, need, s))
		}
		top := sum.String()
		if !bounded {
			more, _ := ParseNum(odd(500))
			top = []string{"null", add(sum, more).String()}[d.IntN(2)]
		}
		if top == "null" {
			known = false
		} else {
			n, _ := ParseNum(top)
			total = add(total, n)
		}
		fmt.Fprintf(&groups, "  - code: G%d\n    title: g\n    max_points: %s\n    criteria:\n%s\n", g, top, strings.Join(lines, "\n"))
	}
	all := total.String()
	if !known {
		all = add(total, Whole(1000)).String()
	}
	rules := []string{"", ", min_per_criterion: {percent: " + odd(100) + "}", ", min_per_criterion: {points: 1}, min_per_group: {percent: 50}", ", min_per_group: {points: " + odd(20) + "}", ", min_per_group: {percent: null}"}[d.IntN(5)] +
		[]string{"", ", mandatory: [{code: G1, title: g}, {code: G2, title: g, rule: \"n <= d\"}, {code: G3, title: g, rule: \"lv >= 0.5\"}, {code: G4, title: g, rule: \"lv != st\"}, {code: G5, title: g, rule: \"tx == tx\"}, {code: G6, title: g, rule: \"m > 0.5\"}]"}[d.IntN(2)]
	return pointsSet(all, groups.String(), rules)
}
