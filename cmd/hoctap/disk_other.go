// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

//go:build !(linux || darwin || freebsd)

package main

func freeShare(string) (percent int, known bool) { return 0, false }
