#!/usr/bin/env bash
# Format, vet, fresh generated code, types of the scripts. Pages are generated with: go tool templ generate -path internal/web
set -euo pipefail
cd "$(dirname "$0")/.."
bad=$(git ls-files '*.go' | xargs gofmt -l)
[ -z "$bad" ] || { echo "gofmt would change: $bad"; exit 1; }
go vet ./...
go tool templ generate -path internal/web >/dev/null
git diff --exit-code --stat -- '*_templ.go' || { echo "generated pages are not fresh: commit them"; exit 1; }
(cd ui && npm ci --silent && npx tsc --noEmit -p .)
scripts/scan.sh code
echo "lint: clean"
