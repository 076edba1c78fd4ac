#!/usr/bin/env python3
"""A CRM behind MCP, small enough to read: one tool, add_lead, which appends a line to a file.

    crm_server.py LEADS.jsonl
"""
import json
import sys

TOOL = {
    "name": "add_lead", "description": "Adds a lead.",
    "inputSchema": {
        "type": "object", "required": ["email"],
        "properties": {"email": {"type": "string"}, "reason": {"type": "string"}},
    },
}


def add_lead(path, arguments):
    with open(path, "a", encoding="utf-8") as leads:
        leads.write(json.dumps(arguments) + "\n")
    return {"content": [{"type": "text", "text": f"{arguments['email']} is a lead now"}]}


def answer(method, params, path):
    if method == "initialize":
        return {
            "protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
            "serverInfo": {"name": "crm", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [TOOL]}
    if method == "tools/call" and params["name"] == "add_lead":
        return add_lead(path, params["arguments"])
    return None


for line in sys.stdin:
    request = json.loads(line)
    if "id" not in request:
        continue
    result = answer(request["method"], request.get("params", {}), sys.argv[1])
    reply = {"result": result} if result is not None else {"error": {"code": -32601, "message": "Unknown method"}}
    print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **reply}), flush=True)
