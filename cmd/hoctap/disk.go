// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strings"

	"hoctap/internal/operation"
)

// diskFolder is where the journal grows: beside the database, or, when that is another machine's, beside the files.
func (c *cli) diskFolder() string {
	if path, ok := strings.CutPrefix(c.DB, "sqlite:"); ok {
		return filepath.Dir(path)
	}
	return c.Files
}

// freeShare is how much of the disk below a folder the program may still fill, in percent.
func freeShare(folder string) (percent int, known bool) {
	free, size, err := operation.Room(folder)
	if err != nil || size == 0 {
		return 0, false
	}
	return int(100 * float64(free) / float64(size)), true
}
