// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"

	"hoctap/internal/rollup"
)

// JumpLimit is from how many hundredths of a percent point on a change against the year before has to be explained: the rule of the province's plan
// for reports, after jumps without a word had been published elsewhere (75,200 → 120,000 → 260,000 families in two years).
const JumpLimit = 15_00

// Doubt is why a figure has to be explained.
type Doubt string

// The doubts.
const (
	Over         Doubt = "over"         // more recognised or registered than there are
	Unregistered Doubt = "unregistered" // more recognised than registered
	Jump         Doubt = "jump"         // the share changed by more than JumpLimit
)

// Flag is one figure of a report that has to be explained before it is submitted.
type Flag struct {
	Doubt   Doubt
	Model   string
	Year    int
	Against int // of a jump: the year it is compared with
	Now     Counts
	Before  Counts
	By      int64 // of a jump, in hundredths of a percent point
}

// ID names the flag; the explanation is kept under it.
func (f Flag) ID() string { return fmt.Sprintf("%s.%d.%s", f.Model, f.Year, f.Doubt) }

// Doubts are what a reader above will ask about: counts that cannot be, and a share that jumped against before. A before without anybody is none.
func Doubts(now, before Counts) (list []Doubt) {
	if now.Recognised > now.Total || now.Registered > now.Total {
		list = append(list, Over)
	}
	if now.Recognised > now.Registered {
		list = append(list, Unregistered)
	}
	if by := change(now, before); by > JumpLimit || by < -JumpLimit {
		list = append(list, Jump)
	}
	return list
}

// change is by how much the share of the recognised changed, in hundredths of a percent point; 0 when one of both years has nobody.
func change(now, before Counts) int64 {
	if now.Total == 0 || before.Total == 0 {
		return 0
	}
	return rollup.Share(now.Recognised, now.Total) - rollup.Share(before.Recognised, before.Total)
}

// Flags are what a report has to explain: each of its years, the totals of each model. The year before the first is only compared with.
func Flags(f *Figures) (list []Flag) {
	for i := range f.Models {
		m := &f.Models[i]
		for _, y := range m.Years {
			if y.Year < f.From {
				continue
			}
			before, _ := m.In(y.Year - 1)
			for _, d := range Doubts(y.Counts, before.Counts) {
				flag := Flag{Doubt: d, Model: m.Model, Year: y.Year, Now: y.Counts}
				if d == Jump {
					flag.Against, flag.Before, flag.By = before.Year, before.Counts, change(y.Counts, before.Counts)
				}
				list = append(list, flag)
			}
		}
	}
	return list
}
