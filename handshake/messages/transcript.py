"""The transcript: all handshake messages so far, which Finished, CertificateVerify and the session hash are made of.

Standard     RFC 5246 §7.4.9 (handshake_messages), §7.4.8; RFC 7627 §3 (session_hash); RFC 9846 §4.1, §4.3.11.2.
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

from handshake.registries.codes import MESSAGE_HASH
from primitives.hashes import Hash, HashFunction


class Transcript:
    """Handshake messages with their headers, in the order in which they were sent and received.

    HelloRequest is never part of it (RFC 5246 §7.4.1.1), nor ChangeCipherSpec, which is not a handshake message.
    """

    def __init__(self) -> None:
        self._messages = bytearray()
        self._function: HashFunction | None = None
        self._hash: Hash | None = None
        self._hashed = 0  # bytes of the messages that the hash has absorbed
        self._digest: bytes | None = None  # of all of them, once it was asked for

    @property
    def messages(self) -> bytes:
        """All messages, one after the other: what CertificateVerify signs."""
        return bytes(self._messages)

    def choose(self, hash: HashFunction) -> None:
        """Hash with this function, that of the suite's PRF. Nobody knows which one before the ServerHello."""
        self._function, self._hash, self._hashed, self._digest = hash, hash(), 0, None

    def add(self, data: bytes) -> None:
        """Add a message. It is hashed when the digest is asked for, with all others: many blocks cost less at once."""
        self._messages += data
        self._digest = None

    def digest(self) -> bytes:
        """Return Hash(handshake_messages), up to now."""
        if self._hash is None:
            raise ValueError("the hash function of the transcript is not chosen yet")
        if self._digest is None:  # the session hash and the client's Finished are often of the same messages
            self._hash.update(bytes(self._messages[self._hashed :]))
            self._hashed = len(self._messages)
            self._digest = self._hash.digest()
        return self._digest

    def digest_with(self, data: bytes, *, hash: HashFunction | None = None) -> bytes:
        """Return the digest of all messages and of `data` behind them, which is not added.

        hash: by this function, whichever was chosen; the chosen one, if it is not given.
        """
        if hash is not None and hash is not self._function:
            return hash(bytes(self._messages) + data).digest()
        self.digest()
        if self._hash is None:
            raise ValueError("the hash function of the transcript is not chosen yet")
        state = self._hash.copy()
        state.update(data)
        return state.digest()

    def copy(self) -> Transcript:
        """Return another transcript that goes on from here."""
        copy = Transcript()
        copy._messages, copy._function = bytearray(self._messages), self._function
        copy._hash = self._hash.copy() if self._hash is not None else None
        copy._hashed, copy._digest = self._hashed, self._digest
        return copy

    def replace_by_hash(self) -> None:
        """Put a message_hash with the digest of all messages in their place (RFC 9846 §4.1).

        That is done when a HelloRetryRequest answers the first ClientHello.
        """
        digest, function = self.digest(), self._function
        if function is None:
            raise ValueError("the hash function of the transcript is not chosen yet")
        self._messages = bytearray([MESSAGE_HASH, 0, 0, len(digest)]) + digest
        self._hash, self._hashed, self._digest = function(), 0, None
