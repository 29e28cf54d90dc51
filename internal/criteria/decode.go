// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"regexp"
	"slices"
	"strconv"
)

// object reads the fields of one mapping and reports, for each that breaks the shape, its place and rule. It
// mirrors data/criteria/schema.json; a test holds the two against each other. An object over something that
// is no mapping reports that once and then reads nothing.
type object struct {
	p    *problems
	n    *node // nil when there is nothing to read
	path string
	used []bool
}

func readObject(p *problems, n *node, path string) *object {
	if n.kind != objectNode {
		p.at(n, path, "want_object")
		return &object{p: p, path: path}
	}
	return &object{p: p, n: n, path: path, used: make([]bool, len(n.keys))}
}

// take gives the value at key and marks it known.
func (o *object) take(key string, required bool) (n *node, path string) {
	if o.n == nil {
		return nil, ""
	}
	for i, k := range o.n.keys {
		if k == key {
			o.used[i] = true
			return o.n.vals[i], join(o.path, key)
		}
	}
	if required {
		o.p.at(o.n, join(o.path, key), "missing", "field", key)
	}
	return nil, ""
}

// done reports every field that no rule knows.
func (o *object) done() {
	if o.n == nil {
		return
	}
	for i, k := range o.n.keys {
		if !o.used[i] {
			o.p.at(o.n.vals[i], join(o.path, k), "unknown_field", "field", clip(k))
		}
	}
}

const (
	must = true
	may  = false
)

func (o *object) text(key string, required bool) string {
	n, path := o.take(key, required)
	if n == nil {
		return ""
	}
	if n.kind != textNode {
		o.p.at(n, path, "want_text")
		return ""
	}
	return n.text
}

// textOrNull gives "" for null.
func (o *object) textOrNull(key string, required bool) string {
	n, path := o.take(key, required)
	if n == nil || n.kind == nullNode {
		return ""
	}
	if n.kind != textNode {
		o.p.at(n, path, "want_text")
		return ""
	}
	return n.text
}

var (
	idPattern   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	keyPattern  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	datePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	urlPattern  = regexp.MustCompile(`^https?://`)
)

func (o *object) match(key string, required bool, re *regexp.Regexp, rule string) string {
	s := o.text(key, required)
	if n := o.n.get(key); n != nil && n.kind == textNode && !re.MatchString(s) {
		o.p.at(n, join(o.path, key), rule, "value", clip(s))
	}
	return s
}

func (o *object) date(key string, required bool) string {
	s := o.textOrNull(key, required)
	if n := o.n.get(key); n != nil && n.kind == textNode && !datePattern.MatchString(s) {
		o.p.at(n, join(o.path, key), "want_date", "value", clip(s))
	}
	return s
}

// factKey reads the name of a fact.
func (o *object) factKey(key string, required bool) string {
	return o.match(key, required, keyPattern, "want_key")
}

// word reads one of a closed list.
func (o *object) word(key string, required bool, words ...string) string {
	n, path := o.take(key, required)
	if n == nil {
		return ""
	}
	if n.kind != textNode || !slices.Contains(words, n.text) {
		o.p.at(n, path, "want_word", "value", clip(n.text), "words", words)
		return ""
	}
	return n.text
}

func (o *object) verified(required bool) Verified {
	n, path := o.take("verified", required)
	return o.flag(n, path)
}

// flag reads true, false, partial or reconstructed.
func (o *object) flag(n *node, path string) Verified {
	if n == nil {
		return ""
	}
	if n.kind == boolNode || n.kind == textNode && (n.text == "partial" || n.text == "reconstructed") {
		return Verified(n.text)
	}
	o.p.at(n, path, "want_word", "value", clip(n.text), "words", []string{"true", "partial", "reconstructed", "false"})
	return ""
}

// note reads the two fields that nearly every part may carry.
func (o *object) note() (string, Verified) { return o.text("note", may), o.verified(may) }

// ignoreFlag reads a field ending in _verified, which changes nothing.
func (o *object) ignoreFlag(key string) { o.flag(o.take(key, may)) }

// code reads a text that is not empty, or a whole number.
func (o *object) code(key string, required bool) string {
	n, path := o.take(key, required)
	if n == nil {
		return ""
	}
	code := n.code()
	if code == "" {
		o.p.at(n, path, "want_code")
	}
	return code
}

func (o *object) boolean(key string, fallback bool) bool {
	n, path := o.take(key, may)
	if n == nil {
		return fallback
	}
	if n.kind != boolNode {
		o.p.at(n, path, "want_boolean")
		return fallback
	}
	return n.text == "true"
}

// number reads a number from 0 up, above 0 with positive; null gives an unknown number where allowed.
func (o *object) number(key string, required, positive, nullable bool) Num {
	n, path := o.take(key, required)
	if n == nil || n.kind == nullNode && nullable {
		return Num{}
	}
	if n.kind != numberNode {
		o.p.at(n, path, "want_number")
		return Num{}
	}
	if n.num.Known() && (n.num.N < 0 || positive && n.num.N == 0) {
		rule := "want_not_negative"
		if positive {
			rule = "want_positive"
		}
		o.p.at(n, path, rule, "value", n.num.String())
		return Num{}
	}
	return n.num
}

// limit reads a number from 0 up, or null.
func (o *object) limit(key string, required bool) Num { return o.number(key, required, false, true) }

// points reads a number of points from 0 up, or null.
func (o *object) points(key string, required bool) Num {
	v := o.limit(key, required)
	o.pointRange(key, v)
	return v
}

func (o *object) pointRange(key string, v Num) {
	if v.Known() && v.cmp(Whole(maxPoint)) > 0 {
		o.p.at(o.n.get(key), join(o.path, key), "too_many_points", "max", maxPoint)
	}
}

// whole reads an integer of a range.
func (o *object) whole(key string, required bool, least, most int) int {
	n, path := o.take(key, required)
	if n == nil {
		return 0
	}
	if n.kind != numberNode || n.num.Known() && !n.num.isWhole() {
		o.p.at(n, path, "want_whole")
		return 0
	}
	if !n.num.Known() {
		return 0
	}
	if v := n.num.N / n.num.D; v >= int64(least) && v <= int64(most) {
		return int(v)
	}
	o.p.at(n, path, "out_of_range", "value", n.num.String(), "min", least, "max", most)
	return 0
}

// yearOrNull gives 0 for null.
func (o *object) yearOrNull(key string) int {
	if n := o.n.get(key); n != nil && n.kind == nullNode {
		o.take(key, must)
		return 0
	}
	return o.whole(key, must, 1990, 2200)
}

// years reads from and to of the object itself.
func (o *object) years() Years {
	return Years{From: o.whole("from", must, 1990, 2200), To: o.yearOrNull("to")}
}

// each calls read for every item of the list at key, of which there must be least.
func (o *object) each(key string, required bool, least int, read func(n *node, path string)) {
	n, path := o.take(key, required)
	if n == nil {
		return
	}
	if n.kind != listNode {
		o.p.at(n, path, "want_list")
		return
	}
	if len(n.list) < least {
		o.p.at(n, path, "too_few", "min", least)
	}
	for i, item := range n.list {
		read(item, path+"["+strconv.Itoa(i)+"]")
	}
}

func (o *object) texts(key string, required bool, least int) (list []string) {
	o.each(key, required, least, func(n *node, path string) {
		if n.kind != textNode {
			o.p.at(n, path, "want_text")
		}
		list = append(list, n.text)
	})
	return list
}

// child calls read for the mapping at key when it is there.
func (o *object) child(key string, required bool, read func(c *object)) {
	if n, path := o.take(key, required); n != nil {
		c := readObject(o.p, n, path)
		read(c)
		c.done()
	}
}

// objects calls read for every mapping of the list at key.
func (o *object) objects(key string, required bool, least int, read func(c *object)) {
	o.each(key, required, least, func(n *node, path string) {
		c := readObject(o.p, n, path)
		read(c)
		c.done()
	})
}
