// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Command tally reads the stream of "go test -json": it prints what failed and what was skipped, one line per package, and last
// "N passed, N failed". It exits 1 when anything failed or when nothing ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
}

func main() {
	passed, failed, skipped := 0, 0, 0
	output := map[string][]string{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text())
			continue
		}
		key := e.Package + e.ImportPath + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[key] = append(output[key], e.Output)
		case "build-fail":
			fmt.Print(strings.Join(output[key], ""))
		case "pass", "fail", "skip":
			if e.Action == "fail" {
				fmt.Print(strings.Join(output[key], ""))
			}
			if e.Test == "" {
				fmt.Printf("%-5s %6.1fs  %s\n", e.Action, e.Elapsed, e.Package)
				if e.Action == "fail" && len(output[key]) > 0 && passed+failed == 0 {
					failed++ // a package that did not even build
				}
				delete(output, key)
				continue
			}
			switch e.Action {
			case "pass":
				passed++
			case "fail":
				failed++
			case "skip":
				skipped++
				fmt.Printf("skip  %s %s: %s\n", e.Package, e.Test, strings.TrimSpace(strings.Join(output[key], " ")))
			}
			delete(output, key)
		}
	}
	if err := in.Err(); err != nil {
		fmt.Println("tally:", err)
		failed++
	}
	if skipped > 0 {
		fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	} else {
		fmt.Printf("%d passed, %d failed\n", passed, failed)
	}
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
