// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"testing"
	"time"
)

// Youngest lets a test throw away parts that are not an hour old.
func Youngest(t *testing.T, d time.Duration) {
	old := youngest
	youngest = d
	t.Cleanup(func() { youngest = old })
}

// Of is what Keep keeps.
func (k Keep) Of(ids []string) map[string]bool { return k.of(ids) }
