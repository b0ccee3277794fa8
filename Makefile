# See README. The work is in scripts/; `make` alone shows the targets.
.PHONY: help run test bench build prepare fmt lint

help:
	@echo 'make run      build everything and start the demo'
	@echo 'make test     every check: format, lints, tests on both databases, browser'
	@echo 'make bench    print the benchmark tables (BENCH="…" passes options)'
	@echo 'make build    the release binary: $${CARGO_TARGET_DIR:-target}/release/kontor'
	@echo 'make prepare  install what building and testing need'
	@echo 'make fmt      format'
	@echo 'make lint     format check and lints only'

run: build
	@scripts/run.sh $(DEMO)

test:
	@scripts/test.sh

bench: build
	@scripts/bench.sh $(BENCH)

build:
	@scripts/prepare.sh run
	@scripts/build.sh

prepare:
	@scripts/prepare.sh test

fmt:
	@cargo fmt --all

lint:
	@scripts/lint.sh
