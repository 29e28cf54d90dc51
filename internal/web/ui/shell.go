// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"hoctap/internal/web/lang"
)

// Office is the frame of a signed-in page.
type Office struct {
	Title   string // of the document: what the page answers
	Place   string // below the program's name: "Xã Hy Cương"
	Home    string // where the mark leads; "/" when empty
	Nav     []NavItem
	Crumbs  []Crumb
	Search  *Search // nil: no search box
	Bell    *Bell   // nil: no bell
	Who     Who
	Tools   templ.Component // between crumbs and search: saved state, “as of” switch; may be nil
	Rail    bool            // narrow side with icons alone, for dense screens
	Bare    bool            // main without padding, for screens that fill the window
	Demo    bool            // the database holds invented data
	Trust   string          // that results rest on criteria which are not official; "" when they are
	Owed    string          // what the reader has to do for the own account before long; "" for nothing
	OwedAt  string          // where that is done
	Failed  bool            // the act that led here did not succeed: the browser keeps what was typed
	Scripts []string        // plain names of scripts besides app.js: "bulk.js"
	Styles  []string        // plain names of sheets besides app.css: "print.css"
}

// NavItem is one entry of the side. The first four stand in the bar of a phone, so order them by use.
type NavItem struct {
	Label, Href, Icon string
	Count             int64  // 0 is not shown
	Group             string // heading above the first entry that names it
	Current           bool
}

// Crumb is one step of the place line; the last is the present page and needs no address.
type Crumb struct{ Label, Href string }

// Search is the box at the top, sent with GET as q.
type Search struct{ Action, Label, Value string }

// Bell leads to the notices.
type Bell struct {
	Href string
	New  int64
}

// Who is the signed-in person.
type Who struct {
	Name, Role string
	Href       string // own account; may be empty
	SignOut    string // POST address; may be empty
}

// Public is the frame of a page for everybody.
type Public struct {
	Title   string
	Owner   string // below the program's name: "Cổng khuyến học tỉnh Phú Thọ"
	Nav     []NavItem
	SignIn  string // address; empty hides the link
	Demo    bool
	Trust   string
	Footer  templ.Component // may be nil
	Scripts []string
	Styles  []string
}

// initials gives up to two letters for the round mark beside a name: the last two words, as Vietnamese names are called.
func initials(name string) string {
	var first []rune
	start := true
	for _, r := range name {
		if start && r != ' ' {
			first = append(first, r)
		}
		start = r == ' '
	}
	if len(first) > 2 {
		first = first[len(first)-2:]
	}
	return string(first)
}

func navGroup(nav []NavItem, i int) string {
	if g := nav[i].Group; g != "" && (i == 0 || nav[i-1].Group != g) {
		return g
	}
	return ""
}

func navClass(i int) string {
	if i >= 4 {
		return "nav__rest"
	}
	return ""
}

func bellLabel(ctx context.Context, b *Bell) string {
	if b.New == 0 {
		return lang.T(ctx, "shell.bell")
	}
	return lang.T(ctx, "shell.bell_new", "count", b.New)
}

func orRoot(href string) string {
	if href == "" {
		return "/"
	}
	return href
}

// cycleWords is what a script reads aloud after changing a setting, by value.
func cycleWords(ctx context.Context, prefix string, values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = lang.T(ctx, prefix+v)
	}
	return strings.Join(words, "|")
}
