// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"unicode"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/text"
)

var heads = sync.Pool{New: func() any { b := make([]byte, HeadSize); return &b }}

// Receive takes a file in while its sender waits: it decides the kind, checks the limits that the first
// bytes show, and stores the original, which is on disk when it returns. It fails with fault.KindInvalid
// or fault.KindTooMuch (field "file") when the file is refused; nothing is stored then.
func Receive(ctx context.Context, store blob.Store, r io.Reader, name string) (got Received, err error) {
	defer fault.Wrap(&err, "evidence.Receive")
	got.Name = CleanName(name)
	buf := heads.Get().(*[]byte)
	defer heads.Put(buf)
	n, err := io.ReadFull(r, *buf)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return got, err
	}
	head := (*buf)[:n]
	if got.Kind, err = Sniff(head, got.Name); err != nil {
		return got, err
	}
	if got.Kind.IsPicture() {
		h, err := readHeader(got.Kind, head)
		if err != nil {
			return got, refused("damaged", "name", got.Name)
		}
		if err := h.check(got.Kind, got.Name); err != nil {
			return got, err
		}
		got.W, got.H = h.w, h.h
	}
	got.Ref, err = store.Put(ctx, io.MultiReader(bytes.NewReader(head), r), got.Kind.Limit())
	if fault.KindOf(err) == fault.KindTooMuch {
		return got, tooLarge(got.Kind, got.Name)
	}
	return got, err
}

func tooLarge(kind Kind, name string) error {
	key := "document_large"
	if kind.IsPicture() {
		key = "picture_large"
	}
	return &fault.Fault{Kind: fault.KindTooMuch, Key: "invalid", Fields: []fault.FieldError{
		fault.Field("file", "evidence."+key, "name", name, "max_mb", kind.Limit()>>20)}}
}

// CleanName makes a sender's file name fit to be shown and sent back: no folders, no control or
// direction-changing characters, NFC, at most 120 characters with the ending kept.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		case strings.ContainsRune(`/:*?"<>|`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(text.NFC(name), " .")
	if name == "" {
		return "tep"
	}
	if r := []rune(name); len(r) > 120 {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = fmt.Sprintf("%s%s", string(r[:120-len(ext)]), string(ext))
	}
	return name
}
