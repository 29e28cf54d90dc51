// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package placedata is the shipped list of administrative units, old and new, with boundaries. README.md beside it says
// where each file comes from, what was checked, and which traps are in the data.
package placedata

import "embed"

// Files holds every data file of this directory under its plain name.
//
//go:embed *.csv *.geojson *.json
var Files embed.FS
