#!/usr/bin/env bash
# Starts a throw-away PostgreSQL server for tests and prints its address; "stop" ends it and removes its files.
#   scripts/postgres.sh start DIR    scripts/postgres.sh stop DIR
# It listens on a socket below DIR only, and keeps nothing: fsync is off.
set -euo pipefail
action=$1 dir=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "postgresql is not installed" >&2; exit 1; }

as_server() { # the server refuses to run as root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case $action in
start)
  mkdir -p "$dir/run"
  [ "$(id -u)" = 0 ] && chown -R postgres "$dir"
  as_server "$bin/initdb" -D "$dir/data" -U hoctap -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  options="-c listen_addresses='' -c unix_socket_directories='$dir/run' -c fsync=${FSYNC:-off} -c full_page_writes=${FSYNC:-off} -c synchronous_commit=${FSYNC:-off} -c max_connections=200 -c shared_buffers=${BUFFERS:-128MB} -c max_wal_size=4GB"
  echo "$options" >"$dir/options"
  as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "$options" start >/dev/null
  echo "postgres://hoctap@/postgres?host=$dir/run"
  ;;
crash) # the server ends as a power cut would end it; "again" starts it on the same files
  as_server "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null
  ;;
again)
  as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "$(cat "$dir/options")" start >/dev/null
  ;;
stop)
  as_server "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
  ;;
*) echo "usage: $0 start|stop|crash|again DIR" >&2; exit 2 ;;
esac
