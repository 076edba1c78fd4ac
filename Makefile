# `make demo` and `make test` are all that a newcomer needs: each installs what is missing, and builds.

CHECKED := --explicit-target-dependency-import-check error

.PHONY: demo test build format lint schemas real-clients bench ready

## Show the main job on a real workspace.
demo: build
	@.build/release/bound-mcp demo

## Run the tests.
test: ready
	swift build --build-tests $(CHECKED)
	swift test --skip-build

## Build the program: .build/release/bound-mcp, and bound-mcp-http beside it.
build: ready
	swift build -c release --product bound-mcp-http $(CHECKED)
	swift build -c release --product bound-mcp $(CHECKED)

## Rewrite the sources as the formatter wants them.
format:
	swift format -i -r Sources Tests Package.swift

## Check what the formatter wants.
lint:
	swift format lint --strict -r Sources Tests Package.swift

## Write what is generated from the catalogue: schemas/ and the README's table.
schemas: build
	@.build/release/bound-mcp schemas
	@BOUND_MCP_WRITE_README=1 swift test --filter ReadmeTests

## Let the official Python SDKs, newest of both generations, use the program.
real-clients: build
	Tests/RealClients/run

## Measure: start, reads, writes, memory; questions about a million events; calls to a hosted API.
bench: build
	python3 Tests/Benchmarks/bench.py .build/release/bound-mcp
	python3 Tests/Benchmarks/million.py .build/release/bound-mcp
	python3 Tests/Benchmarks/remote.py .build/release/bound-mcp

ready:
	@command -v swift >/dev/null || { echo "bound-mcp needs Swift 6.1 or newer: https://www.swift.org/install"; exit 1; }
	@if [ "$$(uname)" = Darwin ]; then \
	  [ -e "$$(xcrun --show-sdk-path)/usr/include/sqlite3.h" ] || brew install sqlite; \
	  [ -e "$$(xcrun --show-sdk-path)/usr/include/curl/curl.h" ] || brew install curl; \
	else \
	  missing=; \
	  [ -e /usr/include/sqlite3.h ] || missing="libsqlite3-dev"; \
	  ls /usr/include/curl/curl.h /usr/include/*/curl/curl.h 2>/dev/null | grep -q . || missing="$$missing libcurl4-openssl-dev"; \
	  [ -z "$$missing" ] && exit 0; \
	  command -v apt-get >/dev/null || { \
	    echo "Install SQLite's headers and static library, and libcurl's headers (Debian: $$missing)"; exit 1; }; \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  echo "Installing $$missing"; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $$missing; \
	fi
