// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Shapes are the outlines of places, projected once at start-up.
type Shapes struct {
	Box   string // viewBox
	Paths []ShapePath
}

// ShapePath is the outline of one place as SVG path data.
type ShapePath struct{ Code, Name, Path string }

// MapArea is a place as the map by borders shows it.
type MapArea struct {
	Path     string
	Class    string // as in HexCell
	Title    string
	Href     string
	Selected bool
}

// shapeWidth is the drawing's width in its own units; one unit is about 200 m of a province.
const shapeWidth = 600.0

// ReadShapes reads a GeoJSON collection of polygons in degrees with the properties code and name, and projects it: equal
// distances along the middle latitude, good enough for one province.
func ReadShapes(data []byte) (Shapes, error) {
	var file struct {
		Features []struct {
			Properties struct{ Code, Name string }
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return Shapes{}, fmt.Errorf("outlines: %w", err)
	}
	all := make([][][][2]float64, len(file.Features))
	west, south, east, north := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i, f := range file.Features {
		rings, err := ringsOf(f.Geometry.Type, f.Geometry.Coordinates)
		if err != nil {
			return Shapes{}, fmt.Errorf("outlines: %s %s: %w", f.Properties.Code, f.Properties.Name, err)
		}
		all[i] = rings
		for _, ring := range rings {
			for _, p := range ring {
				west, east = min(west, p[0]), max(east, p[0])
				south, north = min(south, p[1]), max(north, p[1])
			}
		}
	}
	if west >= east || south >= north {
		return Shapes{}, fmt.Errorf("outlines: no area")
	}
	flat := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := shapeWidth / ((east - west) * flat)
	s := Shapes{Box: "-2 -2 " + number(shapeWidth+4) + " " + number((north-south)*scale+4)}
	for i, f := range file.Features {
		var b strings.Builder
		for _, ring := range all[i] {
			for j, p := range ring {
				cmd := "L"
				if j == 0 {
					cmd = "M"
				}
				b.WriteString(cmd + number((p[0]-west)*flat*scale) + " " + number((north-p[1])*scale))
			}
			b.WriteByte('Z')
		}
		s.Paths = append(s.Paths, ShapePath{f.Properties.Code, f.Properties.Name, b.String()})
	}
	return s, nil
}

func ringsOf(kind string, coordinates json.RawMessage) ([][][2]float64, error) {
	switch kind {
	case "Polygon":
		var rings [][][2]float64
		err := json.Unmarshal(coordinates, &rings)
		return rings, err
	case "MultiPolygon":
		var polygons [][][][2]float64
		if err := json.Unmarshal(coordinates, &polygons); err != nil {
			return nil, err
		}
		var rings [][][2]float64
		for _, p := range polygons {
			rings = append(rings, p...)
		}
		return rings, nil
	}
	return nil, fmt.Errorf("a geometry of type %q", kind)
}

func (a MapArea) class() string {
	if a.Selected {
		return a.Class + " sel"
	}
	return a.Class
}
