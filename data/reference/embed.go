// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package referencedata is what decisions say outside the criteria sets: targets, stages of the yearly work, links of
// programmes, columns of reports.
package referencedata

import "embed"

// Files holds every data file of this directory under its plain name.
//
//go:embed *.yaml
var Files embed.FS
