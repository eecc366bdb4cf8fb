"""Triple DES."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from importlib import import_module

from benchmarks.row import Row, Work
from primitives.des import TripleDES
from primitives.modes import cbc_encrypt

SIZE = 2**12


def rows() -> Iterator[Row]:
    key, iv, data = secrets.token_bytes(24), secrets.token_bytes(8), secrets.token_bytes(SIZE)
    cipher = TripleDES(key)

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_tripledes").new(bytearray(key), bytearray(iv))
        plaintext = bytearray(data)
        return lambda: theirs.encrypt(plaintext)

    yield Row(
        what="Triple-DES-CBC encryption, 4 KiB",
        ours=lambda: cbc_encrypt(cipher, iv, data),
        peers={"tlslite-ng": tlslite},
        size=SIZE,
    )
