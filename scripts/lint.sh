#!/usr/bin/env bash
# The quick checks, for use before a commit.
source "$(dirname "$0")/common.sh"

scripts/frontend.sh build
scripts/frontend.sh check
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace --locked
