"""The key schedule of TLS 1.3: from a PSK and a shared secret to the keys of the records. Each secret is its own type.

Standard     RFC 9846 §7.1 to §7.3, §7.5, §4.5.3 (Finished), §4.7.1 (tickets). RFC 8446 had the same schedule.
Left out     What is hashed: the transcript is the caller's.

Down the left side of §7.1's diagram each secret makes the next, and only from it: EarlySecret, HandshakeSecret,
MainSecret. To the right each makes, from a transcript's hash, the secrets of one purpose.

>>> from primitives.sha2 import sha256
>>> early = EarlySecret.extract(None, hash=sha256)
>>> handshake = early.handshake_secret(bytes(32))
>>> secret = handshake.traffic_secret(Role.SERVER, transcript_hash=sha256(b"hellos").digest())
>>> secret, secret.write_keys(key_length=16, iv_length=12)
(<TrafficSecret, 32 bytes>, WriteKeys())
"""

from __future__ import annotations

from typing import ClassVar, Self

from explain.trace import algorithm, note, steps
from handshake.registries.codes import Role
from handshake.suites.secrets import Secret, WriteKeys
from primitives.hashes import HashFunction
from primitives.hkdf import hkdf_extract
from primitives.hmac import hmac_digest
from primitives.tls13_hkdf import LabelExpansion


class DerivedSecret(Secret):
    """A secret as long as the hash's digest, of which others are derived by label. It is absorbed once for them all.

    value: as many bytes as the hash's digest has. hash: the hash function of the cipher suite.
    Raises `ValueError` for any other length.
    """

    __slots__ = ("_hash", "_labels")

    def __init__(self, value: bytes, *, hash: HashFunction) -> None:
        if len(value) != hash.digest_size:
            raise ValueError(f"a secret of {hash.name} has {len(value)} bytes, expected {hash.digest_size}")
        super().__init__(value)
        self._hash, self._labels = hash, LabelExpansion(value, hash=hash)

    def _next(self, ikm: bytes) -> bytes:
        """Return the secret below: HKDF-Extract(Derive-Secret(., "derived", ""), ikm)."""
        salt = self._labels.derive(b"derived", self._hash(b"").digest())
        return hkdf_extract(salt, ikm, hash=self._hash)


class EarlySecret(DerivedSecret):
    """HKDF-Extract(0, PSK): what there is before the key exchange."""

    __slots__ = ()

    @classmethod
    def extract(cls, psk: bytes | None, *, hash: HashFunction) -> Self:
        """Return the Early Secret of a pre-shared key, bytes of any length; of zeros, where none is in use."""
        with steps(
            "RFC 9846 §7.1", "Early Secret", "a key that both had before comes first; zeros stand for none"
        ) as whole:
            zeros = bytes(hash.digest_size)
            return cls(whole.gives(hkdf_extract(zeros, zeros if psk is None else psk, hash=hash)), hash=hash)

    @algorithm("RFC 9846 §7.1", "binder_key", "a ticket cannot pass for a key that was agreed outside of TLS")
    def binder_key(self, *, is_external: bool) -> TrafficSecret:
        """Return the key that binds a PSK to a ClientHello (§4.3.11.2), by its `verify_data`.

        is_external: whether the PSK was provisioned outside of TLS, not by a ticket.
        """
        label = b"ext binder" if is_external else b"res binder"
        return TrafficSecret(self._labels.derive(label, self._hash(b"").digest()), hash=self._hash)

    @algorithm("RFC 9846 §7.1", "client_early_traffic_secret", "the keys of 0-RTT data come from the PSK alone")
    def client_early_traffic_secret(self, *, transcript_hash: bytes) -> TrafficSecret:
        """Return the secret of 0-RTT data. transcript_hash: of the ClientHello."""
        return TrafficSecret(self._labels.derive(b"c e traffic", transcript_hash), hash=self._hash)

    @algorithm("RFC 9846 §7.1", "early_exporter_secret", "what 0-RTT exports cannot be taken for what 1-RTT exports")
    def early_exporter_secret(self, *, transcript_hash: bytes) -> ExporterSecret:
        """Return the exporter's secret of 0-RTT data. transcript_hash: of the ClientHello."""
        return ExporterSecret(self._labels.derive(b"e exp master", transcript_hash), hash=self._hash)

    @algorithm("RFC 9846 §7.1", "Handshake Secret", "anyone who has the PSK alone gets no further than 0-RTT data")
    def handshake_secret(self, shared_secret: bytes | None) -> HandshakeSecret:
        """Return the secret that the key exchange is mixed into.

        shared_secret: what the key exchange gave both, any length; None where there is no key exchange, only a PSK.
        """
        zeros = bytes(self._hash.digest_size)
        return HandshakeSecret(self._next(zeros if shared_secret is None else shared_secret), hash=self._hash)


class HandshakeSecret(DerivedSecret):
    """What the rest of the handshake is encrypted with comes from here."""

    __slots__ = ()
    LABELS: ClassVar = {Role.CLIENT: b"c hs traffic", Role.SERVER: b"s hs traffic"}

    @algorithm("RFC 9846 §7.1", "{sender.value}_handshake_traffic_secret", "certificates are hidden from eavesdroppers")
    def traffic_secret(self, sender: Role, *, transcript_hash: bytes) -> TrafficSecret:
        """Return the secret of what the sender sends in the handshake. transcript_hash: up to the ServerHello."""
        return TrafficSecret(self._labels.derive(self.LABELS[sender], transcript_hash), hash=self._hash)

    @algorithm("RFC 9846 §7.1", "Main Secret", "no secret of the handshake leads to those of the data")
    def main_secret(self) -> MainSecret:
        """Return the secret of all that comes after the handshake."""
        return MainSecret(self._next(bytes(self._hash.digest_size)), hash=self._hash)


class MainSecret(DerivedSecret):
    """What all secrets of a connection that is established come from."""

    __slots__ = ()
    LABELS: ClassVar = {Role.CLIENT: b"c ap traffic", Role.SERVER: b"s ap traffic"}

    @algorithm("RFC 9846 §7.1", "{sender.value}_application_traffic_secret_0", "each direction has keys of its own")
    def traffic_secret(self, sender: Role, *, transcript_hash: bytes) -> TrafficSecret:
        """Return the first secret of the sender's data. transcript_hash: up to the server's Finished."""
        return TrafficSecret(self._labels.derive(self.LABELS[sender], transcript_hash), hash=self._hash)

    @algorithm("RFC 9846 §7.1", "exporter_secret", "a protocol above gets keys that do not lead back to these")
    def exporter_secret(self, *, transcript_hash: bytes) -> ExporterSecret:
        """Return what keys for other protocols are exported from. transcript_hash: up to the server's Finished."""
        return ExporterSecret(self._labels.derive(b"exp master", transcript_hash), hash=self._hash)

    @algorithm("RFC 9846 §7.1", "resumption_secret", "tickets for later connections come from the whole handshake")
    def resumption_secret(self, *, transcript_hash: bytes) -> ResumptionSecret:
        """Return what the PSKs of tickets come from. transcript_hash: up to the client's Finished."""
        return ResumptionSecret(self._labels.derive(b"res master", transcript_hash), hash=self._hash)


class TrafficSecret(DerivedSecret):
    """The secret of what one side sends in one phase; the binder key, too, which only authenticates."""

    __slots__ = ()

    def write_keys(self, *, key_length: int, iv_length: int) -> WriteKeys:
        """Return the keys of the records that the sender protects (§7.3); the lengths, in bytes, are the suite's."""
        with steps("RFC 9846 §7.3", "traffic keys", "the AEAD takes a key and a nonce; one secret gives both"):
            key = note("", "[sender]_write_key", self._labels.expand(b"key", b"", key_length), "encrypts the records")
            iv = note("", "[sender]_write_iv", self._labels.expand(b"iv", b"", iv_length), "hides the records' numbers")
        return WriteKeys(mac_key=b"", enc_key=key, fixed_iv=iv)

    @algorithm("RFC 9846 §4.5.3", "verify_data", "nobody can make it without the secret and the same transcript")
    def verify_data(self, *, transcript_hash: bytes) -> bytes:
        """Return the verify_data of a Finished, or a PSK's binder, as long as the hash's digest (§4.5.3, §4.3.11.2)."""
        finished_key = self._labels.expand(b"finished", b"", self._hash.digest_size)
        return hmac_digest(finished_key, transcript_hash, hash=self._hash)

    @algorithm(
        "RFC 9846 §7.2", "application_traffic_secret_N+1", "anyone who learns this one cannot read what was sent before"
    )
    def updated(self) -> TrafficSecret:
        """Return the next generation of an application traffic secret (§7.2), after a KeyUpdate."""
        return TrafficSecret(self._labels.expand(b"traffic upd", b"", self._hash.digest_size), hash=self._hash)


class ResumptionSecret(DerivedSecret):
    """What the PSKs of tickets come from."""

    __slots__ = ()

    @algorithm("RFC 9846 §4.7.1", "PSK of a ticket", "each ticket has a PSK of its own: its nonce makes the difference")
    def psk(self, ticket_nonce: bytes) -> bytes:
        """Return the PSK of the ticket with this nonce, 0 to 255 bytes (§4.7.1)."""
        return self._labels.expand(b"resumption", ticket_nonce, self._hash.digest_size)


class ExporterSecret(DerivedSecret):
    """What keys for other protocols are exported from."""

    __slots__ = ()

    @algorithm("RFC 9846 §7.5", "TLS-Exporter", "keys for another protocol, which say nothing of this connection's own")
    def export(self, label: bytes, context: bytes, length: int) -> bytes:
        """Return keying material for another protocol (§7.5).

        label: what it is for, 1 to 249 bytes, such as `b"EXPORTER-Channel-Binding"`. context: bytes of any length.
        length: 0 to 255 digests.
        """
        secret = self._labels.derive(label, self._hash(b"").digest())
        return LabelExpansion(secret, hash=self._hash).expand(b"exporter", self._hash(context).digest(), length)
