// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"io"

	"hoctap/internal/paper"
)

// Spot is the room between a signer's post and name, where the signature shows; in mm from the upper left corner of its page.
type Spot struct {
	Name                     string // of the signer
	Page                     int    // from 1
	Left, Top, Width, Height float64
}

// WriteSpots is Write, and says where the signers of the document sign, in their order: lists follow the page that is signed, so that page is
// known only once the document is set.
func (p *Press) WriteSpots(w io.Writer, d *paper.Document) ([]Spot, error) {
	l := p.layout(d)
	return l.spots, l.Output(w)
}
