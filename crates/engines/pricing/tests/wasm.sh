#!/usr/bin/env bash
# The tables of the price engine, natively and as WebAssembly under node: the reports must be equal.
# Prints "# pass N" and "# fail N" of the WebAssembly run; where there is no target or no node, says so and passes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."

command -v node >/dev/null || { echo "no node: tables as WebAssembly are left out"; exit 0; }
libraries=$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown
[ -d "$libraries" ] || { echo "no target wasm32-unknown-unknown: tables as WebAssembly are left out"; exit 0; }

target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --quiet --locked -p kontor-pricing --example tables >"$work/native"
cargo build --quiet --locked -p kontor-pricing --example tables --target wasm32-unknown-unknown
node crates/engines/pricing/tests/wasm.mjs "$target/wasm32-unknown-unknown/debug/examples/tables.wasm" >"$work/wasm"
diff "$work/native" "$work/wasm"
grep '^#' "$work/wasm"
