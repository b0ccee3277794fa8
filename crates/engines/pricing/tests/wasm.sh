#!/usr/bin/env bash
# The tables of the price engine, natively and as WebAssembly under node: the reports must be equal.
# Prints "# pass N" and "# fail N" of the WebAssembly run. Where there is no target or no node, says so and passes, unless
# KONTOR_REQUIRE_WASM=1 wants it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."

leave_out() {
    echo "$1: tables as WebAssembly are left out" >&2
    [ "${KONTOR_REQUIRE_WASM:-}" = 1 ] || exit 0
    echo "# pass 0"
    echo "# fail 1"
    exit 1
}

command -v node >/dev/null || leave_out "no node"
libraries=$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown
[ -d "$libraries" ] || leave_out "no target wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown)"

target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --quiet --locked -p kontor-pricing --example tables >"$work/native"
cargo build --quiet --locked -p kontor-pricing --example tables --target wasm32-unknown-unknown
node crates/engines/pricing/tests/wasm.mjs "$target/wasm32-unknown-unknown/debug/examples/tables.wasm" >"$work/wasm"
diff "$work/native" "$work/wasm"
grep '^#' "$work/wasm"
