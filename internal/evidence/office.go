// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

const (
	maxEntries  = 5000
	maxUnpacked = 300 << 20 // bytes, all entries together

	// Sheets of figures pack 1 to 20, blank ones 1 to 60.
	maxRatio = 150

	maxPart = 2 << 20 // bytes of a part that we read ourselves
)

// mainPart is the entry without which a file is not what it claims.
var mainPart = map[Kind]string{
	DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml",
	ODT: "content.xml", ODS: "content.xml",
}

// inspectOffice refuses an office file that carries programs, loads something from elsewhere when opened,
// unpacks to absurd sizes or is locked. It unpacks only the parts that say so.
func inspectOffice(data []byte, kind Kind) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refused("damaged", "name", "")
	}
	if len(archive.File) > maxEntries {
		return refused("bomb", "name", "")
	}
	var unpacked uint64
	seen := make(map[string]bool, len(archive.File))
	for _, f := range archive.File {
		name := strings.ToLower(f.Name)
		if seen[name] {
			return refused("damaged", "name", "") // programs differ in which of two they read
		}
		seen[name] = true
		if unpacked += f.UncompressedSize64; unpacked > maxUnpacked || f.UncompressedSize64 > maxUnpacked {
			return refused("bomb", "name", "")
		}
		if f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return refused("bomb", "name", "")
		}
		if f.Flags&1 != 0 {
			return refused("office_locked", "name", "")
		}
		if runs(name) {
			return refused("office_macro", "name", "")
		}
		if err := inspectPart(f, name); err != nil {
			return err
		}
	}
	if !seen[mainPart[kind]] {
		return refused("damaged", "name", "")
	}
	return nil
}

// runs tells whether an entry, by its lower-case name, is a program or holds one.
func runs(name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, "vbaproject") || strings.HasPrefix(base, "vbadata") || strings.Contains(name, "/activex/") ||
		strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") || strings.Contains(name, "/macrosheets/") {
		return true
	}
	switch path.Ext(base) {
	case ".exe", ".dll", ".js", ".jse", ".vbs", ".vbe", ".bat", ".cmd", ".ps1", ".scr", ".hta", ".lnk", ".jar", ".msi", ".com", ".swf", ".html", ".htm":
		return true
	}
	return false
}

func inspectPart(f *zip.File, name string) error {
	types := name == "[content_types].xml"
	manifest := name == "meta-inf/manifest.xml"
	if !types && !manifest && !strings.HasSuffix(name, ".rels") {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return refused("damaged", "name", "")
	}
	defer r.Close()
	part, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	switch {
	case err != nil:
		return refused("damaged", "name", "")
	case len(part) > maxPart:
		return refused("bomb", "name", "")
	case types && bytes.Contains(part, []byte("macroEnabled")), types && bytes.Contains(part, []byte("vbaProject")):
		return refused("office_macro", "name", "")
	case manifest && bytes.Contains(part, []byte("encryption-data")):
		return refused("office_locked", "name", "")
	case types || manifest:
		return nil
	}
	return inspectRelations(part)
}

// inspectRelations lets links and linked pictures pass: the first wait for a click, the second are only
// looked at. A template, a frame or an object from elsewhere would be opened with the file.
func inspectRelations(part []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(part))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refused("damaged", "name", "")
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		var sort, mode string
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "Type":
				sort = path.Base(a.Value)
			case "TargetMode":
				mode = a.Value
			}
		}
		if !strings.EqualFold(mode, "External") {
			continue
		}
		switch sort {
		case "hyperlink", "image", "externalLinkPath", "externalLinkLongPath", "video", "media", "audio":
		default:
			return refused("office_remote", "name", "")
		}
	}
}
