// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"encoding/json"
	"math"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Sort is what an item is to a person.
type Sort string

// The sorts.
const (
	Image    Sort = "picture"
	Document Sort = "document"
	Link     Sort = "link"     // an address elsewhere; never fetched
	Register Sort = "register" // an entry of a paper book or another system
)

// State is how far an item has come.
type State string

// The states. Links and register entries are ready at once.
const (
	StateReceived State = "received" // in quarantine: counts, is not shown
	StateReady    State = "ready"
	StateRefused  State = "refused" // does not count; its uses stay, so that people see what to take again
)

// Limits on what one assessment may carry; refused items do not count.
const (
	MaxPerCriterion  = 20
	MaxPerAssessment = 60
)

// Item is one piece of evidence (minh chứng) of a leaf.
type Item struct {
	PlaceID string
	ID      string
	Sort    Sort
	Kind    Kind   // of a file, by its content
	Title   string // "Giấy khen cháu Hà Minh Khuê"; may be empty
	Name    string // of the file
	State   State
	Reason  *fault.Fault // why it was refused; nil otherwise
	Size    int64        // bytes of what is served
	W, H    int          // pixels of what is served
	Link    string       // address of a link, words of a register entry
	TakenAt time.Time    // by the camera's clock; zero when unknown
	ByID    string
	At      time.Time // when it came in

	source, file, thumb string // SHA-256 of the original, of what is served, of the small picture
}

// HasThumb says whether there is a small picture to show.
func (i Item) HasThumb() bool { return i.State == StateReady && i.thumb != "" }

// Use is what an item backs: a criterion of an assessment, by its code; "" is the file as a whole.
type Use struct {
	AssessmentID string
	Criterion    string
}

const columns = `e.place_id, e.id, e.kind, e.media_type, e.title, e.name, e.state, e.reason, e.size, e.width, e.height, e.link, e.taken_at, e.by_id, e.at,
	e.source_sha, e.file_sha, e.thumb_sha`

func scan(sc store.Scanner) (i Item, err error) {
	var reason string
	var taken, at int64
	if err = sc.Scan(&i.PlaceID, &i.ID, &i.Sort, &i.Kind, &i.Title, &i.Name, &i.State, &reason, &i.Size, &i.W, &i.H, &i.Link, &taken, &i.ByID, &at,
		&i.source, &i.file, &i.thumb); err != nil {
		return i, err
	}
	i.TakenAt, i.At = store.Time(taken), store.Time(at)
	i.Reason, err = readReason(reason)
	return i, err
}

// reason is how a refusal is kept.
type reason struct {
	Key  string     `json:"key"`
	Args fault.Args `json:"args,omitempty"`
}

// reasonOf keeps the first broken rule of a refusal, which is the only one the checks name.
func reasonOf(f *fault.Fault) (string, error) {
	r := reason{f.Key, f.Args}
	if len(f.Fields) > 0 {
		r = reason{f.Fields[0].Key, f.Fields[0].Args}
	}
	b, err := json.Marshal(r)
	return string(b), err
}

func readReason(kept string) (*fault.Fault, error) {
	if kept == "" {
		return nil, nil
	}
	var r reason
	if err := json.Unmarshal([]byte(kept), &r); err != nil {
		return nil, err
	}
	var pairs []any
	for name, v := range r.Args {
		if n, ok := v.(float64); ok && n == math.Trunc(n) {
			v = int64(n) // counts are written as whole numbers
		}
		pairs = append(pairs, name, v)
	}
	return &fault.Fault{Kind: fault.KindInvalid, Key: "invalid", Fields: []fault.FieldError{fault.Field("file", r.Key, pairs...)}}, nil
}
