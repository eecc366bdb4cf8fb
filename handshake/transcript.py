"""The transcript: all handshake messages so far, which Finished, CertificateVerify and the session hash are made of.

Standard     RFC 5246 §7.4.9 (handshake_messages), §7.4.8; RFC 7627 §3 (session_hash).
Left out     Nothing.

>>> from primitives.sha2 import sha256
>>> transcript = Transcript()
>>> transcript.add(b"ab")
>>> transcript.choose(sha256)
>>> transcript.add(b"c")
>>> transcript.digest().hex()[:8], transcript.messages
('ba7816bf', b'abc')
"""

from __future__ import annotations

from primitives.hashes import Hash, HashFunction


class Transcript:
    """Handshake messages with their headers, in the order in which they were sent and received.

    HelloRequest is never part of it (RFC 5246 §7.4.1.1), nor ChangeCipherSpec, which is no handshake message.
    """

    def __init__(self) -> None:
        self._messages = bytearray()
        self._hash: Hash | None = None

    @property
    def messages(self) -> bytes:
        """All messages, one after the other: what CertificateVerify signs."""
        return bytes(self._messages)

    def choose(self, hash: HashFunction) -> None:
        """Hash with this function, that of the suite's PRF. Nobody knows which one before the ServerHello."""
        self._hash = hash(bytes(self._messages))

    def add(self, data: bytes) -> None:
        """Add a message."""
        self._messages += data
        if self._hash is not None:
            self._hash.update(data)

    def digest(self) -> bytes:
        """Return Hash(handshake_messages), up to now."""
        if self._hash is None:
            raise ValueError("the hash function of the transcript is not chosen yet")
        return self._hash.digest()
