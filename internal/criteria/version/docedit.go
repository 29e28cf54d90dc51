// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package version

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoctap/internal/criteria"
)

// Scalar is a value to be written into a Doc.
type Scalar struct {
	text string
	tag  string
}

// Words is a text.
func Words(s string) Scalar { return Scalar{s, "!!str"} }

// Null is an unknown number.
func Null() Scalar { return Scalar{"null", "!!null"} }

// Flag is true or false.
func Flag(b bool) Scalar {
	if b {
		return Scalar{"true", "!!bool"}
	}
	return Scalar{"false", "!!bool"}
}

// thousands is how Vietnamese write 1.000.000.
var thousands = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{3})+$`)

// Number reads what a person typed: a comma before decimals, points between thousands. What is no number is written as it was typed,
// so that nothing is lost and the set's own check names it.
func Number(s string) Scalar {
	s = strings.TrimSpace(s)
	plain := s
	if thousands.MatchString(plain) {
		plain = strings.ReplaceAll(plain, ".", "")
	}
	plain = strings.Replace(plain, ",", ".", 1)
	n, ok := criteria.ParseNum(plain)
	switch {
	case !ok:
		return Words(s)
	case n.D > 1 && strings.Contains(n.String(), "."):
		return Scalar{n.String(), "!!float"}
	}
	return Scalar{n.String(), "!!int"}
}

// Literal reads a value of a rule: true, false, a number or a text.
func Literal(s string) Scalar {
	switch s = strings.TrimSpace(s); s {
	case "true", "false":
		return Flag(s == "true")
	}
	if n := Number(s); n.tag != "!!str" {
		return n
	}
	return Words(s)
}

func (s Scalar) node() *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: s.tag, Value: s.text}
	if s.tag == "!!str" && !plainWord.MatchString(s.text) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// plainWord is a code or key, which files write without quotes.
var plainWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// Set writes a scalar at a path, making the mappings on the way. Comments of what stood there stay.
func (d *Doc) Set(path string, s Scalar) { d.put(path, s.node()) }

// SetList writes a list of scalars at a path.
func (d *Doc) SetList(path string, list []Scalar) {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range list {
		n.Content = append(n.Content, s.node())
	}
	if old := d.At(path).n; old != nil && old.Kind == yaml.SequenceNode {
		n.Style = old.Style
		for i, c := range n.Content {
			if i < len(old.Content) && old.Content[i].Value == c.Value {
				n.Content[i] = old.Content[i]
			}
		}
	}
	d.put(path, n)
}

// Clear makes the value at a path an empty mapping, unless it is a mapping already.
func (d *Doc) Clear(path string) {
	if old := d.At(path).n; old == nil || old.Kind != yaml.MappingNode {
		d.put(path, &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle})
	}
}

func (d *Doc) put(path string, n *yaml.Node) {
	list := steps(path)
	at := d.root.Content[0]
	for i, s := range list {
		last := i == len(list)-1
		var slot int
		if s.key == "" {
			if at.Kind != yaml.SequenceNode || s.index >= len(at.Content) {
				return // no such item: it was removed in the meantime
			}
			slot = s.index
		} else {
			if at.Kind != yaml.MappingNode {
				*at = yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, HeadComment: at.HeadComment, LineComment: at.LineComment}
			}
			k := keyIndex(at, s.key)
			if k < 0 {
				at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s.key}, &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle})
				k = len(at.Content) - 2
			}
			slot = k + 1
		}
		if !last {
			at = at.Content[slot]
			continue
		}
		old := at.Content[slot]
		n.HeadComment, n.LineComment, n.FootComment = old.HeadComment, old.LineComment, old.FootComment
		if old.Kind == yaml.ScalarNode && n.Kind == yaml.ScalarNode {
			if old.Value == n.Value && old.ShortTag() == n.Tag {
				return
			}
			if n.Tag == "!!str" && old.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
				n.Style = old.Style
			}
		}
		at.Content[slot] = n
	}
}

// Remove takes out what stands at a path.
func (d *Doc) Remove(path string) {
	list := steps(path)
	if len(list) == 0 {
		return
	}
	parent := Value{d.root.Content[0]}
	for _, s := range list[:len(list)-1] {
		parent = parent.step(s)
	}
	s := list[len(list)-1]
	if !parent.step(s).Given() {
		return
	}
	if s.key == "" {
		parent.n.Content = slices.Delete(parent.n.Content, s.index, s.index+1)
		return
	}
	i := keyIndex(parent.n, s.key)
	parent.n.Content = slices.Delete(parent.n.Content, i, i+2)
}

// Append adds an empty mapping to the list at a path, which is made when there is none, and gives its index. It is
// written like its neighbour: on one line, or a line for each field.
func (d *Doc) Append(path string) int {
	list := d.At(path).n
	if list == nil || list.Kind != yaml.SequenceNode {
		list = &yaml.Node{Kind: yaml.SequenceNode}
		d.put(path, list)
	}
	item := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	if n := len(list.Content); n > 0 {
		item.Style = list.Content[n-1].Style
	}
	list.Content = append(list.Content, item)
	return len(list.Content) - 1
}

// Move puts an item of the list at a path before the item that is now at index to; to may be the length of the list.
func (d *Doc) Move(path string, from, to int) {
	list := d.At(path).n
	if list == nil || list.Kind != yaml.SequenceNode || from < 0 || from >= len(list.Content) || to < 0 || to > len(list.Content) {
		return
	}
	item := list.Content[from]
	list.Content = slices.Delete(list.Content, from, from+1)
	if to > from {
		to--
	}
	list.Content = slices.Insert(list.Content, to, item)
}

// Carry takes an item out of one list and puts it at the end of another.
func (d *Doc) Carry(from string, index int, to string) {
	list := d.At(from).n
	if list == nil || list.Kind != yaml.SequenceNode || index < 0 || index >= len(list.Content) {
		return
	}
	item := list.Content[index]
	target := d.At(to).n
	if target == nil || target.Kind != yaml.SequenceNode {
		return
	}
	list.Content = slices.Delete(list.Content, index, index+1)
	target.Content = append(target.Content, item)
}
