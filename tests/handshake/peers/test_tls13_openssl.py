"""TLS 1.3 with OpenSSL, in both roles: suites, groups, schemes, retries, client certificates, resumption.

What was negotiated is read back from both sides. Python's `ssl` cannot choose groups or suites of TLS 1.3, so ours
offers or accepts one only. OpenSSL 3.0 has no hybrids, no ML-DSA, and CCM only if it is told to: these are not here.
"""

import ssl
from pathlib import Path
from typing import Any

import pytest

from handshake.connection import Connection
from handshake.events import HandshakeCompleted, PeerSignatureVerified, RetryRequested, TicketReceived
from handshake.parameters import Parameters, Resumption
from handshake.registries.codes import Role
from handshake.registries.signature_schemes import scheme_by_name
from handshake.sessions.stores import SessionStore
from handshake.sessions.tickets import TicketKeys
from record.codes import TLS_1_3
from tests.handshake.peers.test_interoperation import files  # noqa: F401 - fixture
from tests.handshake.support.openssl import NO_CHECK_TIME, PARTIAL_CHAIN, OpenSSL, talk
from tests.handshake.support.parties import Side, client_configuration, identity, server_configuration
from tests.handshake.support.tls13_matrix import ALL, CHAIN, DATA, EVERYDAY, KINDS, Cell
from tests.support.shares import share


def context_of(role: Role, folder: Path, kind: str) -> ssl.SSLContext:
    """OpenSSL's side, which asks for certificates, and shows its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if role is Role.SERVER else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(folder / "root.pem")
    context.verify_flags |= ssl.VerifyFlags(PARTIAL_CHAIN | NO_CHECK_TIME)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(folder / f"{role.value}-{kind}.pem")
    return context


def meet(
    cell: Cell, role: Role, context: ssl.SSLContext, *, keeps: Any, session: ssl.SSLSession | None = None
) -> tuple[Side, OpenSSL]:
    """Let ours, in this role, meet theirs, and carry data both ways."""
    suite, group, name = cell
    common: dict[str, Any] = {
        "versions": (TLS_1_3,),
        "tls13_suites": (suite,),
        "groups": (group,),
        "signature_schemes": (scheme_by_name(name), CHAIN),
        "who": identity(f"{role.value}.example", kind=KINDS[name]),
    }
    if role is Role.CLIENT:
        ours = Side(Connection(client_configuration(cell, sessions=keeps, **common)))
    else:
        ours = Side(Connection(server_configuration(cell, mutual=True, ticket_keys=keeps, **common)))
    theirs = OpenSSL(context, server_side=role is Role.CLIENT, session=session)
    talk(ours, theirs)
    assert (ours.error, theirs.error, theirs.established) == (None, None, True)
    ours.connection.send(DATA)
    theirs.write(DATA)
    theirs.step()
    talk(ours, theirs)
    assert theirs.received == DATA
    return ours, theirs


def parameters_of(side: Side) -> Parameters:
    [completed] = side.got(HandshakeCompleted)
    found: Parameters = completed.parameters
    return found


def converse(cell: Cell, role: Role, folder: Path) -> None:
    """A full handshake, and one that resumes it."""
    suite, group, name = cell
    context = context_of(role.peer, folder, KINDS[name])
    keeps: Any = SessionStore() if role is Role.CLIENT else TicketKeys()
    ours, theirs = meet(cell, role, context, keeps=keeps)
    parameters = parameters_of(ours)
    assert (parameters.version, parameters.suite, parameters.group) == (TLS_1_3, suite, group)
    assert ours.got(PeerSignatureVerified) == [PeerSignatureVerified(scheme_by_name(name))]
    assert theirs.tls.version() == "TLSv1.3"
    cipher = theirs.tls.cipher()
    assert cipher is not None
    assert cipher[0] == suite.name
    # OpenSSL's client sends one share, in X25519: another group is asked for.
    assert bool(ours.got(RetryRequested)) == (role is Role.SERVER and group.name != "x25519")
    if role is Role.CLIENT:
        assert ours.got(TicketReceived)
        again, other = meet(cell, role, context, keeps=keeps)
    else:
        again, other = meet(cell, role, context, keeps=keeps, session=theirs.tls.session)
    assert parameters_of(again).resumption is Resumption.TICKET
    assert other.resumed


def run(cells: list[Cell], role: Role, folder: Path) -> None:
    for cell in cells:
        try:
            converse(cell, role, folder)
        except Exception as error:
            raise AssertionError(f"with {cell}") from error


@pytest.mark.parametrize("role", Role)
def test_each_value_with_openssl(files: Path, role: Role) -> None:  # noqa: F811
    run(EVERYDAY, role, files)


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_many_with_openssl(files: Path, role: Role) -> None:  # noqa: F811
    run(share(ALL, 60, of=f"TLS 1.3 with OpenSSL {role}"), role, files)
