// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed vi en
var files embed.FS

// message is one text. parts is nil when there is nothing to fill in: then text is the answer as it stands.
type message struct {
	text  string
	parts []part
}

// part is a piece of a message: literal text, or the placeholder name written by verb.
type part struct {
	literal, verb, prefix, name string
}

type book map[string]message

var (
	books     = sync.OnceValue(func() map[Tag]book { b, _ := loaded(); return b })
	loaded    = sync.OnceValues(load)
	holder    = regexp.MustCompile(`\{\{\s*(?:([a-z]+)\s+)?(?:"([^"]*)"\s+)?\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}`)
	knownVerb = map[string]bool{"": true, "plain": true, "points": true, "percent": true, "date": true, "clock": true, "term": true}
)

// Check returns what is wrong with the catalogues: files that do not parse, keys given twice, placeholders
// that cannot be read. A faulty entry is left out and the rest is served.
func Check() error {
	_, err := loaded()
	return err
}

func load() (map[Tag]book, error) {
	all := map[Tag]book{}
	var faults []error
	for _, tag := range []Tag{Vi, En} {
		all[tag] = book{}
		names, err := fs.Glob(files, string(tag)+"/*.toml")
		if err != nil {
			faults = append(faults, err)
		}
		for _, name := range names {
			faults = append(faults, all[tag].read(name)...)
		}
	}
	return all, errors.Join(faults...)
}

func (b book) read(name string) (faults []error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return []error{err}
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return []error{fmt.Errorf("%s: %w", name, err)}
	}
	flat := map[string]string{}
	if err := flatten(flat, "", tree); err != nil {
		return []error{fmt.Errorf("%s: %w", name, err)}
	}
	for key, text := range flat {
		if _, twice := b[key]; twice {
			faults = append(faults, fmt.Errorf("%s: key %q stands in two files of %s/", name, key, path.Dir(name)))
			continue
		}
		msg, err := compile(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %s: %w", name, key, err))
			continue
		}
		b[key] = msg
	}
	return faults
}

// flatten also takes bare dotted keys, which TOML reads as nested tables.
func flatten(into map[string]string, prefix string, tree map[string]any) error {
	for k, v := range tree {
		switch v := v.(type) {
		case string:
			if _, twice := into[prefix+k]; twice {
				return fmt.Errorf("key %q stands twice", prefix+k)
			}
			into[prefix+k] = v
		case map[string]any:
			if err := flatten(into, prefix+k+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("key %q is %T, want a text", prefix+k, v)
		}
	}
	return nil
}

func compile(text string) (message, error) {
	if !strings.Contains(text, "{{") {
		return message{text: text}, nil
	}
	var parts []part
	end := 0
	for _, m := range holder.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > end {
			parts = append(parts, part{literal: text[end:m[0]]})
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		p := part{verb: group(1), prefix: group(2), name: group(3)}
		if !knownVerb[p.verb] {
			return message{}, fmt.Errorf("unknown verb %q", p.verb)
		}
		parts = append(parts, p)
		end = m[1]
	}
	if end < len(text) {
		parts = append(parts, part{literal: text[end:]})
	}
	for _, p := range parts {
		if strings.Contains(p.literal, "{{") || strings.Contains(p.literal, "}}") {
			return message{}, fmt.Errorf("cannot read the placeholder in %q", p.literal)
		}
	}
	return message{text: text, parts: parts}, nil
}

func (m message) fill(tag Tag, args []any) string {
	var b strings.Builder
	b.Grow(len(m.text) + 16)
	for _, p := range m.parts {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		b.WriteString(p.write(tag, args))
	}
	return b.String()
}

func (p part) write(tag Tag, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == p.name {
			return form(tag, p, args[i+1])
		}
	}
	return "…" // an argument that was not given: the sentence stays readable
}
