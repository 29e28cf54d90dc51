// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package operation

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the counters of one process. Requests are counted by the pattern of their route, never by address: an address may hold the id of a household.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	sent     prometheus.Counter
	underway prometheus.Gauge
}

func newMetrics(s *Service) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoctap_http_requests_total", Help: "Requests answered, by route and status."},
			[]string{"route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hoctap_http_request_duration_seconds", Help: "From the first line of a request to the last byte of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route"}),
		sent:     prometheus.NewCounter(prometheus.CounterOpts{Name: "hoctap_http_response_bytes_total", Help: "Bytes of answers, as sent."}),
		underway: prometheus.NewGauge(prometheus.GaugeOpts{Name: "hoctap_http_requests_in_flight", Help: "Requests being answered."}),
	}
	version, revision := Version()
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "hoctap_build_info", Help: "1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "revision": revision, "engine": string(s.db.Engine)}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.took, m.sent, m.underway, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), asked{s})
	return m
}

// Handler answers with every counter in the text form of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Begin counts a request as under way.
func (m *Metrics) Begin() { m.underway.Inc() }

// End counts it as answered.
func (m *Metrics) End(route string, status int, bytes int64, took time.Duration) {
	m.underway.Dec()
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
	m.sent.Add(float64(bytes))
}

// asked is what is only looked at when somebody asks.
type asked struct{ s *Service }

var (
	writesDesc  = describe("hoctap_db_writes_total", "Writes on disk.")
	failedDesc  = describe("hoctap_db_writes_failed_total", "Writes that were refused or broke off.")
	groupsDesc  = describe("hoctap_db_commits_total", "Commits that writes shared (SQLite).")
	waitingDesc = describe("hoctap_db_writes_waiting", "Writes that are not on disk yet.")
	writingDesc = describe("hoctap_db_write_seconds_total", "Time of all writes together, waiting included.")
	openDesc    = describe("hoctap_db_connections_open", "Open connections.")
	busyDesc    = describe("hoctap_db_connections_in_use", "Connections in use.")
	queuedDesc  = describe("hoctap_db_connection_wait_seconds_total", "Time spent waiting for a connection.")
	slowDesc    = describe("hoctap_db_slow_queries_total", "Queries that took longer than 0.2 s.")
	jobsDesc    = describe("hoctap_jobs", "Jobs by kind and state; those that are done are not counted.", "kind", "state")
	oldestDesc  = describe("hoctap_job_oldest_seconds", "Age of the oldest job that is due.", "kind")
	freeDesc    = describe("hoctap_disk_free_bytes", "Room left on the disk of a folder.", "folder")
	copiedDesc  = describe("hoctap_backup_last_success_timestamp_seconds", "When the newest copy by timetable was made.")
	shippedDesc = describe("hoctap_backup_shipped_timestamp_seconds", "Everything on disk by then is at the place of the continuous copy.")
	sizeDesc    = describe("hoctap_disk_size_bytes", "Size of the disk of a folder.", "folder")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Describe is part of prometheus.Collector.
func (asked) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{writesDesc, failedDesc, groupsDesc, waitingDesc, writingDesc, openDesc, busyDesc, queuedDesc, slowDesc, jobsDesc, oldestDesc, freeDesc, sizeDesc, copiedDesc, shippedDesc} {
		out <- d
	}
}

// askTime is how long the queue may take to answer; without it the rest is told.
const askTime = 2 * time.Second

// Collect is part of prometheus.Collector.
func (a asked) Collect(out chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	use := a.s.db.Use()
	tell(writesDesc, prometheus.CounterValue, float64(use.Writes))
	tell(failedDesc, prometheus.CounterValue, float64(use.Failed))
	tell(groupsDesc, prometheus.CounterValue, float64(use.Groups))
	tell(waitingDesc, prometheus.GaugeValue, float64(use.Waiting))
	tell(writingDesc, prometheus.CounterValue, use.Took.Seconds())
	tell(openDesc, prometheus.GaugeValue, float64(use.Pool.OpenConnections))
	tell(busyDesc, prometheus.GaugeValue, float64(use.Pool.InUse))
	tell(queuedDesc, prometheus.CounterValue, use.Pool.WaitDuration.Seconds())
	var slow int64
	for _, q := range a.s.db.Slow() {
		slow += q.Times
	}
	tell(slowDesc, prometheus.CounterValue, float64(slow))
	for _, d := range a.s.Disks() {
		if d.Err == nil {
			tell(freeDesc, prometheus.GaugeValue, float64(d.Free), d.Name)
			tell(sizeDesc, prometheus.GaugeValue, float64(d.Size), d.Name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	if a.s.Copies != nil {
		if st, err := a.s.Copies(ctx, a.s.db); err == nil {
			if st.Planned && !st.Last.At.IsZero() {
				tell(copiedDesc, prometheus.GaugeValue, float64(st.Last.At.Unix()))
			}
			if st.Follow != nil && !st.Follow.ShippedAt.IsZero() {
				tell(shippedDesc, prometheus.GaugeValue, float64(st.Follow.ShippedAt.Unix()))
			}
		}
	}
	counts, err := a.s.jobs.Counts(ctx)
	if err != nil {
		return // the other figures say more about a database that is gone than none would
	}
	for _, c := range counts {
		tell(jobsDesc, prometheus.GaugeValue, float64(c.Waiting), c.Kind, "waiting")
		tell(jobsDesc, prometheus.GaugeValue, float64(c.Running), c.Kind, "running")
		tell(jobsDesc, prometheus.GaugeValue, float64(c.Failed), c.Kind, "failed")
		tell(oldestDesc, prometheus.GaugeValue, c.Oldest.Seconds(), c.Kind)
	}
}
