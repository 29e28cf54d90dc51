// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"fmt"
	"io"
	"path"
	"strings"

	"hoctap/internal/text"
)

// xlsx reads sheets of an opened workbook. Everything but the rows is in memory, within the limits.
type xlsx struct {
	archive  *archive
	parts    []string // the part of each sheet, as Sheet.Index counts
	styles   []style
	strings  stringTable
	date1904 bool
	dominant text.Encoding // what the book's texts are in when they leave a doubt
	proper   bool          // whether the book's texts are proper Unicode in the main
}

// relation is one line of a .rels part.
type relation struct {
	kind, target string
	external     bool
}

const maxRelations = 10_000

func openXLSX(r io.ReaderAt, size int64) (source, []Sheet, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return nil, nil, err
	}
	main, err := a.workbookPart()
	if err != nil {
		return nil, nil, err
	}
	if a.hasUnder("xl/externallinks/") {
		return nil, nil, refuse("external_links")
	}
	relations, err := a.relations(main)
	if err != nil {
		return nil, nil, err
	}
	x := &xlsx{archive: a}
	sheets, err := x.readWorkbook(main, relations)
	if err != nil {
		return nil, nil, err
	}
	for _, rel := range relations {
		switch {
		case rel.kind == "externalLink" || rel.kind == "externalLinkPath":
			return nil, nil, refuse("external_links")
		case rel.external:
			continue
		case rel.kind == "styles" && a.has(rel.target):
			if x.styles, err = a.readStyles(rel.target); err != nil {
				return nil, nil, err
			}
		case rel.kind == "sharedStrings" && a.has(rel.target):
			if err = x.strings.read(a, rel.target); err != nil {
				return nil, nil, err
			}
		}
	}
	x.dominant, x.proper = x.strings.tally()
	for i := range sheets {
		sheets[i].Rows = x.claimedRows(x.parts[i])
	}
	return x, sheets, nil
}

// workbookPart finds the main part, and refuses archives that are something else.
func (a *archive) workbookPart() (string, error) {
	if a.has("mimetype") && !a.has("[Content_Types].xml") {
		rc, err := a.open("mimetype")
		if err != nil {
			return "", err
		}
		defer rc.Close()
		kind, _ := io.ReadAll(io.LimitReader(rc, 100))
		if strings.Contains(string(kind), "opendocument.spreadsheet") {
			return "", refuse("ods")
		}
		return "", refuse("not_sheet")
	}
	switch {
	case a.has("xl/workbook.bin"):
		return "", refuse("xlsb")
	case !a.has("[Content_Types].xml"), a.hasUnder("word/"), a.hasUnder("ppt/"):
		return "", refuse("not_sheet")
	}
	if a.has("_rels/.rels") {
		relations, err := a.relations("")
		if err != nil {
			return "", err
		}
		for _, rel := range relations {
			if rel.kind == "officeDocument" && !rel.external && a.has(rel.target) {
				return rel.target, nil
			}
		}
	}
	if a.has("xl/workbook.xml") {
		return "xl/workbook.xml", nil
	}
	return "", damaged("xl/workbook.xml")
}

// relations reads the relations of a part, "" for the archive's own; a part may have none.
func (a *archive) relations(part string) (map[string]relation, error) {
	dir, file := path.Split(part)
	name := path.Join(dir, "_rels", file+".rels")
	if !a.has(name) {
		return nil, nil
	}
	out := map[string]relation{}
	err := a.scan(name, "Relationships", func(s *scanner) error {
		if string(s.name) != "Relationship" {
			return nil
		}
		target, kind := s.get("Target"), s.get("Type")
		rel := relation{kind: kind[strings.LastIndexByte(kind, '/')+1:], external: s.get("TargetMode") == "External"}
		if !rel.external {
			if len(target) > 1024 {
				return s.damaged()
			}
			if strings.HasPrefix(target, "/") {
				rel.target = partName(target)
			} else {
				rel.target = partName(path.Join(dir, target))
			}
		}
		if len(out) >= maxRelations {
			return tooMuch("too_many_parts", maxRelations)
		}
		out[s.get("Id")] = rel
		return nil
	})
	return out, err
}

// scan runs each on every element that begins in a part whose root has the given name.
func (a *archive) scan(name, root string, each func(*scanner) error) error {
	rc, err := a.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	s := newScanner(rc, name)
	for first := true; ; {
		tok, err := s.next()
		if err != nil {
			return err
		}
		switch {
		case tok == tokenEOF:
			if first {
				return s.damaged()
			}
			return nil
		case tok == tokenStart && first:
			if string(s.name) != root {
				return s.damaged()
			}
			first = false
		case tok == tokenStart:
			if err := each(s); err != nil {
				return err
			}
		}
	}
}

// readWorkbook lists the worksheets; chart sheets and macro sheets are no tables.
func (x *xlsx) readWorkbook(part string, relations map[string]relation) ([]Sheet, error) {
	var sheets []Sheet
	err := x.archive.scan(part, "workbook", func(s *scanner) error {
		switch string(s.name) {
		case "workbookPr":
			x.date1904 = s.flag("date1904")
		case "externalReference":
			return refuse("external_links")
		case "sheet":
			rel, ok := relations[s.get("id")]
			if !ok {
				return damaged(part)
			}
			if rel.external {
				return refuse("external_links")
			}
			if rel.kind != "worksheet" {
				return nil
			}
			if !x.archive.has(rel.target) {
				return damaged(rel.target)
			}
			if len(sheets) == MaxSheets {
				return tooMuch("too_many_sheets", MaxSheets)
			}
			name := text.NFC(strings.ToValidUTF8(s.get("name"), "\uFFFD"))
			if name == "" || len(name) > 512 {
				name = fmt.Sprintf("Sheet%d", len(sheets)+1)
			}
			sheets = append(sheets, Sheet{Index: len(sheets), Name: name, Visibility: visibility(s.get("state"))})
			x.parts = append(x.parts, rel.target)
		}
		return nil
	})
	if err == nil && len(sheets) == 0 {
		err = refuse("no_table")
	}
	return sheets, err
}

func visibility(state string) Visibility {
	switch state {
	case "hidden":
		return Hidden
	case "veryHidden":
		return VeryHidden
	}
	return Visible
}

// claimedRows returns the last row that a sheet says it has, 0 when it does not say or cannot be read; Rows will
// tell what is wrong with it.
func (x *xlsx) claimedRows(part string) int {
	rc, err := x.archive.open(part)
	if err != nil {
		return 0
	}
	defer rc.Close()
	s := newScanner(io.LimitReader(rc, 8<<10), part)
	for {
		tok, err := s.next()
		if err != nil || tok == tokenEOF || string(s.name) == "sheetData" {
			return 0
		}
		if tok == tokenStart && string(s.name) == "dimension" {
			r, ok := parseRange(s.get("ref"))
			if !ok || r.Bottom == 1 {
				return 0 // "A1" is what programs write that do not know
			}
			return r.Bottom
		}
	}
}
