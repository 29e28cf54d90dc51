// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

//go:build !(linux || darwin)

package operation

import "errors"

// Room is not known on this system.
func Room(string) (free, size uint64, err error) { return 0, 0, errors.ErrUnsupported }
