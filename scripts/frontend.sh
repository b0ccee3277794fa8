#!/usr/bin/env bash
# Bundles the pages' styles and scripts into frontend/dist, from where they are embedded in the binary.
# Does nothing when the sources are those of the last time.
source "$(dirname "$0")/common.sh"

export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false

packages() { # FOLDER
    local stamp="$1/node_modules/.kontor-packages" now
    now=$(node --version; sha256sum "$1/package-lock.json")
    [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return
    say "npm packages of $1"
    retry limit 600 npm ci --prefix "$1" || die "npm ci in $1 failed"
    printf '%s' "$now" >"$stamp"
}

bundle() {
    local stamp=frontend/node_modules/.kontor-bundle now
    now=$(find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    [ -e frontend/dist/manifest.json ] && [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return
    say "bundling the pages' styles and scripts"
    limit 300 npm run --silent --prefix frontend build
    printf '%s' "$now" >"$stamp"
}

case ${1:-build} in
build)
    packages frontend
    bundle
    ;;
check)
    packages frontend
    limit 300 npm run --silent --prefix frontend check
    ;;
test)
    packages frontend
    limit 300 npm run --silent --prefix frontend --if-present test
    ;;
browser-packages) packages tests/browser ;;
*) die "usage: frontend.sh build | check | test | browser-packages" ;;
esac
