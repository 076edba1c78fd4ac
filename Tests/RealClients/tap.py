"""Starts a server, passes on what both sides say, and writes it down: `tap.py FILE PROGRAM [ARGUMENT…]`.

Each line of the file begins with `>` for the client or `<` for the server. Signals and the exit status are passed on.
"""

import os
import signal
import subprocess
import sys
import threading


def main():
    path, *command = sys.argv[1:]
    record = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: server.send_signal(number))

    def carry(source, target, mark):
        rest = b""
        while part := os.read(source, 1 << 16):
            *lines, rest = (rest + part).split(b"\n")
            # Written down first: an answer never comes before its request.
            if lines:
                os.write(record, b"".join(mark + line + b"\n" for line in lines))
            try:
                while part:
                    part = part[os.write(target, part):]
            except BrokenPipeError:
                break
        if rest:
            os.write(record, mark + rest + b"\n")

    def listen():
        carry(0, server.stdin.fileno(), b">")
        server.stdin.close()

    threading.Thread(target=listen, daemon=True).start()
    carry(server.stdout.fileno(), 1, b"<")
    status = server.wait()
    os._exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
