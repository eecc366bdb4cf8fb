"""Files in the form of Wycheproof's, made here with `cryptography` as the oracle: one of each kind of test."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import cmac as oracle_cmac
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, mlkem, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap, aes_key_wrap_with_padding

from primitives.ml_dsa import ML_DSA_44
from primitives.ml_kem import ML_KEM_512, ML_KEM_768, ML_KEM_1024
from vectors.cases import Case, Outcome, VectorFileError
from vectors.explain import explain
from vectors.judge import Judge
from vectors.operations import perform
from vectors.readers.policy import OPEN, RULES
from vectors.readers.wycheproof import cases, recognise

Json = dict[str, Any]
SOURCE = {"name": "tests", "version": "1"}
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # short, for speed
EC_KEY = ec.generate_private_key(ec.SECP256R1())
DER, RAW = serialization.Encoding.DER, serialization.Encoding.Raw
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def document(algorithm: str, kind: str, group: Json, tests: list[Json]) -> Json:
    """A file with these tests; each is given a tcId, a comment and flags if it has none."""
    filled = [{"tcId": i, "comment": "", "flags": ["Flag"], **test} for i, test in enumerate(tests, 1)]
    return {
        "algorithm": algorithm,
        "header": [],
        "notes": {"Flag": {"bugType": "BASIC", "description": "what the flag means"}},
        "numberOfTests": len(tests),
        "schema": "made_here.json",
        "testGroups": [{"type": kind, "source": SOURCE, **group, "tests": filled}],
    }


def big(number: int) -> str:
    """A BigInt: two's complement, with a sign bit."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True).hex()


def both(valid: Json, **spoiled: str) -> list[Json]:
    """The valid test, and the same one with something changed, which is invalid."""
    return [{**valid, "result": "valid"}, {**valid, **spoiled, "result": "invalid"}]


def rsa_private() -> Json:
    numbers = RSA_KEY.private_numbers()
    return {
        "modulus": big(numbers.public_numbers.n),
        "publicExponent": big(numbers.public_numbers.e),
        "privateExponent": big(numbers.d),
        "prime1": big(numbers.p),
        "prime2": big(numbers.q),
        "exponent1": big(numbers.dmp1),
        "exponent2": big(numbers.dmq1),
        "coefficient": big(numbers.iqmp),
    }


PRIVATE = {"keySize": 1024, "privateKey": rsa_private(), "privateKeyPem": "", "privateKeyPkcs8": ""}
PUBLIC = {
    "publicKey": {name: rsa_private()[name] for name in ("modulus", "publicExponent")},
    "publicKeyAsn": "",
    "publicKeyDer": "",
    "publicKeyPem": "",
    "keySize": 1024,
    "sha": "SHA-256",
}
EC_PUBLIC = {
    "publicKey": {
        "curve": "secp256r1",
        "keySize": 256,
        "type": "EcPublicKey",
        "uncompressed": EC_KEY.public_key().public_bytes(*POINT).hex(),
        "wx": "",
        "wy": "",
    },
    "publicKeyDer": "",
    "publicKeyPem": "",
    "sha": "SHA-256",
}


def ind_cpa() -> Json:
    key, iv, message = b"k" * 16, b"i" * 16, b"some message"
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    ct = encryptor.update(padder.update(message) + padder.finalize())
    test = {"key": key.hex(), "iv": iv.hex(), "msg": message.hex(), "ct": ct.hex()}
    return document("AES-CBC-PKCS5", "IndCpaTest", {"ivSize": 128, "keySize": 128}, both(test, ct=ct.hex()[:-2] + "00"))


def aead(algorithm: str, cipher: AESCCM | AESGCM | ChaCha20Poly1305, key: bytes) -> Json:
    iv, aad, message = b"n" * 12, b"header", b"some message"
    sealed = cipher.encrypt(iv, message, aad)
    test = {"key": key.hex(), "iv": iv.hex(), "aad": aad.hex(), "msg": message.hex()}
    test |= {"ct": sealed[:-16].hex(), "tag": sealed[-16:].hex()}
    group = {"ivSize": 96, "keySize": 8 * len(key), "tagSize": 128}
    return document(algorithm, "AeadTest", group, both(test, tag="00" * 16))


def mac() -> Json:
    key, message = b"k" * 32, b"some message"
    tag = hmac.digest(key, message, "sha512")[:16]
    test = {"key": key.hex(), "msg": message.hex(), "tag": tag.hex()}
    spoiled = bytes([tag[0] ^ 1, *tag[1:]]).hex()
    return document("HMACSHA512", "MacTest", {"keySize": 256, "tagSize": 128}, both(test, tag=spoiled))


def cmac() -> Json:
    context = oracle_cmac.CMAC(algorithms.AES(b"k" * 16))
    context.update(b"some message")
    tag = context.finalize()[:10].hex()
    test = {"key": (b"k" * 16).hex(), "msg": b"some message".hex(), "tag": tag}
    return document("AES-CMAC", "MacTest", {"keySize": 128, "tagSize": 80}, both(test, tag="00" * 10))


def kmac() -> Json:
    """NIST's KMAC sample 1."""
    tag = "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e"
    test = {"key": bytes(range(0x40, 0x60)).hex(), "msg": "00010203", "tag": tag}
    return document("KMAC128", "MacTest", {"keySize": 256, "tagSize": 256}, both(test, tag="00" * 32))


def keywrap_padded() -> Json:
    kek, key = b"k" * 16, b"s" * 21
    test = {"key": kek.hex(), "msg": key.hex(), "ct": aes_key_wrap_with_padding(kek, key).hex()}
    return document("AES-KWP", "KeywrapTest", {"keySize": 128}, both(test, ct="00" * 32))


def keywrap() -> Json:
    kek, key = b"k" * 16, b"s" * 24
    wrapped = aes_key_wrap(kek, key)
    test = {"key": kek.hex(), "msg": key.hex(), "ct": wrapped.hex()}
    return document("AES-WRAP", "KeywrapTest", {"keySize": 128}, both(test, ct="00" * 32))


def hkdf() -> Json:
    okm = HKDF(hashes.SHA256(), 42, b"salt", b"info").derive(b"secret")
    test: Json = {"ikm": b"secret".hex(), "salt": b"salt".hex(), "info": b"info".hex(), "size": 42, "okm": okm.hex()}
    tests = [{**test, "result": "valid"}, {**test, "size": 255 * 32 + 1, "okm": "", "result": "invalid"}]
    return document("HKDF-SHA-256", "HkdfTest", {"keySize": 48}, tests)


def pbkdf() -> Json:
    dk = hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 3, 40)
    test = {"password": b"password".hex(), "salt": b"salt".hex(), "iterationCount": 3, "dkLen": 40, "dk": dk.hex()}
    return document("PBKDF2-HMACSHA256", "PbkdfTest", {}, [{**test, "result": "valid"}])


def primality() -> Json:
    tests = [{"value": big(2**127 - 1), "result": "valid"}, {"value": big(2**67 - 1), "result": "invalid"}]
    tests.append({"value": big(-(2**127 - 1)), "result": "acceptable", "flags": ["NegativeOfPrime"]})  # type: ignore[dict-item]  # flags are a list
    return document("PrimalityTest", "PrimalityTest", {}, tests)


def oaep() -> Json:
    scheme = rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA1()), hashes.SHA256(), b"label")  # as MGF1 may
    ct = RSA_KEY.public_key().encrypt(b"some message", scheme)
    test = {"msg": b"some message".hex(), "ct": ct.hex(), "label": b"label".hex()}
    group = {**PRIVATE, "mgf": "MGF1", "mgfSha": "SHA-1", "sha": "SHA-256"}
    return document("RSAES-OAEP", "RsaesOaepDecrypt", group, both(test, label=""))


def pkcs1_decrypt() -> Json:
    ct = RSA_KEY.public_key().encrypt(b"some message", rsa_padding.PKCS1v15())
    test = {"msg": b"some message".hex(), "ct": ct.hex()}
    return document("RSAES-PKCS1-v1_5", "RsaesPkcs1Decrypt", PRIVATE, both(test, ct="00" * 128))


def pkcs1_generate() -> Json:
    signature = RSA_KEY.sign(b"some message", rsa_padding.PKCS1v15(), hashes.SHA256())
    test = {"msg": b"some message".hex(), "sig": signature.hex(), "result": "valid"}
    group = {**PRIVATE, "keyAsn": "", "keyDer": "", "keyPem": "", "sha": "SHA-256"}
    return document("RSASSA-PKCS1-v1_5", "RsassaPkcs1Generate", group, [test])


def pkcs1_verify() -> Json:
    signature = RSA_KEY.sign(b"some message", rsa_padding.PKCS1v15(), hashes.SHA256())
    test = {"msg": b"some message".hex(), "sig": signature.hex()}
    return document("RSASSA-PKCS1-v1_5", "RsassaPkcs1Verify", PUBLIC, both(test, msg=""))


def pss_verify(kind: str = "RsassaPssVerify") -> Json:
    scheme = rsa_padding.PSS(rsa_padding.MGF1(hashes.SHA1()), 11)  # as MGF1 may
    signature = RSA_KEY.sign(b"some message", scheme, hashes.SHA256())
    test = {"msg": b"some message".hex(), "sig": signature.hex()}
    group = {**PUBLIC, "mgf": "MGF1", "mgfSha": "SHA-1", "sLen": 11}
    return document("RSASSA-PSS", kind, group, both(test, msg=""))


def ecdsa() -> Json:
    signature = EC_KEY.sign(b"some message", ec.ECDSA(hashes.SHA256()))
    test = {"msg": b"some message".hex(), "sig": signature.hex()}
    return document("ECDSA", "EcdsaVerify", EC_PUBLIC, both(test, sig=signature.hex() + "00"))


def ecdsa_p1363() -> Json:
    r, s = decode_dss_signature(EC_KEY.sign(b"some message", ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    test = {"msg": b"some message".hex(), "sig": signature.hex()}
    return document("ECDSA", "EcdsaP1363Verify", EC_PUBLIC, both(test, sig=signature.hex() + "00"))


def ecdh(kind: str, encoding: str, curve: ec.EllipticCurve = EC_KEY.curve) -> Json:
    own, other = ec.generate_private_key(curve), ec.generate_private_key(curve)
    form = (DER, SPKI) if encoding == "asn" else POINT
    test = {
        "public": other.public_key().public_bytes(*form).hex(),
        "private": big(own.private_numbers().private_value),
        "shared": own.exchange(ec.ECDH(), other.public_key()).hex(),
    }
    group = {"curve": curve.name, "encoding": encoding}
    return document("ECDH", kind, group, both(test, public=test["public"][:-2]))


def xdh() -> Json:
    ours, theirs = x25519.X25519PrivateKey.generate(), x25519.X25519PrivateKey.generate()
    test = {
        "public": theirs.public_key().public_bytes_raw().hex(),
        "private": ours.private_bytes_raw().hex(),
        "shared": ours.exchange(theirs.public_key()).hex(),
    }
    zero = {**test, "public": "00" * 32, "shared": "00" * 32, "flags": ["ZeroSharedSecret"], "result": "acceptable"}
    return document("XDH", "XdhComp", {"curve": "curve25519"}, [{**test, "result": "valid"}, zero])


def xdh_448() -> Json:
    ours, theirs = x448.X448PrivateKey.generate(), x448.X448PrivateKey.generate()
    test = {
        "public": theirs.public_key().public_bytes_raw().hex(),
        "private": ours.private_bytes_raw().hex(),
        "shared": ours.exchange(theirs.public_key()).hex(),
    }
    zero = {**test, "public": "00" * 56, "shared": "00" * 56, "flags": ["ZeroSharedSecret"], "result": "acceptable"}
    return document("XDH", "XdhComp", {"curve": "curve448"}, [{**test, "result": "valid"}, zero])


def eddsa_448() -> Json:
    key = ed448.Ed448PrivateKey.generate()
    public = {"type": "EDDSAPublicKey", "curve": "edwards448", "keySize": 448}
    public["pk"] = key.public_key().public_bytes_raw().hex()
    test = {"msg": b"some message".hex(), "sig": key.sign(b"some message").hex()}
    group = {"publicKey": public, "publicKeyDer": "", "publicKeyPem": ""}
    return document("EDDSA", "EddsaVerify", group, both(test, msg=""))


def eddsa() -> Json:
    key = ed25519.Ed25519PrivateKey.generate()
    public = {"type": "EDDSAPublicKey", "curve": "edwards25519", "keySize": 255}
    public["pk"] = key.public_key().public_bytes_raw().hex()
    test = {"msg": b"some message".hex(), "sig": key.sign(b"some message").hex()}
    group = {"publicKey": public, "publicKeyDer": "", "publicKeyPem": ""}
    return document("EDDSA", "EddsaVerify", group, both(test, msg=""))


def ml_kem() -> Json:
    key = mlkem.MLKEM768PrivateKey.from_seed_bytes(b"s" * 64)
    K, c = key.public_key().encapsulate()
    test = {"seed": (b"s" * 64).hex(), "ek": key.public_key().public_bytes_raw().hex(), "c": c.hex(), "K": K.hex()}
    return document("ML-KEM", "MLKEMTest", {"parameterSet": "ML-KEM-768"}, both(test, c=c.hex()[:-2]))


def ml_kem_keygen() -> Json:
    ek, dk = ML_KEM_512.keygen(b"s" * 64)
    test = {"seed": (b"s" * 64).hex(), "ek": ek.hex(), "dk": dk.hex()}
    return document("ML-KEM", "MLKEMKeyGen", {"parameterSet": "ML-KEM-512"}, both(test, seed=(b"s" * 63).hex()))


def ml_kem_encaps() -> Json:
    ek, _ = ML_KEM_1024.keygen(b"s" * 64)
    K, c = ML_KEM_1024.encaps(ek, b"m" * 32)
    assert mlkem.MLKEM1024PrivateKey.from_seed_bytes(b"s" * 64).decapsulate(c) == K
    test = {"ek": ek.hex(), "m": (b"m" * 32).hex(), "c": c.hex(), "K": K.hex()}
    tests = both(test, ek="ffffff" + ek.hex()[6:])
    made = document("ML-KEM", "MLKEMEncapsTest", {"parameterSet": "ML-KEM-1024"}, tests)
    return {**made, "schema": "mlkem_encaps_test_schema.json"}


def ml_kem_decaps() -> Json:
    ek, dk = ML_KEM_768.keygen(b"s" * 64)
    K, c = mlkem.MLKEM768PublicKey.from_public_bytes(ek).encapsulate()
    test = {"dk": dk.hex(), "ek": ek.hex(), "c": c.hex(), "K": K.hex()}
    group = {"parameterSet": "ML-KEM-768"}
    return document("ML-KEM", "MLKEMDecapsValidationTest", group, both(test, dk=dk.hex()[:-128] + "00" * 64))


ML_DSA = mldsa.MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)


def ml_dsa_sign(form: str = "privateSeed") -> Json:
    pk, sk = ML_DSA_44.keygen(b"s" * 32)
    assert pk == ML_DSA.public_key().public_bytes_raw()
    signature = ML_DSA_44.sign(sk, b"m", rnd=bytes(32))
    ML_DSA.public_key().verify(signature, b"m")
    test = {"msg": b"m".hex(), "ctx": "", "rnd": bytes(32).hex(), "sig": signature.hex()}
    private = {"privateSeed": (b"s" * 32).hex(), "privateKey": sk.hex()}[form]
    return document("ML-DSA-44", "MlDsaSign", {form: private, "publicKey": pk.hex()}, both(test, ctx="00" * 256))


def ml_dsa_verify() -> Json:
    pk = ML_DSA.public_key().public_bytes_raw()
    group = {"publicKey": pk.hex(), "publicKeyDer": ML_DSA.public_key().public_bytes(DER, SPKI).hex()}
    signature = ML_DSA.sign(b"m").hex()
    test = {"msg": b"m".hex(), "ctx": "", "sig": signature}
    return document("ML-DSA-44", "MlDsaVerify", group, both(test, sig=signature[:-2] + "ff"))


KINDS: dict[str, Callable[[], Json]] = {
    "AES-CBC-PKCS5": ind_cpa,
    "AES-GCM": lambda: aead("AES-GCM", AESGCM(b"k" * 16), b"k" * 16),
    "AES-CCM": lambda: aead("AES-CCM", AESCCM(b"k" * 16), b"k" * 16),
    "ChaCha20-Poly1305": lambda: aead("CHACHA20-POLY1305", ChaCha20Poly1305(b"k" * 32), b"k" * 32),
    "HMAC": mac,
    "AES-CMAC": cmac,
    "KMAC": kmac,
    "AES key wrap": keywrap,
    "AES key wrap with padding": keywrap_padded,
    "HKDF": hkdf,
    "PBKDF2": pbkdf,
    "primality": primality,
    "OAEP": oaep,
    "PKCS #1 v1.5 decrypt": pkcs1_decrypt,
    "PKCS #1 v1.5 generate": pkcs1_generate,
    "PKCS #1 v1.5 verify": pkcs1_verify,
    "PSS": pss_verify,
    "PSS with parameters": lambda: pss_verify("RsassaPssWithParametersVerify"),
    "ECDSA": ecdsa,
    "ECDSA P1363": ecdsa_p1363,
    "ECDH SubjectPublicKeyInfo": lambda: ecdh("EcdhTest", "asn"),
    "ECDH SubjectPublicKeyInfo, P-224": lambda: ecdh("EcdhTest", "asn", ec.SECP224R1()),
    "ECDH SubjectPublicKeyInfo, secp256k1": lambda: ecdh("EcdhTest", "asn", ec.SECP256K1()),
    "ECDH point, P-224": lambda: ecdh("EcdhEcpointTest", "ecpoint", ec.SECP224R1()),
    "ECDH point": lambda: ecdh("EcdhEcpointTest", "ecpoint"),
    "X25519": xdh,
    "Ed25519": eddsa,
    "X448": xdh_448,
    "Ed448": eddsa_448,
    "ML-KEM": ml_kem,
    "ML-KEM keys": ml_kem_keygen,
    "ML-KEM encapsulation": ml_kem_encaps,
    "ML-KEM decapsulation": ml_kem_decaps,
    "ML-DSA with a seed": ml_dsa_sign,
    "ML-DSA verify": ml_dsa_verify,
}
OPTIONAL = {  # fields of tests
    "ML-KEM": {"comment", "flags", "ek"},
    "ML-KEM keys": {"comment", "flags"},
    "ML-KEM encapsulation": {"comment", "flags"},
    "ML-KEM decapsulation": {"comment", "flags", "K"},
    "ML-DSA with a seed": {"rnd"},
    "ML-DSA verify": {"ctx"},
}


def outcomes(made: Json) -> list[Outcome]:
    judge = Judge(perform, explain)
    return [judge.judge(case).outcome for case in cases("file", made)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_oracle_made_passes(kind: str) -> None:
    assert set(outcomes(KINDS[kind]())) == {Outcome.PASSED}


@pytest.mark.parametrize("kind", [pytest.param(k, marks=pytest.mark.slow) if "ML-" in k else k for k in KINDS])
def test_every_verdict_turned_round_fails(kind: str) -> None:
    made = KINDS[kind]()
    for test in made["testGroups"][0]["tests"]:
        test["result"] = "invalid" if test["result"] == "valid" else "valid"
    assert set(outcomes(made)) == {Outcome.FAILED}


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_and_missing_fields_are_errors(kind: str) -> None:
    for place in ("file", "group", "test"):
        made = KINDS[kind]()
        target = {"file": made, "group": made["testGroups"][0], "test": made["testGroups"][0]["tests"][0]}[place]
        target["surprise"] = 1
        with pytest.raises(VectorFileError, match="unknown field 'surprise'"):
            list(cases("file", made))
        del target["surprise"]
        missing = set(target) - {"type", "tests", "testGroups", "notes", "header", "numberOfTests", "algorithm", "tcId"}
        if place == "file":
            missing -= {"schema"} if kind == "ML-KEM encapsulation" else set()
        elif place == "test":
            missing -= OPTIONAL.get(kind, set()) | {"ctx"}
        for name in sorted(missing):
            value = target.pop(name)
            with pytest.raises(VectorFileError, match=f"lacks the field '{name}'"):
                list(cases("file", made))
            target[name] = value


@pytest.mark.parametrize("kind", OPTIONAL)
def test_fields_that_may_be_missing(kind: str) -> None:
    made = KINDS[kind]()
    for test in made["testGroups"][0]["tests"]:
        for name in OPTIONAL[kind]:
            del test[name]
    assert set(outcomes(made)) == {Outcome.PASSED}


def test_a_file_may_have_neither_header_nor_notes() -> None:
    made = ml_kem_keygen()
    del made["header"], made["notes"]
    assert set(outcomes(made)) == {Outcome.PASSED}


def test_a_private_key_may_stand_in_place_of_its_seed() -> None:
    assert set(outcomes(ml_dsa_sign("privateKey"))) == {Outcome.PASSED}


def test_a_representative_may_stand_in_place_of_the_message() -> None:
    made = ml_dsa_sign()
    mu = hashlib.shake_256(hashlib.shake_256(ML_DSA.public_key().public_bytes_raw()).digest(64) + b"\0\0m").digest(64)
    for test in made["testGroups"][0]["tests"]:
        del test["msg"]
        test["mu"] = mu.hex()
    assert outcomes(made) == [Outcome.PASSED, Outcome.FAILED]  # the second was to be refused, for its context


def test_groups_of_encapsulations_need_no_type() -> None:
    made = ml_kem_encaps()
    del made["testGroups"][0]["type"]
    assert set(outcomes(made)) == {Outcome.PASSED}


def one(**changes: Any) -> Case:
    made = mac()
    made["testGroups"][0]["tests"][0].update(changes)
    return next(cases("file", made))


def test_declared_and_found_counts_are_compared() -> None:
    made = mac()
    made["numberOfTests"] = 3
    with pytest.raises(VectorFileError, match="numberOfTests is 3, but the file has 2 tests"):
        list(cases("file", made))


def test_a_result_is_one_of_three() -> None:
    with pytest.raises(VectorFileError, match="the result is 'perhaps'"):
        one(result="perhaps")


def test_flags_keep_their_meaning() -> None:
    assert [(flag.name, flag.bug_type, flag.meaning) for flag in one().flags] == [
        ("Flag", "BASIC", "what the flag means")
    ]


def test_an_unknown_note_field_is_an_error() -> None:
    made = mac()
    made["notes"]["Flag"]["surprise"] = ""
    with pytest.raises(VectorFileError, match="unknown field 'surprise' in the note Flag"):
        list(cases("file", made))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.flag)
def test_acceptable_is_decided_by_the_rule_of_its_flag(rule: Any) -> None:
    case = one(result="acceptable", flags=[rule.flag])
    assert (case.policy, case.open, case.checks[-1].accepted) == (rule.text, False, rule.accepted)


def test_one_rule_that_refuses_is_enough() -> None:
    assert not one(result="acceptable", flags=["Twist", "ZeroSharedSecret"]).checks[-1].accepted


def test_acceptable_without_a_rule_is_open() -> None:
    judge = Judge(perform, explain)
    case = one(result="acceptable")
    assert (case.policy, case.open) == (OPEN, True)
    assert judge.judge(case).outcome is Outcome.PASSED
    refused = next(cases("file", {**ecdh_off_curve(), "numberOfTests": 1}))
    assert judge.judge(refused).outcome is Outcome.PASSED
    wrong = one(result="acceptable", tag="00" * 16)
    assert judge.judge(wrong).outcome is Outcome.FAILED


def ecdh_off_curve() -> Json:
    test = {"public": "04" + "01" * 64, "private": "01", "shared": "", "result": "acceptable"}
    return document("ECDH", "EcdhEcpointTest", {"curve": "secp256r1", "encoding": "ecpoint"}, [test])


def aes_cmac() -> Json:
    return document("AES-CMAC", "MacTest", {"keySize": 8, "tagSize": 8}, both({"key": "", "msg": "", "tag": ""}))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (
            document("VMAC-AES", "MacTest", {"keySize": 8, "tagSize": 8}, both({"key": "", "msg": "", "tag": ""})),
            "VMAC-AES",
        ),
        (document("BLS", "BlsAggregate", {}, [{"result": "valid", "sig": ""}]), "no algorithm here for tests of type"),
        (
            document(
                "ECDH",
                "EcdhEcpointTest",
                {"curve": "secp192r1", "encoding": "ecpoint"},
                both({"public": "", "private": "", "shared": ""}),
            ),
            "the curve secp192r1",
        ),
    ],
)
def test_what_is_not_implemented_is_skipped(made: Json, reason: str) -> None:
    for case in cases("file", made):
        result = Judge(perform, explain).judge(case)
        assert result.outcome is Outcome.SKIPPED
        assert reason in result.reason


def test_recognition() -> None:
    assert recognise(mac())
    assert not recognise([])
    assert not recognise({"testGroups": []})
