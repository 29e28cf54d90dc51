// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// The names of blocks in an encoded document.
var blockTypes = map[string]reflect.Type{
	"head": reflect.TypeFor[Head](), "title": reflect.TypeFor[Title](), "paragraph": reflect.TypeFor[Paragraph](), "table": reflect.TypeFor[Table](), "sign": reflect.TypeFor[Sign](),
	"code": reflect.TypeFor[Code](), "page_break": reflect.TypeFor[PageBreak](), "chart": reflect.TypeFor[Chart](),
}

// encodedPart is a Part with its blocks beside their names.
type encodedPart struct {
	Name      string
	Landscape bool `json:",omitempty"`
	Alone     bool `json:",omitempty"`
	Blocks    []encodedBlock
}

type encodedBlock struct {
	Type string
	Data json.RawMessage
}

type encodedDocument struct {
	Title, Author, Date string
	Marks               Marks
	Parts               []encodedPart
}

// Encode writes a document as JSON, to be frozen: the same document gives the same text.
func Encode(d *Document) (string, error) {
	out := encodedDocument{d.Title, d.Author, d.Date, d.Marks, make([]encodedPart, len(d.Parts))}
	for i, p := range d.Parts {
		e := encodedPart{p.Name, p.Landscape, p.Alone, make([]encodedBlock, len(p.Blocks))}
		for k, b := range p.Blocks {
			data, err := json.Marshal(b)
			if err != nil {
				return "", err
			}
			name := ""
			for n, t := range blockTypes {
				if t == reflect.TypeOf(b) {
					name = n
				}
			}
			if name == "" {
				return "", fmt.Errorf("paper.Encode: no such block: %T", b)
			}
			e.Blocks[k] = encodedBlock{name, data}
		}
		out.Parts[i] = e
	}
	text, err := json.Marshal(out)
	return string(text), err
}

// Decode reads what Encode wrote.
func Decode(text string) (*Document, error) {
	var in encodedDocument
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return nil, fmt.Errorf("paper.Decode: %w", err)
	}
	d := &Document{in.Title, in.Author, in.Date, in.Marks, make([]Part, len(in.Parts))}
	for i, e := range in.Parts {
		p := Part{e.Name, e.Landscape, e.Alone, make([]Block, len(e.Blocks))}
		for k, b := range e.Blocks {
			t, known := blockTypes[b.Type]
			if !known {
				return nil, fmt.Errorf("paper.Decode: no such block: %q", b.Type)
			}
			v := reflect.New(t)
			if err := json.Unmarshal(b.Data, v.Interface()); err != nil {
				return nil, fmt.Errorf("paper.Decode: %s: %w", b.Type, err)
			}
			p.Blocks[k] = v.Elem().Interface().(Block)
		}
		d.Parts[i] = p
	}
	return d, nil
}
