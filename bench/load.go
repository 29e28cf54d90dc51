// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// sample is one run of a closed loop.
type sample struct {
	rate     float64       // successes a second
	p50, p99 time.Duration // of a success
	cpu      time.Duration // of the server, or of this process where there is none, for one unit
	others   float64       // share of the machine that neither server nor client took, 0 to 1
	failed   int
	why      error // of the first failure
}

// loop runs one for as long as each, on every client at once; n counts a client's calls. unit is how many records one call is.
func loop(s *server, clients int, each time.Duration, unit int, one func(client, n int) error) sample {
	var mu sync.Mutex
	var out sample
	var times []time.Duration
	before := readTicks(s)
	begin := time.Now()
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			var mine []time.Duration
			var failed int
			var why error
			for n := 0; time.Since(begin) < each; n++ {
				start := time.Now()
				if err := one(c, n); err != nil {
					failed, why = failed+1, cmp.Or(why, err)
					if failed > 100 {
						break
					}
					continue
				}
				mine = append(mine, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			times = append(times, mine...)
			out.failed, out.why = out.failed+failed, cmp.Or(out.why, why)
		})
	}
	wg.Wait()
	took := time.Since(begin)
	after := readTicks(s)
	if len(times) == 0 {
		return out
	}
	slices.Sort(times)
	out.rate = float64(len(times)*unit) / took.Seconds()
	out.p50, out.p99 = times[len(times)/2], times[len(times)*99/100]
	out.cpu = (after.server - before.server) / time.Duration(len(times)*unit)
	if s == nil {
		out.cpu = (after.self - before.self) / time.Duration(len(times)*unit)
	}
	out.others = float64((after.all-before.all)-(after.server-before.server)-(after.self-before.self)) / float64(took) / float64(cores())
	out.others = min(max(out.others, 0), 1)
	return out
}

// repeat takes a measurement several times, after one short run to warm up.
func repeat(o *options, s *server, clients, unit int, one func(client, n int) error) []sample {
	loop(s, clients, o.each/4, unit, one)
	list := make([]sample, o.runs)
	for i := range list {
		list[i] = loop(s, clients, o.each, unit, one)
	}
	return list
}

// median is the run in the middle by rate, the slower of two; quiet the one during which others took least.
func median(list []sample) sample {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b sample) int { return cmp.Compare(a.rate, b.rate) })
	return list[(len(list)-1)/2]
}

func quiet(list []sample) sample {
	return slices.MinFunc(list, func(a, b sample) int { return cmp.Compare(a.others, b.others) })
}

// ticks is processor time used so far.
type ticks struct{ all, server, self time.Duration }

// tick is the unit of /proc, which Linux fixes at a hundredth of a second for every program.
const tick = 10 * time.Millisecond

func readTicks(s *server) (t ticks) {
	if data, err := os.ReadFile("/proc/stat"); err == nil {
		line, _, _ := strings.Cut(string(data), "\n")
		for i, f := range strings.Fields(line)[1:] {
			if n, err := strconv.ParseInt(f, 10, 64); err == nil && i != 3 && i != 4 && i < 8 { // all but idle, waiting, and guests, who are counted already
				t.all += time.Duration(n) * tick
			}
		}
	}
	t.self = processTicks("/proc/self/stat")
	if s != nil {
		t.server = processTicks(s.proc("stat"))
	}
	return t
}

func processTicks(file string) time.Duration {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * tick
}
