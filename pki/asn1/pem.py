"""PEM: bytes as lines of text between a BEGIN and an END line, with the kind of thing in both.

Standard     RFC 7468 §2, §3 (what is written has the strict form, what is read may have the lax one: white space
             anywhere); RFC 1421 §4.6 for the headers of old keys.
Left out     Boundaries that share a line with base64, and an END whose label is not that of its BEGIN: refused.

>>> print(pem_encode("EXAMPLE", bytes.fromhex("3006020105020100")).decode(), end="")
-----BEGIN EXAMPLE-----
MAYCAQUCAQA=
-----END EXAMPLE-----
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LINE = 64  # RFC 7468 §2: generators wrap so that each line but the last holds exactly 64 characters
_LABEL = r"(?:[!-,.-~](?:[- ]?[!-,.-~])*)?"  # §3: printable, without a hyphen or space at either end or two in a row
_SPACE = b" \t\v\f"  # §3 figure 2: what W is, beside the ends of lines
_BOUNDARY = re.compile(rf"-----(BEGIN|END) ({_LABEL})-----".encode())
_HEADER = re.compile(rb"([!-9;-~]+):[ \t]*([ -~]*)")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/ \t\v\f]*[= \t\v\f]*")
_MARK = b"\xef\xbb\xbf"  # the byte order mark that editors put before text in UTF-8: data before the boundary (§2)
MAX_SIZE = 1 << 24  # bytes, unless the caller expects more


@dataclass(frozen=True, slots=True)
class PEMBlock:
    """What stood between one BEGIN and its END.

    label: the kind of thing, such as `CERTIFICATE`.
    headers: the lines `Name: value` above the base64, which only old encrypted keys have.
    der: the bytes; DER, except where the headers say that they are encrypted.
    line: the number of the line with its BEGIN, from 1.
    """

    label: str
    headers: Mapping[str, str]
    der: bytes
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class PEMFault:
    """A block, or what may have been meant as one, that is not well-formed.

    label: the kind of thing, if a BEGIN line said so. line: the number of the line that is wrong. reason: what is.
    """

    label: str
    line: int
    reason: str


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
    return re.search(rb"(?:^(?:\xef\xbb\xbf)?|[\r\n])[ \t\v\f]*-----BEGIN ", data) is not None


def pem_decode(data: bytes, *, max_size: int = MAX_SIZE) -> list[PEMBlock]:
    """Return all blocks of `data`, in order; text before, between and after them does not count (RFC 7468 §2).

    data: bytes, with lines ending in LF, CRLF or CR. max_size: the most bytes that are read.
    Raises `ValueError`, with the number of the line and of the block, at what is not well-formed.
    """
    found = pem_blocks(data, max_size=max_size)
    blocks = [block for block in found if isinstance(block, PEMBlock)]
    if len(blocks) != len(found):
        number, fault = next((i, fault) for i, fault in enumerate(found, 1) if isinstance(fault, PEMFault))
        which = f" (block {number} of {len(found)})" if len(found) > 1 else ""
        raise ValueError(f"PEM, line {fault.line}: {fault.reason}{which}")
    return blocks


def pem_blocks(data: bytes, *, max_size: int = MAX_SIZE) -> list[PEMBlock | PEMFault]:
    """Return all blocks of `data` as `pem_decode` does, with a `PEMFault` in the place of each that is not well-formed.

    Raises `ValueError` only if there are more bytes than `max_size`.
    """
    if not isinstance(data, bytes):
        raise TypeError(f"PEM to read is {type(data).__name__}, expected bytes")
    if len(data) > max_size:
        raise ValueError(f"PEM of {len(data)} bytes, expected at most {max_size}")
    found: list[PEMBlock | PEMFault] = []
    label: str | None = None  # of the block that is open
    begun, contents = 0, list[bytes]()
    in_ruins = False  # after a malformed boundary: the END that may follow belongs to it
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data.removeprefix(_MARK)), 1):
        line = line.strip(_SPACE)
        boundary = _BOUNDARY.fullmatch(line)
        if boundary is None:
            if line.startswith((b"-----BEGIN", b"-----END")) or (label is not None and line[:1] == b"-"):
                found.append(PEMFault(label or "", number, "expected -----BEGIN or END, a label, and -----"))
                label, in_ruins = None, line.startswith(b"-----BEGIN")
            elif label is not None:
                contents.append(line)
            continue
        kind, other = boundary[1], boundary[2].decode()
        if kind == b"BEGIN":
            if label is not None:
                found.append(PEMFault(label, number, f"BEGIN inside of {label}, which line {begun} began"))
            label, begun, contents, in_ruins = other, number, [], False
            continue
        if label is None:
            if not in_ruins:
                found.append(PEMFault("", number, f"END {other}, expected BEGIN"))
        elif label != other:
            found.append(PEMFault(label, number, f"END {other}, expected END {label}"))
        else:
            found.append(_block(label, contents, begun))
        label, in_ruins = None, False
    if label is not None:
        found.append(PEMFault(label, begun, f"{label} has no END line"))
    return found


def _block(label: str, lines: list[bytes], begun: int) -> PEMBlock | PEMFault:
    """Return the block whose `lines` follow line `begun`."""
    headers: dict[str, str] = {}
    first = 0
    while first < len(lines) and (header := _HEADER.fullmatch(lines[first])):
        headers[header[1].decode()] = header[2].decode().rstrip()
        first += 1
    if headers and (first == len(lines) or lines[first]):  # RFC 1421 §4.4
        return PEMFault(label, begun + first + 1, "expected an empty line between the headers and the base64")
    text = b"".join(lines[first:]).translate(None, _SPACE)
    try:
        der = base64.b64decode(text, validate=True)
    except binascii.Error:
        der = b""
    if base64.b64encode(der) != text:  # one spelling only: padded, with zeros for the bits that do not count
        wrong = next((i for i, line in enumerate(lines) if i >= first and not _BASE64_LINE.fullmatch(line)), None)
        if wrong is None:  # then it is how the text ends
            wrong = max((i for i, line in enumerate(lines) if line), default=first)
        return PEMFault(label, begun + wrong + 1, f"the text of {label} is not base64 (RFC 4648 §4)")
    if not der:
        return PEMFault(label, begun, f"{label} is empty")
    return PEMBlock(label, headers, der, begun)
