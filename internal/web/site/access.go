// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
)

// Every page that somebody who has signed in reads is told to the log of reads, before its first byte leaves, unless it stands below one of these
// addresses, which show no person. A new page is therefore logged without anybody thinking of it.
var impersonal = []string{"/mat-khau", "/tong-quan", "/xa", "/bo-tieu-chi", "/viec-may", "/huong-dan", "/bao-cao", "/tai-khoan/toi"}

// namesNobody says whether the pages of a route show no person.
func namesNobody(pattern string) bool {
	_, path, _ := strings.Cut(pattern, " ")
	return slices.ContainsFunc(impersonal, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// thingOf names what a route shows: its address without what varies, "so-bo", "so-bo.tai".
func thingOf(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	var words []string
	for part := range strings.SplitSeq(path, "/") {
		if part != "" && !strings.HasPrefix(part, "{") {
			words = append(words, part)
		}
	}
	return strings.Join(words, ".")
}

// Reads is the log of what was read.
func (s *Site) Reads() *audit.Reads {
	s.readsOnce.Do(func() { s.reads = audit.NewReads(s.DB, s.Now) })
	return s.reads
}

// Rows tells how many rows the list that is being sent has, for the log of reads. Of a list that goes out row by row it is said behind the last one,
// in an entry of its own.
func (v *Visit) Rows(n int) {
	v.many = n
	if w, ok := v.W.(*watched); ok && w.done && !w.shut {
		place, id := v.about()
		a := audit.Access{Act: audit.Export, Thing: thingOf(v.pattern) + ".rows", PlaceID: place, ThingID: id, Many: n}
		if err := v.Reads().Note(v.Ctx(), v.Actor.Who(), a); err != nil {
			v.Log.Error("log of reads", "error", err)
		}
	}
}

// Attempt tells the log of reads of something that was refused, such as a wrong second factor. That it cannot be told is no reason to let it through,
// nor to answer otherwise.
func (v *Visit) Attempt(act, thing, placeID, thingID string) {
	err := v.Reads().Note(v.Ctx(), v.Actor.Who(), audit.Access{Act: act, Thing: thing, PlaceID: placeID, ThingID: thingID, Result: audit.Refused})
	if err != nil {
		v.Log.Error("log of refusals", "error", err)
	}
}

// refused tells of an act that the policy denied.
func (v *Visit) refused(err error) {
	if f, ok := fault.As(err); ok && f.Kind == fault.KindDenied && v.pattern != "" {
		place, id := v.about()
		v.Attempt(audit.Attempt, thingOf(v.pattern), place, id)
	}
}

// historyHref is where the journal of the record stands that the page is about; "" for pages that are about none. A new kind of record needs nothing for it.
func (v *Visit) historyHref() string {
	place, id := v.about()
	_, path, _ := strings.Cut(v.pattern, " ")
	if v.failed || v.Path("place") == "" || id == "" || !strings.HasSuffix(path, "}") || strings.HasPrefix(path, "/nhat-ky/") {
		return ""
	}
	return "/nhat-ky/" + url.PathEscape(place) + "/" + url.PathEscape(id)
}

// longestID is more than any id has; what is longer is none.
const longestID = 100

// about is which place and record the address names.
func (v *Visit) about() (place, id string) {
	place = v.Path("place")
	if place == "" {
		place = v.Query("noi")
	}
	for _, name := range []string{"id", "paper", "recheck", "period", "body"} {
		if id == "" {
			id = v.Path(name)
		}
	}
	return cut(place), cut(id)
}

func cut(s string) string { return strings.ToValidUTF8(s[:min(len(s), longestID)], "") }

// watched is the answer to somebody who has signed in: what is shown is told first, and what cannot be told is not shown.
type watched struct {
	http.ResponseWriter
	v    *Visit
	done bool
	shut bool // nothing more leaves
}

var errUntold = errors.New("site: the log of reads does not take this read")

func (w *watched) WriteHeader(status int) {
	if w.done {
		if !w.shut {
			w.ResponseWriter.WriteHeader(status)
		}
		return
	}
	w.done = true
	if shows(status) {
		if err := w.tell(); err != nil {
			w.shut = true
			w.v.Log.Error("log of reads", "path", w.v.R.URL.Path, "error", err)
			clear(w.Header())
			http.Error(w.ResponseWriter, w.v.T("journal.untold"), http.StatusServiceUnavailable)
			return
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// shows says whether an answer holds what was asked for: a page, a file, a part of one, or a form that is shown again.
func shows(status int) bool {
	return status >= 200 && status < 300 || status == http.StatusUnprocessableEntity
}

func (w *watched) Write(b []byte) (int, error) {
	if !w.done {
		w.WriteHeader(http.StatusOK)
	}
	if w.shut {
		return 0, errUntold
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) tell() error {
	file := strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment")
	v := w.v
	if v.failed || v.R.Method != http.MethodGet && v.R.Method != http.MethodHead && !file {
		return nil // a change tells of itself, and an error shows nothing
	}
	place, id := v.about()
	a := audit.Access{Act: audit.Read, Thing: thingOf(v.pattern), PlaceID: place, ThingID: id, Many: v.many}
	if file {
		a.Act = audit.Export
	}
	return v.Reads().Note(v.Ctx(), v.Actor.Who(), a)
}

// SetDiskLow keeps whether the disk of the journal is nearly full, for DiskLow.
func (s *Site) SetDiskLow(percent int, low bool) {
	if low {
		s.diskFree.Store(int32(percent) + 1)
	} else {
		s.diskFree.Store(0)
	}
}

// DiskLow tells how much of the disk is free, in percent, when that is so little that somebody must be told.
func (s *Site) DiskLow() (percent int, low bool) {
	n := s.diskFree.Load()
	return int(n) - 1, n > 0
}
