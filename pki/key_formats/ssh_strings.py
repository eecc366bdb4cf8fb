r"""The strings and numbers of SSH: each a length in four octets, and so many octets.

Standard     RFC 4251 §5 (`string`, `mpint`, `uint32`).
Left out     Its other types, which no key has.

>>> ssh_string(b"ssh-rsa") + ssh_number(0x80)
b'\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x02\x00\x80'
"""

from __future__ import annotations

from explain.layout import Layout
from pki.asn1.as_text import number_text

SECTION = "RFC 4251 §5"


def ssh_string(octets: bytes) -> bytes:
    """Return the octets as a `string`."""
    return len(octets).to_bytes(4, "big") + octets


def ssh_number(value: int) -> bytes:
    """Return a number of 0 or more as an `mpint`, in its shortest form."""
    return ssh_string(int(value).to_bytes(int(value).bit_length() // 8 + 1 if value else 0, "big"))


class SSHReader:
    """Reads strings and numbers one after the other, and notes what each is.

    data: the octets. what: what they are, for the sentences of refusals.
    start, end: the range of `data` to be read; all of it, if they are left out.
    Its methods take the label and the section of what they read, and raise `ValueError` if the data breaks off.
    """

    def __init__(self, data: bytes, layout: Layout, *, what: str, start: int = 0, end: int | None = None) -> None:
        self._data, self._layout, self._what = data, layout, what
        self.position, self.end = start, len(data) if end is None else end

    def octets(self, label: str, *, section: str) -> bytes:
        """Return the octets of a `string`."""
        octets = self._next()
        self._note(label, section, f"{len(octets)} octets", octets)
        return octets

    def text(self, label: str, *, section: str) -> str:
        """Return a `string` of characters in ASCII."""
        octets = self._next()
        text = octets.decode("ascii", "replace")
        self._note(label, section, text, octets)
        return text

    def number(self, label: str, *, section: str, secret: bool = False) -> int:
        """Return an `mpint`, which must be in its shortest form. secret: whether only its size is noted."""
        octets = self._next()
        number = int.from_bytes(octets, "big", signed=True)
        if len(octets) != (number.bit_length() // 8 + 1 if number else 0):
            raise ValueError(f"{label} of {self._what} is not in its shortest form ({SECTION})")
        self._note(label, section, f"{len(octets)} octets" if secret else number_text(number), octets)
        return number

    def count(self, label: str, *, section: str) -> int:
        """Return a `uint32`."""
        start = self.position
        if self.end - start < 4:
            raise ValueError(f"{self._what} breaks off")
        self.position += 4
        count = int.from_bytes(self._data[start : self.position], "big")
        self._layout.leaf(label, start, self.position, value=str(count), section=section)
        return count

    def inside(self, label: str, *, section: str, what: str) -> SSHReader:
        """Return a reader of what is in a `string`, which has to be read to its end and closed by `leave`."""
        start = self.position
        size = len(self._next())
        self._layout.begin(label, start, section=section)
        self._layout.leaf("length", start, start + 4, value=str(size), section=SECTION)
        return SSHReader(self._data, self._layout, what=what, start=start + 4, end=self.position)

    def padding(self, block: int, *, section: str) -> None:
        """Read the octets 1, 2, 3, … that fill up the last block, to the end of what `inside` began."""
        start, size = self.position, self.end - self.position
        if size >= block or self._data[start : self.end] != bytes(range(1, size + 1)):
            raise ValueError(f"{self._what} is not padded with the octets 1, 2, 3, …, fewer than {block}")
        if size:
            self._layout.leaf("padding", start, self.end, value=f"{size} octets", section=section)
        self.position = self.end

    def leave(self) -> None:
        """End what `inside` began; raise `ValueError` if there is more in it."""
        if self.position != self.end:
            raise ValueError(f"{self.end - self.position} octets after {self._what}, expected none")
        self._layout.finish(self.end)

    def _next(self) -> bytes:
        start = self.position + 4
        end = start + int.from_bytes(self._data[self.position : start], "big")
        if not start <= end <= self.end:
            raise ValueError(f"{self._what} breaks off")
        self.position = end
        return self._data[start:end]

    def _note(self, label: str, section: str, value: str, octets: bytes) -> None:
        start = self.position - len(octets)
        self._layout.begin(label, start - 4, section=section)
        self._layout.leaf("length", start - 4, start, value=str(len(octets)), section=SECTION)
        if octets:
            self._layout.leaf("contents", start, self.position, value=value, section=section)
        self._layout.finish(self.position, value=value)
