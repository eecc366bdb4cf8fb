"""SLH-DSA by two others: @noble/post-quantum, which Node runs, and slh-dsa. Makes the vectors of both, too.

    npm install --prefix .peers @noble/post-quantum@0.7.1
    python -m tests.primitives.peers.slh_dsa            # writes vectors/data/peers-slh-dsa.tar.xz

The project keeps no published signatures of SLH-DSA. So two implementations that share no code with it vouch for
these: @noble/post-quantum signs, and slh-dsa verifies. Seeds and messages are made of the sets' names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vectors.external import External
from vectors.extract import pack

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / ".peers"
PROGRAM = Path(__file__).with_name("noble_slh_dsa.mjs")
SETS = [
    f"SLH-DSA-{family}-{size}"
    for family in ("SHA2", "SHAKE")
    for size in ("128s", "128f", "192s", "192f", "256s", "256f")
]
Json = dict[str, Any]


def noble(node: str = "node") -> External:
    """@noble/post-quantum, behind the runner's protocol. node: the program."""
    return External(f"{node} {PROGRAM} {FOLDER}", timeout=120)


def slh_dsa_verifies(parameters: str, pk: bytes, formatted: bytes, signature: bytes) -> bool:
    """What slh-dsa says of a signature of a formatted message."""
    import slhdsa

    family, size = parameters.removeprefix("SLH-DSA-").lower().split("-")
    key = slhdsa.PublicKey.from_digest(pk, getattr(slhdsa, f"{family}_{size}"))
    return bool(key.verify(formatted, signature))


def of(name: str, length: int) -> bytes:
    """Bytes that belong to a name, the same each time."""
    return hashlib.shake_256(name.encode()).digest(length)


PURE: Json = {"signatureInterface": "external", "preHash": "pure", "deterministic": True}
HASHED = {**PURE, "preHash": "preHash"}
MODES: list[tuple[str, Json, Json]] = [
    ("SLH-DSA-SHA2-128s", PURE, {}),
    ("SLH-DSA-SHA2-128f", PURE, {}),
    ("SLH-DSA-SHA2-192s", PURE, {}),
    ("SLH-DSA-SHA2-192f", HASHED, {"hashAlg": "SHA2-512"}),
    ("SLH-DSA-SHA2-256s", PURE, {}),
    ("SLH-DSA-SHA2-256f", {"signatureInterface": "internal", "deterministic": True}, {}),
    ("SLH-DSA-SHAKE-128s", PURE, {}),
    ("SLH-DSA-SHAKE-128f", {**HASHED, "deterministic": False}, {"hashAlg": "SHAKE-128"}),
    ("SLH-DSA-SHAKE-192s", PURE, {}),
    ("SLH-DSA-SHAKE-256s", PURE, {}),
]
"""The set, the fields of the group and those of the test, of each signature. Two are missing, for their length."""
HASHES: dict[str, tuple[str, str, Callable[[bytes], bytes]]] = {
    "SHA2-512": ("SHA-512", "03", lambda message: hashlib.sha512(message).digest()),
    "SHAKE-128": ("SHAKE128", "0b", lambda message: hashlib.shake_128(message).digest(32)),
}
"""What the runner calls the hash functions of ACVP, the last byte of their identifiers, and what they are."""


def made() -> dict[str, bytes]:
    """The files: prompts and expected results in the form of NIST's ACVP."""
    peer = noble()
    signing: list[tuple[Json, Json, Json]] = []
    verifying: list[tuple[Json, list[tuple[Json, Json]]]] = []
    for parameters, group, extra in MODES:
        n = int(parameters[-4:-1]) // 8
        name = f"{parameters} {sorted(group.items())} {extra}"
        keys = peer.perform("slh_dsa_keygen", {"parameters": parameters, "seed": of(f"seed of {name}", 3 * n)})
        sk, pk = keys["sk"], keys["pk"]
        message, context, addrnd = of(f"message of {name}", 33), of(f"context of {name}", 9), of(f"addrnd of {name}", n)
        asked: Json = {"parameters": parameters, "sk": sk, "message": message}
        question: Json = {"message": message.hex(), **extra}
        formatted, suffix = message, "_internal"
        if group["signatureInterface"] == "external":
            suffix = ""
            asked["context"] = context
            question["context"] = context.hex()
            content = message
            if extra:
                asked["prehash"], oid, PH = HASHES[extra["hashAlg"]]
                content = bytes.fromhex("06096086480165030402" + oid) + PH(message)
            formatted = bytes([bool(extra), len(context)]) + context + content
        if not group["deterministic"]:
            asked["addrnd"] = addrnd
            question["additionalRandomness"] = addrnd.hex()
        signature = peer.perform(f"slh_dsa_sign{suffix}", asked)["signature"]
        if not isinstance(signature, bytes) or not isinstance(sk, bytes) or not isinstance(pk, bytes):
            raise TypeError("the peer's answer")
        if not slh_dsa_verifies(parameters, pk, formatted, signature):
            raise ValueError(f"slh-dsa does not accept what @noble/post-quantum signed: {name}")
        if parameters.endswith("f"):
            signing.append(
                ({**group, "parameterSet": parameters}, {**question, "sk": sk.hex()}, {"signature": signature.hex()})
            )
        place = len(signature) // 2
        wrong = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        if slh_dsa_verifies(parameters, pk, formatted, wrong):
            raise ValueError(f"slh-dsa accepts what nobody signed: {name}")
        good = {**question, "pk": pk.hex(), "sk": sk.hex(), "signature": signature.hex()}
        tests = [(good, {"testPassed": True}), ({**good, "signature": wrong.hex()}, {"testPassed": False})]
        rest = {field: value for field, value in group.items() if field != "deterministic"}
        verifying.append(({**rest, "parameterSet": parameters}, tests))
    peer.close()
    return {
        **vector_set("sigGen", [(group, [(question, answer)]) for group, question, answer in signing]),
        **vector_set("sigVer", verifying),
    }


def vector_set(mode: str, groups: list[tuple[Json, list[tuple[Json, Json]]]]) -> dict[str, bytes]:
    """The two files of a vector set."""
    head = {"vsId": 0, "algorithm": "SLH-DSA", "mode": mode, "revision": "FIPS205", "isSample": True}
    number = 0
    asked, answered = [], []
    for place, (group, tests) in enumerate(groups, 1):
        numbers = range(number + 1, number + 1 + len(tests))
        number += len(tests)
        questions = [{"tcId": i, **question} for i, (question, _) in zip(numbers, tests, strict=True)]
        answers = [{"tcId": i, **answer} for i, (_, answer) in zip(numbers, tests, strict=True)]
        asked.append({"tgId": place, "testType": "AFT", **group, "tests": questions})
        answered.append({"tgId": place, "tests": answers})
    return {
        f"{mode}/{file}.json": json.dumps({**head, "testGroups": found}, indent=1).encode()
        for file, found in (("prompt", asked), ("expectedResults", answered))
    }


if __name__ == "__main__":
    files = made()
    archive = pack(files)
    (ROOT / "vectors" / "data" / "peers-slh-dsa.tar.xz").write_bytes(archive)
    print(f"{len(files)} files, {len(archive)} bytes")
