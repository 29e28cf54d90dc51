// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"strconv"
	"strings"
)

// node is one value of a document, YAML or JSON, with the place it stands at. Aliases and merge keys are
// expanded; objects keep their order; numbers are exact. Trees are never changed after they are read.
type node struct {
	kind nodeKind
	file string
	line int
	text string // of text; canonical text of a boolean; of a number as written
	num  Num    // of a number; unknown when it has more digits than we hold
	list []*node
	keys []string
	vals []*node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	textNode
	listNode
	objectNode
)

// get gives the value at key of an object, or nil.
func (n *node) get(key string) *node {
	if n == nil || n.kind != objectNode {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.vals[i]
		}
	}
	return nil
}

// with gives a copy of an object with key set to val, at its old place or last.
func (n *node) with(key string, val *node) *node {
	m := *n
	m.keys = append([]string(nil), n.keys...)
	m.vals = append([]*node(nil), n.vals...)
	for i, k := range m.keys {
		if k == key {
			m.vals[i] = val
			return &m
		}
	}
	m.keys, m.vals = append(m.keys, key), append(m.vals, val)
	return &m
}

// code gives the text of a code: a text, or a whole number in decimal; "" when the node is neither.
func (n *node) code() string {
	switch {
	case n == nil:
	case n.kind == textNode:
		return n.text
	case n.kind == numberNode && n.num.isWhole():
		return strconv.FormatInt(n.num.N/n.num.D, 10)
	}
	return ""
}

// literal gives a text, boolean or number as the value of a rule.
func (n *node) literal() Literal {
	switch n.kind {
	case boolNode:
		return Literal{Text: n.text, Kind: LiteralBool}
	case numberNode:
		return Literal{Text: n.num.String(), Kind: LiteralNumber}
	}
	return Literal{Text: n.text}
}

// find follows a path such as "groups[2].criteria[0].scoring" and gives the deepest node that exists, for
// the line of a message.
func (n *node) find(path string) *node {
	for path != "" && n != nil {
		path = strings.TrimPrefix(path, ".")
		var next *node
		if rest, ok := strings.CutPrefix(path, "["); ok {
			index, after, _ := strings.Cut(rest, "]")
			i, err := strconv.Atoi(index)
			if err == nil && n.kind == listNode && i >= 0 && i < len(n.list) {
				next = n.list[i]
			}
			path = after
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			next = n.get(path[:end])
			path = path[end:]
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}
