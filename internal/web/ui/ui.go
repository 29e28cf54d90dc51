// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package ui holds the pieces pages are made of: the frames around a page, and buttons, tiles, tables, forms, maps and charts.
// Pieces take plain view structs with texts already in the reader's language; they know no domain package.
// Percentages are whole numbers in hundredths of a percent (8790 is 87,9%). No piece writes a style attribute, because the
// content policy forbids them: bars and charts are SVG.
//
// docs/ui.md lists the pieces and the rules; go run ./ui/gallery serves them.
package ui

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.1100 generate -path .

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"
)

// Words is a piece of plain text.
func Words(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// Join draws pieces one after another.
func Join(pieces ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, p := range pieces {
			if p == nil {
				continue
			}
			if err := p.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// Strong is a figure inside a sentence: bold, in tabular digits.
func Strong(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<b class="num">`+templ.EscapeString(s)+`</b>`)
		return err
	})
}

// share writes hundredths of a percent as an SVG length, kept between 0 and 100%.
func share(hundredths int64) string {
	h := min(max(hundredths, 0), 10000)
	return strconv.FormatFloat(float64(h)/100, 'f', -1, 64) + "%"
}

// number writes a coordinate with at most one decimal.
func number(f float64) string {
	return strconv.FormatFloat(float64(int(f*10+copysign(0.5, f)))/10, 'f', -1, 64)
}

func copysign(half, f float64) float64 {
	if f < 0 {
		return -half
	}
	return half
}
