"""ML-DSA: signatures that quantum computers are not known to forge.

Standard     FIPS 204 (August 2024); each algorithm is one function, and the numbers in comments are those of its lines.
Left out     Messages that are not whole bytes; the bounds on loops of appendix C.
Timing       How often signing begins anew, and at which check, shows; it is the same for all keys on average, and what
             is rejected is thrown away. Python's integers are not constant-time.

>>> seed = bytes.fromhex("a991fd42b071d49c48ae3e75c647459e0daad1e1ba356a04801912d3294bcff8")     # NIST's ACVP samples:
>>> pk, sk = ML_DSA_65.keygen(seed)     # keyGen, tcId 26
>>> pk[:8].hex()
'36db0b5dce98bd19'
>>> signature = ML_DSA_65.sign(sk, b"message")
>>> ML_DSA_65.verify(pk, b"message", signature)     # it returns: the signature is valid

Given A and t = A s_1 + s_2, where s_1 and s_2 are small, nobody knows how to find them. The signer proves that it
knows them: it takes a random y, sends w = A y, gets a challenge c, and answers z = y + c s_1. Then A z − c t is
w − c s_2, which is w but for a small error, and nobody without s_1 can answer most challenges with a small z. Nobody
needs to ask: the challenge is a hash of the high bits of w and the message, which the small error hardly ever changes.

But z tells something of s_1: where y is large, a larger z is likelier if c s_1 is large, too. So the signer throws z
away if one of its coefficients is so large that not all s_1 could have led there equally well, and begins anew with
another y. The same goes for the low bits of w − c s_2. Of the signatures that remain, all are equally likely, whatever
the key is; on average it takes four or five attempts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hmac import compare_digest
from typing import TypeVar

from explain.trace import algorithm, note, steps, tracing
from primitives.errors import InvalidSignature
from primitives.integers import RandomBytes
from primitives.lattices.bit_packing import (
    BitPack,
    BitUnpack,
    HintBitPack,
    HintBitUnpack,
    SimpleBitPack,
    SimpleBitUnpack,
)
from primitives.lattices.matrices import NTT, Matrix, NTT_inverse, arrays, vector
from primitives.lattices.ntt import Array, Ring
from primitives.lattices.rejection_sampling import RejBoundedPoly_many, RejNTTPoly_many, SampleInBall
from primitives.lattices.rounding import (
    HighBits_array,
    LowBits_array,
    MakeHint_array,
    Power2Round_array,
    Q,
    UseHint_array,
    mod_plus_minus,
)
from primitives.octets import BytesLike, require_bytes
from primitives.prehash import Prehash, prehashed
from primitives.sha3 import shake_256

# §4 table 1, §2.5: 512 divides q − 1 = 2^13·1023, so X^256 + 1 splits into 256 factors, and a residue is one number.
# All that a signature adds up stays far below q, which has 23 bits.
n, q, zeta, d = 256, Q, 1753, 13
R_q = Ring(
    q=q,
    n=n,
    zeta=zeta,
    layers=8,
    ntt="FIPS 204 §7.5 algorithm 41",
    inverse="FIPS 204 §7.5 algorithm 42",
    multiply="FIPS 204 §7.6 algorithm 45",
    ntt_lines=("6", "10", "12"),
    inverse_lines=("6", "10", "21"),
)
T_1_BITS = (q - 1).bit_length() - d  # that pkEncode keeps of a coefficient
Pieces = TypeVar("Pieces", bytes, list[bytes], list[Array])
MASKS_AT_ONCE = 4  # attempts whose y is made together, in lanes: one in two signatures needs no more


@algorithm("FIPS 204 §3.7", "H", "random to all who do not know what goes in: SHAKE256")
def H(s: bytes, length: int) -> bytes:
    """Return `length` bytes of SHAKE256 of `s`."""
    return shake_256(s).digest(length)


def signed(M: Matrix) -> object:
    """Return what a step shows of a matrix with small coefficients: each as a number near 0, modulo q."""
    near_0 = [[[mod_plus_minus(x, q) for x in f] for f in row] for row in M.entries]
    return arrays(Matrix(near_0, M.ring, M.hat))


def norm(M: Matrix) -> int:
    """Return ‖M‖∞, how far the coefficient farthest from 0 is away from it (§2.3)."""
    return max(max(x if x <= q // 2 else q - x for x in f) for f in M)


# --- Keys.


@dataclass(frozen=True)
class MLDSAPublicKey:
    """A public key. What depends on nothing else is computed once: the matrix, its hash, and t_1.

    parameters: its parameter set. pk: the key, 32 + 320·k bytes. `ML_DSA.public_key` checks it.
    """

    parameters: ML_DSA
    pk: bytes

    def to_bytes(self) -> bytes:
        """Return the key as bytes (§7.2 algorithm 22)."""
        return self.pk

    @cached_property
    def rho(self) -> bytes:
        """The seed of the matrix (algorithm 23 line 1)."""
        return self.pk[:32]

    @cached_property
    def t_1(self) -> Matrix:
        """The high bits of t (algorithm 23 line 3)."""
        parts = pieces(self.pk[32:], 32 * T_1_BITS)
        return vector([SimpleBitUnpack(z, (1 << T_1_BITS) - 1) for z in parts], R_q)

    @cached_property
    def t_1_hat(self) -> Matrix:
        """NTT(t_1·2^d) (algorithm 8 line 9)."""
        return NTT(vector([[(x << d) % q for x in f] for f in self.t_1], R_q))

    @cached_property
    def A_hat(self) -> Matrix:
        """The matrix (algorithm 8 line 5)."""
        return self.parameters.ExpandA(self.rho)

    @cached_property
    def tr(self) -> bytes:
        """The hash of the key (algorithm 8 line 6)."""
        return H(self.pk, 64)

    def verify(
        self, message: BytesLike, signature: BytesLike, *, context: BytesLike = b"", prehash: Prehash | None = None
    ) -> None:
        """Return if the signature is valid, as `ML_DSA.verify` does."""
        M_prime = self.parameters.formatted(message, context, prehash)
        self.parameters.Verify_internal(
            self, M_prime, require_bytes(signature, f"{self.parameters.name}: the signature")
        )


@dataclass(frozen=True)
class MLDSAPrivateKey:
    """A private key. What depends on nothing else is computed once.

    parameters: its parameter set. sk: the key; `ML_DSA.private_key` checks it.
    seed: ξ, 32 bytes, that the key was made of; None if only the key was kept, which does not tell its seed.
    """

    parameters: ML_DSA
    sk: bytes = field(repr=False)
    seed: bytes | None = field(default=None, repr=False)

    @cached_property
    def rho(self) -> bytes:
        """The seed of the matrix (algorithm 25 line 1)."""
        return self.sk[:32]

    @cached_property
    def K(self) -> bytes:
        """The secret that y is made with (algorithm 25 line 1)."""
        return self.sk[32:64]

    @cached_property
    def tr(self) -> bytes:
        """The hash of the public key (algorithm 25 line 1)."""
        return self.sk[64:128]

    @cached_property
    def small(self) -> list[Array]:
        """The polynomials of s_1, and of s_2 after them, with coefficients near 0 (algorithm 25 lines 3, 6)."""
        eta, size = self.parameters.eta, self.parameters.small_size
        count = self.parameters.l + self.parameters.k
        return [BitUnpack(v, eta, eta) for v in pieces(self.sk[128 : 128 + count * size], size)]

    @cached_property
    def s_1(self) -> Matrix:
        """The secret that signs."""
        return residues(self.small[: self.parameters.l])

    @cached_property
    def s_2(self) -> Matrix:
        """The errors of t."""
        return residues(self.small[self.parameters.l :])

    @cached_property
    def t_0(self) -> Matrix:
        """The low bits of t (algorithm 25 line 9)."""
        half = 1 << d - 1
        return residues([BitUnpack(v, half - 1, half) for v in pieces(self.sk[-32 * d * self.parameters.k :], 32 * d)])

    @cached_property
    def hats(self) -> tuple[Matrix, Matrix, Matrix]:
        """s_1, s_2 and t_0 in the NTT domain (algorithm 7 lines 2 to 4)."""
        return NTT(self.s_1), NTT(self.s_2), NTT(self.t_0)

    @cached_property
    def A_hat(self) -> Matrix:
        """The matrix (algorithm 7 line 5)."""
        return self.parameters.ExpandA(self.rho)

    @cached_property
    def public_key(self) -> MLDSAPublicKey:
        """The public key that belongs to this one. Raises `ValueError` if t_0 or tr is not of this key."""
        t = NTT_inverse(self.A_hat @ NTT(self.s_1)) + self.s_2
        t_1, t_0 = self.parameters.Power2Round(t)
        pk = self.parameters.pkEncode(self.rho, t_1)
        if t_0.entries != self.t_0.entries or not compare_digest(H(pk, 64), self.tr):
            raise ValueError(f"{self.parameters.name}: the private key is damaged: its parts do not belong together")
        return MLDSAPublicKey(self.parameters, pk)

    def sign(
        self,
        message: BytesLike,
        *,
        context: BytesLike = b"",
        prehash: Prehash | None = None,
        rnd: BytesLike | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> bytes:
        """Return a signature of `message`, as `ML_DSA.sign` does."""
        M_prime = self.parameters.formatted(message, context, prehash)
        rnd = random_bytes(32) if rnd is None else require_bytes(rnd, f"{self.parameters.name}: rnd")
        self.parameters.check_length("rnd", rnd, 32)
        note("FIPS 204 §5.2 algorithm 2 step 5", "rnd", rnd, "makes y new, against fault attacks; zeros will do, too")
        return self.parameters.Sign_internal(self, M_prime, rnd)


def pieces(whole: Pieces, size: int) -> list[Pieces]:
    """Return the whole, bytes or a list, in pieces of this size."""
    return [whole[i : i + size] for i in range(0, len(whole), size)]


def _why_z(z_norm: int, limit: int) -> str:
    """Return why z is kept or rejected."""
    if z_norm < limit:
        return f"{z_norm}, below {limit}: every s_1 leads here equally often, so z tells nothing of it"
    return f"{z_norm}, not below {limit}: rejected, since some s_1 lead here more often than others"


def _why_r(r_norm: int, limit: int) -> str:
    """Return why the low bits are good enough or not."""
    if r_norm < limit:
        return f"{r_norm}, below {limit}: c s_2 cannot have changed the high bits, and the low bits tell nothing of s_2"
    return f"{r_norm}, not below {limit}: rejected, since c s_2 could change the high bits, and they would tell of s_2"


def residues(polynomials: Iterable[Array]) -> Matrix:
    """Return a vector of polynomials, whose coefficients may be negative."""
    return vector([[x % q for x in f] for f in polynomials], R_q)


@dataclass(frozen=True)
class ML_DSA:
    """ML-DSA with a parameter set (§4 table 1).

    name: of the set. strength: λ, in bits, of the challenge. tau: how many coefficients of c are not 0. gamma1: the
    range of y. gamma2: half a step of the high bits. k, l: the rows and columns of the matrix. eta: the range of the
    secrets. omega: how many hints may be 1.
    """

    name: str
    strength: int
    tau: int
    gamma1: int
    gamma2: int
    k: int
    l: int  # noqa: E741  # ℓ
    eta: int
    omega: int

    @property
    def beta(self) -> int:
        """How large a coefficient of c s_1 or c s_2 can be."""
        return self.tau * self.eta

    @property
    def small_size(self) -> int:
        """The bytes of a polynomial of s_1 or s_2."""
        return 32 * (2 * self.eta).bit_length()

    @property
    def z_size(self) -> int:
        """The bytes of a polynomial of z, or of y."""
        return 32 * (1 + (self.gamma1 - 1).bit_length())

    @property
    def pk_size(self) -> int:
        """The bytes of a public key."""
        return 32 + 32 * T_1_BITS * self.k

    @property
    def sk_size(self) -> int:
        """The bytes of a private key."""
        return 128 + self.small_size * (self.l + self.k) + 32 * d * self.k

    @property
    def signature_size(self) -> int:
        """The bytes of a signature."""
        return self.strength // 4 + self.z_size * self.l + self.omega + self.k

    # --- ML-DSA, §5.

    @algorithm(
        "FIPS 204 §5.1 algorithm 1",
        "{self.name}.KeyGen",
        "a key to give away, and one to keep",
        parts=(("pk", 1), ("sk", 1)),
    )
    def keygen(
        self, seed: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> tuple[bytes, bytes]:
        """Return a public key and its private key (§5.1 algorithm 1).

        seed: ξ, 32 bytes, which determine the keys; fresh random bytes if None.

        Raises `TypeError` if the seed is not bytes, and `ValueError` if it is not 32.
        """
        seed = random_bytes(32) if seed is None else require_bytes(seed, f"{self.name}: the seed")
        self.check_length("the seed", seed, 32)
        return self.KeyGen_internal(note("1", "ξ", seed, "all of both keys comes from it"))  # 5

    @algorithm("FIPS 204 §5.2 algorithm 2", "{self.name}.Sign", "nobody without the private key can make it")
    def sign(
        self,
        sk: BytesLike,
        message: BytesLike,
        *,
        context: BytesLike = b"",
        prehash: Prehash | None = None,
        rnd: BytesLike | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> bytes:
        """Return a signature of `message` (§5.2 algorithm 2, and with `prehash` §5.4.1 algorithm 4).

        sk: the private key. message: bytes of any length. context: what the signature is for, at most 255 bytes.
        prehash: a hash function, or SHAKE128 or SHAKE256; then HashML-DSA signs the message's digest.
        rnd: 32 bytes, fresh random ones if None; 32 zeros make the deterministic variant.

        Raises `TypeError` if one of them is not bytes, and `ValueError` for a length that is wrong, or a private key
        with a coefficient out of range.
        """
        return self.private_key(sk).sign(message, context=context, prehash=prehash, rnd=rnd, random_bytes=random_bytes)

    @algorithm(
        "FIPS 204 §5.3 algorithm 3",
        "{self.name}.Verify",
        "anybody with the public key can check it",
        show=lambda _: True,
    )
    def verify(
        self,
        pk: BytesLike,
        message: BytesLike,
        signature: BytesLike,
        *,
        context: BytesLike = b"",
        prehash: Prehash | None = None,
    ) -> None:
        """Return if `signature` is that of `message`; raise `InvalidSignature` if not (§5.3 algorithm 3; §5.4.1).

        pk: the public key. context, prehash: as the signer had them.

        Raises `TypeError` if one of them is not bytes, and `ValueError` for a key or a context of a wrong length.
        """
        self.public_key(pk).verify(message, signature, context=context, prehash=prehash)

    def sign_internal(self, sk: BytesLike, message: BytesLike, *, rnd: BytesLike, mu: BytesLike | None = None) -> bytes:
        """Return a signature of a message that is formatted already (§6.2 algorithm 7).

        sk: the private key. message: M′, bytes of any length. rnd: 32 bytes.
        mu: the message representative, 64 bytes, if somebody else has computed it; then `message` is not looked at.

        Errors as of `sign`.
        """
        rnd = require_bytes(rnd, f"{self.name}: rnd")
        self.check_length("rnd", rnd, 32)
        key = self.private_key(sk)
        return self.Sign_internal(key, require_bytes(message, f"{self.name}: the message"), rnd, self._mu(mu))

    def verify_internal(
        self, pk: BytesLike, message: BytesLike, signature: BytesLike, *, mu: BytesLike | None = None
    ) -> None:
        """Return if `signature` is that of a formatted message; errors as of `verify` (§6.3 algorithm 8).

        message, mu: as for `sign_internal`.
        """
        message, signature = (
            require_bytes(message, f"{self.name}: the message"),
            require_bytes(signature, f"{self.name}: the signature"),
        )
        self.Verify_internal(self.public_key(pk), message, signature, self._mu(mu))

    def public_key(self, pk: BytesLike) -> MLDSAPublicKey:
        """Return the key, to be used as often as one likes; errors as of `verify`."""
        pk = require_bytes(pk, f"{self.name}: the public key")
        self.check_length("the public key", pk, self.pk_size)
        return MLDSAPublicKey(self, pk)

    def private_key(self, sk: BytesLike) -> MLDSAPrivateKey:
        """Return the key, checked, to be used as often as one likes; errors as of `sign`."""
        sk = require_bytes(sk, f"{self.name}: the private key")
        self.check_length("the private key", sk, self.sk_size)
        key = MLDSAPrivateKey(self, sk)
        if any(min(f) < -self.eta for f in key.small):  # algorithm 25 lines 3, 6: only where the key is malformed
            raise ValueError(f"{self.name}: the private key has a coefficient of s_1 or s_2 below −{self.eta}")
        return key

    def generate_private_key(
        self, seed: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> MLDSAPrivateKey:
        """Return a new key that keeps its seed, to be used as often as one likes; seed and errors as of `keygen`."""
        seed = random_bytes(32) if seed is None else require_bytes(seed, f"{self.name}: the seed")
        return MLDSAPrivateKey(self, self.keygen(seed)[1], seed)

    def formatted(self, message: BytesLike, context: BytesLike, prehash: Prehash | None) -> bytes:
        """Return M′, the message with its context (algorithm 2 line 10; algorithm 4 line 23)."""
        message = require_bytes(message, f"{self.name}: the message")
        context = require_bytes(context, f"{self.name}: the context")
        if len(context) > 255:
            raise ValueError(f"{self.name}: the context has {len(context)} bytes, expected at most 255")
        head = bytes([prehash is not None, len(context)]) + context
        content = message if prehash is None else prehashed(prehash, message)
        why = "its length comes first, so that no other context and message make the same; 1 where it is a digest"
        return note("FIPS 204 §5.4", "M′", head + content, why, parts=(("IntegerToBytes(0, 1) or 1", 1), ("|ctx|", 1)))

    def _mu(self, mu: BytesLike | None) -> bytes | None:
        if mu is None:
            return None
        mu = require_bytes(mu, f"{self.name}: mu")
        self.check_length("mu", mu, 64)
        return mu

    def check_length(self, what: str, value: bytes, length: int) -> None:
        """Raise `ValueError` if a value has not this length."""
        if len(value) != length:
            raise ValueError(f"{self.name}: {what} has {len(value)} bytes, expected {length}")

    # --- The internal algorithms, §6.

    @algorithm(
        "FIPS 204 §6.1 algorithm 6",
        "KeyGen_internal",
        "linear equations with errors: t = A s_1 + s_2",
        parts=(("pk", 1), ("sk", 1)),
    )
    def KeyGen_internal(self, xi: bytes) -> tuple[bytes, bytes]:
        """Return a public key and its private key (§6.1 algorithm 6). xi: 32 random bytes."""
        # The numbers k and ℓ make other keys of the same seed in each parameter set.
        expanded = H(xi + bytes([self.k, self.l]), 128)
        rho = note("1", "rho", expanded[:32], "the seed of the matrix, which is public")
        rho_prime = note("1", "rho′", expanded[32:96], "the seed of the secrets")
        K = note("1", "K", expanded[96:], "a secret of its own, for y when signing")
        with steps("3", "A_hat", "random, and so as good in the NTT domain as out of it", form="polynomial") as line:
            A_hat = line.gives(self.ExpandA(rho), show=arrays)
        s_1, s_2 = self.ExpandS(rho_prime)  # 4
        with steps("5", "t", "A s_1 + s_2: without s_2, elimination would find s_1", form="polynomial") as line:
            t = line.gives(NTT_inverse(A_hat @ NTT(s_1)) + s_2, show=arrays)
        t_1, t_0 = self.Power2Round(t)
        note("6", "t_1", t_1, "the high bits, which verifying can do with", form="polynomial", show=arrays)
        note("6", "t_0", t_0, "the low bits, which only the hints need", form="polynomial", show=signed)
        pk = note(
            "8", "pk", self.pkEncode(rho, t_1), "the seed in place of the matrix", parts=(("rho", 32), ("t_1", 1))
        )
        with steps("9", "tr", "binds each signature to this key") as line:
            tr = line.gives(H(pk, 64))
        sk = self.skEncode(rho + K + tr, s_1, s_2, t_0)
        parts = (
            ("rho", 32),
            ("K", 32),
            ("tr", 64),
            ("s_1", self.small_size * self.l),
            ("s_2", self.small_size * self.k),
        )
        note("10", "sk", sk, "the secrets, and what would be computed anew each time", parts=(*parts, ("t_0", 1)))
        return pk, sk  # 11

    @algorithm("FIPS 204 §6.2 algorithm 7", "Sign_internal", "a proof of knowing s_1, tied to the message")
    def Sign_internal(self, sk: MLDSAPrivateKey, M_prime: bytes, rnd: bytes, mu: bytes | None = None) -> bytes:
        """Return a signature (§6.2 algorithm 7). M_prime: the message. rnd: 32 bytes. mu: in place of the message."""
        note("1", "s_1", sk.s_1, "the secret", form="polynomial", show=signed)
        note("1", "s_2", sk.s_2, "the errors of t", form="polynomial", show=signed)
        note("1", "t_0", sk.t_0, "what the public key lacks of t", form="polynomial", show=signed)
        with steps("2", "s_hat_1, s_hat_2, t_hat_0", "in the NTT domain, where products are quick"):
            s_hat_1, s_hat_2, t_hat_0 = sk.hats  # 2 to 4
        with steps("5", "A_hat", "the same matrix as the key was made with", form="polynomial") as line:
            A_hat = line.gives(sk.A_hat, show=arrays)
        if mu is None:
            with steps("6", "mu", "stands for the message, and for the key by its hash") as line:
                mu = line.gives(H(sk.tr + M_prime, 64))
        with steps("7", "rho″", "the seed of y: new for each message, even if rnd is not") as line:
            rho_2 = line.gives(self.seed_of_masks(sk.K, rnd, mu))
        masks = self._masks(rho_2)  # 8
        while True:  # 10
            kappa, y = next(masks)  # 11, 31
            with steps("10", f"kappa = {kappa}", "an attempt, with a y of its own") as attempt:
                made = self._attempt(A_hat, (s_hat_1, s_hat_2, t_hat_0), mu, y)
                attempt.gives(made is not None)
            if made is not None:
                return self.sigEncode(*made)  # 33, 34

    def _attempt(
        self, A_hat: Matrix, hats: tuple[Matrix, Matrix, Matrix], mu: bytes, y: Matrix
    ) -> tuple[bytes, Matrix, list[Array]] | None:
        """Return c_tilde, z and h of a signature, or None if y does not lead to one (algorithm 7 lines 11 to 30)."""
        s_hat_1, s_hat_2, t_hat_0 = hats
        gamma1, gamma2, beta = self.gamma1, self.gamma2, self.beta
        note("11", "y", y, "hides c s_1 in z; anyone who learns it learns s_1", form="polynomial", show=signed)
        with steps("12", "w", "A y: the commitment, made before the challenge is known", form="polynomial") as line:
            w = line.gives(NTT_inverse(A_hat @ NTT(y)), show=arrays)
        w_1 = [HighBits_array(f, gamma2) for f in w]
        note("13", "w_1", w_1, "the high bits: the verifier cannot know the others", form="polynomial")
        with steps("15", "c_tilde", "the challenge: nobody can choose it, as it depends on w and the message") as line:
            c_tilde = line.gives(H(mu + self.w1Encode(w_1), self.strength // 4))
        with steps("16", "c", "small, so that c s_1 is", form="polynomial") as line:
            c = line.gives(residues([SampleInBall(c_tilde, self.tau)]), show=signed)
        with steps("17", "c_hat", "in the NTT domain", form="polynomial") as line:
            c_hat = line.gives(NTT(c), show=arrays)
        with steps("18", "⟨⟨cs_1⟩⟩", "at most β in each coefficient", form="polynomial") as line:
            cs_1 = line.gives(NTT_inverse(s_hat_1 @ c_hat), show=signed)
        z = note(
            "20", "z", y + cs_1, "the answer: only the owner of s_1 has a small one", form="polynomial", show=signed
        )
        z_norm = norm(z)
        if note("23", "‖z‖∞ ≥ γ_1 − β", z_norm >= gamma1 - beta, _why_z(z_norm, gamma1 - beta)):
            return None
        with steps("19", "⟨⟨cs_2⟩⟩", "at most β in each coefficient", form="polynomial") as line:
            cs_2 = line.gives(NTT_inverse(s_hat_2 @ c_hat), show=signed)
        less = w - cs_2
        r_0 = [LowBits_array(f, gamma2) for f in less]
        note("21", "r_0", r_0, "how far w − c s_2 is from a step of its high bits", form="polynomial")
        r_norm = max(max(max(f), -min(f)) for f in r_0)
        if note("23", "‖r_0‖∞ ≥ γ_2 − β", r_norm >= gamma2 - beta, _why_r(r_norm, gamma2 - beta)):
            return None
        with steps("25", "⟨⟨ct_0⟩⟩", "what w lacks for those who know only t_1", form="polynomial") as line:
            ct_0 = line.gives(NTT_inverse(t_hat_0 @ c_hat), show=signed)
        minus = [[-x % q for x in f] for f in ct_0]
        h = [MakeHint_array(z_i, r, gamma2) for z_i, r in zip(minus, less + ct_0, strict=True)]
        note("26", "h", h, "where the missing c t_0 would change the high bits", form="polynomial")
        ones, ct_norm = sum(map(sum, h)), norm(ct_0)
        if note("28", "‖⟨⟨ct_0⟩⟩‖∞ ≥ γ_2", ct_norm >= gamma2, f"{ct_norm}, and γ_2 is {gamma2}: one bit tells no more"):
            return None
        if note("28", "ones in h > ω", ones > self.omega, f"{ones}, and a signature has room for {self.omega}"):
            return None
        return c_tilde, z, h

    @algorithm(
        "FIPS 204 §6.3 algorithm 8",
        "Verify_internal",
        "A z − c t is w, but for what the hints make up for",
        show=lambda _: True,
    )
    def Verify_internal(self, pk: MLDSAPublicKey, M_prime: bytes, sigma: bytes, mu: bytes | None = None) -> None:
        """Return if the signature is valid, or raise `InvalidSignature` (§6.3 algorithm 8)."""
        if len(sigma) != self.signature_size:  # §3.6.2
            raise InvalidSignature(f"{self.name}: the signature has {len(sigma)} bytes, expected {self.signature_size}")
        note("1", "t_1", pk.t_1, "the high bits of t", form="polynomial", show=arrays)
        c_tilde, z, h = self.sigDecode(sigma)
        note("2", "c_tilde", c_tilde, "the signer's challenge")
        note("2", "z", z, "the signer's answer", form="polynomial", show=signed)
        if h is None:  # 3
            raise InvalidSignature(f"{self.name}: the signature's hints are malformed")
        note("2", "h", h, "where the high bits change", form="polynomial")
        z_norm = norm(z)
        short = note(
            "13", "‖z‖∞ < γ_1 − β", z_norm < self.gamma1 - self.beta, f"{z_norm}: with large z, anyone could sign"
        )
        if not short:
            raise InvalidSignature(f"{self.name}: the signature does not belong to this message and public key")
        with steps("5", "A_hat", "the same matrix as the key was made with", form="polynomial") as line:
            A_hat = line.gives(pk.A_hat, show=arrays)
        if mu is None:
            with steps("6", "tr", "the hash of the public key") as line:
                tr = line.gives(pk.tr)
            with steps("7", "mu", "stands for the message, and for the key by its hash") as line:
                mu = line.gives(H(tr + M_prime, 64))
        with steps("8", "c", "the challenge that these bytes stand for", form="polynomial") as line:
            c = line.gives(residues([SampleInBall(c_tilde, self.tau)]), show=signed)
        with steps("9", "w′_Approx", "A z − c t_1·2^d = w − c s_2 + c t_0", form="polynomial") as line:
            w_approx = line.gives(NTT_inverse(A_hat @ NTT(z) - pk.t_1_hat @ NTT(c)), show=arrays)
        w_1 = [UseHint_array(h_i, r, self.gamma2) for h_i, r in zip(h, w_approx, strict=True)]
        note("10", "w′_1", w_1, "the high bits of the signer's w, if all is as it should be", form="polynomial")
        with steps("12", "c_tilde′", "the challenge that this w leads to") as line:
            c_tilde_prime = line.gives(H(mu + self.w1Encode(w_1), self.strength // 4))
        if not note("13", "c_tilde = c_tilde′", c_tilde == c_tilde_prime, "so w came first, and for this message"):
            raise InvalidSignature(f"{self.name}: the signature does not belong to this message and public key")

    # --- Encodings, §7.2.

    def pkEncode(self, rho: bytes, t_1: Matrix) -> bytes:
        """Return the public key (§7.2 algorithm 22)."""
        return rho + b"".join([SimpleBitPack(f, (1 << T_1_BITS) - 1) for f in t_1])

    def skEncode(self, head: bytes, s_1: Matrix, s_2: Matrix, t_0: Matrix) -> bytes:
        """Return the private key (§7.2 algorithm 24). head: ρ ‖ K ‖ tr."""
        eta, half = self.eta, 1 << d - 1
        small = [BitPack([mod_plus_minus(x, q) for x in f], eta, eta) for f in (*s_1, *s_2)]
        return head + b"".join([*small, *[BitPack([mod_plus_minus(x, q) for x in f], half - 1, half) for f in t_0]])

    def sigEncode(self, c_tilde: bytes, z: Matrix, h: list[Array]) -> bytes:
        """Return the signature (§7.2 algorithm 26)."""
        near_0 = [[mod_plus_minus(x, q) for x in f] for f in z]
        sigma = c_tilde + b"".join([BitPack(f, self.gamma1 - 1, self.gamma1) for f in near_0])
        parts = (("c_tilde", self.strength // 4), ("z", self.z_size * self.l), ("h", self.omega + self.k))
        why = "what verifying needs"
        return note("FIPS 204 §7.2 algorithm 26", "sigma", sigma + HintBitPack(h, self.omega), why, parts=parts)

    def sigDecode(self, sigma: bytes) -> tuple[bytes, Matrix, list[Array] | None]:
        """Return c_tilde, z and h of a signature, the last None if it is malformed (§7.2 algorithm 27)."""
        c_size, z_end = self.strength // 4, self.strength // 4 + self.z_size * self.l
        z = [BitUnpack(x, self.gamma1 - 1, self.gamma1) for x in pieces(sigma[c_size:z_end], self.z_size)]
        return sigma[:c_size], residues(z), HintBitUnpack(sigma[z_end:], self.omega)

    def w1Encode(self, w_1: list[Array]) -> bytes:
        """Return the high bits of w as bytes (§7.2 algorithm 28)."""
        return b"".join([SimpleBitPack(f, (q - 1) // (2 * self.gamma2) - 1) for f in w_1])

    def Power2Round(self, t: Matrix) -> tuple[Matrix, Matrix]:
        """Return the high bits and the low bits of each coefficient (§7.4 algorithm 35)."""
        rounded = [Power2Round_array(f, d) for f in t]
        return vector([high for high, _ in rounded], R_q), vector([low for _, low in rounded], R_q)

    # --- Sampling, §7.3.

    def ExpandA(self, rho: bytes) -> Matrix:
        """Return the matrix of a seed (§7.3 algorithm 32): entry [r, s] is RejNTTPoly(ρ ‖ s ‖ r)."""
        k, l = self.k, self.l  # noqa: E741
        entries = RejNTTPoly_many([rho + bytes([s, r]) for r in range(k) for s in range(l)])
        return Matrix(pieces(entries, l), R_q, hat=True)

    @algorithm(
        "FIPS 204 §7.3 algorithm 33", "ExpandS", "the secrets, small", show=lambda both: [signed(M) for M in both]
    )
    def ExpandS(self, rho: bytes) -> tuple[Matrix, Matrix]:
        """Return s_1 and s_2 of a seed (§7.3 algorithm 33)."""
        seeds = [rho + r.to_bytes(2, "little") for r in range(self.l + self.k)]
        small = RejBoundedPoly_many(seeds, self.eta)
        return residues(small[: self.l]), residues(small[self.l :])

    @algorithm(
        "FIPS 204 §7.3 algorithm 34", "ExpandMask", "uniformly random in its range", form="polynomial", show=signed
    )
    def ExpandMask(self, rho: bytes, mu: int) -> Matrix:
        """Return y of a seed and a counter (§7.3 algorithm 34)."""
        return self._mask([H(rho + (mu + r).to_bytes(2, "little"), self.z_size) for r in range(self.l)])  # 3, 4

    def seed_of_masks(self, K: bytes, rnd: bytes, mu: bytes) -> bytes:
        """Return ρ″ (algorithm 7 line 7). With mu in it, no two messages share a y, whatever rnd is."""
        return H(K + rnd + mu, 64)

    def _mask(self, outputs: Iterable[bytes]) -> Matrix:
        """Return the vector of random bytes (algorithm 34 line 5)."""
        return residues([BitUnpack(v, self.gamma1 - 1, self.gamma1) for v in outputs])

    def _masks(self, rho: bytes) -> Iterator[tuple[int, Matrix]]:
        """Yield κ and y for each attempt: ExpandMask, or the same for several attempts at once."""
        kappa = 0
        while True:
            if tracing():
                yield kappa, self.ExpandMask(rho, kappa)
                kappa += self.l
                continue
            counters = range(kappa, kappa + MASKS_AT_ONCE * self.l)
            outputs = shake_256(rho).digest_many([mu.to_bytes(2, "little") for mu in counters], self.z_size)
            for of_attempt in pieces(outputs, self.l):
                yield kappa, self._mask(of_attempt)
                kappa += self.l


ML_DSA_44 = ML_DSA("ML-DSA-44", strength=128, tau=39, gamma1=1 << 17, gamma2=(q - 1) // 88, k=4, l=4, eta=2, omega=80)
ML_DSA_65 = ML_DSA("ML-DSA-65", strength=192, tau=49, gamma1=1 << 19, gamma2=(q - 1) // 32, k=6, l=5, eta=4, omega=55)
ML_DSA_87 = ML_DSA("ML-DSA-87", strength=256, tau=60, gamma1=1 << 19, gamma2=(q - 1) // 32, k=8, l=7, eta=2, omega=75)

PARAMETER_SETS = {each.name: each for each in (ML_DSA_44, ML_DSA_65, ML_DSA_87)}
"""The parameter sets of FIPS 204 §4 by their names."""
