"""Groups with a KEM in them: ML-KEM by itself, and beside a Diffie–Hellman that falls only to quantum computers.

Standard     RFC 10024 §3 (the hybrids); draft-ietf-tls-mlkem §4 (ML-KEM by itself); FIPS 203 §7.2, §7.3 (the checks).
Left out     Kyber's groups of before FIPS 203.

The client's share is an encapsulation key, and the server's the ciphertext to it: here the two sides do not do the
same. A hybrid's shares and secrets are those of its two parts, one behind the other, so that the secret stays secret as
long as one of the two holds.

>>> import secrets
>>> from handshake.registries.key_agreement import on_curve25519
>>> group = hybrid(0x11EC, "X25519MLKEM768", kem(ML_KEM_768), Part(on_curve25519(29, "x25519"), 32, 32))
>>> offer = group.offer(secrets.token_bytes)
>>> share, secret = group.answer(offer.share, secrets.token_bytes)
>>> len(offer.share), len(share), len(secret), offer.agree(share) == secret
(1216, 1120, 64, True)
"""

from __future__ import annotations

from dataclasses import dataclass

from handshake.registries.key_agreement import Group, KeyPair
from primitives.integers import RandomBytes
from primitives.ml_kem import ML_KEM, ML_KEM_512, ML_KEM_768, ML_KEM_1024


@dataclass(frozen=True, slots=True)
class _KEMKeyPair:
    """An encapsulation key, which is the share, and the key that opens what comes back."""

    parameters: ML_KEM
    share: bytes
    dk: bytes

    def agree(self, peer: bytes) -> bytes:
        return self.parameters.decaps(self.dk, peer)  # FIPS 203 §7.3: checks the ciphertext's length


@dataclass(frozen=True, slots=True)
class _HybridKeyPair:
    """Two key pairs, of which the first one's shares are so many bytes long when they come back."""

    first: KeyPair
    second: KeyPair
    first_answer: int

    @property
    def share(self) -> bytes:
        return self.first.share + self.second.share

    def agree(self, peer: bytes) -> bytes:
        return self.first.agree(peer[: self.first_answer]) + self.second.agree(peer[self.first_answer :])


@dataclass(frozen=True, slots=True)
class Part:
    """A group as a part of another. offered, answered: how long its shares are, from the client and the server."""

    group: Group
    offered: int
    answered: int


def kem(parameters: ML_KEM, *, code: int = 0, name: str = "") -> Part:
    """Return ML-KEM as a group, or as the part of one that has neither number nor name."""

    def offer(random_bytes: RandomBytes) -> KeyPair:
        ek, dk = parameters.keygen(random_bytes(64))
        return _KEMKeyPair(parameters, ek, dk)

    def answer(share: bytes, random_bytes: RandomBytes) -> tuple[bytes, bytes]:
        secret, ciphertext = parameters.encaps(share, random_bytes(32))  # FIPS 203 §7.2: checks the key
        return ciphertext, secret

    group = Group(code, name, None, offer, answer, post_quantum=True)
    return Part(group, parameters.ek_size, parameters.ciphertext_size)


def hybrid(code: int, name: str, first: Part, second: Part) -> Group:
    """Return the group of two parts, in the order of their shares and secrets."""

    def offer(random_bytes: RandomBytes) -> KeyPair:
        return _HybridKeyPair(
            first.group.offer(random_bytes), second.group.offer(random_bytes), first_answer=first.answered
        )

    def answer(share: bytes, random_bytes: RandomBytes) -> tuple[bytes, bytes]:
        ours, secret = first.group.answer(share[: first.offered], random_bytes)
        ours_too, secret_too = second.group.answer(share[first.offered :], random_bytes)
        return ours + ours_too, secret + secret_too

    return Group(code, name, None, offer, answer, post_quantum=True)


def kem_groups(x25519: Group, secp256r1: Group, secp384r1: Group) -> tuple[Group, ...]:
    """Return the hybrids of RFC 10024 with these groups, and ML-KEM by itself, the preferred ones first."""
    p256, p384 = Part(secp256r1, 65, 65), Part(secp384r1, 97, 97)
    return (
        # RFC 10024 §3.1.1: here ML-KEM comes first, and in the others Diffie–Hellman.
        hybrid(0x11EC, "X25519MLKEM768", kem(ML_KEM_768), Part(x25519, 32, 32)),
        hybrid(0x11EB, "SecP256r1MLKEM768", p256, kem(ML_KEM_768)),
        hybrid(0x11ED, "SecP384r1MLKEM1024", p384, kem(ML_KEM_1024)),
        kem(ML_KEM_512, code=0x0200, name="MLKEM512").group,
        kem(ML_KEM_768, code=0x0201, name="MLKEM768").group,
        kem(ML_KEM_1024, code=0x0202, name="MLKEM1024").group,
    )
