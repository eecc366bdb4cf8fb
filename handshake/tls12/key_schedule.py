"""The key schedule: from the premaster secret to the keys of the records. Each stage is a type of its own.

Standard     RFC 5246 §8.1, §6.3, §7.4.9; RFC 7627 §4 (extended master secret). RFC 9846 has obsoleted both, which
             still define TLS 1.2.
Left out     Exporters (RFC 5705).

>>> from primitives.sha2 import sha256
>>> premaster = PremasterSecret(bytes(48))
>>> MasterSecret.derive(premaster, client_random=bytes(32), server_random=bytes(32), hash=sha256)
<MasterSecret, 48 bytes>
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from explain.trace import algorithm, note, steps
from handshake.messages.keys import VERIFY_DATA_LENGTH
from handshake.registries.codes import Role
from handshake.suites.secrets import MASTER_SECRET_LENGTH, PremasterSecret, Secret, WriteKeys
from primitives.hashes import HashFunction
from primitives.tls12_prf import PRF, tls12_prf

FINISHED_LABELS = {Role.CLIENT: b"client finished", Role.SERVER: b"server finished"}  # §7.4.9
KEY_BLOCK = (  # §6.3, in this order
    ("client_write_MAC_key", "shows that a record is the client's"),
    ("server_write_MAC_key", "shows that a record is the server's; none can be sent back to its sender"),
    ("client_write_key", "encrypts what the client sends"),
    ("server_write_key", "encrypts what the server sends; two directions, two keys"),
    ("client_write_IV", "the part of the client's nonces that is not sent"),
    ("server_write_IV", "the part of the server's nonces that is not sent"),
)


class MasterSecret(Secret):
    """What all keys of a session come from.

    value: 48 bytes. hash: the hash function of the suite's PRF.
    """

    __slots__ = ("_prf",)

    def __init__(self, value: bytes, *, hash: HashFunction) -> None:
        super().__init__(value)
        self._prf = PRF(value, hash=hash)

    @classmethod
    def derive(
        cls, premaster: PremasterSecret, *, client_random: bytes, server_random: bytes, hash: HashFunction
    ) -> Self:
        """Return the master secret as RFC 5246 §8.1 derives it: from the two randoms."""
        return cls._derived(premaster, b"master secret", client_random + server_random, hash, "RFC 5246 §8.1")

    @classmethod
    def derive_extended(cls, premaster: PremasterSecret, *, session_hash: bytes, hash: HashFunction) -> Self:
        """Return the master secret as RFC 7627 §4 derives it: from the hash of the handshake so far.

        Two connections with the same master secret are then the same connection: no one stands in between who
        agreed with each side on the same randoms and premaster secret (the triple handshake attack, 2014).
        """
        return cls._derived(premaster, b"extended master secret", session_hash, hash, "RFC 7627 §4")

    @classmethod
    def _derived(cls, premaster: PremasterSecret, label: bytes, seed: bytes, hash: HashFunction, section: str) -> Self:
        with steps(
            section, "master_secret", "secrets of key exchanges differ in length; all else takes 48 bytes"
        ) as whole:
            secret = note("", "pre_master_secret", bytes(premaster), "the key exchange gave it to both sides alone")
            value = tls12_prf(secret, label=label, seed=seed, length=MASTER_SECRET_LENGTH, hash=hash)
            return cls(whole.gives(value), hash=hash)

    def key_block(
        self,
        *,
        client_random: bytes,
        server_random: bytes,
        mac_key_length: int,
        enc_key_length: int,
        fixed_iv_length: int,
    ) -> KeyBlock:
        """Return the keys of both directions (RFC 5246 §6.3); the lengths, in bytes, are the suite's."""
        lengths = (mac_key_length, mac_key_length, enc_key_length, enc_key_length, fixed_iv_length, fixed_iv_length)
        seed = server_random + client_random  # in this order, unlike in §8.1
        with steps("RFC 5246 §6.3", "key_block", "it is cut into a key for each use and each direction") as whole:
            block = whole.gives(self._prf.derive(label=b"key expansion", seed=seed, length=sum(lengths)))
            parts, start = [], 0
            for (name, why), length in zip(KEY_BLOCK, lengths, strict=True):
                part, start = block[start : start + length], start + length
                parts.append(note("", name, part, why) if length else part)
        return KeyBlock(
            {
                Role.CLIENT: WriteKeys(mac_key=parts[0], enc_key=parts[2], fixed_iv=parts[4]),
                Role.SERVER: WriteKeys(mac_key=parts[1], enc_key=parts[3], fixed_iv=parts[5]),
            }
        )

    @algorithm("RFC 5246 §7.4.9", "verify_data", "nobody can make it without the master secret")
    def verify_data(self, sender: Role, *, handshake_hash: bytes) -> bytes:
        """Return the verify_data of `sender`'s Finished message (RFC 5246 §7.4.9)."""
        return self._prf.derive(label=FINISHED_LABELS[sender], seed=handshake_hash, length=VERIFY_DATA_LENGTH)

    @algorithm("RFC 5705 §4", "exporter", "keys for another protocol, which say nothing of this connection's own")
    def export(
        self, label: bytes, context: bytes | None, length: int, *, client_random: bytes, server_random: bytes
    ) -> bytes:
        """Return keying material for another protocol (RFC 5705 §4).

        label: what it is for. context: at most 65535 bytes; None is another one than an empty one. length: in bytes.
        """
        seed = client_random + server_random
        if context is not None:
            seed += len(context).to_bytes(2, "big") + context
        return self._prf.derive(label=label, seed=seed, length=length)

    def key_log_line(self, *, client_random: bytes) -> str:
        """Return the line of a key log (SSLKEYLOGFILE) with which anyone who has it can decrypt the session."""
        return f"CLIENT_RANDOM {client_random.hex()} {self._value.hex()}"


@dataclass(frozen=True, slots=True)
class KeyBlock:
    """The keys of both directions (RFC 5246 §6.3), by who writes with them."""

    writes: dict[Role, WriteKeys] = field(repr=False)
