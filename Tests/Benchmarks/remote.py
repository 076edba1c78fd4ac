#!/usr/bin/env python3
"""Measures what a call to a hosted API costs beyond the request itself. Python's standard library only.

  remote.py PROGRAM [--quick]

The API is a server on loopback that answers at once. The same request is sent by a bare client, which writes bytes to a
kept connection and reads the answer, and by PROGRAM on behalf of an MCP call; the difference of the medians is ours.
Server, driver and program share the machine, but nothing is pinned: a call goes through three processes.
"""
import atexit
import json
import os
import pathlib
import signal
import socket
import statistics
import sys
import tempfile
import threading
import time

from bench import Server, report

BODY = json.dumps({"status": "success", "contacts": [
    {"_id": f"ct_{index}", "contact_id": f"ct_{index}", "properties": {
        "email": f"person{index}@example.com", "firstname": f"Person {index}", "company": "Example"}}
    for index in range(20)], "pagination": {"page": 1, "limit": 20, "total": 20}}).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


def serve(connection, delay):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            part = connection.recv(1 << 16)
            if not part:
                return
            data += part
        data = data.split(b"\r\n\r\n", 1)[1]
        if delay:
            time.sleep(delay)
        connection.sendall(ANSWER)


def start_api(delay=0.0):
    """A process of its own, so that it does not share the driver's interpreter; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    port = listener.getsockname()[1]
    child = os.fork()
    if child == 0:
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0], delay), daemon=True).start()
    # It holds our standard output: whoever reads that would wait for it after our own end.
    atexit.register(os.kill, child, signal.SIGKILL)
    listener.close()
    return port


def bare(port, count):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = (b"GET /v1/contacts?limit=20&page=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
               b"Authorization: Bearer key\r\nUser-Agent: bare\r\n\r\n")
    times = []
    for _ in range(count):
        start = time.perf_counter()
        connection.sendall(request)
        received = 0
        while received < len(ANSWER):
            received += len(connection.recv(1 << 16))
        json.loads(BODY)
        times.append(time.perf_counter() - start)
    connection.close()
    return times


def client(program, folder, port):
    os.environ.update(PATHBOUND_API_KEY="key", PATHBOUND_BASE_URL=f"http://127.0.0.1:{port}")
    server = Server(program, folder)
    server.initialize()
    return server


def main():
    program = sys.argv[1]
    count = 200 if "--quick" in sys.argv else 2000
    with tempfile.TemporaryDirectory() as folder:
        port = start_api()
        bare(port, 100)
        plain = statistics.median(bare(port, count))
        server = client(program, pathlib.Path(folder), port)
        times = []
        for index in range(100 + count):
            message = server.call("pathbound_list_contacts", {"limit": 20})
            start = time.perf_counter()
            answer = server.ask(message)
            times.append(time.perf_counter() - start)
            if b'"isError":true' in answer:
                sys.exit(answer.decode())
        ours = statistics.median(times[100:])
        server.close()
        report("bare request on loopback, p50", f"{plain * 1e6:.0f} µs")
        report("the same as a remote call, p50", f"{ours * 1e6:.0f} µs")
        report("overhead of a remote call", f"{(ours - plain) * 1e3:.3f} ms")

        server = client(program, pathlib.Path(folder), start_api(delay=0.02))
        rounds = 3 if count == 200 else 20
        seconds = [
            server.pipelined([server.call("pathbound_list_contacts", {"page": page + 1}) for page in range(64)])
            for _ in range(rounds)]
        server.close()
        report("64 remote calls at once, 20 ms each, all answered", f"{statistics.median(seconds) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
