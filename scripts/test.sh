#!/usr/bin/env bash
# Runs every test on both engines and in a real browser, and closes with one line: N passed, N failed.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/need.sh test
make --no-print-directory build

work=$(mktemp -d)
chmod 755 "$work"
trap 'scripts/postgres.sh stop "$work/pg"; rm -rf "$work"' EXIT
HOCTAP_TEST_POSTGRES=$(scripts/postgres.sh start "$work/pg")
export HOCTAP_TEST_POSTGRES
export HOCTAP_TEST_BROWSER=1 # without a browser the browser tests fail instead of skipping
export HOCTAP_TEST_CLAMD=1   # nor without a scanner those of uploads
export HOCTAP_TEST_OFFICE=1  # and without the judges of papers (poppler, qpdf, zbar, LibreOffice) those of papers

gofmt_bad=$(git ls-files '*.go' | xargs gofmt -l)
[ -z "$gofmt_bad" ] || { echo "gofmt would change: $gofmt_bad" >&2; exit 1; }
go vet ./...
set +e
go test -json -count=1 -timeout 14m ${HOCTAP_TEST_FLAGS:-} ./... | go run ./scripts/tally
exit "${PIPESTATUS[1]}"
