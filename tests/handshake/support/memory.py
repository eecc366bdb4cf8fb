"""One side of a transfer, in a process of its own: by how many bytes its memory grew beyond what it had before.

`python -m tests.handshake.support.memory receive SUITE 1` prints the port it listens on, and what
`… send SUITE 1 PORT` does at its end, too: the growth. The third argument is whether encrypt-then-MAC is used. The
sender has its payload in memory before it begins, the receiver keeps none of it.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from handshake.connection import Connection
from handshake.stream import Stream
from handshake.suites.table import suite_by_name
from tests.handshake.support.parties import client_configuration, identity, server_configuration

SIZE = 12 * 2**20  # bytes, many times as much as is sealed or opened at once
TIMEOUT = 60.0  # seconds


def memory(which: str) -> int:
    """The bytes of memory that the process has now (VmRSS) or had at most (VmHWM)."""
    # Not `getrusage`: it counts from the process that this one was started by.
    lines = Path("/proc/self/status").read_text().splitlines()
    [kibibytes] = [line.split()[1] for line in lines if line.startswith(f"{which}:")]
    return int(kibibytes) * 1024


def receive(stream: Stream) -> None:
    missing = SIZE
    while missing:
        data = stream.recv(2**16)
        assert data, "the sender left"
        missing -= len(data)


def main() -> None:
    side, name, encrypt_then_mac, *port = sys.argv[1:]
    changes: dict[str, Any] = {"suites": (suite_by_name(name),), "encrypt_then_mac": encrypt_then_mac == "1"}
    if side == "receive":
        configuration = server_configuration(who=identity("server.example", kind="P-256"), **changes)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(TIMEOUT)
            print(listening.getsockname()[1], flush=True)
            transport, _ = listening.accept()
        stream = Stream(transport, Connection(configuration), idle_timeout=TIMEOUT)
        stream.handshake(TIMEOUT)
        before = memory("VmRSS")
        receive(stream)
    else:
        transport = socket.create_connection(("127.0.0.1", int(port[0])))
        stream = Stream(transport, Connection(client_configuration(**changes)), idle_timeout=TIMEOUT)
        stream.handshake(TIMEOUT)
        payload = os.urandom(SIZE)
        before = memory("VmRSS")
        stream.sendall(payload)
    print(memory("VmHWM") - before)
    stream.close()


if __name__ == "__main__":
    main()
