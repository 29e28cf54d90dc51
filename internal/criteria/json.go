// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"golang.org/x/text/unicode/norm"
)

// maxInput bounds the JSON of one input.
const maxInput = 256 << 10

// readJSON reads one JSON value with exact numbers. Keys that appear twice are refused, for two readers could
// take either.
func readJSON(p *problems, r io.Reader) *node {
	data, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err != nil {
		p.field("", "unreadable", "cause", err.Error())
		return nil
	}
	if len(data) > maxInput {
		p.field("", "file_too_large", "max", maxInput>>10)
		return nil
	}
	if !json.Valid(data) {
		var v json.RawMessage
		p.field("", "not_json", "cause", json.Unmarshal(data, &v).Error())
		return nil
	}
	j := jsonReader{p: p, dec: json.NewDecoder(newReader(data)), left: maxNodes}
	j.dec.UseNumber()
	n := j.value("", 0)
	if j.stopped {
		return nil
	}
	if _, err := j.dec.Token(); !errors.Is(err, io.EOF) {
		p.field("", "not_json", "cause", "more than one value")
		return nil
	}
	return n
}

// field reports a rule broken by an input, which has no file and no lines.
func (p *problems) field(path, key string, pairs ...any) {
	if len(p.list) < maxProblems {
		p.list = append(p.list, faultField(path, key, pairs...))
	}
}

type jsonReader struct {
	p       *problems
	dec     *json.Decoder
	left    int
	stopped bool
}

func (j *jsonReader) value(path string, depth int) *node {
	t, err := j.dec.Token()
	if j.left--; err != nil || depth > maxDepth || j.left < 0 {
		j.stopped = true
		j.p.field(path, "too_deep", "max", maxDepth)
		return nil
	}
	n := &node{}
	switch v := t.(type) {
	case nil:
	case bool:
		n.kind, n.text = boolNode, strconv.FormatBool(v)
	case json.Number:
		n.kind, n.text = numberNode, v.String()
		n.num, _ = ParseNum(n.text)
	case string:
		n.kind, n.text = textNode, norm.NFC.String(v)
	case json.Delim:
		if v == '[' {
			n.kind = listNode
			for i := 0; j.dec.More() && !j.stopped; i++ {
				n.list = append(n.list, j.value(path+"["+strconv.Itoa(i)+"]", depth+1))
			}
		} else {
			n.kind = objectNode
			j.object(n, path, depth)
		}
		if !j.stopped {
			j.dec.Token() // the closing bracket; the text is valid JSON
		}
	}
	return n
}

func (j *jsonReader) object(n *node, path string, depth int) {
	seen := map[string]bool{}
	for j.dec.More() && !j.stopped {
		t, err := j.dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			j.stopped = true
			return
		}
		key = norm.NFC.String(key)
		v := j.value(join(path, key), depth+1)
		if seen[key] {
			j.p.field(join(path, key), "duplicate_key", "key", clip(key))
			continue
		}
		seen[key] = true
		n.keys, n.vals = append(n.keys, key), append(n.vals, v)
	}
}
