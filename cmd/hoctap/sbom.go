// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"

	"hoctap/internal/web/assets"
)

// sbomCmd is `hoctap sbom`: what the program is made of, for who must know whether a weakness of a part is his.
type sbomCmd struct{}

// Run prints CycloneDX JSON.
func (sbomCmd) Run() error { return writeSBOM(os.Stdout) }

// licences names the licence of every module that is linked, one a line: module, SPDX identifier. A test reads the licences themselves.
//
//go:embed licences.txt
var licences string

// dataParts are the data inside the program; NOTICE and the README files beside them say where each comes from.
var dataParts = []struct{ name, what, licence string }{
	{"data/criteria", "Criteria sets of the five models, as numbers and our own wording", "Apache-2.0"},
	{"data/places", "Administrative units of Viet Nam, official lists, and boundaries for reference", "MIT"},
	{"data/reference", "Targets, columns of reports and stages of the programme, from official documents", "Apache-2.0"},
}

func writeSBOM(w io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this program does not say what it was built from")
	}
	bom := cyclonedx.NewBOM()
	own := cyclonedx.Component{Type: cyclonedx.ComponentTypeApplication, BOMRef: "hoctap", Name: "hoctap", Version: info.Main.Version, Licenses: licensed("Apache-2.0")}
	bom.Metadata = &cyclonedx.Metadata{Component: &own}
	parts := []cyclonedx.Component{{Type: cyclonedx.ComponentTypeLibrary, BOMRef: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"), Name: "std", Version: strings.TrimPrefix(info.GoVersion, "go"),
		PackageURL: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"), Licenses: licensed("BSD-3-Clause")}}
	by := licenceOf()
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		ref := "pkg:golang/" + m.Path + "@" + m.Version
		parts = append(parts, cyclonedx.Component{Type: cyclonedx.ComponentTypeLibrary, BOMRef: ref, Name: m.Path, Version: m.Version, PackageURL: ref, Licenses: licensed(by[m.Path])})
	}
	bundled, err := bundledPackages()
	if err != nil {
		return err
	}
	for _, p := range bundled {
		ref := "pkg:npm/" + strings.Replace(p.Name, "@", "%40", 1) + "@" + p.Version
		parts = append(parts, cyclonedx.Component{Type: cyclonedx.ComponentTypeLibrary, BOMRef: ref, Name: p.Name, Version: p.Version, PackageURL: ref, Licenses: fontLicence(p.License)})
	}
	for _, d := range dataParts {
		parts = append(parts, cyclonedx.Component{Type: cyclonedx.ComponentTypeData, BOMRef: "hoctap/" + d.name, Name: d.name, Description: d.what, Licenses: licensed(d.licence)})
	}
	bom.Components = &parts
	refs := make([]string, len(parts))
	for i, p := range parts {
		refs[i] = p.BOMRef
	}
	slices.Sort(refs)
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: "hoctap", Dependencies: &refs}}
	return cyclonedx.NewBOMEncoder(w, cyclonedx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cyclonedx.SpecVersion1_6) // the newest that other tools read
}

func licensed(id string) *cyclonedx.Licenses {
	switch {
	case id == "":
		return nil
	case strings.Contains(id, " "):
		return &cyclonedx.Licenses{{Expression: id}}
	}
	return &cyclonedx.Licenses{{License: &cyclonedx.License{ID: id}}}
}

// fontLicence is that of a font: the packages around the fonts name the licence of their scripts, too.
func fontLicence(said string) *cyclonedx.Licenses {
	if strings.Contains(said, "OFL") {
		return licensed("OFL-1.1")
	}
	return licensed(said)
}

func licenceOf() map[string]string {
	by := map[string]string{}
	for line := range strings.Lines(licences) {
		if module, id, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			by[module] = id
		}
	}
	return by
}

// npmPackage is a package of npm whose files are in the pages.
type npmPackage struct{ Name, Version, License string }

// bundledPackages reads the list that the build of the pages leaves; a program without pages has none.
func bundledPackages() (list []npmPackage, err error) {
	if raw := assets.Read("packages.json"); raw != nil {
		err = json.Unmarshal(raw, &list)
	}
	return list, err
}
