#!/usr/bin/env bash
# Kills the server (SIGKILL) at random moments while sixteen people save, and looks each time whether every acknowledged save is
# there, the counters equal the records and "hoctap verify" passes. KILLS says how often; the seed printed repeats the moments.
#   scripts/torture.sh -writers 32 -seed 7
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x hoctap ] || make --no-print-directory build
go run ./bench torture -hoctap ./hoctap -kills "${KILLS:-40}" "$@"
