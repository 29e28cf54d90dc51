// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"syscall"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

var statusOf = map[fault.Kind]int{
	fault.KindInternal:    http.StatusInternalServerError,
	fault.KindNotFound:    http.StatusNotFound,
	fault.KindInvalid:     http.StatusUnprocessableEntity,
	fault.KindDenied:      http.StatusForbidden,
	fault.KindStale:       http.StatusConflict,
	fault.KindConflict:    http.StatusConflict,
	fault.KindTooMuch:     http.StatusRequestEntityTooLarge,
	fault.KindUnavailable: http.StatusServiceUnavailable,
}

var iconOf = map[fault.Kind]string{
	fault.KindNotFound: "search", fault.KindDenied: "lock", fault.KindInternal: "warn",
}

// retryAfter is how many seconds a client waits before it asks again for what was not available.
const retryAfter = "5"

// fullDisk names what a file store on a full or locked disk says; the database names its own (store).
func fullDisk(err error) error {
	if _, known := fault.As(err); known {
		return err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", &fault.Fault{Kind: fault.KindUnavailable, Key: "unavailable.disk_full"}, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", &fault.Fault{Kind: fault.KindUnavailable, Key: "unavailable.read_only"}, err)
	}
	return err
}

func tooBig(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// fail answers with what went wrong: a sentence for the person, the detail only into the log, with a reference that ties both.
func (v *Visit) fail(err error) {
	if errors.Is(err, context.Canceled) {
		return // whoever asked has gone
	}
	if tooBig(err) {
		err = fault.TooMuch("request.too_big")
	}
	if h, ok := errors.AsType[*hasty](err); ok {
		slowDown(v.W.Header(), h.wait)
		v.failAs(http.StatusTooManyRequests, err)
		return
	}
	err = fullDisk(err)
	v.failAs(statusOf[fault.KindOf(err)], err)
}

func (v *Visit) failAs(status int, err error) {
	kind := fault.KindOf(err)
	reference := ""
	v.failed = true
	v.refused(err)
	if kind == fault.KindInternal {
		id := store.NewID()
		reference = id[len(id)-8:]
		v.Log.Error("request failed", "ref", reference, "method", v.R.Method, "path", v.R.URL.Path, "error", err)
	}
	if kind == fault.KindUnavailable {
		v.Log.Error("unavailable", "method", v.R.Method, "path", v.R.URL.Path, "error", err)
		v.W.Header().Set("Retry-After", retryAfter)
	}
	sentence, fields := lang.Fault(v.Ctx(), err)
	if v.WantsJSON() {
		v.json(status, map[string]any{"sentence": sentence, "fields": fields, "kind": kindName[kind], "ref": reference})
		return
	}
	gap := ui.Gap{Icon: iconOf[kind], Title: v.T("fault.title." + kindName[kind]), Text: sentence}
	if gap.Icon == "" {
		gap.Icon = "info"
	}
	if reference != "" {
		gap.Code = v.T("fault.internal_ref", "ref", reference)
	}
	v.ShowAs(status, v.failure(gap, fields, v.whyDenied(err)))
}

var kindName = map[fault.Kind]string{
	fault.KindInternal: "internal", fault.KindNotFound: "not_found", fault.KindInvalid: "invalid", fault.KindDenied: "denied",
	fault.KindStale: "stale", fault.KindConflict: "conflict", fault.KindTooMuch: "too_much", fault.KindUnavailable: "unavailable",
}
