"""ECDH: two parties with a key pair each compute the same secret.

Standard     SP 800-56A rev. 3 §5.7.1.2 (ECC CDH, with cofactor 1); SEC 1 v2.0 §3.3.1.
Left out     Key derivation: the secret is not uniformly random and goes into a KDF, such as `primitives.hkdf`.
Timing       dQ in `primitives.curves.jacobian`, whose head says what leaks.

>>> from primitives.ec import P256, ECPrivateKey, ECPublicKey
>>> d = 0x7D7DC5F71EB29DDAF80D6214632EEAE03D9058AF1FB6D22ED80BADB62BC1A534     # NIST CAVP, ECC CDH, P-256, COUNT = 0
>>> Q = ECPublicKey.from_bytes(P256, bytes.fromhex(
...     "04" "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
...     "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac"))
>>> ecdh(ECPrivateKey(P256, d), Q).hex()
'46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b'
"""

from __future__ import annotations

from explain.trace import algorithm, note
from primitives.ec import ECPrivateKey, ECPublicKey, multiply
from primitives.integers import i2osp


@algorithm("SP 800-56A §5.7.1.2", "ECDH", "d₁Q₂ = d₁d₂G = d₂Q₁: both come to the same point")
def ecdh(private: ECPrivateKey, public: ECPublicKey) -> bytes:
    """Return the shared secret Z of the owner of `private` and the owner of `public`, `coordinate_size` bytes.

    That `public` is a point of the curve and not infinity was checked when it was made. Raises `ValueError` if the
    keys are on different curves.
    """
    if private.curve != public.curve:
        raise ValueError(f"ECDH: the keys are on {private.curve.name} and {public.curve.name}, expected one curve")
    P = multiply(private.curve, private.d, public.Q)
    note("1", "P = dQ", P, "nobody knows how to compute it from Q₁ and Q₂ alone", form="point")
    if P is None:  # step 2: never so for a point of prime order n and 0 < d < n, which both keys were checked for
        raise ValueError("ECDH: the shared point is infinity")
    return note("", "Z", i2osp(P[0], private.curve.coordinate_size), "x alone: y adds one bit that anybody can guess")
