import pytest

from handshake.channel import step_of_type
from handshake.machine import OVER, Fact, If, Machine, Message, State
from handshake.proofs import (
    AdmittedAnonymous,
    AuthenticatedPeer,
    Established,
    ResumedSession,
    TransportedPremaster,
    VerifiedFinished,
    VerifiedSignature,
    admit_anonymous,
    transport_premaster,
    verify_finished,
)
from handshake.registries.codes import RECEIVED, SENT, HandshakeType, Role
from handshake.registries.signature_schemes import DEFAULT_SCHEMES
from handshake.suites.rsa_transport import RSA_OAEP
from handshake.tls12.states import START, TABLES
from pki.verify import VerifiedChain
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError
from tests.handshake.support.parties import identity, key

WAYS = [(role, state) for role in Role for state in TABLES[role].rows]


def established() -> Established:
    return Established(
        admit_anonymous(certificate_required=False),
        verify_finished(Role.CLIENT, received=b"x" * 12, expected=b"x" * 12),
    )


def targets(target: State | If) -> set[State]:
    return {branch for branch, _ in target.branches()} if isinstance(target, If) else {target}


def at(role: Role, state: State, *facts: Fact) -> Machine:
    machine = Machine(TABLES[role], START[role])
    machine._state = state
    machine.facts.update(facts)
    return machine


def test_the_table_is_whole() -> None:
    for role, table in TABLES.items():
        rows = table.rows
        reached = {START[role], State.FAILED}  # by errors
        for state, row in rows.items():
            for direction, _ in row:
                if state.name.startswith("SEND_"):
                    assert (direction, len(row)) == (SENT, 1), state
                elif state.name.startswith("WAIT_"):
                    assert direction is RECEIVED, state
            for target in row.values():
                reached |= targets(target)
        assert reached == set(rows)  # every state is reached, and every state that is reached has its rows
        assert all(not rows[state] for state in OVER)
    assert {step_of_type(kind) for kind in HandshakeType} <= set(Message)


@pytest.mark.parametrize(("role", "state"), WAYS)
@pytest.mark.parametrize("message", Message)
def test_what_the_table_does_not_have_is_refused(role: Role, state: State, message: Message) -> None:
    if (RECEIVED, message) not in TABLES[role].rows[state]:
        with pytest.raises(RemoteProtocolError) as caught:
            at(role, state).advance(RECEIVED, message, established=established())
        assert caught.value.alert is AlertDescription.UNEXPECTED_MESSAGE
    if (SENT, message) not in TABLES[role].rows[state]:
        with pytest.raises(LocalProtocolError):
            at(role, state).advance(SENT, message, established=established())


@pytest.mark.parametrize(("role", "state"), WAYS)
def test_what_the_table_has_leads_where_it_says(role: Role, state: State) -> None:
    for (direction, message), target in TABLES[role].rows[state].items():
        for facts in ([], list(Fact)):
            machine = at(role, state, *facts)
            machine.check(direction, message)
            machine.advance(direction, message, established=established())
            if isinstance(target, If):
                assert machine.state is target.choose(facts)
            else:
                assert machine.state is target


def test_nobody_is_connected_without_the_proofs() -> None:
    doors = []
    for role, state in WAYS:
        for (direction, message), target in TABLES[role].rows[state].items():
            if State.CONNECTED in targets(target) and state is not State.CONNECTED:
                doors.append((role, message))
                resumed = (role is Role.CLIENT) == (direction is SENT)  # who finishes last
                machine = at(role, state, *[Fact.RESUMED] * resumed)
                for nothing in (None, True, object()):
                    with pytest.raises(LocalProtocolError, match="proves"):
                        machine.advance(direction, message, established=nothing)
                    assert machine.state is state
                machine.advance(direction, message, established=established())
                assert machine.state is State.CONNECTED
    assert doors == [(role, Message.FINISHED) for role in (Role.CLIENT, Role.CLIENT, Role.SERVER, Role.SERVER)]


def test_proofs_cannot_be_made_up() -> None:
    for forge in (
        lambda: VerifiedFinished(Role.CLIENT, b"", _mint=None),
        lambda: VerifiedSignature(key("x").public_key, DEFAULT_SCHEMES[0], _mint=object()),
        lambda: TransportedPremaster(key("x").public_key, _mint=True),
        lambda: ResumedSession(key("x").public_key, _mint=None),
        lambda: AdmittedAnonymous(_mint=None),
    ):
        with pytest.raises(TypeError, match="only the verification itself"):
            forge()
    finished = established().finished
    with pytest.raises(TypeError):
        Established(True, finished)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError):
        Established(admit_anonymous(certificate_required=False), b"x" * 12)  # type: ignore[arg-type]  # the same
    with pytest.raises(TypeError):
        AuthenticatedPeer(identity("x").chain, finished)  # type: ignore[arg-type]  # no verified chain
    with pytest.raises(TypeError):
        AuthenticatedPeer(VerifiedChain(identity("x").chain, [()]), finished)  # type: ignore[arg-type]  # not of the key


def test_a_proof_must_be_of_the_key_in_the_certificate() -> None:
    chains = [VerifiedChain(identity(name).chain, [()]) for name in ("server.example", "client.example")]
    _, _, transported = transport_premaster(
        chains[0], RSA_OAEP, client_version=0x0303, random_bytes=lambda length: bytes(length)
    )
    assert AuthenticatedPeer(chains[0], transported).possession is transported
    with pytest.raises(ValueError, match="not that of its certificate"):
        AuthenticatedPeer(chains[1], transported)


def test_the_end_is_the_end() -> None:
    machine = Machine(TABLES[Role.CLIENT], START[Role.CLIENT])
    with pytest.raises(ValueError, match="not an end"):
        machine.end(State.CONNECTED)
    machine.end(State.FAILED)
    assert machine.to_send() is None
