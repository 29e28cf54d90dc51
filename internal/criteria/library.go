// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"hoctap/internal/fault"
)

// maxCriteria bounds a set after its includes are expanded.
const maxCriteria = 1000

// Library is a collection of sets that may overlay and include one another. It is safe for many goroutines.
type Library struct {
	mu       sync.Mutex
	sets     map[string]*Set
	compiled map[string]*Compiled
}

// NewLibrary gathers sets. Of two with one id the later replaces the earlier.
func NewLibrary(sets ...*Set) *Library {
	l := &Library{sets: map[string]*Set{}, compiled: map[string]*Compiled{}}
	for _, s := range sets {
		l.sets[s.ID] = s
	}
	return l
}

// LoadLibrary parses every *.yaml of a folder, such as the shipped criteriadata.Files. It fails with
// fault.Invalid that names every broken rule of every file.
func LoadLibrary(files fs.FS) (*Library, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	var sets []*Set
	var broken []fault.FieldError
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		s, err := Parse(path.Base(name), bytes.NewReader(data))
		if f, ok := err.(*fault.Fault); ok {
			broken = append(broken, f.Fields...)
		} else if err != nil {
			return nil, err
		} else {
			sets = append(sets, s)
		}
	}
	if err := fault.Invalid(broken...); err != nil {
		return nil, err
	}
	return NewLibrary(sets...), nil
}

// With gives a library that holds these sets besides, or instead of those with the same id. The receiver is
// not changed.
func (l *Library) With(sets ...*Set) *Library {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := NewLibrary()
	for id, s := range l.sets {
		m.sets[id] = s
	}
	for _, s := range sets {
		m.sets[s.ID] = s
	}
	return m
}

// IDs lists the ids in order.
func (l *Library) IDs() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := make([]string, 0, len(l.sets))
	for id := range l.sets {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// Resolve merges the set over those it overlays, expands what it includes, checks everything and compiles it.
// It fails with fault.NotFound for an id that the library does not hold, and with fault.Invalid, as Parse
// does, for broken rules.
func (l *Library) Resolve(id string) (*Compiled, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sets[id] == nil {
		return nil, fault.NotFound("criteria_set", id)
	}
	if c := l.compiled[id]; c != nil {
		return c, nil
	}
	var p problems
	s := l.expanded(&p, id, nil)
	if s == nil || !p.none() {
		return nil, p.err()
	}
	levels := checkSet(&p, s)
	if !p.none() {
		return nil, p.err()
	}
	c := compile(s, levels)
	l.compiled[id] = c
	return c, nil
}

// merged gives the whole set behind id with its overlays laid over, not yet expanded; nil after a problem.
func (l *Library) merged(p *problems, id string, via []string) *Set {
	s := l.sets[id]
	if s.Overlays == "" {
		return s
	}
	tree := l.tree(p, s, via)
	if tree == nil {
		return nil
	}
	whole := readSet(p, tree)
	if !p.none() {
		return nil
	}
	return whole
}

func (l *Library) tree(p *problems, s *Set, via []string) *node {
	if s.Overlays == "" {
		return s.root
	}
	at := s.root.get("overlays")
	switch {
	case slices.Contains(via, s.ID):
		p.at(at, "overlays", "overlay_circle", "set", s.ID)
		return nil
	case l.sets[s.Overlays] == nil:
		p.at(at, "overlays", "unknown_set", "set", s.Overlays)
		return nil
	}
	base := l.tree(p, l.sets[s.Overlays], append(via, s.ID))
	if base == nil {
		return nil
	}
	return overlay(p, base, s.root, "")
}

// expanded gives a copy of the set in which every include line is replaced by the criteria it stands for, and
// to whose facts those they read are added. via are the sets that wait for this one.
func (l *Library) expanded(p *problems, id string, via []string) *Set {
	s := l.merged(p, id, nil)
	if s == nil || !s.includes() {
		return s
	}
	out := *s
	out.Facts = slices.Clone(s.Facts)
	out.Groups = slices.Clone(s.Groups)
	via = append(slices.Clone(via), id)
	count := 0
	for gi := range out.Groups {
		g := &out.Groups[gi]
		var list []Criterion
		for _, c := range g.Criteria {
			if c.Scoring.Kind != Include {
				list = append(list, c)
				continue
			}
			list = append(list, l.included(p, &out, &c, via)...)
			if !p.none() {
				return nil
			}
		}
		g.Criteria = list
		if count += len(list); count > maxCriteria {
			p.in(s.root, g.path, "too_many", "max", maxCriteria)
			return nil
		}
	}
	return &out
}

// included gives the criteria behind one include line, and takes the facts they read into out.
func (l *Library) included(p *problems, out *Set, line *Criterion, via []string) []Criterion {
	from, path := line.Scoring.FromSet, line.path+".scoring"
	if slices.Contains(via, from) {
		p.in(line.root, path+".set", "include_circle", "chain", strings.Join(append(via, from), " → "))
		return nil
	}
	if l.sets[from] == nil {
		p.in(line.root, path+".set", "unknown_set", "set", from)
		return nil
	}
	other := l.expanded(p, from, via)
	if other == nil {
		return nil
	}
	for _, g := range other.Groups {
		if g.Code != line.Scoring.FromGroup {
			continue
		}
		list := slices.Clone(g.Criteria)
		for i := range list {
			list[i].line = line.Code
			takeFacts(out, other, &list[i])
		}
		return list
	}
	p.in(line.root, path+".group", "unknown_group", "set", from, "code", line.Scoring.FromGroup)
	return nil
}

// takeFacts adds the facts a criterion reads; where both sets declare one, the including set's holds.
func takeFacts(out, other *Set, c *Criterion) {
	for _, key := range c.Reads() {
		if slices.ContainsFunc(out.Facts, func(f Fact) bool { return f.Key == key }) {
			continue
		}
		for _, f := range other.Facts {
			if f.Key == key {
				out.Facts = append(out.Facts, f)
			}
		}
	}
}

// Reads lists the keys of the facts that the criterion's rule and applicability read, each once.
func (c *Criterion) Reads() []string {
	s := &c.Scoring
	var keys []string
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range []string{s.Fact, s.Numerator, s.Denominator, s.Value, s.Per, s.Status} {
		add(key)
	}
	for _, cond := range c.AppliesWhen {
		add(cond.Fact)
	}
	return keys
}
