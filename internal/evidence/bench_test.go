// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package evidence_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"syscall"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"

	"hoctap/internal/evidence"
)

// phonePhoto is what the phone sends: 1280 × 960, 213 kB.
func phonePhoto(b *testing.B) []byte {
	return withEXIF(encodeJPEG(b, photo(1280, 960, 7), 93), exif(binary.LittleEndian, 1, "2025:11:20 19:42:05", "+07:00"))
}

// BenchmarkReceive is what the sender waits for, each file different and on disk before the answer. cpu-ms
// is the time of the processor alone, without the wait for the disk.
func BenchmarkReceive(b *testing.B) {
	store, body := newStore(b), phonePhoto(b)
	b.SetBytes(int64(len(body)))
	before, n := cpu(b), uint64(0)
	for b.Loop() {
		n++
		binary.BigEndian.PutUint64(body[len(body)-40:], n)
		if _, err := evidence.Receive(b.Context(), store, bytes.NewReader(body), "a.jpg"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpu(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
}

// cpu is the processor time that this process has used so far.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkClean(b *testing.B) {
	for name, body := range map[string][]byte{
		"phone_1280":  phonePhoto(b),
		"camera_12MP": encodeJPEG(b, photo(4000, 3000, 7), 85),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				clean(b, body, evidence.JPEG)
			}
		})
	}
}

// BenchmarkShrinkWithDraw is what shrinking 12 megapixels costs with golang.org/x/image/draw instead.
func BenchmarkShrinkWithDraw(b *testing.B) {
	src := decoded(b, encodeJPEG(b, photo(4000, 3000, 7), 85))
	dst := image.NewRGBA(image.Rect(0, 0, 2000, 1500))
	for name, scaler := range map[string]xdraw.Interpolator{"CatmullRom": xdraw.CatmullRom, "ApproxBiLinear": xdraw.ApproxBiLinear} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				scaler.Scale(dst, dst.Rect, src, src.Bounds(), draw.Src, nil)
			}
		})
	}
}
