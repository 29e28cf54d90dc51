// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package criteriadata holds the shipped criteria sets and the JSON Schema of their format.
package criteriadata

import "embed"

// Files holds every shipped set (*.yaml) and schema.json.
//
//go:embed *.yaml schema.json
var Files embed.FS
