"""Ticket keys: how a server gives its sessions away to the clients, and knows them when they come back.

Standard     RFC 5077 §4 (the recommended construction), §5.5 (keys and their rotation).
Left out     Keys that several servers share.
Timing       MACs are compared in constant time, and nothing is decrypted whose MAC is wrong.

Anyone who has a key can read all connections whose tickets it sealed, so keys are drawn from the system's randomness,
stay in memory, and are replaced.

>>> from datetime import UTC
>>> keys, now = TicketKeys(), datetime(2030, 6, 1, tzinfo=UTC)
>>> ticket = keys.seal(b"the state of a session", at=now)
>>> keys.open(ticket, at=now)
OpenedTicket(renew=False)
>>> keys.open(ticket, at=now + LIFETIME)  # by a key that seals no longer
OpenedTicket(renew=True)
>>> keys.open(ticket, at=now + 2 * LIFETIME)  # by a key that is forgotten
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest

from handshake.sessions.state import LIFETIME, MAXIMUM_LIFETIME
from primitives.aes import AES
from primitives.hmac import hmac_digest
from primitives.integers import RandomBytes
from primitives.modes import cbc_decrypt, cbc_encrypt
from primitives.padding import pkcs7_pad, pkcs7_unpad
from primitives.sha2 import sha256
from record.alerts import RemoteProtocolError
from record.presentation import Reader, Writer

KEY_NAME, IV, MAC = 16, 16, 32  # bytes (RFC 5077 §4)
BLOCK = 16  # bytes, of AES
MAXIMUM_STATE = 2**14  # bytes of a state that is sealed: the client has to send the ticket in one ClientHello


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """What was in a ticket. renew: whether the client needs a new one, as the key that sealed it will be forgotten."""

    state: bytes = field(repr=False)
    renew: bool


@dataclass(frozen=True, slots=True)
class _Key:
    """A key for encryption, one for authentication, and the name by which tickets call them (RFC 5077 §4)."""

    name: bytes
    encryption_key: bytes = field(repr=False)
    mac_key: bytes = field(repr=False)
    made: datetime

    def seal(self, state: bytes, iv: bytes) -> bytes:
        encrypted = cbc_encrypt(AES(self.encryption_key), iv, pkcs7_pad(state, BLOCK))
        writer = Writer()
        writer.opaque("key_name", self.name)
        writer.opaque("iv", iv)
        writer.vector("encrypted_state", encrypted, length_bytes=2)
        # "HMAC-SHA-256 over key_name and IV followed by the length of the encrypted_state field and its contents"
        writer.opaque("mac", hmac_digest(self.mac_key, writer.data, hash=sha256))
        return writer.data

    def open(self, ticket: bytes) -> bytes | None:
        reader = Reader(ticket)
        try:
            reader.opaque("key_name", KEY_NAME)
            iv = reader.opaque("iv", IV)
            encrypted = reader.vector("encrypted_state", length_bytes=2)
            mac = reader.opaque("mac", MAC)
            reader.finish()
        except RemoteProtocolError:  # it is opaque to the client, and may be anything
            return None
        if not compare_digest(mac, hmac_digest(self.mac_key, ticket[:-MAC], hash=sha256)):
            return None
        return pkcs7_unpad(cbc_decrypt(AES(self.encryption_key), iv, encrypted), BLOCK)


class TicketKeys:
    """The keys of a server's tickets. One object for all its connections, in any number of threads.

    lifetime: for how long a session can be resumed. A key seals tickets for so long, and opens them for as long again,
        so that no ticket outlives its key before its own time.
    random_bytes: where keys and IVs come from.
    """

    def __init__(self, *, lifetime: timedelta = LIFETIME, random_bytes: RandomBytes = secrets.token_bytes) -> None:
        if not timedelta(0) < lifetime <= MAXIMUM_LIFETIME:
            raise ValueError(f"the lifetime is {lifetime}, expected more than 0 and at most {MAXIMUM_LIFETIME}")
        self.lifetime = lifetime
        self._random_bytes = random_bytes
        self._keys: list[_Key] = []  # the one that seals first
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<TicketKeys: {len(self._keys)} keys>"

    def seal(self, state: bytes, *, at: datetime) -> bytes:
        """Return a ticket with the state of a session; `b""`, which is not a ticket, if that is too long for one."""
        if len(state) > MAXIMUM_STATE:
            return b""
        return self._current(at)[0].seal(state, self._random_bytes(IV))

    def open(self, ticket: bytes, *, at: datetime) -> OpenedTicket | None:
        """Return what is in a ticket; None if no key of now has sealed it, whatever else it may be."""
        keys = self._current(at)
        for key in keys:
            if key.name == ticket[:KEY_NAME]:
                state = key.open(ticket)
                return None if state is None else OpenedTicket(state, key is not keys[0])
        return None

    def _current(self, at: datetime) -> list[_Key]:
        """Return the keys of now, after making a new one and forgetting old ones as their time has come."""
        with self._lock:
            self._keys = [key for key in self._keys if at - key.made < 2 * self.lifetime]
            if not self._keys or at - self._keys[0].made >= self.lifetime:
                draw = self._random_bytes
                self._keys.insert(0, _Key(draw(KEY_NAME), draw(16), draw(32), at))  # AES-128, HMAC-SHA-256
            return self._keys
