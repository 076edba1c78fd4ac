"""A TLS server on 127.0.0.1 with a certificate of its own: prints its port, answers every request with its protocol.

  tls_server.py PEM h2|http/1.1

Python's standard library only; of HTTP/2 (RFC 9113) it speaks what one request without a body needs.
"""
import socket
import ssl
import struct
import sys
import threading


def exactly(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def serve_http2(connection):
    exactly(connection, 24)  # The client's preface.
    connection.sendall(frame(4, 0, 0))
    while True:
        head = exactly(connection, 9)
        length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
        stream = int.from_bytes(head[5:], "big") & 0x7FFFFFFF
        exactly(connection, length)
        if kind == 4 and not flags & 1:
            connection.sendall(frame(4, 1, 0))
        elif kind == 1:
            # 0x88 is the table's `:status: 200`.
            connection.sendall(frame(1, 4, stream, b"\x88") + frame(0, 1, stream, b"h2"))


def serve_http1(connection):
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            data += exactly(connection, 1)
        data = b""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhttp/1.1")


def serve(connection, context):
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            (serve_http2 if secured.selected_alpn_protocol() == "h2" else serve_http1)(secured)
    except (EOFError, OSError):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
context.set_alpn_protocols([sys.argv[2]])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0], context), daemon=True).start()
