"""What sessions are kept in: their state as bytes, tickets, caches, files."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handshake.sessions.file import SessionFile
from handshake.sessions.state import LIFETIME, MAXIMUM_LIFETIME, SessionState
from handshake.sessions.stores import SavedSession, SessionCache, SessionStore
from handshake.sessions.tickets import MAXIMUM_STATE, TicketKeys
from handshake.suites.secrets import Secret
from handshake.suites.table import SUITES
from record.alerts import RemoteProtocolError
from tests.handshake.support.parties import NOW, seeded

SECOND = timedelta(seconds=1)

states = st.builds(
    lambda suite, secret, **other: SessionState(suite=suite, master_secret=Secret(secret), **other),
    st.sampled_from(list(SUITES.values())),
    st.binary(min_size=48, max_size=48),
    extended_master_secret=st.booleans(),
    encrypt_then_mac=st.booleans(),
    max_fragment_length=st.integers(0, 4),
    server_name=st.none() | st.text("abc.-", min_size=1, max_size=40),
    peer_certificates=st.lists(st.binary(min_size=1, max_size=20), max_size=3).map(tuple),
    created=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda time: time.replace(microsecond=0)
    ),
)


def state(name: str = "server.example") -> SessionState:
    return SessionState(
        suite=SUITES[0xC02F],
        master_secret=Secret(bytes(range(48))),
        extended_master_secret=True,
        encrypt_then_mac=False,
        max_fragment_length=0,
        server_name=name,
        peer_certificates=(b"certificate",),
        created=NOW,
    )


def saved(name: str = "server.example") -> SavedSession:
    return SavedSession(
        state=state(name), session_id=b"id", ticket=b"ticket", expires=NOW + LIFETIME, configuration=bytes(32)
    )


def same(one: SessionState, other: SessionState) -> bool:
    return one.to_bytes() == other.to_bytes()


@given(states)
def test_a_state_is_what_it_was(state: SessionState) -> None:
    again = SessionState.from_bytes(state.to_bytes())
    assert same(again, state)
    assert replace(again, master_secret=state.master_secret) == state
    assert again.master_secret._value == state.master_secret._value


def test_bytes_that_are_no_state() -> None:
    data = state().to_bytes()
    for cut in range(len(data)):
        with pytest.raises((RemoteProtocolError, ValueError)):
            SessionState.from_bytes(data[:cut])
    with pytest.raises(RemoteProtocolError):
        SessionState.from_bytes(data + b"\0")
    for at, value in ((1, 4), (3, 0xFF), (52, 0), (52, 2)):  # version, suite, and how the peer was authenticated
        with pytest.raises(ValueError):
            SessionState.from_bytes(data[:at] + bytes([value]) + data[at + 1 :])


def test_no_secret_is_shown() -> None:
    assert state().master_secret._value.hex()[:8] not in repr(state())
    assert "ticket=" not in repr(saved())


def test_a_ticket_is_of_the_recommended_form() -> None:
    """RFC 5077 §4: key_name, iv, the length of encrypted_state in two bytes, encrypted_state, mac."""
    keys = TicketKeys(random_bytes=seeded("keys"))
    ticket = keys.seal(b"state", at=NOW)
    draw = seeded("keys")
    name, _encryption_key, _mac_key, iv = draw(16), draw(16), draw(32), draw(16)
    assert ticket[:32] == name + iv
    assert ticket[32:34] == b"\0\x10"
    assert len(ticket) == 34 + 16 + 32
    assert keys.seal(b"state", at=NOW) != ticket  # by another IV


def test_every_bit_of_a_ticket_counts() -> None:
    keys = TicketKeys(random_bytes=seeded("keys"))
    ticket = keys.seal(b"the state of a session", at=NOW)
    for i in range(len(ticket)):
        assert keys.open(ticket[:i] + bytes([ticket[i] ^ 1]) + ticket[i + 1 :], at=NOW) is None
        assert keys.open(ticket[:i], at=NOW) is None
    assert keys.open(ticket + b"\0", at=NOW) is None
    opened = keys.open(ticket, at=NOW)
    assert opened is not None
    assert (opened.state, opened.renew) == (b"the state of a session", False)


def test_keys_take_turns() -> None:
    keys = TicketKeys()
    tickets = {}
    for hour in range(9):
        now = NOW + hour * LIFETIME / 2
        tickets[hour] = keys.seal(b"state", at=now)
        for then, ticket in tickets.items():
            opened = keys.open(ticket, at=now)
            age = hour // 2 - then // 2  # in keys
            assert (opened is not None) == (age < 2)
            if opened is not None:
                assert opened.renew == (age == 1)
    assert repr(keys) == "<TicketKeys: 2 keys>"


def test_what_is_too_long_gets_no_ticket() -> None:
    keys = TicketKeys()
    assert keys.seal(bytes(MAXIMUM_STATE), at=NOW) != b""
    assert keys.seal(bytes(MAXIMUM_STATE + 1), at=NOW) == b""


@pytest.mark.parametrize("kind", [TicketKeys, SessionCache])
@pytest.mark.parametrize("lifetime", [timedelta(0), MAXIMUM_LIFETIME + SECOND])
def test_lifetimes_that_are_none(kind: type, lifetime: timedelta) -> None:
    with pytest.raises(ValueError, match="expected more than 0 and at most"):
        kind(lifetime=lifetime)


@pytest.mark.parametrize("kind", [SessionStore, SessionCache])
def test_capacities_that_are_none(kind: type) -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        kind(capacity=0)


def test_a_cache_holds_so_many_and_for_so_long() -> None:
    cache = SessionCache(capacity=3, lifetime=10 * SECOND)
    for i in range(5):
        cache.put(bytes([i]), state())
    assert len(cache) == 3
    assert cache.get(b"\1", at=NOW) is None
    kept = cache.get(b"\2", at=NOW + 9 * SECOND)
    assert kept is not None
    assert same(kept, state())
    assert cache.get(b"\2", at=NOW + 10 * SECOND) is None
    assert len(cache) == 2
    cache.remove(b"\3")
    cache.remove(b"\3")
    assert (len(cache), repr(cache)) == (1, "<SessionCache: 1 sessions>")


def test_a_store_holds_the_last_session_of_each_server() -> None:
    store = SessionStore(capacity=2)
    first, second = saved("a"), saved("a")
    store.put("a", first)
    store.put("b", saved("b"))
    store.put("a", second)
    store.put("c", saved("c"))
    assert store.get("b", at=NOW) is None  # not heard of for the longest time
    assert store.get("a", at=NOW) is second
    store.remove("a", first)  # a later one has taken its place
    assert store.get("a", at=NOW) is second
    store.remove("a", second)
    assert store.get("a", at=NOW) is None
    assert store.get("c", at=NOW + LIFETIME) is None
    assert repr(store) == "<SessionStore: 0 sessions>"


@pytest.mark.slow
def test_many_threads_share_a_cache_and_keys() -> None:
    cache, keys = SessionCache(capacity=50), TicketKeys(lifetime=10 * SECOND)
    errors = []
    together = threading.Barrier(4)  # no thread's clock is 5 seconds ahead of another's, half of a key's lifetime

    def use(thread: int) -> None:
        try:
            for i in range(200):
                if i % 5 == 0:
                    together.wait()
                now = NOW + i * SECOND
                cache.put(bytes([thread, i]), replace(state(), created=now))
                cache.get(bytes([thread, i - 1 & 0xFF]), at=now)
                cache.remove(bytes([thread, i // 2]))
                opened = keys.open(keys.seal(b"state", at=now), at=now)
                assert opened is not None
        except Exception as error:
            errors.append(error)
            together.abort()

    threads = [threading.Thread(target=use, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(cache) <= 50


def test_a_session_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "session"
    file = SessionFile(path)
    assert file.get("server.example", at=NOW) is None
    session = saved()
    file.put("server.example", session)
    again = SessionFile(path).get("server.example", at=NOW)
    assert again is not None
    assert isinstance(again.state, SessionState)
    assert isinstance(session.state, SessionState)
    assert same(again.state, session.state)
    assert replace(again, state=session.state) == session
    assert SessionFile(path).get("server.example", at=NOW + LIFETIME) is None
    SessionFile(path).remove("server.example", session)  # not that one
    assert path.exists()
    file.remove("server.example", session)
    assert not path.exists()


def test_files_that_hold_no_session(tmp_path: Path) -> None:
    path = tmp_path / "session"
    SessionFile(path).put("server.example", saved())
    whole = path.read_bytes()
    for data in (b"", whole[:-30], whole.replace(b"SESSION", b"TICKETS"), whole * 2, b"\xff" * 100):
        path.write_bytes(data)
        with pytest.raises(ValueError, match="holds no session that was saved here, and is not overwritten"):
            SessionFile(path)
        assert path.read_bytes() == data
