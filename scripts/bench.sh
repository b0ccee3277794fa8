#!/usr/bin/env bash
# Prints the benchmark tables; options are passed on to `kontor bench`.
source "$(dirname "$0")/common.sh"

exec "$binary" bench "$@"
