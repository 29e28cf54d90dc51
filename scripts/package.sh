#!/bin/bash
# SPDX-FileCopyrightText: 2026 The hoctap authors
# SPDX-License-Identifier: Apache-2.0
#
# One archive per machine kind in dist/: the binary with everything embedded, the licence, the notices and the README.
# The same sources give the same bytes: names are sorted, owners and times are those of the commit.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(git describe --tags --always --dirty 2>/dev/null || echo unversioned)
time=$(git log -1 --format=%ct 2>/dev/null || echo 0)
mkdir -p dist
for arch in amd64 arm64; do
	name=hoctap-$version-linux-$arch
	work=$(mktemp -d)
	mkdir "$work/$name"
	CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath -ldflags '-s -w' -o "$work/$name/hoctap" ./cmd/hoctap
	cp LICENSE NOTICE README.md README.vi.md "$work/$name/"
	tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | gzip -n >"dist/$name.tar.gz"
	rm -rf "$work"
done
cd dist
sha256sum hoctap-"$version"-linux-*.tar.gz | tee "hoctap-$version.sha256"
