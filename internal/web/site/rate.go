// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/fault"
)

// Effort says how much work a request makes, and so how often it may be asked.
type Effort int

// The efforts, from the cheapest.
const (
	Reading Effort = iota
	Searching
	Writing
	Taking // a download or an export: many records leave at once
	efforts
)

// Rates limits how often one address and one account may ask. An office of many people stands behind one address, so addresses get more. Who has not
// signed in also shares a limit with all others who have not, for what is dear: they cannot take it from those who work.
type Rates struct {
	address, account [efforts]*Limiter
	public           [efforts]*Limiter
}

// perMinute is the usual measure: of an address, of an account, of everybody without a session together (0: none).
var perMinute = [efforts]struct{ address, account, public float64 }{
	Reading:   {3000, 900, 0},
	Searching: {900, 240, 3000},
	Writing:   {1500, 400, 1500},
	Taking:    {300, 60, 300},
}

// NewRates lets everybody ask factor times the usual measure.
func NewRates(now func() time.Time, factor float64) *Rates {
	var r Rates
	for e, m := range perMinute {
		r.address[e], r.account[e] = NewLimiter(now, m.address*factor), NewLimiter(now, m.account*factor)
		if m.public > 0 {
			r.public[e] = NewLimiter(now, m.public*factor)
		}
	}
	return &r
}

// EffortOf is the effort of a request to the route pattern.
func EffortOf(pattern string, r *http.Request) Effort {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return Writing
	}
	q := r.URL.Query()
	last := pattern[strings.LastIndexByte(pattern, '/')+1:]
	switch {
	case q.Has("dang") || taken[last]:
		return Taking
	case q.Get("q") != "" || q.Get("tim") != "":
		return Searching
	}
	return Reading
}

// taken are the last parts of addresses that answer with a file.
var taken = map[string]bool{"tai": true, "loi.xlsx": true, "tep": true, "bao-cao": true}

// hasty is a request that came too soon after others.
type hasty struct {
	fault.Fault
	wait time.Duration
}

func (h *hasty) Unwrap() error { return &h.Fault }

// byAddress takes a token for the address of a request before anything is read for it.
func (r *Rates) byAddress(e Effort, address string) error {
	if r == nil {
		return nil
	}
	return r.address[e].Take(address)
}

// byPerson takes one for the account, or for everybody who has none.
func (r *Rates) byPerson(e Effort, account string) error {
	switch {
	case r == nil:
		return nil
	case account != "":
		return r.account[e].Take(account)
	case r.public[e] == nil:
		return nil
	}
	return r.public[e].Take("")
}

// Take takes a token of an address or account. Where there is none, its error is answered with 429 and when to come again.
func (l *Limiter) Take(who string) error {
	ok, wait := l.Allow(who)
	if ok {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	return &hasty{fault.Fault{Kind: fault.KindTooMuch, Key: "request.too_often", Args: fault.Args{"count": seconds}}, wait}
}

// slowDown tells a browser when it may ask again.
func slowDown(h http.Header, wait time.Duration) {
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}
