#!/usr/bin/env bash
# Builds the release binary: ${CARGO_TARGET_DIR:-target}/release/kontor
source "$(dirname "$0")/common.sh"

scripts/frontend.sh build
say "building $binary"
retry limit 900 cargo fetch --locked --target "$host"
limit 3600 cargo build --release --locked --package kontor
