"""Reads the text files that RSA Laboratories published with PKCS #1: OAEP, PSS and v1.5, some with every step.

Standard     PKCS #1 v2.1 (now RFC 8017); the files of 2001 and 2006 are the definition of their form.
Left out     The steps of the private operation: ours works on a blinded number, so it has others; the BER
             encodings of the keys at the end of `oaep-int.txt`.

A value is a line `# Label:` and the lines of hexadecimal digits below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import hash_name

_HEX = re.compile(r"[0-9a-f]{2}(?: ?[0-9a-f]{2})*")
_EXAMPLE = re.compile(r"(?:OAEP|PSS|PKCS#1 v1\.5 (?:Encryption|Signature)) Example ([\d.]+)(?: alg=(\w+) mgf1=(\w+))?")
_SCHEMES = (
    (re.compile(r"RSA[- ]OAEP"), "oaep"),
    (re.compile(r"RSA-PSS"), "pss"),
    (re.compile(r"PKCS#1 v1\.5 Encryption"), "pkcs1v15_encryption"),
    (re.compile(r"PKCS#1 v1\.5 Signature"), "pkcs1v15"),
)
_KEY = {
    "Modulus": "n",
    "Public exponent": "e",
    "Private exponent": "d",
    "Prime 1": "p",
    "Prime 2": "q",
    "Prime exponent 1": "dP",
    "Prime exponent 2": "dQ",
    "Coefficient": "qInv",
}
_MESSAGE = ("Message", "Message to be signed", "Message to be encrypted")
_RANDOM = ("Seed", "seed", "Salt", "salt")
_RESULT = ("Encryption", "Signature", "Ciphertext, the RSA encryption of EM", "Signature, the RSA decryption of EM")
_STEPS = {  # the file's names, and those of RFC 8017
    "pHash": "lHash",
    "DB": "DB",
    "dbMask": "dbMask",
    "maskedDB": "maskedDB",
    "seedMask": "seedMask",
    "maskedSeed": "maskedSeed",
    "Message hash": "mHash",
    "inBlock": "M′",
    "hash": "H",
    "EM": "EM",
}
_CRT = ("c, the ciphertext", "c mod p", "c mod q", "m1", "m2", "h", "m")  # of an unblinded private operation


def recognise(text: str) -> bool:
    """Return whether `text` is such a file."""
    return any(pattern.search(text[:200]) for pattern, _ in _SCHEMES) and "# Modulus:" in text


@dataclass(slots=True)
class _State:
    """What the lines so far have told."""

    example: str = ""
    hashes: tuple[str, str] = ("SHA-1", "SHA-1")
    key: dict[str, bytes] = field(default_factory=dict)
    message: bytes = b""
    random: bytes | None = None
    steps: list[tuple[str, bytes]] = field(default_factory=list)


def _values(text: str) -> Iterator[tuple[int, str, bytes | None]]:
    """Return line number, label and value; headings have None for a value."""
    label, digits, begun = "", "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            if label and digits:
                yield begun, label, bytes.fromhex(digits)
            label, digits, begun = line.lstrip("# ").rstrip(), "", number
            if label.startswith("BER encoding"):
                return
            if label.endswith(":"):
                label = label[:-1].split(" = ")[0]
            else:
                yield number, label, None
                label = ""
        elif label and _HEX.fullmatch(line if len(line) % 2 == 0 or " " in line else "0" + line):
            digits += line if len(line) % 2 == 0 or " " in line else "0" + line
        elif line.strip("=") and label:
            raise VectorFileError(f"line {number}: expected hexadecimal digits, found {line[:60]!r}")
    if label and digits:
        yield begun, label, bytes.fromhex(digits)


def cases(name: str, text: str) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    scheme = next(scheme for pattern, scheme in _SCHEMES if pattern.search(text[:200]))
    state = _State()
    for line, label, value in _values(text):
        if value is None:
            if match := _EXAMPLE.fullmatch(label):
                state.example = f"Example {match[1]}"
                if match[2]:
                    state.hashes = (match[2], match[3])
        elif label in _KEY or label == "Exponent":
            if label == "Modulus" and "qInv" in state.key:
                state.key = {}
            state.key[_KEY.get(label) or ("d" if "e" in state.key else "e")] = value
        elif label in _MESSAGE:
            state.message, state.random, state.steps = value, None, []
        elif label in _RANDOM:
            state.random = value
        elif label in _RESULT:
            yield _case(name, scheme, state, value)
        elif label in _STEPS:
            state.steps.append((_STEPS[label], value))
        elif label not in _CRT:
            raise VectorFileError(f"line {line}: unknown value {label!r} in a file of this kind")


def _case(name: str, scheme: str, state: _State, result: bytes) -> Case:
    hash, mgf_hash = (hash_name(spelling) for spelling in state.hashes)
    private: dict[str, Value] = dict(state.key)
    public: dict[str, Value] = {"n": state.key["n"], "e": state.key["e"]}
    message: dict[str, Value] = {"message": state.message}
    random: dict[str, Value] = {} if state.random is None else {"seed": state.random}
    checks: list[Check] = []
    if scheme == "oaep":
        algorithm = "RSA-OAEP"
        hashes: dict[str, Value] = {"hash": hash, "mgf_hash": mgf_hash, "label": b""}
        if random:
            checks.append(Check("rsa_oaep_encrypt", {**public, **hashes, **message, **random}, {"ciphertext": result}))
        checks.append(Check("rsa_oaep_decrypt", {**private, **hashes, "ciphertext": result}, message))
    elif scheme == "pss":
        algorithm = "RSA-PSS"
        salt = state.random or b""
        hashes = {"hash": hash, "mgf_hash": mgf_hash, "salt_length": len(salt)}
        checks.append(Check("rsa_pss_sign", {**private, **hashes, **message, "salt": salt}, {"signature": result}))
        checks.append(Check("rsa_pss_verify", {**public, **hashes, **message, "signature": result}))
    elif scheme == "pkcs1v15":
        algorithm = "RSA PKCS #1 v1.5"
        checks.append(Check("rsa_pkcs1v15_sign", {**private, "hash": hash, **message}, {"signature": result}))
        checks.append(Check("rsa_pkcs1v15_verify", {**public, "hash": hash, **message, "signature": result}))
    else:
        algorithm = "RSA PKCS #1 v1.5 encryption"
        checks.append(Check("rsa_pkcs1v15_encrypt", {**public, **message, **random}, {"ciphertext": result}))
        checks.append(Check("rsa_pkcs1v15_decrypt", {**private, "ciphertext": result}, message))
    # The files write EM as a number, so without the zero byte that OAEP's begins with.
    steps = tuple((step, b"\0" + value if step == "EM" and scheme == "oaep" else value) for step, value in state.steps)
    return Case(name, state.example or "the example without a number", algorithm, tuple(checks), steps=steps)
