// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package operation

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"

	"hoctap/internal/fault"
)

// Trace sends spans of requests, queries and writes to an OTLP collector, "http://host:4318", until the function it returns is called; that one sends what is
// left. A share of the requests is traced, 0 to 1, and those whose caller traces them. A collector that is gone costs nothing but the spans.
func Trace(ctx context.Context, endpoint string, share float64) (stop func(context.Context) error, err error) {
	defer fault.Wrap(&err, "operation.Trace(%s)", endpoint)
	out, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint+"/v1/traces"))
	if err != nil {
		return nil, err
	}
	version, _ := Version()
	provider := trace.NewTracerProvider(trace.WithBatcher(out), trace.WithSampler(trace.ParentBased(trace.TraceIDRatioBased(share))),
		trace.WithResource(resource.NewSchemaless(attribute.String("service.name", "hoctap"), attribute.String("service.version", version))))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider.Shutdown, nil
}
