"""SLH-DSA: signatures that rest on hash functions alone, and whose signer has nothing to remember.

Standard     FIPS 205 (August 2024); each algorithm is one function, and the numbers in comments are those of its lines.
             `primitives/hash_based/` has what it is built of: WOTS+, XMSS, the hypertree and FORS.
Left out     Messages that are not whole bytes.
Timing       Which keys a signature uses shows, and is public. Python's integers are not constant-time.

>>> seed = bytes.fromhex(     # NIST's ACVP samples: keyGen, tcId 21
...     "c42bcb3b5a6f331f5cce899253c6d9e29ff2b7ead7a04bab1794db8cc659c3b4a868f1bd5debc12d4c9fad66aabd0a94")
>>> pk, sk = SLH_DSA_SHA2_128F.keygen(seed)
>>> pk[16:].hex()
'b546df247be4c457f3d467cdfcfabd39'

A hash function is all that a signature needs: give away what hashes to a value that is public. But a key of that kind
(WOTS+) signs one message only, and who signs twice with it gives away what a forger needs. One can keep many such keys
in a tree (XMSS) and count them; then a copy of the key that is put back from a backup counts from an earlier number,
and signs twice with the same.

So SLH-DSA counts nothing. It has as many keys as no tree can hold, 2^63 and more, in a tree of trees (the hypertree)
that grows from a seed where it is needed, and picks one of them at random, by the message's digest. Two messages will
hardly ever pick the same; if some do, the keys are not of the kind that signs only once, but few-time ones (FORS).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from explain.trace import algorithm, note, steps
from primitives.errors import InvalidSignature
from primitives.hash_based.addresses import FORS_TREE, Address
from primitives.hash_based.at_once import FORSAtOnce, HypertreeAtOnce
from primitives.hash_based.fors import FORS
from primitives.hash_based.hash_functions import SHA2, SHAKE, HashFunctions
from primitives.hash_based.hypertree import Hypertree
from primitives.hash_based.parameters import Parameters
from primitives.integers import RandomBytes
from primitives.octets import BytesLike, require_bytes
from primitives.prehash import Prehash, prehashed


@dataclass(frozen=True)
class SLHDSAPublicKey:
    """A public key.

    parameters: its parameter set. pk: the key, 2·n bytes. `SLH_DSA.public_key` checks it.
    """

    parameters: SLH_DSA
    pk: bytes

    def to_bytes(self) -> bytes:
        """Return the key as bytes: PK.seed ‖ PK.root (§9.1)."""
        return self.pk

    @property
    def seed(self) -> bytes:
        """PK.seed, which makes the hash functions this key's own."""
        return self.pk[: self.parameters.n]

    @property
    def root(self) -> bytes:
        """PK.root, the root of the topmost tree."""
        return self.pk[self.parameters.n :]

    def verify(
        self, message: BytesLike, signature: BytesLike, *, context: BytesLike = b"", prehash: Prehash | None = None
    ) -> None:
        """Return if the signature is valid, as `SLH_DSA.verify` does."""
        M_prime = self.parameters.formatted(message, context, prehash)
        signature = require_bytes(signature, f"{self.parameters.name}: the signature")
        self.parameters.slh_verify_internal(M_prime, signature, self)


@dataclass(frozen=True)
class SLHDSAPrivateKey:
    """A private key.

    parameters: its parameter set. sk: the key, 4·n bytes. `SLH_DSA.private_key` checks it.
    """

    parameters: SLH_DSA
    sk: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return the key as bytes: SK.seed ‖ SK.prf ‖ PK.seed ‖ PK.root (§9.1)."""
        return self.sk

    def part(self, i: int) -> bytes:
        """Return one of the key's four parts."""
        n = self.parameters.n
        return self.sk[i * n : (i + 1) * n]

    @property
    def public_key(self) -> SLHDSAPublicKey:
        """The public key that belongs to this one, and is its second half."""
        return SLHDSAPublicKey(self.parameters, self.sk[2 * self.parameters.n :])

    def sign(
        self,
        message: BytesLike,
        *,
        context: BytesLike = b"",
        prehash: Prehash | None = None,
        addrnd: BytesLike | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> bytes:
        """Return a signature of `message`, as `SLH_DSA.sign` does."""
        parameters = self.parameters
        M_prime = parameters.formatted(message, context, prehash)
        addrnd = random_bytes(parameters.n) if addrnd is None else require_bytes(addrnd, f"{parameters.name}: addrnd")
        parameters.check_length("addrnd", addrnd, parameters.n)
        why = "makes R new, against fault attacks; PK.seed will do, too"
        note("FIPS 205 §10.2.1 algorithm 22 step 4", "addrnd", addrnd, why)
        return parameters.slh_sign_internal(M_prime, self, addrnd)


@dataclass(frozen=True)
class SLH_DSA:
    """SLH-DSA with a parameter set (§11 table 2).

    name: of the set. p: its numbers and its hash functions. hypertree, fors: how trees are computed, which are the
    twins that work in lanes unless somebody wants the textbook path.
    """

    name: str
    p: Parameters
    hypertree: type[Hypertree] = HypertreeAtOnce
    fors: type[FORS] = FORSAtOnce

    @property
    def n(self) -> int:
        """The security parameter, in bytes."""
        return self.p.n

    @property
    def pk_size(self) -> int:
        """The bytes of a public key."""
        return 2 * self.n

    @property
    def sk_size(self) -> int:
        """The bytes of a private key."""
        return 4 * self.n

    @property
    def seed_size(self) -> int:
        """The bytes of a seed for `keygen`."""
        return 3 * self.n

    @property
    def signature_size(self) -> int:
        """The bytes of a signature."""
        return self.p.signature_size

    # --- SLH-DSA, §10.

    @algorithm(
        "FIPS 205 §10.1 algorithm 21",
        "{self.name}.slh_keygen",
        "a key to give away, and one to keep",
        parts=(("pk", 1), ("sk", 1)),
    )
    def keygen(
        self, seed: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> tuple[bytes, bytes]:
        """Return a public key and its private key (§10.1 algorithm 21).

        seed: SK.seed ‖ SK.prf ‖ PK.seed, 3·n bytes, which determine the keys; fresh random bytes if None.

        Raises `TypeError` if the seed is not bytes, and `ValueError` if it has another length.
        """
        n = self.n
        seed = random_bytes(3 * n) if seed is None else require_bytes(seed, f"{self.name}: the seed")
        self.check_length("the seed", seed, 3 * n)
        SK_seed = note("1", "SK.seed", seed[:n], "all secret values come from it")
        SK_prf = note("2", "SK.prf", seed[n : 2 * n], "makes the randomizers of signatures")
        PK_seed = note("3", "PK.seed", seed[2 * n :], "makes the hash functions this key's own")
        return self.slh_keygen_internal(SK_seed, SK_prf, PK_seed)  # 7

    @algorithm("FIPS 205 §10.2.1 algorithm 22", "{self.name}.slh_sign", "nobody without the private key can make it")
    def sign(
        self,
        sk: BytesLike,
        message: BytesLike,
        *,
        context: BytesLike = b"",
        prehash: Prehash | None = None,
        addrnd: BytesLike | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> bytes:
        """Return a signature of `message` (§10.2.1 algorithm 22, and with `prehash` §10.2.2 algorithm 23).

        sk: the private key. message: bytes of any length. context: what the signature is for, at most 255 bytes.
        prehash: a hash function, or SHAKE128 or SHAKE256; then HashSLH-DSA signs the message's digest.
        addrnd: n bytes, fresh random ones if None; the key's PK.seed makes the deterministic variant.

        Raises `TypeError` if one of them is not bytes, and `ValueError` for a length that is wrong.
        """
        key = self.private_key(sk)
        return key.sign(message, context=context, prehash=prehash, addrnd=addrnd, random_bytes=random_bytes)

    @algorithm(
        "FIPS 205 §10.3 algorithm 24",
        "{self.name}.slh_verify",
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
        """Return if `signature` is that of `message`; raise `InvalidSignature` if not (§10.3 algorithms 24 and 25).

        pk: the public key. context, prehash: as the signer had them.

        Raises `TypeError` if one of them is not bytes, and `ValueError` for a key or a context of a wrong length.
        """
        self.public_key(pk).verify(message, signature, context=context, prehash=prehash)

    def sign_internal(self, sk: BytesLike, message: BytesLike, *, addrnd: BytesLike) -> bytes:
        """Return a signature of a message that is formatted already (§9.2 algorithm 19).

        sk: the private key. message: M′, bytes of any length. addrnd: n bytes, PK.seed for the deterministic variant.

        Errors as of `sign`.
        """
        addrnd = require_bytes(addrnd, f"{self.name}: addrnd")
        self.check_length("addrnd", addrnd, self.n)
        message = require_bytes(message, f"{self.name}: the message")
        return self.slh_sign_internal(message, self.private_key(sk), addrnd)

    def verify_internal(self, pk: BytesLike, message: BytesLike, signature: BytesLike) -> None:
        """Return if `signature` is that of a formatted message; errors as of `verify` (§9.3 algorithm 20)."""
        message = require_bytes(message, f"{self.name}: the message")
        signature = require_bytes(signature, f"{self.name}: the signature")
        self.slh_verify_internal(message, signature, self.public_key(pk))

    def public_key(self, pk: BytesLike) -> SLHDSAPublicKey:
        """Return the key as an object; errors as of `verify`."""
        pk = require_bytes(pk, f"{self.name}: the public key")
        self.check_length("the public key", pk, self.pk_size)
        return SLHDSAPublicKey(self, pk)

    def private_key(self, sk: BytesLike) -> SLHDSAPrivateKey:
        """Return the key as an object; errors as of `sign`."""
        sk = require_bytes(sk, f"{self.name}: the private key")
        self.check_length("the private key", sk, self.sk_size)
        return SLHDSAPrivateKey(self, sk)

    def generate_private_key(
        self, seed: BytesLike | None = None, *, random_bytes: RandomBytes = secrets.token_bytes
    ) -> SLHDSAPrivateKey:
        """Return a new key as an object; seed and errors as of `keygen`."""
        return SLHDSAPrivateKey(self, self.keygen(seed, random_bytes=random_bytes)[1])

    def formatted(self, message: BytesLike, context: BytesLike, prehash: Prehash | None) -> bytes:
        """Return M′, the message with its context (algorithm 22 line 8; algorithm 23 line 24)."""
        message = require_bytes(message, f"{self.name}: the message")
        context = require_bytes(context, f"{self.name}: the context")
        if len(context) > 255:
            raise ValueError(f"{self.name}: the context has {len(context)} bytes, expected at most 255")
        head = bytes([prehash is not None, len(context)]) + context
        content = message if prehash is None else prehashed(prehash, message)
        why = "its length comes first, so that no other context and message make the same; 1 where it is a digest"
        return note("FIPS 205 §10.2", "M′", head + content, why, parts=(("toByte(0, 1) or 1", 1), ("|ctx|", 1)))

    def check_length(self, what: str, value: bytes, length: int) -> None:
        """Raise `ValueError` if a value has not this length."""
        if len(value) != length:
            raise ValueError(f"{self.name}: {what} has {len(value)} bytes, expected {length}")

    # --- The internal algorithms, §9.

    @algorithm(
        "FIPS 205 §9.1 algorithm 18",
        "slh_keygen_internal",
        "only the topmost tree is needed",
        parts=(("pk", 1), ("sk", 1)),
    )
    def slh_keygen_internal(self, SK_seed: bytes, SK_prf: bytes, PK_seed: bytes) -> tuple[bytes, bytes]:
        """Return a public key and its private key (§9.1 algorithm 18)."""
        p, ADRS = self.p, Address()  # 1
        ADRS.setLayerAddress(p.d - 1)  # 2
        PK_root = self.hypertree(p).xmss_node(SK_seed, 0, p.h_prime, PK_seed, ADRS)
        note("3", "PK.root", PK_root, "stands for all keys of the hypertree: each leads up to it")
        return PK_seed + PK_root, SK_seed + SK_prf + PK_seed + PK_root  # 4

    @algorithm(
        "FIPS 205 §9.2 algorithm 19", "slh_sign_internal", "a FORS key signs the digest, and the hypertree that key"
    )
    def slh_sign_internal(self, M: bytes, SK: SLHDSAPrivateKey, addrnd: bytes) -> bytes:
        """Return a signature (§9.2 algorithm 19). M: the formatted message. addrnd: n bytes."""
        p, fors = self.p, self.fors(self.p)
        SK_seed, SK_prf, PK_seed, PK_root = map(SK.part, range(4))
        with steps("3", "R", "the randomizer: nobody can choose a message by the digest it will have") as line:
            R = line.gives(p.hashes.PRF_msg(SK_prf, addrnd, M))  # 2, 3
        md, idx_tree, idx_leaf, ADRS = self.place(R, PK_seed, PK_root, M, ("5", "6", "9", "10"))  # 1, 5 to 13
        SIG_FORS = fors.fors_sign(md, SK_seed, PK_seed, ADRS)  # 14
        PK_FORS = fors.fors_pkFromSig(SIG_FORS, md, PK_seed, ADRS)  # 16
        SIG_HT = self.hypertree(p).ht_sign(PK_FORS, SK_seed, PK_seed, idx_tree, idx_leaf)  # 17
        parts = (("R", p.n), ("SIG_FORS", p.fors_size), ("SIG_HT", p.d * p.xmss_size))
        return note("18", "SIG", R + SIG_FORS + SIG_HT, "what verifying needs", parts=parts)  # 4, 15, 18

    @algorithm(
        "FIPS 205 §9.3 algorithm 20",
        "slh_verify_internal",
        "hashing from the signature up leads to the root, if all is as it should be",
        show=lambda _: True,
    )
    def slh_verify_internal(self, M: bytes, SIG: bytes, PK: SLHDSAPublicKey) -> None:
        """Return if the signature is valid, or raise `InvalidSignature` (§9.3 algorithm 20)."""
        p, n = self.p, self.n
        if len(SIG) != self.signature_size:  # 1
            raise InvalidSignature(f"{self.name}: the signature has {len(SIG)} bytes, expected {self.signature_size}")
        R, SIG_FORS, SIG_HT = SIG[:n], SIG[n : n + p.fors_size], SIG[n + p.fors_size :]  # 5 to 7
        note("5", "R", R, "the signer's randomizer")
        md, idx_tree, idx_leaf, ADRS = self.place(R, PK.seed, PK.root, M, ("8", "9", "12", "13"))  # 4, 8 to 16
        PK_FORS = self.fors(p).fors_pkFromSig(SIG_FORS, md, PK.seed, ADRS)  # 17
        if not self.hypertree(p).ht_verify(PK_FORS, SIG_HT, PK.seed, idx_tree, idx_leaf, PK.root):  # 18
            raise InvalidSignature(f"{self.name}: the signature does not belong to this message and public key")

    def place(
        self, R: bytes, PK_seed: bytes, PK_root: bytes, M: bytes, lines: tuple[str, str, str, str]
    ) -> tuple[bytes, int, int, Address]:
        """Return what the digest says: what FORS signs, and which key of which tree does it, with its address.

        lines: the numbers of these steps (algorithm 19 lines 5 to 13, algorithm 20 lines 8 to 16).
        """
        p, ADRS = self.p, Address()
        with steps(lines[0], "digest", "stands for the message, for R and for the key") as line:
            digest = line.gives(p.hashes.H_msg(R, PK_seed, PK_root, M, p.m))
        md_size, tree_size, _ = p.digest_parts
        md = note(lines[1], "md", digest[:md_size], "picks a leaf of each FORS tree")
        tmp_idx_tree, tmp_idx_leaf = digest[md_size : md_size + tree_size], digest[md_size + tree_size :]
        idx_tree = int.from_bytes(tmp_idx_tree, "big") % (1 << p.h - p.h_prime)
        idx_leaf = int.from_bytes(tmp_idx_leaf, "big") % (1 << p.h_prime)
        note(lines[2], "idx_tree", idx_tree, "at random: no counter tells which keys have been used")
        note(lines[3], "idx_leaf", idx_leaf, "which FORS key of that tree")
        ADRS.setTreeAddress(idx_tree)
        ADRS.setTypeAndClear(FORS_TREE)
        ADRS.setKeyPairAddress(idx_leaf)
        return md, idx_tree, idx_leaf, ADRS


def _set(family: type[SHA2 | SHAKE], size: str, n: int, **numbers: int) -> SLH_DSA:
    """Return a parameter set of a family of hash functions."""
    hashes: HashFunctions = family(n)
    return SLH_DSA(f"SLH-DSA-{family.__name__}-{size}", Parameters(hashes, **numbers))


# §11 table 2. s are those with small signatures, f those that sign fast: their trees are less high, and there are more.
SLH_DSA_SHA2_128S, SLH_DSA_SHAKE_128S = [_set(each, "128s", 16, h=63, d=7, a=12, k=14) for each in (SHA2, SHAKE)]
SLH_DSA_SHA2_128F, SLH_DSA_SHAKE_128F = [_set(each, "128f", 16, h=66, d=22, a=6, k=33) for each in (SHA2, SHAKE)]
SLH_DSA_SHA2_192S, SLH_DSA_SHAKE_192S = [_set(each, "192s", 24, h=63, d=7, a=14, k=17) for each in (SHA2, SHAKE)]
SLH_DSA_SHA2_192F, SLH_DSA_SHAKE_192F = [_set(each, "192f", 24, h=66, d=22, a=8, k=33) for each in (SHA2, SHAKE)]
SLH_DSA_SHA2_256S, SLH_DSA_SHAKE_256S = [_set(each, "256s", 32, h=64, d=8, a=14, k=22) for each in (SHA2, SHAKE)]
SLH_DSA_SHA2_256F, SLH_DSA_SHAKE_256F = [_set(each, "256f", 32, h=68, d=17, a=9, k=35) for each in (SHA2, SHAKE)]

PARAMETER_SETS = {
    each.name: each
    for each in (
        SLH_DSA_SHA2_128S,
        SLH_DSA_SHA2_128F,
        SLH_DSA_SHA2_192S,
        SLH_DSA_SHA2_192F,
        SLH_DSA_SHA2_256S,
        SLH_DSA_SHA2_256F,
        SLH_DSA_SHAKE_128S,
        SLH_DSA_SHAKE_128F,
        SLH_DSA_SHAKE_192S,
        SLH_DSA_SHAKE_192F,
        SLH_DSA_SHAKE_256S,
        SLH_DSA_SHAKE_256F,
    )
}
"""The parameter sets of FIPS 205 §11 by their names."""
