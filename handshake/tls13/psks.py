"""Pre-shared keys in a ClientHello: what a client offers, and the binders that show that it has the keys.

Standard     RFC 9846 §4.3.9, §4.3.11, §4.3.11.2.
Left out     Where the keys come from: see `resumption` (tickets) and `external_psks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from typing import Protocol

from handshake.configuration import Configuration
from handshake.messages.extensions import find
from handshake.messages.handshake import write_message
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_extensions import OfferedPSKs, PSKIdentity, PSKKeyExchangeModes
from handshake.messages.transcript import Transcript
from handshake.registries import codes
from handshake.tls13.key_schedule import EarlySecret
from primitives.hashes import HashFunction
from record.alerts import decrypt_error, illegal_parameter, missing_extension


class PSKOffer(Protocol):
    """A key that a client offers, wherever it has it from."""

    @property
    def is_external(self) -> bool:
        """Whether it was agreed upon outside of TLS."""

    @property
    def hash(self) -> HashFunction:
        """The hash function that it is for."""

    def identity(self, at: datetime) -> PSKIdentity:
        """Return what the server will know it by. at: the time of now."""

    def early_secret(self) -> EarlySecret:
        """Return the Early Secret that it makes."""


def extension_of(offers: Sequence[PSKOffer], at: datetime) -> OfferedPSKs:
    """Return the extension that offers these keys, with zeros in the places of the binders."""
    return OfferedPSKs(
        tuple(offer.identity(at) for offer in offers), tuple(bytes(offer.hash.digest_size) for offer in offers)
    )


def bound(hello: ClientHello, offers: Sequence[PSKOffer], transcript: Transcript) -> ClientHello:
    """Return the hello with a binder for each key in its last extension (§4.3.11.2).

    transcript: what came before the hello: nothing, or the first hello and the HelloRetryRequest.
    """
    *others, psks = hello.extensions or ()
    if not isinstance(psks, OfferedPSKs):
        raise ValueError("there is no PSK to bind")
    truncated = write_message(hello)[: -psks.binders_length]
    binders = tuple(
        binder_of(
            offer.early_secret(),
            is_external=offer.is_external,
            transcript_hash=transcript.digest_with(truncated, hash=offer.hash),
        )
        for offer in offers
    )
    return replace(hello, extensions=(*others, replace(psks, binders=binders)))


def binder_of(early_secret: EarlySecret, *, is_external: bool, transcript_hash: bytes) -> bytes:
    """Return the binder of a PSK: a Finished over the ClientHello as far as the binders (§4.3.11.2)."""
    return early_secret.binder_key(is_external=is_external).verify_data(transcript_hash=transcript_hash)


def check_offered(hello: ClientHello) -> OfferedPSKs | None:
    """Return the PSKs that a ClientHello offers, if it does.

    Raises `RemoteProtocolError`: illegal_parameter if the extension is not the last one (§4.3.11), missing_extension
    without the modes (§4.3.9).
    """
    offered = find(hello.extensions, OfferedPSKs)
    if offered is None:
        return None
    if not hello.extensions or hello.extensions[-1] is not offered:
        raise illegal_parameter("pre_shared_key is not the last extension")
    if find(hello.extensions, PSKKeyExchangeModes) is None:
        raise missing_extension("the client offers PSKs without psk_key_exchange_modes")
    return offered


def psk_modes(hello: ClientHello, configuration: Configuration) -> set[int]:
    """Return the ways to use a PSK that both sides allow (§4.3.9). psk_ke gives no forward secrecy."""
    modes = find(hello.extensions, PSKKeyExchangeModes)
    allowed = {codes.PSK_DHE_KE, codes.PSK_KE} if configuration.psk_without_key_exchange else {codes.PSK_DHE_KE}
    return allowed & set(modes.modes) if modes is not None else set()


def verify_binder(
    offered: OfferedPSKs,
    index: int,
    data: bytes,
    early_secret: EarlySecret,
    *,
    is_external: bool,
    transcript: Transcript,
) -> None:
    """Raise `RemoteProtocolError` with decrypt_error unless the client has the PSK that it offers at `index`.

    data: the ClientHello's bytes. transcript: what came before it, with the hash of the suite.
    """
    truncated = data[: len(data) - offered.binders_length]
    expected = binder_of(early_secret, is_external=is_external, transcript_hash=transcript.digest_with(truncated))
    if not compare_digest(offered.binders[index], expected):
        raise decrypt_error("the PSK's binder does not verify: the client does not have the PSK")
