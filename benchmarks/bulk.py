"""4 MiB over TLS 1.2, from the client to the server: the handshake, which takes little of the time, and the data."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from benchmarks.loopback import Ours, Tlslite, both, sockets
from benchmarks.row import MiB, Row, Target, Work

SIZE = 4 * MiB


def rows() -> Iterator[Row]:
    yield _transfer("AES-128-CBC, SHA-256", "ECDHE-RSA-AES128-SHA256", ("aes128", "sha256"), 10)
    yield _transfer("AES-128-GCM", "ECDHE-RSA-AES128-GCM-SHA256", ("aes128gcm", "aead"), 20)
    yield _transfer("ChaCha20-Poly1305", "ECDHE-RSA-CHACHA20-POLY1305", ("chacha20-poly1305", "aead"), 20)


def _transfer(name: str, suite: str, names: tuple[str, str], times: float) -> Row:
    data = secrets.token_bytes(SIZE)
    return Row(
        what=f"bulk transfer of 4 MiB, {name}",
        ours=_work(Ours(suite), data),
        peers={"tlslite-ng": lambda: _work(Tlslite(*names), data)},
        target=Target(times, "tlslite-ng"),
        size=SIZE,
        turns=1,
    )


def _work(party: Ours | Tlslite, data: bytes) -> Work:
    def run() -> None:
        with sockets() as ends:
            near, far = party.handshake(*ends)

            def receive() -> None:
                missing = len(data)
                while missing:
                    missing -= len(far.recv(2**16))

            both(lambda: near.sendall(data), receive)

    return run
