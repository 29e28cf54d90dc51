// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"
)

// Bounds of a file. The largest shipped set has 15 KB and about 1,500 values; a file of commas takes some
// 200 bytes of memory for each byte of text, so 256 KB stay below 60 MB.
const (
	maxFile  = 256 << 10
	maxNodes = 50_000
	maxDepth = 40
)

// readYAML reads one document and expands aliases and merge keys. Breaches are reported to p; nil is
// returned when there is nothing to go on with.
func readYAML(p *problems, file string, r io.Reader) *node {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		p.add(file, 0, "", "unreadable", "cause", err.Error())
		return nil
	}
	if len(data) > maxFile {
		p.add(file, 0, "", "file_too_large", "max", maxFile>>10)
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	var doc, second yaml.Node
	if err := decode(dec, &doc); err != nil {
		if errors.Is(err, io.EOF) {
			p.add(file, 1, "", "empty_file")
		} else {
			line, cause := yamlError(err)
			p.add(file, line, "", "not_yaml", "cause", cause)
		}
		return nil
	}
	if err := decode(dec, &second); !errors.Is(err, io.EOF) {
		line := second.Line
		if err != nil {
			line, _ = yamlError(err)
		}
		p.add(file, line, "", "many_documents")
		return nil
	}
	x := expander{p: p, file: file, left: maxNodes}
	if len(doc.Content) != 1 {
		p.add(file, 1, "", "empty_file")
		return nil
	}
	n := x.expand(doc.Content[0], "", 0)
	if x.stopped {
		return nil
	}
	return n
}

// decode turns a panic of the YAML reader on broken input into an error like any other.
func decode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return dec.Decode(n)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

func yamlError(err error) (line int, cause string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	return max(line, 1), m[2]
}

type expander struct {
	p       *problems
	file    string
	left    int // nodes that may still be made: bounds alias bombs
	stopped bool
}

func (x *expander) stop(y *yaml.Node, path, key string, pairs ...any) *node {
	if !x.stopped {
		x.stopped = true
		x.p.add(x.file, y.Line, path, key, pairs...)
	}
	return nil
}

// expand copies y with aliases and merge keys replaced by what they stand for. An alias inside its own anchor
// ends at the depth limit.
func (x *expander) expand(y *yaml.Node, path string, depth int) *node {
	if x.stopped {
		return nil
	}
	if depth > maxDepth {
		return x.stop(y, path, "too_deep", "max", maxDepth)
	}
	if x.left--; x.left < 0 {
		return x.stop(y, path, "too_many_values", "max", maxNodes)
	}
	n := &node{file: x.file, line: y.Line}
	switch y.Kind {
	case yaml.AliasNode:
		return x.expand(y.Alias, path, depth+1)
	case yaml.SequenceNode:
		n.kind = listNode
		for i, item := range y.Content {
			n.list = append(n.list, x.expand(item, path+"["+strconv.Itoa(i)+"]", depth+1))
		}
	case yaml.MappingNode:
		n.kind = objectNode
		x.mapping(n, y, path, depth)
	default:
		x.scalar(n, y, path)
	}
	return n
}

func (x *expander) mapping(n *node, y *yaml.Node, path string, depth int) {
	seen := map[string]bool{}
	var merges []*yaml.Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		for k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		switch {
		case k.Kind != yaml.ScalarNode:
			x.p.add(x.file, k.Line, path, "bad_key")
		case k.ShortTag() == "!!merge":
			merges = append(merges, v)
		case seen[k.Value]:
			x.p.add(x.file, k.Line, join(path, k.Value), "duplicate_key", "key", k.Value)
		default:
			seen[k.Value] = true
			n.keys = append(n.keys, k.Value)
			n.vals = append(n.vals, x.expand(v, join(path, k.Value), depth+1))
		}
		if x.stopped {
			return
		}
	}
	for _, v := range merges {
		x.merge(n, v, path, depth, seen)
	}
}

// merge adds the keys of a "<<" value that the mapping does not give itself; of several, the first wins.
func (x *expander) merge(n *node, v *yaml.Node, path string, depth int, seen map[string]bool) {
	from := x.expand(v, path, depth+1)
	if x.stopped {
		return
	}
	sources := []*node{from}
	if from.kind == listNode {
		sources = from.list
	}
	for _, s := range sources {
		if s.kind != objectNode {
			x.p.add(x.file, v.Line, path, "bad_merge")
			return
		}
		for i, k := range s.keys {
			if !seen[k] {
				seen[k] = true
				n.keys, n.vals = append(n.keys, k), append(n.vals, s.vals[i])
			}
		}
	}
}

func (x *expander) scalar(n *node, y *yaml.Node, path string) {
	n.text = y.Value
	switch y.ShortTag() {
	case "!!null":
		n.kind = nullNode
	case "!!bool":
		n.kind = boolNode
		n.text = strings.ToLower(y.Value)
	case "!!int", "!!float":
		n.kind = numberNode
		num, ok := yamlNumber(y.Value)
		if !ok {
			x.p.add(x.file, y.Line, path, "bad_number", "value", clip(y.Value))
		}
		n.num = num
	default:
		// Texts, and days written without quotes.
		n.kind = textNode
		n.text = norm.NFC.String(y.Value)
		if len(n.text) > 4000 {
			x.p.add(x.file, y.Line, path, "text_too_long", "max", 4000)
		}
	}
}

// yamlNumber reads the decimal, hexadecimal, octal and binary forms of YAML. Infinity and "not a number" are
// no numbers of a set.
func yamlNumber(s string) (Num, bool) {
	s = strings.ReplaceAll(s, "_", "")
	if n, ok := ParseNum(s); ok && !(len(s) > 1 && s[0] == '0' && onlyDigits(s)) {
		return n, true
	}
	i, ok := new(big.Int).SetString(strings.TrimPrefix(s, "+"), 0)
	if !ok || !i.IsInt64() || i.Int64() > maxNumber || i.Int64() < -maxNumber {
		return Num{}, false
	}
	return Whole(i.Int64()), true
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// clip keeps an echoed value short enough for one line of a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
