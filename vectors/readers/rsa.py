"""Reads the response files for RSA signatures: PKCS #1 v1.5 and PSS, made (SigGen) and verified (SigVer).

Standard     NIST: The RSA Validation System (RSAVS), 2004; 186-3RSAVS, 2011.
Left out     The signatures of ANS X9.31; such cases are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import hash_name
from vectors.readers.rsp import Record, Rsp, only_headings, records

_SCHEMES = (
    (re.compile(r"PKCS ?#1 Ver ?1\.5|Sig(?:Gen|Ver)15"), "pkcs1v15", "RSA PKCS #1 v1.5"),
    (re.compile(r"PSS"), "pss", "RSA-PSS"),
    (re.compile(r"X9\.31|Sig(?:Gen|Ver)RSA"), "", "RSA X9.31"),
)
_SALT = re.compile(r"Salt len: (\d+)")
# Encodings that NIST corrupted on purpose, in the form in which they were before the private operation.
_SPOILED = ("EM with hash moved", "EM with trailer wrong", "IR with hash moved", "IR with trailer wrong")


def recognise(rsp: Rsp) -> bool:
    """Return whether this reader reads the file."""
    return _names(rsp) >= {"n", "SHAAlg", "Msg", "S"} and any(kind.search(rsp.comments) for kind, _, _ in _SCHEMES)


def _names(rsp: Rsp) -> set[str]:
    return {field.name for section in rsp.sections for field in section.fields}


def cases(rsp: Rsp) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    scheme, algorithm = next((scheme, name) for kind, scheme, name in _SCHEMES if kind.search(rsp.comments))
    only_headings(rsp, r"mod ?= ?\d+")
    verify = "Result" in _names(rsp)
    for section in rsp.sections:
        if verify:
            required = ["SHAAlg", "e", "Msg", "S", "Result"]
            found = records(section, required=required, optional=("d", "SaltVal", *_SPOILED), shared=("n", "p", "q"))
        else:
            required = ["SHAAlg", "Msg", "S"]
            found = records(section, required=required, optional=("SaltVal",), shared=("n", "e", "d"))
        for record in found:
            hash = hash_name(record["SHAAlg"])
            if not scheme:
                yield Case(rsp.name, record.id, algorithm, skip="the signatures of ANS X9.31 are not implemented")
            elif verify:
                yield Case(
                    rsp.name, record.id, algorithm, (_verify(rsp, record, scheme, hash),), comment=record["Result"]
                )
            else:
                yield Case(rsp.name, record.id, algorithm, tuple(_generate(rsp, record, scheme, hash)))


def _common(rsp: Rsp, record: Record, scheme: str, hash: str) -> dict[str, Value]:
    inputs: dict[str, Value] = {
        "hash": hash,
        "n": record.octets("n"),
        "e": record.octets("e"),
        "message": record.octets("Msg"),
    }
    if scheme == "pss":
        salt_length = _SALT.search(rsp.comments)
        if "SaltVal" in record:
            length = len(record.octets("SaltVal"))
            if length == 1 and record.octets("SaltVal") == b"\0":  # these files write the empty salt as 00
                length = 0
        elif salt_length:
            length = int(salt_length[1])
        else:
            raise VectorFileError(f"line {record.line}: neither a SaltVal nor a `Salt len` above")
        inputs |= {"mgf_hash": hash, "salt_length": length}
    return inputs


def _verify(rsp: Rsp, record: Record, scheme: str, hash: str) -> Check:
    verdict = record["Result"][:1]
    if verdict not in ("P", "F"):
        raise VectorFileError(f"line {record.line}: Result = {record['Result']!r}, expected P or F")
    inputs = {**_common(rsp, record, scheme, hash), "signature": record.octets("S")}
    return Check(f"rsa_{scheme}_verify", inputs, accepted=verdict == "P")


def _generate(rsp: Rsp, record: Record, scheme: str, hash: str) -> Iterator[Check]:
    inputs, signature = _common(rsp, record, scheme, hash), record.octets("S")
    yield Check(f"rsa_{scheme}_verify", {**inputs, "signature": signature})
    if "d" not in record:
        return
    private = {**inputs, "d": record.octets("d")}
    if scheme == "pss" and "SaltVal" not in record:
        if inputs["salt_length"]:
            return
        private["salt"] = b""
    elif scheme == "pss":
        private["salt"] = record.octets("SaltVal") if inputs["salt_length"] else b""
    yield Check(f"rsa_{scheme}_sign", private, {"signature": signature})
