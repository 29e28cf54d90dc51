// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"hoctap/internal/fault"
)

// keyOf returns the key of the first broken rule in err, without "evidence.".
func keyOf(err error) string {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return fmt.Sprint(err)
	}
	if len(f.Fields) > 0 {
		return strings.TrimPrefix(f.Fields[0].Key, "evidence.")
	}
	return f.Key
}

// photo draws something like a photograph: soft light, a few shapes and sensor noise.
func photo(w, h int, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	var f [12]float64
	for i := range f {
		f[i] = rng.Float64()*9 + 1
	}
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			wave := func(i int) byte {
				s := math.Sin(f[i]*u+f[i+1]) + math.Sin(f[i+2]*v+f[i+3]) + math.Sin(f[i]*u*v*3)
				return byte(max(0, min(255, 128+40*s+float64(rng.IntN(9)-4))))
			}
			img.SetRGBA(x, y, color.RGBA{wave(0), wave(4), wave(8), 255})
		}
	}
	return img
}

func encodeJPEG(t testing.TB, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeGIF(t testing.TB, frames ...image.Image) []byte {
	t.Helper()
	all := &gif.GIF{}
	for _, f := range frames {
		p := image.NewPaletted(f.Bounds(), color.Palette{color.Black, color.White, color.RGBA{200, 0, 0, 255}})
		for y := range f.Bounds().Dy() {
			for x := range f.Bounds().Dx() {
				p.Set(x, y, f.At(x, y))
			}
		}
		all.Image, all.Delay = append(all.Image, p), append(all.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif writes an EXIF block: orientation, the time of taking with its zone, and a GPS directory.
func exif(order binary.AppendByteOrder, orientation uint16, taken, zone string) []byte {
	magic := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		magic = "MM\x00*"
	}
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), count)
		if kind == 3 {
			return order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
		}
		return order.AppendUint32(b, value)
	}
	const first, sub, gps = 8, 8 + 2 + 3*12 + 4, 8 + 2 + 3*12 + 4 + 2 + 2*12 + 4
	const texts = gps + 2 + 12 + 4
	b := order.AppendUint32([]byte(magic), first)
	b = order.AppendUint16(b, 3)
	b = entry(b, 0x0112, 3, 1, uint32(orientation))
	b = entry(b, 0x8769, 4, 1, sub)
	b = entry(b, 0x8825, 4, 1, gps)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 2)
	b = entry(b, 0x9003, 2, 20, texts)
	b = entry(b, 0x9011, 2, 7, texts+20)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 1)
	b = entry(b, 0x001d, 2, 11, texts+27)
	b = order.AppendUint32(b, 0)
	b = append(b, fmt.Sprintf("%-19s\x00", taken)...)
	b = append(b, fmt.Sprintf("%-6s\x00", zone)...)
	return append(b, "GPS-SECRET\x00"...)
}

// withSegment puts a segment right after the start of a JPEG.
func withSegment(jpg []byte, marker byte, body []byte) []byte {
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), jpg[2:]...)
}

func withEXIF(jpg, block []byte) []byte {
	return withSegment(jpg, 0xe1, append([]byte("Exif\x00\x00"), block...))
}

func pngChunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// bombPNG claims w × h pixels and compresses as many zero rows as rows says.
func bombPNG(w, h uint32, rows int) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	head = append(head, 8, 2, 0, 0, 0)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for range rows {
		z.Write(make([]byte, 1+3*int(w)))
	}
	z.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", head)...)
	out = append(out, pngChunk("IDAT", packed.Bytes())...)
	return append(out, pngChunk("IEND", nil)...)
}

func riff(chunks ...[]byte) []byte {
	body := []byte("WEBP")
	for _, c := range chunks {
		body = append(body, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(name string, body []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// plainVP8L is a lossless picture of one colour: five prefix codes of one symbol each (RFC 9649, 3.7).
func plainVP8L(w, h uint32, c color.RGBA) []byte {
	var bits uint64
	var used int
	out := []byte{0x2f}
	put := func(v uint64, n int) {
		bits |= v << used
		for used += n; used >= 8; used -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(0, 1+3) // no alpha, version 0
	put(0, 3)   // no transform, no colour cache, one group of codes
	for _, symbol := range []byte{c.G, c.R, c.B, 255, 0} {
		put(1, 1) // a simple code
		put(0, 1) // of one symbol
		put(1, 1) // of eight bits
		put(uint64(symbol), 8)
	}
	put(0, 16)
	return riffChunk("VP8L", out)
}

// greyVP8 is a lossy key frame whose arithmetic-coded zeros mean: predict, add nothing (RFC 6386, 9.1 and
// 12.2). The samples below the first rows become 129.
func greyVP8(w, h uint16) []byte {
	first := make([]byte, 64)
	tag := uint32(0) | 1<<4 | uint32(len(first))<<5
	b := []byte{byte(tag), byte(tag >> 8), byte(tag >> 16), 0x9d, 0x01, 0x2a}
	b = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(b, w), h)
	b = append(append(b, first...), make([]byte, 512)...)
	return riffChunk("VP8 ", b)
}

type entry struct {
	name, body string
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		method := zip.Deflate
		if e.name == "mimetype" {
			method = zip.Store
		}
		h := &zip.FileHeader{Name: e.name, Method: method}
		if method == zip.Store {
			h.CRC32 = crc32.ChecksumIEEE([]byte(e.body))
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(e.body)), uint64(len(e.body))
			w, err := z.CreateRaw(h)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(w, e.body)
			continue
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, e.body)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	wordTypes = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	relations = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="https://example.org/x" TargetMode="%s"/></Relationships>`
	odtType   = "application/vnd.oasis.opendocument.text"
	odsType   = "application/vnd.oasis.opendocument.spreadsheet"
)

func docx(t testing.TB, more ...entry) []byte {
	return zipOf(t, append([]entry{{"[Content_Types].xml", wordTypes}, {"word/document.xml", "<w/>"}}, more...)...)
}

// pdf writes a small PDF of the given bodies of objects.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString("trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
	return b.Bytes()
}

func flate(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func stream(dict, body string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(body), body)
}
