// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"hoctap/internal/fault"
)

// maxPixels is far above a signature's picture and far below what would hurt the server.
const maxPixels = 4_000_000

// appearance adds what shows at a place: the picture in the middle of the rectangle.
func (u *update) appearance(p Place) (dict, error) {
	head, err := png.DecodeConfig(bytes.NewReader(p.Picture))
	if err != nil || head.Width < 1 || head.Height < 1 || head.Width > maxPixels/head.Height {
		return nil, fault.Invalid(fault.Field("picture", "sign.picture"))
	}
	picture, err := png.Decode(bytes.NewReader(p.Picture))
	if err != nil {
		return nil, fault.Invalid(fault.Field("picture", "sign.picture"))
	}
	colours, opacity := layers(picture)
	size := func() dict {
		return dict{"Type": name("XObject"), "Subtype": name("Image"), "Width": integer(head.Width), "Height": integer(head.Height),
			"BitsPerComponent": integer(8), "Filter": name("FlateDecode")}
	}
	mask := size()
	mask["ColorSpace"] = name("DeviceGray")
	drawn := size()
	drawn["ColorSpace"] = name("DeviceRGB")
	drawn["SMask"] = u.addStream(mask, squeeze(opacity))
	shown := u.addStream(drawn, squeeze(colours))

	const point = 72 / 25.4
	width, height := p.Width*point, p.Height*point
	scale := min(width/float64(head.Width), height/float64(head.Height))
	w, h := scale*float64(head.Width), scale*float64(head.Height)
	content := fmt.Appendf(nil, "q %.3f 0 0 %.3f %.3f %.3f cm /Picture Do Q", w, h, (width-w)/2, (height-h)/2)
	n := u.addStream(dict{"Type": name("XObject"), "Subtype": name("Form"), "BBox": array{integer(0), integer(0), decimal(width), decimal(height)},
		"Resources": dict{"XObject": dict{"Picture": shown}}}, content)
	return dict{"N": n}, nil
}

// layers takes a picture apart: PDF files keep colours and opacity in images of their own.
func layers(p image.Image) (colours, opacity []byte) {
	b := p.Bounds()
	colours = make([]byte, 0, 3*b.Dx()*b.Dy())
	opacity = make([]byte, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(p.At(x, y)).(color.NRGBA)
			colours = append(colours, c.R, c.G, c.B)
			opacity = append(opacity, c.A)
		}
	}
	return colours, opacity
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b) // a buffer never fails
	z.Close()
	return out.Bytes()
}
