// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	"hoctap/internal/evidence"
)

func TestSniffDecidesByContent(t *testing.T) {
	small := photo(40, 30, 1)
	for want, body := range map[evidence.Kind][]byte{
		evidence.JPEG: encodeJPEG(t, small, 80),
		evidence.PNG:  encodePNG(t, small),
		evidence.GIF:  encodeGIF(t, small),
		evidence.WebP: riff(plainVP8L(8, 8, color.RGBA{1, 2, 3, 255})),
		evidence.PDF:  pdf("<< /Type /Catalog >>"),
		evidence.DOCX: docx(t),
		evidence.XLSX: zipOf(t, entry{"[Content_Types].xml", ""}, entry{"xl/workbook.xml", ""}),
		evidence.PPTX: zipOf(t, entry{"[Content_Types].xml", ""}, entry{"ppt/presentation.xml", ""}),
		evidence.ODT:  zipOf(t, entry{"mimetype", odtType}, entry{"content.xml", ""}),
		evidence.ODS:  zipOf(t, entry{"mimetype", odsType}, entry{"content.xml", ""}),
	} {
		// The ending lies each time.
		if got, err := evidence.Sniff(body, "x.txt"); got != want || err != nil {
			t.Errorf("%s: %q, %v", want, got, err)
		}
	}
}

func TestSniffRefusesWithAReason(t *testing.T) {
	jpg := encodeJPEG(t, photo(40, 30, 1), 80)
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for _, c := range []struct{ name, body, key string }{
		{"trong.jpg", "", "empty"},
		{"IMG_0001.HEIC", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"},
		{"anh.avif", "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", "heic"},
		{"anh.jpg", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "heic"},
		{"phim.mp4", "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "media"},
		{"ghi-am.flac", "fLaC\x00\x00\x00\x22\x10\x00", "media"},
		{"trang.jpg", "<!DOCTYPE html><html><body>x</body></html>", "web_page"},
		{"trang.jpg", "  <script>alert(1)</script>", "web_page"},
		{"hinh.png", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "svg"},
		{"hinh.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "svg"},
		{"anh.bmp", "BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", "picture_kind"},
		{"anh.tif", "II*\x00\x08\x00\x00\x00", "picture_kind"},
		{"anh.jpg", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "program"},
		{"anh.jpg", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x3e\x00", "program"},
		{"anh.jpg", "#!/bin/sh\nrm -rf /\n", "program"},
		{"chay.bat", "@echo off\r\n", "program"},
		{"ghi-chu.txt", "Gia đình học tập", "text"},
		{"cu.doc", ole, "office_old"},
		{"khoa.xlsx", ole, "office_old"},
		{"cu.rtf", `{\rtf1\ansi x}`, "office_old"},
		{"macro.docm", string(docx(t)), "office_macro"},
		{"nen.zip", string(zipOf(t, entry{"a.jpg", "x"})), "archive"},
		{"nen.rar", "Rar!\x1a\x07\x01\x00", "archive"},
		{"app.apk", string(zipOf(t, entry{"AndroidManifest.xml", "x"})), "program"},
		{"la.jpg", "\x01\x02\x03\x04 nothing known", "unknown"},
		{"hai-mat.jpg", string(jpg) + string(zipOf(t, entry{"a.html", "x"})), "two_faces"},
		{"hai-mat.jpg", string(withSegment(jpg, 0xfe, []byte("<ScRiPt>alert(1)</script>"))), "two_faces"},
		{"hai-mat.jpg", string(jpg) + "<html><body>", "two_faces"},
		{"hai-mat.gif", "GIF89a" + "\x28\x00\x1e\x00\x00\x00\x00%PDF-1.4\n", "two_faces"},
	} {
		t.Run(fmt.Sprintf("%s as %s", c.name, c.key), func(t *testing.T) {
			kind, err := evidence.Sniff([]byte(c.body), c.name)
			if kind != "" || keyOf(err) != c.key {
				t.Errorf("got %q, %v", kind, err)
			}
		})
	}
}

// What phones append after the picture is no reason to refuse it.
func TestSniffAcceptsPhoneTrailers(t *testing.T) {
	jpg := encodeJPEG(t, photo(40, 30, 1), 80)
	for name, trailer := range map[string]string{
		"padding":        strings.Repeat("\x00", 64),
		"second picture": string(jpg),
		"short film":     "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42",
		"maker's notes":  "\x00\x00\x01\x0aImage_UTC_Data1732500000000SEFHk\x00\x00\x00SEFT",
	} {
		if kind, err := evidence.Sniff(append(jpg[:len(jpg):len(jpg)], trailer...), "a.jpg"); kind != evidence.JPEG || err != nil {
			t.Errorf("%s: %q, %v", name, kind, err)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff"), "a.jpg")
	f.Add(docx(f), "a.docx")
	f.Add([]byte("\x00\x00\x00\x18ftypheic"), "a.heic")
	f.Add(zipOf(f, entry{"mimetype", odtType}), "a.odt")
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		kind, err := evidence.Sniff(head, name)
		if (kind == "") == (err == nil) {
			t.Fatalf("kind %q with error %v", kind, err)
		}
	})
}
