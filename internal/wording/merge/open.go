// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package merge

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"

	"hoctap/internal/fault"
)

// What a file may unpack to, in bytes, and how many entries it may have. A document of a hundred pages has about a megabyte of words.
const (
	maxPart    = 16 << 20
	maxAll     = 64 << 20
	maxEntries = 1000
)

// words are the parts that hold text.
var words = regexp.MustCompile(`^word/(document|header|footer|footnotes|endnotes)[0-9]*\.xml$`)

const (
	typesPart = "[Content_Types].xml"
	mainType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)

// refused is a fault of the file; pairs are the arguments of its sentence.
func refused(key string, pairs ...any) error {
	return fault.Invalid(fault.Field(FileField, key, pairs...))
}

// safe opens a file and refuses what is no Word file, is too large once unpacked, or would do more than be read. It returns the parts with words.
func safe(docx []byte) (parts []*zip.File, err error) {
	if len(docx) > MaxFile {
		return nil, refused("wording.file_large", "max_mb", MaxFile>>20)
	}
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		return nil, refused("wording.file_kind")
	}
	seen, all := map[string]bool{}, uint64(0)
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		all += f.UncompressedSize64
		switch {
		case len(z.File) > maxEntries, f.UncompressedSize64 > maxPart, all > maxAll:
			return nil, refused("wording.file_bomb")
		case seen[name], strings.Contains(name, ".."), strings.HasPrefix(name, "/"), strings.Contains(name, `\`), f.Flags&1 != 0, f.Method != zip.Store && f.Method != zip.Deflate:
			return nil, refused("wording.file_damaged")
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "word/activex/"):
			return nil, refused("wording.file_macro")
		case strings.Contains(name, "/embeddings/"): // also what no relation names: another program may find it
			return nil, refused("wording.file_outside", "target", f.Name)
		}
		seen[name] = true
		if words.MatchString(f.Name) {
			parts = append(parts, f)
		}
	}
	if !slices.ContainsFunc(parts, func(f *zip.File) bool { return strings.HasPrefix(f.Name, "word/document") }) || !seen[strings.ToLower(typesPart)] {
		return nil, refused("wording.file_kind")
	}
	for _, f := range z.File {
		if err := harmless(f); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// harmless looks into the parts that a reader obeys: no entities anywhere, no macros among the types, no relation to what is elsewhere.
func harmless(f *zip.File) error {
	if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
		return nil
	}
	b, err := read(f)
	if err != nil {
		return err
	}
	if bytes.Contains(b, []byte("<!DOCTYPE")) || bytes.Contains(b, []byte("<!ENTITY")) || bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return refused("wording.file_damaged")
	}
	switch {
	case f.Name == typesPart:
		if bytes.Contains(b, []byte("macroEnabled")) || bytes.Contains(b, []byte("vbaProject")) {
			return refused("wording.file_macro")
		}
		if !bytes.Contains(b, []byte(mainType)) {
			return refused("wording.file_kind")
		}
	case strings.HasSuffix(f.Name, ".rels"):
		return relations(b)
	}
	return nil
}

// active are the ends of relation types that make a reader run or fetch something.
var active = []string{"/vbaProject", "/oleObject", "/control", "/aFChunk", "/attachedTemplate", "/frame", "/subDocument", "/package", "/attachedToolbars", "/mailMergeSource", "/recipientData"}

func relations(b []byte) error {
	var list struct {
		Relationship []struct {
			Type       string `xml:"Type,attr"`
			Target     string `xml:"Target,attr"`
			TargetMode string `xml:"TargetMode,attr"`
		}
	}
	if xml.Unmarshal(b, &list) != nil {
		return refused("wording.file_damaged")
	}
	for _, r := range list.Relationship {
		link := strings.HasSuffix(r.Type, "/hyperlink")
		target := strings.ToLower(r.Target)
		web := strings.HasPrefix(target, "https://") || strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "mailto:")
		outside := !strings.EqualFold(r.TargetMode, "Internal") && r.TargetMode != "" || strings.Contains(target, "://")
		if outside && (!link || !web) || slices.ContainsFunc(active, func(end string) bool { return strings.HasSuffix(r.Type, end) }) {
			target := []rune(r.Target)
			return refused("wording.file_outside", "target", string(target[:min(len(target), 80)]))
		}
	}
	return nil
}

// read unpacks a part; it holds no more than it says, else the file is damaged.
func read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, refused("wording.file_damaged")
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if err != nil || len(b) > maxPart {
		return nil, refused("wording.file_damaged")
	}
	return b, nil
}
