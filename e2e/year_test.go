// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package e2e drives the built program in a real browser, on both engines.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hoctap/internal/demo"
	"hoctap/internal/store/storetest"
)

// browserVariable makes a missing browser or build a failure; without it the test is skipped. "make test" sets it.
const browserVariable = "HOCTAP_TEST_BROWSER"

func TestYearOfAnAreaInABrowser(t *testing.T) {
	need(t)
	t.Run("sqlite", func(t *testing.T) { year(t, "sqlite:"+filepath.Join(t.TempDir(), "hoctap.db")) })
	t.Run("postgres", func(t *testing.T) { year(t, storetest.PostgresURL(t)) })
}

func need(t *testing.T) {
	t.Helper()
	_, errBrowser := exec.LookPath("chromium")
	_, errNode := exec.LookPath("node")
	_, errModules := os.Stat("../ui/node_modules/playwright-core")
	if errBrowser == nil && errNode == nil && errModules == nil {
		return
	}
	if os.Getenv(browserVariable) != "" {
		t.Fatalf("a browser is needed: chromium %v, node %v, playwright-core %v", errBrowser, errNode, errModules)
	}
	t.Skipf("no browser here (chromium %v, node %v, playwright-core %v): make test installs one", errBrowser, errNode, errModules)
}

func year(t *testing.T, db string) {
	dir := t.TempDir()
	hoctap := filepath.Join(dir, "hoctap")
	run(t, "go", "build", "-o", hoctap, "../cmd/hoctap")
	files := filepath.Join(dir, "files")
	run(t, hoctap, "--db", db, "--files", files, "demo", "--families", "300", "--from", "2025", "--to", "2026", "--today", "2026-11-18", "--communes", "08515")
	base := serve(t, hoctap, "--db", db, "--files", files, "serve", "--today", "2026-11-25")

	list, other, photo := filepath.Join(dir, "danh-sach.xlsx"), filepath.Join(dir, "nganh-khac.xlsx"), filepath.Join(dir, "anh.jpg")
	messyList(t, list)
	otherRegisters(t, other)
	drawPhoto(t, photo)
	shots := filepath.Join("out", filepath.Base(t.Name()))
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "node", "year.mjs", base, demo.Password, list, other, photo, shots).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("the browser: %v", err)
	}
	run(t, hoctap, "--db", db, "--files", files, "verify")
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
}

// serve starts the program on a free port and stops it with the test.
func serve(t *testing.T, hoctap string, args ...string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	var log bytes.Buffer
	server := exec.Command(hoctap, append(args, "--listen", address)...)
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server did not stop cleanly: %v\n%s", err, log.String())
			}
		case <-time.After(30 * time.Second):
			_ = server.Process.Kill()
			t.Error("the server did not stop")
		}
	})
	for range 300 {
		if r, err := http.Get("http://" + address + "/healthz"); err == nil {
			r.Body.Close()
			return "http://" + address
		}
		select {
		case err := <-ended:
			t.Fatalf("the server ended: %v\n%s", err, log.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatalf("the server does not answer\n%s", log.String())
	return ""
}

// area is where the imported households live; it does not exist before.
const area = "Khu Thử Nghiệm"

// names of the eight good rows: one decomposed, one in capitals.
var names = []string{"Nguyễn Thị Một", "Trần Văn Hai", "Le\u0302 Thi\u0323 Ba", "Phạm Văn Bốn", "HOÀNG THỊ NĂM", "Đỗ Văn Sáu", "Bùi Thị Bảy", "Hà Văn Tám"}

// messyList is a list as communes have them: title rows, merged cells, numbers as text, a date as a serial number, a hidden row,
// a row without a name, a subtotal and signatures.
func messyList(t *testing.T, path string) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(cell string, value any) {
		t.Helper()
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "HỘI KHUYẾN HỌC XÃ HY CƯƠNG")
	set("A2", "DANH SÁCH HỘ GIA ĐÌNH ĐĂNG KÝ NĂM 2026")
	if err := f.MergeCell("Sheet1", "A2", "G2"); err != nil {
		t.Fatal(err)
	}
	for i, title := range []string{"TT", "Họ và tên chủ hộ", "Năm sinh", "Số nhân khẩu", "Số người lớn", "Số học sinh", "Khu dân cư"} {
		set(fmt.Sprintf("%c4", 'A'+i), title)
		set(fmt.Sprintf("%c5", 'A'+i), fmt.Sprintf("(%d)", i+1))
	}
	row := 6
	line := func(name string, values ...any) {
		set(fmt.Sprintf("A%d", row), row-5)
		set(fmt.Sprintf("B%d", row), name)
		for i, v := range values {
			set(fmt.Sprintf("%c%d", 'C'+i, row), v)
		}
		row++
	}
	for i, name := range names {
		line(name+"  ", 1960+i, "6", 4, "2", area)
	}
	line("", 1970, 5, 3, 2, area)
	set(fmt.Sprintf("B%d", row), "Tổng cộng")
	set(fmt.Sprintf("D%d", row), 53)
	set(fmt.Sprintf("F%d", row+2), "NGƯỜI LẬP BIỂU")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

// otherRegisters is what the poverty review, the culture office and the national citizen system say of the same households.
func otherRegisters(t *testing.T, path string) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{{"Họ và tên chủ hộ", "Khu dân cư", "Diện hộ", "Gia đình văn hóa", "Số công dân học tập"}}
	for _, name := range names {
		rows = append(rows, []any{name, area, "không", "có", 3})
	}
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

func drawPhoto(t *testing.T, path string) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for y := range 900 {
		for x := range 1200 {
			img.Set(x, y, color.RGBA{uint8(x / 5), uint8(y / 4), uint8((x ^ y) & 255), 255})
		}
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := jpeg.Encode(file, img, nil); err != nil {
		t.Fatal(err)
	}
}
