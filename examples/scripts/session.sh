#!/bin/sh
# A whole MCP conversation in a shell: write requests, close the server's input, read every answer.
#   session.sh [PATH-OF-BOUND-MCP [OPTIONS OF SERVE]]
# Prints the e-mail addresses of the first five contacts, one on each line; needs nothing but sed and grep.
set -eu
program=${1:-bound-mcp}
[ $# -eq 0 ] || shift

"$program" serve "$@" <<'END' | grep '"id":3' | grep -o '"email":"[^"]*"' | sed 's/"email":"//; s/"$//'
{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"session.sh","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"pathbound_create_contact","arguments":{"email":"ada@example.com","properties":{"firstname":"Ada"}}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"pathbound_list_contacts","arguments":{"limit":5,"fields":"summary"}}}
END
