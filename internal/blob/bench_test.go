// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkPut stores different files of 200 kB, each on disk before the answer, from eight writers.
func BenchmarkPut(b *testing.B) {
	s, _ := open(b)
	body := make([]byte, 200_000)
	rand.NewChaCha8([32]byte{1}).Read(body)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.SetBytes(int64(len(body)))
	b.ResetTimer()
	for range 8 {
		wg.Go(func() {
			mine := bytes.Clone(body)
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				binary.BigEndian.PutUint64(mine, uint64(n))
				if _, err := s.Put(b.Context(), bytes.NewReader(mine), 1<<20); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
}
