// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package evidence owns what backs a criterion (Vietnamese: minh chứng): it receives files, decides by
// content what they are, refuses what could harm, cleans pictures and recognises the same picture again.
// It must not know assessments or recognition, which point at evidence.
//
// A file passes two gates. Receive is quick and runs while the person waits: kind, size and dimensions
// from the first bytes, then the original goes to the blob store. Process is thorough and runs behind: it
// reads the whole file and yields what may be shown. Nothing is served before Process has accepted it,
// and the original of a picture is never served at all.
package evidence

import (
	"time"

	"hoctap/internal/blob"
)

// Kind is the type of a file, decided by its content.
type Kind string

// The kinds that are accepted.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	WebP Kind = "webp"
	GIF  Kind = "gif" // its first frame
	PDF  Kind = "pdf"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
	PPTX Kind = "pptx"
	ODT  Kind = "odt"
	ODS  Kind = "ods"
)

// Limits on one file.
const (
	MaxPicture  = 15 << 20 // bytes; a phone's 50-megapixel JPEG has 12 MB
	MaxDocument = 20 << 20 // bytes

	// HeadSize is how much Receive looks at before the rest is read: a camera's metadata, with its own
	// small preview and colour profile, comes before the dimensions and can take 200 kB.
	HeadSize = 256 << 10
)

// IsPicture tells whether files of this kind are cleaned and shown as pictures.
func (k Kind) IsPicture() bool {
	switch k {
	case JPEG, PNG, WebP, GIF:
		return true
	}
	return false
}

// Limit is the most bytes that a file of this kind may have.
func (k Kind) Limit() int64 {
	if k.IsPicture() {
		return MaxPicture
	}
	return MaxDocument
}

// Received is a file in quarantine: stored, its kind known, not yet fit to be shown.
type Received struct {
	blob.Ref        // the original
	Name     string // as the sender called it, trimmed; only for showing
	Kind     Kind
	W, H     int // pixels as stored in the file, before orientation; 0 for documents
}

// Processed is what became of a received file.
type Processed struct {
	Kind     Kind
	Original blob.Ref // of a picture: no longer needed
	Full     blob.Ref // what may be served: the cleaned picture, or the document as it came
	Thumb    blob.Ref // zero for documents
	W, H     int      // pixels of Full
	TakenAt  time.Time
	Pixels   string // SHA-256 of the cleaned pixels: equal for the same picture with other metadata
	Look     Look
}
