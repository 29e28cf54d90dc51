// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || darwin || freebsd

package main

import "syscall"

// freeShare is how much of the disk below a folder the program may still fill, in percent.
func freeShare(folder string) (percent int, known bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil || s.Blocks == 0 {
		return 0, false
	}
	return int(100 * float64(s.Bavail) / float64(s.Blocks)), true
}
