"""Harvest now, decrypt later: a record of today, opened when its key exchange has fallen.

Diffie–Hellman falls to a quantum computer, whatever its size. Here it is so small that the logarithm can be computed.
"""

from __future__ import annotations

import secrets
from math import isqrt

from demo.lessons.script import Script
from primitives.gcm import AESGCM
from primitives.hkdf import hkdf_expand, hkdf_extract
from primitives.integers import i2osp
from primitives.ml_kem import ML_KEM_768
from primitives.sha2 import sha256

P, G = 68_719_476_599, 2  # a safe prime of 36 bits, and a number whose powers are half of all numbers
ORDER = (P - 1) // 2
SIZE = 5  # bytes of a number below P
NONCE = bytes(12)  # each key is for one message
MESSAGE = b"Pay 250.00 to Bala"


def key_of(*secrets_agreed: bytes) -> bytes:
    """Return the key that comes of all secrets that were agreed upon, one behind the other."""
    return hkdf_expand(hkdf_extract(b"", b"".join(secrets_agreed), hash=sha256), b"bank", 16, hash=sha256)


def logarithm(y: int) -> int:
    """Return x with G^x = y: by as many small steps, and then as many large ones, as the root of the order."""
    m = isqrt(ORDER) + 1
    small: dict[int, int] = {}
    value = 1
    for step in range(m):
        small.setdefault(value, step)
        value = value * G % P
    large, value = pow(G, -m, P), y
    for step in range(m):
        if value in small:
            return step * m + small[value]
        value = value * large % P
    raise ValueError("the number is no power of G")


def lesson(script: Script) -> None:
    """Tell the lesson."""
    a, b = (secrets.randbelow(ORDER - 2) + 2 for _ in range(2))
    A, B = pow(G, a, P), pow(G, b, P)
    shared = i2osp(pow(B, a, P), SIZE)
    script.weak_form(
        "Client and server agree on a secret by Diffie–Hellman alone. Nobody can break it today, and both forget their "
        "keys: that is forward secrecy. Eve keeps what goes over the wire."
    )
    recorded = AESGCM(key_of(shared)).encrypt(NONCE, MESSAGE, b"")
    for name, value in (("A", A), ("B", B), ("recorded", recorded)):
        script.value(name, value)

    script.attack(
        "Years later, logarithms can be computed. A quantum computer does so for any size; here the prime has 36 bits, "
        "and some 400,000 multiplications do."
    )
    found = logarithm(A)
    script.value("a", found)
    script.succeeded(pow(G, found, P) == A, "Eve has the private key that the client forgot years ago.")
    later = i2osp(pow(B, found, P), SIZE)
    opened = AESGCM(key_of(later)).decrypt(NONCE, recorded, b"")
    script.succeeded(opened == MESSAGE, f"She reads “{opened.decode()}”, sent long before.")

    script.ours(
        "X25519MLKEM768 puts a secret of ML-KEM in front of that of Diffie–Hellman, and the key comes of both. So the "
        "record falls only if both fall: ML-KEM to mathematics that nobody knows yet, and Diffie–Hellman, too."
    )
    dk = ML_KEM_768.generate_decapsulation_key()
    K, ciphertext = dk.ek.encaps()
    hybrid = AESGCM(key_of(K, shared)).encrypt(NONCE, MESSAGE, b"")
    script.value("ML-KEM's ciphertext", ciphertext[:32])
    script.value("recorded", hybrid)
    script.refused(
        lambda: AESGCM(key_of(later)).decrypt(NONCE, hybrid, b""),
        check="the key comes of both secrets, and Eve has one",
        where="handshake/registries/kem_groups.py: _HybridKeyPair",
        section="RFC 10024 §3.1.3",
    )
    script.refused(
        lambda: AESGCM(key_of(ML_KEM_768.generate_decapsulation_key().decaps(ciphertext), later)).decrypt(
            NONCE, hybrid, b""
        ),
        check="another decapsulation key gives another secret",
        where="primitives/ml_kem.py: ML_KEM.Decaps_internal",
        section="FIPS 203 §6.3 algorithm 18",
    )
