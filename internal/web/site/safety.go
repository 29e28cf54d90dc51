// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"net/netip"
	"net/url"
)

// Safety is what the operator said of the way to the outside.
type Safety struct {
	Proxies  []netip.Prefix // servers whose word on the address of a client is taken
	Contacts []string       // for who finds a weakness: mailto: or https: addresses
	Address  string         // of this site, as its readers type it; "" when it was not said
	Files    *url.URL       // another origin that files are served from; nil: this one
}
