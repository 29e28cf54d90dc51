// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle writes dist anew: one bundle for each sheet named in sheets and for each script directly in ui/src,
// the files of ui/static, the font licences and faces for PDF, and manifest.json from plain names to hashed ones.
func bundle(ui, dist string) error {
	entries, err := entryPoints(ui)
	if err != nil {
		return err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: entries, Outdir: dist, Outbase: ui, Bundle: true, Metafile: true,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		EntryNames: "[name]-[hash]", AssetNames: "[name]-[hash]",
		Format: api.FormatESModule, Target: api.ES2020, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		Engines:  []api.Engine{{Name: api.EngineChrome, Version: "87"}, {Name: api.EngineFirefox, Version: "85"}, {Name: api.EngineSafari, Version: "14.1"}},
		Loader:   map[string]api.Loader{".woff2": api.LoaderFile, ".ttf": api.LoaderFile, ".svg": api.LoaderCopy, ".css": api.LoaderCSS},
		LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("esbuild: %s", result.Errors[0].Text)
	}
	names, err := manifest(result.Metafile)
	if err != nil {
		return err
	}
	if err := empty(dist); err != nil {
		return err
	}
	for _, file := range result.OutputFiles {
		if err := write(dist, filepath.Base(file.Path), file.Contents); err != nil {
			return err
		}
	}
	for _, pattern := range plain {
		found, err := filepath.Glob(filepath.Join(ui, "fonts", pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			names[filepath.Base(path)] = filepath.Base(path)
			if err := write(dist, filepath.Base(path), data); err != nil {
				return err
			}
		}
	}
	parts, err := packages(ui)
	if err != nil {
		return err
	}
	names["packages.json"] = "packages.json"
	if err := write(dist, "packages.json", parts); err != nil {
		return err
	}
	list, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "manifest.json"), append(list, '\n'), 0o644)
}

// tools are dependencies that only make something: none of their files is in the bundle.
var tools = map[string]bool{"subset-font": true}

// packages lists the npm packages whose files are bundled, for the program's list of parts.
func packages(ui string) ([]byte, error) {
	var asked struct{ Dependencies map[string]string }
	if err := readJSON(filepath.Join(ui, "package.json"), &asked); err != nil {
		return nil, err
	}
	type part struct{ Name, Version, License string }
	var list []part
	for _, name := range slices.Sorted(maps.Keys(asked.Dependencies)) {
		if tools[name] {
			continue
		}
		var p part
		if err := readJSON(filepath.Join(ui, "node_modules", filepath.FromSlash(name), "package.json"), &p); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return json.Marshal(list)
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// plain are the files of ui/fonts that no sheet names: licences, and the faces that PDF embeds.
var plain = []string{"OFL-*.txt", "tinos-*.ttf"}

// sheets are the style sheets that pages link; the other files of ui/css are parts of these.
var sheets = []string{"css/app.css", "css/public.css", "css/print.css"}

func entryPoints(ui string) ([]string, error) {
	var entries []string
	for _, sheet := range sheets {
		entries = append(entries, filepath.Join(ui, sheet))
	}
	for _, pattern := range []string{"src/*.ts", "static/*"} {
		found, err := filepath.Glob(filepath.Join(ui, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			if !strings.HasSuffix(path, ".d.ts") && !strings.HasSuffix(path, ".test.ts") {
				entries = append(entries, path)
			}
		}
	}
	return entries, nil
}

// manifest reads from esbuild's account which output each source became: app.css, app.js, favicon.svg and the
// files that sheets refer to, so that a page can preload a font by its plain name.
func manifest(metafile string) (map[string]string, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string
			Inputs     map[string]any
		}
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, fmt.Errorf("esbuild's metafile: %w", err)
	}
	names := map[string]string{}
	for out, info := range meta.Outputs {
		source := info.EntryPoint
		if source == "" && len(info.Inputs) == 1 {
			for input := range info.Inputs {
				source = input
			}
		}
		if source == "" {
			return nil, fmt.Errorf("esbuild's metafile: %s comes from no one source", out)
		}
		plain := strings.TrimSuffix(filepath.Base(source), filepath.Ext(source)) + filepath.Ext(out)
		names[plain] = filepath.Base(out)
	}
	return names, nil
}

func empty(dist string) error {
	old, err := os.ReadDir(dist)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, file := range old {
		if file.Name() == ".keep" {
			continue
		}
		if err := os.Remove(filepath.Join(dist, file.Name())); err != nil {
			return err
		}
	}
	return os.MkdirAll(dist, 0o755)
}

// write stores a file and, where that saves a tenth, its gzip copy.
func write(dist, name string, data []byte) error {
	if err := os.WriteFile(filepath.Join(dist, name), data, 0o644); err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if packed.Len()*10 > len(data)*9 {
		return nil
	}
	return os.WriteFile(filepath.Join(dist, name+".gz"), packed.Bytes(), 0o644)
}
