// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"
)

var (
	qrBox  = regexp.MustCompile(`viewBox="(-?\d+) (-?\d+) (\d+) (\d+)" role="img"`)
	qrPath = regexp.MustCompile(`fill="#111" d="([^"]+)"`)
	qrRun  = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`)
)

// TestCodeIsRead paints the code that stands on the page and lets another program read it.
func TestCodeIsRead(t *testing.T) {
	papertest.Need(t, "zbarimg")
	for _, base := range []string{"", "https://hoctap.phutho.gov.vn"} {
		t.Setenv("HOCTAP_URL", base)
		o := open(t, "Hà Văn Chiến")
		at := o.signed()
		want := "http://hoctap.example:8080"
		if base != "" {
			want = base
		}
		want += "/xac-minh/" + string(o.titles(at)[0].Code)
		r := httptest.NewRequest("GET", "http://hoctap.example:8080"+at+"/giay", nil)
		page := o.do(officer, r).is(200).body
		out := papertest.Run(t, "zbarimg", "--raw", "--quiet", papertest.Keep(t, "code.png", painted(t, page)))
		printed, seal, sealed := strings.Cut(strings.TrimSpace(out), "?in=")
		if printed != want || !sealed || len(seal) != 8 {
			t.Fatalf("zbarimg reads %q; want %q and its seal", out, want)
		}
		public := "/xac-minh/" + string(o.titles(at)[0].Code)
		o.get("", public+"?in="+seal).is(200, "Giấy này có hiệu lực", "do hệ thống in ra").lacks("không phải do hệ thống in ra")
		o.get("", public).is(200, "Giấy này có hiệu lực").lacks("do hệ thống in ra")
		o.get("", public+"?in="+strings.ToLower(seal)).is(200, "Giấy này có hiệu lực").lacks("không phải do hệ thống in ra")
		o.get("", public+"?in=00000000").is(200, "không phải do hệ thống in ra").lacks("Giấy này có hiệu lực")
		o.get("", "/xac-minh/000000000000?in="+seal).is(200, "Không có").lacks("do hệ thống in ra")
	}
}

// painted draws the first code of a page at six points a module.
func painted(t *testing.T, page string) []byte {
	t.Helper()
	box, path := qrBox.FindStringSubmatch(page), qrPath.FindStringSubmatch(page)
	if box == nil || path == nil {
		t.Fatal("there is no code on the page")
	}
	var left, top, side, x, y, width int
	fmt.Sscan(box[1], &left)
	fmt.Sscan(box[2], &top)
	fmt.Sscan(box[3], &side)
	const scale = 6
	img := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for _, run := range qrRun.FindAllStringSubmatch(path[1], -1) {
		fmt.Sscan(strings.Join(run[1:], " "), &x, &y, &width)
		for py := range scale {
			for px := range width * scale {
				img.SetGray((x-left)*scale+px, (y-top)*scale+py, color.Gray{0x11})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
