// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"strings"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
)

// scan asks the virus scanner about every file of a form before the page reads the first: it is here so that no upload can forget it. The body is kept
// in a temporary file meanwhile and handed on whole. done removes it.
func (v *Visit) scan() (done func(), err error) {
	done = func() {}
	kind, params, err := mime.ParseMediaType(v.R.Header.Get("Content-Type"))
	if v.Scan == nil || err != nil || !strings.HasPrefix(kind, "multipart/") {
		return done, nil
	}
	f, err := os.CreateTemp("", "hoctap-upload-")
	if err != nil {
		return done, err
	}
	done = func() {
		f.Close()
		os.Remove(f.Name())
	}
	if _, err := io.Copy(f, v.R.Body); err != nil {
		if tooBig(err) {
			return done, err
		}
		return done, &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	err = v.scanParts(f, params["boundary"])
	if _, broken := f.Seek(0, io.SeekStart); broken != nil {
		return done, broken
	}
	v.R.Body = f
	return done, err
}

// scanParts judges each file by itself and all that was typed as one. A form that breaks off is judged as far as it goes: no page reads further.
func (v *Visit) scanParts(f *os.File, boundary string) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	parts := multipart.NewReader(f, boundary)
	var typed bytes.Buffer
	for {
		p, err := parts.NextPart()
		if err != nil {
			break
		}
		if p.FileName() == "" {
			if _, err := io.Copy(&typed, p); err != nil {
				break
			}
			typed.WriteByte('\n')
			continue
		}
		err = v.Scan.Judge(v.Ctx(), v.Actor, evidence.CleanName(p.FileName()), p)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if typed.Len() > 0 {
		return v.Scan.Judge(v.Ctx(), v.Actor, "", &typed)
	}
	return nil
}
