"""A process that has imported our code, and forks itself into each program of ours that a test runs.

`tests.support.programs` starts it as `python -m tests.support.fork_server FD`, and sends orders through the socket FD.
"""

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TextIO

ROOMS = ("explain", "console", "primitives", "pki", "record", "handshake", "demo", "vectors")
OTHERS = ("rich.console", "rich.progress", "rich.table", "rich.text")  # which our code imports when it needs them
FILES = 4  # standard input, output and error of the program, and where its process number and its end are told


@dataclass(frozen=True)
class Order:
    """A program to become: `python -m module words`."""

    module: str
    words: list[str]
    directory: str
    environment: dict[str, str]
    new_session: bool
    files: list[int]


def preload() -> None:
    """Import what a program may need. Nothing of it has run, so each program begins as if it were the first."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)
    for name in OTHERS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or the collector would write to every object, and each program would copy all of this memory


def received(control: socket.socket) -> Order | None:
    """Return the next order, or None if there will be no more."""
    head, files, _, _ = socket.recv_fds(control, 4, FILES)
    if not head:
        return None
    [length] = struct.unpack("!I", head)
    content = b""
    while len(content) < length:
        content += control.recv(length - len(content))
    fields: dict[str, Any] = json.loads(content)
    return Order(**fields, files=files)


def tell(file: int, number: int) -> None:
    with suppress(BrokenPipeError):  # the one that ordered the program is gone
        os.write(file, struct.pack("!i", number))


def serve(control: socket.socket) -> Order | None:
    """Fork for every order that comes: return it in the child; return None in the server when there are no more."""
    woken, waking = socket.socketpair()
    woken.setblocking(False)
    waking.setblocking(False)
    signal.set_wakeup_fd(waking.fileno())
    signal.signal(signal.SIGCHLD, lambda number, frame: None)  # it wakes the server, no more
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the Ctrl-C that ends the tests ends the orders
    running: dict[int, int] = {}  # where the end of each process is told
    with selectors.DefaultSelector() as selector, woken, waking:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is woken:
                    woken.recv(4096)
                    while running:
                        process, status = os.waitpid(-1, os.WNOHANG)
                        if process == 0:
                            break
                        told = running.pop(process)
                        tell(told, os.waitstatus_to_exitcode(status))
                        os.close(told)
                    continue
                order = received(control)
                if order is None:
                    return None
                process = os.fork()
                if process == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    signal.signal(signal.SIGINT, signal.default_int_handler)
                    for told in running.values():
                        os.close(told)
                    return order
                *streams, running[process] = order.files
                for stream in streams:
                    os.close(stream)


def like(stream: TextIO, mode: str) -> TextIO:
    """Open a standard stream anew, as Python does when it starts."""
    assert isinstance(stream, io.TextIOWrapper)
    raw = io.FileIO(stream.fileno(), mode, closefd=False)
    # With PYTHONUNBUFFERED, Python writes right through.
    buffer = io.BufferedReader(raw) if mode == "r" else raw if stream.write_through else io.BufferedWriter(raw)
    return io.TextIOWrapper(
        buffer,
        stream.encoding,
        stream.errors,
        newline="\n",
        line_buffering=raw.isatty() or stream is sys.stderr,
        write_through=stream.write_through,
    )


def become(order: Order) -> None:
    """Run the program in this process, with its own streams, as if Python had been started for it."""
    if order.new_session:
        os.setsid()
    *streams, told = order.files
    tell(told, os.getpid())
    os.close(told)
    for stream, file in enumerate(streams):
        os.dup2(file, stream)
        os.close(file)
    os.chdir(order.directory)
    os.environ.clear()
    os.environ.update(order.environment)
    # Those of the server know whether its own files are terminals, and whether they have positions.
    sys.stdin, sys.stdout, sys.stderr = like(sys.stdin, "r"), like(sys.stdout, "w"), like(sys.stderr, "w")
    sys.argv = [order.module, *order.words]
    runpy.run_module(order.module, run_name="__main__", alter_sys=True)


def main() -> None:
    with socket.socket(fileno=int(sys.argv[1])) as control:
        preload()
        order = serve(control)
    if order is not None:
        become(order)


if __name__ == "__main__":
    main()
