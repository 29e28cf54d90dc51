#!/usr/bin/env bash
# Measures the built program on a province of a million families and writes docs/bench.md. The databases are kept in BENCH_DIR and used
# again. BENCH_FAMILIES makes it smaller; further flags go to the measuring program: scripts/bench.sh -only save,read
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x hoctap ] || make --no-print-directory build
go run ./bench -hoctap ./hoctap -families "${BENCH_FAMILIES:-1000000}" -dir "${BENCH_DIR:-${TMPDIR:-/tmp}/hoctap-bench}" -out docs/bench.md "$@"
