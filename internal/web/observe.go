// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"hoctap/internal/web/site"
)

var tracer = otel.Tracer("hoctap/web")

// noRoute is what a request is counted under that no route knows: its address is anything at all.
const noRoute = "none"

// observed counts, traces and, where the operator wants it, logs every request, by the pattern of its route: never by its address, its query or who asked.
func observed(s *site.Site, next http.Handler) http.Handler {
	if s.Operation == nil {
		return next
	}
	m := s.Operation.Metrics
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, route := time.Now(), noRoute
		ctx := otel.GetTextMapPropagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := tracer.Start(ctx, r.Method, trace.WithSpanKind(trace.SpanKindServer))
		seen := &answer{ResponseWriter: w, status: http.StatusOK}
		m.Begin()
		defer func() {
			took := time.Since(began)
			m.End(route, seen.status, seen.bytes, took)
			if span.IsRecording() {
				span.SetName(route)
				span.SetAttributes(attribute.String("http.route", route), attribute.Int("http.response.status_code", seen.status))
				if seen.status >= http.StatusInternalServerError {
					span.SetStatus(codes.Error, "")
				}
			}
			span.End()
			if s.LogRequests {
				s.Log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("route", route), slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes),
					slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("trace", traceID(span)))
			}
		}()
		next.ServeHTTP(seen, r.WithContext(site.WithRoute(ctx, &route)))
	})
}

// as names what next answers, for routes beside the Mux.
func as(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site.NoteRoute(r.Context(), route)
		next.ServeHTTP(w, r)
	})
}

func traceID(span trace.Span) string {
	if id := span.SpanContext().TraceID(); id.IsValid() {
		return id.String()
	}
	return ""
}

// answer notes what a handler answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
	headed bool
}

func (a *answer) WriteHeader(status int) {
	if !a.headed && status >= http.StatusOK {
		a.status, a.headed = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	a.headed = true
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// ReadFrom lets files go the short way, from disk to line.
func (a *answer) ReadFrom(r io.Reader) (int64, error) {
	a.headed = true
	n, err := io.Copy(a.ResponseWriter, r)
	a.bytes += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
