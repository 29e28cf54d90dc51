// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// caught turns a panic of a page into the answer of an internal error: the person reads a reference, the log has the rest. It is deferred.
func (v *Visit) caught() {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	v.fail(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}
