"""Two ECDSA signatures with one nonce: two equations, two unknowns.

A console's signing key was lost like this in 2010.
"""

from __future__ import annotations

from demo.lessons.script import Script
from primitives.ec import P256, ECPrivateKey, generate_ec_private_key, multiply
from primitives.ecdsa import bits2int, ecdsa_sign_p1363
from primitives.integers import mod_inverse, os2ip
from primitives.sha2 import sha256

MESSAGES = (b"Firmware 1.0", b"Firmware 1.1")
n = P256.n


def weak_sign(key: ECPrivateKey, message: bytes, k: int) -> tuple[int, int]:
    """The weak form: FIPS 186-5 §6.4.1, with a nonce that is always the same."""
    point = multiply(P256, k, P256.G)
    if point is None:
        raise ValueError("the nonce is 0")
    r = point[0] % n
    s = mod_inverse(k, n) * (hashed(message) + r * key.d) % n
    return r, s


def hashed(message: bytes) -> int:
    """Return the hash as a number."""
    return bits2int(sha256(message).digest(), n) % n


def lesson(script: Script) -> None:
    """Tell the lesson."""
    key = generate_ec_private_key(P256)
    script.weak_form("A signer needs a random number k for each signature. This one always takes the same.")
    k = generate_ec_private_key(P256).d
    (r1, s1), (r2, s2) = (weak_sign(key, message, k) for message in MESSAGES)
    script.value("first  r", f"{r1:064x}")
    script.value("second r", f"{r2:064x}")

    script.attack("The same r shows it. Then s₁ - s₂ = k⁻¹ · (h₁ - h₂), which gives k, and s₁·k = h₁ + r·d gives d.")
    h1, h2 = map(hashed, MESSAGES)
    found_k = (h1 - h2) * mod_inverse(s1 - s2, n) % n
    found_d = (s1 * found_k - h1) * mod_inverse(r1, n) % n
    script.value("d, computed", f"{found_d:064x}")
    public = ECPrivateKey(P256, found_d).public_key
    script.succeeded(public == key.public_key, "The number is the private key: its public key is the signer's.")

    script.ours("Our signer derives the nonce from the key and the message.")
    rs = [os2ip(ecdsa_sign_p1363(key, message, hash=sha256)[:32]) for message in (*MESSAGES, MESSAGES[0])]
    script.value("first  r", f"{rs[0]:064x}")
    script.value("second r", f"{rs[1]:064x}")
    script.unharmed(
        rs[0] != rs[1] and rs[0] == rs[2],
        "Another message, another nonce; the same message, the same signature. No random number can fail.",
        check="the nonce comes from HMAC_DRBG, seeded with the private key and the hash",
        where="primitives/ecdsa.py: ecdsa_sign",
        section="RFC 6979 §3.2",
    )
