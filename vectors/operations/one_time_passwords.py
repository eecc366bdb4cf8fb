"""One-time passwords, by counter and by time."""

from __future__ import annotations

from primitives.hotp import hotp as by_counter
from primitives.totp import totp as by_time
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def hotp(inputs: Inputs) -> dict[str, Value]:
    """The password of `key` for `counter`, with `digits` digits."""
    return {"password": by_counter(inputs.octets("key"), inputs.number("counter"), digits=inputs.number("digits"))}


def totp(inputs: Inputs) -> dict[str, Value]:
    """The password of `key` at `time`, in seconds, with `digits` digits."""
    key, time, digits = inputs.octets("key"), inputs.number("time"), inputs.number("digits")
    return {"password": by_time(key, at=time, digits=digits, hash=inputs.hash())}
