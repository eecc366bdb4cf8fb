"""Where sessions are kept between connections: a server's cache, and what a client keeps of its servers'.

Standard     RFC 5246 §7.4.1.2, §F.1.4; RFC 5077 §3.4.
Left out     Sharing between processes, except what `session_file` does.

A server that gives tickets keeps nothing: see `tickets`.

>>> cache = SessionCache(capacity=100)
>>> cache, cache.get(bytes(32), at=datetime(2030, 6, 1))
(<SessionCache: 0 sessions>, None)
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from handshake.sessions.state import LIFETIME, MAXIMUM_LIFETIME, SessionState
from handshake.sessions.tls13_state import TLS13SessionState

CAPACITY = 1000  # sessions: each a few hundred bytes, and the peer's certificates


class SessionCache:
    """The sessions that a server can resume, by their IDs. One object for all its connections, in all threads.

    capacity: how many there may be; the oldest give way. lifetime: for how long each can be resumed.
    """

    def __init__(self, *, capacity: int = CAPACITY, lifetime: timedelta = LIFETIME) -> None:
        if capacity < 1:
            raise ValueError(f"the capacity is {capacity}, expected 1 or more sessions")
        if not timedelta(0) < lifetime <= MAXIMUM_LIFETIME:
            raise ValueError(f"the lifetime is {lifetime}, expected more than 0 and at most {MAXIMUM_LIFETIME}")
        self._capacity, self.lifetime = capacity, lifetime
        self._sessions: OrderedDict[bytes, SessionState] = OrderedDict()  # the oldest first
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<SessionCache: {len(self)} sessions>"

    def __len__(self) -> int:
        return len(self._sessions)

    def put(self, session_id: bytes, state: SessionState) -> None:
        """Keep a session, from the moment on in which its first handshake is complete."""
        with self._lock:
            self._sessions[session_id] = state
            while len(self._sessions) > self._capacity:
                self._sessions.popitem(last=False)

    def get(self, session_id: bytes, *, at: datetime) -> SessionState | None:
        """Return the session with this ID; None if it is unknown, or its time is over."""
        with self._lock:
            state = self._sessions.get(session_id)
            if state is not None and at - state.created >= self.lifetime:
                del self._sessions[session_id]
                return None
            return state

    def remove(self, session_id: bytes) -> None:
        """Forget a session: its connection has failed (RFC 5246 §7.2.2)."""
        with self._lock:
            self._sessions.pop(session_id, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSession:
    """A session as its client keeps it, with what the server will know it by.

    state: its state. session_id: by which the server may know it; empty if it gave none.
    ticket: which the server may want to see; empty if it gave none.
    expires: when the server will not know it any more.
    configuration: the digest of the configuration under which it was made (`ClientConfiguration.digest`).
    """

    state: SessionState | TLS13SessionState
    session_id: bytes
    ticket: bytes = field(repr=False)
    expires: datetime
    configuration: bytes = field(repr=False)


class ClientSessions(Protocol):
    """Where a client keeps its sessions: `SessionStore` in memory, `session_file.SessionFile` in a file."""

    def put(self, server_name: str, session: SavedSession) -> None:
        """Keep the session for the next connection to this server."""

    def get(self, server_name: str, *, at: datetime) -> SavedSession | None:
        """Return what there is to resume with this server, unless its time is over."""

    def remove(self, server_name: str, session: SavedSession) -> None:
        """Forget this session, unless a later one has taken its place."""


class SessionStore:
    """A client's sessions in memory, the last one of each server. For any number of connections and threads.

    capacity: of how many servers; the one that was not heard of for the longest time gives way.
    """

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        if capacity < 1:
            raise ValueError(f"the capacity is {capacity}, expected 1 or more sessions")
        self._capacity = capacity
        self._sessions: OrderedDict[str, SavedSession] = OrderedDict()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<SessionStore: {len(self)} sessions>"

    def __len__(self) -> int:
        return len(self._sessions)

    def put(self, server_name: str, session: SavedSession) -> None:
        """Keep the session for the next connection to this server."""
        with self._lock:
            self._sessions[server_name] = session
            self._sessions.move_to_end(server_name)
            while len(self._sessions) > self._capacity:
                self._sessions.popitem(last=False)

    def get(self, server_name: str, *, at: datetime) -> SavedSession | None:
        """Return what there is to resume with this server, unless its time is over."""
        with self._lock:
            session = self._sessions.get(server_name)
            if session is not None and at >= session.expires:
                del self._sessions[server_name]
                return None
            return session

    def remove(self, server_name: str, session: SavedSession) -> None:
        """Forget this session, unless a later one has taken its place."""
        with self._lock:
            if self._sessions.get(server_name) is session:
                del self._sessions[server_name]
