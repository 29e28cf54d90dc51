// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"io"
	"maps"
	"slices"

	"github.com/a-h/templ"
)

// Icon draws one of the icons by name, 20 px grid, in the colour of the text around it. It is hidden from
// screen readers: a word always stands beside it, or the control has a label. An unknown name draws nothing.
func Icon(name string) templ.Component { return icon(name, "") }

// IconClass is Icon with further classes.
func IconClass(name, class string) templ.Component { return icon(name, " "+class) }

func icon(name, class string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		shape, ok := icons[name]
		if !ok {
			return nil
		}
		_, err := io.WriteString(w, `<svg class="i`+templ.EscapeString(class)+`" viewBox="0 0 20 20" aria-hidden="true">`+shape+`</svg>`)
		return err
	})
}

// HasIcon reports whether an icon of that name is drawn.
func HasIcon(name string) bool {
	_, ok := icons[name]
	return ok
}

// IconNames lists the icons in alphabetical order.
func IconNames() []string { return slices.Sorted(maps.Keys(icons)) }

var icons = map[string]string{
	"home":         `<path d="M3 9.2 10 3.5l7 5.7V16a1 1 0 0 1-1 1h-3.5v-4.5h-5V17H4a1 1 0 0 1-1-1z"/>`,
	"target":       `<circle cx="10" cy="10" r="7"/><circle cx="10" cy="10" r="3.2"/><path d="M10 3V1.5M10 18.5V17M3 10H1.5M18.5 10H17"/>`,
	"file":         `<path d="M5 2.5h6.5L15.5 6.5V17a.8.8 0 0 1-.8.8H5.3a.8.8 0 0 1-.8-.8V3.3a.8.8 0 0 1 .5-.8z"/><path d="M11.3 2.7V6.8h4M7.3 10.5h5.4M7.3 13.6h5.4"/>`,
	"map":          `<path d="M7.5 4 3 5.8V16.5l4.5-1.8 5 1.8 4.5-1.8V4L12.5 5.8z"/><path d="M7.5 4v10.7M12.5 5.8v10.7"/>`,
	"check":        `<path d="m4.5 10.5 3.7 3.7 7.3-8"/>`,
	"check-circle": `<circle cx="10" cy="10" r="7.2"/><path d="m6.8 10.2 2.3 2.3 4.2-4.6"/>`,
	"x":            `<path d="m5.5 5.5 9 9M14.5 5.5l-9 9"/>`,
	"warning":      `<path d="M10 3.2 17.6 16.4H2.4z"/><path d="M10 8.2v3.6M10 14.1v.1"/>`,
	"info":         `<circle cx="10" cy="10" r="7.2"/><path d="M10 9.2v4.3M10 6.5v.1"/>`,
	"camera":       `<path d="M3 6.5h3l1.3-2h5.4l1.3 2h3a.8.8 0 0 1 .8.8v8a.8.8 0 0 1-.8.8H3a.8.8 0 0 1-.8-.8v-8A.8.8 0 0 1 3 6.5z"/><circle cx="10" cy="11" r="3"/>`,
	"mic":          `<rect x="7.4" y="2.3" width="5.2" height="9.4" rx="2.6"/><path d="M4.6 9.3a5.4 5.4 0 0 0 10.8 0M10 14.7v3"/>`,
	"search":       `<circle cx="9" cy="9" r="5.6"/><path d="m13.2 13.2 4.1 4.1"/>`,
	"qr":           `<path d="M3 3h5v5H3zM12 3h5v5h-5zM3 12h5v5H3zM12 12h2v2h-2zM15.5 15h1.5v2h-2M12 16.5v.5"/>`,
	"clock":        `<circle cx="10" cy="10" r="7.2"/><path d="M10 5.8V10l2.9 2"/>`,
	"cloud-off":    `<path d="M6 6.2a4.6 4.6 0 0 1 8.6 2.2 3.4 3.4 0 0 1 1.7 6.1M13.4 15.5H6a3.8 3.8 0 0 1-1-7.4M3 3l14 14"/>`,
	"cloud-check":  `<path d="M6 15.5a3.8 3.8 0 0 1-.4-7.5 4.6 4.6 0 0 1 9 .4 3.5 3.5 0 0 1-.3 7.1z"/><path d="m7.6 11.6 1.8 1.8 3.2-3.5"/>`,
	"cloud-up":     `<path d="M6 15.5a3.8 3.8 0 0 1-.4-7.5 4.6 4.6 0 0 1 9 .4 3.5 3.5 0 0 1-.3 7.1"/><path d="M10 17.5v-7M7.6 12.6 10 10.2l2.4 2.4"/>`,
	"refresh":      `<path d="M16.5 8A6.8 6.8 0 0 0 4.4 6.3L3 8M3 4.3V8h3.7M3.5 12a6.8 6.8 0 0 0 12.1 1.7L17 12M17 15.7V12h-3.7"/>`,
	"print":        `<path d="M5.5 7.5V2.8h9v4.7M5.5 14.5H4a1.2 1.2 0 0 1-1.2-1.2V8.7A1.2 1.2 0 0 1 4 7.5h12a1.2 1.2 0 0 1 1.2 1.2v4.6a1.2 1.2 0 0 1-1.2 1.2h-1.5"/><path d="M5.5 12h9v5.3h-9z"/>`,
	"download":     `<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>`,
	"upload":       `<path d="M10 13V3.5M6 7.2l4-4 4 4M3.5 16.5h13"/>`,
	"family":       `<circle cx="6.3" cy="5.6" r="2.4"/><circle cx="13.7" cy="5.6" r="2.4"/><circle cx="10" cy="11.2" r="1.7"/><path d="M2.3 16.5v-2.3a4 4 0 0 1 4.6-4M17.7 16.5v-2.3a4 4 0 0 0-4.6-4M7 17.5a3 3 0 0 1 6 0"/>`,
	"clan":         `<path d="M10 8.2V17.5M10 12.5 6 9.3M10 11l4-3.2"/><path d="M10 2.3c3.8 0 6.5 2.2 6.5 5.2S14 12 12.5 11.8M10 2.3c-3.8 0-6.5 2.2-6.5 5.2S6 12 7.5 11.8"/>`,
	"community":    `<path d="M2.8 9 10 3l7.2 6M4.8 8v8.5h10.4V8M8 16.5v-4.8h4v4.8"/>`,
	"unit":         `<path d="M4 17.2V4.2l7-1.7v14.7M11 7l5 1.3v8.9M2.5 17.2h15M6.5 7h2M6.5 10h2M6.5 13h2"/>`,
	"citizen":      `<path d="m2 7.2 8-3.7 8 3.7-8 3.7z"/><path d="M5.5 9v4c0 1.2 2 2.5 4.5 2.5s4.5-1.3 4.5-2.5V9M18 7.4V12"/>`,
	"book":         `<path d="M10 5.2C8.5 4 6 3.5 3 3.7v11.6c3-.2 5.5.3 7 1.5 1.5-1.2 4-1.7 7-1.5V3.7c-3-.2-5.5.3-7 1.5zM10 5.2v11.6"/>`,
	"star":         `<path d="m10 2.8 2.2 4.6 5 .7-3.6 3.5.9 5L10 14.2l-4.5 2.4.9-5L2.8 8.1l5-.7z"/>`,
	"bell":         `<path d="M5 8.3a5 5 0 0 1 10 0c0 4.2 1.5 5 1.5 5.7h-13c0-.7 1.5-1.5 1.5-5.7zM8.2 16.7a2 2 0 0 0 3.6 0"/>`,
	"gear":         `<circle cx="10" cy="10" r="2.6"/><path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M15.3 4.7l-1.4 1.4M6.1 13.9l-1.4 1.4"/>`,
	"plus":         `<path d="M10 4v12M4 10h12"/>`,
	"minus":        `<path d="M4 10h12"/>`,
	"pen":          `<path d="m12.8 4.2 3 3L7 16l-3.7.7L4 13z"/>`,
	"bin":          `<path d="M4 5.5h12M8 5.3V3.5h4v1.8M5.5 5.5l.7 11.2h7.6l.7-11.2"/>`,
	"filter":       `<path d="M3 5h14M5.8 10h8.4M8.3 15h3.4"/>`,
	"flag":         `<path d="M4.5 17.5v-14h9.8l-1.8 3.5 1.8 3.5H4.5"/>`,
	"picture":      `<rect x="2.8" y="3.8" width="14.4" height="12.4" rx="1"/><circle cx="7" cy="7.8" r="1.4"/><path d="m3 14 4.2-4 3 2.8 2.6-2.3L17 14"/>`,
	"sound":        `<path d="M3.2 7.8v4.4h2.9l4 3.3V4.5l-4 3.3zM12.8 7.5a3.5 3.5 0 0 1 0 5M15 5.3a6.6 6.6 0 0 1 0 9.4"/>`,
	"lock":         `<rect x="4.5" y="8.8" width="11" height="8" rx="1"/><path d="M6.8 8.6V6.4a3.2 3.2 0 0 1 6.4 0v2.2"/>`,
	"key":          `<circle cx="6.8" cy="10" r="3.6"/><path d="M10.4 10h7M14.6 10v3M17 10v2"/>`,
	"phone":        `<rect x="5.5" y="2.3" width="9" height="15.4" rx="1.4"/><path d="M9 15.2h2"/>`,
	"call":         `<path d="M4 3.5h3l1.3 3.7-1.8 1.3a9.6 9.6 0 0 0 5 5l1.3-1.8 3.7 1.3v3a1 1 0 0 1-1 1A13 13 0 0 1 3 4.5a1 1 0 0 1 1-1z"/>`,
	"calendar":     `<rect x="3" y="4.3" width="14" height="12.7" rx="1"/><path d="M3 8.3h14M6.8 2.8v3M13.2 2.8v3"/>`,
	"inspect":      `<path d="M4.5 3h8l3 3v4"/><path d="M4.5 3v14.3h4.5"/><circle cx="12.7" cy="13.3" r="2.8"/><path d="m14.8 15.4 2.4 2.4M7 7.5h5"/>`,
	"chart":        `<path d="M3.5 16.8h13M5.5 14V9.5M10 14V4.5M14.5 14V7.5"/>`,
	"medal":        `<circle cx="10" cy="8" r="5"/><path d="m7 12-1.5 5.5L10 15.2l4.5 2.3L13 12M8 8l1.4 1.4L12.2 6.6"/>`,
	"pin":          `<path d="M10 17.5c3.5-3.6 5.5-6.3 5.5-9a5.5 5.5 0 0 0-11 0c0 2.7 2 5.4 5.5 9z"/><circle cx="10" cy="8.5" r="2"/>`,
	"table":        `<rect x="3" y="3" width="14" height="14" rx="1"/><path d="M3 7.5h14M3 12h14M8 7.5V17"/>`,
	"link":         `<path d="M8.3 11.7a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2l-1 1M11.7 8.3a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2l1-1"/>`,
	"eye":          `<path d="M2 10s3-5.2 8-5.2S18 10 18 10s-3 5.2-8 5.2S2 10 2 10z"/><circle cx="10" cy="10" r="2.3"/>`,
	"note":         `<path d="M4 3.5h12v9.3L12.3 17H4z"/><path d="M16 12.5h-4V17M7 7.3h6M7 10.3h3.5"/>`,
	"play":         `<path d="M6.5 4.2v11.6l9-5.8z"/>`,
	"copy":         `<rect x="7" y="7" width="10" height="10" rx="1"/><path d="M4.5 13H3V3h10v1.5"/>`,
	"help":         `<circle cx="10" cy="10" r="7.2"/><path d="M7.8 7.9a2.2 2.2 0 1 1 3.3 2c-.8.5-1.1.9-1.1 1.7M10 14.1v.1"/>`,
	"list":         `<path d="M7 5h10M7 10h10M7 15h10M3.5 5v.1M3.5 10v.1M3.5 15v.1"/>`,
	"people":       `<circle cx="7.5" cy="7" r="3"/><path d="M2 16.5a5.5 5.5 0 0 1 11 0M13 4.3a3 3 0 0 1 0 5.4M15 11.7a5.5 5.5 0 0 1 3 4.8"/>`,
	"person":       `<circle cx="10" cy="6.8" r="3.4"/><path d="M3.5 17a6.5 6.5 0 0 1 13 0"/>`,
	"grip":         `<path d="M7.5 5v.1M12.5 5v.1M7.5 10v.1M12.5 10v.1M7.5 15v.1M12.5 15v.1"/>`,
	"arrow":        `<path d="M3.5 10h13M12 5.5l4.5 4.5-4.5 4.5"/>`,
	"left":         `<path d="m12.5 4.5-5.5 5.5 5.5 5.5"/>`,
	"right":        `<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>`,
	"down":         `<path d="m4.5 7.5 5.5 5.5 5.5-5.5"/>`,
	"up":           `<path d="m4.5 12.5 5.5-5.5 5.5 5.5"/>`,
	"menu":         `<path d="M3 5.5h14M3 10h14M3 14.5h14"/>`,
	"more":         `<path d="M10 4.5v.1M10 10v.1M10 15.5v.1"/>`,
	"split":        `<path d="M10 17V11M10 11 4.5 5.5M10 11l5.5-5.5M4.5 9V5.5H8M12 5.5h3.5V9"/>`,
	"return":       `<path d="M8.5 4 4 8.5 8.5 13M4 8.5h7.5a4.5 4.5 0 0 1 4.5 4.5v3"/>`,
	"undo":         `<path d="M4 8.5h8.2a4 4 0 0 1 0 8H8M7.3 5 4 8.5 7.3 12"/>`,
	"screen":       `<rect x="3" y="4" width="14" height="9.5" rx="1"/><path d="M7 16.8h6M10 13.5v3.3"/>`,
	"x-circle":     `<circle cx="10" cy="10" r="7.2"/><path d="m7.4 7.4 5.2 5.2M12.6 7.4l-5.2 5.2"/>`,
	"theme":        `<circle cx="10" cy="10" r="7"/><path class="i__fill" d="M10 3a7 7 0 0 1 0 14z"/>`,
	"sign-out":     `<path d="M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8"/>`,
	"keyboard":     `<rect x="2.3" y="5" width="15.4" height="10" rx="1"/><path d="M5 8.2v.1M8.3 8.2v.1M11.6 8.2v.1M15 8.2v.1M6.5 11.8h7"/>`,
}
