"""Full handshakes of TLS 1.2: all that a client and a server do until both are connected."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.hashes import blocks_alone
from benchmarks.loopback import Ours, Signatures, Tlslite, identity, sockets
from benchmarks.row import Maker, Row, Target, Work
from primitives.gcm import AESGCM
from primitives.rsa import RSADP, RSAEP
from primitives.x25519 import BASE_POINT, x25519


def rows() -> Iterator[Row]:
    yield _handshake("PKCS #1 v1.5", "pkcs1", blocks=120)
    yield _handshake("PSS", "pss", blocks=138)


def _handshake(name: str, signatures: Signatures, *, blocks: int) -> Row:
    ours = Ours("ECDHE-RSA-AES128-GCM-SHA256", signatures=signatures)

    def tlslite() -> Work:
        return _work(Tlslite("aes128gcm", "aead", signatures=signatures))

    # Both sides together hash so many blocks, 23 of the transcript each; the peer's hash functions are in C.
    hashing = blocks_alone(23, 23, *[1] * (blocks - 46))
    floor = {
        f"our SHA-256 alone, of its {blocks} blocks": hashing,
        "and our X25519, RSA and AES-GCM": _primitives_alone(hashing),
    }
    return Row(
        what=f"handshake, x25519, RSA-2048 with {name}",
        ours=_work(ours),
        peers={"tlslite-ng": tlslite, **floor},
        target=Target(1, "tlslite-ng"),
        turns=101,
    )


def _primitives_alone(hashing: Maker) -> Maker:
    """Return all that is computed in a handshake by both sides, without a single message: another floor."""

    def maker() -> Work:
        hash, (_, _, key) = hashing(), identity()
        private, public = bytes(range(32)), x25519(bytes(range(32)), BASE_POINT)
        nonce, finished, header = bytes(12), bytes(16), bytes(13)

        def run() -> None:
            hash()
            for _ in "client", "server":
                x25519(private, BASE_POINT)
                x25519(private, public)
                own, other = AESGCM(private[:16]), AESGCM(private[16:])
                own.encrypt(nonce, finished, header)
                other.encrypt(nonce, finished, header)  # as long as decrypting takes
            RSADP(key, 2)  # the server signs its share
            for _ in "share", "certificate":
                RSAEP(key.public_key, 2)  # the client verifies

        return run

    return maker


def _work(party: Ours | Tlslite) -> Work:
    def run() -> None:
        with sockets() as ends:
            party.handshake(*ends)

    return run
