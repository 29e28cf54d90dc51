// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

// mostValue bounds what scales count with: no figure of people reaches it, and sums of two stay numbers.
const mostValue = 1e17

// scale maps values to places along an axis.
type scale struct {
	low, top, step int64
	from, to       float64 // the places of low and top
}

// scaleOf takes in all values of the chart, and zero for bars, whose lengths would lie without it.
func scaleOf(c Chart) scale {
	var s scale
	first := c.Shape != ChartBars
	for _, series := range c.Series {
		for i := range c.Labels {
			if p := series.at(i); p != nil {
				v := bounded(*p)
				if first {
					s.low, s.top, first = v, v, false
				}
				s.low, s.top = min(s.low, v), max(s.top, v)
			}
		}
	}
	all := !c.Count && s.top <= 10000 // no share is above all there is, and no line stands there
	lines := int64(4)
	if c.Shape == ChartBars {
		lines = 5
	}
	s.step = niceStep(s.top-s.low, lines)
	if !c.Count {
		s.step = max(s.step, 100) // lines at whole percents
	}
	s.low -= remainder(s.low, s.step)
	if over := remainder(s.top, s.step); over > 0 || s.top == s.low {
		s.top += s.step - over
	}
	if all && s.top > 10000 {
		s.low, s.top = s.low-s.step, s.top-s.step
	}
	return s
}

func bounded(v int64) int64 { return max(min(v, mostValue), -mostValue) }

// niceStep is 1, 2 or 5 times a power of ten, so that about as many lines cross the drawing.
func niceStep(span, lines int64) int64 {
	step := int64(1)
	for {
		for _, m := range []int64{1, 2, 5} {
			if step*m*lines >= span {
				return step * m
			}
		}
		step *= 10
	}
}

func remainder(a, b int64) int64 { return (a%b + b) % b }

// at is the place of a value.
func (s scale) at(v int64) float64 {
	return s.from + (s.to-s.from)*float64(max(min(v, s.top), s.low)-s.low)/float64(max(s.top-s.low, 1))
}

// ticks are the values that lines stand at.
func (s scale) ticks() (list []int64) {
	for v := s.low; v <= s.top; v += s.step {
		list = append(list, v)
	}
	return list
}
