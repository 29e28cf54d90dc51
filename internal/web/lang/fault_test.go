// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// faultKeys says which argument of a function of package fault is the key, and what the function puts before it.
var faultKeys = map[string]struct {
	arg    int
	prefix string
}{
	"NotFound": {0, "not_found."}, "Denied": {0, "denied."}, "Stale": {0, "stale."},
	"Conflict": {0, ""}, "TooMuch": {0, ""}, "Field": {1, ""},
}

// TestFaultsHaveSentences demands a sentence for each fault that a domain package names.
func TestFaultsHaveSentences(t *testing.T) {
	missing := map[string]string{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if key, open, ok := faultKey(n); ok && !known("fault."+key, open) && !known("fault.field."+key, open) {
				missing[key] = path
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, path := range missing {
		t.Errorf("%s: no sentence for fault %q", path, key)
	}
}

// faultKey returns the key a call names; open means that only its beginning stands in the source.
func faultKey(n ast.Node) (key string, open, ok bool) {
	call, isCall := n.(*ast.CallExpr)
	if !isCall {
		return "", false, false
	}
	sel, isSel := call.Fun.(*ast.SelectorExpr)
	if !isSel {
		return "", false, false
	}
	pkg, isName := sel.X.(*ast.Ident)
	want, isFault := faultKeys[sel.Sel.Name]
	if !isName || pkg.Name != "fault" || !isFault || len(call.Args) <= want.arg {
		return "", false, false
	}
	arg := call.Args[want.arg]
	if sum, isSum := arg.(*ast.BinaryExpr); isSum {
		arg, open = sum.X, true
	}
	lit, isLit := arg.(*ast.BasicLit)
	if !isLit {
		return "", false, false
	}
	text, err := strconv.Unquote(lit.Value)
	return want.prefix + text, open, err == nil && text != ""
}
