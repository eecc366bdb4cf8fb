"""Reads the vectors of RFCs that others have transcribed into the syntax of NIST's files, and Ed25519's own file.

Standard     The RFCs: 4226 (HOTP), 5869 (HKDF), 6070 (PBKDF2), 6238 (TOTP), 7539 (ChaCha20, Poly1305), 7748 (X25519,
             X448), 7914 (scrypt), 8032 (Ed448).

Which kind a file is, its field names tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import hash_name
from vectors.readers.rsp import Record, Rsp, only_headings, records

_Convert = Callable[[Rsp, Record], Case]
_PBKDF2_HASH = re.compile(r"PBKDF2 (SHA\d+)")
_SIGN_INPUT = re.compile(r"([0-9a-f]{128}):([0-9a-f]{64}):([0-9a-f]*):([0-9a-f]*):")


def recognise(rsp: Rsp) -> bool:
    """Return whether this reader reads the file."""
    return _kind(rsp) is not None


def cases(rsp: Rsp) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    kind = _kind(rsp)
    if kind is None:
        raise VectorFileError("not a file of any RFC's vectors")
    required, optional, convert = kind
    only_headings(rsp)
    for section in rsp.sections:
        for record in records(section, required=required, optional=optional):
            yield convert(rsp, record)


def _text(record: Record, name: str) -> bytes:
    """Return the field's text as bytes. RFC 6070 writes a zero byte as a backslash and a zero."""
    return record[name].replace("\\0", "\0").encode()


def _quoted_or_hex(record: Record, name: str) -> bytes:
    text = record[name]
    return text[1:-1].encode() if text.startswith('"') else record.octets(name)


def _hkdf(rsp: Rsp, record: Record) -> Case:
    hash = hash_name(record["Hash"])
    inputs: dict[str, Value] = {
        "hash": hash,
        "ikm": record.octets("IKM"),
        "salt": record.octets("salt"),
        "info": record.octets("info"),
        "length": record.number("L"),
    }
    steps = (("HKDF-Extract", record.octets("PRK")),) if "PRK" in record else ()
    check = Check("hkdf", inputs, {"okm": record.octets("OKM")})
    return Case(rsp.name, record.id, f"HKDF-{hash}", (check,), steps=steps)


def _pbkdf2(rsp: Rsp, record: Record) -> Case:
    match = _PBKDF2_HASH.search(rsp.comments)
    if match is None:
        raise VectorFileError("the comments of a PBKDF2 file name its hash, such as `PBKDF2 SHA1`; these do not")
    hash = hash_name(match[1])
    inputs: dict[str, Value] = {
        "hash": hash,
        "password": _text(record, "PASSWORD"),
        "salt": _text(record, "SALT"),
        "iterations": record.number("ITERATIONS"),
        "length": record.number("LENGTH"),
    }
    check = Check("pbkdf2", inputs, {"derived_key": record.octets("DERIVED_KEY")})
    return Case(rsp.name, record.id, f"PBKDF2-{hash}", (check,))


def _scrypt(rsp: Rsp, record: Record) -> Case:
    inputs: dict[str, Value] = {"password": _text(record, "PASSWORD"), "salt": _text(record, "SALT")}
    inputs |= {name: record.number(field) for name, field in (("n", "N"), ("r", "r"), ("p", "p"), ("length", "LENGTH"))}
    check = Check("scrypt", inputs, {"derived_key": record.octets("DERIVED_KEY")})
    return Case(rsp.name, record.id, "scrypt", (check,))


def _hotp(rsp: Rsp, record: Record) -> Case:
    inputs: dict[str, Value] = {
        "key": _text(record, "SECRET"),
        "counter": record.number("COUNTER"),
        "digits": len(record["HOTP"]),
    }
    steps = (("HS", record.octets("INTERMEDIATE")),)
    return Case(rsp.name, record.id, "HOTP", (Check("hotp", inputs, {"password": record["HOTP"]}),), steps=steps)


def _totp(rsp: Rsp, record: Record) -> Case:
    inputs: dict[str, Value] = {
        "hash": hash_name(record["MODE"]),
        "key": _text(record, "SECRET"),
        "time": record.number("TIME"),
        "digits": len(record["TOTP"]),
    }
    return Case(rsp.name, record.id, "TOTP", (Check("totp", inputs, {"password": record["TOTP"]}),))


def _chacha20(rsp: Rsp, record: Record) -> Case:
    inputs: dict[str, Value] = {
        "key": record.octets("KEY"),
        "nonce": record.octets("NONCE"),
        "counter": record.number("INITIAL_BLOCK_COUNTER"),
        "data": record.octets("PLAINTEXT"),
    }
    return Case(rsp.name, record.id, "ChaCha20", (Check("chacha20", inputs, {"data": record.octets("CIPHERTEXT")}),))


def _poly1305(rsp: Rsp, record: Record) -> Case:
    inputs = {"key": record.octets("KEY"), "message": record.octets("MSG")}
    return Case(rsp.name, record.id, "Poly1305", (Check("poly1305", inputs, {"tag": record.octets("TAG")}),))


def _boringssl(rsp: Rsp, record: Record) -> Case:
    return _chacha20_poly1305(
        rsp,
        record,
        ("KEY", "NONCE"),
        _quoted_or_hex(record, "AD"),
        _quoted_or_hex(record, "IN"),
        (_quoted_or_hex(record, "CT"), record.octets("TAG")),
    )


def _openssl(rsp: Rsp, record: Record) -> Case:
    ciphertext, tag = record.octets("Ciphertext"), record.octets("Tag")
    aad = record.octets("AAD")
    if "Result" not in record:
        return _chacha20_poly1305(rsp, record, ("Key", "IV"), aad, record.octets("Plaintext"), (ciphertext, tag))
    if record["Result"] != "CIPHERFINAL_ERROR":
        raise VectorFileError(f"line {record.line}: Result = {record['Result']!r}, expected CIPHERFINAL_ERROR")
    inputs = _aead(record, ("Key", "IV"), aad)
    check = Check("aead_decrypt", {**inputs, "ciphertext": ciphertext, "tag": tag}, accepted=False)
    return Case(rsp.name, record.id, "ChaCha20-Poly1305", (check,))


def _aead(record: Record, names: tuple[str, str], aad: bytes) -> dict[str, Value]:
    key, nonce = (record.octets(name) for name in names)
    return {"aead": "ChaCha20-Poly1305", "key": key, "nonce": nonce, "aad": aad}


def _chacha20_poly1305(
    rsp: Rsp, record: Record, names: tuple[str, str], aad: bytes, plaintext: bytes, sealed: tuple[bytes, bytes]
) -> Case:
    inputs, (ciphertext, tag) = _aead(record, names, aad), sealed
    checks = (
        Check(
            "aead_encrypt",
            {**inputs, "plaintext": plaintext, "tag_length": len(tag)},
            {"ciphertext": ciphertext, "tag": tag},
        ),
        Check("aead_decrypt", {**inputs, "ciphertext": ciphertext, "tag": tag}, {"plaintext": plaintext}),
    )
    return Case(rsp.name, record.id, "ChaCha20-Poly1305", checks)


def _x25519(rsp: Rsp, record: Record) -> Case:
    inputs = {"private": record.octets("INPUT_SCALAR"), "public": record.octets("INPUT_U")}
    name = "X448" if len(inputs["private"]) == 56 else "X25519"
    return Case(rsp.name, record.id, name, (Check(name.lower(), inputs, {"shared": record.octets("OUTPUT_U")}),))


def _ed448(rsp: Rsp, record: Record) -> Case:
    public, signature = record.octets("PUBLIC"), record.octets("SIGNATURE")
    common: dict[str, Value] = {"message": record.octets("MESSAGE"), "prehash": 0}
    common["context"] = record.octets("CONTEXT") if "CONTEXT" in record else b""
    checks = (
        Check("ed448_public_key", {"private": record.octets("SECRET")}, {"public": public}),
        Check("ed448_sign", {**common, "private": record.octets("SECRET")}, {"signature": signature}),
        Check("ed448_verify", {**common, "public": public, "signature": signature}),
    )
    return Case(rsp.name, record.id, "Ed448", checks)


def _oaep_label(rsp: Rsp, record: Record) -> Case:
    if record["RSAPadding"] != "OAEP":
        raise VectorFileError(f"line {record.line}: RSAPadding = {record['RSAPadding']!r}, expected OAEP")
    hash = hash_name(record["OAEPDigest"])
    inputs: dict[str, Value] = {
        "hash": hash,
        "mgf_hash": hash,
        "pkcs8": record.octets("KEY"),
        "label": record.octets("OAEPLabel"),
        "ciphertext": record.octets("Input"),
    }
    check = Check("rsa_oaep_decrypt", inputs, {"message": _quoted_or_hex(record, "Output")})
    return Case(rsp.name, record.id, "RSA-OAEP", (check,))


_KINDS: tuple[tuple[frozenset[str], frozenset[str], _Convert], ...] = tuple(
    (frozenset(required.split()), frozenset(optional.split()), convert)
    for required, optional, convert in (
        ("COUNT Hash IKM salt info L OKM", "PRK", _hkdf),
        ("COUNT PASSWORD SALT ITERATIONS LENGTH DERIVED_KEY", "", _pbkdf2),
        ("COUNT PASSWORD SALT N r p LENGTH DERIVED_KEY", "", _scrypt),
        ("COUNT COUNTER INTERMEDIATE TRUNCATED HOTP SECRET", "", _hotp),
        ("COUNT TIME TOTP MODE SECRET", "", _totp),
        ("COUNT KEY NONCE INITIAL_BLOCK_COUNTER PLAINTEXT CIPHERTEXT", "", _chacha20),
        ("COUNT KEY MSG TAG", "", _poly1305),
        ("COUNT KEY NONCE IN AD CT TAG", "", _boringssl),
        ("COUNT Key IV AAD Tag Plaintext Ciphertext", "Result", _openssl),
        ("COUNT INPUT_SCALAR INPUT_U OUTPUT_U", "", _x25519),
        ("COUNT SECRET PUBLIC MESSAGE SIGNATURE", "CONTEXT", _ed448),
        ("COUNT KEY RSAPadding OAEPDigest OAEPLabel Input Output", "", _oaep_label),
    )
)


def _kind(rsp: Rsp) -> tuple[frozenset[str], frozenset[str], _Convert] | None:
    names = {field.name for section in rsp.sections for field in section.fields}
    for required, optional, convert in _KINDS:
        if required <= names <= required | optional:
            return required, optional, convert
    return None


def recognise_ed25519(text: str) -> bool:
    """Return whether `text` is of the form of Ed25519's `sign.input`."""
    return _SIGN_INPUT.match(text) is not None


def ed25519_cases(name: str, text: str) -> Iterator[Case]:
    """Return the cases of `sign.input`: `secret ‖ public : public : message : signature ‖ message :` on each line."""
    for number, line in enumerate(text.splitlines(), 1):
        match = _SIGN_INPUT.fullmatch(line)
        if match is None:
            raise VectorFileError(f"line {number}: not `secret:public:message:signature:` in hexadecimal")
        secret, public, message, signed = (bytes.fromhex(part) for part in match.groups())
        if secret[32:] != public or signed[64:] != message:
            raise VectorFileError(f"line {number}: the public key or the message differs from its repetition")
        signature = signed[:64]
        checks = (
            Check("ed25519_sign", {"private": secret[:32], "message": message}, {"signature": signature}),
            Check("ed25519_verify", {"public": public, "message": message, "signature": signature}),
        )
        yield Case(name, f"line {number}", "Ed25519", checks)
