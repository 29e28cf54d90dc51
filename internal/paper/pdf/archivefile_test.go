// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"hoctap/internal/paper/papertest"
)

// archiveFile is a file as qpdf reads it: another program than the one that wrote it.
type archiveFile struct {
	t       *testing.T
	objects map[string]map[string]any
	trailer map[string]any
}

func openArchive(t *testing.T, path string) *archiveFile {
	var said struct {
		QPDF []json.RawMessage `json:"qpdf"`
	}
	f := &archiveFile{t: t}
	if err := json.Unmarshal([]byte(papertest.Run(t, "qpdf", "--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=generalized", path)), &said); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(said.QPDF[1], &f.objects); err != nil {
		t.Fatal(err)
	}
	f.trailer = f.objects["trailer"]["value"].(map[string]any)
	return f
}

// dict is a dictionary, or that of a stream, or what a reference leads to; empty for anything else.
func (f *archiveFile) dict(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case string:
		o := f.objects["obj:"+v]
		if s, ok := o["stream"].(map[string]any); ok {
			return f.dict(s["dict"])
		}
		return f.dict(o["value"])
	}
	return nil
}

func (f *archiveFile) stream(v any) []byte {
	f.t.Helper()
	s, ok := f.objects["obj:"+v.(string)]["stream"].(map[string]any)
	if !ok {
		f.t.Fatalf("%v is no stream", v)
	}
	b, err := base64.StdEncoding.DecodeString(s["data"].(string))
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

// walk tells each entry of each dictionary.
func (f *archiveFile) walk(tell func(key string, value any)) {
	var into func(v any)
	into = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				tell(key, value)
				into(value)
			}
		case []any:
			for _, value := range v {
				into(value)
			}
		}
	}
	for _, o := range f.objects {
		into(map[string]any(o))
	}
}
