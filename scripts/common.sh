# Shared by the scripts: where things are, saying what goes on, time limits, trying again. Sourced, not run.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
case ":$PATH:" in *":$HOME/.cargo/bin:"*) ;; *) PATH="$HOME/.cargo/bin:$PATH" ;; esac
export PATH
target=${CARGO_TARGET_DIR:-$root/target}
binary=$target/release/kontor

say() { printf '[%s] %s\n' "$(date +%H:%M:%S)" "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# limit SECONDS COMMAND…: ends the command, and what it started, when it takes longer.
limit() {
    local seconds=$1
    shift
    timeout --kill-after=30 "$seconds" "$@"
}

# retry COMMAND…: for steps that use the network; four times, waiting longer each time.
retry() {
    local try
    for try in 1 2 3 4; do
        "$@" && return 0
        [ "$try" = 4 ] && return 1
        say "again in $((try * 5)) s: $*"
        sleep $((try * 5))
    done
}

# The platform we build on: packages of others need not be fetched.
host=$(have rustc && rustc -vV | sed -n 's/^host: //p' || true)
