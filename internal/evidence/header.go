// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"

	"hoctap/internal/fault"
)

const (
	maxPixels = 50_000_000
	maxSide   = 20_000 // pixels; a phone's panorama has 16,000

	// memoryBudget bounds what all pictures being cleaned may occupy together, in bytes.
	memoryBudget = 192 << 20
)

// header is what the first bytes of a picture promise, and what decoding it will take.
type header struct {
	w, h     int
	perPixel float64 // bytes of memory for each pixel while decoding
	moving   bool
}

var errHeader = errors.New("no picture header")

// bytes of memory to decode the whole picture.
func (h header) cost() int64 { return int64(float64(h.w) * float64(h.h) * h.perPixel) }

// check holds the picture against the limits, before anything is decoded.
func (h header) check(kind Kind, name string) error {
	most := min(maxPixels, int(memoryBudget/h.perPixel))
	switch {
	case h.w < 1 || h.h < 1:
		return refused("damaged", "name", name)
	case h.moving && kind == WebP:
		return refused("moving", "name", name)
	case h.w > maxSide || h.h > maxSide:
		return fault.Invalid(fault.Field("file", "evidence.side", "name", name, "w", h.w, "h", h.h, "max", maxSide))
	case h.w*h.h > most:
		return fault.Invalid(fault.Field("file", "evidence.pixels", "name", name,
			"megapixels", (h.w*h.h+999_999)/1_000_000, "max", most/1_000_000))
	}
	return nil
}

// readHeader finds the dimensions in the first bytes of a picture. It fails when they are not there.
func readHeader(kind Kind, head []byte) (header, error) {
	switch kind {
	case JPEG:
		return jpegHeader(head)
	case PNG:
		return pngHeader(head)
	case WebP:
		return webpHeader(head)
	case GIF:
		if len(head) < 13 {
			return header{}, errHeader
		}
		return header{w: int(binary.LittleEndian.Uint16(head[6:])), h: int(binary.LittleEndian.Uint16(head[8:])), perPixel: 1}, nil
	}
	return header{}, errHeader
}

// jpegHeader walks the segments to the frame header (ITU-T T.81, B.2.2).
func jpegHeader(head []byte) (header, error) {
	h := header{}
	err := jpegSegments(head, func(marker byte, body []byte) bool {
		if marker < 0xc0 || marker > 0xcf || marker == 0xc4 || marker == 0xc8 || marker == 0xcc {
			return true
		}
		if len(body) < 6 || len(body) < 6+3*int(body[5]) {
			return false
		}
		h.h, h.w = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
		h.perPixel = jpegPerPixel(marker, body[6:6+3*int(body[5])])
		return false
	})
	if err == nil && h.perPixel == 0 {
		err = errHeader
	}
	return h, err
}

// jpegPerPixel adds up the components by their sampling. A progressive picture keeps all its coefficients,
// four bytes each, beside the samples; a fourth component makes a copy in another colour model.
func jpegPerPixel(marker byte, components []byte) (sum float64) {
	var maxH, maxV float64 = 1, 1
	for c := 0; c < len(components); c += 3 {
		maxH, maxV = max(maxH, float64(components[c+1]>>4)), max(maxV, float64(components[c+1]&15))
	}
	for c := 0; c < len(components); c += 3 {
		share := float64(components[c+1]>>4) / maxH * float64(components[c+1]&15) / maxV
		sum += share
		if marker == 0xc2 {
			sum += 4 * share
		}
	}
	if len(components) == 12 {
		sum += 4
	}
	return sum
}

// jpegSegments calls each for the segments before the first scan, until it returns false. The error says
// that the bytes end first or are no JPEG.
func jpegSegments(data []byte, each func(marker byte, body []byte) bool) error {
	if !bytes.HasPrefix(data, []byte("\xff\xd8")) {
		return errHeader
	}
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			return errHeader
		}
		marker := data[at+1]
		if marker == 0xff { // fill byte
			at++
			continue
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd7 { // stand alone
			at += 2
			continue
		}
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || marker == 0xd9 || marker == 0xd8 || size < 2 {
			return errHeader
		}
		if at+2+size > len(data) {
			return errHeader
		}
		if !each(marker, data[at+4:at+2+size]) {
			return nil
		}
		at += 2 + size
	}
	return errHeader
}

// jpegScans counts the scans up to the end of the picture; what is appended after it does not count.
func jpegScans(data []byte) (scans int) {
	for at := 2; at+4 <= len(data); {
		next := bytes.IndexByte(data[at:], 0xff)
		if next < 0 || at+next+4 > len(data) {
			return scans
		}
		at += next
		switch marker := data[at+1]; {
		case marker == 0xff:
			at++
		case marker == 0xd9:
			return scans
		case marker == 0x00, marker == 0x01, marker >= 0xd0 && marker <= 0xd8: // coded data, or no segment
			at += 2
		default:
			if marker == 0xda {
				scans++
			}
			at += 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		}
	}
	return scans
}

// pngHeader reads IHDR (W3C PNG, 11.2.1).
func pngHeader(head []byte) (header, error) {
	if len(head) < 33 || string(head[12:16]) != "IHDR" {
		return header{}, errHeader
	}
	w, h := binary.BigEndian.Uint32(head[16:]), binary.BigEndian.Uint32(head[20:])
	if w > 1<<30 || h > 1<<30 {
		return header{}, errHeader
	}
	per := 4.0
	if colour := head[25]; colour == 0 || colour == 3 {
		per = 1
	}
	if head[24] == 16 {
		per *= 2
	}
	if head[28] != 0 {
		per *= 2 // interlaced: the passes and the whole
	}
	return header{w: int(w), h: int(h), perPixel: per}, nil
}

// webpHeader reads the first chunk (RFC 9649, 2.5 to 2.7). In the extended format its canvas counts: the
// decoder demands that the picture inside agrees.
func webpHeader(head []byte) (header, error) {
	if len(head) < 30 {
		return header{}, errHeader
	}
	switch string(head[12:16]) {
	case "VP8 ":
		if string(head[23:26]) != "\x9d\x01\x2a" {
			return header{}, errHeader
		}
		w, h := binary.LittleEndian.Uint16(head[26:]), binary.LittleEndian.Uint16(head[28:])
		return header{w: int(w & 0x3fff), h: int(h & 0x3fff), perPixel: 1.5}, nil
	case "VP8L":
		bits := binary.LittleEndian.Uint32(head[21:])
		return header{w: int(bits&0x3fff) + 1, h: int(bits>>14&0x3fff) + 1, perPixel: 8}, nil
	case "VP8X":
		w := int(head[24]) | int(head[25])<<8 | int(head[26])<<16
		h := int(head[27]) | int(head[28])<<8 | int(head[29])<<16
		return header{w: w + 1, h: h + 1, perPixel: 8, moving: head[20]&2 != 0}, nil
	}
	return header{}, errHeader
}
