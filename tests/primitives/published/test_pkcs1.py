"""RSA Laboratories' oaep-int.txt and pss-int.txt: every intermediate value that these files print, read from them."""

from __future__ import annotations

import re
import tarfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from primitives.integers import os2ip
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.pss import pss_sign, pss_verify
from primitives.rsa import RSADP, RSAPrivateKey
from primitives.sha1 import sha1
from tests.primitives.support.published_steps import named, own, recorded

ARCHIVE = Path(__file__).parents[3] / "vectors" / "data" / "rsa-labs.tar.xz"


@cache
def printed(name: str) -> dict[str, bytes]:
    """The values of a file by the comments above them."""
    with tarfile.open(ARCHIVE) as archive:
        file = archive.extractfile(f"pkcs-1v2-1d2-vec/{name}")
        assert file is not None
        text = file.read().decode("ascii", "replace").replace("\r", "")
    values: dict[str, bytes] = {}
    for comment, digits in re.findall(r"^# ([^\n]*):[ \t]*\n((?:[0-9a-f]{2}[ \t\n]+)+)", text, re.MULTILINE):
        values.setdefault(" ".join(comment.split()), bytes.fromhex(digits))
    return values


def key(values: dict[str, bytes]) -> RSAPrivateKey:
    numbers = {name: os2ip(value) for name, value in values.items()}
    exponent = numbers.get("Private exponent", numbers.get("Exponent", 0))
    return RSAPrivateKey(
        numbers["Modulus"],
        numbers["Public exponent"],
        exponent,
        numbers["Prime 1"],
        numbers["Prime 2"],
        numbers["Prime exponent 1"],
        numbers["Prime exponent 2"],
        numbers["Coefficient"],
    )


def test_oaep() -> None:
    values = printed("oaep-int.txt")
    private, message = key(values), values["Message to be encrypted"]
    seed, ciphertext = values["seed"], values["Ciphertext, the RSA encryption of EM"]
    EM = b"\0" + values["EM = maskedSeed || maskedDB"]  # PKCS #1 v2.1 counts the leading zero, v2.0 did not
    published = {
        "lHash": values["pHash = Hash(encoding parameters)"],
        "DB": values["DB = pHash || Padding || M"],
        "dbMask": values["dbMask = MGF(seed, length(DB))"],
        "maskedDB": values["maskedDB = DB xor dbMask"],
        "seedMask": values["seedMask = MGF(maskedDB, length(seed))"],
        "maskedSeed": values["maskedSeed = seed xor seedMask"],
        "seed": seed,
        "EM": EM,
    }
    steps = own(lambda: oaep_encrypt(private.public_key, message, hash=sha1, random_bytes=lambda length: seed))
    for name, value in {**published, "C": ciphertext}.items():
        assert named(steps, name) == [value], name
    steps = own(lambda: oaep_decrypt(private, ciphertext, hash=sha1))
    for name, value in {**published, "M": message}.items():
        assert named(steps, name) == [value], name


def test_the_chinese_remainders() -> None:
    """The file computes without blinding; with 1 for the random number, so do we."""
    values = printed("oaep-int.txt")
    private = replace(key(values), random_bytes=lambda length: (1).to_bytes(length, "big"))
    steps = recorded(lambda: RSADP(private, os2ip(values["c, the ciphertext"])))
    for name, comment in (
        ("m_1", "m1 = c^dP mod p = (c mod p)^dP mod p"),
        ("m_2", "m2 = = c^dQ mod q = (c mod q)^dQ mod q"),
        ("h", "h = (m1-m2)*qInv mod p"),
    ):
        assert named(steps, name) == [os2ip(values[comment])], name
    m = os2ip(values["m = m2 + q*h (= EM)"])
    assert named(steps, "m") == [m, m]  # before and after the blinding is taken off
    assert m == os2ip(values["EM = maskedSeed || maskedDB"])


def test_pss() -> None:
    values = printed("pss-int.txt")
    private, message, salt = key(values), values["Message to be signed"], values["salt"]
    signature = values["Signature, the RSA decryption of EM"]
    published = {
        "mHash": values["Message hash"],
        "M′": values["inBlock = 00 00 00 00 00 00 00 00 || messageHash || salt"],
        "H": values["hash = Hash(inBlock)"],
        "DB": values["DB = 00...00 01 || salt"],
        "dbMask": values["dbMask = MGF(hash, outputLen - digestLen - 1)"],
        "maskedDB": values["maskedDB = dbMask xor DB"],
        "EM": values["EM = maskedDB || hash || bc"],
        "salt": salt,
    }
    steps = own(lambda: pss_sign(private, message, hash=sha1, random_bytes=lambda length: salt))
    assert named(steps, "EMSA-PSS-ENCODE") == [published["EM"]]
    steps += next(step.steps for step in steps if step.name == "EMSA-PSS-ENCODE")
    for name, value in {**published, "S": signature}.items():
        assert named(steps, name) == [value], name
    steps = own(lambda: pss_verify(private.public_key, message, signature, hash=sha1))
    steps += next(step.steps for step in steps if step.name == "EMSA-PSS-VERIFY")
    for name, value in {**published, "H′": published["H"]}.items():
        assert named(steps, name) == [value], name
