// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import "strings"

// guarded says whether a spreadsheet program could take s for a formula when it reads it from a CSV file. The wide
// forms count because East Asian programs take them, too.
func guarded(s string) bool {
	return strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "@") ||
		strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") ||
		strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠")
}

// guard puts an apostrophe, Excel's own sign for text, in front of what could be taken for a formula.
func guard(s string) string {
	if guarded(strings.TrimLeft(s, "'")) { // however many apostrophes stand there already: unguard takes exactly one
		return "'" + s
	}
	return s
}

// unguard undoes guard, so that a file that we wrote comes back as it went.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && guard(rest) != rest {
		return rest
	}
	return s
}
