"""A WebSocket client of its own, so that not our own client is the judge: runs `cat` in a task, types a line, reads it back.

console.py HOST PORT COOKIE-JAR DEPLOYMENT TASK
"""

import base64
import json
import os
import socket
import struct
import sys

host, port, jar, deployment, task = sys.argv[1:]
cookies = [line.rstrip("\n").replace("#HttpOnly_", "", 1).split("\t") for line in open(jar)]
cookie = "; ".join(f"{parts[5]}={parts[6]}" for parts in cookies if len(parts) > 6)
key = base64.b64encode(os.urandom(16)).decode()
path = f"/api/{deployment}/stream/exec?task={task}&command=sh&command=-c&command=read+x;+echo+hello+from+$x;+exit+3"
connection = socket.create_connection((host, int(port)), timeout=20)
connection.sendall(
    (
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n"
    ).encode()
)
received = b""
while b"\r\n\r\n" not in received:
    piece = connection.recv(4096)
    if not piece:
        sys.exit(f"no answer: {received!r}")
    received += piece
head, received = received.split(b"\r\n\r\n", 1)
if b" 101 " not in head.split(b"\r\n")[0]:
    sys.exit(f"refused: {head.decode()} {received.decode()}")


def send(opcode, payload):
    mask = os.urandom(4)
    body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    connection.sendall(struct.pack("!BB", 0x80 | opcode, 0x80 | len(payload)) + mask + body)


def take(count):
    global received
    while len(received) < count:
        piece = connection.recv(65536)
        if not piece:
            sys.exit("the connection ended without an exit status")
        received += piece
    piece, received = received[:count], received[count:]
    return piece


send(1, json.dumps({"resize": {"rows": 40, "columns": 100}}).encode())
send(2, b"the console\n")
while True:
    first, second = take(2)
    length = second & 127
    if length == 126:
        length = struct.unpack("!H", take(2))[0]
    payload = take(length)
    if first & 15 == 2:
        sys.stdout.write(payload.decode())
    elif first & 15 == 1:
        message = json.loads(payload)
        sys.exit(0 if message == {"exit": 3} else f"it ended with {message}")
    elif first & 15 == 8:
        sys.exit("closed without an exit status")
