#!/usr/bin/env bash
# Makes sure that what a step needs is there: "need.sh build", "need.sh test" or "need.sh scan". As root it installs missing Debian packages; an
# ordinary user is told which ones to ask for.
set -euo pipefail
step=$1
fail() { echo "hoctap: $*" >&2; exit 1; }

command -v go >/dev/null || fail "Go 1.26 is needed: https://go.dev/dl"
have=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
[ "$(printf '1.26\n%s\n' "$have" | sort -V | head -n 1)" = 1.26 ] || fail "Go 1.26 or newer is needed, here is $have"

packages=()
want() { command -v "$1" >/dev/null || packages+=("${@:2}"); }
want node nodejs npm
if [ "$step" = test ]; then
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  want chromium chromium
  want zbarimg zbar-tools
  want pdftotext poppler-utils
  want qpdf qpdf
  want openssl openssl
  want age age
  want clamd clamav-daemon
  want unzip unzip
  want systemd-analyze systemd
  want soffice libreoffice-writer-nogui libreoffice-calc-nogui
fi
if [ "$step" = scan ]; then
  want sqlmap sqlmap
  want wapiti wapiti
  want curl curl
fi
[ ${#packages[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ]; then
  fail "missing: ${packages[*]}. Install them once as root: apt-get install ${packages[*]}"
fi
echo "hoctap: installing ${packages[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update >&2
apt-get -qq install -y --no-install-recommends "${packages[@]}" >&2
