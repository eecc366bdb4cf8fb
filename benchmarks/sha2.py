"""SHA-256 of one message of 1 MiB."""

from __future__ import annotations

import hashlib
import secrets

from benchmarks.timing import Row, medians
from primitives.sha2 import sha256


def run() -> list[Row]:
    message = secrets.token_bytes(1 << 20)
    ours_s, theirs_s = medians(lambda: sha256(message).digest(), lambda: hashlib.sha256(message).digest(), turns=7)
    return [Row("SHA-256 of 1 MiB", 2**20 / 1e6 / ours_s, 2**20 / 1e6 / theirs_s, "MB/s", "hashlib")]
