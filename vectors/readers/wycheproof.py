"""Reads the test files of Wycheproof.

Standard     The JSON schemas of C2SP/wycheproof, version 1.
Left out     Kinds of tests for which the project has no algorithm: each of their cases is skipped with that reason.

A case is `valid`, `invalid` or `acceptable`; what `acceptable` means here, `vectors.readers.policy` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from vectors.cases import Case, Check, Flag, Value, VectorFileError
from vectors.names import CURVES, curve_name, hash_name
from vectors.readers.policy import decide

Json: TypeAlias = dict[str, Any]

_TOP = ({"algorithm", "numberOfTests", "schema", "testGroups"}, {"generatorVersion", "header", "notes"})
_NOTE = {"description", "bugType", "effect", "links", "cves"}
_RESULTS = ("valid", "invalid", "acceptable")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One type of test group.

    group, test: the fields that a group and a test must have, besides those that all have; optional: those that
    a group may have; maybe: those that a test may have, `comment` and `flags` among them if it need not have these.
    convert: makes the checks of a test, for one that is accepted; rejected: for one that must be refused.
    """

    group: str
    optional: str
    test: str
    convert: Callable[[str, Json, Json], tuple[Check, ...]]
    rejected: Callable[[str, Json, Json], tuple[Check, ...]] | None = None
    maybe: str = ""


def recognise(document: object) -> bool:
    """Return whether the JSON document is a file of Wycheproof's."""
    return isinstance(document, dict) and "testGroups" in document and "numberOfTests" in document


def cases(name: str, document: Json) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`, also when it has another number of them than it declares."""
    _fields("the file", document, *_TOP)
    flags = _flags(document.get("notes", {}))
    found = 0
    for group in document["testGroups"]:
        group = {"type": _TYPES.get(document["schema"], ""), **group}
        kind = _KINDS.get(group["type"])
        if kind is not None:
            _fields("a test group", group, {"type", "source", "tests", *kind.group.split()}, set(kind.optional.split()))
        for test in group["tests"]:
            found += 1
            yield _case(name, document["algorithm"], kind, group, test, flags)
    if found != document["numberOfTests"]:
        raise VectorFileError(f"numberOfTests is {document['numberOfTests']}, but the file has {found} tests")


def _fields(what: str, value: Json, required: set[str], optional: set[str]) -> None:
    if unknown := set(value) - required - optional:
        raise VectorFileError(f"unknown field {sorted(unknown)[0]!r} in {what}")
    if missing := required - set(value):
        raise VectorFileError(f"{what} lacks the field {sorted(missing)[0]!r}")


def _flags(notes: Json) -> dict[str, Flag]:
    flags = {}
    for name, note in notes.items():
        _fields(f"the note {name}", note, {"bugType"}, _NOTE)
        flags[name] = Flag(name, note["bugType"], note.get("description", ""))
    return flags


def _case(name: str, algorithm: str, kind: _Kind | None, group: Json, test: Json, flags: Mapping[str, Flag]) -> Case:
    test = {"comment": "", "flags": [], **test} if kind and {"comment", "flags"} <= set(kind.maybe.split()) else test
    common = {"tcId", "comment", "result", "flags"}
    if kind is None:
        reason = f"no algorithm here for tests of type {group.get('type')!r}"
        return Case(name, f"tcId {test.get('tcId')}", algorithm, comment=test.get("comment", ""), skip=reason)
    identity = f"tcId {test.get('tcId')}"
    _fields(identity, test, common | set(kind.test.split()), set(kind.maybe.split()))
    if test["result"] not in _RESULTS:
        raise VectorFileError(f"{identity}: the result is {test['result']!r}, expected one of {', '.join(_RESULTS)}")
    labels = tuple(flags.get(flag) or Flag(flag) for flag in test["flags"])
    policy, valid, open = "", test["result"] == "valid", False
    if test["result"] == "acceptable":
        decision = decide(test["flags"])
        policy, valid, open = decision.text, decision.valid, decision.open
    try:
        checks = kind.convert(algorithm, group, test)
    except _NotHere as reason:
        return Case(name, identity, algorithm, comment=test["comment"], flags=labels, skip=str(reason))
    except (ValueError, TypeError) as error:
        raise VectorFileError(f"{identity}: {error}") from None
    if not valid:
        last = kind.rejected(algorithm, group, test) if kind.rejected else checks[-1:]
        checks = tuple(Check(check.operation, check.inputs, accepted=False) for check in last)
    return Case(
        name,
        identity,
        _label(algorithm, group),
        checks,
        comment=test["comment"],
        flags=labels,
        policy=policy,
        open=open,
        effort=_effort(test),
    )


class _NotHere(Exception):
    """The project has no such algorithm."""


def _label(algorithm: str, group: Json) -> str:
    key = group.get("publicKey")
    curve = group.get("curve") or (key.get("curve", "") if isinstance(key, dict) else "")
    return f"{algorithm} {curve_name(curve)}".strip()


def _effort(test: Json) -> int:
    """PBKDF2 takes its time on purpose."""
    return 1 + int(test.get("iterationCount", 0)) * (1 + int(test.get("dkLen", 0)) // 20) // 50_000


def _hex(test: Json, name: str) -> bytes:
    return bytes.fromhex(test[name])


def _number(digits: str) -> bytes:
    """A BigInt: hexadecimal, two's complement, most significant byte first."""
    return bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)


def _aead(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    names = {"AES-GCM": "AES-GCM", "AES-CCM": "AES-CCM", "CHACHA20-POLY1305": "ChaCha20-Poly1305"}
    name = names.get(algorithm)
    if name is None:
        raise _NotHere(f"{algorithm} is not implemented")
    inputs: dict[str, Value] = {
        "aead": name,
        "key": _hex(test, "key"),
        "nonce": _hex(test, "iv"),
        "aad": _hex(test, "aad"),
    }
    message, ciphertext, tag = _hex(test, "msg"), _hex(test, "ct"), _hex(test, "tag")
    sealing = {**inputs, "plaintext": message, "tag_length": group["tagSize"] // 8}
    return (
        Check("aead_encrypt", sealing, {"ciphertext": ciphertext, "tag": tag}),
        Check("aead_decrypt", {**inputs, "ciphertext": ciphertext, "tag": tag}, {"plaintext": message}),
    )


def _ind_cpa(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    if algorithm != "AES-CBC-PKCS5":
        raise _NotHere(f"{algorithm} is not implemented")
    inputs: dict[str, Value] = {"cipher": "AES", "mode": "CBC-PKCS7", "key": _hex(test, "key"), "iv": _hex(test, "iv")}
    message, ciphertext = _hex(test, "msg"), _hex(test, "ct")
    return (
        Check("encrypt", {**inputs, "data": message}, {"data": ciphertext}),
        Check("decrypt", {**inputs, "data": ciphertext}, {"data": message}),
    )


def _mac(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {
        "key": _hex(test, "key"),
        "message": _hex(test, "msg"),
        "length": group["tagSize"] // 8,
    }
    if algorithm == "AES-CMAC":
        operation, inputs["cipher"] = "cmac", "AES"
    elif algorithm in ("KMAC128", "KMAC256"):
        operation, inputs["function"], inputs["customization"] = "kmac", algorithm, b""
    elif algorithm.startswith("HMAC"):
        operation, inputs["hash"] = "hmac", hash_name(algorithm.removeprefix("HMAC"))
    else:
        raise _NotHere(f"{algorithm} is not implemented")
    tag = _hex(test, "tag")
    return Check(operation, inputs, {"tag": tag}), Check(f"{operation}_verify", {**inputs, "tag": tag})


def _keywrap(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    if algorithm not in ("AES-WRAP", "AES-KW", "AES-KWP"):
        raise _NotHere(f"{algorithm} is not implemented")
    kek, key, wrapped = _hex(test, "key"), _hex(test, "msg"), _hex(test, "ct")
    padded = "_padded" if algorithm == "AES-KWP" else ""
    return (
        Check(f"key_wrap{padded}", {"kek": kek, "key": key}, {"wrapped": wrapped}),
        Check(f"key_unwrap{padded}", {"kek": kek, "wrapped": wrapped}, {"key": key}),
    )


def _hkdf(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {
        "hash": hash_name(algorithm.removeprefix("HKDF-")),
        "ikm": _hex(test, "ikm"),
        "salt": _hex(test, "salt"),
        "info": _hex(test, "info"),
        "length": test["size"],
    }
    return (Check("hkdf", inputs, {"okm": _hex(test, "okm")}),)


def _pbkdf(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {
        "hash": hash_name(algorithm.removeprefix("PBKDF2-HMAC")),
        "password": _hex(test, "password"),
        "salt": _hex(test, "salt"),
        "iterations": test["iterationCount"],
        "length": test["dkLen"],
    }
    return (Check("pbkdf2", inputs, {"derived_key": _hex(test, "dk")}),)


def _primality(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    return (Check("is_prime", {"value": _number(test["value"])}),)


def _private_key(group: Json) -> dict[str, Value]:
    key = group["privateKey"]
    names = {
        "modulus": "n",
        "publicExponent": "e",
        "privateExponent": "d",
        "prime1": "p",
        "prime2": "q",
        "exponent1": "dP",
        "exponent2": "dQ",
        "coefficient": "qInv",
    }
    required = {"modulus", "publicExponent", "privateExponent"}
    _fields("a private key", key, required, set(names) | {"otherPrimeInfos"})
    inputs: dict[str, Value] = {ours: _number(key[theirs]) for theirs, ours in names.items() if theirs in key}
    for i, info in enumerate(key.get("otherPrimeInfos", ()), 3):
        inputs |= {f"{part}{i}": _number(digits) for part, digits in zip("rdt", info, strict=True)}
    return inputs


def _mgf1(group: Json) -> str:
    if group["mgf"] != "MGF1":
        raise _NotHere(f"the mask generation function {group['mgf']} is not implemented")
    return hash_name(group["mgfSha"])


def _oaep(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs = {
        **_private_key(group),
        "hash": hash_name(group["sha"]),
        "mgf_hash": _mgf1(group),
        "label": _hex(test, "label"),
        "ciphertext": _hex(test, "ct"),
    }
    return (Check("rsa_oaep_decrypt", inputs, {"message": _hex(test, "msg")}),)


def _pkcs1_decrypt(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs = {**_private_key(group), "ciphertext": _hex(test, "ct")}
    return (Check("rsa_pkcs1v15_decrypt", inputs, {"message": _hex(test, "msg")}),)


def _pkcs1_generate(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs = {**_private_key(group), "hash": hash_name(group["sha"]), "message": _hex(test, "msg")}
    return (Check("rsa_pkcs1v15_sign", inputs, {"signature": _hex(test, "sig")}),)


def _rsa_public(group: Json, test: Json) -> dict[str, Value]:
    key = group["publicKey"]
    _fields("a public key", key, {"modulus", "publicExponent"}, set())
    return {
        "n": _number(key["modulus"]),
        "e": _number(key["publicExponent"]),
        "hash": hash_name(group["sha"]),
        "message": _hex(test, "msg"),
        "signature": _hex(test, "sig"),
    }


def _pkcs1_verify(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    return (Check("rsa_pkcs1v15_verify", _rsa_public(group, test)),)


def _pss_verify(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs = {**_rsa_public(group, test), "mgf_hash": _mgf1(group), "salt_length": group["sLen"]}
    return (Check("rsa_pss_verify", inputs),)


def _curve(group: Json, name: str) -> str:
    curve = curve_name(name)
    if curve not in CURVES:
        raise _NotHere(f"the curve {name} is not implemented")
    return curve


def _ecdsa(operation: str) -> Callable[[str, Json, Json], tuple[Check, ...]]:
    def convert(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
        key = group["publicKey"]
        _fields("a public key", key, {"curve", "keySize", "type", "uncompressed", "wx", "wy"}, set())
        inputs: dict[str, Value] = {
            "curve": _curve(group, key["curve"]),
            "hash": hash_name(group["sha"]),
            "public": bytes.fromhex(key["uncompressed"]),
            "message": _hex(test, "msg"),
            "signature": _hex(test, "sig"),
        }
        return (Check(operation, inputs),)

    return convert


def _ecdh(public: str) -> Callable[[str, Json, Json], tuple[Check, ...]]:
    def convert(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
        inputs: dict[str, Value] = {
            "curve": _curve(group, group["curve"]),
            "private": _number(test["private"]),
            public: _hex(test, "public"),
        }
        return (Check("ecdh", inputs, {"shared": _hex(test, "shared")}),)

    return convert


_XDH = {"curve25519": "x25519", "x25519": "x25519", "curve448": "x448", "x448": "x448"}


def _xdh(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    operation = _XDH.get(group["curve"])
    if operation is None:
        raise _NotHere(f"the curve {group['curve']} is not implemented")
    inputs = {"private": _hex(test, "private"), "public": _hex(test, "public")}
    return (Check(operation, inputs, {"shared": _hex(test, "shared")}),)


def _eddsa(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    key = group["publicKey"]
    _fields("a public key", key, {"type", "curve", "keySize", "pk"}, set())
    inputs: dict[str, Value] = {"public": bytes.fromhex(key["pk"]), "message": _hex(test, "msg")}
    inputs["signature"] = _hex(test, "sig")
    if key["curve"] in ("edwards25519", "ed25519"):
        return (Check("ed25519_verify", inputs),)
    if key["curve"] in ("edwards448", "ed448"):
        return (Check("ed448_verify", {**inputs, "context": b"", "prehash": 0}),)
    raise _NotHere(f"the curve {key['curve']} is not implemented")


def _ml_kem(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": group["parameterSet"], "seed": _hex(test, "seed")}
    decaps = Check("ml_kem_decaps", {**inputs, "c": _hex(test, "c")}, {"K": _hex(test, "K")})
    return (Check("ml_kem_keygen", inputs, {"ek": _hex(test, "ek")}), decaps) if "ek" in test else (decaps,)


def _ml_kem_keygen(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": group["parameterSet"], "seed": _hex(test, "seed")}
    return (Check("ml_kem_keygen", inputs, {"ek": _hex(test, "ek"), "dk": _hex(test, "dk")}),)


def _ml_kem_encaps(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": group["parameterSet"], "ek": _hex(test, "ek"), "m": _hex(test, "m")}
    return (Check("ml_kem_encaps", inputs, {"c": _hex(test, "c"), "K": _hex(test, "K")}),)


def _ml_kem_decaps(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": group["parameterSet"], "dk": _hex(test, "dk"), "c": _hex(test, "c")}
    return (Check("ml_kem_decaps", inputs, {"K": _hex(test, "K")} if "K" in test else {}),)


def _ml_dsa_sign(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    key = "privateKey" if "privateKey" in group else "privateSeed"
    _fields("a test group", group, {key}, set(group))
    _fields("a test", test, {"mu"} if "mu" in test else {"msg"}, set(test))
    inputs: dict[str, Value] = {"parameters": algorithm, "rnd": bytes.fromhex(test.get("rnd", "00" * 32))}
    inputs["sk" if key == "privateKey" else "seed"] = _hex(group, key)
    checks = []
    if key == "privateSeed" and group["publicKey"] is not None:
        public: dict[str, Value] = {"pk": _hex(group, "publicKey")}
        checks.append(Check("ml_dsa_keygen", {"parameters": algorithm, "seed": _hex(group, key)}, public))
    signature: dict[str, Value] = {"signature": _hex(test, "sig")}
    if "mu" in test:
        checks.append(Check("ml_dsa_sign_internal", {**inputs, "mu": _hex(test, "mu")}, signature))
    if "msg" in test:
        inputs |= {"message": _hex(test, "msg"), "context": bytes.fromhex(test.get("ctx", ""))}
        checks.append(Check("ml_dsa_sign", inputs, signature))
    return tuple(checks)


def _ml_dsa_verify(algorithm: str, group: Json, test: Json) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": algorithm, "pk": _hex(group, "publicKey"), "message": _hex(test, "msg")}
    inputs |= {"context": bytes.fromhex(test.get("ctx", "")), "signature": _hex(test, "sig")}
    return (Check("ml_dsa_verify", inputs),)


_PRIVATE = "keySize privateKey privateKeyPem privateKeyPkcs8"
_RSA_PUBLIC = "publicKey publicKeyAsn publicKeyDer publicKeyPem keySize sha"
_PSS = f"{_RSA_PUBLIC} mgf mgfSha sLen"
_EC_PUBLIC = "publicKey publicKeyDer publicKeyPem"

_LABELS = "comment flags"
_TYPES = {"mlkem_encaps_test_schema.json": "MLKEMEncapsTest"}  # of groups that may leave out their type, by the schema

_KINDS = {
    "AeadTest": _Kind("ivSize keySize tagSize", "", "key iv aad msg ct tag", _aead),
    "IndCpaTest": _Kind("ivSize keySize", "", "key iv msg ct", _ind_cpa),
    "MacTest": _Kind("keySize tagSize", "", "key msg tag", _mac),
    "KeywrapTest": _Kind("keySize", "", "key msg ct", _keywrap),
    "HkdfTest": _Kind("keySize", "", "ikm salt info size okm", _hkdf),
    "PbkdfTest": _Kind("", "", "password salt iterationCount dkLen dk", _pbkdf),
    "PrimalityTest": _Kind("", "", "value", _primality),
    "RsaesOaepDecrypt": _Kind(f"{_PRIVATE} mgf mgfSha sha", "privateKeyJwk", "msg ct label", _oaep),
    "RsaesPkcs1Decrypt": _Kind(_PRIVATE, "privateKeyJwk", "msg ct", _pkcs1_decrypt),
    "RsassaPkcs1Generate": _Kind(
        f"{_PRIVATE} keyAsn keyDer keyPem sha", "keyJwk privateKeyJwk", "msg sig", _pkcs1_generate
    ),
    "RsassaPkcs1Verify": _Kind(_RSA_PUBLIC, "keyJwk", "msg sig", _pkcs1_verify),
    "RsassaPssVerify": _Kind(_PSS, "publicKeyJwk", "msg sig", _pss_verify),
    "RsassaPssWithParametersVerify": _Kind(_PSS, "", "msg sig", _pss_verify),
    "EcdsaVerify": _Kind(f"{_EC_PUBLIC} sha", "", "msg sig", _ecdsa("ecdsa_verify")),
    "EcdsaP1363Verify": _Kind(f"{_EC_PUBLIC} sha", "publicKeyJwk", "msg sig", _ecdsa("ecdsa_p1363_verify")),
    "EcdhTest": _Kind("curve encoding", "", "public private shared", _ecdh("spki")),
    "EcdhEcpointTest": _Kind("curve encoding", "", "public private shared", _ecdh("public")),
    "XdhComp": _Kind("curve", "", "public private shared", _xdh),
    "EddsaVerify": _Kind(_EC_PUBLIC, "publicKeyJwk", "msg sig", _eddsa),
    "MLKEMTest": _Kind("parameterSet", "", "seed c K", _ml_kem, maybe=f"{_LABELS} ek"),
    "MLKEMKeyGen": _Kind("parameterSet", "", "seed ek dk", _ml_kem_keygen, maybe=_LABELS),
    "MLKEMEncapsTest": _Kind("parameterSet", "", "ek m c K", _ml_kem_encaps, maybe=_LABELS),
    "MLKEMDecapsValidationTest": _Kind("parameterSet", "", "dk ek c", _ml_kem_decaps, maybe=f"{_LABELS} K"),
    "MlDsaSign": _Kind(
        "publicKey", "privateSeed privateKeyPkcs8 privateKey", "sig", _ml_dsa_sign, maybe="msg ctx rnd mu"
    ),
    "MlDsaVerify": _Kind("publicKey publicKeyDer", "", "msg sig", _ml_dsa_verify, maybe="ctx"),
}
