// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
)

// Markers that no camera writes and that chance does not produce in compressed pixels.
var pageMarkers = [][]byte{
	[]byte("<script"), []byte("<iframe"), []byte("<!doctype"), []byte("<html>"), []byte("<html "), []byte("<?php "), []byte("<svg "),
}

// hidden tells whether the bytes of a picture also read as something else: a page, a program's source, a
// PDF or an archive. Cleaning would remove it; we refuse because nobody sends such a file by accident.
// What phones do append (a short film, a second picture, a maker's notes) passes.
func hidden(data []byte) bool {
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return true // readers look for it in the first kilobyte
	}
	if endsInZip(data) {
		return true
	}
	for at := 0; ; at++ {
		next := bytes.IndexByte(data[at:], '<')
		if next < 0 {
			return false
		}
		at += next
		for _, m := range pageMarkers {
			if len(data)-at >= len(m) && bytes.EqualFold(data[at:at+len(m)], m) {
				return true
			}
		}
	}
}

// endsInZip looks for the archive's end record as readers do: anywhere in the last 64 KiB, with a comment
// that ends where the file does.
func endsInZip(data []byte) bool {
	const record = 22
	tail := data[max(0, len(data)-record-0xffff):]
	for {
		at := bytes.Index(tail, []byte("PK\x05\x06"))
		if at < 0 {
			return false
		}
		if tail = tail[at:]; len(tail) >= record && record+int(binary.LittleEndian.Uint16(tail[20:])) == len(tail) {
			return true
		}
		tail = tail[4:]
	}
}
