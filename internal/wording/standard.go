// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed standard.toml
var shipped string

// first is what was shipped before there were templates. Decisions issued then name no text of their own and say it for ever: it never changes.
//
//go:embed first.toml
var first string

// standardParagraph is a paragraph as shipped: one text, or one for each sort of body.
type standardParagraph struct {
	Role        Role   `toml:"role"`
	Text        string `toml:"text"`
	Committee   string `toml:"committee"`   // of a People's Committee
	Association string `toml:"association"` // of an association for the promotion of learning
}

var (
	standards = sync.OnceValue(func() map[bool]map[Kind]Text { return texts(shipped, "standard.toml") })
	firsts    = sync.OnceValue(func() map[bool]map[Kind]Text { return texts(first, "first.toml") })
)

// texts reads shipped texts; a program whose own texts cannot be read must not run.
func texts(from, name string) map[bool]map[Kind]Text {
	var read map[Kind][]standardParagraph
	if _, err := toml.Decode(from, &read); err != nil {
		panic(fmt.Sprintf("wording: %s: %v", name, err))
	}
	all := map[bool]map[Kind]Text{false: {}, true: {}}
	for _, committee := range []bool{false, true} {
		for k, list := range read {
			var t Text
			for _, p := range list {
				words := p.Text
				switch {
				case words != "":
				case committee:
					words = p.Committee
				default:
					words = p.Association
				}
				t.Paragraphs = append(t.Paragraphs, Paragraph{p.Role, words})
			}
			t = t.Clean(k)
			if err := t.Check(k); err != nil {
				panic(fmt.Sprintf("wording: %s: %s: %v", name, k, err))
			}
			all[committee][k] = t
		}
	}
	return all
}

// Standard is the text as shipped (mẫu chuẩn) of a People's Committee, else of an association.
func Standard(k Kind, committee bool) Text { return standards()[committee][k] }

// First is the first text that was shipped, which decisions say that were issued before there were templates.
func First(k Kind, committee bool) Text { return firsts()[committee][k] }
