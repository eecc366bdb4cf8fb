"""Reads NIST's ACVP test files: `prompt.json` holds the questions, `expectedResults.json` the answers.

Standard     NIST: the Automated Cryptographic Validation Protocol; draft-celi-acvp-sha, -mac, -symmetric, -rsa,
             -xof, -ecdsa, -kdf-tls, -pbkdf, -ml-kem, -ml-dsa, -slh-dsa.
Left out     Large data tests (LDT: messages of gigabytes), bit-oriented messages, the counter tests of AES-CTR, and
             what the project has no algorithm for; such cases are skipped with that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import CURVES, hash_name

Json: TypeAlias = dict[str, Any]

_TOP = {"vsId", "algorithm", "mode", "revision", "isSample", "testGroups"}
_LENGTHS = {"P-224": 28, "P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32}
MCT_EFFORT = 20  # a hundred thousand operations in a row


class _Skip(Exception):
    """The case cannot be run here; the message says why."""


@dataclass(frozen=True, slots=True)
class _Test:
    """A question with its group and its answer."""

    algorithm: str
    group: Json
    test: Json
    answer: Json

    def octets(self, name: str) -> bytes:
        """Return the field's hexadecimal digits as bytes."""
        return _octets(self.field(name))

    def number(self, name: str) -> int:
        """Return the field as a number."""
        value = self.field(name)
        if not isinstance(value, int):
            raise ValueError(f"{name} is {value!r}, expected a number")
        return value

    def field(self, name: str) -> Any:  # whatever JSON holds
        """Return a field of the test, or of its group, where files differ in which of them has it."""
        if name in self.test:
            return self.test[name]
        if name in self.group:
            return self.group[name]
        raise ValueError(f"the field {name!r} is missing")

    def expected(self, name: str) -> bytes:
        """Return a field of the answer as bytes."""
        if name not in self.answer:
            raise ValueError(f"the expected result lacks the field {name!r}")
        return _octets(self.answer[name])

    def passed(self) -> bool:
        """Return whether a verification is expected to accept."""
        passed = self.answer.get("testPassed")
        if not isinstance(passed, bool):
            raise ValueError(f"testPassed is {passed!r}, expected true or false")
        return passed


def _octets(digits: object) -> bytes:
    if not isinstance(digits, str):
        raise ValueError(f"{digits!r} is not hexadecimal")
    return bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)


def document(value: object) -> Json | None:
    """Return the vector set that the JSON value is, alone or behind its version; None if it is not one."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict) and "testGroups" in item), None)
    if isinstance(value, dict) and "testGroups" in value and "algorithm" in value and "numberOfTests" not in value:
        return value
    return None


_ROLES = {  # the fields of questions and of answers, where those of other algorithms do not tell
    "KMAC-128": ({"msg"}, {"testPassed"}),
    "KMAC-256": ({"msg"}, {"testPassed"}),
    "CMAC-AES": ({"message"}, {"testPassed"}),
    "CMAC-TDES": ({"message"}, {"testPassed"}),
    "EDDSA keyGen": ({"curve"}, {"d"}),
    "EDDSA keyVer": ({"curve"}, {"testPassed"}),
    "EDDSA sigGen": ({"message"}, {"signature"}),
    "EDDSA sigVer": ({"message"}, {"testPassed"}),
    "XECDH keyGen": ({"curve"}, {"privateKey"}),
    "XECDH keyVer": ({"curve"}, {"testPassed"}),
    "XECDH SSC": ({"curve"}, {"z", "testPassed"}),
    "ECDSA keyGen": ({"curve"}, {"d"}),
    "ECDSA keyVer": ({"qx"}, {"testPassed"}),
    "ECDSA sigGen": ({"message"}, {"r"}),
    "DetECDSA sigGen": ({"message"}, {"r"}),
    "ML-KEM keyGen": ({"d"}, {"ek"}),
    "ML-KEM encapDecap": ({"ek", "dk"}, {"k", "testPassed"}),
    "ML-DSA keyGen": ({"seed"}, {"pk"}),
    "ML-DSA sigGen": ({"message", "mu"}, {"signature"}),
    "ML-DSA sigVer": ({"message", "mu"}, {"testPassed"}),
    "SLH-DSA keyGen": ({"skSeed"}, {"pk"}),
    "SLH-DSA sigGen": ({"message"}, {"signature"}),
    "SLH-DSA sigVer": ({"message"}, {"testPassed"}),
}
_QUESTIONS = {"msg", "largeMsg", "key", "message", "password", "preMasterSecret"}
_ANSWERS = {"md", "mac", "resultsArray", "testPassed", "masterSecret", "derivedKey"}


def role(found: Json) -> str:
    """Return what a vector set is: a `prompt`, its `expectedResults`, or both in one, `internalProjection`."""
    questions, answers = _ROLES.get(_algorithm(found), (_QUESTIONS, _ANSWERS))
    fields = [set(test) | set(group) & {"curve"} for group in found["testGroups"] for test in group["tests"]]
    if not any(questions & test for test in fields):
        return "expectedResults"
    both = any(questions & test and (answers & test or {"pt", "ct"} <= test) for test in fields)
    return "internalProjection" if both else "prompt"


def _algorithm(found: Json) -> str:
    """Return the algorithm of a vector set, and its mode if it has one."""
    return " ".join(str(found[part]) for part in ("algorithm", "mode") if found.get(part))


def same_set(prompt: Json, results: Json) -> bool:
    """Return whether the two belong together: the same set, algorithm and groups."""
    same = all(prompt.get(name) == results.get(name) for name in ("vsId", "algorithm", "mode", "revision"))
    return same and {g.get("tgId") for g in prompt["testGroups"]} == {g.get("tgId") for g in results["testGroups"]}


def cases(name: str, prompt: Json, results: Json) -> Iterator[Case]:
    """Return the cases of a prompt with its expected results.

    Raises `VectorFileError`, also when one of them has a group or test that the other lacks.
    """
    for which in (prompt, results):
        _known("the vector set", which, _TOP)
    algorithm = _algorithm(prompt)
    reader = _reader(algorithm)
    common = set(reader.answer.split()) if reader is not None else set()  # what a whole group of answers may share
    answers = {
        (g["tgId"], test["tcId"]): {name: g[name] for name in common & set(g)} | test
        for g in results["testGroups"]
        for test in g["tests"]
    }
    questions = {(g["tgId"], test["tcId"]) for g in prompt["testGroups"] for test in g["tests"]}
    if questions != set(answers):
        group, test = sorted(questions ^ set(answers))[0]
        where = "prompt" if (group, test) in questions else "expected results"
        raise VectorFileError(
            f"{len(questions)} tests asked, {len(answers)} answered: tgId {group} tcId {test} is only in the {where}"
        )
    for group in prompt["testGroups"]:
        if reader is not None:
            _known(f"tgId {group['tgId']}", group, _GROUP | set(reader.group.split()))
        for test in group["tests"]:
            yield _case(name, algorithm, reader, _Test(algorithm, group, test, answers[group["tgId"], test["tcId"]]))


def _known(what: str, value: Json, known: set[str]) -> None:
    if unknown := set(value) - known:
        raise VectorFileError(f"unknown field {sorted(unknown)[0]!r} in {what}")


_GROUP = {"tgId", "testType", "tests", "internalTestType", "function", "digestSize"}


@dataclass(frozen=True, slots=True)
class _Reader:
    """How an algorithm's tests are read: the fields of groups, of tests and of answers, and what makes the checks."""

    group: str
    test: str
    answer: str
    checks: Callable[[_Test], tuple[Check, ...]]


def _case(name: str, algorithm: str, reader: _Reader | None, test: _Test) -> Case:
    identity = f"tgId {test.group['tgId']} tcId {test.test['tcId']}"
    if reader is None:
        return Case(name, identity, algorithm, skip=f"no algorithm here for ACVP's {algorithm}")
    _known(identity, test.test, {"tcId", "deferred", *reader.test.split()})
    _known(f"the expected result of {identity}", test.answer, {"tcId", *reader.answer.split()})
    try:
        checks = reader.checks(test)
    except _Skip as reason:
        return Case(name, identity, algorithm, skip=str(reason))
    except (ValueError, KeyError, TypeError) as error:
        raise VectorFileError(f"{identity}: {error}") from None
    effort = MCT_EFFORT if test.group.get("testType") == "MCT" else 1
    if checks[0].operation.startswith("slh_dsa_") and str(checks[0].inputs["parameters"]).endswith("s"):
        effort = 3  # hundreds of thousands of hash values for each layer
    if checks[0].operation == "pbkdf2":
        effort += test.number("iterationCount") * (1 + test.number("keyLen") // 160) // 50_000
    return Case(name, identity, algorithm, checks, effort=effort)


def _whole_bytes(bits: int) -> int:
    if bits % 8:
        raise _Skip(f"a length of {bits} bits; only whole bytes are implemented")
    return bits // 8


def _hash(test: _Test) -> tuple[Check, ...]:
    name, kind = hash_name(test.algorithm), test.group["testType"]
    if kind == "LDT":
        raise _Skip("a large data test")
    message = test.octets("msg")[: _whole_bytes(test.number("len"))]
    if kind == "AFT":
        return (Check("hash", {"hash": name, "message": message}, {"digest": test.expected("md")}),)
    if kind != "MCT":
        raise ValueError(f"unknown testType {kind!r}")
    version = test.group.get("mctVersion", "standard")
    if version not in ("standard", "alternate"):
        raise ValueError(f"unknown mctVersion {version!r}")
    inputs: dict[str, Value] = {"hash": name, "seed": message, "version": version}
    expected: dict[str, Value] = {
        f"md {i}": _octets(result["md"]) for i, result in enumerate(test.answer["resultsArray"])
    }
    return (Check("acvp_sha_monte_carlo", {**inputs, "results": len(expected)}, expected),)


def _hmac(test: _Test) -> tuple[Check, ...]:
    length = _whole_bytes(test.number("macLen"))
    if "keyLen" in test.group or "keyLen" in test.test:
        _whole_bytes(test.number("keyLen"))
    inputs: dict[str, Value] = {
        "hash": hash_name(test.algorithm.removeprefix("HMAC-")),
        "key": test.octets("key"),
        "message": test.octets("msg"),
        "length": length,
    }
    return (Check("hmac", inputs, {"tag": test.expected("mac")[:length]}),)


def _cipher(test: _Test) -> tuple[Check, ...]:
    mode, kind, direction = test.algorithm.removeprefix("ACVP-AES-"), test.group["testType"], test.group["direction"]
    if direction not in ("encrypt", "decrypt"):
        raise ValueError(f"unknown direction {direction!r}")
    source, target = ("pt", "ct") if direction == "encrypt" else ("ct", "pt")
    if kind == "CTR":
        raise _Skip("a counter test: the implementation under test picks the counters")
    if mode == "CTR":
        _whole_bytes(test.number("payloadLen"))
    inputs: dict[str, Value] = {"cipher": "AES", "mode": mode, "key": test.octets("key"), "data": test.octets(source)}
    if mode != "ECB":
        inputs["iv"] = test.octets("iv")
    if kind == "AFT":
        return (Check(direction, inputs, {"data": test.expected(target)}),)
    if kind != "MCT":
        raise ValueError(f"unknown testType {kind!r}")
    expected: dict[str, Value] = {}
    for i, result in enumerate(test.answer["resultsArray"]):
        _known(f"entry {i} of the resultsArray", result, {"key", "iv", "pt", "ct"})
        names = {"key": "key", "iv": "iv", source: "input", target: "output"}
        expected |= {f"{ours} {i}": _octets(result[theirs]) for theirs, ours in names.items() if theirs in result}
    results = len(test.answer["resultsArray"])
    return (Check("acvp_aes_monte_carlo", {**inputs, "direction": direction, "results": results}, expected),)


def _gcm(test: _Test) -> tuple[Check, ...]:
    tag_length = _whole_bytes(test.number("tagLen"))
    for length in ("payloadLen", "ptLen", "aadLen", "ivLen"):
        if length in test.group:
            _whole_bytes(test.number(length))
    nonce = test.octets("iv") if "iv" in test.test else test.expected("iv")  # chosen by the implementation under test
    inputs: dict[str, Value] = {"aead": "AES-GCM", "key": test.octets("key"), "nonce": nonce, "aad": test.octets("aad")}
    if test.group["direction"] == "encrypt":
        inputs |= {"plaintext": test.octets("pt"), "tag_length": tag_length}
        return (Check("aead_encrypt", inputs, {"ciphertext": test.expected("ct"), "tag": test.expected("tag")}),)
    inputs |= {"ciphertext": test.octets("ct"), "tag": test.octets("tag")}
    if "pt" not in test.answer:
        return (Check("aead_decrypt", inputs, accepted=test.passed()),)
    return (Check("aead_decrypt", inputs, {"plaintext": test.expected("pt")}),)


def _ccm(test: _Test) -> tuple[Check, ...]:
    for length in ("payloadLen", "aadLen", "ivLen"):
        _whole_bytes(test.number(length))
    tag_length = _whole_bytes(test.number("tagLen"))
    inputs: dict[str, Value] = {"aead": "AES-CCM", "key": test.octets("key"), "aad": test.octets("aad")}
    inputs["nonce"] = test.octets("iv") if "iv" in test.test else test.expected("iv")
    sealed = test.expected("ct") if test.group["direction"] == "encrypt" else test.octets("ct")
    both: dict[str, Value] = {"ciphertext": sealed[:-tag_length], "tag": sealed[-tag_length:]}
    if test.group["direction"] == "encrypt":
        return (Check("aead_encrypt", {**inputs, "plaintext": test.octets("pt"), "tag_length": tag_length}, both),)
    if "pt" not in test.answer:
        return (Check("aead_decrypt", inputs | both, accepted=test.passed()),)
    return (Check("aead_decrypt", inputs | both, {"plaintext": test.expected("pt")}),)


def _xof(test: _Test) -> tuple[Check, ...]:
    if test.group["testType"] not in ("AFT", "VOT"):
        raise _Skip("a Monte Carlo test, whose outputs are not whole bytes")
    message = test.octets("msg")[: _whole_bytes(test.number("len"))]
    lengths = [int(fields["outLen"]) for fields in (test.test, test.answer) if "outLen" in fields]
    bits = lengths[0] if lengths else 8 * len(test.expected("md"))
    inputs: dict[str, Value] = {"message": message, "length": _whole_bytes(bits)}
    output: dict[str, Value] = {"output": test.expected("md")}
    if test.algorithm.startswith("SHAKE"):
        return (Check("xof", {"hash": hash_name(test.algorithm), **inputs}, output),)
    inputs |= {"function": test.algorithm.replace("-", ""), "customization": _customization(test)}
    inputs["function_name"] = str(test.field("functionName")).encode()
    return (Check("cshake", inputs, output),)


def _customization(test: _Test) -> bytes:
    """Return the customization, which is given as a text or in hexadecimal."""
    if test.group.get("hexCustomization"):
        return test.octets("customizationHex")
    return str(test.field("customization")).encode()


def _kmac(test: _Test) -> tuple[Check, ...]:
    for length in ("keyLen", "msgLen"):
        _whole_bytes(test.number(length))
    name = test.algorithm.replace("-", "XOF" if test.field("xof") else "")
    inputs: dict[str, Value] = {"function": name, "key": test.octets("key"), "message": test.octets("msg")}
    inputs |= {"length": _whole_bytes(test.number("macLen")), "customization": _customization(test)}
    match test.group["testType"]:
        case "AFT":
            return (Check("kmac", inputs, {"tag": test.expected("mac")}),)
        case "MVT":
            return (Check("kmac_verify", {**inputs, "tag": test.octets("mac")}, accepted=test.passed()),)
        case kind:
            raise ValueError(f"unknown testType {kind!r}")


def _cmac(test: _Test) -> tuple[Check, ...]:
    cipher = {"CMAC-AES": "AES", "CMAC-TDES": "TDES"}[test.algorithm]
    key = test.octets("key") if cipher == "AES" else b"".join(test.octets(f"key{i}") for i in (1, 2, 3))
    _whole_bytes(test.number("msgLen"))
    length = _whole_bytes(test.number("macLen"))
    inputs: dict[str, Value] = {"cipher": cipher, "key": key, "message": test.octets("message"), "length": length}
    match test.group["direction"]:
        case "gen":
            return (Check("cmac", inputs, {"tag": test.expected("mac")}),)
        case "ver":
            return (Check("cmac_verify", {**inputs, "tag": test.octets("mac")}, accepted=test.passed()),)
        case direction:
            raise ValueError(f"unknown direction {direction!r}")


def _key_wrap(test: _Test) -> tuple[Check, ...]:
    if test.group["kwCipher"] != "cipher":
        raise _Skip("a wrap under the inverse cipher is not implemented")
    _whole_bytes(test.number("payloadLen"))
    padded = "_padded" if test.algorithm.endswith("P") else ""
    if test.group["direction"] == "encrypt":
        inputs: dict[str, Value] = {"kek": test.octets("key"), "key": test.octets("pt")}
        return (Check(f"key_wrap{padded}", inputs, {"wrapped": test.expected("ct")}),)
    inputs = {"kek": test.octets("key"), "wrapped": test.octets("ct")}
    if "pt" not in test.answer:
        return (Check(f"key_unwrap{padded}", inputs, accepted=test.passed()),)
    return (Check(f"key_unwrap{padded}", inputs, {"key": test.expected("pt")}),)


def _no_conformance(test: _Test) -> None:
    if test.group.get("conformance") or test.test.get("randomValue"):
        raise _Skip("messages randomized by SP 800-106 are not implemented")


def _rsa(test: _Test) -> tuple[Check, ...]:
    _no_conformance(test)
    scheme = {"pkcs1v1.5": "pkcs1v15", "pss": "pss"}.get(test.group["sigType"])
    if scheme is None:
        raise _Skip(f"signatures of type {test.group['sigType']} are not implemented")
    hash = hash_name(test.group["hashAlg"])
    inputs: dict[str, Value] = {"hash": hash, "n": test.octets("n"), "e": test.octets("e")}
    inputs |= {"message": test.octets("message"), "signature": test.octets("signature")}
    if scheme == "pss":
        if test.group.get("maskFunction", "mgf1") != "mgf1":
            raise _Skip(f"the mask function {test.group['maskFunction']} is not implemented")
        inputs |= {"mgf_hash": hash, "salt_length": test.number("saltLen")}
    return (Check(f"rsa_{scheme}_verify", inputs, accepted=test.passed()),)


def _ecdsa(test: _Test) -> tuple[Check, ...]:
    _no_conformance(test)
    curve = _curve(test)
    if test.group.get("componentTest"):
        raise _Skip("a component test: the message is a digest already")
    inputs: dict[str, Value] = {"curve": curve, "hash": hash_name(test.group["hashAlg"])}
    inputs |= {"public": _point(test, curve), "message": test.octets("message")}
    inputs["signature"] = _coordinate(test, curve, "r") + _coordinate(test, curve, "s")
    accepted = test.passed() if test.algorithm.endswith("sigVer") else True  # sigGen: whose private key is not told
    return (Check("ecdsa_p1363_verify", inputs, accepted=accepted),)


def _curve(test: _Test) -> str:
    curve = str(test.field("curve"))
    if curve not in CURVES:
        raise _Skip(f"the curve {curve} is not implemented")
    return curve


def _coordinate(test: _Test, curve: str, name: str) -> bytes:
    """Return the number, of the question or the answer, in as many bytes as those of the curve have, or in more."""
    octets = test.expected(name) if name in test.answer else test.octets(name)
    return octets.lstrip(b"\0").rjust(_LENGTHS[curve], b"\0")


def _point(test: _Test, curve: str) -> bytes:
    return b"\x04" + _coordinate(test, curve, "qx") + _coordinate(test, curve, "qy")


def _ec_keygen(test: _Test) -> tuple[Check, ...]:
    curve = _curve(test)
    inputs: dict[str, Value] = {"curve": curve, "private": test.expected("d")}
    return (Check("ec_public_key", inputs, {"public": _point(test, curve)}),)


def _ec_keyver(test: _Test) -> tuple[Check, ...]:
    curve = _curve(test)
    return (Check("ec_validate", {"curve": curve, "public": _point(test, curve)}, accepted=test.passed()),)


_EDWARDS = {"ED-25519": "ed25519", "ED-448": "ed448"}
_MONTGOMERY = {"Curve25519": ("x25519", 32), "Curve448": ("x448", 56)}  # with the length of a private key


def _edwards(test: _Test) -> str:
    curve = str(test.field("curve"))
    if curve not in _EDWARDS:
        raise ValueError(f"unknown curve {curve!r}")
    return _EDWARDS[curve]


def _montgomery(test: _Test) -> tuple[str, int]:
    curve = str(test.field("curve"))
    if curve not in _MONTGOMERY:
        raise ValueError(f"unknown curve {curve!r}")
    return _MONTGOMERY[curve]


def _eddsa_keygen(test: _Test) -> tuple[Check, ...]:
    return (Check(f"{_edwards(test)}_public_key", {"private": test.expected("d")}, {"public": test.expected("q")}),)


def _eddsa_keyver(test: _Test) -> tuple[Check, ...]:
    return (Check(f"{_edwards(test)}_validate", {"public": test.octets("q")}, accepted=test.passed()),)


def _eddsa(test: _Test) -> tuple[Check, ...]:
    """A verification; sigGen does not tell the private key."""
    curve, prehash = _edwards(test), bool(test.field("preHash"))
    signing = test.algorithm.endswith("sigGen")
    inputs: dict[str, Value] = {"message": test.octets("message")}
    inputs["public"] = test.expected("q") if signing else test.octets("q")
    inputs["signature"] = test.expected("signature") if signing else test.octets("signature")
    context = test.octets("context") if "context" in test.test else b""
    if curve == "ed448":
        inputs |= {"context": context, "prehash": int(prehash)}
    elif prehash or context:
        raise _Skip("Ed25519ph and Ed25519ctx are not implemented")
    return (Check(f"{curve}_verify", inputs, accepted=signing or test.passed()),)


def _xecdh_keygen(test: _Test) -> tuple[Check, ...]:
    operation, _ = _montgomery(test)
    return (Check(operation, {"private": test.expected("privateKey")}, {"shared": test.expected("publicKey")}),)


def _xecdh_keyver(test: _Test) -> tuple[Check, ...]:
    """A key is valid if something can be agreed with it: any private key serves."""
    operation, length = _montgomery(test)
    inputs: dict[str, Value] = {"private": bytes(range(length)), "public": test.octets("publicKey")}
    return (Check(operation, inputs, accepted=test.passed()),)


def _xecdh(test: _Test) -> tuple[Check, ...]:
    raise _Skip("an agreement of secrets, for which the private key is not told")


def _tls12(test: _Test) -> tuple[Check, ...]:
    if test.group.get("tlsVersion", "v1.2") != "v1.2":
        raise _Skip(f"the key derivation of TLS {test.group['tlsVersion']} is not implemented")
    hash, master = hash_name(test.group["hashAlg"]), test.expected("masterSecret")
    label, seed = b"extended master secret", b""
    if "sessionHash" in test.test:
        seed = test.octets("sessionHash")  # RFC 7627 §4
    else:
        label, seed = b"master secret", test.octets("clientHelloRandom") + test.octets("serverHelloRandom")
    first: dict[str, Value] = {"secret": test.octets("preMasterSecret"), "label": label, "seed": seed}
    second: dict[str, Value] = {"secret": master, "label": b"key expansion"}
    second["seed"] = test.octets("serverRandom") + test.octets("clientRandom")
    length = _whole_bytes(test.number("keyBlockLength"))
    return (
        Check("tls12_prf", {"hash": hash, **first, "length": 48}, {"output": master}),
        Check("tls12_prf", {"hash": hash, **second, "length": length}, {"output": test.expected("keyBlock")}),
    )


def _pbkdf2(test: _Test) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {
        "hash": hash_name(test.group["hmacAlg"]),
        "password": str(test.field("password")).encode(),
        "salt": test.octets("salt"),
        "iterations": test.number("iterationCount"),
        "length": _whole_bytes(test.number("keyLen")),
    }
    return (Check("pbkdf2", inputs, {"derived_key": test.expected("derivedKey")}),)


def _ml_kem_keygen(test: _Test) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {
        "parameters": str(test.field("parameterSet")),
        "seed": test.octets("d") + test.octets("z"),
    }
    return (Check("ml_kem_keygen", inputs, {"ek": test.expected("ek"), "dk": test.expected("dk")}),)


def _ml_kem(test: _Test) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": str(test.field("parameterSet"))}
    match test.field("function"):
        case "encapsulation":
            inputs |= {"ek": test.octets("ek"), "m": test.octets("m")}
            return (Check("ml_kem_encaps", inputs, {"c": test.expected("c"), "K": test.expected("k")}),)
        case "decapsulation":
            inputs |= {"dk": test.octets("dk"), "c": test.octets("c")}
            return (Check("ml_kem_decaps", inputs, {"K": test.expected("k")}),)
        case "encapsulationKeyCheck":
            return (Check("ml_kem_check_ek", inputs | {"ek": test.octets("ek")}, accepted=test.passed()),)
        case "decapsulationKeyCheck":
            return (Check("ml_kem_check_dk", inputs | {"dk": test.octets("dk")}, accepted=test.passed()),)
        case function:
            raise ValueError(f"unknown function {function!r}")


def _ml_dsa_keygen(test: _Test) -> tuple[Check, ...]:
    inputs: dict[str, Value] = {"parameters": str(test.field("parameterSet")), "seed": test.octets("seed")}
    return (Check("ml_dsa_keygen", inputs, {"pk": test.expected("pk"), "sk": test.expected("sk")}),)


def _ml_dsa_sign(test: _Test) -> tuple[Check, ...]:
    suffix, inputs = _ml_dsa_message(test)
    inputs["sk"] = test.octets("sk")
    inputs["rnd"] = bytes(32) if test.field("deterministic") else test.octets("rnd")
    return (Check(f"ml_dsa_sign{suffix}", inputs, {"signature": test.expected("signature")}),)


def _ml_dsa_verify(test: _Test) -> tuple[Check, ...]:
    suffix, inputs = _ml_dsa_message(test)
    inputs |= {"pk": test.octets("pk"), "signature": test.octets("signature")}
    return (Check(f"ml_dsa_verify{suffix}", inputs, accepted=test.passed()),)


def _ml_dsa_message(test: _Test) -> tuple[str, dict[str, Value]]:
    """Return the ending of the operation's name, and the inputs that tell the message."""
    inputs: dict[str, Value] = {"parameters": str(test.field("parameterSet"))}
    given = "mu" if test.group.get("externalMu") else "message"
    inputs[given] = test.octets(given)
    return _interface(test, test.field("signatureInterface"), inputs)


def _slh_dsa_keygen(test: _Test) -> tuple[Check, ...]:
    seed = test.octets("skSeed") + test.octets("skPrf") + test.octets("pkSeed")
    inputs: dict[str, Value] = {"parameters": str(test.field("parameterSet")), "seed": seed}
    return (Check("slh_dsa_keygen", inputs, {"pk": test.expected("pk"), "sk": test.expected("sk")}),)


def _slh_dsa_sign(test: _Test) -> tuple[Check, ...]:
    suffix, inputs = _slh_dsa_message(test)
    inputs["sk"] = test.octets("sk")
    if not test.field("deterministic"):
        inputs["addrnd"] = test.octets("additionalRandomness")
    return (Check(f"slh_dsa_sign{suffix}", inputs, {"signature": test.expected("signature")}),)


def _slh_dsa_verify(test: _Test) -> tuple[Check, ...]:
    suffix, inputs = _slh_dsa_message(test)
    inputs |= {"pk": test.octets("pk"), "signature": test.octets("signature")}
    return (Check(f"slh_dsa_verify{suffix}", inputs, accepted=test.passed()),)


def _slh_dsa_message(test: _Test) -> tuple[str, dict[str, Value]]:
    """Return the ending of the operation's name, and the inputs that tell the message."""
    inputs: dict[str, Value] = {"parameters": str(test.field("parameterSet")), "message": test.octets("message")}
    interface = test.group.get("signatureInterface", "internal")  # the first edition's files know no other
    return _interface(test, interface, inputs)


def _interface(test: _Test, interface: object, inputs: dict[str, Value]) -> tuple[str, dict[str, Value]]:
    """Return the ending of the operation's name, and the inputs with those that the external interface has besides."""
    prehash = test.group.get("preHash", "pure")
    if interface == "internal":
        return "_internal", inputs
    if interface != "external" or prehash not in ("pure", "preHash"):
        raise ValueError(f"unknown signatureInterface {interface!r} or preHash {prehash!r}")
    inputs["context"] = test.octets("context")
    if prehash == "preHash":
        inputs["prehash"] = hash_name(str(test.field("hashAlg")))
    return "", inputs


_SHA = _Reader("mctVersion messageLength minOutLen maxOutLen", "msg len largeMsg", "md outLen resultsArray", _hash)
_HMAC = _Reader("msgLen keyLen macLen", "key keyLen msg msgLen macLen", "mac macLen", _hmac)
_AES = _Reader(
    "direction keyLen payloadLen incrementalCounter overflowCounter incremental overflow ivGen ivGenMode",
    "key iv pt ct payloadLen dataLen",
    "pt ct iv payloadLen resultsArray",
    _cipher,
)
_XOF = _Reader(
    "hexCustomization minOutLen maxOutLen outLenIncrement",
    "msg len outLen functionName customization customizationHex",
    "md outLen resultsArray",
    _xof,
)
_KMAC = _Reader(
    "xof hexCustomization",
    "key keyLen msg msgLen macLen customization customizationHex mac",
    "mac testPassed",
    _kmac,
)
_KEY_WRAP = _Reader("direction kwCipher keyLen payloadLen", "key pt ct", "pt ct testPassed", _key_wrap)
_ECDSA_SIGN = _Reader(
    "curve hashAlg conformance componentTest",
    "message randomValue randomValueLen",
    "qx qy r s randomValue randomValueLen",
    _ecdsa,
)
_READERS = {
    "ACVP-AES-GCM": _Reader(
        "direction keyLen ivLen ivGen ivGenMode payloadLen ptLen aadLen tagLen",
        "key iv aad pt ct tag payloadLen",
        "iv pt ct tag testPassed",
        _gcm,
    ),
    "ACVP-AES-CCM": _Reader(
        "direction keyLen ivLen payloadLen aadLen tagLen", "key iv aad pt ct", "iv pt ct testPassed", _ccm
    ),
    "KMAC-128": _KMAC,
    "KMAC-256": _KMAC,
    "CMAC-AES": _Reader("direction keyLen msgLen macLen", "key message mac", "mac testPassed", _cmac),
    "CMAC-TDES": _Reader(
        "direction keyLen keyingOption msgLen macLen", "key1 key2 key3 message mac", "mac testPassed", _cmac
    ),
    "ACVP-AES-KW": _KEY_WRAP,
    "ACVP-AES-KWP": _KEY_WRAP,
    "RSA sigVer": _Reader(
        "sigType modulo hashAlg saltLen maskFunction n e conformance pubExpMode fixedPubExp keyFormat",
        "message signature n e randomValue randomValueLen",
        "testPassed reason",
        _rsa,
    ),
    "ECDSA sigVer": _Reader(
        "curve hashAlg conformance componentTest",
        "message qx qy r s randomValue randomValueLen",
        "testPassed reason",
        _ecdsa,
    ),
    "ECDSA sigGen": _ECDSA_SIGN,
    "DetECDSA sigGen": _ECDSA_SIGN,
    "ECDSA keyGen": _Reader("curve secretGenerationMode", "", "d qx qy", _ec_keygen),
    "ECDSA keyVer": _Reader("curve", "qx qy", "testPassed reason", _ec_keyver),
    "EDDSA keyGen": _Reader("curve secretGenerationMode", "", "d q", _eddsa_keygen),
    "EDDSA keyVer": _Reader("curve", "q", "testPassed reason", _eddsa_keyver),
    "EDDSA sigGen": _Reader("curve preHash", "message context contextLength", "q signature", _eddsa),
    "EDDSA sigVer": _Reader("curve preHash", "message q signature context contextLength", "testPassed reason", _eddsa),
    "XECDH keyGen": _Reader("curve", "", "privateKey publicKey", _xecdh_keygen),
    "XECDH keyVer": _Reader("curve", "publicKey", "testPassed reason", _xecdh_keyver),
    "XECDH SSC": _Reader(
        "curve", "publicServer privateServer privateIut publicIut z", "publicIut z testPassed reason", _xecdh
    ),
    "TLS-v1.2 KDF": _Reader(
        "hashAlg preMasterSecretLength keyBlockLength",
        "preMasterSecret sessionHash clientRandom serverRandom clientHelloRandom serverHelloRandom",
        "masterSecret keyBlock",
        _tls12,
    ),
    "kdf-components tls": _Reader(
        "tlsVersion hashAlg preMasterSecretLength keyBlockLength",
        "preMasterSecret clientHelloRandom serverHelloRandom clientRandom serverRandom",
        "masterSecret keyBlock",
        _tls12,
    ),
    "ML-KEM keyGen": _Reader("parameterSet", "d z", "ek dk", _ml_kem_keygen),
    "ML-KEM encapDecap": _Reader("parameterSet dk ek", "ek dk m c", "c k testPassed reason", _ml_kem),
    "ML-DSA keyGen": _Reader("parameterSet", "seed", "pk sk", _ml_dsa_keygen),
    "ML-DSA sigGen": _Reader(
        "parameterSet deterministic signatureInterface preHash externalMu cornerCase",
        "message mu rnd sk context hashAlg",
        "signature",
        _ml_dsa_sign,
    ),
    "ML-DSA sigVer": _Reader(
        "parameterSet signatureInterface preHash externalMu pk",
        "pk message mu context hashAlg signature",
        "testPassed reason",
        _ml_dsa_verify,
    ),
    "SLH-DSA keyGen": _Reader("parameterSet", "skSeed skPrf pkSeed", "pk sk", _slh_dsa_keygen),
    "SLH-DSA sigGen": _Reader(
        "parameterSet deterministic signatureInterface preHash",
        "message messageLength additionalRandomness sk pk context hashAlg",
        "signature",
        _slh_dsa_sign,
    ),
    "SLH-DSA sigVer": _Reader(
        "parameterSet signatureInterface preHash",
        "pk sk message messageLength additionalRandomness context hashAlg signature",
        "testPassed reason",
        _slh_dsa_verify,
    ),
    "PBKDF": _Reader("hmacAlg", "password salt iterationCount keyLen", "derivedKey", _pbkdf2),
}
for _name in ("SHAKE-128", "SHAKE-256", "cSHAKE-128", "cSHAKE-256"):
    _READERS[_name] = _XOF
for _mode in ("ECB", "CBC", "CFB8", "CFB128", "CTR"):
    _READERS[f"ACVP-AES-{_mode}"] = _AES


def _reader(algorithm: str) -> _Reader | None:
    if algorithm in _READERS:
        return _READERS[algorithm]
    if algorithm.startswith("HMAC-SHA"):
        return _HMAC
    return _SHA if hash_name(algorithm).startswith(("SHA-", "SHA3-")) else None
