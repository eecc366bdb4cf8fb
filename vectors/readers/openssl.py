"""Reads OpenSSL's test files of signatures: `evppkey_ecdsa_rfc6979.txt`, the vectors of RFC 6979, appendix A.2.

Standard     RFC 6979; the form is that of OpenSSL's `test/recipes/30-test_evp_data`.
Left out     Everything but `DigestSign` and `DigestVerify` with ECDSA keys.

Stanzas are divided by blank lines. One gives a key a name, in PEM; others sign or verify with it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from pki.keys import load_private_key, load_public_key
from primitives.ec import ECPrivateKey, ECPublicKey
from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import hash_name

_TITLE = re.compile(r"RFC 6979 (P-256|P-384|P-521) deterministic ECDSA tests")
_KEYS = ("PrivateKey", "PublicKey")
_FIELDS = {"Availablein", "FIPSversion", "DigestSign", "DigestVerify", "Key", "NonceType", "Input", "Output", "Result"}


def recognise(text: str) -> bool:
    """Return whether `text` is such a file."""
    return "DigestSign =" in text and "-----BEGIN PRIVATE KEY-----" in text


def cases(name: str, text: str) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    keys: dict[str, bytes] = {}
    curve, number = "", 0
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        if lines[0].startswith("Title"):
            match = _TITLE.fullmatch(lines[0].partition("=")[2].strip())
            if match is None:
                raise VectorFileError(f"unknown title {lines[0]!r} in a file of this kind")
            curve, number = match[1], 0
        elif (kind := lines[0].split("=")[0]) in _KEYS:
            der = base64.b64decode("".join(lines[2:-1]))
            keys[lines[0].partition("=")[2]] = _private_number(der) if kind == "PrivateKey" else _point(der)
        elif not lines[0].startswith("PrivPubKeyPair"):
            number += 1
            yield _case(name, curve, number, _fields(lines), keys)


def _private_number(der: bytes) -> bytes:
    key = load_private_key(der)
    if not isinstance(key, ECPrivateKey):
        raise VectorFileError("a private key that is not of an elliptic curve")
    return key.d.to_bytes(key.curve.coordinate_size, "big")


def _point(der: bytes) -> bytes:
    key = load_public_key(der)
    if not isinstance(key, ECPublicKey):
        raise VectorFileError("a public key that is not of an elliptic curve")
    return key.to_bytes()


def _fields(lines: list[str]) -> dict[str, str]:
    fields = {label.strip(): value.strip() for label, _, value in (line.partition("=") for line in lines)}
    if unknown := set(fields) - _FIELDS:
        raise VectorFileError(f"unknown field {sorted(unknown)[0]!r} in a file of this kind")
    return fields


def _case(name: str, curve: str, number: int, fields: dict[str, str], keys: dict[str, bytes]) -> Case:
    message = fields["Input"].strip('"').encode()
    signature = bytes.fromhex(fields["Output"])
    key = keys[fields["Key"]]
    common: dict[str, Value] = {"curve": curve, "message": message}
    if "DigestSign" in fields:
        if fields.get("NonceType") != "deterministic" or "Result" in fields:
            raise VectorFileError(f"{curve} case {number}: only deterministic signatures that succeed can be read")
        inputs = common | {"hash": hash_name(fields["DigestSign"]), "private": key}
        check = Check("ecdsa_sign", inputs, {"signature": signature})
    else:
        if fields.get("Result", "VERIFY_ERROR") != "VERIFY_ERROR":
            raise VectorFileError(f"{curve} case {number}: Result = {fields['Result']!r}, expected VERIFY_ERROR")
        inputs = common | {"hash": hash_name(fields["DigestVerify"]), "public": key, "signature": signature}
        check = Check("ecdsa_verify", inputs, accepted="Result" not in fields)
    return Case(name, f"{curve} case {number}", f"ECDSA {curve}", (check,))
