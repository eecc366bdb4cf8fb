"""Reads the response files for elliptic curves: ECDSA signatures and keys, and ECC CDH key agreement.

Standard     NIST: The FIPS 186-3 ECDSA Validation System (ECDSA2VS), 2014; ECC CDH (SP 800-56A) component
             validation, 2011; KASVS, 2014 (the tests of the primitive alone).
Left out     Key agreement with a key derivation function; P-192, and the curves over binary fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import CURVES, curve_name, hash_name
from vectors.readers.rsp import Record, Rsp, Section, heading, only_headings, records

_KIND = re.compile(r'"(Key Pair|PKV|SigGen|SigVer)" information')
_ZZ_ONLY = re.compile(r"ECC Validity Test for .*DLC PRIMITIVE TESTING ONLY")
_PRIMITIVE = {"COUNT", "QCAVSx", "QCAVSy", "dIUT", "QIUTx", "QIUTy", "ZIUT"}
_NIST_CURVE = r"[PKB]-\d+"
_PARAMETER_SETS = {"EA": "P-192", "EB": "P-224", "EC": "P-256", "ED": "P-384", "EE": "P-521"}  # SP 800-56A table 2
_LENGTHS = {"P-224": 28, "P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32}


def recognise(rsp: Rsp) -> bool:
    """Return whether this reader reads the file."""
    names = {field.name for section in rsp.sections for field in section.fields}
    of_curves = any(re.match(_NIST_CURVE, text) for section in rsp.sections for text in section.headings)
    return bool(_ZZ_ONLY.search(rsp.comments)) or (of_curves and (names >= {"Qx", "Qy"} or names == _PRIMITIVE))


def cases(rsp: Rsp) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    names = {field.name for section in rsp.sections for field in section.fields}
    if names == _PRIMITIVE:
        yield from _primitive(rsp)
    elif _ZZ_ONLY.search(rsp.comments):
        yield from _zz_only(rsp)
    elif "Msg" in names:
        yield from _signatures(rsp)
    elif "d" in names:
        yield from _key_pairs(rsp)
    else:
        yield from _public_keys(rsp)


def _number(record: Record, curve: str, name: str) -> bytes:
    """Return the number in as many bytes as those of the curve have; in more, if it is too long for the curve."""
    octets = record.octets(name)
    if not octets:
        raise VectorFileError(f"line {record.line}: {name} has no digits")
    number = int.from_bytes(octets, "big")
    return number.to_bytes(max(_LENGTHS[curve], (number.bit_length() + 7) // 8), "big")


def _point(record: Record, curve: str, x: str, y: str) -> bytes:
    """Return the uncompressed point (SEC 1 §2.3.3)."""
    return b"\x04" + _number(record, curve, x) + _number(record, curve, y)


def _skipped(rsp: Rsp, record: Record, algorithm: str, curve: str) -> Case | None:
    if curve in CURVES:
        return None
    return Case(rsp.name, record.id, f"{algorithm} {curve}", skip=f"the curve {curve} is not implemented")


def _verdict(record: Record) -> bool:
    verdict = record["Result"][:1]
    if verdict not in ("P", "F"):
        raise VectorFileError(f"line {record.line}: Result = {record['Result']!r}, expected P or F")
    return verdict == "P"


def _signatures(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, rf"{_NIST_CURVE}(,SHA-\S+)?")
    for section in rsp.sections:
        match = heading(section, rf"({_NIST_CURVE})(?:,(SHA-\S+))?")
        curve, hash = curve_name(match[1]), hash_name(match[2] or "SHA-1")  # FIPS 186-2 knows no other hash
        for record in records(section, required=("Msg", "Qx", "Qy", "R", "S"), optional=("d", "k", "Result")):
            skipped = _skipped(rsp, record, "ECDSA", curve)
            yield skipped or _signature(rsp, record, curve, hash)


def _signature(rsp: Rsp, record: Record, curve: str, hash: str) -> Case:
    point, r_s = _point(record, curve, "Qx", "Qy"), _number(record, curve, "R") + _number(record, curve, "S")
    common: dict[str, Value] = {"curve": curve, "hash": hash, "message": record.octets("Msg")}
    accepted = _verdict(record) if "Result" in record else True
    checks = [Check("ecdsa_p1363_verify", {**common, "public": point, "signature": r_s}, accepted=accepted)]
    if "d" in record:
        checks.append(
            Check("ec_public_key", {"curve": curve, "private": _number(record, curve, "d")}, {"public": point})
        )
    comment = record.values.get("Result", "")
    return Case(rsp.name, record.id, f"ECDSA {curve}", tuple(checks), comment=comment)


def _key_pairs(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, _NIST_CURVE, r"B\.4\.[12] Key Pair Generation .*")
    for section in rsp.sections:
        curve = heading(section, _NIST_CURVE)[0]
        for record in records(section, required=("d", "Qx", "Qy"), shared=("N",)):
            skipped = _skipped(rsp, record, "EC keys", curve)
            yield skipped or Case(
                rsp.name,
                record.id,
                f"EC keys {curve}",
                (
                    Check(
                        "ec_public_key",
                        {"curve": curve, "private": _number(record, curve, "d")},
                        {"public": _point(record, curve, "Qx", "Qy")},
                    ),
                ),
            )


def _public_keys(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, _NIST_CURVE)
    for section in rsp.sections:
        curve = heading(section, _NIST_CURVE)[0]
        for record in records(section, required=("Qx", "Qy", "Result")):
            skipped = _skipped(rsp, record, "EC keys", curve)
            yield skipped or Case(
                rsp.name,
                record.id,
                f"EC keys {curve}",
                (
                    Check(
                        "ec_validate",
                        {"curve": curve, "public": _point(record, curve, "Qx", "Qy")},
                        accepted=_verdict(record),
                    ),
                ),
                comment=record["Result"],
            )


class _Names(NamedTuple):
    """What the fields of a key agreement are called."""

    private: str
    public: tuple[str, str]
    own: tuple[str, str]
    shared: str


def _agreement(rsp: Rsp, record: Record, curve: str, names: _Names) -> Case:
    """The shared secret of our private key and their public key, and our own public key."""
    d = _number(record, curve, names.private)
    checks = (
        Check("ec_public_key", {"curve": curve, "private": d}, {"public": _point(record, curve, *names.own)}),
        Check(
            "ecdh",
            {"curve": curve, "private": d, "public": _point(record, curve, *names.public)},
            {"shared": _number(record, curve, names.shared)},
        ),
    )
    return Case(rsp.name, record.id, f"ECDH {curve}", checks)


_CDH = _Names("dIUT", ("QCAVSx", "QCAVSy"), ("QIUTx", "QIUTy"), "ZIUT")


def _primitive(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, _NIST_CURVE)
    for section in rsp.sections:
        curve = heading(section, _NIST_CURVE)[0]
        for record in records(section, required=sorted(_PRIMITIVE)):
            skipped = _skipped(rsp, record, "ECDH", curve)
            yield skipped or _agreement(rsp, record, curve, _CDH)


def _zz_only(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, r"E[A-E]( - SHA\d+)?", r"Curve selected: .*", r"SHA\(s\) supported .*")
    required = ("COUNT", "dsCAVS", "QsCAVSx", "QsCAVSy", "dsIUT", "QsIUTx", "QsIUTy", "Z", "CAVSHashZZ", "Result")
    for section in rsp.sections:
        match = heading(section, r"(E[A-E]) - (SHA\d+)")
        curve, hash = _PARAMETER_SETS[match[1]], hash_name(match[2])
        for record in records(Section((match[0],), section.fields), required=required):
            skipped = _skipped(rsp, record, "ECDH", curve)
            yield skipped or _validity(rsp, record, curve, hash)


def _validity(rsp: Rsp, record: Record, curve: str, hash: str) -> Case:
    """A key agreement that NIST may have corrupted: the reason says what a validation must notice."""
    accepted = _verdict(record)
    inputs: dict[str, Value] = {
        "curve": curve,
        "private": _number(record, curve, "dsIUT"),
        "public": _point(record, curve, "QsCAVSx", "QsCAVSy"),
        "own_public": _point(record, curve, "QsIUTx", "QsIUTy"),
        "hash": hash,
        "shared_hash": record.octets("CAVSHashZZ"),
    }
    checks = (Check("ecdh_validity", inputs, accepted=accepted),)
    return Case(rsp.name, record.id, f"ECDH {curve}", checks, comment=record["Result"])
