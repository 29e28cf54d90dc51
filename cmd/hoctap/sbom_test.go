// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write licences.txt anew")

// module is what go list says of one.
type module struct{ Path, Version, Dir string }

func goList(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// linked are the modules whose packages are in the program.
func linked(t *testing.T) (list []module) {
	t.Helper()
	seen := map[string]bool{}
	for _, line := range strings.Split(string(goList(t, "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}", ".")), "\n") {
		parts := strings.Split(line, "\t")
		if len(parts) == 3 && parts[0] != "hoctap" && !seen[parts[0]] {
			seen[parts[0]] = true
			list = append(list, module{parts[0], parts[1], parts[2]})
		}
	}
	return list
}

// kinds are the licences that may be linked, each by words that only it has.
var kinds = []struct {
	id    string
	words *regexp.Regexp
}{
	{"Apache-2.0", regexp.MustCompile(`Apache License,?\s+Version 2\.0`)},
	{"MPL-2.0", regexp.MustCompile(`Mozilla Public License`)},
	{"BSD-3-Clause", regexp.MustCompile(`(?s)Redistribution and use.*(Neither the name|names? of .* may not)`)},
	{"BSD-2-Clause", regexp.MustCompile(`Redistribution and use`)},
	{"ISC", regexp.MustCompile(`Permission to use, copy, modify, and(/or)? distribute this software`)},
	{"MIT", regexp.MustCompile(`Permission is hereby granted, free of charge`)},
}

var (
	forbidden = regexp.MustCompile(`(?i)(GNU|Affero|Lesser) General Public License`)
	allowed   = []string{"Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "MIT"}
)

// licenceIn reads the licence of a module from its own files.
func licenceIn(t *testing.T, m module) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(m.Dir, "[LlCc][IiOo][CcPp][EeYy][NnIi]*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // a folder
		}
		if forbidden.Match(text) && !strings.Contains(string(text), "Apache License") {
			return "GPL"
		}
		var found []string
		for _, k := range kinds {
			if k.words.Match(text) && !(k.id == "BSD-2-Clause" && slices.Contains(found, "BSD-3-Clause")) {
				found = append(found, k.id)
			}
		}
		if len(found) > 0 {
			return strings.Join(found, " AND ")
		}
	}
	return ""
}

// Every linked module has a licence that its own files state, that the list names, and that asks for nothing this program cannot give.
func TestLicences(t *testing.T) {
	list := linked(t)
	if len(list) < 20 {
		t.Fatalf("only %d modules", len(list))
	}
	var fresh strings.Builder
	said := licenceOf()
	for _, m := range list {
		id := licenceIn(t, m)
		for one := range strings.SplitSeq(id, " AND ") {
			if !slices.Contains(allowed, one) {
				t.Errorf("%s %s: licence %q", m.Path, m.Version, id)
			}
		}
		if !*update && said[m.Path] != id {
			t.Errorf("licences.txt says %q of %s, its files say %q: go test ./cmd/hoctap -run Licences -update", said[m.Path], m.Path, id)
		}
		fresh.WriteString(m.Path + " " + id + "\n")
	}
	if *update {
		lines := strings.Split(strings.TrimSpace(fresh.String()), "\n")
		slices.Sort(lines)
		if err := os.WriteFile("licences.txt", []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The list of parts holds what is linked, and is right by the official schema.
func TestSBOM(t *testing.T) {
	var b bytes.Buffer
	if err := writeSBOM(&b); err != nil {
		t.Fatal(err)
	}
	var bom struct {
		SpecVersion string
		Components  []struct {
			Name, Version, Purl, Type string
			Licenses                  []any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &bom); err != nil {
		t.Fatal(err)
	}
	for _, c := range bom.Components {
		if len(c.Licenses) == 0 {
			t.Errorf("%s has no licence", c.Name)
		}
	}
	for _, name := range []string{"std", "github.com/jackc/pgx/v5", "modernc.org/sqlite", "data/criteria", "data/places", "data/reference"} {
		if !slices.ContainsFunc(bom.Components, func(c struct {
			Name, Version, Purl, Type string
			Licenses                  []any
		}) bool {
			return c.Name == name
		}) {
			t.Errorf("%s is missing", name)
		}
	}
	dir := strings.TrimSpace(string(goList(t, "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go")))
	c := jsonschema.NewCompiler()
	for name, file := range map[string]string{"http://cyclonedx.org/schema/spdx.schema.json": "spdx.schema.json", "http://cyclonedx.org/schema/jsf-0.82.schema.json": "jsf-0.82.schemax.json",
		"bom": "bom-" + bom.SpecVersion + ".schema.json"} {
		f, err := os.Open(filepath.Join(dir, "schema", file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if name == "bom" {
			name = "http://cyclonedx.org/schema/bom-" + bom.SpecVersion + ".schema.json"
		}
		if err := c.AddResource(name, doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-" + bom.SpecVersion + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("not as the schema wants it: %v", err)
	}
}

// secrets are the forms of keys that must not stand in the source.
var secrets = regexp.MustCompile(`-----BEGIN (RSA |EC |OPENSSH |DSA |ENCRYPTED )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{60}|AGE-SECRET-KEY-1[0-9A-Z]{50}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60}|glpat-[A-Za-z0-9_-]{20}|` +
	`xox[abpr]-[A-Za-z0-9-]{20}|sk-[A-Za-z0-9]{40}|AIza[0-9A-Za-z_-]{35}|eyJhbGciOi[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}|(?i:(?:password|passwd|secret|api_?key|token)["']?\s*[:=]+\s*["'][A-Za-z0-9+/_=-]{24,}["'])`)

// known are places where something looks like a secret and is none: file and words in the line.
var known = []struct{ file, words string }{}

// No file in the repository holds a key.
func TestNoSecrets(t *testing.T) {
	out, err := exec.Command("git", "-C", "../..", "ls-files", "-z").Output()
	if err != nil {
		t.Skip("no repository around the source")
	}
	read := 0
	for _, name := range strings.Split(strings.Trim(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil || bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			continue
		}
		read++
		for _, at := range secrets.FindAllIndex(text, -1) {
			line := string(text[at[0]:at[1]])
			if !slices.ContainsFunc(known, func(k struct{ file, words string }) bool {
				return k.file == name && strings.Contains(line, k.words)
			}) {
				t.Errorf("%s: line %d looks like a secret", name, 1+bytes.Count(text[:at[0]], []byte("\n")))
			}
		}
	}
	if read < 500 {
		t.Errorf("only %d files", read)
	}
}
