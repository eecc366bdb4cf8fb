"""Full handshakes of TLS 1.2: all that a client and a server do until both are connected."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.hashes import blocks_alone
from benchmarks.loopback import Ours, Signatures, Tlslite, sockets
from benchmarks.row import Row, Target, Work


def rows() -> Iterator[Row]:
    yield _handshake("PKCS #1 v1.5", "pkcs1", blocks=120)
    yield _handshake("PSS", "pss", blocks=138)


def _handshake(name: str, signatures: Signatures, *, blocks: int) -> Row:
    ours = Ours("ECDHE-RSA-AES128-GCM-SHA256", signatures=signatures)

    def tlslite() -> Work:
        return _work(Tlslite("aes128gcm", "aead", signatures=signatures))

    # Both sides together hash so many blocks, 23 of the transcript each; the peer's hash functions are in C.
    floor = {f"our SHA-256 alone, of its {blocks} blocks": blocks_alone(23, 23, *[1] * (blocks - 46))}
    return Row(
        what=f"handshake, x25519, RSA-2048 with {name}",
        ours=_work(ours),
        peers={"tlslite-ng": tlslite, **floor},
        target=Target(1, "tlslite-ng"),
        turns=101,
    )


def _work(party: Ours | Tlslite) -> Work:
    def run() -> None:
        with sockets() as ends:
            party.handshake(*ends)

    return run
