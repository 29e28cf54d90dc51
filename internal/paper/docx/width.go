// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import "hoctap/internal/paper"

// lengthOf is about the length of s in twips, set bold in size points: rules are as long as words, and a file has no other way to say so.
func lengthOf(s string, size float64) float64 { return max(paper.DocWidth(s, size), size/1000) * 20 }
