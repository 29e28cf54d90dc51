// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"hoctap/internal/blob"
)

const killDir = "HOCTAP_BLOB_KILL_DIR"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		writeForever(dir)
	}
	os.Exit(m.Run())
}

// writeForever puts files from four writers and prints each hash once it is acknowledged.
func writeForever(dir string) {
	s, err := blob.Open(dir)
	if err != nil {
		panic(err)
	}
	for w := range 4 {
		go func() {
			for n := uint64(w); ; n += 4 {
				body := bytes.Repeat(binary.BigEndian.AppendUint64(nil, n), 25_000)
				ref, err := s.Put(context.Background(), bytes.NewReader(body), 1<<20)
				if err != nil {
					panic(err)
				}
				fmt.Printf("%s\n", ref.SHA256)
			}
		}()
	}
	select {}
}

func TestKillLeavesWholeFilesOnly(t *testing.T) {
	s, dir := open(t)
	for _, acknowledged := range []int{1, 7, 40} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		var stored []string
		for {
			line, err := lines.ReadString('\n')
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if stored = append(stored, strings.TrimSpace(line)); len(stored) == acknowledged {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		cmd.Wait() // it was killed, and says so
		if _, err := blob.Open(dir); err != nil {
			t.Fatal(err)
		}
		for _, sha := range stored {
			if len(sha) == 64 && hashOf(read(t, s, sha)) != sha {
				t.Fatalf("%s holds other bytes", sha)
			}
		}
		err = s.Walk(t.Context(), func(i blob.Info) error {
			if hashOf(read(t, s, i.SHA256)) != i.SHA256 {
				t.Errorf("%s is visible but not whole", i.SHA256)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
