// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package criteriatest runs the scoring engine of the browser (ui/src/engine) beside the server's in tests: the same questions go to both, and each
// answer must be the same text.
package criteriatest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// Browser is the engine as pages get it, in a node process (ui/judge-engine.mjs).
type Browser struct {
	t         *testing.T
	in        io.WriteCloser
	questions chan question
	done      chan struct{}
	asked     int
}

type question struct {
	set       string
	ask, want []byte
}

// Limits of what waits for an answer and of what a broken engine prints.
const (
	waitAtMost = 200_000
	showAtMost = 3
)

// Start builds the engine and starts it. Without node it fails under make test and skips elsewhere.
func Start(t *testing.T) *Browser {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("HOCTAP_TEST_BROWSER") != "" {
			t.Fatal(err)
		}
		t.Skip("no node, so the engine of the browser is NOT held against the server's: make test installs it")
	}
	_, here, _, _ := runtime.Caller(0)
	ui := filepath.Join(filepath.Dir(here), "..", "..", "..", "ui")
	path := filepath.Join(t.TempDir(), "engine.mjs")
	must(t, os.WriteFile(path, Built(t), 0o600))
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	c := exec.CommandContext(ctx, "node", "judge-engine.mjs", path)
	var wrong bytes.Buffer
	c.Dir, c.Stderr = ui, &wrong
	in, err := c.StdinPipe()
	must(t, err)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	b := &Browser{t: t, in: in, questions: make(chan question, waitAtMost), done: make(chan struct{})}
	go func() {
		defer close(b.done)
		b.compare(bufio.NewReaderSize(out, 1<<20))
		if err := c.Wait(); err != nil && ctx.Err() == nil {
			t.Errorf("%v: %s", err, &wrong)
		}
	}()
	return b
}

// Built is the engine bundled and minified as the pages' scripts are.
func Built(t testing.TB) []byte {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	built := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(filepath.Dir(here), "..", "..", "..", "ui", "src", "engine", "index.ts")},
		Bundle:      true, Format: api.FormatESModule, Target: api.ES2020, MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelWarning,
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	return built.OutputFiles[0].Contents
}

// Use gives the engine the set, as Compiled.Portable writes it, that the next questions are about.
func (b *Browser) Use(set []byte) { b.send("set", set) }

// Ask puts a question of a kind, as JSON, whose answer must be want. The name of the set is for a failure.
func (b *Browser) Ask(set, kind string, ask, want []byte) {
	b.questions <- question{set, ask, want}
	b.asked++
	b.send(kind, ask)
}

// Asked tells how many questions were put.
func (b *Browser) Asked() int { return b.asked }

// Close waits for the last answer, and tells how many questions there were.
func (b *Browser) Close() int {
	_ = b.in.Close()
	close(b.questions)
	<-b.done
	return b.asked
}

func (b *Browser) send(kind string, data []byte) {
	// A write fails when node is gone: compare then says why.
	_, _ = b.in.Write(slices.Concat([]byte(`{"`), []byte(kind), []byte(`":`), data, []byte("}\n")))
}

// compare reads one answer for each question, in order.
func (b *Browser) compare(out *bufio.Reader) {
	differ := 0
	for q := range b.questions {
		got, err := out.ReadBytes('\n')
		if err != nil {
			b.t.Errorf("no answer on %s %s: %v", q.set, q.ask, err)
			for range b.questions { // let the asker end
			}
			return
		}
		if got = bytes.TrimSpace(got); bytes.Equal(got, q.want) {
			continue
		}
		if differ++; differ <= showAtMost {
			b.t.Errorf("%s differs on\n%s\nthe browser says %s\nthe server says  %s", q.set, q.ask, got, q.want)
		}
	}
	if differ > showAtMost {
		b.t.Errorf("and %d more differ", differ-showAtMost)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
