"""Diffie–Hellman in a finite field."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from benchmarks.row import Row, Work
from primitives.dh import FFDHE2048, dh, generate_dh_private_key


def rows() -> Iterator[Row]:
    private, public = generate_dh_private_key(FFDHE2048), generate_dh_private_key(FFDHE2048).public_key

    def tlslite() -> Work:
        power = import_module("tlslite.utils.cryptomath").powMod
        return lambda: power(public.y, private.x, FFDHE2048.p)

    yield Row(
        what="DH ffdhe2048",
        ours=lambda: dh(private, public),
        peers={"tlslite-ng (not in constant time)": tlslite},  # `cryptography` deprecates this key exchange
    )
