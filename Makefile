# SPDX-FileCopyrightText: 2026 The hoctap authors
# SPDX-License-Identifier: Apache-2.0

# make run and make test are all a newcomer needs. Each installs what it lacks, as far as it may.
.DEFAULT_GOAL := run
SHELL := /bin/bash

ASSETS := internal/web/assets/dist/manifest.json
GO_SOURCES := $(shell find cmd internal data -name '*.go' -not -name '*_test.go' 2>/dev/null) go.mod go.sum
DATA := $(wildcard data/criteria/*.yaml data/places/* data/reference/*) $(shell find internal -name '*.toml' -o -name '*.sql')
UI_SOURCES := $(shell find ui -path ui/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: run test bench torture scan lint package build clean

run: hoctap
	./hoctap serve --demo

build: hoctap

hoctap: $(GO_SOURCES) $(DATA) $(ASSETS)
	@scripts/need.sh build
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o hoctap ./cmd/hoctap

$(ASSETS): $(UI_SOURCES)
	@scripts/need.sh build
	go run ./ui/build

test:
	@scripts/test.sh

bench: hoctap
	@scripts/bench.sh

torture: hoctap
	@scripts/torture.sh
	@scripts/mutate.sh
	@scripts/need.sh scan
	@scripts/scan.sh site

scan: hoctap
	@scripts/need.sh scan
	@scripts/scan.sh

lint:
	@scripts/lint.sh

package: hoctap
	@scripts/package.sh

clean:
	rm -rf hoctap internal/web/assets/dist/* ui/node_modules
