"""PEM: bytes as lines of text between a BEGIN and an END line, with the kind of thing in both.

Standard     RFC 7468 §2, §3 (the standard form of `textualmsg`); RFC 1421 §4.6 for the headers of old keys.
Left out     The lax form of RFC 7468 (white space anywhere): refused.

>>> print(pem_encode("EXAMPLE", bytes.fromhex("3006020105020100")).decode(), end="")
-----BEGIN EXAMPLE-----
MAYCAQUCAQA=
-----END EXAMPLE-----
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

LINE = 64  # RFC 7468 §2: generators wrap so that each line but the last holds exactly 64 characters
_LABEL = r"(?:[!-,.-~](?:[- ]?[!-,.-~])*)?"  # §3: printable, without a hyphen or space at either end or two in a row
_BOUNDARY = re.compile(rf"-----(BEGIN|END) ({_LABEL})-----[ \t]*".encode())
_HEADER = re.compile(rb"([!-9;-~]+):[ \t]*([ -~]*)")
MAX_SIZE = 1 << 24  # bytes, unless the caller expects more


class PEMBlock(NamedTuple):
    """What stood between one BEGIN and its END.

    label: the kind of thing, such as `CERTIFICATE`.
    headers: the lines `Name: value` above the base64, which only old encrypted keys have.
    der: the bytes; DER, except where the headers say that they are encrypted.
    """

    label: str
    headers: dict[str, str]
    der: bytes


def pem_encode(label: str, der: bytes) -> bytes:
    """Return `der` as PEM: ASCII bytes that end with a line feed.

    label: the kind of thing, such as `CERTIFICATE`.
    Raises `ValueError` if RFC 7468 §3 does not allow the label.
    """
    if not isinstance(der, bytes):
        raise TypeError(f"what PEM is to hold is {type(der).__name__}, expected bytes")
    if not re.fullmatch(_LABEL, label):
        raise ValueError(f"{label!r} is not a PEM label, expected printable ASCII words such as CERTIFICATE")
    text = base64.b64encode(der).decode()
    lines = [text[i : i + LINE] for i in range(0, len(text), LINE)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()


def is_pem(data: bytes) -> bool:
    """Return whether some line of `data` looks like PEM's first, which no DER here could hold by chance."""
    return re.search(rb"(?:^|[\r\n])-----BEGIN ", data) is not None


def pem_decode(data: bytes, *, max_size: int = MAX_SIZE) -> list[PEMBlock]:
    """Return all blocks of `data`, in order; text before, between and after them does not count (RFC 7468 §2).

    data: bytes, with lines ending in LF, CRLF or CR. max_size: the most bytes that are read.
    Raises `ValueError`, with the number of the line, at what is not well-formed.
    """
    if not isinstance(data, bytes):
        raise TypeError(f"PEM to read is {type(data).__name__}, expected bytes")
    if len(data) > max_size:
        raise ValueError(f"PEM of {len(data)} bytes, expected at most {max_size}")
    blocks: list[PEMBlock] = []
    open_label: str | None = None
    begun, contents = 0, list[bytes]()
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), 1):
        boundary = _BOUNDARY.fullmatch(line)
        if boundary is None:
            if line.startswith((b"-----BEGIN ", b"-----END ")) or (open_label is not None and line[:1] == b"-"):
                raise ValueError(f"PEM, line {number}: expected -----BEGIN or END, a label, and -----")
            if open_label is not None:
                contents.append(line)
            continue
        kind, label = boundary[1], boundary[2].decode()
        if kind == b"BEGIN":
            if open_label is not None:
                raise ValueError(f"PEM, line {number}: BEGIN inside of {open_label}, which line {begun} began")
            open_label, begun, contents = label, number, []
        elif label != open_label:
            raise ValueError(
                f"PEM, line {number}: END {label}, expected {f'END {open_label}' if open_label else 'BEGIN'}"
            )
        else:
            blocks.append(_block(label, contents, begun))
            open_label = None
    if open_label is not None:
        raise ValueError(f"PEM, line {begun}: {open_label} has no END line")
    return blocks


def _block(label: str, lines: list[bytes], begun: int) -> PEMBlock:
    """Return the block whose `lines` follow line `begun`."""
    headers: dict[str, str] = {}
    first = 0
    while first < len(lines) and (header := _HEADER.fullmatch(lines[first])):
        headers[header[1].decode()] = header[2].decode().rstrip()
        first += 1
    if headers and (first == len(lines) or lines[first].strip(b" \t")):  # RFC 1421 §4.4
        raise ValueError(f"PEM, line {begun + first + 1}: expected an empty line between the headers and the base64")
    text = b"".join(line.rstrip(b" \t") for line in lines[first:])
    try:
        der = base64.b64decode(text, validate=True)
    except binascii.Error:
        der = b""
    if base64.b64encode(der) != text:  # one spelling only: padded, with zeros for the bits that do not count
        raise ValueError(f"PEM, line {begun + first + 1}: the text of {label} is not base64 (RFC 4648 §4)")
    if not der:
        raise ValueError(f"PEM, line {begun}: {label} is empty")
    return PEMBlock(label, headers, der)
