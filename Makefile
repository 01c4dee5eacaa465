# Everything here needs Go alone, except interop (Node).
SHELL := /bin/sh
GO ?= go
TAGS := nomsgpack
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 1m
# Only what hangs takes this long; a slow machine must not get a dump of goroutines.
TIMEOUT ?= 20m
# The race detector needs a C compiler; without one the tests run plain.
CC_FOUND := $(shell command -v $$($(GO) env CC) 2>/dev/null)
RACE ?= $(if $(CC_FOUND),-race)
# Packages with long sweeps, tests called TestSweep, which the race detector would
# make three times as long. Built as bin/pantomime is, so as to share its cache.
SWEEPS := . ./scenarios ./harness ./internal/recording ./openapi ./tools/bench
# Tests that come in two lengths, short ones in make test and long ones in make long.
LONG := . ./cmd/pantomime
LONG_TESTS ?= StoppedUnderLoad|BadRequests|Limits
# Every module that git lists; the first is the whole product.
MODULES := $(or $(patsubst %/,%,$(dir $(shell git ls-files go.mod '**/go.mod'))),$(error git lists no go.mod here))
LINT = $(GO) tool -modfile=$(CURDIR)/tools/lint.mod golangci-lint
# Arguments for the demo: make run ARGS=--once
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run build test long lint fmt interop generated image bench fuzz clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build, start the sandbox, play a scenario, keep serving
	bin/pantomime demo $(ARGS)

build: ## build bin/pantomime, one static file
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -tags $(TAGS) -ldflags '$(LDFLAGS)' -o bin/ ./cmd/pantomime

test: ## run all tests, with the race detector (but for long sweeps) if there is a C compiler
	@$(if $(RACE),,echo "no C compiler: testing without the race detector")
	$(GO) test $(RACE) -tags $(TAGS) -timeout $(TIMEOUT) ./...
	$(if $(RACE),CGO_ENABLED=0 $(GO) test -trimpath -tags $(TAGS) -timeout $(TIMEOUT) -run '^TestSweep_' $(SWEEPS))
	@for module in $(filter-out .,$(MODULES)); do echo "tests of $$module" && $(GO) -C $$module test -timeout $(TIMEOUT) ./... || exit 1; done

long: ## run the long form of tests that come in two lengths, and write docs/long.md; takes minutes
	.ci/long '$(LONG_TESTS)' $(LONG)

lint: ## run the linters; the first time builds them, which takes minutes
	@for module in $(MODULES); do echo "linting $$module" && (cd $$module && $(GO) mod tidy -diff && $(LINT) run ./...) || exit 1; done

fmt: ## format the Go files as the linters want them
	@for module in $(MODULES); do (cd $$module && $(LINT) fmt ./...) || exit 1; done

interop: build ## walk both networks with Go and npm libraries that are not ours, and a scenario with an editor's language server
	harness/interop/run.sh
	harness/editor/run.sh

generated: build ## make Go clients of the served OpenAPI with two generators, and call the sandbox with them
	cd harness/interop/go && PANTOMIME=$(CURDIR)/bin/pantomime $(GO) test -tags generated -run Generated -count=1 -v -timeout 15m .

image: build ## build a container image without an engine into dist/image, and check it
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '-s -w' -o bin/ ./docker/receiver
	$(GO) -C tools/image run . -bin ../../bin -out ../../dist/image
	$(GO) -C tools/image test -count=1 -v -run TestImage_Good . -layout ../../dist/image

bench: ## measure every performance goal, in one table; takes minutes and wants an idle machine
	$(GO) run -tags $(TAGS) ./tools/bench $(ARGS)

fuzz: ## run every fuzz target for FUZZTIME (1m)
	.ci/fuzz $(FUZZTIME)

clean: ## remove what was built
	rm -rf bin dist
