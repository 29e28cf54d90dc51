// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/sheet"
)

const (
	manyRows  = 200_000
	manyCols  = 12
	allowedMB = 300
)

// TestMemory reads 200,000 rows of 12 columns in a process of its own and asks the system for the most memory that it
// ever held.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 2.4 million cells")
	}
	if runtime.GOOS != "linux" {
		t.Skip("the peak of a process is read from /proc")
	}
	if path := os.Getenv("HOCTAP_SHEET_MEMORY"); path != "" {
		readMany(t, path)
		return
	}
	for _, shared := range []bool{false, true} {
		t.Run(fmt.Sprintf("shared=%t", shared), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "many.xlsx")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			writeMany(t, f, shared)
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestMemory$", "-test.v")
			cmd.Env = append(os.Environ(), "HOCTAP_SHEET_MEMORY="+path)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			_, after, _ := strings.Cut(string(out), "peak kB: ")
			kB, err := strconv.Atoi(strings.Fields(after + " ?")[0])
			if err != nil {
				t.Fatalf("no peak in %s", out)
			}
			t.Logf("peak %d MB", kB>>10)
			if kB>>10 >= allowedMB {
				t.Errorf("peak is %d MB, allowed are %d", kB>>10, allowedMB)
			}
		})
	}
}

func readMany(t *testing.T, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sheet.Open(t.Context(), f, info.Size(), path)
	if err != nil {
		t.Fatal(err)
	}
	rows, cells := 0, 0
	for r, err := range b.Rows(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		cells += len(r.Cells)
	}
	if rows != manyRows+1 || cells != (manyRows+1)*manyCols {
		t.Errorf("read %d rows, %d cells", rows, cells)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	t.Logf("peak kB: %s", strings.Fields(peak)[0])
}
