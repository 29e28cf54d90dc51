// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package operation

import "errors"

// room is not known on this system.
func room(string) (free, size uint64, err error) { return 0, 0, errors.ErrUnsupported }
