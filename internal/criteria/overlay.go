// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "strconv"

// listKeys are the fields by which the items of two lists are matched.
var listKeys = []string{"code", "key", "region"}

// overlay lays over on base: objects merge key by key, lists whose items have a code, key or region merge by
// it, and everything else is replaced. Neither tree is changed; every node keeps the file and line it was
// written at. What cannot be taken out is reported.
func overlay(p *problems, base, over *node, path string) *node {
	switch {
	case base == nil:
		return over
	case base.kind == objectNode && over.kind == objectNode:
		out := base
		for i, k := range over.keys {
			out = out.with(k, overlay(p, base.get(k), over.vals[i], join(path, k)))
		}
		return out
	case base.kind == listNode && over.kind == listNode:
		if key := matchKey(base, over); key != "" {
			return overlayList(p, base, over, key, path)
		}
	}
	return over
}

// matchKey gives the field that all items of both lists have, or "".
func matchKey(base, over *node) string {
	for _, key := range listKeys {
		if len(base.list) > 0 && len(over.list) > 0 && allHave(base, key) && allHave(over, key) {
			return key
		}
	}
	return ""
}

func allHave(list *node, key string) bool {
	for _, item := range list.list {
		if item.get(key).code() == "" {
			return false
		}
	}
	return true
}

func overlayList(p *problems, base, over *node, key, path string) *node {
	out := *base
	out.list = append([]*node(nil), base.list...)
	for i, item := range over.list {
		at := -1
		for j, b := range out.list {
			if b.get(key).code() == item.get(key).code() {
				at = j
				break
			}
		}
		here := path + "[" + strconv.Itoa(i) + "]"
		remove := item.get("remove")
		switch {
		case remove != nil && (remove.kind != boolNode || remove.text != "true"):
			p.at(item, here+".remove", "bad_remove")
		case remove != nil && at < 0:
			p.at(item, here, "nothing_to_remove", "code", item.get(key).code())
		case remove != nil:
			out.list = append(out.list[:at:at], out.list[at+1:]...)
		case at < 0:
			out.list = append(out.list, item)
		default:
			out.list[at] = overlay(p, out.list[at], item, here)
		}
	}
	return &out
}
