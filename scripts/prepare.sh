#!/usr/bin/env bash
# Installs what the machine lacks (Debian, Ubuntu; as root or with sudo), or says exactly what to install.
#   prepare.sh run     what building and running needs: compiler, Rust, Node
#   prepare.sh test    and what the tests need: a PostgreSQL server, Chromium, cargo-nextest, the target of WebAssembly
source "$(dirname "$0")/common.sh"

what=${1:-run}
node_needed=20
rust_needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        return 1
    fi
}

updated=
# apt PACKAGE…: false when it cannot be done here.
apt() {
    have apt-get || return 1
    local options=(-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -y --no-install-recommends)
    if [ -z "$updated" ]; then
        retry as_root env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get "${options[@]}" update || return 1
        updated=yes
    fi
    say "installing $*"
    retry as_root env DEBIAN_FRONTEND=noninteractive timeout 1200 apt-get "${options[@]}" install "$@"
}

# need NAME PACKAGE…: installs the packages or says so.
need() {
    local name=$1
    shift
    apt "$@" || die "$name is missing. Install it and try again: sudo apt-get install $*"
}

compiler() {
    have cc && have make && have git || need "a C compiler" build-essential git ca-certificates
}

rust() {
    local install="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c rustfmt -c clippy"
    have cargo && have rustc || die "Rust $rust_needed or newer is missing. Install it and try again: $install"
    local version
    version=$(rustc --version | cut -d' ' -f2)
    [ "$(printf '%s\n' "$rust_needed" "$version" | sort -V | head -n1)" = "$rust_needed" ] ||
        die "Rust is $version, $rust_needed or newer is needed: rustup update stable"
}

rust_tools() {
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return
    have rustup && retry limit 600 rustup component add rustfmt clippy && return
    die "rustfmt and clippy are missing: rustup component add rustfmt clippy"
}

node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }

node_and_npm() {
    { have node && have npm; } || apt nodejs npm || true
    local found
    found=$(node_major)
    [ "${found:-0}" -ge "$node_needed" ] && have npm && return
    die "Node $node_needed or newer with npm is needed (found: ${found:-none}). Install it and try again: \
curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install nodejs"
}

postgres() {
    [ -n "${KONTOR_TEST_PG:-}" ] && return
    have initdb && have pg_ctl && return
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
    # The tests start servers of their own; the package shall not set one up beside them.
    if [ ! -e /etc/postgresql-common/createcluster.conf ] && have apt-get; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    need "the PostgreSQL server" postgresql
}

browser() {
    local place
    [ -n "${KONTOR_CHROMIUM:-}" ] && return
    for place in chromium google-chrome google-chrome-stable; do have "$place" && return; done
    compgen -G "$HOME/.cache/ms-playwright/chromium-*" >/dev/null && return
    apt chromium fonts-dejavu-core && have chromium && return
    # Ubuntu has Chromium only as a snap: take the build that the test tool brings.
    retry limit 600 npm ci --prefix tests/browser --no-audit --no-fund
    as_root npx --prefix tests/browser playwright-core install-deps chromium || true
    retry limit 900 npx --prefix tests/browser playwright-core install chromium ||
        die "Chromium is missing. Install it and try again: sudo apt-get install chromium (or set KONTOR_CHROMIUM)"
}

# The price engine is tested as WebAssembly too.
webassembly() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] && return
    have rustup && retry limit 600 rustup target add wasm32-unknown-unknown && return
    local hint="rustup target add wasm32-unknown-unknown, or with Debian's own Rust: sudo apt-get install libstd-rust-dev-wasm32"
    [ "${KONTOR_REQUIRE_WASM:-}" != 1 ] || die "the Rust target wasm32-unknown-unknown is missing. Install it and try again: $hint"
    say "no Rust target wasm32-unknown-unknown; its tests are left out ($hint)"
}

nextest() {
    cargo nextest --version >/dev/null 2>&1 && return
    say "installing cargo-nextest"
    retry limit 1800 cargo install --locked --target-dir "$target/tools" cargo-nextest ||
        say "cargo-nextest could not be installed; the tests will run with cargo test"
}

compiler
rust
node_and_npm
if [ "$what" = test ]; then
    rust_tools
    webassembly
    postgres
    browser
    nextest
fi
