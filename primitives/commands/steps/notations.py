"""The notations of what single steps take and give: how the user writes each kind of value, and how it is shown.

Standard     The notations of FIPS 180-4 §3.1 (words), FIPS 197 §3.4 (the state), RFC 8439 §2.3 (the matrix), FIPS 202
             §3.1.2 (the lanes), FIPS 203 §2.4.4 (polynomials).
Left out     Binary digits for words longer than a few bits: hexadecimal ones are shorter to type.
Timing       Reads what the user gives.

>>> hex(notation("word32").parse("6a09e667", Context()))
'0x6a09e667'
>>> notation("word6").parse("011011", Context()), notation("word6").parse("1b", Context())
(27, 27)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from struct import unpack
from typing import TYPE_CHECKING, Any

from explain.trace import Form, Value
from primitives.commands import key_files
from primitives.commands.inputs import Inputs
from primitives.curves.weierstrass import Curve
from primitives.hash_names import hash_named

if TYPE_CHECKING:
    from primitives.aes import State
    from primitives.lattices.ntt import Ring


@dataclass
class Context:
    """What the arguments before have told.

    inputs: where standard input is read. curve, ring: the one that was named last.
    """

    inputs: Inputs = field(default_factory=Inputs)
    curve: Curve | None = None
    ring: Ring | None = None


@dataclass(frozen=True)
class Notation:
    """How values of one kind are written.

    hint: how to write it, for the help. parse: from the user's text to what the functions take.
    show: from what the functions give to a step's value. bits, form: as of a `Step`.
    """

    hint: str
    parse: Callable[[str, Context], Any]
    show: Callable[[Any], Value] = lambda value: value
    bits: int = 0
    form: Form = ""


def notation(name: str) -> Notation:
    """Return the notation of that name: one of `NOTATIONS`; or `word32`, `words64`, `octets16`, of any size."""
    if name in NOTATIONS:
        return NOTATIONS[name]
    word = re.fullmatch(r"(words?|octets)([0-9]+)", name)
    if word is None:
        raise ValueError(f"there is no notation {name!r}")
    bits = int(word[2])
    if word[1] == "octets":
        return Notation(f"{2 * bits} hex digits", _exactly(bits, "the input"))
    if word[1] == "word":
        return Notation(_word_hint(bits), lambda text, context: _word(text, bits), bits=bits)
    return Notation(f"words of {bits // 4} hex digits", lambda text, context: _words(text, bits), tuple, bits=bits)


def _word_hint(bits: int) -> str:
    return f"{bits} binary digits" if bits <= 10 else f"up to {-(-bits // 4)} hex digits"


def _word(text: str, bits: int) -> int:
    digits = text.removeprefix("hex:").replace("_", "").replace(" ", "")
    if len(digits) == bits and not set(digits) - set("01"):
        return int(digits, 2)
    if not re.fullmatch(r"(?:0[xX])?[0-9A-Fa-f]+", digits) or int(digits, 16) >> bits:
        raise ValueError(f"{text[:40]!r} is not a word of {bits} bits, expected {_word_hint(bits)}")
    return int(digits, 16)


def _words(text: str, bits: int) -> list[int]:
    digits = "".join(re.split(r"[\s,_]", text.removeprefix("hex:")))
    size = bits // 4
    if not digits or len(digits) % size or not re.fullmatch(r"[0-9A-Fa-f]+", digits):
        raise ValueError(f"{text[:40]!r}: expected words of {size} hex digits each")
    return [int(digits[i : i + size], 16) for i in range(0, len(digits), size)]


def _octets(text: str, context: Context) -> bytes:
    return context.inputs.digits(text)


def _exactly(length: int, what: str) -> Callable[[str, Context], bytes]:
    def parse(text: str, context: Context) -> bytes:
        octets = _octets(text, context)
        if len(octets) != length:
            raise ValueError(f"{what} has {len(octets)} bytes, expected {length}")
        return octets

    return parse


def _state(text: str, context: Context) -> State:
    from primitives.aes import state_of

    return state_of(_exactly(16, "the state")(text, context))


def _round_key(text: str, context: Context) -> list[bytes]:
    octets = _exactly(16, "the round key")(text, context)
    return [octets[i : i + 4] for i in range(0, 16, 4)]


def _lanes(text: str, context: Context) -> list[int]:
    return list(unpack("<25Q", _exactly(200, "the state")(text, context)))


def _matrix(text: str, context: Context) -> list[int]:
    words = _words(text, 32)
    if len(words) != 16:
        raise ValueError(f"the state has {len(words)} words, expected 16")
    return words


def _curve(text: str, context: Context) -> Curve:
    if "=" not in text:
        context.curve = key_files.curve_named(text)
    else:
        fields = key_files.read(text.encode())
        p, a, b = (key_files.number(fields, name) for name in ("p", "a", "b"))
        context.curve = Curve(f"y² = x³ + {a}x + {b} modulo {p}", p=p, a=a, b=b, G=(0, 0), n=0)
    return context.curve


def _point(text: str, context: Context) -> tuple[int, int] | None:
    from primitives.curves.weierstrass import is_on_curve

    if context.curve is None:
        raise ValueError("a point without its curve")
    if text == "O":
        return None
    if text == "G":
        return context.curve.G
    x, comma, y = text.partition(",")
    if not comma:
        raise ValueError(f"{text[:40]!r} is not a point, expected X,Y in numbers, G or O")
    point = context.inputs.number(x), context.inputs.number(y)
    if not is_on_curve(context.curve, point):
        raise ValueError(f"{text[:40]} is not a point of {context.curve.name}")
    return point


def _edwards(text: str, context: Context) -> tuple[int, int, int, int]:
    from primitives.curves.edwards25519 import B, decode

    return B if text == "B" else decode(_exactly(32, "the point")(text, context))


def _edwards448(text: str, context: Context) -> tuple[int, int, int]:
    from primitives.curves.edwards448 import B, decode

    return B if text == "B" else decode(_exactly(57, "the point")(text, context))


def _ring(text: str, context: Context) -> Ring:
    from primitives.lattices.ntt import Ring
    from primitives.ml_kem import R_q

    if text == "ML-KEM":
        context.ring = R_q
        return R_q
    q, n, zeta = _ring_parameters(text)
    context.ring = Ring(q=q, n=n, zeta=zeta, layers=n.bit_length() - 2)  # to residues of two coefficients
    return context.ring


def _ring_split_whole(text: str, context: Context) -> Ring:
    from primitives.ml_dsa import R_q

    context.ring = R_q
    if text != "ML-DSA":
        q, n, zeta = _ring_parameters(text)
        context.ring = replace(R_q, q=q, n=n, zeta=zeta, layers=n.bit_length() - 1)  # to residues that are numbers
    return context.ring


def _ring_parameters(text: str) -> tuple[int, int, int]:
    fields = key_files.read(text.encode())
    q, n, zeta = (key_files.number(fields, name) for name in ("q", "n", "zeta"))
    if not 1 < q < 1 << 16 or n not in (4, 8, 16, 32, 64, 128, 256):
        raise ValueError("a ring needs a prime q below 65536, and an n of 4 to 256, a power of two")
    return q, n, zeta


def _polynomial(text: str, context: Context) -> list[int]:
    """Return the coefficients; those that are not given are 0."""
    if context.ring is None:
        raise ValueError("a polynomial without its ring")
    q, n = context.ring.q, context.ring.n
    if text.startswith("hex:"):
        from primitives.lattices.packing import ByteDecode

        octets = context.inputs.digits(text.removeprefix("hex:"))
        if len(octets) != 384 or n != 256 or q >= 1 << 16:
            raise ValueError("hex: is for 384 bytes, 256 coefficients of 12 bits")
        return ByteDecode(12, octets, q)
    f = _numbers(text, context)
    if len(f) > n:
        raise ValueError(f"{len(f)} coefficients, expected at most {n}")
    return [x % q for x in f] + [0] * (n - len(f))


def _numbers(text: str, context: Context) -> list[int]:
    return [context.inputs.number(word) for word in re.split(r"[\s,]+", text.strip())]


NOTATIONS = {
    "byte": Notation(
        "2 hex digits", lambda text, context: _exactly(1, "the byte")(text, context)[0], lambda b: bytes([b])
    ),
    "octets": Notation("hex digits", _octets),
    "blocks": Notation("hex digits", _octets, tuple),
    "message": Notation("a text", lambda text, context: context.inputs.message(text)),
    "number": Notation("a number, decimal or 0x…", lambda text, context: context.inputs.number(text)),
    "truth": Notation("true or false", lambda text, context: text == "true"),
    "text": Notation("a text", lambda text, context: text),
    "hash": Notation("a hash function", lambda text, context: hash_named(text), lambda function: function.name),
    "state": Notation("32 hex digits, column by column", _state, bytes, form="state"),
    "column": Notation("8 hex digits", _exactly(4, "the word")),
    "round_key": Notation("32 hex digits", _round_key, b"".join, form="key"),
    "key_words": Notation("hex digits", _octets, tuple),
    "lanes": Notation("400 hex digits", _lanes, tuple, bits=64, form="lanes"),
    "matrix": Notation("16 words of 8 hex digits", _matrix, tuple, bits=32, form="matrix"),
    "curve": Notation(
        "P-256, P-224, P-384, P-521, secp256k1 or such as p=23,a=1,b=4", _curve, lambda curve: curve.name
    ),
    "point": Notation("X,Y in numbers, G or O", _point, form="point"),
    "ring": Notation(
        "ML-KEM, or such as q=17,n=4,zeta=4", _ring, lambda ring: f"Z_{ring.q}[X]/(X^{ring.n} + 1), zeta = {ring.zeta}"
    ),
    "ring_split_whole": Notation(
        "ML-DSA, or such as q=17,n=4,zeta=2",
        _ring_split_whole,
        lambda ring: f"Z_{ring.q}[X]/(X^{ring.n} + 1), zeta = {ring.zeta}",
    ),
    "polynomial": Notation("the first coefficients, or hex: and 768 digits", _polynomial, tuple, form="polynomial"),
    "residues": Notation("the first coefficients, or hex: and 768 digits", _polynomial, tuple, form="residues"),
    "pair": Notation("two numbers", _numbers),
    "numbers": Notation("numbers, with spaces between", _numbers, tuple, form="polynomial"),
    "digits": Notation("numbers, with spaces between", _numbers, lambda digits: " ".join(map(str, digits))),
    "edwards": Notation("64 hex digits, or B", _edwards, form="point"),
    "edwards448": Notation("114 hex digits, or B", _edwards448, form="point"),
    "rsa_public": Notation("such as p=61,q=53,e=17 or @FILE", lambda t, c: key_files.rsa_public_key(_key(t, c)), repr),
    "rsa_private": Notation(
        "such as p=61,q=53,e=17 or @FILE", lambda t, c: key_files.rsa_private_key(_key(t, c)), repr
    ),
}
"""By their names; words have no entry, but names such as `word32`."""


def _key(text: str, context: Context) -> key_files.Fields:
    return key_files.read(context.inputs.message(text))
