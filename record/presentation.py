"""The TLS presentation language: numbers, opaque data and vectors, read and written with a label on every field.

Standard     RFC 5246 §4.
Left out     Nothing of what TLS 1.2's messages are made of.

>>> writer = Writer()
>>> with writer.block("cipher_suites", length_bytes=2):
...     writer.uint16("cipher_suite", 0x002F)
>>> writer.data.hex()
'0002002f'
>>> reader = Reader(writer.data)
>>> with reader.block("cipher_suites", length_bytes=2, minimum=2) as suites:
...     suites.uint16("cipher_suite")
47
>>> reader.finish()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeAlias

from explain.layout import Layout
from record.alerts import RemoteProtocolError, decode_error

Section: TypeAlias = str | Callable[[int], str]
"""Where a number is defined: the section, or what tells it by the number, where each has a standard of its own."""


def _shown(number: int, names: Mapping[int, str] | None) -> str:
    return names.get(number, f"unknown ({number})") if names else str(number)


class Reader:
    """Reads a peer's bytes; what does not have the expected form is a `RemoteProtocolError` with decode_error.

    data: the bytes, whole; offsets in errors and in the layout count from their beginning.
    layout: takes a note of every field that is read, if given.

    The readers that `block` and `struct` return are used in a `with` block; a `block`'s fails if any of
    its bytes are left unread (RFC 5246 §7.2.2, decode_error: a length that is incorrect).
    """

    __slots__ = ("_bounded", "data", "end", "layout", "parent", "position")

    def __init__(self, data: bytes, *, layout: Layout | None = None) -> None:
        self.data, self.layout = data, layout
        self.position, self.end = 0, len(data)
        self.parent: Reader | None = None
        self._bounded = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if kind is None:
            if self._bounded:
                self.finish()
            elif self.parent is not None:
                self.parent.position = self.position
            if self.layout is not None:
                self.layout.finish(self.position)

    def _fail(self, reason: str) -> RemoteProtocolError:
        return decode_error(f"offset {self.position}: {reason}")

    @property
    def remaining(self) -> int:
        """The number of bytes that are left to read here."""
        return self.end - self.position

    def at_end(self) -> bool:
        """Return whether nothing is left to read here."""
        return self.position == self.end

    def finish(self) -> None:
        """Raise `RemoteProtocolError` (decode_error) if anything is left to read here."""
        if self.position != self.end:
            raise self._fail(f"{self.remaining} bytes left over, expected the end")

    def _take(self, label: str, length: int) -> bytes:
        end = self.position + length
        if end > self.end:
            raise self._fail(f"{label} needs {length} bytes, but {self.remaining} are left")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def _number(self, label: str, length: int, section: Section, names: Mapping[int, str] | None) -> int:
        start = self.position
        number = int.from_bytes(self._take(label, length), "big")
        if self.layout is not None:
            where = section if isinstance(section, str) else section(number)
            self.layout.leaf(label, start, self.position, value=_shown(number, names), section=where)
        return number

    def uint8(self, label: str, *, section: Section = "", names: Mapping[int, str] | None = None) -> int:
        """Return a uint8 (RFC 5246 §4.4). names: what its values mean, for the layout."""
        return self._number(label, 1, section, names)

    def uint16(self, label: str, *, section: Section = "", names: Mapping[int, str] | None = None) -> int:
        """Return a uint16, most significant byte first (RFC 5246 §4.1)."""
        return self._number(label, 2, section, names)

    def uint24(self, label: str, *, section: Section = "", names: Mapping[int, str] | None = None) -> int:
        """Return a uint24."""
        return self._number(label, 3, section, names)

    def uint32(self, label: str, *, section: Section = "", names: Mapping[int, str] | None = None) -> int:
        """Return a uint32."""
        return self._number(label, 4, section, names)

    def opaque(self, label: str, length: int, *, section: str = "") -> bytes:
        """Return `length` bytes (RFC 5246 §4.3, a vector of fixed length)."""
        start = self.position
        taken = self._take(label, length)
        if self.layout is not None and taken:
            self.layout.leaf(label, start, self.position, value=f"{length} bytes", section=section)
        return taken

    def _length(self, label: str, length_bytes: int, minimum: int, maximum: int | None) -> int:
        start = self.position
        length = int.from_bytes(self._take(f"the length of {label}", length_bytes), "big")
        if length < minimum or length > (256**length_bytes - 1 if maximum is None else maximum):
            self.position = start
            most = "" if maximum is None else f" and at most {maximum}"
            raise self._fail(f"{label} has {length} bytes, expected at least {minimum}{most}")
        return length

    def vector(
        self, label: str, *, length_bytes: int, minimum: int = 0, maximum: int | None = None, section: str = ""
    ) -> bytes:
        """Return the bytes of an opaque vector of variable length (RFC 5246 §4.3).

        length_bytes: how many bytes its length takes: 1, 2 or 3.
        minimum, maximum: the bounds `<minimum..maximum>` on its length in bytes.
        """
        start = self.position
        length = self._length(label, length_bytes, minimum, maximum)
        contents = self._take(label, length)
        layout = self.layout
        if layout is not None:
            layout.begin(label, start, section=section)
            layout.leaf("length", start, start + length_bytes, value=str(length), section="RFC 5246 §4.3")
            if contents:
                layout.leaf("contents", start + length_bytes, self.position, value=f"{length} bytes", section=section)
            layout.finish(self.position)
        return contents

    def block(
        self, label: str, *, length_bytes: int, minimum: int = 0, maximum: int | None = None, section: str = ""
    ) -> Reader:
        """Return a reader of the elements of a vector of variable length (RFC 5246 §4.3)."""
        start = self.position
        length = self._length(label, length_bytes, minimum, maximum)
        contents = self.position
        self._take(label, length)
        if self.layout is not None:
            self.layout.begin(label, start, section=section)
            self.layout.leaf("length", start, contents, value=str(length), section="RFC 5246 §4.3")
        return self._inner(contents, self.position, bounded=True)

    def struct(self, label: str, *, section: str = "") -> Reader:
        """Return a reader of the fields of a structure, which has no length of its own (RFC 5246 §4.6)."""
        if self.layout is not None:
            self.layout.begin(label, self.position, section=section)
        return self._inner(self.position, self.end, bounded=False)

    def _inner(self, position: int, end: int, *, bounded: bool) -> Reader:
        inner = Reader.__new__(Reader)
        inner.data, inner.layout = self.data, self.layout
        inner.position, inner.end = position, end
        inner.parent, inner._bounded = self, bounded
        return inner


class Writer:
    """Writes fields one after the other into `data`.

    layout: takes a note of every field that is written, if given.
    """

    def __init__(self, *, layout: Layout | None = None) -> None:
        self._data = bytearray()
        self.layout = layout

    @property
    def data(self) -> bytes:
        """All that was written so far."""
        return bytes(self._data)

    def _number(
        self, label: str, value: int, length: int, section: Section, names: Mapping[int, str] | None = None
    ) -> None:
        start = len(self._data)
        self._data += value.to_bytes(length, "big")
        if self.layout is not None:
            where = section if isinstance(section, str) else section(value)
            self.layout.leaf(label, start, start + length, value=_shown(value, names), section=where)

    def uint8(self, label: str, value: int, *, section: Section = "", names: Mapping[int, str] | None = None) -> None:
        """Write a uint8 (RFC 5246 §4.4)."""
        self._number(label, value, 1, section, names)

    def uint16(self, label: str, value: int, *, section: Section = "", names: Mapping[int, str] | None = None) -> None:
        """Write a uint16, most significant byte first (RFC 5246 §4.1)."""
        self._number(label, value, 2, section, names)

    def uint24(self, label: str, value: int, *, section: Section = "", names: Mapping[int, str] | None = None) -> None:
        """Write a uint24."""
        self._number(label, value, 3, section, names)

    def uint32(self, label: str, value: int, *, section: Section = "", names: Mapping[int, str] | None = None) -> None:
        """Write a uint32."""
        self._number(label, value, 4, section, names)

    def opaque(self, label: str, value: bytes, *, section: str = "") -> None:
        """Write bytes as they are (RFC 5246 §4.3, a vector of fixed length)."""
        start = len(self._data)
        self._data += value
        if self.layout is not None and value:
            self.layout.leaf(label, start, start + len(value), value=f"{len(value)} bytes", section=section)

    def vector(self, label: str, value: bytes, *, length_bytes: int, section: str = "") -> None:
        """Write an opaque vector of variable length: its length in `length_bytes` bytes, then `value`."""
        with self.block(label, length_bytes=length_bytes, section=section):
            self.opaque("contents", value, section=section)

    @contextmanager
    def block(self, label: str, *, length_bytes: int, section: str = "") -> Iterator[None]:
        """Write a vector of variable length (RFC 5246 §4.3) whose elements are written inside this block."""
        start = len(self._data)
        contents = start + length_bytes
        self._data += bytes(length_bytes)
        layout = self.layout
        if layout is not None:
            layout.begin(label, start, section=section)
            layout.leaf("length", start, contents, section="RFC 5246 §4.3")
            length_field = layout.last
        yield
        length = len(self._data) - contents
        if length >= 256**length_bytes:
            raise ValueError(f"{label} has {length} bytes, expected at most {256**length_bytes - 1}")
        self._data[start:contents] = length.to_bytes(length_bytes, "big")
        if layout is not None:
            length_field.value = str(length)
            layout.finish(len(self._data))

    @contextmanager
    def struct(self, label: str, *, section: str = "") -> Iterator[None]:
        """Write a structure (RFC 5246 §4.6) whose fields are written inside this block."""
        if self.layout is not None:
            self.layout.begin(label, len(self._data), section=section)
        yield
        if self.layout is not None:
            self.layout.finish(len(self._data))
