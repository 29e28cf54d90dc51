#!/usr/bin/env bash
# Sends mutated forms and files to every route, on both engines: no panic and no failure of the server. MUTATIONS says how many, MUTATIONS_SEED repeats a run.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
chmod 755 "$work"
trap 'scripts/postgres.sh stop "$work/pg"; rm -rf "$work"' EXIT
HOCTAP_TEST_POSTGRES=$(scripts/postgres.sh start "$work/pg")
export HOCTAP_TEST_POSTGRES
seed=${MUTATIONS_SEED:-$(date +%s)}
echo "mutated requests: seed $seed"
HOCTAP_MUTATIONS=${MUTATIONS:-10000} HOCTAP_MUTATIONS_SEED=$seed go test -count=1 -timeout 60m -run MutatedRequests -v ./internal/web | grep -E "^(ok|FAIL|---|    )" | grep -v 'level='
