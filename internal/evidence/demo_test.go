// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"image"
	"testing"

	"hoctap/internal/evidence"
)

func TestDrawDemo(t *testing.T) {
	for _, motif := range append(evidence.Motifs(), "something else") {
		a := evidence.DrawDemo(1, motif)
		if !bytes.Equal(a, evidence.DrawDemo(1, motif)) {
			t.Errorf("%s: the same seed drew two pictures", motif)
		}
		if len(a) > 40_000 {
			t.Errorf("%s: %d bytes", motif, len(a))
		}
		if got := decoded(t, a).Bounds(); got != image.Rect(0, 0, 480, 360) {
			t.Errorf("%s: %v", motif, got)
		}
		if kind, err := evidence.Sniff(a, motif); kind != evidence.JPEG || err != nil {
			t.Errorf("%s: %s, %v", motif, kind, err)
		}
	}
}

// The demo must not raise the alarm "same photo in two households" for pictures drawn from different seeds, except
// rarely.
func TestDemoPicturesDiffer(t *testing.T) {
	for _, motif := range evidence.Motifs() {
		var looks []evidence.Look
		same := 0
		for seed := range uint64(40) {
			look := clean(t, evidence.DrawDemo(seed, motif), evidence.JPEG).Look
			for _, other := range looks {
				if look.Same(other) {
					same++
				}
			}
			looks = append(looks, look)
		}
		if same > 780/50 { // of 40·39/2 pairs
			t.Errorf("%s: %d of 780 pairs look the same", motif, same)
		}
	}
}

func BenchmarkDrawDemo(b *testing.B) {
	for _, motif := range evidence.Motifs() {
		b.Run(motif, func(b *testing.B) {
			for seed := uint64(0); b.Loop(); seed++ {
				evidence.DrawDemo(seed, motif)
			}
		})
	}
}
