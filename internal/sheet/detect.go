// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

type format int

const (
	formatXLSX format = iota
	formatText
)

// sniff decides what a file is by its first bytes, and refuses what is no table that can be read here.
func sniff(ctx context.Context, r io.ReaderAt, size int64) (format, error) {
	if size > MaxFile {
		return 0, tooMuch("file_too_big", MaxFile>>20)
	}
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(bomUTF8)))) == 0 && size <= int64(len(head)):
		return 0, refuse("empty")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return formatXLSX, nil
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return 0, sniffOLE(ctx, r, size)
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return 0, refuse("pdf")
	case bytes.HasPrefix(head, []byte{0x09, 0x08}), bytes.HasPrefix(head, []byte{0x09, 0x04}), bytes.HasPrefix(head, []byte{0x09, 0x02}):
		return 0, refuse("xls") // BIFF 3 to 5 without its container
	}
	return formatText, sniffText(head)
}

// sniffText refuses what is no plain text: pictures, archives, web pages that call themselves .xls.
func sniffText(head []byte) error {
	for m := mimetype.Detect(head); m != nil; m = m.Parent() {
		switch kind := m.String(); {
		case strings.HasPrefix(kind, "image/"):
			return refuse("picture")
		case strings.HasPrefix(kind, "text/html"), strings.HasPrefix(kind, "text/xml"):
			return refuse("html")
		case strings.HasPrefix(kind, "text/rtf"):
			return refuse("not_sheet")
		case strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "video/"), strings.HasPrefix(kind, "font/"):
			return refuse("not_sheet")
		}
	}
	if utf16Order(head) == nil && bytes.IndexByte(head, 0) >= 0 {
		return refuse("not_sheet")
	}
	if bytes.HasPrefix(head, []byte("7z\xBC\xAF\x27\x1C")) || bytes.HasPrefix(head, []byte("Rar!")) || bytes.HasPrefix(head, []byte("\x1F\x8B")) {
		return refuse("not_sheet")
	}
	return nil
}

// sniffOLE names what is in the container that Excel used until 2003 and still uses around encrypted files. It
// looks for the names of the container's streams wherever they stand, so it never follows the container's own
// pointers.
func sniffOLE(ctx context.Context, r io.ReaderAt, size int64) error {
	wanted := []struct{ stream, key string }{
		{"EncryptedPackage", "locked"},
		{"WordDocument", "not_sheet"},
		{"PowerPoint Document", "not_sheet"},
		{"Workbook", "xls"},
		{"Book", "xls"},
	}
	found := make([]bool, len(wanted))
	patterns := make([][]byte, len(wanted))
	for i, w := range wanted {
		for _, c := range []byte(w.stream) {
			patterns[i] = append(patterns[i], c, 0)
		}
		patterns[i] = append(patterns[i], 0, 0)
	}
	const overlap = 64
	buf := make([]byte, 256<<10)
	for at := int64(0); at < size; at += int64(len(buf)) - overlap {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		for i, p := range patterns {
			found[i] = found[i] || bytes.Contains(buf[:n], p)
		}
		if found[0] {
			break
		}
	}
	for i, w := range wanted {
		if found[i] {
			return refuse(w.key)
		}
	}
	return refuse("not_sheet")
}
