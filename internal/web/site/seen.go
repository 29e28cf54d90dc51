// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import "context"

type routeKey struct{}

// WithRoute returns a context in which the router notes the pattern of the route that answers, for whoever counts requests.
func WithRoute(ctx context.Context, pattern *string) context.Context {
	return context.WithValue(ctx, routeKey{}, pattern)
}

// NoteRoute notes it.
func NoteRoute(ctx context.Context, pattern string) {
	if p, ok := ctx.Value(routeKey{}).(*string); ok {
		*p = pattern
	}
}
