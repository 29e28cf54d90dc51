// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package backup

import "context"

// lockFile does nothing where there are no such locks: only one server may run on a database.
func lockFile(context.Context, string) (unlock func(), err error) { return func() {}, nil }
