"""What stricter profiles would refuse in the peer's chain is written down as a warning; if they would not, nothing."""

from handshake.commands.event_log import EventLog
from handshake.events import PeerCertificateVerified
from handshake.registries.codes import Role
from pki.verify import Profile, Purpose, verify_chain
from tests.handshake.support.parties import NOW, authority, identity


def logged(role: Role, name: str, **about: object) -> list[str]:
    chain = verify_chain(identity(name, **about).chain[0], roots=[authority("root").certificate], at=NOW)
    lines: list[str] = []
    EventLog(role, lines.append, explain=False)(PeerCertificateVerified(chain))
    assert bool(lines) == bool(chain.objections(Profile.WEB if role is Role.CLIENT else Profile.RFC5280))
    return lines


def test_warnings_of_a_servers_chain() -> None:
    assert not logged(Role.CLIENT, "server.example")
    lines = logged(Role.CLIENT, "client.example", purposes=(Purpose.CLIENT_AUTH,))
    assert all(len(line) <= 80 for line in lines)
    assert " ".join(line.strip() for line in lines).startswith(
        "warning: WEB would refuse it, FORBIDDEN_PURPOSE: the certificate of CN=client.example: it may be used for "
    )


def test_clients_need_not_be_servers() -> None:
    assert not logged(Role.SERVER, "client.example", purposes=(Purpose.CLIENT_AUTH,))
