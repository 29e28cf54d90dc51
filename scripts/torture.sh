#!/usr/bin/env bash
# Tortures the server: SIGKILL at random moments while people save, a full disk, a disk that cannot be written, a database that crashes, slow clients, junk. Each
# time every acknowledged save must be there, the counters equal the records and "hoctap verify" pass. KILLS and WRITERS say how much; the seed printed repeats it.
#   scripts/torture.sh -only kill -seed 7        scripts/torture.sh -only full,slow
# Disks of their own need root; without it those two are told of and not made.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x hoctap ] || make --no-print-directory build
go run ./bench torture -hoctap ./hoctap -kills "${KILLS:-200}" -writers "${WRITERS:-32}" -junk "${JUNK:-100000}" "$@"
