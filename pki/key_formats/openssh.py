"""Public keys in one line of text, as OpenSSH keeps them in files `.pub` and `authorized_keys`.

Standard     RFC 4253 §6.6 (ssh-rsa), RFC 5656 §3.1 (ecdsa-sha2-nistp…), RFC 8709 §4 (ssh-ed25519); RFC 4251 §5 for the
             strings and numbers in them. The line itself is described in OpenSSH's sshd(8).
Left out     Keys of DSA and of security tokens, certificates, and options before the key: refused. Private keys.

>>> line = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF0EucqMxpq06SdOPsU6Hr3y4yk2wpLoMf6tPjBWx/2j odd"
>>> read_ssh_public_key(line)[0].key.hex()
'5d04b9ca8cc69ab4e9274e3ec53a1ebdf2e32936c292e831fead3e3056c7fda3'
"""

from __future__ import annotations

import base64
import binascii

from explain.layout import Field, Layout
from pki.asn1.as_text import number_text
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPublicKey
from primitives.ed25519_keys import Ed25519PublicKey
from primitives.rsa import RSAPublicKey

CURVES: dict[str, Curve] = {"nistp256": P256, "nistp384": P384, "nistp521": P521}
RSA, ECDSA, ED25519 = "RFC 4253 §6.6", "RFC 5656 §3.1", "RFC 8709 §4"
STRING = "RFC 4251 §5"
KINDS = ("ssh-rsa", "ssh-ed25519", *(f"ecdsa-sha2-{curve}" for curve in CURVES))

SSHPublicKey = RSAPublicKey | ECPublicKey | Ed25519PublicKey


def read_ssh_public_key(line: bytes) -> tuple[SSHPublicKey, bytes, list[Field]]:
    """Return the public key in a line, the octets that its base64 spells, and what each of them is.

    line: the name of the key's kind, base64, and perhaps a comment. Raises `ValueError` if it is something else.
    """
    words = line.split(None, 2)
    kind = words[0].decode("ascii", "replace") if words else ""
    if kind not in KINDS or len(words) < 2:
        raise ValueError(f"an SSH key of the kind {kind[:40]!r}, expected one of {', '.join(KINDS)}, and base64")
    try:
        blob = base64.b64decode(words[1], validate=True)
    except binascii.Error:
        raise ValueError("the second word of an SSH public key is not base64") from None
    layout = Layout()
    reader = _Reader(blob, layout)
    if (inner := reader.text("key type", section=STRING)) != kind:
        raise ValueError(f"an SSH public key of the kind {kind} outside, and {inner[:40]!r} inside")
    key: SSHPublicKey
    if kind == "ssh-rsa":
        e = reader.number("e", section=RSA)
        key = RSAPublicKey(reader.number("n", section=RSA), e)
    elif kind == "ssh-ed25519":
        key = Ed25519PublicKey(reader.octets("key", section=ED25519))
    else:
        curve = reader.text("curve", section=ECDSA)
        if f"ecdsa-sha2-{curve}" != kind:
            raise ValueError(f"an SSH public key of the kind {kind} on the curve {curve[:40]!r}")
        key = ECPublicKey.from_bytes(CURVES[curve], reader.octets("Q", section=ECDSA))
    if reader.position != len(blob):
        raise ValueError(f"{len(blob) - reader.position} octets after an SSH public key, expected none")
    return key, blob, layout.fields


class _Reader:
    """Reads the strings and numbers of RFC 4251 §5, each a length in four octets and so many octets."""

    def __init__(self, data: bytes, layout: Layout) -> None:
        self._data, self._layout, self.position = data, layout, 0

    def octets(self, label: str, *, section: str) -> bytes:
        octets = self._next()
        self._note(label, section, f"{len(octets)} octets", octets)
        return octets

    def text(self, label: str, *, section: str) -> str:
        octets = self._next()
        text = octets.decode("ascii", "replace")
        self._note(label, section, text, octets)
        return text

    def number(self, label: str, *, section: str) -> int:
        octets = self._next()
        number = int.from_bytes(octets, "big", signed=True)
        if len(octets) != (number.bit_length() // 8 + 1 if number else 0):
            raise ValueError(f"{label} of an SSH public key is not in its shortest form (RFC 4251 §5)")
        self._note(label, section, number_text(number), octets)
        return number

    def _next(self) -> bytes:
        start = self.position + 4
        end = start + int.from_bytes(self._data[self.position : start], "big")
        if not start <= end <= len(self._data):
            raise ValueError("an SSH public key breaks off")
        self.position = end
        return self._data[start:end]

    def _note(self, label: str, section: str, value: str, octets: bytes) -> None:
        start = self.position - len(octets)
        self._layout.begin(label, start - 4, section=section)
        self._layout.leaf("length", start - 4, start, value=str(len(octets)), section=STRING)
        if octets:
            self._layout.leaf("contents", start, self.position, value=value, section=section)
        self._layout.finish(self.position, value=value)
