// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"sort"

	"hoctap/internal/fault"
)

// maxProblems bounds how many broken rules are told of one file.
const maxProblems = 200

// problems gathers every broken rule of a set. Each becomes a fault.FieldError whose Field is the path in the
// file and whose arguments hold "file", "line" and "path" besides those of the rule.
type problems struct {
	list []fault.FieldError
}

func (p *problems) add(file string, line int, path, key string, pairs ...any) {
	if len(p.list) >= maxProblems {
		return
	}
	pairs = append(pairs, "file", file, "line", line, "path", path)
	p.list = append(p.list, fault.Field(path, "criteria."+key, pairs...))
}

// at reports a rule broken by the node itself.
func (p *problems) at(n *node, path, key string, pairs ...any) {
	p.add(n.file, n.line, path, key, pairs...)
}

// in reports a rule broken at path below root, on the line of the deepest part that exists.
func (p *problems) in(root *node, path, key string, pairs ...any) {
	n := root.find(path)
	p.add(n.file, n.line, path, key, pairs...)
}

func (p *problems) none() bool { return len(p.list) == 0 }

// err gives all problems in the order of file and line, or nil.
func (p *problems) err() error {
	sort.SliceStable(p.list, func(i, j int) bool {
		a, b := p.list[i].Args, p.list[j].Args
		if a["file"] != b["file"] {
			return a["file"].(string) < b["file"].(string)
		}
		return a["line"].(int) < b["line"].(int)
	})
	return fault.Invalid(p.list...)
}
