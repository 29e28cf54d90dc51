// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// save changes a draft. What was typed is always stored, also with faults, which the page then names at their fields; when somebody
// else saved in the meantime, the same change is laid over the newer text and shown, to be saved or left.
func save(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	s, err := load(v)
	if err != nil {
		return err
	}
	edit, _ := strconv.ParseInt(v.Form("edit"), 10, 64)
	s.change()
	next, faults, err := v.Sets.SaveDraft(v.Ctx(), v.Actor, s.ver.ID, edit, s.text)
	switch {
	case fault.KindOf(err) == fault.KindStale && err != nil:
		return s.stale(err)
	case err != nil:
		return err
	case faults != nil:
		s.ver = next
		if err := s.judge(); err != nil {
			return err
		}
		s.typed = true
		return s.page(http.StatusUnprocessableEntity)
	}
	return v.Go(href(s.ver.ID) + s.here())
}

// stale shows the newer text with this change laid over it, unsaved.
func (s *state) stale(err error) error {
	ver, reread := s.v.Sets.Get(s.v.Ctx(), s.ver.ID)
	if reread != nil {
		return reread
	}
	s.ver = ver
	if s.v.Form("act") != "text" {
		s.text = ver.Body
		if err := s.judge(); err != nil {
			return err
		}
		s.change()
	}
	if err := s.judge(); err != nil {
		return err
	}
	sentence, _ := lang.Fault(s.v.Ctx(), err)
	s.notice, s.typed = sentence+" "+s.v.T("sets.stale_kept"), true
	return s.page(http.StatusConflict)
}

// change does to the tree, and so to the text, what the form asks for.
func (s *state) change() {
	form := s.v.R.PostForm
	if form.Get("act") == "text" {
		s.text = strings.ReplaceAll(form.Get("text"), "\r\n", "\n")
		return
	}
	if s.doc == nil {
		return
	}
	base := "groups[" + strconv.Itoa(s.group) + "]"
	list := base + ".criteria"
	path := list + "[" + strconv.Itoa(s.index) + "]"
	switch form.Get("act") {
	case "criterion":
		s.find(form.Get("was"))
		path = "groups[" + strconv.Itoa(s.group) + "].criteria[" + strconv.Itoa(s.index) + "]"
		(&sheet{v: s.v, doc: s.doc, base: path}).takeCriterion(form)
	case "group":
		(&sheet{v: s.v, doc: s.doc, base: base}).take(form, "", groupParams(withPoints(s.doc)))
	case "recognition":
		rules := &sheet{v: s.v, doc: s.doc, base: "recognition"}
		rules.take(form, "", recognitionParams)
		rules.takeMinimums(form)
	case "general":
		all := &sheet{v: s.v, doc: s.doc}
		all.take(form, "", generalParams)
		all.take(form, "", factParams)
	case "add-criterion":
		s.addCriterion()
	case "add-group":
		s.addGroup()
	case "remove":
		if s.index >= 0 {
			s.doc.Remove(path)
			s.index = max(s.index-1, 0)
		} else {
			s.doc.Remove(base)
			s.group, s.index = 0, 0
		}
	case "up", "down":
		s.shift(form.Get("act") == "up")
	case "carry":
		if to, err := strconv.Atoi(form.Get("to")); err == nil && to >= 0 && s.index >= 0 {
			s.doc.Carry(list, s.index, "groups["+strconv.Itoa(to)+"].criteria")
			s.group, s.index = to, len(s.doc.At("groups["+strconv.Itoa(to)+"].criteria").List())-1
		}
	case "drop":
		s.drop(form.Get("before"))
	}
	if text, err := s.doc.Text(); err == nil {
		s.text = text
	}
}

// find makes sure that the criterion the form was made for is the one that is changed: in a newer text it may stand elsewhere. When it is
// gone, what was typed is put at the end of its group, so that it is not lost.
func (s *state) find(was string) {
	at := func(g, c int) string { return "groups[" + strconv.Itoa(g) + "].criteria[" + strconv.Itoa(c) + "].code" }
	if s.doc.At(at(s.group, s.index)).Text() == was {
		return
	}
	for g, group := range s.doc.At("groups").List() {
		for c, criterion := range group.Get("criteria").List() {
			if criterion.Get("code").Text() == was {
				s.group, s.index = g, c
				return
			}
		}
	}
	s.group = max(min(s.group, len(s.doc.At("groups").List())-1), 0)
	s.index = s.doc.Append("groups[" + strconv.Itoa(s.group) + "].criteria")
}

// shift moves what is selected one place, a criterion also over the edge of its group.
func (s *state) shift(up bool) {
	to := 1
	if up {
		to = -1
	}
	if s.index < 0 {
		n := len(s.doc.At("groups").List())
		if next := s.group + to; next >= 0 && next < n {
			s.doc.Move("groups", max(s.group, next), min(s.group, next))
			s.group = next
		}
		return
	}
	list := "groups[" + strconv.Itoa(s.group) + "].criteria"
	if next := s.index + to; next >= 0 && next < len(s.doc.At(list).List()) {
		s.doc.Move(list, max(s.index, next), min(s.index, next))
		s.index = next
	}
}

// drop puts the selected criterion before another place: "2.0", where a script let go of it.
func (s *state) drop(before string) {
	group, index, _ := strings.Cut(before, ".")
	g, err := strconv.Atoi(group)
	i, err2 := strconv.Atoi(index)
	to := "groups[" + group + "].criteria"
	if err != nil || err2 != nil || g < 0 || i < 0 || s.index < 0 || !s.doc.At(to).Given() {
		return
	}
	from := "groups[" + strconv.Itoa(s.group) + "].criteria"
	if g != s.group {
		s.doc.Carry(from, s.index, to)
		last := len(s.doc.At(to).List()) - 1
		s.doc.Move(to, last, min(i, last))
		s.group, s.index = g, min(i, last)
		return
	}
	s.doc.Move(to, s.index, i)
	if i > s.index {
		i--
	}
	s.index = i
}

// addCriterion adds a criterion at the end of the selected group, with the points that the group has left.
func (s *state) addCriterion() {
	base := "groups[" + strconv.Itoa(s.group) + "]"
	if !s.doc.At(base).Given() {
		return
	}
	list := s.doc.At(base + ".criteria").List()
	left := left(s.doc.At(base+".max_points"), list)
	code := freeCode(s.doc, s.doc.At(base+".code").Text(), len(list)+1)
	s.index = s.doc.Append(base + ".criteria")
	s.fill(base+".criteria["+strconv.Itoa(s.index)+"]", code, left)
}

func (s *state) fill(path, code, points string) {
	s.doc.Set(path+".code", version.Words(code))
	s.doc.Set(path+".title", version.Words(s.v.T("sets.new_criterion")))
	if withPoints(s.doc) {
		s.doc.Set(path+".max_points", version.Number(points))
		s.doc.Set(path+".scoring.kind", version.Words("scale"))
		s.doc.Set(path+".scoring.step", version.Number("1"))
	} else {
		s.doc.Set(path+".scoring.kind", version.Words("boolean"))
	}
	s.doc.SetList(path+".evidence", nil)
	s.doc.Set(path+".verified", version.Flag(false))
}

func (s *state) addGroup() {
	groups := s.doc.At("groups").List()
	code := ""
	for i := len(groups); code == ""; i++ {
		next := strconv.Itoa(i + 1)
		if len(groups) > 0 && i < 26 && isLetter(groups[0].Get("code").Text()) {
			next = string(rune('A' + i))
		}
		if !has(groups, next) {
			code = next
		}
	}
	points := left(s.doc.At("max_points"), groups)
	s.group, s.index = s.doc.Append("groups"), -1
	base := "groups[" + strconv.Itoa(s.group) + "]"
	s.doc.Set(base+".code", version.Words(code))
	s.doc.Set(base+".title", version.Words(s.v.T("sets.new_group")))
	if withPoints(s.doc) {
		s.doc.Set(base+".max_points", version.Number(points))
	}
	s.doc.Set(base+".verified", version.Flag(false))
	s.doc.Append(base + ".criteria")
	s.fill(base+".criteria[0]", freeCode(s.doc, code, 1), points)
}

func isLetter(code string) bool { return len(code) == 1 && code[0] >= 'A' && code[0] <= 'Z' }

func has(list []version.Value, code string) bool {
	for _, v := range list {
		if v.Get("code").Text() == code {
			return true
		}
	}
	return false
}

// freeCode is the next code of a group that no criterion has: "A4", or "2.4" where groups are numbered.
func freeCode(doc *version.Doc, group string, from int) string {
	point := ""
	if group != "" && group[len(group)-1] >= '0' && group[len(group)-1] <= '9' {
		point = "."
	}
	for n := from; ; n++ {
		code, taken := group+point+strconv.Itoa(n), false
		for _, g := range doc.At("groups").List() {
			taken = taken || has(g.Get("criteria").List(), code)
		}
		if !taken {
			return code
		}
	}
}

// left is how many points remain of a maximum, 1 when none do.
func left(max version.Value, list []version.Value) string {
	sum, known := version.Sum(list, "max_points")
	all, ok := version.Sum([]version.Value{max}, "")
	if !known || !ok || all <= sum {
		return "1"
	}
	return (all - sum).Text()
}
