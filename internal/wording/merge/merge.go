// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package merge fills an office's own Word file (DOCX): {{fields}} in its body, tables, headers and footers become values, also where Word has cut a
// field into several runs, and a table row that names {{dong.…}} is repeated for each line of the list. Everything else of the file stays as it is,
// parts without fields byte for byte.
//
// A file comes from outside: it is opened with limits, and one with macros, embedded programs or links to files elsewhere is refused.
package merge

import (
	"archive/zip"
	"bytes"
	"io"
	"iter"

	"hoctap/internal/fault"
	"hoctap/internal/wording"
)

// MaxFile is how large a file may be, in bytes.
const MaxFile = 5 << 20

// FileField names the input of a file, for faults.
const FileField = "tep"

// Write sends the file with its values; rows are those of the list, each with the values of its line. It fails with fault.Invalid when the file is not
// one that Check lets pass.
func Write(w io.Writer, docx []byte, k wording.Kind, v wording.Values, rows iter.Seq[wording.Values]) (err error) {
	defer fault.Wrap(&err, "merge.Write(%s)", k)
	if err := Check(docx, k); err != nil {
		return err
	}
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, f := range z.File {
		if !words.MatchString(f.Name) {
			if err := out.Copy(f); err != nil { // as it is packed
				return err
			}
			continue
		}
		if err := writePart(out, f, k, v, rows); err != nil {
			return err
		}
	}
	return out.Close()
}

// writePart fills one part with words.
func writePart(out *zip.Writer, f *zip.File, k wording.Kind, v wording.Values, rows iter.Seq[wording.Values]) error {
	xml, err := read(f)
	if err != nil {
		return err
	}
	p, err := scan(xml)
	if err != nil {
		return err
	}
	if len(p.edits) == 0 {
		return out.Copy(f)
	}
	to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: f.Modified})
	if err != nil {
		return err
	}
	return p.compile(k).write(&filler{w: to, v: v, rows: rows, prefix: p.prefix})
}
