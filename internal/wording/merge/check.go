// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package merge

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/wording"
)

// maxFaults is how many faults are told at once.
const maxFaults = 12

// contents stands for the running text of the paper, with everything that it has to say.
const contents = "noi_dung"

// demanded are the fields that a file of a kind must have beside those of its text: what the layout of the program's own papers cannot be without.
func demanded(k wording.Kind) []string {
	list := []string{"ghi_chu"} // says that a paper is a draft or rests on criteria that are not official
	if k != wording.Council {
		list = append(list, "so_van_ban", "nguoi_ky")
	}
	if slices.ContainsFunc(k.FileFields(), func(f wording.Field) bool { return f.Name == rowPrefix+"ten" }) {
		list = append(list, rowPrefix+"ten")
	}
	return list
}

// Check reports why a file cannot be the template of a kind of paper, every fault at once under FileField.
func Check(docx []byte, k wording.Kind) error {
	known := k.FileFields()
	if known == nil {
		return refused("wording.file_none")
	}
	files, err := safe(docx)
	if err != nil {
		return err
	}
	var errs []fault.FieldError
	add := func(key string, pairs ...any) { errs = append(errs, fault.Field(FileField, key, pairs...)) }
	said := map[string]bool{}
	for _, f := range files {
		b, err := read(f)
		if err != nil {
			return err
		}
		p, err := scan(b)
		if err != nil {
			return err
		}
		if p.outside {
			add("wording.file_fetches")
		}
		if p.nested {
			add("wording.file_nested")
		}
		for _, u := range p.uses {
			i := slices.IndexFunc(known, func(f wording.Field) bool { return f.Name == u.name })
			switch {
			case u.slip:
				add("wording.file_unclosed", "near", u.near)
			case i < 0:
				key := "wording.file_unknown"
				near := wording.Near(known, u.name)
				if near == "" {
					key = "wording.file_unknown_far"
				}
				add(key, "name", braced(u.name), "near", braced(near), "where", u.near)
			case known[i].Row && !u.row:
				add("wording.file_row", "name", braced(u.name))
			}
			said[u.name] = true
			if i >= 0 {
				for _, name := range known[i].Says {
					said[name] = true
				}
			}
		}
	}
	list := said[rowPrefix+"ten"]
	for _, f := range k.Fields() {
		if f.Demanded && !said[f.Name] && !said[contents] && (f.Name != "kem_danh_sach" || !list) {
			add("wording.file_missing", "name", braced(f.Name))
		}
	}
	for _, name := range demanded(k) {
		if !said[name] {
			add("wording.file_missing", "name", braced(name))
		}
	}
	return fault.Invalid(errs[:min(len(errs), maxFaults)]...)
}

func braced(name string) string {
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40]) + "…"
	}
	return "{{" + strings.ReplaceAll(name, "\n", " ") + "}}"
}
