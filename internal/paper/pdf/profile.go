// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"bytes"
	"encoding/binary"
	"math"
)

// The columns of sRGB: X, Y and Z of full red, green and blue, from the primaries and white of IEC 61966-2-1 (those of ITU-R BT.709, D65), adapted to D50
// after Bradford. Together they are the white of ICC profiles.
var (
	redXYZ   = [3]float64{0.43607, 0.22249, 0.01392}
	greenXYZ = [3]float64{0.38515, 0.71687, 0.09708}
	blueXYZ  = [3]float64{0.14307, 0.06061, 0.71410}
	whiteXYZ = [3]float64{0.9642, 1, 0.8249}
)

// profile is an ICC profile of sRGB, version 2.1: three columns and one curve, after the ICC's specification ICC.1:2001-04. It is written here and not
// copied, so that no foreign file and no licence of one goes into every paper.
func profile() []byte {
	const name = "sRGB IEC61966-2.1"
	text := func(sign, s string) []byte { return append(append([]byte(sign), 0, 0, 0, 0), s...) }
	fixed := func(v [3]float64) []byte { // s15Fixed16
		b := text("XYZ ", "")
		for _, x := range v {
			b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(x*65536))))
		}
		return b
	}
	desc := binary.BigEndian.AppendUint32(text("desc", ""), uint32(len(name)+1))
	desc = append(append(desc, name...), make([]byte, 1+4+4+2+1+67)...) // no names in Unicode and for Macintosh
	const steps = 1024
	curve := binary.BigEndian.AppendUint32(text("curv", ""), steps)
	for i := range steps {
		curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(linear(float64(i)/(steps-1))*65535)))
	}
	tags := []struct {
		sign string
		data []byte
	}{{"desc", desc}, {"cprt", text("text", "No copyright, use freely\x00")}, {"wtpt", fixed(whiteXYZ)},
		{"rXYZ", fixed(redXYZ)}, {"gXYZ", fixed(greenXYZ)}, {"bXYZ", fixed(blueXYZ)}, {"rTRC", curve}, {"gTRC", nil}, {"bTRC", nil}} // one curve for all

	const header = 128
	var data bytes.Buffer
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	first := header + 4 + 12*len(tags)
	at, size := 0, 0
	for _, t := range tags {
		if t.data != nil {
			at, size = first+data.Len(), len(t.data)
			data.Write(t.data)
			data.Write(make([]byte, -size&3))
		}
		table = append(table, t.sign...)
		table = binary.BigEndian.AppendUint32(table, uint32(at))
		table = binary.BigEndian.AppendUint32(table, uint32(size))
	}
	h := binary.BigEndian.AppendUint32(nil, uint32(first+data.Len()))
	h = append(h, "\x00\x00\x00\x00\x02\x10\x00\x00mntrRGB XYZ "...)
	for _, n := range []uint16{2026, 1, 1, 0, 0, 0} { // when it was made: the same for the same bytes
		h = binary.BigEndian.AppendUint16(h, n)
	}
	h = append(h, "acsp"...)
	h = append(h, make([]byte, 28)...) // no platform, flags, device or attributes; perceptual
	h = append(h, fixed(whiteXYZ)[8:]...)
	h = append(h, make([]byte, header-len(h))...)
	return append(append(h, table...), data.Bytes()...)
}

// linear is the light of a value, after IEC 61966-2-1.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
