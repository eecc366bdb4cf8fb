"""A party's copy of the TTP's CRL: what is taken, what stays, and what is said of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.failure import PartyError
from demo.party import crl_copy
from demo.party.crl_copy import CRL_FILE, CRLCopy
from demo.party.party import Party
from demo.party.subject import Subject
from demo.party.world import World
from pki.ca.authority import Authority
from pki.crl import CertificateRevocationList, RevokedCertificate
from pki.fields.validity import Validity
from pki.signatures import ECDSA_SHA256
from primitives.ec import P256, ECPrivateKey

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def root(number: int) -> Authority:
    return Authority.create_root(
        Subject("TTP").name,
        ECPrivateKey(P256, number),
        validity=Validity(NOW - 9 * DAY, NOW + 99 * DAY),
        signature_algorithm=ECDSA_SHA256,
    )


TTP, OTHER = root(3), root(5)


def crl(
    number: int, *, begin: datetime = NOW, authority: Authority = TTP, revoked: int = 0
) -> CertificateRevocationList:
    entries = [RevokedCertificate.build(serial, begin) for serial in range(1, revoked + 1)]
    return authority.issue_crl(
        entries, number=number, this_update=begin, next_update=begin + DAY, signature_algorithm=ECDSA_SHA256
    )


def away() -> CertificateRevocationList:
    raise PartyError("the TTP is away")


@dataclass
class Asha:
    """A party, and what it reports."""

    directory: Path
    at: datetime = NOW
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def copy(self, fetch: Callable[[], CertificateRevocationList] = away) -> CRLCopy:
        (self.directory / "asha").mkdir(exist_ok=True)
        world = World("asha", at=self.at)
        party = Party("asha", self.directory, world, self.report, 9.0, lambda title, choices: 0)
        return CRLCopy(party, TTP.certificate, fetch)

    def report(self, event: str, /, **facts: Any) -> None:
        self.events.append((event, facts))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]


@pytest.fixture
def asha(tmp_path: Path) -> Asha:
    return Asha(tmp_path)


def test_what_was_fetched_is_kept_on_the_disk(asha: Asha) -> None:
    copy = asha.copy(lambda: crl(7, revoked=2))
    assert len(copy) == 0
    copy.update()
    assert asha.events == [("CRL fetched", {"number": 7, "revoked": 2, "until": "2026-05-02 00:00:00 UTC"})]
    assert [copy[0], *copy] == [asha.copy()[0], *asha.copy()]
    assert CertificateRevocationList.from_pem((asha.directory / "asha" / CRL_FILE).read_bytes()) == copy[0]


def test_the_last_one_stays_while_the_ttp_is_away_and_it_is_said_once(asha: Asha) -> None:
    asha.copy(lambda: crl(7)).update()
    for at in (NOW, NOW + DAY, NOW + DAY + timedelta(seconds=1)):
        asha.at = at
        copy = asha.copy()
        copy.update()
        copy.update()
        assert [one.number for one in copy] == [7]  # also when it has ended: what it says of the revoked stays true
    assert asha.names == ["CRL fetched", "CRL kept", "CRL kept", "CRL ended"]
    assert {facts["reason"] for _, facts in asha.events[1:]} == {"the TTP is away"}


def test_none_is_said(asha: Asha) -> None:
    copy = asha.copy()
    copy.update()
    assert (len(copy), asha.events) == (0, [("CRL missing", {"reason": "the TTP is away"})])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (crl(9, authority=OTHER), "signature"),
        (crl(9, begin=NOW + HOUR), "it is from the future"),
        (crl(6), "its number is 6, and that of the last one was 7"),
    ],
)
def test_what_cannot_be_used_changes_nothing(asha: Asha, bad: CertificateRevocationList, reason: str) -> None:
    asha.copy(lambda: crl(7)).update()
    before = (asha.directory / "asha" / CRL_FILE).read_bytes()
    copy = asha.copy(lambda: bad)
    copy.update()
    assert ([one.number for one in copy], asha.names) == ([7], ["CRL fetched", "CRL kept"])
    assert reason in asha.events[-1][1]["reason"]
    assert (asha.directory / "asha" / CRL_FILE).read_bytes() == before
    (asha.directory / "asha" / CRL_FILE).write_bytes(bad.to_pem())
    if bad.number != 6:  # which is a good one where nothing newer is known
        assert len(asha.copy()) == 0


@pytest.mark.parametrize("junk", [b"", b"junk", TTP.certificate.to_pem()])
def test_a_file_that_holds_something_else_is_no_copy(asha: Asha, junk: bytes) -> None:
    asha.copy(lambda: crl(7)).update()
    (asha.directory / "asha" / CRL_FILE).write_bytes(junk)
    assert len(asha.copy()) == 0


def test_the_ttps_own_file_counts_if_it_is_newer(asha: Asha) -> None:
    asha.copy(lambda: crl(7)).update()
    (asha.directory / "ttp").mkdir()
    for number, found in ((6, 7), (8, 8)):
        (asha.directory / "ttp" / CRL_FILE).write_bytes(crl(number).to_pem())
        assert [one.number for one in asha.copy()] == [found]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crl_copy, "AGAIN", 0.01)


@pytest.mark.parametrize(("age", "due"), [(DAY / 2 - timedelta(seconds=1), False), (DAY / 2, True)])
def test_a_new_one_is_fetched_when_half_of_the_time_is_over(asha: Asha, often: None, age: timedelta, due: bool) -> None:
    asha.copy(lambda: crl(7)).update()
    asha.at = NOW + age
    fetched, looked = threading.Event(), threading.Event()

    def fetch() -> CertificateRevocationList:
        fetched.set()
        return crl(8, begin=asha.at)

    copy = asha.copy(fetch)
    is_due = copy._is_due

    def look() -> bool:
        found = is_due()
        looked.set()
        return found

    copy._is_due = look  # type: ignore[method-assign]
    with copy.kept_fresh():
        assert looked.wait(60)
        if due:
            assert fetched.wait(60)
    assert fetched.is_set() is due
