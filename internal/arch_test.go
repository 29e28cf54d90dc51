// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// line is the order of the house: a package imports only what stands before it. Edges come last and import no other edge.
var line = []string{
	"fault", "keyring", "text", "sheet", "store/migration", "store", "store/storetest", "blob", "object", "object/objecttest", "backup", "job", "mail", "mail/mailtest", "audit", "sealed", "outbound",
	"identity", "identity/identitytest", "identity/ceremony", "identity/passkey", "identity/passkey/passkeytest", "identity/oidc", "scan", "scan/scantest", "place", "place/placetest",
	"criteria", "criteria/criteriatest", "criteria/version", "registry", "evidence", "rollup", "assessment", "wording", "wording/merge", "recognition", "report", "badge", "selfsheet",
	"paper", "paper/docx", "paper/pdf", "paper/papertest", "paper/workbook", "paper/sign", "signature", "archive", "privacy", "operation",
}

var edges = []string{"web", "demo"}

// TestArrows fails on an import that goes against the line, between edges, or from the house to an edge.
func TestArrows(t *testing.T) {
	rank := map[string]int{}
	for i, p := range line {
		rank[p] = i
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		from := filepath.ToSlash(filepath.Dir(path))
		if from == "." {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			to, ours := strings.CutPrefix(to, "hoctap/internal/")
			if !ours {
				continue
			}
			if why := forbidden(from, to, rank); why != "" {
				t.Errorf("%s imports %s: %s", path, to, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func forbidden(from, to string, rank map[string]int) string {
	edgeOf := func(p string) string {
		top, _, _ := strings.Cut(p, "/")
		for _, e := range edges {
			if top == e {
				return e
			}
		}
		return ""
	}
	toEdge, fromEdge := edgeOf(to), edgeOf(from)
	if toEdge != "" {
		if toEdge == fromEdge {
			return ""
		}
		return "nobody imports an edge"
	}
	at, known := rank[to]
	if !known {
		return "it has no place in the line"
	}
	if fromEdge != "" {
		return ""
	}
	own, known := rank[from]
	switch {
	case !known:
		return from + " has no place in the line"
	case at >= own:
		return "it stands to the right"
	}
	return ""
}
