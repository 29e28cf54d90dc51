// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"hoctap/internal/recognition"
	"hoctap/internal/signature"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// signLine is how far the signing of a decision or paper is, as its page shows it.
type signLine struct {
	State ui.State
	Lines []string // who signed and when
	Href  string   // of the page of signing
	File  string   // of the newest signed file
	Open  bool     // something is left to sign
}

// signLineOf says so of one thing; g is empty for what nobody began to sign.
func signLineOf(v *site.Visit, g signature.Signing, at, paperID string, waits bool) signLine {
	line := signLine{Href: site.With(at+"/ky-so", "giay", paperID), Open: !g.Complete}
	switch stateOf(&g) {
	case "seal":
		line.State = ui.State{Kind: "ok", Icon: "check-circle", Word: v.T("signature.state.seal")}
	case "done":
		line.State = ui.State{Kind: "ok", Icon: "check-circle", Word: v.T("signature.state.person")}
	case "person":
		line.State = ui.State{Kind: "warn", Icon: "pen", Word: v.T("signature.state.person")}
	default:
		line.State = ui.State{Kind: "off", Icon: "pen", Word: v.T("signature.state.none")}
	}
	if waits && len(g.Files) == 0 {
		line.State = ui.State{Kind: "warn", Icon: "clock", Word: v.T("signature.state.waits")}
	}
	for _, f := range g.Files {
		line.Lines = append(line.Lines, v.T("signature.by", "name", f.Name, "at", stamp(f.SignedAt)))
		line.File = site.With(at+"/ky-so/tep", "giay", paperID, "buoc", versionText(int64(f.Step)))
	}
	return line
}

// signs fills in how far the decision and its papers are signed.
func (view *decisionView) signs(v *site.Visit, d *recognition.Decision) (err error) {
	if view.Waits, err = v.Signature.Waits(v.Ctx(), nil, d); err != nil {
		return err
	}
	of, err := v.Signature.Of(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	view.Sign = signLineOf(v, of[d.ID], view.Address, "", view.Waits)
	for i := range view.Papers {
		p := &view.Papers[i]
		p.Sign = signLineOf(v, of[p.ID], view.Address, p.ID, false)
	}
	return nil
}
