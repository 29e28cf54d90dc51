// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Command bench measures the program as people meet it: real server processes on loopback, real databases of a whole province, a
// client that keeps its connections and sends the next request when the last is answered. It shares the cores with the server, so
// it also says how much processor time the server itself took for a request, and how much others took meanwhile.
//
// "bench torture" kills the server under load instead and looks for what was acknowledged; see torture.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

// options are what a run was asked for.
type options struct {
	families, small int
	dir             string        // databases are kept here and used again
	binary          string        // the hoctap program
	out             string        // file for the table; "" prints only
	runs            int           // of each measurement
	each            time.Duration // how long one run takes
	only            string        // comma-separated names of parts; "" is all
	profile         string        // file for a processor profile of this process: for the parts without a server
}

func (o *options) wants(part string) bool {
	return o.only == "" || strings.Contains(","+o.only+",", ","+part+",")
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "torture" {
		return tortureCommand(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "hello" {
		return serveHello(ctx)
	}
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&o.families, "families", 1_000_000, "families of the large database")
	f.IntVar(&o.small, "small", 10_000, "families of the small one")
	f.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "hoctap-bench"), "where the databases are kept")
	f.StringVar(&o.binary, "hoctap", "./hoctap", "the program")
	f.StringVar(&o.out, "out", "", "file that gets the table")
	f.IntVar(&o.runs, "runs", 5, "runs of each measurement")
	f.DurationVar(&o.each, "each", 4*time.Second, "length of a run")
	f.StringVar(&o.only, "only", "", "parts to measure: read,save,photo,batch,import,engine,verify,start,floor,paper")
	f.StringVar(&o.profile, "profile", "", "file for a processor profile of engine and batch")
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.profile != "" {
		file, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	return measure(ctx, &o)
}

// measure fills what is missing, takes every part in turn and prints the table.
func measure(ctx context.Context, o *options) error {
	large, err := fill(ctx, o, o.families)
	if err != nil {
		return err
	}
	small, err := fill(ctx, o, o.small)
	if err != nil {
		return err
	}
	t := &table{options: o}
	for _, p := range []struct {
		name string
		run  func(context.Context, *options, *table, *database, *database) error
	}{
		{"floor", measureFloors}, {"engine", measureEngine}, {"start", measureStart}, {"save", measureSaves}, {"batch", measureBatch},
		{"read", measureReads}, {"verify", measureVerify}, {"import", measureImport}, {"photo", measurePhotos}, {"paper", measurePapers},
	} {
		if !o.wants(p.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "bench: %s …\n", p.name)
		if err := p.run(ctx, o, t, large, small); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if o.out != "" { // after each part: a whole run takes a while
			if err := publish(o.out, t.markdown()); err != nil {
				return err
			}
		}
	}
	fmt.Print(t.markdown())
	return nil
}

// reading begins the part of the file that people write: what the numbers mean.
const reading = "\n## Reading the table\n"

// publish replaces the table in a file and keeps what people wrote below it.
func publish(name, text string) error {
	old, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, said, ok := strings.Cut(string(old), reading); ok {
		text += reading + said
	}
	return os.WriteFile(name, []byte(text), 0o644)
}
