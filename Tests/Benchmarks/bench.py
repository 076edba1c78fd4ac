#!/usr/bin/env python3
"""Measures the built program on a fresh workspace. Python's standard library only.

  bench.py PROGRAM [--quick]

Figures hold the driver's own cost (some 10 µs a call); compare them with other runs on the same machine, not with other
programs' figures. Server and driver are kept on one processor while one call is made at a time: waking a sleeping
processor costs more than the call.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


class Server:
    """A running server on pipes."""

    def __init__(self, program, folder):
        self.start = time.perf_counter()
        self.process = subprocess.Popen(
            [program, "serve", "--db", str(pathlib.Path(folder) / "workspace.db")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.rest, self.number = b"", 0

    def message(self, method, params):
        self.number += 1
        return json.dumps({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}).encode() + b"\n"

    def call(self, tool, arguments):
        return self.message("tools/call", {"name": tool, "arguments": arguments})

    def send(self, data):
        while data:
            data = data[os.write(self.input, data):]

    def line(self):
        while (end := self.rest.find(b"\n")) < 0:
            part = os.read(self.output, 1 << 20)
            if not part:
                sys.exit("the server ended")
            self.rest += part
        line, self.rest = self.rest[:end], self.rest[end + 1:]
        return line

    def ask(self, data):
        self.send(data)
        return self.line()

    def result(self, tool, arguments):
        answer = json.loads(self.ask(self.call(tool, arguments)))
        if answer.get("result", {}).get("isError") or "error" in answer:
            sys.exit(f"{tool}: {answer}")
        return answer["result"]["structuredContent"]

    def initialize(self):
        self.send(self.message("initialize", {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}))
        self.line()
        self.send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    def pipelined(self, messages):
        """Seconds until all are answered, sent without waiting."""
        start, count = time.perf_counter(), len(messages)
        if os.fork() == 0:
            self.send(b"".join(messages))
            os._exit(0)
        received = self.rest.count(b"\n")
        failures = 0
        while received < count:
            part = os.read(self.output, 1 << 20)
            if not part:
                sys.exit("the server ended")
            received += part.count(b"\n")
            failures += part.count(b'"isError":true') + part.count(b'"error":{')
        seconds = time.perf_counter() - start
        os.wait()
        self.rest = b""
        if failures:
            sys.exit(f"{failures} calls failed")
        return seconds

    def memory(self):
        size = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, text=True).stdout
        return int(size or 0) / 1024

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


def start_times(program, rounds):
    times = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(program, folder)
            server.initialize()
            server.ask(server.message("tools/list", {}))
            times.append(time.perf_counter() - server.start)
            server.close()
    return times


def one_at_a_time(server, tool, arguments, count):
    times = []
    for index in range(count):
        message = server.call(tool, arguments(index))
        start = time.perf_counter()
        server.ask(message)
        times.append(time.perf_counter() - start)
    return times


def signals(program, count):
    """Signals taken in: nobody listening; each with a workflow run, until the last one is done."""
    for listens, name in ((False, "pipelined signals, none listening"), (True, "pipelined signals, each with a run")):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(program, folder)
            server.initialize()
            contact = server.result("owlbound_create_contact", {"firstName": "Ada"})["contactId"]
            if listens:
                workflow = server.result("owlbound_save_workflow", {
                    "name": "Visits", "steps": [{"type": "set_status", "status": "ready"}], "triggers": [{
                        "type": "website_visit",
                        "conditions": [{"field": "data.path", "op": "starts_with", "value": "/pricing"}]}]})["workflow"]["id"]
            messages = [server.call("owlbound_ingest_signal", {
                "type": "website_visit", "contactId": contact, "data": {"path": f"/pricing/{index}"}})
                for index in range(count)]
            start = time.perf_counter()
            answered = server.pipelined(messages)
            while listens:
                # Runs end in the order of their signals.
                last = server.result("owlbound_list_signals", {"limit": 1})["signals"][0]["id"]
                runs = server.result("owlbound_list_workflows", {"id": workflow})["workflows"][0]["recentRuns"]
                if runs and runs[0]["signalId"] == last and runs[0]["status"] == "completed":
                    break
                time.sleep(0.005)
            report(name, f"{count / answered:,.0f} a second")
            if listens:
                report("the same, until all runs have ended", f"{count / (time.perf_counter() - start):,.0f} a second")
            server.close()


def report(name, figure):
    print(f"{name:<44}{figure:>22}")


def main():
    program = sys.argv[1]
    scale = 10 if "--quick" in sys.argv else 1
    processors = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    pin = (lambda one: os.sched_setaffinity(0, {min(processors)} if one else processors)) if processors else lambda _: 0

    times = start_times(program, 41 // scale)
    report("process start to complete tool list, median", f"{statistics.median(times) * 1e3:.2f} ms")

    with tempfile.TemporaryDirectory() as folder:
        pin(True)
        server = Server(program, folder)
        server.initialize()
        contacts = [
            server.result("pathbound_create_contact", {
                "email": f"person{index}@example.com",
                "properties": {"firstname": f"Person {index}", "company": "Example", "jobtitle": "Head of Growth"},
            })["contact"]["contact_id"]
            for index in range(100)
        ]

        def track(index):
            return {"events": [{
                "event": "page_view", "contact_id": contacts[index % 100], "url": "https://www.example.com/pricing",
                "data": {"path": "/pricing", "title": f"Pricing {index}"}}]}

        for index in range(0, 2000 // scale):
            server.send(server.call("pathbound_track_events", track(index)))
            server.line()

        def get(index):
            return {"contact_id": contacts[index % 100], "fields": "summary"}

        def get_everything(index):
            return {"contact_id": contacts[index % 100]}

        def listing(index):
            return {"contact_id": contacts[index % 100], "limit": 20}

        for name, tool, arguments in (
            ("get a contact", "pathbound_get_contact", get),
            ("get it with 20 events", "pathbound_get_contact", get_everything),
            ("list 20 events", "pathbound_list_events", listing)):
            one_at_a_time(server, tool, arguments, 200)
            times = one_at_a_time(server, tool, arguments, 5000 // scale)
            median, slow = statistics.median(times), statistics.quantiles(times, n=100)[98]
            report(f"{name}, one at a time, p50 / p99", f"{median * 1e6:.0f} / {slow * 1e6:.0f} µs")

        times = one_at_a_time(server, "pathbound_track_events", track, 300 // scale)
        report("durable insert, one at a time, p50", f"{statistics.median(times) * 1e3:.2f} ms")
        pin(False)

        count = 50_000 // scale
        seconds = server.pipelined([server.call("pathbound_get_contact", get(index)) for index in range(count)])
        report("pipelined reads", f"{count / seconds:,.0f} a second")
        count = 20_000 // scale
        seconds = server.pipelined([server.call("pathbound_track_events", track(index)) for index in range(count)])
        report("pipelined durable inserts, one client", f"{count / seconds:,.0f} a second")
        server.pipelined([server.call("pathbound_get_contact", get(index)) for index in range(50_000 // scale)])
        report("memory after all this", f"{server.memory():.1f} MB")
        server.close()
    signals(program, 20_000 // scale)


if __name__ == "__main__":
    main()
