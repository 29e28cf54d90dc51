// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"testing"

	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// benchmarks runs bench on each engine that is there, with the shipped data.
func benchmarks(b *testing.B, bench func(b *testing.B, s *place.Service)) {
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := place.New(open(b), clock)
			if _, err := s.EnsureLoaded(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			bench(b, s)
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := place.New(open(b), clock)
				b.StartTimer()
				if _, err := s.EnsureLoaded(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPath(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *place.Service) {
		for b.Loop() {
			must(s.Path(b.Context(), nil, place.OwnLeaf(vietTri)))(b)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *place.Service) {
		for _, query := range []string{"hoa binh", "son", "Yên Lãng, Thanh Sơn", "yen lang thanh son", "07900"} {
			b.Run(query, func(b *testing.B) {
				for b.Loop() {
					must(s.Find(b.Context(), query, place.Filter{Under: phuTho}))(b)
				}
			})
		}
	})
}
