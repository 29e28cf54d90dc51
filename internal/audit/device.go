// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strings"
	"unicode"
)

// longestDevice is how much of a user agent that none of our words fits is kept.
const longestDevice = 60

// In the order in which their words give a program away: most name several.
var (
	programs = []string{"Edg/", "CocCoc/", "coc_coc_browser/", "OPR/", "SamsungBrowser/", "Firefox/", "Chrome/", "CriOS/", "Version/", "curl/"}
	systems  = []string{"Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux"}
	names    = map[string]string{"Edg/": "Edge ", "coc_coc_browser/": "CocCoc ", "OPR/": "Opera ", "SamsungBrowser/": "Samsung ", "CriOS/": "Chrome ", "Version/": "Safari "}
)

// Device is a user agent in a few words, "Chrome 139, Windows": enough to tell a person's devices apart, too little to follow one around.
func Device(agent string) string {
	agent = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(agent, " "))
	var words []string
	for _, p := range programs {
		if _, rest, found := strings.Cut(agent, p); found {
			name, known := names[p]
			if !known {
				name = strings.TrimSuffix(p, "/") + " "
			}
			major, _, _ := strings.Cut(rest, ".")
			if len(major) <= 4 {
				words = append(words, name+major)
				break
			}
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s) {
			words = append(words, s)
			break
		}
	}
	if len(words) > 0 {
		return strings.Join(words, ", ")
	}
	if r := []rune(strings.TrimSpace(agent)); len(r) > longestDevice {
		return string(r[:longestDevice])
	}
	return strings.TrimSpace(agent)
}
