#!/usr/bin/env bash
# Starts the demo; options are passed on to `kontor serve`.
source "$(dirname "$0")/common.sh"

exec "$binary" serve --demo "$@"
