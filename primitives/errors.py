"""The three ways in which cryptographic input can be refused.

A caller's own mistake (a wrong type, length or range) is a `TypeError` or a `ValueError`. These three
are for what came from somebody else and did not hold up.
"""

from __future__ import annotations


class InvalidSignature(Exception):
    """The signature does not belong to this message and public key."""


class InvalidTag(Exception):
    """The authentication tag does not belong to this message and key."""


class DecryptionError(Exception):
    """The ciphertext could not be decrypted.

    It always carries the same message: anyone who learns *which* check refused a ciphertext can use the
    answer as an oracle (Bleichenbacher 1998, Manger 2001, Vaudenay 2002).
    """

    def __init__(self) -> None:
        super().__init__("decryption failed")
