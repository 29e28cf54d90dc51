// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strings"
)

// diskFolder is where the journal grows: beside the database, or, when that is another machine's, beside the files.
func (c *cli) diskFolder() string {
	if path, ok := strings.CutPrefix(c.DB, "sqlite:"); ok {
		return filepath.Dir(path)
	}
	return c.Files
}
