"""ML-KEM: a key encapsulation that quantum computers are not known to break.

Standard     FIPS 203 (August 2024); each algorithm is one function, and the numbers in comments are those of its lines.
Left out     The key pair check of §7.1, which keys from elsewhere may be given.
Timing       Takes no branches on secrets; compares ciphertexts with `compare_digest`. Compression and the sampling of
             errors look values up in tables, whose places in memory a cache may tell. Python's integers are
             not constant-time.

>>> d = bytes.fromhex("e582b7d75e6c80b05ae392a1fc9f7153b12390fd99930368cc67a768baebc8a0")     # NIST's ACVP samples:
>>> z = bytes.fromhex("1cdacb8740c0b87c4a379575f187b367cbfa3b300bf591b109f79816e9cbe8f0")     # keyGen, tcId 26
>>> ek, dk = ML_KEM_768.keygen(d + z)
>>> ek[:8].hex(), dk[:8].hex()
('28c793778741b80b', '3808b98d9a093c78')
>>> K, c = ML_KEM_768.encaps(ek)
>>> ML_KEM_768.decaps(dk, c) == K
True

Given A and t = A s + e, where s and e are small, nobody knows how to find s; without e, elimination would find it. To
encrypt a bit, the sender takes a random combination of these equations, u = Aᵀ y + e_1, and adds the bit to its right
side, as the highest bit: v = tᵀ y + e_2 + μ. The owner of s computes v − sᵀ u = eᵀ y + e_2 − sᵀ e_1 + μ, where
everything but μ is small.

That is K-PKE. Attackers who may send ciphertexts of their own making, and learn which of them were understood, find s.
ML-KEM therefore makes all random choices of the encryption from the message: the recipient decrypts, encrypts again
with the same choices, and trusts only an equal ciphertext. This is the transform of Fujisaki and Okamoto.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hmac import compare_digest
from itertools import islice

from explain.trace import algorithm, note, steps, tracing
from primitives.integers import RandomBytes
from primitives.lattices.matrices import NTT, Matrix, NTT_inverse, arrays, polynomial, vector
from primitives.lattices.ntt import Array, Ring
from primitives.lattices.packing import ByteDecode, ByteEncode, Compress_array, Decompress_array
from primitives.lattices.sampling import SampleNTT_many, SamplePolyCBD
from primitives.octets import BytesLike, require_bytes
from primitives.sha3 import sha3_256, sha3_512, shake_256

# §2.4, §4.3: 256 divides q − 1, as the NTT needs. So it does for the primes 257 and 769; but with errors of this size
# and 769, one decryption in a thousand would fail.
n, q = 256, 3329
R_q = Ring(q=q, n=n, zeta=17, layers=7)  # §4.3

KEYS, PKE_KEYS, SECRET = (("ek", 1), ("dk", 1)), (("ek_PKE", 1), ("dk_PKE", 1)), (("K", 1), ("c", 1))  # steps' parts

# --- Cryptographic functions, §4.1.


@algorithm("FIPS 203 §4.1 (4.3)", "PRF_{eta}", "as many random bytes as a polynomial's errors take")
def PRF(eta: int, s: bytes, b: int) -> bytes:
    """Return 64·eta bytes of SHAKE256 of `s`, 32 bytes, and the byte `b`."""
    return shake_256(s + bytes([b])).digest(64 * eta)


@algorithm("FIPS 203 §4.1 (4.4)", "H", "stands for what is hashed: SHA3-256")
def H(s: bytes) -> bytes:
    """Return SHA3-256 of `s`, 32 bytes."""
    return sha3_256(s).digest()


@algorithm("FIPS 203 §4.1 (4.4)", "J", "as random as z, for all who do not know it: SHAKE256, 32 bytes")
def J(s: bytes) -> bytes:
    """Return 32 bytes of SHAKE256 of `s`."""
    return shake_256(s).digest(32)


@algorithm(
    "FIPS 203 §4.1 (4.5)", "G", "two independent random strings out of one: SHA3-512", parts=(("a", 32), ("b", 32))
)
def G(c: bytes) -> bytes:
    """Return SHA3-512 of `c`, which is two strings of 32 bytes."""
    return sha3_512(c).digest()


# --- Keys.


@dataclass(frozen=True)
class EncapsulationKey:
    """An encapsulation key. What depends on nothing else is computed once: the matrix, t, and the hash.

    parameters: its parameter set. ek: the key, 384·k + 32 bytes. `ML_KEM.encapsulation_key` checks them.
    """

    parameters: ML_KEM
    ek: bytes

    def to_bytes(self) -> bytes:
        """Return the key as bytes."""
        return self.ek

    @cached_property
    def t_hat(self) -> Matrix:
        """The vector t in the NTT domain (algorithm 14 line 2)."""
        return vector(
            [ByteDecode(12, self.ek[384 * i : 384 * (i + 1)]) for i in range(self.parameters.k)], R_q, hat=True
        )

    @cached_property
    def rho(self) -> bytes:
        """The seed of the matrix (algorithm 14 line 3)."""
        return self.ek[-32:]

    @cached_property
    def A_hat_T(self) -> Matrix:
        """The matrix, transposed (algorithm 14 lines 4 to 8)."""
        return self.parameters.matrix(self.rho).T

    @cached_property
    def h(self) -> bytes:
        """H(ek)."""
        return H(self.ek)

    def encaps(
        self, m: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> tuple[bytes, bytes]:
        """Return a shared secret and its ciphertext, as `ML_KEM.encaps` does."""
        m = random_bytes(32) if m is None else require_bytes(m, f"{self.parameters.name}: m")
        self.parameters.check_length("m", m, 32)
        m = note("FIPS 203 §7.2 algorithm 20 step 1", "m", m, "random; the ciphertext carries it, all else follows")
        return self.parameters.Encaps_internal(self, m)  # 5


@dataclass(frozen=True)
class DecapsulationKey:
    """A decapsulation key. What depends on nothing else is computed once.

    parameters: its parameter set. dk: the key, 768·k + 96 bytes. `ML_KEM.decapsulation_key` checks them.
    seed: d ‖ z, 64 bytes, that the key was made of; None if only the key was kept, which does not tell its seed.
    """

    parameters: ML_KEM
    dk: bytes = field(repr=False)
    seed: bytes | None = field(default=None, repr=False)

    @cached_property
    def s_hat(self) -> Matrix:
        """The secret vector in the NTT domain (algorithm 15 line 5)."""
        return vector(
            [ByteDecode(12, self.dk[384 * i : 384 * (i + 1)]) for i in range(self.parameters.k)], R_q, hat=True
        )

    @cached_property
    def ek(self) -> EncapsulationKey:
        """The encapsulation key that is in it."""
        k = self.parameters.k
        return EncapsulationKey(self.parameters, self.dk[384 * k : 768 * k + 32])

    @property
    def public_key(self) -> EncapsulationKey:
        """The encapsulation key, under the name that all private keys have for it."""
        return self.ek

    def check_pair(self) -> None:
        """Raise `ValueError` if s in this key does not belong to t in its encapsulation key.

        As t = A s + e (algorithm 13 line 18), e can be found of both; it is small only if they belong together.
        """
        e = NTT_inverse(self.ek.t_hat - self.ek.A_hat_T.T @ self.s_hat)
        eta_1 = self.parameters.eta_1
        if any(eta_1 < x < q - eta_1 for f in (*e, *NTT_inverse(self.s_hat)) for x in f):
            raise ValueError(f"{self.parameters.name}: the decapsulation key does not belong to its encapsulation key")

    def decaps(self, c: BytesLike) -> bytes:
        """Return the shared secret of a ciphertext, as `ML_KEM.decaps` does."""
        c = require_bytes(c, f"{self.parameters.name}: the ciphertext")
        self.parameters.check_length("the ciphertext", c, self.parameters.ciphertext_size)
        return self.parameters.Decaps_internal(self, c)


@dataclass(frozen=True)
class ML_KEM:
    """ML-KEM with a parameter set (§8 table 2).

    name: of the set. k: the dimension of the matrix. eta_1, eta_2: how large errors are. d_u, d_v: bits that are kept
    of a coefficient of u and of v.
    """

    name: str
    k: int
    eta_1: int
    eta_2: int
    d_u: int
    d_v: int

    @property
    def ek_size(self) -> int:
        """The bytes of an encapsulation key."""
        return 384 * self.k + 32

    @property
    def dk_size(self) -> int:
        """The bytes of a decapsulation key."""
        return 768 * self.k + 96

    @property
    def ciphertext_size(self) -> int:
        """The bytes of a ciphertext."""
        return 32 * (self.d_u * self.k + self.d_v)

    # --- ML-KEM, §7.

    @algorithm("FIPS 203 §7.1 algorithm 19", "{self.name}.KeyGen", "a key to give away, and one to keep", parts=KEYS)
    def keygen(
        self, seed: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> tuple[bytes, bytes]:
        """Return an encapsulation key and its decapsulation key (§7.1 algorithm 19).

        seed: d ‖ z, 64 bytes, which determine the keys; fresh random bytes if None.

        Raises `TypeError` if the seed is not bytes, and `ValueError` if it is not 64.
        """
        seed = random_bytes(64) if seed is None else require_bytes(seed, f"{self.name}: the seed")
        self.check_length("the seed", seed, 64)
        d = note("1", "d", seed[:32], "all of the key but z comes from it")
        z = note("2", "z", seed[32:], "what a wrong ciphertext's secret is made of")
        return self.KeyGen_internal(d, z)  # 6

    @algorithm("FIPS 203 §7.2 algorithm 20", "{self.name}.Encaps", "only the owner of dk finds K in c", parts=SECRET)
    def encaps(
        self, ek: BytesLike, m: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> tuple[bytes, bytes]:
        """Return a shared secret, 32 bytes, and the ciphertext that carries it (§7.2 algorithm 20).

        ek: the other's encapsulation key, 384·k + 32 bytes.
        m: 32 bytes, which determine both; fresh random bytes if None.

        Raises `TypeError` if one of them is not bytes, and `ValueError` where the checks of §7.2 fail.
        """
        return self.encapsulation_key(ek).encaps(m, random_bytes=random_bytes)

    @algorithm("FIPS 203 §7.3 algorithm 21", "{self.name}.Decaps", "the secret, out of its ciphertext")
    def decaps(self, dk: BytesLike, c: BytesLike) -> bytes:
        """Return the shared secret of a ciphertext, 32 bytes (§7.3 algorithm 21).

        dk: the decapsulation key, 768·k + 96 bytes. c: the ciphertext, 32·(d_u·k + d_v) bytes.

        A ciphertext that `encaps` did not make has a secret, too, which nobody else knows: that it was wrong does not
        show. Raises `TypeError` if one of them is not bytes, and `ValueError` where the checks of §7.3 fail.
        """
        c = require_bytes(c, f"{self.name}: the ciphertext")
        self.check_length("the ciphertext", c, self.ciphertext_size)  # check 1
        return self.decapsulation_key(dk).decaps(c)

    def encapsulation_key(self, ek: BytesLike) -> EncapsulationKey:
        """Return the key, checked, to be used as often as one likes; errors as of `encaps` (§7.2)."""
        ek = require_bytes(ek, f"{self.name}: the encapsulation key")
        self.check_length("the encapsulation key", ek, self.ek_size)  # check 1
        key = EncapsulationKey(self, ek)
        with steps("FIPS 203 §7.2 check 2", "modulus check", "only numbers below q are coefficients"):
            test = note("(7.1)", "test", b"".join([ByteEncode(12, f) for f in key.t_hat]), "decoded, encoded again")
        if test != ek[: 384 * self.k]:
            raise ValueError(
                f"{self.name}: the encapsulation key has a coefficient of {q} or more, which is not modulo q"
            )
        return key

    def decapsulation_key(self, dk: BytesLike) -> DecapsulationKey:
        """Return the key, checked, to be used as often as one likes; errors as of `decaps` (§7.3)."""
        dk = require_bytes(dk, f"{self.name}: the decapsulation key")
        self.check_length("the decapsulation key", dk, self.dk_size)  # check 2
        key = DecapsulationKey(self, dk)
        with steps("FIPS 203 §7.3 check 3", "hash check", "the encapsulation key in it is still what it was"):
            test = note("(7.2)", "test", key.ek.h, "the hash of the encapsulation key, made anew")
        if not compare_digest(test, dk[768 * self.k + 32 : 768 * self.k + 64]):
            raise ValueError(
                f"{self.name}: the decapsulation key is damaged: its hash is not that of its encapsulation key"
            )
        return key

    def generate_decapsulation_key(
        self, seed: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> DecapsulationKey:
        """Return a new key that keeps its seed, to be used as often as one likes; seed and errors as of `keygen`."""
        seed = random_bytes(64) if seed is None else require_bytes(seed, f"{self.name}: the seed")
        return DecapsulationKey(self, self.keygen(seed)[1], seed)

    def check_length(self, what: str, value: bytes, length: int) -> None:
        """Raise `ValueError` if a value has not this length."""
        if len(value) != length:
            raise ValueError(f"{self.name}: {what} has {len(value)} bytes, expected {length}")

    # --- The internal algorithms, §6.

    @algorithm(
        "FIPS 203 §6.1 algorithm 16", "KeyGen_internal", "decapsulation needs more than K-PKE's keys", parts=KEYS
    )
    def KeyGen_internal(self, d: bytes, z: bytes) -> tuple[bytes, bytes]:
        """Return an encapsulation key and its decapsulation key (§6.1 algorithm 16). d, z: 32 random bytes each."""
        ek_PKE, dk_PKE = self.K_PKE_KeyGen(d)  # 1
        ek = note("2", "ek", ek_PKE, "the encryption key of K-PKE", parts=(("t_hat", 384 * self.k), ("rho", 32)))
        dk = note(
            "3",
            "dk",
            dk_PKE + ek + H(ek) + z,
            "decapsulation encrypts again, and so needs ek",
            parts=(("dk_PKE", 384 * self.k), ("ek", self.ek_size), ("H(ek)", 32), ("z", 32)),
        )
        return ek, dk  # 4

    @algorithm("FIPS 203 §6.2 algorithm 17", "Encaps_internal", "the recipient can do it again, from m", parts=SECRET)
    def Encaps_internal(self, ek: EncapsulationKey, m: bytes) -> tuple[bytes, bytes]:
        """Return a shared secret and its ciphertext (§6.2 algorithm 17). m: 32 random bytes."""
        h = note("1", "H(ek)", ek.h, "binds the secret to this key: another key gives another secret")
        K_r = G(m + h)
        K = note("1", "K", K_r[:32], "the shared secret")
        r = note("1", "r", K_r[32:], "all random choices of the encryption, made by m itself")
        return K, self.K_PKE_Encrypt(ek, m, r)  # 2, 3

    @algorithm("FIPS 203 §6.3 algorithm 18", "Decaps_internal", "trusts m′ only if it encrypts to the same ciphertext")
    def Decaps_internal(self, dk: DecapsulationKey, c: bytes) -> bytes:
        """Return the shared secret of a ciphertext, a secret of no ciphertext if it is wrong (§6.3 algorithm 18)."""
        k = self.k
        h = note("3", "h", dk.dk[768 * k + 32 : 768 * k + 64], "H(ek), kept with the key")
        z = note("4", "z", dk.dk[768 * k + 64 :], "what a wrong ciphertext's secret is made of")
        m_prime = note("5", "m′", self.K_PKE_Decrypt(dk, c), "the message, if the ciphertext was made as it should be")
        K_r = G(m_prime + h)
        K_prime = note("6", "K′", K_r[:32], "the shared secret, if all is as it should be")
        r_prime = note("6", "r′", K_r[32:], "the random choices with which an honest sender encrypts m′")
        K_bar = note("7", "K_bar", J(z + c), "a secret for a wrong ciphertext, random to its sender")
        c_prime = self.K_PKE_Encrypt(dk.ek, m_prime, r_prime)  # 8
        # 9 to 11, without a branch: -1 is all ones, and 0 none.
        same = -compare_digest(c, c_prime)
        note("9", "c = c′", bool(same), "c is what m′ encrypts to; if not, its maker wants to learn from the answer")
        chosen = int.from_bytes(K_prime) & same | int.from_bytes(K_bar) & ~same
        return note("10", "K", chosen.to_bytes(32), "K′ or K_bar: a sender who does not know K′ cannot tell which")

    # --- K-PKE, §5.

    @algorithm(
        "FIPS 203 §5.1 algorithm 13", "K-PKE.KeyGen", "linear equations with errors: t = A s + e", parts=PKE_KEYS
    )
    def K_PKE_KeyGen(self, d: bytes) -> tuple[bytes, bytes]:
        """Return an encryption key and its decryption key (§5.1 algorithm 13). d: 32 random bytes."""
        k = self.k
        rho_sigma = self.expanded(d)
        rho = note("1", "rho", rho_sigma[:32], "the seed of the matrix, which is public")
        sigma = note("1", "sigma", rho_sigma[32:], "the seed of the secret and the errors")
        with steps("3", "A_hat", "random, and so as good in the NTT domain as out of it", form="residues") as line:
            A_hat = line.gives(self.matrix(rho), show=arrays)  # 3 to 7
        noise = self._noise(sigma, [self.eta_1] * 2 * k)
        with steps("8", "s", "the secret: small, so that its products with errors are", form="polynomial") as line:
            s = line.gives(vector(islice(noise, k), R_q), show=arrays)  # 8 to 11
        with steps("12", "e", "the errors, without which elimination would find s", form="polynomial") as line:
            e = line.gives(vector(islice(noise, k), R_q), show=arrays)  # 12 to 15
        with steps("16", "s_hat", "in the NTT domain, where products are quick", form="residues") as line:
            s_hat = line.gives(NTT(s), show=arrays)
        with steps("17", "e_hat", "the NTT of a sum is the sum of the NTTs", form="residues") as line:
            e_hat = line.gives(NTT(e), show=arrays)
        with steps("18", "t_hat", "A s + e, which stays in the NTT domain", form="residues") as line:
            t_hat = line.gives(A_hat @ s_hat + e_hat, show=arrays)
        with steps("19", "ek_PKE", "t, and the seed in place of the matrix, which is 12·k times as long") as line:
            ek_PKE = line.gives(b"".join([ByteEncode(12, f) for f in t_hat]) + rho)
        with steps("20", "dk_PKE", "the secret, in the NTT domain, where it is needed") as line:
            dk_PKE = line.gives(b"".join([ByteEncode(12, f) for f in s_hat]))
        return ek_PKE, dk_PKE  # 21

    @algorithm(
        "FIPS 203 §5.2 algorithm 14", "K-PKE.Encrypt", "a random sum of the equations, and the message on top of it"
    )
    def K_PKE_Encrypt(self, ek_PKE: EncapsulationKey, m: bytes, r: bytes) -> bytes:
        """Return the ciphertext of a message (§5.2 algorithm 14). m: 32 bytes. r: 32 random bytes."""
        k, d_u, d_v = self.k, self.d_u, self.d_v
        with steps("2", "t_hat", "decoded from the key", form="residues") as line:
            t_hat = line.gives(ek_PKE.t_hat, show=arrays)
        note("3", "rho", ek_PKE.rho, "the seed of the matrix")
        with steps("4", "A_hat^T", "the same matrix as the key was made with", form="residues") as line:
            A_hat_T = line.gives(ek_PKE.A_hat_T, show=arrays)  # 4 to 8
        noise = self._noise(r, [self.eta_1] * k + [self.eta_2] * (k + 1))
        with steps("9", "y", "which sum of the equations to take: secret, and small", form="polynomial") as line:
            y = line.gives(vector(islice(noise, k), R_q), show=arrays)  # 9 to 12
        with steps("13", "e_1", "errors again, or u would give y away", form="polynomial") as line:
            e_1 = line.gives(vector(islice(noise, k), R_q), show=arrays)  # 13 to 16
        with steps("17", "e_2", "an error for v", form="polynomial") as line:
            e_2 = line.gives(polynomial(next(noise), R_q), show=arrays)
        with steps("18", "y_hat", "in the NTT domain, where products are quick", form="residues") as line:
            y_hat = line.gives(NTT(y), show=arrays)
        with steps("19", "u", "Aᵀ y + e_1: the sum of the left sides", form="polynomial") as line:
            u = line.gives(NTT_inverse(A_hat_T @ y_hat) + e_1, show=arrays)
        with steps("20", "mu", "a bit becomes 0, or 1665, as far from 0 as can be", form="polynomial") as line:
            mu = line.gives(polynomial(Decompress_array(1, ByteDecode(1, m), q), R_q), show=arrays)
        with steps("21", "v", "tᵀ y + e_2 + mu: the right sides, and the message", form="polynomial") as line:
            v = line.gives(NTT_inverse(t_hat.T @ y_hat) + e_2 + mu, show=arrays)
        why = f"of {q} values 2^{{}}: the ciphertext is shorter, and the rounding one more error"
        with steps("22", f"Compress_{d_u}(u)", why.format(d_u), form="polynomial") as line:
            compressed_u = line.gives([Compress_array(d_u, f, q) for f in u])
        c_1 = note("22", "c_1", b"".join([ByteEncode(d_u, F) for F in compressed_u]), f"{d_u} bits for a coefficient")
        with steps("23", f"Compress_{d_v}(v)", why.format(d_v), form="polynomial") as line:
            compressed_v = line.gives(Compress_array(d_v, v.entries[0][0], q))
        c_2 = note("23", "c_2", ByteEncode(d_v, compressed_v), f"{d_v} bits, of which only one is to be told")
        return c_1 + c_2  # 24

    @algorithm(
        "FIPS 203 §5.3 algorithm 15", "K-PKE.Decrypt", "what v is away from sᵀ u is the message, and small errors"
    )
    def K_PKE_Decrypt(self, dk_PKE: DecapsulationKey, c: bytes) -> bytes:
        """Return the message of a ciphertext (§5.3 algorithm 15)."""
        k, d_u, d_v = self.k, self.d_u, self.d_v
        c_1 = note("1", "c_1", c[: 32 * d_u * k], "u, compressed")
        c_2 = note("2", "c_2", c[32 * d_u * k :], "v, compressed")
        with steps("3", "u′", "u, but for the rounding", form="polynomial") as line:
            parts = [c_1[i : i + 32 * d_u] for i in range(0, len(c_1), 32 * d_u)]
            u_prime = line.gives(
                vector([Decompress_array(d_u, ByteDecode(d_u, part), q) for part in parts], R_q), show=arrays
            )
        with steps("4", "v′", "v, but for the rounding", form="polynomial") as line:
            v_prime = line.gives(polynomial(Decompress_array(d_v, ByteDecode(d_v, c_2), q), R_q), show=arrays)
        with steps("5", "s_hat", "the secret", form="residues") as line:
            s_hat = line.gives(dk_PKE.s_hat, show=arrays)
        with steps("6", "NTT(u′)", "for the product with s_hat", form="residues") as line:
            u_hat = line.gives(NTT(u_prime), show=arrays)
        with steps("6", "w", "v′ − sᵀ u′: the message, and what is left of all errors", form="polynomial") as line:
            w = line.gives(v_prime - NTT_inverse(s_hat.T @ u_hat), show=arrays)
        why = "1 if nearer to 1665 than to 0: errors below 833 do no harm"
        with steps("7", "Compress_1(w)", why, form="polynomial") as line:
            bits = line.gives(Compress_array(1, w.entries[0][0], q))
        return ByteEncode(1, bits)  # 7, 8

    def expanded(self, d: bytes) -> bytes:
        """Return ρ ‖ σ (algorithm 13 line 1). The byte k makes other keys of the same d in each parameter set."""
        return G(d + bytes([self.k]))

    # --- What several of them do.

    def matrix(self, rho: bytes) -> Matrix:
        """Return the matrix of a seed (algorithm 13 lines 3 to 7): entry [i, j] is SampleNTT(rho ‖ j ‖ i)."""
        k = self.k
        entries = SampleNTT_many([rho + bytes([j, i]) for i in range(k) for j in range(k)])
        return Matrix([entries[k * i : k * (i + 1)] for i in range(k)], R_q, hat=True)

    def _noise(self, seed: bytes, etas: Sequence[int]) -> Iterator[Array]:
        """Yield SamplePolyCBD(PRF(seed, N)) for N from 0, for each eta."""
        if tracing():
            for N, eta in enumerate(etas):
                yield SamplePolyCBD(eta, PRF(eta, seed, N), q)
            return
        # PRF's output for a smaller eta is the beginning of that for a larger one.
        outputs = shake_256(seed).digest_many([bytes([N]) for N in range(len(etas))], 64 * max(etas))
        for eta, output in zip(etas, outputs, strict=True):
            yield SamplePolyCBD(eta, output[: 64 * eta], q)


ML_KEM_512 = ML_KEM("ML-KEM-512", k=2, eta_1=3, eta_2=2, d_u=10, d_v=4)
ML_KEM_768 = ML_KEM("ML-KEM-768", k=3, eta_1=2, eta_2=2, d_u=10, d_v=4)
ML_KEM_1024 = ML_KEM("ML-KEM-1024", k=4, eta_1=2, eta_2=2, d_u=11, d_v=5)

PARAMETER_SETS = {each.name: each for each in (ML_KEM_512, ML_KEM_768, ML_KEM_1024)}
"""The parameter sets of FIPS 203 §8 by their names."""
