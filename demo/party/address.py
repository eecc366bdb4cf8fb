"""Where a party listens: `host:port`. The sockets that do it are in `listening`.

>>> Address.parse("127.0.0.1:7400"), str(Address.parse("[::1]:0"))
(Address(host='127.0.0.1', port=7400), '[::1]:0')
"""

from __future__ import annotations

import re
from typing import NamedTuple, Self


class Address(NamedTuple):
    """A TCP address, in the form in which `socket` takes it. Port 0 asks for any free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address that `host:port` or `[IPv6 host]:port` spells, or raise `ValueError`."""
        match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\[\]:\s]+)):([0-9]{1,5})", text)
        if match is None or int(match[3]) > 0xFFFF:
            raise ValueError(f"{text!r} is not an address, expected host:port such as 127.0.0.1:7400")
        return cls(match[1] or match[2], int(match[3]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
