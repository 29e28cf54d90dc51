#!/bin/bash
# SPDX-FileCopyrightText: 2026 The hoctap authors
# SPDX-License-Identifier: Apache-2.0
#
# What is handed out, in dist/: for each machine kind an archive and a Debian package, with the binary that has everything embedded, the licence, the notices
# and the README. The same sources give the same bytes: names are sorted, owners and times are those of the commit. ARCHS="amd64" makes only one kind.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(git describe --tags --always --dirty 2>/dev/null || echo unversioned)
time=$(git log -1 --format=%ct 2>/dev/null || echo 0)
# A Debian version begins with a digit and sorts by time.
case $version in
v[0-9]*) debian=${version#v} ;;
*) debian=0~$(date -u -d "@$time" +%Y%m%d%H%M).$version ;;
esac
out=${OUT:-dist}
mkdir -p "$out"
for arch in ${ARCHS:-amd64 arm64}; do
	name=hoctap-$version-linux-$arch
	work=$(mktemp -d)
	mkdir "$work/$name"
	CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath -ldflags '-s -w' -o "$work/$name/hoctap" ./cmd/hoctap
	cp LICENSE NOTICE README.md README.vi.md "$work/$name/"
	tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | gzip -n >"$out/$name.tar.gz"
	BUILT=$work/$name ARCH=$arch VERSION=${debian//-/.} SOURCE_DATE_EPOCH=$time \
		go tool -modfile packaging/go.mod nfpm package --config packaging/nfpm.yaml --packager deb --target "$out/hoctap_${debian//-/.}_$arch.deb"
	if [ "$arch" = "$(go env GOARCH)" ] && command -v dpkg-deb >/dev/null; then # what is handed out runs as it is unpacked
		dpkg-deb -x "$out/hoctap_${debian//-/.}_$arch.deb" "$work/root"
		"$work/root/usr/bin/hoctap" --db "sqlite:$work/x.db" --files "$work/files" migrate
	fi
	rm -rf "$work"
done
cd "$out"
sha256sum hoctap-"$version"-linux-*.tar.gz hoctap_"${debian//-/.}"_*.deb | tee "hoctap-$version.sha256"
