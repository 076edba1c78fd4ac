# `make demo` and `make test` are all that a newcomer needs: each installs what is missing, and builds.

CHECKED := --explicit-target-dependency-import-check error

# `make install PREFIX=~/.local`; DESTDIR is put before it, for packages.
PREFIX ?= /usr/local
DESTDIR ?=
PROGRAM := .build/release/bound-mcp
# Where a bundle's download will be; with it, `make bundle` writes the entry for the MCP registry too.
URL ?=

.PHONY: demo test build install uninstall bundle format lint schemas test-clients bench ready

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

## Install both programs, the manual page and the completions; the first `make build` must not need root.
install:
	@[ -x $(PROGRAM) ] && [ -x $(PROGRAM)-http ] || { echo "Run 'make build' first"; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $(PROGRAM) $(PROGRAM)-http $(DESTDIR)$(PREFIX)/bin
	$(PROGRAM) man > $(DESTDIR)$(PREFIX)/share/man/man1/bound-mcp.1
	$(PROGRAM) completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bound-mcp
	$(PROGRAM) completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bound-mcp
	$(PROGRAM) completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bound-mcp.fish

## Take out what `make install` has put there; workspaces stay.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/bound-mcp $(DESTDIR)$(PREFIX)/bin/bound-mcp-http \
	  $(DESTDIR)$(PREFIX)/share/man/man1/bound-mcp.1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bound-mcp \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bound-mcp \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bound-mcp.fish

## Make .build/bound-mcp.mcpb, which Claude Desktop installs with a double click; with URL=… also .build/server.json.
bundle:
	@[ -x $(PROGRAM) ] && [ -x $(PROGRAM)-http ] || { echo "Run 'make build' first"; exit 1; }
	rm -rf .build/bundle .build/bound-mcp.mcpb
	install -d .build/bundle/server
	install -m 755 $(PROGRAM) $(PROGRAM)-http .build/bundle/server
	$(PROGRAM) manifest bundle > .build/bundle/manifest.json
	@cd .build/bundle && if command -v zip >/dev/null; then zip -q -X -r ../bound-mcp.mcpb manifest.json server; \
	  else python3 -m zipfile -c ../bound-mcp.mcpb manifest.json server; fi
	@[ -z "$(URL)" ] || $(PROGRAM) manifest registry .build/bound-mcp.mcpb --url "$(URL)" > .build/server.json
	@ls -l .build/bound-mcp.mcpb

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

## Let real clients use the program: both official Python SDKs, FastMCP's, and HTTP clients behind mcp-proxy.
test-clients: build
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
