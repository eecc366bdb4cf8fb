"""The matrix: our client and our server with the TLS of others, for all that they can agree upon.

OpenSSL and GnuTLS's client speak in memory, by way of Python's `ssl` and of `ctypes`; GnuTLS's server is the program
`gnutls-serv`. The everyday run goes through a few cells of the matrix in which each value is; the long one through some
in which each pair of values is (but for those of suite and scheme), and through a share of the others.
"""

import re
import ssl
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import ApplicationData, PeerSignatureVerified
from handshake.parameters import Parameters, Resumption
from handshake.registries.codes import Role
from handshake.registries.groups import DEFAULT_GROUPS, KEM_GROUPS
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, SCHEMES, Authentication, SignatureScheme
from handshake.sessions.stores import SessionCache, SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.suites.rsa_transport import RSAKeyTransport
from handshake.suites.table import DEFAULT_SUITES, CipherSuite
from pki.asn1.der_writer import integer, sequence
from pki.asn1.pem import pem_encode
from pki.keys import dump_private_key
from tests.conftest import PeerTool
from tests.handshake.commands.test_command import ROOT
from tests.handshake.support import gnutls
from tests.handshake.support import tls13_matrix as tls13
from tests.handshake.support.gnutls import GnuTLS
from tests.handshake.support.matrix import (
    Cell,
    cells_of,
    covering,
    every_cell,
    groups_of,
    kind_of,
    pairs_of,
    values_of,
)
from tests.handshake.support.openssl import (
    NO_CHECK_TIME,
    NO_ENCRYPT_THEN_MAC,
    NO_EXTENDED_MASTER_SECRET,
    PARTIAL_CHAIN,
    OpenSSL,
    Peer,
    talk,
)
from tests.handshake.support.parties import (
    Side,
    authority,
    client_configuration,
    identity,
    seeded,
    server_configuration,
)
from tests.support.shares import share

KINDS = ("RSA", "RSA-PSS", "P-256", "P-384", "Ed25519", "Ed448")
CHAIN = SCHEMES[0x0501]  # rsa_pkcs1_sha384, with which the authority signs
DATA = bytes(range(256))
BATCHES = range(2)


@cache
def each_value() -> list[Cell]:
    """The cells of the everyday run."""
    return covering(every_cell(), values_of)


@cache
def each_pair() -> frozenset[Cell]:
    """The cells that the long run goes through whatever its share of the others."""
    return frozenset(covering(every_cell(), pairs_of))


def long_run_of(suite: CipherSuite) -> list[Cell]:
    """Which of a suite's cells the long run goes through."""
    cells = list(cells_of(suite))
    others = share([cell for cell in cells if cell not in each_pair()], 20, of=f"conversations with {suite}")
    return [cell for cell in cells if cell in each_pair() or cell in others]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates and keys as files, and primes for OpenSSL's servers."""
    made = tmp_path_factory.mktemp("matrix")
    (made / "root.pem").write_bytes(authority().certificate.to_pem())
    for name in ("server", "client"):
        for kind in KINDS:
            who = identity(f"{name}.example", kind=kind)
            (made / f"{name}-{kind}.pem").write_bytes(
                b"".join(certificate.to_pem() for certificate in who.chain) + dump_private_key(who.private_key)
            )
    for group in DEFAULT_GROUPS:
        if group.dh is not None:
            params = sequence("DHParameter", integer("prime", group.dh.p), integer("base", group.dh.g)).encoding
            (made / f"{group}.pem").write_bytes(pem_encode("DH PARAMETERS", params))
    return made


def configuration(cell: Cell, role: Role) -> ClientConfiguration | ServerConfiguration:
    """Ours, which leaves the peer no choice but the cell."""
    changes: dict[str, Any] = {
        "suites": (cell.suite,),
        "signature_schemes": tuple(dict.fromkeys([*([cell.scheme] if cell.scheme else []), CHAIN])),
        "encrypt_then_mac": cell.encrypt_then_mac or not cell.suite.cipher.is_block_cipher,
        "extended_master_secret": cell.extended,
    }
    if role is Role.CLIENT:
        who = identity("client.example", kind=cell.client_kind) if cell.client_kind else None
        return client_configuration(cell, who=who, groups=cell.groups, sessions=SessionStore(), **changes)
    by_ticket = cell.resumption is Resumption.TICKET
    return server_configuration(
        cell,
        who=identity("server.example", kind=cell.kind),
        mutual=cell.client,
        groups=(cell.group,) if cell.group else DEFAULT_GROUPS,
        ticket_keys=TicketKeys(random_bytes=seeded(cell)) if by_ticket else None,
        session_cache=None if by_ticket else SessionCache(),
        **changes,
    )


def check(cell: Cell, role: Role, parameters: Parameters | None, scheme: SignatureScheme | None) -> None:
    """What a new session agrees upon is the cell. scheme: with which the peer signed."""
    assert parameters is not None
    assert parameters.resumption is None
    assert parameters.suite is cell.suite
    assert parameters.group is cell.group
    assert parameters.encrypt_then_mac == cell.encrypt_then_mac
    assert parameters.extended_master_secret == cell.extended
    signed = cell.suite_signs if role is Role.CLIENT else cell.client
    assert scheme is (cell.scheme if signed else None)


def is_resumed(cell: Cell, role: Role) -> bool:
    """Whether we resume it (RFC 7627 §5.3): without the extended master secret, only for clients that are unknown."""
    return cell.extended or (role is Role.SERVER and not cell.client)


def converse(ours: Side, theirs: Peer) -> None:
    """Carry a whole conversation, with data both ways."""
    talk(ours, theirs)
    assert (ours.error, theirs.error, theirs.established) == (None, None, True)
    ours.connection.send(DATA)
    theirs.write(DATA[::-1])
    talk(ours, theirs)
    assert theirs.received == DATA
    assert b"".join(event.data for event in ours.got(ApplicationData)) == DATA[::-1]
    ours.connection.close()
    talk(ours, theirs)
    assert (ours.error, theirs.error, theirs.ended) == (None, None, True)


def run_in_memory(cell: Cell, role: Role, peer: Callable[[Peer | None], Peer]) -> None:
    """Make a session and resume it, if we do so. peer: makes the peer, given the one whose session it shall resume."""
    ours = configuration(cell, role)
    side, first = Side(Connection(ours)), peer(None)
    converse(side, first)
    [*signed] = side.got(PeerSignatureVerified)
    check(cell, role, side.connection.parameters, signed[0].scheme if signed else None)
    assert (side.connection.peer_chain is not None) == (role is Role.CLIENT or cell.client)
    if not is_resumed(cell, role) and cell not in each_pair():
        return  # another new session would show nothing
    side, second = Side(Connection(ours)), peer(first)
    converse(side, second)
    parameters = side.connection.parameters
    assert parameters is not None
    assert parameters.resumption is (cell.resumption if is_resumed(cell, role) else None)
    assert second.resumed == is_resumed(cell, role)


def with_openssl(cell: Cell, role: Role, files: Path) -> None:
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if role is Role.SERVER else ssl.PROTOCOL_TLS_SERVER)
    theirs.maximum_version = ssl.TLSVersion.TLSv1_2
    theirs.set_ciphers(f"{cell.suite.openssl_name}:@SECLEVEL=0")
    theirs.load_verify_locations(files / "root.pem")
    theirs.verify_flags |= PARTIAL_CHAIN | NO_CHECK_TIME
    theirs.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE  # it would order groups and signature schemes, too
    theirs.options |= 0 if cell.resumption is Resumption.TICKET else ssl.OP_NO_TICKET
    theirs.options |= 0 if cell.encrypt_then_mac else NO_ENCRYPT_THEN_MAC
    theirs.options |= 0 if cell.extended else NO_EXTENDED_MASTER_SECRET
    theirs.verify_mode = ssl.CERT_REQUIRED if cell.client or role is Role.SERVER else ssl.CERT_NONE
    if role is Role.CLIENT:
        theirs.load_cert_chain(files / f"server-{cell.kind}.pem")
        if cell.group is not None and cell.group.dh is not None:
            theirs.load_dh_params(str(files / f"{cell.group}.pem"))
    elif cell.client:
        theirs.load_cert_chain(files / f"client-{cell.client_kind}.pem")

    def peer(before: Peer | None) -> Peer:
        session = before.tls.session if isinstance(before, OpenSSL) and role is Role.SERVER else None
        return OpenSSL(theirs, server_side=role is Role.CLIENT, session=session)

    run_in_memory(cell, role, peer)


GNUTLS_CIPHERS = {
    "AES_128_GCM": ("AES-128-GCM", "AEAD"),
    "AES_256_GCM": ("AES-256-GCM", "AEAD"),
    "CHACHA20_POLY1305": ("CHACHA20-POLY1305", "AEAD"),
    "AES_128_CBC": ("AES-128-CBC", ""),
    "AES_256_CBC": ("AES-256-CBC", ""),
}


def priority(suite: CipherSuite) -> str:
    """The suite in GnuTLS's own words."""
    exchange, records = suite.name.removeprefix("TLS_").split("_WITH_")
    cipher, mac = GNUTLS_CIPHERS[re.sub("_SHA(256|384)?$", "", records)]
    mac = mac or {"SHA": "SHA1", "SHA256": "SHA256", "SHA384": "SHA384"}[records.rpartition("_")[2]]
    return (
        f"NONE:+VERS-TLS1.2:+{exchange.replace('_', '-')}:+{cipher}:+{mac}:+SIGN-ALL:+COMP-NULL:+GROUP-ALL"
        ":+CTYPE-X509:%PROFILE_LOW"
    )


def with_gnutls(cell: Cell) -> None:
    """Our server, and GnuTLS's client."""
    who = identity("client.example", kind=cell.client_kind) if cell.client_kind else None
    words = priority(cell.suite) + ("" if cell.encrypt_then_mac else ":%NO_ETM")
    if not cell.extended:
        words += ":%NO_SESSION_HASH"

    def peer(before: Peer | None) -> Peer:
        session = before.session if isinstance(before, GnuTLS) else None
        return GnuTLS(words, who=who, tickets=cell.resumption is Resumption.TICKET, session=session)

    run_in_memory(cell, Role.SERVER, peer)


def run_all(cells: Sequence[Cell], run: Callable[[Cell], None]) -> None:
    for cell in cells:
        try:
            run(cell)
        except Exception as error:
            raise AssertionError(f"with {cell}") from error


@pytest.fixture(scope="session")
def libgnutls(peer_tool: PeerTool) -> None:
    peer_tool("gnutls-cli")
    assert gnutls.library() is not None, "gnutls-cli is installed, but its library cannot be found"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("batch", BATCHES)
def test_some_with_openssl(files: Path, role: Role, batch: int) -> None:
    run_all(each_value()[batch :: len(BATCHES)], lambda cell: with_openssl(cell, role, files))


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("suite", DEFAULT_SUITES, ids=str)
def test_many_with_openssl(files: Path, role: Role, suite: CipherSuite) -> None:
    run_all(long_run_of(suite), lambda cell: with_openssl(cell, role, files))


@pytest.mark.parametrize("batch", BATCHES)
def test_some_with_gnutls_client(libgnutls: None, batch: int) -> None:
    run_all(each_value()[batch :: len(BATCHES)], with_gnutls)


@pytest.mark.slow
@pytest.mark.parametrize("suite", DEFAULT_SUITES, ids=str)
def test_many_with_gnutls_client(libgnutls: None, suite: CipherSuite) -> None:
    run_all(long_run_of(suite), with_gnutls)


PAGE = """# Who speaks with whom

Written by `tests/handshake/peers/test_interoperation.py`: this is what the tests run.

## TLS 1.3

| peer | what is spoken, in both roles |
| --- | --- |
| OpenSSL 3, by Python's `ssl` | {tls13_suites}; {tls13_groups}; {tls13_schemes}; {tls13_others} |
| OpenSSL 4, by pyOpenSSL | {kem_groups}; mldsa44, mldsa65, mldsa87 on both sides |
| curl, Chromium | our page, by X25519MLKEM768 where they have it |
| tshark | reads it all with the secrets: handshake, data, early data, and what comes under new keys |

What was negotiated is read back from the peer. The everyday run has each suite, group and scheme once with OpenSSL 3 in
each role; the long run has a share of all {tls13_cells} combinations.

## TLS 1.2

In each conversation our
client meets their server, or our server their client; data goes both ways, and both say goodbye.

| suite | groups | signatures | our client, OpenSSL | our server, OpenSSL | our client, GnuTLS | our server, GnuTLS |
| --- | --- | --- | --- | --- | --- | --- |
{suites}

The numbers are those of the conversations: every suite with every group and every signature scheme that go with it.
Each of these has all combinations of: with the extended master secret and without, with a client's certificate and
without, and, in suites with CBC, with encrypt-then-MAC and without. Sessions with the extended master secret are then
resumed, by ticket and by session ID, with the one signature scheme and the next. So are those without it by our server,
if the client has shown no certificate (RFC 7627 §5.3).

| | |
| --- | --- |
| ECDSA, Ed25519 | {ecdsa} |
| RSA | {rsa} |
| keys of servers and of clients | {kinds} |

The everyday run goes through {values} of these conversations with each, which hold each value. The long run goes
through {pairs} that hold each pair of values, but for the pairs of suite and signature scheme, and through a share of
the others, drawn anew each time. With `CUTAWAY_FUZZ_SHARE=all` it goes through all.

OpenSSL speaks by way of Python's `ssl`, and GnuTLS's client as the library. GnuTLS's server is `gnutls-serv`. The
programs `openssl s_server`, `openssl s_client` and `gnutls-cli` run once with every suite.
"""


def page() -> str:
    """The matrix as a page of the documentation."""
    suites = []
    for suite in DEFAULT_SUITES:
        groups = ", ".join(str(group) for group in groups_of(suite) if group) or "–"
        signatures = "of the client: all"
        if not isinstance(suite.key_exchange, RSAKeyTransport):
            signatures = "RSA" if suite.authentication is Authentication.RSA else "ECDSA, Ed25519"
        count = len(list(cells_of(suite)))
        suites.append(f"| {suite.name} ({suite.openssl_name}) | {groups} | {signatures} |{f' {count} |' * 4}")
    rsa, ecdsa = (
        ", ".join(str(scheme) for scheme in DEFAULT_SCHEMES if kind_of(scheme).startswith("RSA") == is_rsa)
        for is_rsa in (True, False)
    )
    counts = {
        "values": len(each_value()),
        "pairs": len(each_pair()),
        "tls13_others": "certificates on both sides, HelloRetryRequest, resumption by ticket",
        "tls13_suites": ", ".join(suite.name for suite in tls13.SUITES),
        "tls13_groups": ", ".join(map(str, tls13.GROUPS)),
        "tls13_schemes": ", ".join(tls13.KINDS),
        "tls13_cells": len(tls13.ALL),
        "kem_groups": ", ".join(map(str, KEM_GROUPS)),
    }
    return PAGE.format(suites="\n".join(suites), rsa=rsa, ecdsa=ecdsa, kinds=", ".join(KINDS), **counts)


def test_the_page_in_the_documentation_is_the_matrix() -> None:
    assert (ROOT / "docs" / "interoperation.md").read_text() == page()
