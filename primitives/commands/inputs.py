"""The inputs of a command: bytes as text, `hex:`, `base64:`, `@file` or `-`; and numbers.

Standard     RFC 4648 §4 (Base64) and §8 (hexadecimal digits).
Left out     Texts in other encodings than UTF-8: write them to a file.
Timing       Reads what the user gives.

>>> Inputs().message("abc"), Inputs().message("hex:616263"), Inputs().message("base64:YWJj")
(b'abc', b'abc', b'abc')
>>> Inputs().number("0xff"), Inputs().number("1000000007")
(255, 1000000007)
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FORMS = "text, hex:…, base64:…, @FILE or -"
STANDARD_INPUT = "-"

_LOOKS_LIKE_DIGITS = re.compile(r"(?:[0-9A-Fa-f]{2}){4,}")


class Inputs:
    """The inputs of one command: standard input can be one of them, but not two."""

    def __init__(self) -> None:
        self._standard_input_was_read = False

    def message(self, text: str) -> bytes:
        """Return what is to be worked on; without a prefix, the text itself, in UTF-8."""
        return self._read(text, lambda plain: os.fsencode(plain))

    def key(self, text: str) -> bytes:
        """Return a key, an iv or the like. A text that could as well be digits is refused, as it is one or the other.

        Raises `ValueError` for such a text.
        """
        return self._read(text, _unambiguous)

    def digits(self, text: str) -> bytes:
        """Return bytes that are hexadecimal digits where there is no prefix."""
        return self._read(text, octets_of)

    def number(self, text: str) -> int:
        """Return a number: decimal digits, or hexadecimal ones after 0x; or a file with such digits."""
        if text.startswith(("@", STANDARD_INPUT)) and not re.match(r"-[0-9]", text):
            text = self.message(text).decode("ascii", "replace")
        return number_of(text)

    def _read(self, text: str, plain: Callable[[str], bytes]) -> bytes:
        kind, colon, rest = text.partition(":")
        if text == STANDARD_INPUT:
            return self._standard_input()
        if text.startswith("@"):
            with open(text[1:], "rb") as file:
                return file.read()
        if colon and kind == "text":
            return os.fsencode(rest)
        if colon and kind == "hex":
            return octets_of(rest)
        if colon and kind == "base64":
            try:
                return base64.b64decode(re.sub(r"\s", "", rest), validate=True)
            except (binascii.Error, ValueError) as error:
                raise ValueError(f"base64: {error}") from None
        return plain(text)

    def _standard_input(self) -> bytes:
        if self._standard_input_was_read:
            raise ValueError("standard input can be given for one input only")
        self._standard_input_was_read = True
        if sys.stdin.isatty():
            sys.stderr.write("Type the input; Ctrl-D ends it.\n")
        return sys.stdin.buffer.read()


def number_of(text: str) -> int:
    """Return the number that decimal digits, or hexadecimal ones after 0x, are; raise `ValueError` for others."""
    plain = re.sub(r"[\s_]", "", text)
    if not re.fullmatch(r"-?(?:[0-9]+|0[xX][0-9A-Fa-f]+)", plain):
        raise ValueError(f"{text[:40]!r} is not a number, expected decimal digits, or hexadecimal ones after 0x")
    if re.match(r"-?0[xX]", plain):
        return int(plain, 16)
    return _from_decimal(plain)


def octets_of(digits: str) -> bytes:
    """Return the bytes that hexadecimal digits are; raise `ValueError` for other characters, or half a byte."""
    plain = re.sub(r"[\s:_]", "", digits)
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", plain):
        raise ValueError(f"{digits[:40]!r} is not an even number of hexadecimal digits")
    return bytes.fromhex(plain)


def _unambiguous(text: str) -> bytes:
    if _LOOKS_LIKE_DIGITS.fullmatch(text):
        raise ValueError(f"{text[:12]}… could be digits or a text: write hex:{text[:4]}… or text:{text[:4]}…")
    return os.fsencode(text)


def _from_decimal(digits: str) -> int:
    """Return the number. Python refuses texts of more than 4,300 digits, so these come in pieces."""
    number = 0
    for start in range(0, len(digits.lstrip("-")), 4000):
        piece = digits.lstrip("-")[start : start + 4000]
        number = number * 10 ** len(piece) + int(piece)
    return -number if digits.startswith("-") else number
