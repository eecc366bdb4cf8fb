"""Two ML-DSA signatures with one y: their difference is the key.

A lattice signature fails as an ECDSA signature does: a secret that hides the key is used twice.
"""

from __future__ import annotations

import secrets
from itertools import combinations

from demo.lessons.script import Script
from primitives.lattices.matrices import NTT, Matrix, NTT_inverse, vector
from primitives.lattices.rejection_sampling import SampleInBall
from primitives.lattices.rounding import HighBits_array, MakeHint_array
from primitives.ml_dsa import ML_DSA, ML_DSA_44, H, MLDSAPublicKey, R_q, d, norm, q, residues

ORDER = b"Pay 1,000,000 to Mallory"
ENOUGH = 16  # signatures: several of them end after the same number of attempts


class Forgetful(ML_DSA):
    """The weak form: FIPS 204 §6.2 algorithm 7, with a seed in line 7 that the message is not part of."""

    def seed_of_masks(self, K: bytes, rnd: bytes, mu: bytes) -> bytes:
        """Return the same ρ″ for all messages, where rnd is always the same, too."""
        return H(K + rnd, 64)


def secret_of(parameters: ML_DSA, first: bytes, second: bytes) -> Matrix | None:
    """Return s_1, if both signatures have the same y; else None.

    z − z′ = (c − c′) s_1. In the NTT domain, that is 256 equations with one unknown each, for each polynomial of s_1.
    """
    (c_tilde_1, z_1, _), (c_tilde_2, z_2, _) = parameters.sigDecode(first), parameters.sigDecode(second)
    c_1, c_2 = (residues([SampleInBall(c_tilde, parameters.tau)]) for c_tilde in (c_tilde_1, c_tilde_2))
    (factors,) = NTT(c_1 - c_2)
    if 0 in factors:
        return None
    inverses = [pow(x, -1, q) for x in factors]
    quotients = [[a * b % q for a, b in zip(f, inverses, strict=True)] for f in NTT(z_1 - z_2)]
    s_1 = NTT_inverse(vector(quotients, R_q, hat=True))
    return s_1 if norm(s_1) <= parameters.eta else None  # with different y, these are random numbers


def stolen(parameters: ML_DSA, signatures: list[bytes]) -> Matrix | None:
    """Return s_1, if any two of the signatures give it away."""
    found = (secret_of(parameters, *pair) for pair in combinations(signatures, 2))
    return next((s_1 for s_1 in found if s_1 is not None), None)


def forged(key: MLDSAPublicKey, s_1: Matrix, message: bytes) -> bytes:
    """Return a signature of `message`, made with s_1 and the public key alone.

    s_2 and t_0 are not needed: A s_1 − t_1·2^d is t_0 − s_2, and that is what the hints have to make up for.
    """
    parameters = key.parameters
    mu = H(key.tr + parameters.formatted(message, b"", None), 64)
    s_hat_1, seed = NTT(s_1), secrets.token_bytes(64)
    u_hat = NTT(NTT_inverse(key.A_hat @ s_hat_1) - vector([[(x << d) % q for x in f] for f in key.t_1], R_q))
    kappa = 0
    while True:
        y = parameters.ExpandMask(seed, kappa)
        w = NTT_inverse(key.A_hat @ NTT(y))
        w_1 = [HighBits_array(f, parameters.gamma2) for f in w]
        c_tilde = H(mu + parameters.w1Encode(w_1), parameters.strength // 4)
        c_hat = NTT(residues([SampleInBall(c_tilde, parameters.tau)]))
        z, cu = y + NTT_inverse(s_hat_1 @ c_hat), NTT_inverse(u_hat @ c_hat)
        minus = [[-x % q for x in f] for f in cu]
        h = [MakeHint_array(f, r, parameters.gamma2) for f, r in zip(minus, w + cu, strict=True)]
        fits = norm(z) < parameters.gamma1 - parameters.beta and norm(cu) < parameters.gamma2
        if fits and sum(map(sum, h)) <= parameters.omega:
            return parameters.sigEncode(c_tilde, z, h)
        kappa += parameters.l


def lesson(script: Script) -> None:
    """Tell the lesson."""
    pk, sk = ML_DSA_44.keygen()
    key = ML_DSA_44.public_key(pk)
    messages = [b"Invoice %d" % i for i in range(ENOUGH)]
    script.weak_form("z = y + c s₁ hides the key behind a random y. This signer makes y of its key alone.")
    weak = Forgetful(**vars(ML_DSA_44)).private_key(sk)
    signatures = [weak.sign(message, rnd=bytes(32)) for message in messages]
    for message, signature in zip(messages, signatures, strict=True):
        ML_DSA_44.verify(pk, message, signature)
    script.value("signatures", f"{ENOUGH}, all of them valid")

    script.attack("Two with the same y: z − z′ = (c − c′) s₁, where all but s₁ is public. It takes one division.")
    s_1 = stolen(ML_DSA_44, signatures)
    if s_1 is not None:
        near_0 = [x if x <= q // 2 else x - q for x in s_1.entries[0][0]]
        script.value("s₁, computed", f"{', '.join(map(str, near_0[:16]))}, …")
        ML_DSA_44.verify(pk, ORDER, forged(key, s_1, ORDER))
    script.succeeded(
        s_1 is not None and s_1.entries == ML_DSA_44.private_key(sk).s_1.entries,
        f"It is the signer's s₁, and enough to sign “{ORDER.decode()}”: the public key verifies it.",
    )

    script.ours("Our signer has no random numbers either: rnd is always 0. But the message goes into the seed of y.")
    ours = ML_DSA_44.private_key(sk)
    honest = [ours.sign(message, rnd=bytes(32)) for message in messages]
    script.value("pairs tried", ENOUGH * (ENOUGH - 1) // 2)
    script.unharmed(
        stolen(ML_DSA_44, honest) is None,
        "No two of them share a y, so no quotient is small.",
        check="the seed of y is a hash of a secret of the key, rnd, and the message",
        where="primitives/ml_dsa.py: ML_DSA.seed_of_masks",
        section="FIPS 204 §6.2 algorithm 7",
    )
