"""The result of a command, and how it is printed.

Standard     RFC 4648 §4 (Base64) and §8 (hexadecimal digits, as `sha256sum` and `openssl` print them).
Left out     Other encodings.
Timing       Prints what the user asked for.

>>> Result(b"abc").text("hex"), Result(b"abc").text("base64"), Result(0x6A09, bits=32).text("hex")
('616263', 'YWJj', '00006a09')
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from explain.showing import polynomials
from explain.showing.notation import notation, text
from explain.trace import Form, Parts, Step, Value

ENCODINGS = ("hex", "base64", "raw")


@dataclass(frozen=True)
class Result:
    """What a command has computed.

    value, bits, form, parts: as of a `Step`.
    """

    value: Value
    bits: int = 0
    form: Form = ""
    parts: Parts = ()

    def step(self) -> Step:
        """Return the result as a step, to be shown as one."""
        return Step("result", self.value, "", "", self.bits, self.form, self.parts)

    def text(self, encoding: str, *, binary: bool = False) -> str:
        """Return the result as text: bytes in the encoding, numbers and polynomials whole, all else in its notation."""
        if isinstance(self.value, bytes) and not self.form:
            return base64.b64encode(self.value).decode() if encoding == "base64" else self.value.hex()
        if self.form in ("polynomial", "residues") and isinstance(self.value, tuple):
            return "\n".join(polynomials.lines(self.value, width=None, residues=self.form == "residues"))
        if isinstance(self.value, int) and not isinstance(self.value, bool) and not self.bits:
            return decimal(self.value)
        return text(notation(self.step(), binary=binary))


def decimal(number: int) -> str:
    """Return the decimal digits of a number. Python refuses to write more than 4,300, so these come in pieces."""
    if abs(number) < 10**4000:
        return str(number)
    head, tail = divmod(abs(number), 10**4000)
    return ("-" if number < 0 else "") + decimal(head) + f"{tail:04000d}"
