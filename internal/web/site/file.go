// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"bytes"
	"io"
	"strconv"
	"sync"

	"hoctap/internal/paper/pdf"
	"hoctap/internal/web/assets"
)

// The kinds of files that pages send.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// press is made once: its faces are part of the program.
var press = sync.OnceValues(func() (*pdf.Press, error) {
	return pdf.New(pdf.Faces{
		Text: assets.Read("tinos-400.ttf"), TextItalic: assets.Read("tinos-400-italic.ttf"), TextBold: assets.Read("tinos-700.ttf"), TextBoldItalic: assets.Read("tinos-700-italic.ttf"),
		Display: assets.Read("lora-400.ttf"), DisplayItalic: assets.Read("lora-400-italic.ttf"), DisplayBold: assets.Read("lora-700.ttf"),
	})
})

// Press prints PDF. It fails with fault.Conflict in a program that was built without its fonts.
func (v *Visit) Press() (*pdf.Press, error) { return press() }

// File sends what write makes, to be kept under a name of plain letters. It is whole before its first byte leaves: a file that breaks off looks like one.
func (v *Visit) File(name, kind string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Cache-Control", "private, no-store")
	_, err := b.WriteTo(v.W)
	return err
}
