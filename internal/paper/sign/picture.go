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

const point = 72 / 25.4 // of a millimetre

func (p Place) pictured() bool { return p.Width != 0 || p.Height != 0 }

func (p Place) shows() bool { return p.pictured() || p.Line.Text != "" }

// all is the rectangle that a place takes with its line.
func (p Place) all() Place {
	line := Place{Left: p.Line.Left, Top: p.Line.Top, Width: p.Line.Width, Height: lineHeight}
	switch {
	case p.Line.Text == "":
		return p
	case !p.pictured():
		return line
	}
	left, top := min(p.Left, line.Left), min(p.Top, line.Top)
	return Place{Left: left, Top: top, Width: max(p.Left+p.Width, line.Left+line.Width) - left, Height: max(p.Top+p.Height, line.Top+line.Height) - top}
}

// appearance adds what shows at a place: the picture in the middle of its rectangle, and the line.
func (u *update) appearance(p Place) (dict, error) {
	all := p.all()
	form := dict{"Type": name("XObject"), "Subtype": name("Form"), "BBox": array{integer(0), integer(0), decimal(all.Width * point), decimal(all.Height * point)}, "Resources": dict{}}
	var content []byte
	if p.pictured() {
		shown, ratio, err := u.picture(p.Picture)
		if err != nil {
			return nil, err
		}
		width, height := p.Width*point, p.Height*point
		w, h := min(width, height*ratio), min(height, width/ratio)
		content = fmt.Appendf(content, "q %.3f 0 0 %.3f %.3f %.3f cm /Picture Do Q\n", w, h, (p.Left-all.Left)*point+(width-w)/2, (all.Top+all.Height-p.Top-p.Height)*point+(height-h)/2)
		form["Resources"] = dict{"XObject": dict{"Picture": shown}}
	}
	if l := p.Line; l.Text != "" {
		drawn, err := l.draw((l.Left-all.Left)*point, (all.Top+all.Height-l.Top-lineHeight)*point)
		if err != nil {
			return nil, err
		}
		content = append(content, drawn...)
	}
	return dict{"N": u.addStream(form, content)}, nil
}

// picture adds a PNG; ratio is its width by its height.
func (u *update) picture(b []byte) (shown ref, ratio float64, err error) {
	head, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || head.Width < 1 || head.Height < 1 || head.Width > maxPixels/head.Height {
		return 0, 0, fault.Invalid(fault.Field("picture", "sign.picture"))
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return 0, 0, fault.Invalid(fault.Field("picture", "sign.picture"))
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
	return u.addStream(drawn, squeeze(colours)), float64(head.Width) / float64(head.Height), nil
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
