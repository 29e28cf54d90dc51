// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package version

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
)

// Doc is the text of a set as a tree that can be changed piece by piece: comments, order and the way things are written stay.
// It holds texts that break rules as well, so that a draft with faults can still be edited. Paths are those of the faults of
// criteria.Parse: "groups[0].criteria[2].scoring.bands".
type Doc struct{ root *yaml.Node }

// maxDocNodes bounds a tree after its aliases are expanded, as in package criteria.
const maxDocNodes = 50_000

var yamlLine = regexp.MustCompile(`line (\d+)`)

// ReadDoc reads a text. It fails with fault.Invalid when the text is no YAML, or no mapping at its top. Aliases are written out:
// who changes one criterion must not change another that happens to share its lines.
func ReadDoc(text string) (d *Doc, err error) {
	defer func() {
		if r := recover(); r != nil { // the YAML reader panics on some broken texts
			d, err = nil, notYAML(fmt.Errorf("yaml: %v", r))
		}
	}()
	var doc yaml.Node
	if err := yaml.NewDecoder(strings.NewReader(text)).Decode(&doc); err != nil {
		if err == io.EOF {
			return nil, fault.Invalid(fault.Field("", "criteria.empty_file", "line", 1))
		}
		return nil, notYAML(err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fault.Invalid(fault.Field("", "criteria.want_object", "line", 1))
	}
	left := maxDocNodes
	tree := copied(&doc, &left, 0)
	if tree == nil {
		return nil, fault.Invalid(fault.Field("", "criteria.too_many_values", "max", maxDocNodes, "line", 1))
	}
	return &Doc{root: tree}, nil
}

func notYAML(err error) error {
	line := 1
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
	}
	return fault.Invalid(fault.Field("", "criteria.not_yaml", "cause", strings.TrimPrefix(err.Error(), "yaml: "), "line", line))
}

// copied is n with a copy of its own of everything below it, aliases and merge keys replaced by what they stand for; nil when there is
// too much, as with an alias inside its own anchor.
func copied(n *yaml.Node, left *int, depth int) *yaml.Node {
	if *left--; *left < 0 || depth > 60 {
		return nil
	}
	if n.Kind == yaml.AliasNode {
		c := copied(n.Alias, left, depth+1)
		if c != nil {
			c.Line, c.HeadComment, c.LineComment, c.FootComment = n.Line, n.HeadComment, n.LineComment, n.FootComment
		}
		return c
	}
	c := *n
	c.Anchor, c.Content = "", make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		if c.Content[i] = copied(child, left, depth+1); c.Content[i] == nil {
			return nil
		}
	}
	if c.Kind == yaml.MappingNode {
		takeMerges(&c)
	}
	return &c
}

// takeMerges writes the keys behind "<<" out, those of the mapping itself winning.
func takeMerges(n *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || k.ShortTag() != "!!merge" {
			continue
		}
		sources := []*yaml.Node{v}
		if v.Kind == yaml.SequenceNode {
			sources = v.Content
		}
		n.Content = slices.Delete(n.Content, i, i+2)
		at := i
		for _, s := range sources {
			for j := 0; s.Kind == yaml.MappingNode && j+1 < len(s.Content); j += 2 {
				if keyIndex(n, s.Content[j].Value) < 0 {
					n.Content = slices.Insert(n.Content, at, s.Content[j], s.Content[j+1])
					at += 2
				}
			}
		}
		i -= 2
	}
}

// Text writes the tree as YAML.
func (d *Doc) Text() (string, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(d.root); err != nil {
		return "", err
	}
	err := enc.Close()
	return b.String(), err
}

// Value is a place in a Doc; one that is not there is not Given and has no content.
type Value struct{ n *yaml.Node }

// At finds what stands at a path; "" is the whole.
func (d *Doc) At(path string) Value {
	v := Value{d.root.Content[0]}
	for _, s := range steps(path) {
		v = v.step(s)
	}
	return v
}

// Get is the value of a key, which may be a path: "requires.level".
func (v Value) Get(path string) Value {
	for _, s := range steps(path) {
		v = v.step(s)
	}
	return v
}

func (v Value) step(s step) Value {
	switch {
	case v.n == nil:
	case s.key == "":
		if v.n.Kind == yaml.SequenceNode && s.index < len(v.n.Content) {
			return Value{v.n.Content[s.index]}
		}
	case v.n.Kind == yaml.MappingNode:
		if i := keyIndex(v.n, s.key); i >= 0 {
			return Value{v.n.Content[i+1]}
		}
	}
	return Value{}
}

// Given reports whether something, be it null, stands there.
func (v Value) Given() bool { return v.n != nil }

// Text is a scalar as written, "" for null and for anything else.
func (v Value) Text() string {
	if v.n == nil || v.n.Kind != yaml.ScalarNode || v.n.ShortTag() == "!!null" {
		return ""
	}
	return v.n.Value
}

// Line is where it stands, 0 when it does not.
func (v Value) Line() int {
	if v.n == nil {
		return 0
	}
	return v.n.Line
}

// List gives the items of a list.
func (v Value) List() []Value {
	if v.n == nil || v.n.Kind != yaml.SequenceNode {
		return nil
	}
	list := make([]Value, len(v.n.Content))
	for i, c := range v.n.Content {
		list[i] = Value{c}
	}
	return list
}

// Keys gives the keys of a mapping in order.
func (v Value) Keys() (keys []string) {
	if v.n == nil || v.n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(v.n.Content); i += 2 {
		keys = append(keys, v.n.Content[i].Value)
	}
	return keys
}

type step struct {
	key   string // "" for an index
	index int
}

func steps(path string) (list []step) {
	for path != "" {
		path = strings.TrimPrefix(path, ".")
		if rest, ok := strings.CutPrefix(path, "["); ok {
			index, after, _ := strings.Cut(rest, "]")
			i, err := strconv.Atoi(index)
			if err != nil || i < 0 {
				i = 1 << 30 // finds nothing
			}
			list = append(list, step{index: i})
			path = after
			continue
		}
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		list = append(list, step{key: path[:end]})
		path = path[end:]
	}
	return list
}

func keyIndex(n *yaml.Node, key string) int {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// Sum adds the points written at the path of each item of a list, for the sum a person sees while editing; ok is false when
// one of them is no number.
func Sum(list []Value, path string) (sum criteria.Points, ok bool) {
	for _, v := range list {
		n, known := criteria.ParseNum(v.Get(path).Text())
		if !known || n.N/n.D > 1_000_000_000 {
			return sum, false
		}
		sum += n.Points()
	}
	return sum, true
}
