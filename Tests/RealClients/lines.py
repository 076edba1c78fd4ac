"""A client without an SDK: one message, one line."""

import json
import queue
import subprocess
import threading

from official_schema import MODERN, PREFIX


class Lines:
    """Speaks one revision with a server; requests of 2026-07-28 get their envelope."""

    def __init__(self, command, revision, capabilities):
        self.revision, self.capabilities, self.unasked, self.asked = revision, capabilities, [], []
        self._last = 0
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._heard = queue.Queue()
        threading.Thread(target=lambda: [self._heard.put(line) for line in self._child.stdout], daemon=True).start()

    def open(self):
        """Begins as the revision wants it; gives what the server says about itself."""
        if self.revision == MODERN:
            return self.ask("server/discover")
        started = self.ask(
            "initialize", protocolVersion=self.revision, capabilities=self.capabilities,
            clientInfo={"name": "lines", "version": "1"})
        assert started["protocolVersion"] == self.revision
        self.send({"method": "notifications/initialized"})
        return started

    def close(self):
        self._child.stdin.close()
        assert self._child.wait(5) == 0

    def send(self, message):
        self._child.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._child.stdin.flush()

    def receive(self):
        return json.loads(self._heard.get(timeout=25))

    def begin(self, method, envelope=True, meta=None, **params):
        """Sends a request and gives its number."""
        self._last += 1
        meta = dict(meta or {})
        if self.revision == MODERN and envelope:
            meta = {
                PREFIX + "protocolVersion": MODERN, PREFIX + "clientInfo": {"name": "lines", "version": "1"},
                PREFIX + "clientCapabilities": self.capabilities, **meta}
        if meta:
            params["_meta"] = meta
        self.send({"id": self._last, "method": method, "params": params})
        return self._last

    def ask(self, method, answer=None, **params):
        """The result or the error; a form that comes meanwhile is answered with `answer`."""
        number = self.begin(method, **params)
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                self.asked.append(message)
                self.send({"id": message["id"], "result": answer})
            elif "method" in message:
                self.unasked.append(message)
            else:
                assert message["id"] == number and type(message["id"]) is type(number)
                return message["result"] if "result" in message else message["error"]

    def call(self, tool, answer=None, meta=None, **arguments):
        return self.ask("tools/call", answer, meta=meta, name=tool, arguments=arguments)

    def made(self, tool, **arguments):
        """The payload of a call that must succeed, in whatever revision."""
        result = self.call(tool, **arguments)
        assert not result.get("isError"), result
        return json.loads(result["content"][0]["text"])
