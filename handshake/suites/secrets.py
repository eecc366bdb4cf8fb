"""The secrets that suites make and use, whichever version's key schedule lies between: premaster secret and write keys.

Standard     RFC 5246 §8.1, §6.3.
Left out     How one is derived from the other: see the version's `key_schedule`.

>>> PremasterSecret(bytes(48))
<PremasterSecret, 48 bytes>
"""

from __future__ import annotations

from dataclasses import dataclass, field

MASTER_SECRET_LENGTH = 48  # RFC 5246 §8.1


class Secret:
    """Bytes that nobody is shown by accident: `bytes(secret)` gives them on purpose."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def __bytes__(self) -> bytes:
        return self._value

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {len(self._value)} bytes>"


class PremasterSecret(Secret):
    """What the key exchange made, known to both sides."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class WriteKeys:
    """The keys of the records that one side sends (RFC 5246 §6.3)."""

    mac_key: bytes = field(repr=False)
    enc_key: bytes = field(repr=False)
    fixed_iv: bytes = field(repr=False)
