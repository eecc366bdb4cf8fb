r"""In which form a file holds what it holds, whoever reads it: PEM, DER, JSON, SSH's, or one of these spelled anew.

Standard     RFC 4648 §4, §8 (base64, base16).
Left out     Reading what is only named here.

People paste base64 without its BEGIN line, copy hex dumps, and redirect the output of shells that write UTF-16. All of
these hold the bytes that are looked for. Other files hold keys in forms of their own, and it helps to say which.

>>> recognise(b"30 06 02 01 05 02 01 07\n")
Recognised(form=<Form.DER: 'DER'>, data=b'0\x06\x02\x01\x05\x02\x01\x07', spelling='hexadecimal digits')
>>> recognise(b"ssh-dss AAAA\n")
Named(reason='it is text with an SSH public key, and no PEM block')
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import Enum
from typing import NamedTuple

from pki.asn1.pem import is_pem
from pki.key_formats.openssh import KINDS as SSH_KINDS
from pki.key_formats.openssh_private import AUTH_MAGIC

LEAST = 8  # octets: what is shorter spells nothing that is looked for


class Form(Enum):
    """In which form a file holds something."""

    PEM = "PEM"
    DER = "DER"  # or anything else that nobody recognises
    JWK = "JSON (JWK)"
    SSH_LINES = "lines of OpenSSH"
    SSH_PRIVATE = "a private key of OpenSSH"


class Recognised(NamedTuple):
    """What a file holds. form, data: the form, and the bytes in it. spelling: how the file spells these, if it does."""

    form: Form
    data: bytes
    spelling: str = ""


class Named(NamedTuple):
    """Something that is not read here. reason: what it is, as a sentence without its end."""

    reason: str


# What a text begins with, and what it is then.
BEGINNINGS = {
    rb"(ssh-(rsa|dss|ed25519|ed448)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA": "an SSH public key",
    rb"---- BEGIN SSH2 PUBLIC KEY ----": "an SSH public key in the form of RFC 4716",
    rb"PuTTY-User-Key-File-": "a private key of PuTTY",
    rb"-----BEGIN PGP ": "a message or key of OpenPGP",
    rb"\s*[{\[]": "JSON",
    rb"\s*<[!?A-Za-z]": "HTML or XML",
}
# What other files begin with.
MAGIC = {
    b"\xfe\xed\xfe\xed": "a key store of Java (JKS)",
    b"\xce\xce\xce\xce": "a key store of Java (JCEKS)",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip file",
}
_SSH_LINE = re.compile(rb"\s*(?:" + "|".join(map(re.escape, SSH_KINDS)).encode() + rb") ")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_HEX = re.compile(rb"(?:0[xX])?(?:[0-9A-Fa-f]{2})+")
# A line of a dump: an offset, groups of digits, and the same as characters, as xxd, hexdump -C and `explain` write it.
_DUMP_LINE = re.compile(
    rb"([0-9A-Fa-f]{4,8})(?:: ?| {1,2})((?:[0-9A-Fa-f]{2,4} {1,2})*[0-9A-Fa-f]{2,4})(?:  .*| \|.*)?"
)
_TEXT = re.compile(rb"[\t\n\v\f\r -~\x80-\xff]+")


def recognise(data: bytes) -> Recognised | Named:
    """Return in which form a file's bytes hold something, or what they are that is not read."""
    if is_pem(data):
        return Recognised(Form.PEM, data)
    if _SSH_LINE.match(data):
        return Recognised(Form.SSH_LINES, data)
    if data.lstrip().startswith(b"{") and b'"kty"' in data:
        return Recognised(Form.JWK, data)
    if data.startswith(AUTH_MAGIC):
        return Recognised(Form.SSH_PRIVATE, data)
    match _respelled(data):
        case spelling, octets:
            found = recognise(octets)
            if isinstance(found, Named):
                return found
            return found._replace(spelling=f"{spelling}, {found.spelling}" if found.spelling else spelling)
        case None:
            return Recognised(Form.DER, data)
        case named:
            return named


def _respelled(data: bytes) -> tuple[str, bytes] | Named | None:
    """Return how a file spells other bytes, and these; None for bytes that may be DER or anything else."""
    if text := _from_utf16(data):
        return "UTF-16", text
    for magic, name in MAGIC.items():
        if data.startswith(magic):
            return Named(f"it is {name}")
    if not is_text(data):
        return None
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    for beginning, name in BEGINNINGS.items():
        if re.match(beginning, text):
            return Named(f"it is text with {name}, and no PEM block")
    for form, read in (("a hex dump", _from_dump), ("hexadecimal digits", _from_hex), ("base64", _from_base64)):
        octets = read(text)
        if octets is not None and len(octets) >= LEAST:
            return form, octets
    return Named("it is text without a PEM BEGIN line")


def is_text(data: bytes) -> bool:
    """Return whether the bytes are text in UTF-8, without control characters."""
    if not _TEXT.fullmatch(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _from_utf16(data: bytes) -> bytes | None:
    """Return text in UTF-16 as UTF-8: with a byte order mark, or with a zero in every other octet."""
    if len(data) < 4 or len(data) % 2:
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif is_text(data[::2]) and not any(data[1::2]):
        encoding = "utf-16-le"
    elif is_text(data[1::2]) and not any(data[::2]):
        encoding = "utf-16-be"
    else:
        return None
    try:
        text = data.decode(encoding).encode()
    except UnicodeError:
        return None
    return text if is_text(text) else None


def _from_dump(text: bytes) -> bytes | None:
    """Return the octets of a hex dump, whose lines must follow each other."""
    octets = bytearray()
    for line in text.splitlines():
        found = _DUMP_LINE.fullmatch(line.strip())
        if found is None:
            return (
                bytes(octets)
                if octets and re.fullmatch(rb"[0-9a-f]{8}", line) and int(line, 16) == len(octets)
                else None
            )
        digits = found[2].replace(b" ", b"")
        if int(found[1], 16) != len(octets) or len(digits) % 2:
            return None
        octets += bytes.fromhex(digits.decode())
    return bytes(octets) or None


def _from_hex(text: bytes) -> bytes | None:
    """Return the octets that digits spell, with blanks, colons or commas between; they begin with no offset of 0."""
    first = _DUMP_LINE.fullmatch(text.partition(b"\n")[0].strip())
    if first is not None and int(first[1], 16) == 0:
        return None
    digits = re.sub(rb"[\s:,]+", b"", text)
    return bytes.fromhex(digits.decode().removeprefix("0x").removeprefix("0X")) if _HEX.fullmatch(digits) else None


def _from_base64(text: bytes) -> bytes | None:
    """Return the octets that base64 spells, if they begin as files of interest do: a SEQUENCE, or OpenSSH's."""
    letters = b"".join(text.split())
    if not _BASE64.fullmatch(letters):
        return None
    try:
        octets = base64.b64decode(letters, validate=True)
    except binascii.Error:
        return None
    return octets if octets.startswith((b"\x30", AUTH_MAGIC)) else None
