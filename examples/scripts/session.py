#!/usr/bin/env python3
"""A conversation with the server, one question after the other, with Python's standard library alone.

    session.py [PATH-OF-BOUND-MCP [OPTIONS OF SERVE]]

Creates a contact, queues an e-mail that waits for approval, and prints what a person would have to decide.
"""
import json
import subprocess
import sys


class Server:
    def __init__(self, program, *options):
        self.process = subprocess.Popen(
            [program, "serve", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.number = 0
        self.request("initialize", {
            "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": {"name": "session.py", "version": "1"}})
        self.send({"method": "notifications/initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def request(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]
        raise RuntimeError("the server has ended")

    def call(self, tool, **arguments):
        """The tool's result; what a caller can mend is an error with a code and a message."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            error = json.loads(result["content"][0]["text"])["error"]
            raise RuntimeError(f'{error["code"]}: {error["message"]}')
        return result["structuredContent"]

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def main():
    server = Server(*(sys.argv[1:] or ["bound-mcp"]))
    contact = server.call("pathbound_create_contact", email="grace@example.com", properties={"firstname": "Grace"})["contact"]
    server.call(
        "pathbound_queue_action", type="email_message", identity_id="id_default", require_approval=True,
        params={"contact_id": contact["_id"], "subject": "Hello", "message": "Hello Grace"})
    for item in server.call("pathbound_review_pending_actions")["pending"]:
        print(item["type"], item["contact"]["email"], item["would_send"]["subject"], sep="\t")
    return server.close()


if __name__ == "__main__":
    sys.exit(main())
