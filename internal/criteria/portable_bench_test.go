// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hoctap/internal/criteria/criteriatest"
)

// BenchmarkBrowserEngine times the engine of the browser in Chromium, four times slower than this machine, on 400 households; -benchtime 1x is enough.
func BenchmarkBrowserEngine(b *testing.B) {
	for _, id := range []string{"family-2021-2030", "family-448-2015", "unit-tt24-2023-province"} {
		b.Run(id, func(b *testing.B) {
			dir := b.TempDir()
			engine := criteriatest.Built(b)
			set, err := resolve(b, id).Portable()
			if err != nil {
				b.Fatal(err)
			}
			for name, data := range map[string][]byte{"engine.mjs": engine, "set.json": set} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
					b.Fatal(err)
				}
			}
			var told struct {
				Criteria                                  int
				Load, Open, First, Again, Row, RowSlowest float64
			}
			for b.Loop() {
				c := exec.CommandContext(b.Context(), "node", "bench-engine.mjs", dir, "4")
				c.Dir = filepath.Join("..", "..", "ui")
				out, err := c.CombinedOutput()
				if err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				b.Logf("%s", out)
				if err := json.Unmarshal(out, &told); err != nil {
					b.Fatal(err)
				}
			}
			for unit, v := range map[string]float64{
				"B-engine": packed(b, engine), "B-set": packed(b, set), "criteria": float64(told.Criteria), "ms-load": told.Load + told.Open,
				"ms-400-first": told.First, "ms-400-again": told.Again, "ms-row": told.Row, "ms-row-slowest": told.RowSlowest,
			} {
				b.ReportMetric(v, unit)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// packed is the size that travels.
func packed(b *testing.B, data []byte) float64 {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	return float64(out.Len())
}
