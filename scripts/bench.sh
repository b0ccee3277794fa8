#!/usr/bin/env bash
# Prints the benchmark tables for both databases; options are passed on to `kontor bench`.
# PostgreSQL is a fresh server of its own with its usual durability, on a local socket, ended afterwards.
source "$(dirname "$0")/common.sh"

data=${KONTOR_BENCH_DATA:-${XDG_CACHE_HOME:-$HOME/.cache}/kontor-bench}
mkdir -p "$data"
ok=0
"$binary" bench --database "sqlite://$data/bench.db" "$@" || ok=$?

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
    say "PostgreSQL server not found: apt-get install postgresql; only SQLite was measured"
    exit "$ok"
fi
pg=$data/postgres
as=()
if [ "$(id -u)" = 0 ]; then
    # The server refuses to run as root.
    as=(runuser -u postgres --)
    chmod 755 "$data"
    case $data in "$HOME"/*) pg=/var/tmp/kontor-bench-postgres ;; esac
fi
port=${KONTOR_BENCH_PORT:-54390}
if [ ! -e "$pg/PG_VERSION" ]; then
    mkdir -p "$pg"
    [ "$(id -u)" != 0 ] || chown postgres "$pg"
    limit 120 "${as[@]}" "$bin/initdb" -D "$pg" -U kontor --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
fi
trap 'limit 60 "${as[@]}" "$bin/pg_ctl" -D "$pg" -m fast stop >/dev/null || true' EXIT
limit 60 "${as[@]}" "$bin/pg_ctl" -D "$pg" -w -o "-p $port -k $pg -c listen_addresses= -c shared_buffers=512MB -c max_wal_size=4GB" -l "$pg/log" start >/dev/null
limit 30 "$bin/psql" -h "$pg" -p "$port" -U kontor -d postgres -tAc "SELECT 1 FROM pg_database WHERE datname = 'bench'" | grep -q 1 ||
    limit 30 "$bin/createdb" -h "$pg" -p "$port" -U kontor bench
"$binary" bench --database "postgres://kontor@/bench?host=$pg&port=$port" "$@" || ok=$?
exit "$ok"
