"""Whom the TTP has revoked: the servers and their clients ask, and what they do while it is away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.enrolling.applicant import Application, Introduction, obtain_identity
from demo.party.files import make_folder
from demo.party.keys import ECKeys, KeyPlan
from demo.party.party import Party
from demo.party.subject import Subject
from demo.party.world import World
from pki.est.client import EnrolmentClient, EnrolmentError
from tests.demo.enrolling.test_enrolment import registrar_of
from tests.demo.support.parties import ANY_PORT, NOBODY, PATIENCE, Ending, Parties, certificate, exchange, listening

SERVERS = {"bank": ("bank server", "bank client", ("balance",)), "chat": ("chat server", "chat client", ())}


def later(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def test_while_the_ttp_is_away_the_last_crl_is_good_until_it_ends(enrolled: Path) -> None:
    away = ("--ttp", NOBODY)
    now = exchange(enrolled, server=away, client=away)
    assert (now.server.status, now.client.status) == (0, 0)
    for party in (now.server, now.client):
        [event] = party.all("CRL kept")
        assert "nobody answers at 127.0.0.1:1" in event["reason"]
    then = exchange(enrolled, server=(*away, "--at", later(2)), client=(*away, "--at", later(2)))
    assert (then.server.status, then.client.status) == (1, 1)
    assert [party.all("CRL ended")[0]["number"] for party in (then.server, then.client)] == [1, 1]
    assert then.client.alerts == [("sent", "certificate_unknown")]
    assert "tells whether it was revoked" in then.client.line


def test_a_server_refuses_a_client_when_its_own_crl_has_ended(enrolled: Path) -> None:
    away = ("--ttp", NOBODY)
    then = exchange(enrolled, server=(*away, "--at", later(2)), client=away)
    assert then.server.alerts == [("sent", "certificate_unknown")]
    assert "tells whether it was revoked" in then.server.line


def test_a_certificate_is_kept_though_the_crl_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is used up by then: who lost the certificate could not ask for another."""

    def refused(self: EnrolmentClient) -> None:
        raise EnrolmentError(503, "the TTP is busy")

    monkeypatch.setattr(EnrolmentClient, "crl", refused)
    events: list[str] = []
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client")
        party = Party(
            "client", tmp_path, World("client"), lambda event, /, **facts: events.append(event), PATIENCE, lambda *_: 0
        )
        make_folder(party.folder)
        plan = KeyPlan(ECKeys())
        introduction = Introduction(address, root_file=None, root_fingerprint=None, code=None)
        identity = obtain_identity(party, Application(Subject("client"), introduction, plan))
        ttp.wait(timeout=PATIENCE)
    assert certificate(tmp_path, "client") == identity.certificate
    assert events[-2:] == ["certificate", "CRL kept"]  # the TTP's own file is there to go by


@pytest.mark.slow
@pytest.mark.parametrize("late", ["server", "client"])
@pytest.mark.parametrize("which", SERVERS)
def test_nobody_is_let_in_by_a_crl_that_has_ended(people: Path, which: str, late: str) -> None:
    """Each side by itself: the TTP is away, and for one of the two its last CRL has ended."""
    server_command, client_command, errand = SERVERS[which]
    at = {late: ("--at", later(2))}
    with Parties(people) as parties:
        server = parties.start(server_command, "--ttp", NOBODY, "--listen", ANY_PORT, *at.get("server", ()))
        words = ("--ttp", NOBODY, "--connect", str(listening(server)), "--timeout", "5", *at.get("client", ()))
        refused = Ending.of(parties.start(client_command, "--name", "asha", *words, *errand))
    assert (refused.status, "certificate_unknown" in refused.line) == (1, True), refused.line


@pytest.mark.parametrize("which", [pytest.param(which, marks=pytest.mark.slow) for which in SERVERS])
def test_a_revoked_client_is_refused(people: Path, which: str) -> None:
    server_command, client_command, errand = SERVERS[which]
    with Parties(people) as parties:
        _, ttp = parties.ttp("--stay", "--enrol", "somebody")
        stolen = certificate(people, "asha").serial_number
        registrar_of(people).revoke(stolen, at=datetime.now(UTC))
        server = parties.start(server_command, "--ttp", str(ttp), "--listen", ANY_PORT)
        address = str(listening(server))
        assert server.wait_for("CRL fetched", timeout=PATIENCE)["revoked"] == 1
        words = ("--ttp", str(ttp), "--connect", address)
        refused = Ending.of(parties.start(client_command, "--name", "asha", *words, *errand))
        assert (refused.status, "certificate_revoked" in refused.line) == (1, True), refused.line
        if which == "bank":
            assert Ending.of(parties.start(client_command, "--name", "bala", *words, *errand)).status == 0


@pytest.mark.slow
def test_a_revoked_party_of_the_exchange_is_refused(enrolled: Path) -> None:
    with Parties(enrolled) as parties:
        _, ttp = parties.ttp("--stay", "--enrol", "somebody")
        registrar_of(enrolled).revoke(certificate(enrolled, "client").serial_number, at=datetime.now(UTC))
        words = ("--ttp", str(ttp))
        ended = exchange(enrolled, server=words, client=words)
        assert ended.server.alerts == [("sent", "certificate_revoked")]
        assert ended.client.alerts == [("received", "certificate_revoked")]


@pytest.mark.slow
def test_the_ttp_signs_a_crl_when_somebody_is_revoked(enrolled: Path) -> None:
    with Parties(enrolled) as parties:
        process, _ = parties.ttp("--stay", "--enrol", "somebody")
        assert process.wait_for("CRL", timeout=PATIENCE)["made"] == "no"
        registrar_of(enrolled).revoke(certificate(enrolled, "client").serial_number, at=datetime.now(UTC))
        signed = process.wait_for("CRL", timeout=PATIENCE, number=1)
        assert (signed["made"], signed["number"], signed["revoked"]) == ("yes", 2, 1)
