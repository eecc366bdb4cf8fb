"""Reads vectors of ML-KEM: C2SP/CCTV's text files, and response files in the form of NIST's.

Standard     FIPS 203. The files of C2SP/CCTV, in its folder ML-KEM, are the definition of their form.

Four forms are CCTV's, of `name = value` lines: all intermediate values of a run (`intermediate`), keys and a
ciphertext (`unluckysample`), a ciphertext alone (`strcmp`), and, a key a line without a name, encapsulation keys that
have to be refused (`modulus`). Files of before August 2024 have keys as the draft of FIPS 203 made them; all else is
the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primitives.ml_kem import PARAMETER_SETS
from primitives.sha3 import sha3_512
from vectors.cases import Case, Check, StepValue, Value, VectorFileError
from vectors.readers.rsp import Rsp, only_headings, records

_SETS = {each.ek_size: each.name for each in PARAMETER_SETS.values()}  # by the bytes of an encapsulation key
_DK_SIZES = {each.dk_size: each.name for each in PARAMETER_SETS.values()}  # and by those of a decapsulation key
_LINE = re.compile(
    r"(?P<name>\S.*?) = (?:NTT\(s\) = )?(?:\{(?P<numbers>[\d, ]+)\}(?: = (?=.))?)?(?P<digits>(?:[0-9a-f]{2})*)"
)
_REQUIRED, _OPTIONAL = ("count", "z", "d", "msg", "pk", "sk", "ct", "ss"), ("seed", "ct_n", "ss_n")
_KEYS = re.compile(r"(?:[0-9a-f]{1600}|[0-9a-f]{2368}|[0-9a-f]{3136})")

# For each value of an intermediate file: the step of the trace that it belongs to, and what its hexadecimal digits are.
# Some values are there twice, in whole and in part, or decoded and compressed; `dkPKE` is printed for `ekPKE` once.
_BYTES, _VECTOR, _POLYNOMIAL, _MATRIX = "bytes", "vector", "polynomial", "matrix"
_KEYGEN = (
    ("d", "d", _BYTES), ("ρ", "rho", _BYTES), ("σ", "sigma", _BYTES), ("A[0, 0]", "", ""), ("A", "A_hat", _MATRIX),
    ("s[0]", "", ""), ("s", "s", _VECTOR), ("NTT(s[0])", "", ""), ("dkPKE", "s_hat", _VECTOR), ("e", "e", _VECTOR),
    ("NTT(e)", "e_hat", _VECTOR), ("t", "t_hat", _VECTOR), ("ek", "ek", _BYTES), ("dkPKE", "", ""), ("z", "z", _BYTES),
    ("H(ek)", "H", _BYTES), ("dk", "dk", _BYTES),
)  # fmt: skip
_ENCAPS = (
    ("m", "m", _BYTES), ("K", "K", _BYTES), ("r", "r", _BYTES), ("μ", "mu", _POLYNOMIAL), ("A^T", "A_hat^T", _MATRIX),
    ("r", "y", _VECTOR), ("NTT(r)", "y_hat", _VECTOR), ("e1", "e_1", _VECTOR), ("e2", "e_2", _POLYNOMIAL),
    ("u", "u", _VECTOR), ("u[0]", "", ""), ("compress(u[0])", "", ""), ("c1", "c_1", _BYTES), ("v", "v", _POLYNOMIAL),
    ("compress(v)", "", ""), ("c2", "c_2", _BYTES), ("c", "K-PKE.Encrypt", _BYTES),
)  # fmt: skip
_DECAPS = (
    ("uᵈ", "u′", _VECTOR), ("NTT(uᵈ)", "NTT(u′)", _VECTOR), ("vᵈ", "v′", _POLYNOMIAL), ("w", "w", _POLYNOMIAL),
    ("KBar", "K_bar", _BYTES),
)  # fmt: skip


def recognise(rsp: Rsp) -> bool:
    """Return whether this reader reads the response file."""
    fields = {field.name for section in rsp.sections for field in section.fields}
    return {"d", "z", "msg", "pk", "sk", "ct", "ss"} <= fields


def cases(rsp: Rsp) -> Iterator[Case]:
    """Return the cases of a response file. Raises `VectorFileError`."""
    only_headings(rsp)
    for section in rsp.sections:
        for record in records(section, required=_REQUIRED, optional=_OPTIONAL):
            ek, dk = record.octets("pk"), record.octets("sk")
            name = _parameters(ek)
            checks = [
                _keygen(name, record.octets("d") + record.octets("z"), ek, dk),
                _encaps(name, ek, record.octets("msg"), record.octets("ct"), record.octets("ss")),
                _decaps(name, dk, record.octets("ct"), record.octets("ss")),
            ]
            if "ct_n" in record:  # not made by encapsulation: the secret is that of an implicit rejection
                checks.append(_decaps(name, dk, record.octets("ct_n"), record.octets("ss_n")))
            yield Case(rsp.name, record.id, name, tuple(checks))


def recognise_cctv(text: str) -> bool:
    """Return whether `text` is one of CCTV's files."""
    return bool(_KEYS.fullmatch(text.partition("\n")[0])) or tuple(_values(text)) in _FORMS


def cctv_cases(name: str, text: str) -> Iterator[Case]:
    """Return the cases of one of CCTV's files. Raises `VectorFileError`."""
    if _KEYS.fullmatch(text.partition("\n")[0]):
        yield from _refused(name, text)
        return
    yield from _FORMS[tuple(_values(text))](name, text)


def _values(text: str) -> dict[str, bytes]:
    """Return the values by their names; nothing if a line is not of the form. Of a name that comes twice, the last."""
    found = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            return {}
        found[match["name"]] = bytes.fromhex(match["digits"])
    return found


def _values_once(text: str) -> dict[str, bytes]:
    """Return the values by their names, each of which comes once. Raises `VectorFileError`."""
    value = _values(text)
    if len(value) != len(text.splitlines()):
        raise VectorFileError("a name comes twice")
    return value


def _parameters(ek: bytes) -> str:
    if len(ek) not in _SETS:
        raise VectorFileError(f"an encapsulation key of {len(ek)} bytes is of no parameter set")
    return _SETS[len(ek)]


def _keygen(name: str, seed: bytes, ek: bytes, dk: bytes) -> Check:
    """Return the check of keys; of the draft's, if the seed of their matrix is the draft's."""
    is_of_draft = sha3_512(seed[:32]).digest()[:32] == ek[-32:]
    operation = "ml_kem_draft_keygen" if is_of_draft else "ml_kem_keygen"
    return Check(operation, {"parameters": name, "seed": seed}, {"ek": ek, "dk": dk})


def _encaps(name: str, ek: bytes, m: bytes, c: bytes, K: bytes) -> Check:
    return Check("ml_kem_encaps", {"parameters": name, "ek": ek, "m": m}, {"c": c, "K": K})


def _decaps(name: str, dk: bytes, c: bytes, K: bytes) -> Check:
    return Check("ml_kem_decaps", {"parameters": name, "dk": dk, "c": c}, {"K": K})


def _refused(name: str, text: str) -> Iterator[Case]:
    for number, line in enumerate(text.splitlines(), 1):
        if not _KEYS.fullmatch(line):
            raise VectorFileError(f"line {number} is not an encapsulation key")
        ek = bytes.fromhex(line)
        inputs: dict[str, Value] = {"parameters": _parameters(ek), "ek": ek, "m": bytes(32)}
        check = Check("ml_kem_encaps", inputs, accepted=False)
        yield Case(name, f"line {number}", _parameters(ek), (check,), comment="a coefficient of 3329 or more")


def _unlucky(name: str, text: str) -> Iterator[Case]:
    value = _values_once(text)
    parameters = _parameters(value["ek"])
    checks = (
        _keygen(parameters, value["d"] + value["z"], value["ek"], value["dk"]),
        _encaps(parameters, value["ek"], value["m"], value["c"], value["K"]),
        _decaps(parameters, value["dk"], value["c"], value["K"]),
    )
    yield Case(name, "the file", parameters, checks, comment="SampleNTT reads more than 575 bytes")


def _zero_bytes(name: str, text: str) -> Iterator[Case]:
    value = _values_once(text)
    if len(value["dk"]) not in _DK_SIZES:
        raise VectorFileError(f"a decapsulation key of {len(value['dk'])} bytes is of no parameter set")
    check = _decaps(_DK_SIZES[len(value["dk"])], value["dk"], value["c"], value["K"])
    comment = "c and what m′ encrypts to are the same up to a zero byte"
    yield Case(name, "the file", _DK_SIZES[len(value["dk"])], (check,), comment=comment)


def _intermediate(name: str, text: str) -> Iterator[Case]:
    lines = iter(text.splitlines())
    found: dict[str, bytes] = {}
    steps: list[list[tuple[str, StepValue]]] = []
    for listed in (_KEYGEN, _ENCAPS, _DECAPS):
        steps.append([])
        for label, step, form in listed:
            match = _LINE.fullmatch(next(lines, ""))
            if match is None or match["name"] != label:
                raise VectorFileError(f"expected a line {label} = …")
            digits = found[label] = bytes.fromhex(match["digits"])
            if step:
                steps[-1].append((step, digits if form == _BYTES else _polynomials(digits, form)))
            if (
                match["numbers"]
                and match["digits"]
                and tuple(map(int, match["numbers"].split(","))) != _decoded(digits)
            ):
                raise VectorFileError(f"the numbers of {label} are not those of its digits")
    if (left := next(lines, None)) is not None:
        raise VectorFileError(f"{left[:40]!r} after the last value")
    parameters = _parameters(found["ek"])
    checks = (
        _keygen(parameters, found["d"] + found["z"], found["ek"], found["dk"]),
        _encaps(parameters, found["ek"], found["m"], found["c"], found["K"]),
        _decaps(parameters, found["dk"], found["c"], found["K"]),
    )
    for title, check, made in zip(("KeyGen", "Encaps", "Decaps"), checks, steps, strict=True):
        yield Case(name, title, parameters, (check,), steps=tuple(made))


def _decoded(digits: bytes) -> tuple[int, ...]:
    """Return the numbers of 12 bits that the digits are, the least significant first (FIPS 203 §4.2.1)."""
    bits = int.from_bytes(digits, "little")
    return tuple([bits >> 12 * i & 0xFFF for i in range(8 * len(digits) // 12)])


def _polynomials(digits: bytes, form: str) -> StepValue:
    """Return the polynomials that the digits encode, as a step shows them."""
    numbers = _decoded(digits)
    polynomials = tuple([numbers[i : i + 256] for i in range(0, len(numbers), 256)])
    if form == _POLYNOMIAL:
        return polynomials[0]
    if form == _VECTOR:
        return polynomials
    k = {4: 2, 9: 3, 16: 4}[len(polynomials)]
    return tuple([polynomials[i : i + k] for i in range(0, len(polynomials), k)])


_FORMS = {
    tuple(dict.fromkeys(label for label, _, _ in (*_KEYGEN, *_ENCAPS, *_DECAPS))): _intermediate,
    ("d", "z", "ek", "dk", "m", "K", "c"): _unlucky,
    ("dk", "c", "K"): _zero_bytes,
}
"""CCTV's files by the names of their values."""
