"""ACVP prompts and expected results, made here with hashlib and `cryptography` as the oracles."""

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB, CFB8
from cryptography.hazmat.primitives import cmac as oracle_cmac
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, mlkem, padding, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap, aes_key_wrap_with_padding

from primitives.ml_dsa import ML_DSA_44
from primitives.ml_kem import ML_KEM_768
from primitives.slh_dsa import SLH_DSA_SHA2_128F
from vectors.cases import Case, Outcome, VectorFileError
from vectors.explain import explain
from vectors.judge import Judge
from vectors.operations import perform
from vectors.readers.acvp import cases, document, role
from vectors.readers.files import read_paths
from vectors.sources import read_source, sources

Json = dict[str, Any]
Pair = tuple[Json, Json]
Groups = list[tuple[Json, list[tuple[Json, Json]]]]


def vector_set(algorithm: str, tests: list[Json], *, mode: str = "") -> Json:
    top: Json = {"vsId": 0, "algorithm": algorithm, "revision": "1.0", "isSample": True}
    if mode:
        top["mode"] = mode
    return {**top, "testGroups": tests}


def pair(algorithm: str, groups: Groups, *, mode: str = "") -> Pair:
    """A prompt and its expected results: groups of (fields, tests of (question, answer))."""
    asked, answered, number = [], [], 0
    for tgId, (fields, tests) in enumerate(groups, 1):
        questions, answers = [], []
        for question, answer in tests:
            number += 1
            questions.append({"tcId": number, **question})
            answers.append({"tcId": number, **answer})
        asked.append({"tgId": tgId, "testType": "AFT", **fields, "tests": questions})
        answered.append({"tgId": tgId, "tests": answers})
    return vector_set(algorithm, asked, mode=mode), vector_set(algorithm, answered, mode=mode)


def sha(version: str = "standard") -> Pair:
    seed = hashlib.sha256(b"seed").digest()[:20]
    digests, start = [], seed
    for _ in range(3):
        a = b = c = start
        for _ in range(1000):
            message = a + b + c
            if version == "alternate":
                message = message[: len(seed)].ljust(len(seed), b"\0")
            a, b, c = b, c, hashlib.sha256(message).digest()
        start = c
        digests.append({"md": c.hex()})
    plain = ({"msg": "616263", "len": 24}, {"md": hashlib.sha256(b"abc").hexdigest()})
    empty = ({"msg": "", "len": 0}, {"md": hashlib.sha256().hexdigest()})
    chain = ({"msg": seed.hex(), "len": 160}, {"resultsArray": digests})
    return pair("SHA2-256", [({}, [plain, empty]), ({"testType": "MCT", "mctVersion": version}, [chain])])


def sha3() -> Pair:
    digest = seed = b"s" * 32
    for _ in range(1000):
        digest = hashlib.sha3_256(digest).digest()
    chain = ({"msg": seed.hex(), "len": 256}, {"resultsArray": [{"md": digest.hex()}]})
    plain = ({"msg": "616263", "len": 24}, {"md": hashlib.sha3_256(b"abc").hexdigest()})
    return pair("SHA3-256", [({}, [plain]), ({"testType": "MCT"}, [chain])])


def hmac_sha() -> Pair:
    tag = hmac.digest(b"key", b"message", "sha1")[:10]
    test = ({"key": b"key".hex(), "msg": b"message".hex()}, {"mac": tag.hex()})
    return pair("HMAC-SHA-1", [({"keyLen": 24, "msgLen": 56, "macLen": 80}, [test])])


MODES: dict[str, Callable[[bytes], Any]] = {
    "ECB": lambda iv: modes.ECB(),  # one of those to be tested
    "CBC": modes.CBC,
    "CFB8": CFB8,
    "CFB128": CFB,
    "CTR": modes.CTR,
}


def aes(mode: str, direction: str, key: bytes) -> Pair:
    """One ordinary test and a Monte Carlo test of two results, by AESAVS §6.4 word for word."""
    iv, source, target = b"i" * 16, *(("pt", "ct") if direction == "encrypt" else ("ct", "pt"))

    def operate(key: bytes, iv: bytes, data: bytes) -> bytes:
        cipher = Cipher(algorithms.AES(key), MODES[mode](iv))
        context = cipher.encryptor() if direction == "encrypt" else cipher.decryptor()
        return context.update(data) + context.finalize()

    fixed = {"key": key.hex()} if mode == "ECB" else {"key": key.hex(), "iv": iv.hex()}
    data = b"d" * 32
    plain: tuple[Json, Json] = ({**fixed, source: data.hex()}, {target: operate(key, iv, data).hex()})
    group = {"direction": direction, "keyLen": 8 * len(key)}
    if mode == "CTR":
        plain[0]["payloadLen"] = 256
        return pair("ACVP-AES-CTR", [(group, [plain])])
    block = b"d" * (1 if mode == "CFB8" else 16)
    results: list[Json] = []
    first = ({**fixed, source: block.hex()}, {"resultsArray": results})
    for _ in range(2):
        inputs, outputs, register = [block], [], iv
        for j in range(1000):
            outputs.append(operate(key, register, inputs[j]))
            if mode == "ECB":
                inputs.append(outputs[j])
            elif mode == "CFB8":
                inputs.append(iv[j : j + 1] if j < 16 else outputs[j - 16])
            else:
                inputs.append(iv if j == 0 else outputs[j - 1])
            register = (register + (outputs[j] if direction == "encrypt" else inputs[j]))[-16:]
        entry = {"key": key.hex(), source: block.hex(), target: outputs[-1].hex()}
        results.append(entry if mode == "ECB" else {**entry, "iv": iv.hex()})
        stream = b"".join(outputs)
        key = bytes(a ^ b for a, b in zip(key, stream[-len(key) :], strict=True))
        if mode != "ECB":
            iv = stream[-16:]
        block = inputs[-1]
    return pair(f"ACVP-AES-{mode}", [(group, [plain]), ({**group, "testType": "MCT"}, [first])])


def gcm() -> Pair:
    key, iv, aad = b"k" * 24, b"n" * 12, b"header"
    sealed = AESGCM(key).encrypt(iv, b"message", aad)
    fixed = {"key": key.hex(), "iv": iv.hex(), "aad": aad.hex()}
    ct, tag = sealed[:-16].hex(), sealed[-16:-3].hex()
    group = {"keyLen": 192, "ivLen": 96, "ivGen": "external", "ivGenMode": "8.2.1", "tagLen": 104}
    group |= {"payloadLen": 56, "aadLen": 48}
    seal = ({**fixed, "pt": b"message".hex()}, {"ct": ct, "tag": tag})
    unseal = ({**fixed, "ct": ct, "tag": tag}, {"pt": b"message".hex()})
    spoiled = ({**fixed, "ct": ct, "tag": "00" * 13}, {"testPassed": False})
    own = {name: value for name, value in fixed.items() if name != "iv"}
    chosen = ({**own, "pt": b"message".hex()}, {"iv": iv.hex(), "ct": ct, "tag": tag})
    return pair(
        "ACVP-AES-GCM",
        [
            ({**group, "direction": "encrypt"}, [seal]),
            ({**group, "direction": "decrypt"}, [unseal, spoiled]),
            ({**group, "direction": "encrypt", "ivGen": "internal"}, [chosen]),
        ],
    )


def ccm() -> Pair:
    key, iv, aad = b"k" * 24, b"n" * 11, b"header"
    sealed = AESCCM(key, tag_length=6).encrypt(iv, b"message", aad).hex()
    fixed = {"key": key.hex(), "iv": iv.hex(), "aad": aad.hex()}
    group = {"keyLen": 192, "ivLen": 88, "tagLen": 48, "payloadLen": 56, "aadLen": 48}
    seal = ({**fixed, "pt": b"message".hex()}, {"ct": sealed})
    unseal = ({**fixed, "ct": sealed}, {"pt": b"message".hex()})
    spoiled = ({**fixed, "ct": sealed[:-2] + "00"}, {"testPassed": False})
    groups: Groups = [
        ({**group, "direction": "encrypt"}, [seal]),
        ({**group, "direction": "decrypt"}, [unseal, spoiled]),
    ]
    return pair("ACVP-AES-CCM", groups)


def shake() -> Pair:
    digest = hashlib.shake_128(b"abc").hexdigest(20)
    plain = ({"msg": "616263", "len": 24}, {"md": digest})
    variable = ({"msg": "616263", "len": 24, "outLen": 160}, {"md": digest, "outLen": 160})
    return pair("SHAKE-128", [({}, [plain]), ({"testType": "VOT"}, [variable])])


def cshake(form: str) -> Pair:
    """NIST's cSHAKE sample 1; without names, SHAKE."""
    digest = "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5"
    name = b"Email Signature".hex() if form == "customizationHex" else "Email Signature"
    question = {"msg": "00010203", "len": 32, "functionName": "", form: name}
    empty = {"msg": "616263", "len": 24, "functionName": "", form: ""}
    answers = {"md": digest, "outLen": 256}, {"md": hashlib.shake_128(b"abc").hexdigest(9), "outLen": 72}
    group = {"hexCustomization": form == "customizationHex"}
    return pair("cSHAKE-128", [(group, [(question, answers[0]), (empty, answers[1])])])


def kmac() -> Pair:
    """NIST's KMAC sample 2, and KMACXOF sample 2."""
    tag = "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5"
    other = "31a44527b4ed9f5c6101d11de6d26f0620aa5c341def41299657fe9df1a3b16c"
    test = {"key": bytes(range(0x40, 0x60)).hex(), "keyLen": 256, "msg": "00010203", "msgLen": 32, "macLen": 256}
    test |= {"customization": "My Tagged Application"}
    verify = [({**test, "mac": tag}, {"testPassed": True}), ({**test, "mac": other}, {"testPassed": False})]
    group = {"hexCustomization": False, "xof": False}
    groups: Groups = [(group, [(test, {"mac": tag})]), ({**group, "testType": "MVT"}, verify)]
    groups.append(({**group, "xof": True}, [(test, {"mac": other})]))
    return pair("KMAC-128", groups)


def cmac(name: str) -> Pair:
    key = b"first keysecond kthird key"[:24]
    context = oracle_cmac.CMAC(algorithms.AES(key) if name == "AES" else TripleDES(key))
    context.update(b"message")
    mac = context.finalize()[:7].hex()
    keys = {"key": key.hex()} if name == "AES" else {f"key{i}": key[8 * i - 8 : 8 * i].hex() for i in (1, 2, 3)}
    test = {**keys, "message": b"message".hex()}
    group = {"keyLen": 192, "msgLen": 56, "macLen": 56} | ({} if name == "AES" else {"keyingOption": 1})
    verify = [({**test, "mac": mac}, {"testPassed": True}), ({**test, "mac": "00" * 7}, {"testPassed": False})]
    groups: Groups = [({**group, "direction": "gen"}, [(test, {"mac": mac})]), ({**group, "direction": "ver"}, verify)]
    return pair(f"CMAC-{name}", groups)


def key_wrap(name: str) -> Pair:
    kek, key = b"k" * 16, b"s" * 24
    wrapped = (aes_key_wrap if name == "KW" else aes_key_wrap_with_padding)(kek, key).hex()
    group = {"kwCipher": "cipher", "keyLen": 128, "payloadLen": 192}
    wrap = ({"key": kek.hex(), "pt": key.hex()}, {"ct": wrapped})
    unwrap = ({"key": kek.hex(), "ct": wrapped}, {"pt": key.hex()})
    spoiled = ({"key": kek.hex(), "ct": wrapped[:-2] + "00"}, {"testPassed": False})
    groups: Groups = [
        ({**group, "direction": "encrypt"}, [wrap]),
        ({**group, "direction": "decrypt"}, [unwrap, spoiled]),
    ]
    return pair(f"ACVP-AES-{name}", groups)


def rsa_sig_ver() -> Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # short, for speed
    numbers = key.public_key().public_numbers()
    public = {"modulo": 1024, "hashAlg": "SHA2-256", "n": f"{numbers.n:x}", "e": f"{numbers.e:06x}"}
    v15 = key.sign(b"message", padding.PKCS1v15(), hashes.SHA256()).hex()
    pss = key.sign(b"message", padding.PSS(padding.MGF1(hashes.SHA256()), 20), hashes.SHA256()).hex()

    def tests(signature: str) -> list[tuple[Json, Json]]:
        good = {"message": b"message".hex(), "signature": signature}
        return [(good, {"testPassed": True}), ({**good, "message": "00"}, {"testPassed": False})]

    group = {"testType": "GDT", **public}
    return pair(
        "RSA",
        [
            ({**group, "sigType": "pkcs1v1.5"}, tests(v15)),
            ({**group, "sigType": "pss", "saltLen": 20, "maskFunction": "mgf1"}, tests(pss)),
        ],
        mode="sigVer",
    )


EDWARDS: list[tuple[str, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey]] = [
    ("ED-25519", ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32)),
    ("ED-448", ed448.Ed448PrivateKey.from_private_bytes(b"k" * 57)),
]


def eddsa_key_gen() -> Pair:
    groups: Groups = []
    for curve, key in EDWARDS:
        answer = {"d": key.private_bytes_raw().hex(), "q": key.public_key().public_bytes_raw().hex()}
        groups.append(({"curve": curve}, [({}, answer)]))
    return pair("EDDSA", groups, mode="keyGen")


def eddsa_key_ver() -> Pair:
    groups: Groups = []
    for curve, key in EDWARDS:
        q = key.public_key().public_bytes_raw().hex()
        tests = [({"q": q}, {"testPassed": True}), ({"q": "ff" * (len(q) // 2)}, {"testPassed": False})]
        groups.append(({"curve": curve}, tests))
    return pair("EDDSA", groups, mode="keyVer")


def eddsa_sig_gen() -> Pair:
    """The public key stands in the group of the answers."""
    groups: Groups = []
    for curve, key in EDWARDS:
        test = ({"message": b"message".hex()}, {"signature": key.sign(b"message").hex()})
        groups.append(({"curve": curve, "preHash": False}, [test]))
    prompt, results = pair("EDDSA", groups, mode="sigGen")
    for group, (_, key) in zip(results["testGroups"], EDWARDS, strict=True):
        group["q"] = key.public_key().public_bytes_raw().hex()
    return prompt, results


def eddsa_sig_ver() -> Pair:
    """Of Ed448ph, too: RFC 8032 §7.5, with a context."""
    groups: Groups = []
    for curve, key in EDWARDS:
        good: Json = {"message": b"message".hex(), "q": key.public_key().public_bytes_raw().hex()}
        good["signature"] = key.sign(b"message").hex()
        tests = [(good, {"testPassed": True}), ({**good, "message": "00"}, {"testPassed": False})]
        groups.append(({"curve": curve, "preHash": False}, tests))
    q = (
        "259b71c19f83ef77a7abd26524cbdb3161b590a48f7d17de3ee0ba9c5"
        "2beb743c09428a131d6b1b57303d90d8132c276d5ed3d5d01c0f53880"
    )
    signature = (
        "c32299d46ec8ff02b54540982814dce9a05812f81962b649d52809591"
        "6a2aa481065b1580423ef927ecf0af5888f90da0f6a9a85ad5dc3f280"
        "d91224ba9911a3653d00e484e2ce232521481c8658df304bb7745a735"
        "14cdb9bf3e15784ab71284f8d0704a608c54a6b62d97beb511d132100"
    )
    test = {"message": b"abc".hex(), "q": q, "context": "666f6f", "contextLength": 3, "signature": signature}
    groups.append(({"curve": "ED-448", "preHash": True}, [(test, {"testPassed": True})]))
    return pair("EDDSA", groups, mode="sigVer")


MONTGOMERY: list[tuple[str, x25519.X25519PrivateKey | x448.X448PrivateKey]] = [
    ("Curve25519", x25519.X25519PrivateKey.from_private_bytes(b"k" * 32)),
    ("Curve448", x448.X448PrivateKey.from_private_bytes(b"k" * 56)),
]


def xecdh_key_gen() -> Pair:
    groups: Groups = []
    for curve, key in MONTGOMERY:
        public = key.public_key().public_bytes_raw().hex()
        groups.append(({"curve": curve}, [({}, {"privateKey": key.private_bytes_raw().hex(), "publicKey": public})]))
    return pair("XECDH", groups, mode="keyGen")


def xecdh_key_ver() -> Pair:
    groups: Groups = []
    for curve, key in MONTGOMERY:
        public = key.public_key().public_bytes_raw().hex()
        tests = [({"publicKey": public}, {"testPassed": True}), ({"publicKey": public + "ff"}, {"testPassed": False})]
        groups.append(({"curve": curve}, tests))
    return pair("XECDH", groups, mode="keyVer")


def ecdsa_key_gen() -> Pair:
    point = ec.derive_private_key(12345, ec.SECP224R1()).public_key().public_numbers()
    answer = {"d": "3039", "qx": f"{point.x:x}", "qy": f"{point.y:x}"}
    return pair("ECDSA", [({"curve": "P-224", "secretGenerationMode": "extra bits"}, [({}, answer)])], mode="keyGen")


def ecdsa_key_ver() -> Pair:
    point = ec.derive_private_key(12345, ec.SECP224R1()).public_key().public_numbers()
    good = {"qx": f"{point.x:x}", "qy": f"{point.y:x}"}
    tests = [(good, {"testPassed": True}), ({**good, "qy": f"{point.x:x}"}, {"testPassed": False})]
    return pair("ECDSA", [({"curve": "P-224"}, tests)], mode="keyVer")


def ecdsa_sig_gen() -> Pair:
    """The public key stands in the group of the answers."""
    key = ec.generate_private_key(ec.SECP224R1())
    point = key.public_key().public_numbers()
    r, s = decode_dss_signature(key.sign(b"message", ec.ECDSA(hashes.SHA512())))
    test = ({"message": b"message".hex()}, {"r": f"{r:x}", "s": f"{s:x}"})
    group = {"curve": "P-224", "hashAlg": "SHA2-512", "componentTest": False}
    prompt, results = pair("DetECDSA", [(group, [test])], mode="sigGen")
    results["testGroups"][0] |= {"qx": f"{point.x:x}", "qy": f"{point.y:x}"}
    return prompt, results


def ecdsa_sig_ver() -> Pair:
    key = ec.generate_private_key(ec.SECP521R1())
    point = key.public_key().public_numbers()
    r, s = decode_dss_signature(key.sign(b"message", ec.ECDSA(hashes.SHA512())))
    good = {"message": b"message".hex(), "qx": f"{point.x:x}", "qy": f"{point.y:x}", "r": f"{r:x}", "s": f"{s:x}"}
    tests = [(good, {"testPassed": True}), ({**good, "r": f"{s:x}"}, {"testPassed": False})]
    return pair("ECDSA", [({"curve": "P-521", "hashAlg": "SHA2-512"}, tests)], mode="sigVer")


def p_hash(secret: bytes, seed: bytes, length: int) -> bytes:
    """The PRF of RFC 5246 §5, with the label already before the seed."""
    output, A = b"", seed
    while len(output) < length:
        A = hmac.digest(secret, A, "sha256")
        output += hmac.digest(secret, A + seed, "sha256")
    return output[:length]


def tls12() -> Pair:
    pms, session, client, server = b"p" * 48, b"h" * 32, b"c" * 32, b"s" * 32
    master = p_hash(pms, b"extended master secret" + session, 48)
    block = p_hash(master, b"key expansion" + server + client, 104)
    test = {"preMasterSecret": pms.hex(), "sessionHash": session.hex()}
    test |= {"clientRandom": client.hex(), "serverRandom": server.hex()}
    answer = {"masterSecret": master.hex(), "keyBlock": block.hex()}
    group = {"hashAlg": "SHA2-256", "keyBlockLength": 832, "preMasterSecretLength": 384}
    return pair("TLS-v1.2", [(group, [(test, answer)])], mode="KDF")


def tls10_names() -> Pair:
    pms, hello, other = b"p" * 48, b"C" * 32 + b"S" * 32, (b"c" * 32, b"s" * 32)
    master = p_hash(pms, b"master secret" + hello, 48)
    block = p_hash(master, b"key expansion" + other[1] + other[0], 104)
    test = {"preMasterSecret": pms.hex(), "clientHelloRandom": hello[:32].hex(), "serverHelloRandom": hello[32:].hex()}
    test |= {"clientRandom": other[0].hex(), "serverRandom": other[1].hex()}
    answer = {"masterSecret": master.hex(), "keyBlock": block.hex()}
    group = {"hashAlg": "SHA2-256", "keyBlockLength": 832, "preMasterSecretLength": 384, "tlsVersion": "v1.2"}
    return pair("kdf-components", [(group, [(test, answer)])], mode="tls")


def pbkdf() -> Pair:
    key = hashlib.pbkdf2_hmac("sha1", b"a password", b"salt", 10, 40)
    test = {"password": "a password", "salt": b"salt".hex(), "iterationCount": 10, "keyLen": 320}
    return pair("PBKDF", [({"hmacAlg": "SHA-1"}, [(test, {"derivedKey": key.hex()})])])


def ml_kem_keygen() -> Pair:
    d, z = b"d" * 32, b"z" * 32
    public = mlkem.MLKEM768PrivateKey.from_seed_bytes(d + z).public_key().public_bytes_raw()
    ek, dk = ML_KEM_768.keygen(d + z)
    assert ek == public
    test = ({"d": d.hex(), "z": z.hex()}, {"ek": ek.hex(), "dk": dk.hex()})
    return pair("ML-KEM", [({"parameterSet": "ML-KEM-768"}, [test])], mode="keyGen")


def ml_kem() -> Pair:
    ek, dk = ML_KEM_768.keygen(bytes(64))
    K, c = ML_KEM_768.encaps(ek, b"m" * 32)
    assert mlkem.MLKEM768PrivateKey.from_seed_bytes(bytes(64)).decapsulate(c) == K
    wrong = bytes(1088)
    rejected = hashlib.shake_256(bytes(32) + wrong).digest(32)
    spoiled = b"\xff" * 3 + ek[3:]
    return pair(
        "ML-KEM",
        [
            (ml_kem_group("encapsulation"), [({"ek": ek.hex(), "m": (b"m" * 32).hex()}, {"c": c.hex(), "k": K.hex()})]),
            (
                ml_kem_group("decapsulation"),
                [
                    ({"dk": dk.hex(), "c": c.hex()}, {"k": K.hex()}),
                    ({"dk": dk.hex(), "c": wrong.hex()}, {"k": rejected.hex()}),
                ],
            ),
            (
                ml_kem_group("encapsulationKeyCheck"),
                [({"ek": ek.hex()}, {"testPassed": True}), ({"ek": spoiled.hex()}, {"testPassed": False})],
            ),
            (
                ml_kem_group("decapsulationKeyCheck"),
                [({"dk": dk.hex()}, {"testPassed": True}), ({"dk": dk[:-64].hex()}, {"testPassed": False})],
            ),
        ],
        mode="encapDecap",
    )


def ml_kem_group(function: str) -> Json:
    return {"testType": "AFT", "parameterSet": "ML-KEM-768", "function": function}


def ml_dsa_keygen() -> Pair:
    pk, sk = ML_DSA_44.keygen(b"s" * 32)
    assert pk == ML_DSA.public_key().public_bytes_raw()
    test = ({"seed": (b"s" * 32).hex()}, {"pk": pk.hex(), "sk": sk.hex()})
    return pair("ML-DSA", [({"parameterSet": "ML-DSA-44"}, [test])], mode="keyGen")


ML_DSA = mldsa.MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
ML_DSA_MODES: list[tuple[Json, Json]] = [
    ({"signatureInterface": "external", "preHash": "pure"}, {"message": "6d", "context": "63"}),
    (
        {"signatureInterface": "external", "preHash": "preHash"},
        {"message": "6d", "context": "63", "hashAlg": "SHAKE-128"},
    ),
    ({"signatureInterface": "internal", "externalMu": False}, {"message": "0001636d"}),
    ({"signatureInterface": "internal", "externalMu": True}, {"mu": hashlib.shake_256(
        hashlib.shake_256(ML_DSA.public_key().public_bytes_raw()).digest(64) + b"\0\1cm").digest(64).hex()}),
]  # fmt: skip


def ml_dsa_sign() -> Pair:
    """Three of the modes sign the same; the oracle verifies it."""
    _, sk = ML_DSA_44.keygen(b"s" * 32)
    pure = ML_DSA_44.sign(sk, b"m", context=b"c", rnd=b"r" * 32)
    ML_DSA.public_key().verify(pure, b"m", b"c")
    hashed = b"\1\1c" + bytes.fromhex("060960864801650304020b") + hashlib.shake_128(b"m").digest(32)
    signatures = [pure, ML_DSA_44.sign_internal(sk, hashed, rnd=b"r" * 32), pure, pure]
    groups = []
    for (group, test), signature in zip(ML_DSA_MODES, signatures, strict=True):
        question = {**test, "sk": sk.hex(), "rnd": (b"r" * 32).hex()}
        groups.append(
            (
                {**group, "parameterSet": "ML-DSA-44", "deterministic": False},
                [(question, {"signature": signature.hex()})],
            )
        )
    return pair("ML-DSA", groups, mode="sigGen")


def ml_dsa_verify() -> Pair:
    pk, sk = ML_DSA_44.keygen(b"s" * 32)
    hashed = b"\1\1c" + bytes.fromhex("060960864801650304020b") + hashlib.shake_128(b"m").digest(32)
    pure, other = ML_DSA.sign(b"m", b"c"), ML_DSA_44.sign_internal(sk, hashed, rnd=bytes(32))
    groups = []
    for (group, test), signature in zip(
        ML_DSA_MODES[1::2], [other, pure], strict=True
    ):  # each way of telling a message
        good = {**test, "pk": pk.hex(), "signature": signature.hex()}
        bad = {**good, "signature": signature[:-1].hex()}
        tests = [(good, {"testPassed": True}), (bad, {"testPassed": False})]
        groups.append(({**group, "testType": "AFT", "parameterSet": "ML-DSA-44"}, tests))
    return pair("ML-DSA", groups, mode="sigVer")


def slh_dsa_keygen() -> Pair:
    pk, sk = SLH_DSA_SHA2_128F.keygen(bytes(range(48)))
    seeds = {name: sk[i : i + 16].hex() for name, i in (("skSeed", 0), ("skPrf", 16), ("pkSeed", 32))}
    return pair(
        "SLH-DSA", [({"parameterSet": "SLH-DSA-SHA2-128f"}, [(seeds, {"pk": pk.hex(), "sk": sk.hex()})])], mode="keyGen"
    )


def slh_dsa_signatures(mode: str) -> Pair:
    """What two other implementations agreed on, with the sets that sign fast: pure, hashed, hedged and internal."""
    files = read_source(next(source for source in sources() if source.name == "peers-slh-dsa"))
    prompt, results = (json.loads(files[f"{mode}/{file}.json"]) for file in ("prompt", "expectedResults"))
    fast = {group["tgId"] for group in prompt["testGroups"] if group["parameterSet"].endswith("f")}
    for found in (prompt, results):
        found["testGroups"] = [group for group in found["testGroups"] if group["tgId"] in fast]
    return prompt, results


KINDS: dict[str, Callable[[], Pair]] = {
    "SHA": sha,
    "SHA alternate": lambda: sha("alternate"),
    "SHA-3": sha3,
    "HMAC": hmac_sha,
    "SHAKE": shake,
    "cSHAKE": lambda: cshake("customization"),
    "cSHAKE in hexadecimal": lambda: cshake("customizationHex"),
    "KMAC": kmac,
    "GCM": gcm,
    "CCM": ccm,
    "CMAC with AES": lambda: cmac("AES"),
    "CMAC with Triple DES": lambda: cmac("TDES"),
    "KW": lambda: key_wrap("KW"),
    "KWP": lambda: key_wrap("KWP"),
    "RSA": rsa_sig_ver,
    "EDDSA keys": eddsa_key_gen,
    "EDDSA public keys": eddsa_key_ver,
    "EDDSA signatures": eddsa_sig_gen,
    "EDDSA": eddsa_sig_ver,
    "XECDH keys": xecdh_key_gen,
    "XECDH public keys": xecdh_key_ver,
    "ECDSA keys": ecdsa_key_gen,
    "ECDSA public keys": ecdsa_key_ver,
    "ECDSA signatures": ecdsa_sig_gen,
    "ECDSA": ecdsa_sig_ver,
    "TLS 1.2": tls12,
    "TLS 1.2, older": tls10_names,
    "PBKDF": pbkdf,
    "ML-KEM keyGen": ml_kem_keygen,
    "ML-KEM encapDecap": ml_kem,
    "ML-DSA keyGen": ml_dsa_keygen,
    "ML-DSA sigGen": ml_dsa_sign,
    "ML-DSA sigVer": ml_dsa_verify,
    "SLH-DSA keyGen": slh_dsa_keygen,
    "SLH-DSA sigGen": partial(slh_dsa_signatures, "sigGen"),
    "SLH-DSA sigVer": partial(slh_dsa_signatures, "sigVer"),
    **{
        f"{mode} {direction} {size}": partial(aes, mode, direction, b"k" * size)
        for mode in MODES
        for direction, size in (("encrypt", 16), ("encrypt", 24), ("decrypt", 32))
    },
}


def outcomes(found: list[Case]) -> list[Outcome]:
    judge = Judge(perform, explain)
    return [judge.judge(case).outcome for case in found]


LONG = pytest.mark.slow
SLOW_KINDS = {kind: LONG if kind.startswith("SLH-DSA sig") else () for kind in KINDS}


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=marks) for kind, marks in SLOW_KINDS.items()])
def test_what_the_oracle_made_passes(kind: str) -> None:
    assert set(outcomes(list(cases("file", *KINDS[kind]())))) == {Outcome.PASSED}


def spoil(answer: Json) -> None:
    for name, value in answer.items():
        if isinstance(value, bool):
            answer[name] = not value
        elif isinstance(value, list):
            spoil(value[-1])
        elif isinstance(value, str) and name not in ("key", "iv"):
            answer[name] = ("0" if value[0] != "0" else "1") + value[1:]


@pytest.mark.parametrize(
    "kind", [pytest.param(k, marks=pytest.mark.slow) if "ML-" in k or "SLH-" in k else k for k in KINDS]
)
def test_every_answer_spoiled_fails(kind: str) -> None:
    prompt, results = KINDS[kind]()
    for group in results["testGroups"]:
        for test in group["tests"]:
            spoil(test)
    assert set(outcomes(list(cases("file", prompt, results)))) == {Outcome.FAILED}


@pytest.mark.parametrize(
    "kind",
    [
        "SHA",
        "GCM",
        "RSA",
        "TLS 1.2",
        "PBKDF",
        "CBC encrypt 16",
        "ML-KEM keyGen",
        "ML-KEM encapDecap",
        "ML-DSA sigGen",
        "SLH-DSA keyGen",
    ],
)
@pytest.mark.parametrize("place", ["prompt", "group", "test", "answer"])
def test_unknown_fields_are_errors(kind: str, place: str) -> None:
    prompt, results = KINDS[kind]()
    group = prompt["testGroups"][0]
    target = {
        "prompt": prompt,
        "group": group,
        "test": group["tests"][0],
        "answer": results["testGroups"][0]["tests"][0],
    }
    target[place]["surprise"] = 1
    with pytest.raises(VectorFileError, match="unknown field 'surprise'"):
        list(cases("file", prompt, results))


def test_asked_and_answered_counts_are_compared() -> None:
    prompt, results = sha()
    del results["testGroups"][0]["tests"][0]
    with pytest.raises(VectorFileError, match="3 tests asked, 2 answered: tgId 1 tcId 1 is only in the prompt"):
        list(cases("file", prompt, results))


@pytest.mark.parametrize(
    ("algorithm", "mode", "fields", "question", "reason"),
    [
        ("SHA2-256", "", {"testType": "LDT"}, {"largeMsg": {}}, "a large data test"),
        ("SHA2-256", "", {}, {"msg": "80", "len": 3}, "3 bits"),
        ("ACVP-AES-XTS", "", {}, {"key": ""}, "no algorithm here"),
        ("ACVP-AES-CTR", "", {"testType": "CTR", "direction": "encrypt"}, {"key": ""}, "a counter test"),
        ("RSA", "sigVer", {"sigType": "ansx9.31"}, {"message": ""}, "signatures of type ansx9.31"),
        ("RSA", "sigVer", {"sigType": "pss", "conformance": "SP800-106"}, {"message": ""}, "SP 800-106"),
        ("ECDSA", "sigVer", {"curve": "B-233"}, {"message": ""}, "the curve B-233"),
    ],
)
def test_what_is_not_implemented_is_skipped(
    algorithm: str, mode: str, fields: Json, question: Json, reason: str
) -> None:
    (case,) = cases("file", *pair(algorithm, [(fields, [(question, {})])], mode=mode))
    assert reason in case.skip


def test_roles_are_told_by_content() -> None:
    prompt, results = gcm()
    assert (role(prompt), role(results)) == ("prompt", "expectedResults")
    prompt["testGroups"][0]["tests"][0] |= results["testGroups"][0]["tests"][0]
    assert role(prompt) == "internalProjection"
    assert document([{"acvVersion": "1.0"}, results]) is results
    assert document([]) is document({"algorithm": "x"}) is None


def write(directory: Path, made: Pair, *, names: tuple[str, str] = ("prompt.json", "expectedResults.json")) -> None:
    directory.mkdir(exist_ok=True)
    for name, content in zip(names, made, strict=True):
        (directory / name).write_text(json.dumps([{"acvVersion": "1.0"}, content]))


def test_pairs_are_found_in_directories(tmp_path: Path) -> None:
    write(tmp_path / "a", pbkdf())
    write(tmp_path / "b", pbkdf())
    write(tmp_path / "c", ecdsa_sig_ver(), names=("ecdsa-prompt.json", "ecdsa-expectedResults.json"))
    found = read_paths([tmp_path])
    assert (found.problems, found.notes) == ([], [])
    assert [case.source.split("/")[-2] for case in found.cases] == ["a", "b", "c", "c"]
    assert set(outcomes(found.cases)) == {Outcome.PASSED}


def test_a_prompt_named_alone_finds_its_answers_beside_it(tmp_path: Path) -> None:
    write(tmp_path, pbkdf())
    found = read_paths([tmp_path / "prompt.json"])
    assert (len(found.cases), found.problems) == (1, [])


def test_half_a_pair_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, pbkdf())
    (tmp_path / "prompt.json").rename(tmp_path / "other")
    assert "their prompt is not among" in read_paths([tmp_path / "expectedResults.json"]).problems[0]
    assert "its expectedResults are not among" in read_paths([tmp_path / "other"]).problems[0]
