#!/usr/bin/env bash
# Every check, one after another; a failed one does not stop the next. Last line: N passed, N failed.
# Counted are tests, and each check that is not a test (format, lints, types, build) as one.
source "$(dirname "$0")/common.sh"

passed=0
failed=0
failures=()
work=$(mktemp -d "${TMPDIR:-/tmp}/kontor-make.XXXXXX")
chmod 755 "$work" # the database server runs as another user when we are root
# The tests share one PostgreSQL server, found through the temporary folder: with a folder of our own it is ours alone.
export TMPDIR=$work
export CARGO_TERM_COLOR=never

cleanup() {
    local testpg=$target/debug/testpg
    if [ -x "$testpg" ] && [ -d "$work/kontor-test-$(id -u)" ]; then
        limit 60 "$testpg" stop || say "the test database server could not be stopped"
    fi
    rm -rf "$work"
}
trap cleanup EXIT

# run_logged SECONDS COMMAND…: shows the output and keeps it in $work/log.
run_logged() {
    local seconds=$1
    shift
    limit "$seconds" "$@" </dev/null 2>&1 | tee "$work/log"
}

note() { # NAME PASSED FAILED BEGUN
    passed=$((passed + $2))
    failed=$((failed + $3))
    [ "$3" = 0 ] || failures+=("$1")
    say "$1: $2 passed, $3 failed ($((SECONDS - $4)) s)"
}

# check NAME SECONDS COMMAND…: one check.
check() {
    local name=$1 seconds=$2 begun=$SECONDS
    shift 2
    say "$name"
    if run_logged "$seconds" "$@"; then note "$name" 1 0 "$begun"; else note "$name" 0 1 "$begun"; fi
}

# tests NAME SECONDS COUNTER COMMAND…: a runner whose output COUNTER turns into "passed failed".
tests() {
    local name=$1 seconds=$2 counter=$3 begun=$SECONDS ok=0 good bad
    shift 3
    say "$name"
    run_logged "$seconds" "$@" || ok=$?
    read -r good bad < <("$counter" <"$work/log")
    # A runner that failed without naming a failed test (it did not compile, it took too long) is a failure itself.
    [ "$ok" = 0 ] || [ "$bad" -gt 0 ] || bad=1
    note "$name" "$good" "$bad" "$begun"
}

# "Summary [ 1.2s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 3 skipped"
count_nextest() {
    awk '/Summary \[/ {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed/) p += $(i - 1)
            if ($i ~ /^failed/) f += $(i - 1)
            if ($i == "timed" || $i == "exec") f += $(i - 1)
        }
    } END { print p + 0, f + 0 }'
}
# "test result: ok. 6 passed; 2 failed; 0 ignored; …"
count_cargo() { awk '/^test result:/ { p += $4; f += $6 } END { print p + 0, f + 0 }'; }
# "# pass 6", "# fail 2"
count_node() { awk '$1 == "#" && $2 == "pass" { p += $3 } $1 == "#" && ($2 == "fail" || $2 == "cancelled") { f += $3 } END { print p + 0, f + 0 }'; }
# "6 passed, 2 failed"
count_browser() { awk '/^[0-9]+ passed, [0-9]+ failed$/ { p = $1; f = $3 } END { print p + 0, f + 0 }'; }

unit_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        tests "tests on both databases" 3600 count_nextest cargo nextest run --workspace --locked --profile ci
    else
        tests "tests on both databases" 3600 count_cargo cargo test --workspace --locked --no-fail-fast --lib --bins --tests
    fi
    tests "examples in the documentation" 900 count_cargo cargo test --workspace --locked --no-fail-fast --doc
}

browser_tests() {
    scripts/frontend.sh browser-packages
    tests "browser tests" 1800 count_browser node tests/browser/run.mjs
}

scripts/prepare.sh test
check "front end: bundle" 900 scripts/frontend.sh build
check "front end: types" 300 scripts/frontend.sh check
tests "front end: tests" 300 count_node scripts/frontend.sh test
check "format" 120 cargo fmt --all --check
retry limit 900 cargo fetch --locked --target "$host"
check "lints" 2400 cargo clippy --workspace --all-targets --locked -- -D warnings
if cargo deny --version >/dev/null 2>&1; then check "licences and sources" 120 cargo deny --offline check licenses bans sources; fi
limit 1200 cargo build --locked --package kontor-testkit --bins || true
unit_tests
tests "price tables as WebAssembly" 600 count_node crates/engines/pricing/tests/wasm.sh
check "release build" 3600 cargo build --release --locked --package kontor
browser_tests

[ ${#failures[@]} = 0 ] || say "failed: $(printf '%s; ' "${failures[@]}")"
say "took $((SECONDS / 60)) min $((SECONDS % 60)) s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
