"""A client's session in a file, for the next run of a command to resume.

Standard     None: PEM (RFC 7468) around the state of RFC 5077 §4 and what the server gave with it.
Left out     More than one session in a file.

The file is as secret as the session: anyone who reads it can read the session's connections, and pass for either side.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from console.files import read_limited, replace_private
from handshake.sessions.state import SessionState
from handshake.sessions.stores import SavedSession
from handshake.sessions.tls13_state import TLS13SessionState
from pki.asn1.pem import pem_decode, pem_encode
from primitives.sha2 import sha256
from record.alerts import RemoteProtocolError
from record.codes import TLS_1_3
from record.presentation import Reader, Writer

LABEL = "CUTAWAY TLS SESSION"


class SessionFile:
    """Keeps the session of one server in a file, which is written whole or not at all, with mode 0600.

    path: the file, which need not exist yet. If it does, it must hold a session: no other file is ever overwritten.

    Raises `ValueError` if it holds something else, and `OSError` if it cannot be read.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._session = _read(self._path) if self._path.exists() else None

    def put(self, server_name: str, session: SavedSession) -> None:
        """Write the session to the file."""
        replace_private(self._path, pem_encode(LABEL, _to_bytes(session)))
        self._session = session

    def get(self, server_name: str, *, at: datetime) -> SavedSession | None:
        """Return the session in the file unless its time is over; of which server it is, its state says."""
        session = self._session
        return session if session is not None and at < session.expires else None

    def remove(self, server_name: str, session: SavedSession) -> None:
        """Delete the file, if this is the session in it."""
        if self._session is session:
            self._session = None
            self._path.unlink(missing_ok=True)


def _to_bytes(session: SavedSession) -> bytes:
    writer = Writer()
    writer.vector("state", session.state.to_bytes(), length_bytes=3)
    writer.vector("session_id", session.session_id, length_bytes=1)
    writer.vector("ticket", session.ticket, length_bytes=2)
    writer.uint32("expires", int(session.expires.timestamp()))
    writer.opaque("configuration", session.configuration)
    return writer.data


def _read(path: Path) -> SavedSession:
    try:
        [block] = pem_decode(read_limited(path))
        if block.label != LABEL:
            raise ValueError(f"its label is {block.label}")
        reader = Reader(block.der)
        session = SavedSession(
            state=_state(reader.vector("state", length_bytes=3)),
            session_id=reader.vector("session_id", length_bytes=1, maximum=32),
            ticket=reader.vector("ticket", length_bytes=2),
            expires=datetime.fromtimestamp(reader.uint32("expires"), UTC),
            configuration=reader.opaque("configuration", sha256().digest_size),
        )
        reader.finish()
    except (ValueError, RemoteProtocolError):
        raise ValueError(f"{path} holds no session that was saved here, and is not overwritten") from None
    return session


def _state(data: bytes) -> SessionState | TLS13SessionState:
    """Return the state of a session, of the version with which it begins."""
    kind = TLS13SessionState if data[:2] == TLS_1_3.to_bytes(2, "big") else SessionState
    return kind.from_bytes(data)
