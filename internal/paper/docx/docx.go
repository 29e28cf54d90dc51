// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package docx writes a paper as an office file (OOXML) that people open and go on editing in Word or LibreOffice, with the layout of Decree
// 30/2020/NĐ-CP, annex I: named styles for every role, heads and signatures as tables, lists whose head repeats, annexes as sections.
//
// It knows only the typed document. The same document gives the same bytes.
package docx

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
)

// Write writes d, which is clean, to w. It holds one row of a table at a time. It fails with what w or a QR code too long for any symbol says.
func Write(w io.Writer, d *paper.Document) (err error) {
	defer fault.Wrap(&err, "docx.Write(%s)", d.Title)
	day, dayErr := time.Parse(time.DateOnly, d.Date)
	a := archive{zip: zip.NewWriter(w), at: day}
	if dayErr != nil {
		a.at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // a draft: the first day that a zip knows
	}
	a.part("[Content_Types].xml", func(o out) { o.put(contentTypes) })
	a.part("_rels/.rels", func(o out) { o.put(packageLinks) })
	a.part("docProps/app.xml", func(o out) { o.put(appProperties) })
	a.part("docProps/core.xml", func(o out) { coreProperties(o, d, dayErr == nil) })
	a.part("word/styles.xml", writeStyles)
	a.part("word/settings.xml", func(o out) { o.put(settings) })
	a.part("word/"+firstHeader, func(o out) { header(o, d.Marks, false) })
	a.part("word/"+otherHeader, func(o out) { header(o, d.Marks, true) })
	var b body
	a.part("word/document.xml", func(o out) {
		b.out = o
		b.document(d)
	})
	if b.err != nil {
		return b.err
	}
	for i, image := range b.images {
		a.part("word/"+imageName(i), func(o out) { o.Write(image) })
	}
	a.part("word/_rels/document.xml.rels", func(o out) { documentLinks(o, len(b.images)) })
	if a.err != nil {
		return a.err
	}
	return a.zip.Close()
}

// archive writes the parts of the file one after another, all of the same time. Its first error stays.
type archive struct {
	zip *zip.Writer
	at  time.Time
	err error
}

func (a *archive) part(name string, write func(out)) {
	if a.err != nil {
		return
	}
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.at})
	if err != nil {
		a.err = err
		return
	}
	o := out{bufio.NewWriter(w)}
	write(o)
	a.err = o.Flush()
}

const (
	declaration  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	officeLinks  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packageNames = `http://schemas.openxmlformats.org/package/2006/`
	wordTypes    = `application/vnd.openxmlformats-officedocument.wordprocessingml.`
	firstHeader  = "header1.xml"
	otherHeader  = "header2.xml"
)

const contentTypes = declaration + `<Types xmlns="` + packageNames + `content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Default Extension="png" ContentType="image/png"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordTypes + `document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="` + wordTypes + `styles+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="` + wordTypes + `settings+xml"/>` +
	`<Override PartName="/word/` + firstHeader + `" ContentType="` + wordTypes + `header+xml"/>` +
	`<Override PartName="/word/` + otherHeader + `" ContentType="` + wordTypes + `header+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
	`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>` +
	`</Types>`

const packageLinks = declaration + `<Relationships xmlns="` + packageNames + `relationships">` +
	`<Relationship Id="rId1" Type="` + officeLinks + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="` + packageNames + `relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
	`<Relationship Id="rId3" Type="` + officeLinks + `/extended-properties" Target="docProps/app.xml"/>` +
	`</Relationships>`

const appProperties = declaration + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">` +
	`<Application>hoctap</Application></Properties>`

const settings = declaration + `<w:settings xmlns:w="` + wordNames + `"><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>` +
	`<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" ` +
	`w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="vi-VN"/></w:settings>`

// coreProperties leaves the day of creation out of a draft, which has none.
func coreProperties(o out, d *paper.Document, dated bool) {
	o.put(declaration, `<cp:coreProperties xmlns:cp="`+packageNames+`metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" `+
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	o.text(d.Title)
	o.put(`</dc:title><dc:creator>`)
	o.text(d.Author)
	o.put(`</dc:creator>`)
	if dated {
		o.put(`<dcterms:created xsi:type="dcterms:W3CDTF">`, d.Date, `T00:00:00Z</dcterms:created>`)
	}
	o.put(`<dc:language>vi-VN</dc:language></cp:coreProperties>`)
}

// documentLinks names what document.xml uses by the identifiers that page.go and code.go write.
func documentLinks(o out, images int) {
	o.put(declaration, `<Relationships xmlns="`+packageNames+`relationships">`)
	link := func(id, kind, target string) {
		o.put(`<Relationship Id="`, id, `" Type="`+officeLinks+`/`, kind, `" Target="`, target, `"/>`)
	}
	link("styles", "styles", "styles.xml")
	link("settings", "settings", "settings.xml")
	link("first", "header", firstHeader)
	link("other", "header", otherHeader)
	for i := range images {
		link(imageLink(i), "image", imageName(i))
	}
	o.put(`</Relationships>`)
}

func imageName(i int) string { return fmt.Sprintf("media/code%d.png", i+1) }
func imageLink(i int) string { return fmt.Sprintf("code%d", i+1) }
