// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// HexPlace is one cell of a cartogram: place code, name, column and row (odd rows stand half a cell to the right), and the
// region it belonged to before the merger.
type HexPlace struct {
	Code   string `json:"ma"`
	Name   string `json:"ten"`
	Col    int    `json:"c"`
	Row    int    `json:"r"`
	Region string `json:"vung"`
}

// ReadHex reads the shipped cartogram (data/places/phu_tho_hex.json).
func ReadHex(data []byte) ([]HexPlace, error) {
	var file struct {
		Places []HexPlace `json:"xa"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("cartogram: %w", err)
	}
	if len(file.Places) == 0 {
		return nil, fmt.Errorf("cartogram: no cells")
	}
	return file.Places, nil
}

// HexCell is a cell as it is shown.
type HexCell struct {
	HexPlace
	Value    string // printed in the cell: "87"; "–" without data
	Class    string // "d1" to "d5", "d0" without data: see DistanceClass
	Title    string // said of the cell: "Xã Thu Cúc: 74,8%"
	Href     string
	Selected bool
}

// DistanceClass gives the class of a value by its distance to the target, both in hundredths of a percent: d1 more
// than 10 points below, d2 from 5 to 10, d3 under 5, d4 on target, d5 five or more above.
func DistanceClass(value, target int64) string {
	switch gap := value - target; {
	case gap < -1000:
		return "d1"
	case gap <= -500:
		return "d2"
	case gap < 0:
		return "d3"
	case gap < 500:
		return "d4"
	}
	return "d5"
}

// The cells' measures in the drawing's units.
const hexRadius = 18.0

var hexHalf = hexRadius * math.Sqrt(3) / 2

func (c HexPlace) centre() (x, y float64) {
	x = 20 + hexHalf*float64(2*c.Col)
	if c.Row&1 == 1 {
		x += hexHalf
	}
	return x, 22 + hexRadius*1.5*float64(c.Row)
}

// corners go clockwise from the upper right one.
func (c HexPlace) corners() [6][2]float64 {
	x, y := c.centre()
	h, r := hexHalf, hexRadius
	return [6][2]float64{{x + h, y - r/2}, {x + h, y + r/2}, {x, y + r}, {x - h, y + r/2}, {x - h, y - r/2}, {x, y - r}}
}

func (c HexPlace) polygon() string {
	var b strings.Builder
	for i, p := range c.corners() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(number(p[0]) + "," + number(p[1]))
	}
	return b.String()
}

// neighbour is the cell across the side from corner i to corner i+1.
func (c HexPlace) neighbour(side int) (col, row int) {
	odd := c.Row & 1
	switch side {
	case 0:
		return c.Col + 1, c.Row
	case 1:
		return c.Col + odd, c.Row + 1
	case 2:
		return c.Col - 1 + odd, c.Row + 1
	case 3:
		return c.Col - 1, c.Row
	case 4:
		return c.Col - 1 + odd, c.Row - 1
	}
	return c.Col + odd, c.Row - 1
}

// hexBorders draws the sides between cells of different regions, each once.
func hexBorders(cells []HexCell) string {
	region := make(map[[2]int]string, len(cells))
	for _, c := range cells {
		region[[2]int{c.Col, c.Row}] = c.Region
	}
	var b strings.Builder
	for _, c := range cells {
		p := c.corners()
		for side := range 3 { // the other three are the neighbour's
			col, row := c.neighbour(side)
			if r, ok := region[[2]int{col, row}]; ok && r != c.Region {
				q := p[(side+1)%6]
				b.WriteString("M" + number(p[side][0]) + " " + number(p[side][1]) + "L" + number(q[0]) + " " + number(q[1]))
			}
		}
	}
	return b.String()
}

// hexBox is the drawing's viewBox: all cells and a line of text above.
func hexBox(cells []HexCell) string {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range cells {
		x, y := c.centre()
		left, right = min(left, x-hexHalf), max(right, x+hexHalf)
		top, bottom = min(top, y-hexRadius), max(bottom, y+hexRadius)
	}
	return strings.Join([]string{number(left - 4), number(top - 4), number(right - left + 8), number(bottom - top + 8)}, " ")
}

// regionLabel is a region's name and where there is room for it: beside its outermost rows.
type regionLabel struct {
	name, x, y string
	end        bool // the text ends at x
}

// regionLabels places each name in the free corner of the drawing that lies nearest to the region.
func regionLabels(cells []HexCell) []regionLabel {
	type spot struct {
		x, y float64
		end  bool
	}
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	sum := map[string][3]float64{}
	var order []string
	for _, c := range cells {
		x, y := c.centre()
		left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
		s, ok := sum[c.Region]
		if !ok {
			order = append(order, c.Region)
		}
		sum[c.Region] = [3]float64{s[0] + x, s[1] + y, s[2] + 1}
	}
	spots := []spot{{left - hexHalf, top - 4, false}, {right + hexHalf, top + 12, true}, {left - hexHalf, bottom - 90, false}, {right + hexHalf, bottom - 4, true}}
	var labels []regionLabel
	for _, name := range order {
		if name == "" || len(spots) == 0 {
			continue
		}
		s := sum[name]
		x, y := s[0]/s[2], s[1]/s[2]
		best := 0
		for i, sp := range spots {
			if math.Hypot(sp.x-x, sp.y-y) < math.Hypot(spots[best].x-x, spots[best].y-y) {
				best = i
			}
		}
		labels = append(labels, regionLabel{name, number(spots[best].x), number(spots[best].y), spots[best].end})
		spots = append(spots[:best], spots[best+1:]...)
	}
	return labels
}

func (c HexCell) textAt() (x, y string) {
	cx, cy := c.centre()
	return number(cx), number(cy + 0.5)
}

func (c HexCell) class() string {
	if c.Selected {
		return c.Class + " sel"
	}
	return c.Class
}

// selectedLast draws the chosen cell over its neighbours.
func selectedLast(cells []HexCell) []HexCell {
	list := make([]HexCell, 0, len(cells))
	var chosen []HexCell
	for _, c := range cells {
		if c.Selected {
			chosen = append(chosen, c)
		} else {
			list = append(list, c)
		}
	}
	return append(list, chosen...)
}
