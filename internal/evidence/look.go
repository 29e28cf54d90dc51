// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import "math/bits"

// Look is a 64-bit difference hash of a picture: for an 8 × 8 grid, whether the brightness rises to the
// right. Compressing or shrinking a picture again changes a few bits at most, so that near Looks mean the same
// photo. 0 means that the picture is too plain to be told from others.
type Look uint64

// SameDistance is the number of differing bits up to which two pictures count as the same. Over distinct
// photos the distance is about 32; 3 is also the most that Bands finds with four bands.
const SameDistance = 3

// plainRange is the brightness, of 255, that a picture must span at 9 × 8 to have a look of its own: a
// photographed blank sheet has none.
const plainRange = 12

func lookOf(y plane) Look {
	small := y.to(9, 8).pix
	low, high := small[0], small[0]
	for _, v := range small {
		low, high = min(low, v), max(high, v)
	}
	if high-low < plainRange {
		return 0
	}
	var look Look
	for row := range 8 {
		for col := range 8 {
			look <<= 1
			if small[row*9+col+1] > small[row*9+col] {
				look |= 1
			}
		}
	}
	return look
}

// Distance is the number of bits in which two looks differ.
func (l Look) Distance(other Look) int { return bits.OnesCount64(uint64(l ^ other)) }

// Same tells whether both looks are likely of one photo. A plain picture is like no other.
func (l Look) Same(other Look) bool {
	return l != 0 && other != 0 && l.Distance(other) <= SameDistance
}

// Bands splits a look into four parts, each tagged with its position, for an index: two looks that differ in at
// most three bits share at least one band.
func (l Look) Bands() [4]int {
	var b [4]int
	for i := range b {
		b[i] = i<<16 | int(l>>(16*i)&0xffff)
	}
	return b
}
