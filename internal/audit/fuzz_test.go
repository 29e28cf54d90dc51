// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strings"
	"testing"

	"hoctap/internal/audit"
)

// A file of published roots comes from anywhere: a page that was saved, a letter. What is read is written again in the same form.
func FuzzReadRoots(f *testing.F) {
	f.Add(strings.Repeat("a", 64) + "  2026-11-25 3 4 " + strings.Repeat("b", 64) + "\n")
	f.Add("\xff\x00 2026-11-25")
	f.Add("# note\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := audit.ReadRoots(strings.NewReader(text))
		if err != nil {
			return
		}
		var again strings.Builder
		for _, r := range list {
			again.WriteString(r.String() + "\n")
		}
		back, err := audit.ReadRoots(strings.NewReader(again.String()))
		if err != nil || len(back) != len(list) {
			t.Fatalf("%q was read and cannot be read back: %v", text, err)
		}
	})
}

// A proof is judged by whoever gets one: nothing but the lines of an entry below a published root passes.
func FuzzCheckProof(f *testing.F) {
	f.Add("")
	f.Add("entry x\nstep left " + strings.Repeat("0", 64) + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := audit.CheckProof(strings.NewReader(text), nil); err == nil {
			t.Fatalf("%q proves something with no root published", text)
		}
	})
}

func FuzzReadCollector(f *testing.F) {
	for _, s := range []string{"udp://127.0.0.1:514", "tcp://[::1]:601", "tls://log.example:6514", "tls://", "x", "tcp://a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { _, _ = audit.ReadCollector(text) })
}
