// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"hoctap/internal/text"
)

var mediaTypes = map[Kind]string{
	PDF:  "application/pdf",
	DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	ODT:  "application/vnd.oasis.opendocument.text",
	ODS:  "application/vnd.oasis.opendocument.spreadsheet",
}

// ServeHeaders are the headers for serving Processed.Full or Thumb of a file that came as kind under name.
// Cleaned pictures are JPEG whatever they came as and may be shown in place; documents are only ever
// downloaded. The caller has checked who may see the file; caches that are shared must not keep it.
func ServeHeaders(kind Kind, name string) http.Header {
	name = CleanName(name)
	media, how, ext := mediaTypes[kind], "attachment", "."+string(kind)
	switch {
	case kind.IsPicture():
		media, how, ext = "image/jpeg", "inline", ".jpg"
	case media == "":
		media, ext = "application/octet-stream", ".bin"
	}
	// The ending is ours: what the sender called the file must not decide which program opens it.
	if !strings.EqualFold(path.Ext(name), ext) && !(ext == ".jpg" && strings.EqualFold(path.Ext(name), ".jpeg")) {
		name = strings.TrimSuffix(name, path.Ext(name)) + ext
	}
	h := http.Header{}
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", disposition(how, name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, max-age=3600")
	return h
}

// disposition writes the name twice (RFC 6266, 4.3): without marks for old programs, then in full as
// RFC 8187 wants it.
func disposition(how, name string) string {
	ext := path.Ext(name)
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '_' // a letter of another script; Fold leaves no quotes or signs
		}
		return r
	}, text.Fold(strings.TrimSuffix(name, ext))) + ext
	var full strings.Builder
	for i := range len(name) {
		c := name[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			full.WriteByte(c)
		} else {
			fmt.Fprintf(&full, "%%%02X", c)
		}
	}
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, how, plain, full.String())
}
