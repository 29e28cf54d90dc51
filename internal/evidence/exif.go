// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// vietnam is the zone of a camera's clock when it does not name one.
var vietnam = time.FixedZone("+07", 7*60*60)

// metadata reads the only two things that we keep of a picture's metadata: how it was held (EXIF
// orientation 1 to 8; 1 when unknown) and when it was taken (zero when unknown or absurd).
func metadata(kind Kind, data []byte) (orientation int, taken time.Time) {
	switch kind {
	case JPEG:
		var block []byte
		_ = jpegSegments(data, func(marker byte, body []byte) bool { // the end of the segments ends the search
			if marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
				block = body[6:]
			}
			return block == nil
		})
		return readEXIF(block)
	case PNG:
		return readEXIF(pngChunk(data, "eXIf"))
	case WebP:
		return readEXIF(bytes.TrimPrefix(riffChunk(data, "EXIF"), []byte("Exif\x00\x00")))
	}
	return 1, time.Time{}
}

func pngChunk(data []byte, name string) []byte {
	for at := 8; at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if int64(at)+12+size > int64(len(data)) {
			return nil
		}
		if string(data[at+4:at+8]) == name {
			return data[at+8 : at+8+int(size)]
		}
		at += 12 + int(size)
	}
	return nil
}

func riffChunk(data []byte, name string) []byte {
	for at := 12; at+8 <= len(data); {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if int64(at)+8+size > int64(len(data)) {
			return nil
		}
		if string(data[at:at+4]) == name {
			return data[at+8 : at+8+int(size)]
		}
		at += 8 + int(size+size&1)
	}
	return nil
}

// tiff is a directory structure as EXIF uses it (CIPA DC-008, 4.6).
type tiff struct {
	data  []byte
	order binary.ByteOrder
}

const (
	tagOrientation = 0x0112
	tagDateTime    = 0x0132
	tagEXIF        = 0x8769
	tagTaken       = 0x9003
	tagTakenZone   = 0x9011
)

func readEXIF(block []byte) (orientation int, taken time.Time) {
	orientation = 1
	t := tiff{data: block}
	switch {
	case len(block) < 8:
		return
	case bytes.HasPrefix(block, []byte("II*\x00")):
		t.order = binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00*")):
		t.order = binary.BigEndian
	default:
		return
	}
	var when, zone, changed string
	var below uint32
	t.each(t.order.Uint32(block[4:]), func(tag uint16, entry []byte) {
		switch tag {
		case tagOrientation:
			if v := int(t.order.Uint16(entry[8:])); v >= 1 && v <= 8 {
				orientation = v
			}
		case tagDateTime:
			changed = t.text(entry)
		case tagEXIF:
			below = t.order.Uint32(entry[8:])
		}
	})
	if below != 0 {
		t.each(below, func(tag uint16, entry []byte) {
			switch tag {
			case tagTaken:
				when = t.text(entry)
			case tagTakenZone:
				zone = t.text(entry)
			}
		})
	}
	if when == "" {
		when, zone = changed, ""
	}
	return orientation, takenAt(when, zone)
}

// each calls f with the 12 bytes of each entry of the directory at offset. Directories are not followed, so
// that a circle of them is harmless.
func (t tiff) each(offset uint32, f func(tag uint16, entry []byte)) {
	if int64(offset)+2 > int64(len(t.data)) {
		return
	}
	at := int(offset)
	n := int(t.order.Uint16(t.data[at:]))
	for at += 2; n > 0 && at+12 <= len(t.data); n, at = n-1, at+12 {
		f(t.order.Uint16(t.data[at:]), t.data[at:at+12])
	}
}

func (t tiff) text(entry []byte) string {
	const ascii = 2
	size := int64(t.order.Uint32(entry[4:]))
	if t.order.Uint16(entry[2:]) != ascii || size > 64 {
		return ""
	}
	raw := entry[8:12]
	if size > 4 {
		at := int64(t.order.Uint32(entry[8:]))
		if at+size > int64(len(t.data)) {
			return ""
		}
		raw = t.data[at : at+size]
	}
	return strings.Trim(string(raw[:min(len(raw), int(size))]), "\x00 ")
}

func takenAt(when, zone string) time.Time {
	if t, err := time.Parse("2006:01:02 15:04:05-07:00", when+zone); err == nil && zone != "" {
		return plausible(t)
	}
	t, err := time.ParseInLocation("2006:01:02 15:04:05", when, vietnam)
	if err != nil {
		return time.Time{}
	}
	return plausible(t)
}

// plausible drops what a camera with an unset clock writes.
func plausible(t time.Time) time.Time {
	if t.Year() < 1990 || t.Year() > 2100 {
		return time.Time{}
	}
	return t.UTC()
}
