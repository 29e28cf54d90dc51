// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"fmt"
	"io/fs"
	"math"

	"hoctap/internal/text"

	"go.yaml.in/yaml/v3"
)

const targetsFile = "targets.yaml"

// targetsSchema is the only format that readTargets knows.
const targetsSchema = "learning-targets/1"

// readTargets reads what decisions state from data/reference. A figure is verified when its own line says so, or else its
// programme. It fails with the place in the file that is wrong.
func readTargets(files fs.FS) ([]Stated, error) {
	body, err := fs.ReadFile(files, targetsFile)
	if err != nil {
		return nil, err
	}
	var file struct {
		Schema     string `yaml:"schema"`
		Programmes []struct {
			ID       string      `yaml:"id"`
			Verified bool        `yaml:"verified"`
			Targets  []yaml.Node `yaml:"targets"`
		} `yaml:"programmes"`
	}
	if err := yaml.Unmarshal(body, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", targetsFile, err)
	}
	if file.Schema != targetsSchema {
		return nil, fmt.Errorf("%s: schema %q, want %q", targetsFile, file.Schema, targetsSchema)
	}
	var list []Stated
	for _, p := range file.Programmes {
		for _, node := range p.Targets {
			t := struct {
				Year     int      `yaml:"year"`
				Model    string   `yaml:"model"`
				Measure  string   `yaml:"measure"`
				Region   string   `yaml:"region"`
				Of       string   `yaml:"of"`
				Percent  *float64 `yaml:"percent"`
				Verified *bool    `yaml:"verified"`
				Note     string   `yaml:"note"`
			}{Region: RegionDefault}
			if err := node.Decode(&t); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", targetsFile, node.Line, err)
			}
			s := Stated{Programme: p.ID, Year: t.Year, Model: t.Model, Region: t.Region, Whom: text.NFC(t.Of + t.Measure),
				Verified: p.Verified, Note: text.NFC(t.Note)}
			if t.Verified != nil {
				s.Verified = *t.Verified
			}
			if t.Percent != nil {
				s.Percent, s.Known = int(math.Round(*t.Percent*100)), true
			}
			if p.ID == "" || t.Year < 1900 || !isRegion(s.Region) || s.Percent < 0 || s.Percent > 100_00 || (t.Model == "") == (t.Measure == "") {
				return nil, fmt.Errorf("%s:%d: a target needs a programme, a year, a region kind, a model or a measure, and 0 to 100 percent", targetsFile, node.Line)
			}
			list = append(list, s)
		}
	}
	return list, nil
}
