// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import "path/filepath"

// keysDir is where the secret keys are: what was said, else beside the file store.
func (c *cli) keysDir() string {
	if c.Keys != "" {
		return c.Keys
	}
	return filepath.Join(filepath.Dir(c.Files), "keys")
}
