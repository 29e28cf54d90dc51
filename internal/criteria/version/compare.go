// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package version

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ChangeKind says what became of a piece of a set.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // same piece, other place in its list
)

// Change is one difference between two texts of a set. Where lists hold things with codes, a thing is known by its code, so that one
// added in front does not look like a change of all that follow.
type Change struct {
	Kind   ChangeKind
	Steps  []string // keys, and codes of things in lists: "groups", "A", "criteria", "A1", "max_points"
	Before string   // short form of the value; "" when it was not there
	After  string
}

// Compare lists what after changes in before, in the order of after.
func Compare(before, after *Doc) []Change {
	var c comparison
	c.compare(nil, before.root.Content[0], after.root.Content[0])
	return c.list
}

type comparison struct{ list []Change }

func (c *comparison) add(kind ChangeKind, steps []string, before, after *yaml.Node) {
	c.list = append(c.list, Change{kind, slices.Clone(steps), short(before), short(after)})
}

func (c *comparison) compare(steps []string, a, b *yaml.Node) {
	switch {
	case a.Kind == yaml.MappingNode && b.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(b.Content); i += 2 {
			key := b.Content[i].Value
			at := append(steps, key)
			if k := keyIndex(a, key); k < 0 {
				c.add(Added, at, nil, b.Content[i+1])
			} else {
				c.compare(at, a.Content[k+1], b.Content[i+1])
			}
		}
		for i := 0; i+1 < len(a.Content); i += 2 {
			if key := a.Content[i].Value; keyIndex(b, key) < 0 {
				c.add(Removed, append(steps, key), a.Content[i+1], nil)
			}
		}
	case a.Kind == yaml.SequenceNode && b.Kind == yaml.SequenceNode && named(a) && named(b):
		c.things(steps, a, b)
	case same(a, b):
	default:
		c.add(Changed, steps, a, b)
	}
}

// things compares two lists of things with names.
func (c *comparison) things(steps []string, a, b *yaml.Node) {
	namesA, namesB := names(a), names(b)
	var keptA, keptB []string
	for _, n := range namesA {
		if slices.Contains(namesB, n) {
			keptA = append(keptA, n)
		}
	}
	for i, n := range namesB {
		at := append(steps, n)
		k := slices.Index(namesA, n)
		if k < 0 {
			c.add(Added, at, nil, b.Content[i])
			continue
		}
		keptB = append(keptB, n)
		c.compare(at, a.Content[k], b.Content[i])
	}
	for i, n := range namesA {
		if !slices.Contains(namesB, n) {
			c.add(Removed, append(steps, n), a.Content[i], nil)
		}
	}
	if !slices.Equal(keptA, keptB) {
		c.list = append(c.list, Change{Moved, slices.Clone(steps), strings.Join(keptA, ", "), strings.Join(keptB, ", ")})
	}
}

// nameKeys are the fields a thing in a list may be known by, as in overlays.
var nameKeys = []string{"code", "key", "region"}

func nameOf(n *yaml.Node) string {
	for _, key := range nameKeys {
		if v := (Value{n}).Get(key).Text(); v != "" {
			return v
		}
	}
	return ""
}

func names(list *yaml.Node) []string {
	all := make([]string, len(list.Content))
	for i, n := range list.Content {
		all[i] = nameOf(n)
	}
	return all
}

// named reports whether each item has a name of its own.
func named(list *yaml.Node) bool {
	all := names(list)
	for i, n := range all {
		if n == "" || slices.Contains(all[:i], n) {
			return false
		}
	}
	return true
}

func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Kind == yaml.ScalarNode && (a.Value != b.Value || a.ShortTag() != b.ShortTag()) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// shortMax is how many letters of a value a list of changes shows.
const shortMax = 240

// short is a value as a person reads it: a thing by its title, a list by its items.
func short(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	var parts []string
	switch n.Kind {
	case yaml.ScalarNode:
		parts = []string{n.Value}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, short(c))
		}
	case yaml.MappingNode:
		v := Value{n}
		if title := v.Get("title").Text(); title != "" {
			parts = []string{title}
			break
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, n.Content[i].Value+": "+short(n.Content[i+1]))
		}
	}
	text := strings.Join(parts, "; ")
	if r := []rune(text); len(r) > shortMax {
		return string(r[:shortMax]) + "…"
	}
	return text
}
