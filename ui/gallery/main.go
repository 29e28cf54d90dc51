// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Command gallery serves every piece of internal/web/ui with invented content, under the policy header of the real
// pages, to look at and to check with a browser:
//
//	go run ./ui/gallery -listen 127.0.0.1:8090
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/a-h/templ"

	"hoctap/internal/web/assets"
	"hoctap/internal/web/ui"
)

const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "address to serve on")
	data := flag.String("data", "data/places", "folder of the cartogram and the outlines")
	flag.Parse()
	if err := run(*listen, *data); err != nil {
		log.Fatal(err)
	}
}

func run(listen, data string) error {
	hexFile, err := os.ReadFile(filepath.Join(data, "phu_tho_hex.json"))
	if err != nil {
		return err
	}
	places, err := ui.ReadHex(hexFile)
	if err != nil {
		return err
	}
	outlines, err := os.ReadFile(filepath.Join(data, "phu_tho_communes_2025.low.geojson"))
	if err != nil {
		return err
	}
	shapes, err := ui.ReadShapes(outlines)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	pages := map[string]templ.Component{
		"/":           piecesPage(),
		"/bieu-mau":   formsPage(),
		"/trang-thai": statesPage(),
		"/tong-quan":  dashboardPage(hexCells(places), shapes.Box, mapAreas(shapes)),
		"/tuan-nay":   weekPage(),
		"/tham-dinh":  reviewPage(),
		"/cong":       publicPage(),
		"/giay":       paperPage(),
		"/bieu-do":    chartPage(),
	}
	for path, page := range pages {
		if path == "/" {
			path = "/{$}"
		}
		mux.Handle("GET "+path, ui.Settings(templ.Handler(page)))
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Printf("gallery: http://%s (styles built: %v)\n", l.Addr(), assets.Built())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
}
