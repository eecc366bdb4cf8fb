"""The TTP as it really runs, killed at any moment: nothing that was issued is lost, and no serial number comes twice.

Two TTPs work in one folder. One of them after the other is killed and started again, while a crowd of applicants
enrols, renews and asks for lists over TLS, and the operator hands out codes and revokes. An applicant that is cut
off asks again.
"""

import contextlib
import itertools
import random
import signal
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from demo.party.address import Address
from demo.party.subject import TTP_NAME
from demo.stage.processes import PartyProcess
from pki.ca.permission import Permission
from pki.ca.registrar import Registrar
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.est.client import EnrolmentClient, EnrolmentError
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.keys import dump_private_key
from pki.signatures import ED25519
from pki.x509 import Certificate
from primitives.ed25519_keys import Ed25519PrivateKey
from tests.demo.enrolling.test_enrolment import registrar_of, root_of
from tests.demo.support.parties import ANY_PORT, PATIENCE

# Python's ssl does not close a socket whose peer is dead before the handshake begins.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl.SSLSocket")

T = TypeVar("T")

KEY = Ed25519PrivateKey(bytes(range(32)))  # of all applicants: it is the certificates that are to differ
CROWD = 3
STARVED = 180.0  # seconds without an answer, which no machine is too busy for
SERVING = 0.1  # seconds at most that a TTP is left alive after an answer to somebody


def start(directory: Path) -> PartyProcess:
    return PartyProcess("ttp", "--directory", str(directory), "--listen", ANY_PORT, "--stay")


def kill(ttp: PartyProcess) -> None:
    ttp._process.send_signal(signal.SIGKILL)
    assert ttp.exit_status(timeout=PATIENCE) == -signal.SIGKILL, ttp.complaints()
    ttp.end()


@dataclass
class Crowd:
    """Applicants, and what they have got.

    addresses: where TTPs have been last; one that was killed is there no longer.
    """

    directory: Path
    addresses: list[Address]
    certificates: list[Certificate] = field(default_factory=list)
    revoked: list[Certificate] = field(default_factory=list)
    lists: list[CertificateRevocationList] = field(default_factory=list)
    answers: int = 0
    cut_off: int = 0
    over: bool = False
    complaints: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key_file = self.directory / "applicant-key.pem"
        self.key_file.write_bytes(dump_private_key(KEY))
        self.threads = [threading.Thread(target=self._come, args=(number,)) for number in range(CROWD)]
        for thread in self.threads:
            thread.start()

    def wait_for_an_answer(self) -> None:
        """Wait until somebody gets another answer: on a busy machine, kills alone would go on and nothing else."""
        before, deadline = self.answers, time.monotonic() + STARVED
        while self.answers == before and not self.complaints:
            assert time.monotonic() < deadline, "no TTP answers"
            time.sleep(0.001)

    def leave(self) -> None:
        self.over = True
        for thread in self.threads:
            thread.join()
        assert not self.complaints, self.complaints

    def _come(self, number: int) -> None:
        try:
            registrar = registrar_of(self.directory)
            for visit in itertools.count(1):
                if self.over:
                    return
                self._live(registrar, f"applicant-{number}-{visit}")
        except BaseException as error:
            self.complaints.append(error)

    def _live(self, operator: Registrar, name: str) -> None:
        """Be an applicant who enrols and renews, and whose first certificate is revoked then."""
        now = datetime.now(UTC)
        permission = Permission(names=(name,), purposes=(Purpose.CLIENT_AUTH,), validity=timedelta(days=1))
        code = operator.new_code(name, permission, not_after=now + timedelta(hours=1))
        request = CertificateSigningRequest.build(Name.build(common_name=name), [], KEY, signature_algorithm=ED25519)
        first = self._insist(lambda ttp: ttp.enrol(request, applicant=name, code=code))
        self.certificates.append(first)
        self.certificates.append(self._insist(lambda ttp: ttp.renew(request), shown=first))
        operator.revoke(first.serial_number, at=datetime.now(UTC))
        self.revoked.append(first)
        crl = self._insist(lambda ttp: ttp.crl())
        assert crl.find(first.serial_number, first.issuer), "what is revoked is on the list from then on"
        self.lists.append(crl)

    def _insist(self, ask: Callable[[EnrolmentClient], T], *, shown: Certificate | None = None) -> T:
        """Return the TTP's answer. An applicant that is cut off asks again; a refusal must not happen here."""
        deadline = time.monotonic() + STARVED
        while True:
            assert time.monotonic() < deadline, "no TTP answers"
            try:
                transport = socket.create_connection(random.choice(self.addresses), timeout=PATIENCE)
            except OSError:  # this one is dead, or just dying
                time.sleep(0.05)
                continue
            try:
                with self._secured(transport, shown) as ttp:
                    answer = ask(ttp)
                self.answers += 1
                return answer
            except OSError:
                self.cut_off += 1
            except EnrolmentError as error:
                self.cut_off += 1
                if error.status is not None:
                    raise

    @contextlib.contextmanager
    def _secured(self, transport: socket.socket, shown: Certificate | None) -> Iterator[EnrolmentClient]:
        """Give a client at the TTP, over OpenSSL's TLS, who shows this certificate."""
        context = ssl.create_default_context(cafile=str(self.directory / "ttp" / "certificate.pem"))
        if shown is not None:
            file = self.directory / f"{shown.serial_number:x}.pem"
            file.write_bytes(shown.to_pem())
            context.load_cert_chain(file, self.key_file)
        with transport, context.wrap_socket(transport, server_hostname=TTP_NAME) as stream:
            yield EnrolmentClient(stream, host=TTP_NAME)  # type: ignore[arg-type]  # makefile is overloaded


def check(directory: Path, crowd: Crowd) -> None:
    """What was received is on record, once and whole, and so is what was revoked."""
    with registrar_of(directory).registry.look() as records:
        certificates = list(records.certificates())
        serial_numbers = Counter(record.certificate.serial_number for record in certificates)
        assert max(serial_numbers.values()) == 1
        held = {record.certificate for record in certificates}
        assert [one for one in crowd.certificates if one not in held] == []
        assert len(crowd.certificates) == len({one.serial_number for one in crowd.certificates})
        asked = [request.applicant for request in records.requests() if request.applicant.startswith("applicant-")]
        assert max(Counter(asked).values()) == 1  # one that asked again after a kill got what there was
        assert all(request.issued and records.certificate_for(request.number) for request in records.requests())
        used = {code.applicant: code.request for code in records.codes() if code.request is not None}
        assert sorted(used) == sorted(asked)
        found = {record.certificate for record in certificates if record.revocation is not None}
        assert found == set(crowd.revoked)
        last = records.last_crl()
        numbers = [crl.number or 0 for crl in crowd.lists]
        assert last is not None
        assert last.number >= max(numbers)
        rows = records._connection.execute("SELECT number, der FROM crls ORDER BY number").fetchall()
        assert [number for number, _ in rows] == [*range(1, last.number + 1)]
        assert {(crl.number, crl.der) for crl in crowd.lists} <= set(rows)
        times = [CertificateRevocationList.from_der(der).this_update for _, der in rows]
        assert times == sorted(times)
        assert records._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert records._connection.execute("PRAGMA foreign_key_check").fetchall() == []


def begin_with_kills(directory: Path, chance: random.Random, *, times: int) -> None:
    """Kill the TTP so often while it makes its keys, its root and its registry; the root lasts from when it is made."""
    root = None
    for _ in range(times):
        ttp = start(directory)
        time.sleep(chance.random())
        kill(ttp)
        if root is None and (directory / "ttp" / "certificate.pem").exists():
            root = root_of(directory)
    ttp = start(directory)
    ttp.wait_for("listening", timeout=PATIENCE)
    kill(ttp)
    assert root in (None, root_of(directory))


def kill_at_random(directory: Path, *, times: int, seed: int) -> Crowd:
    """Kill TTPs so often, at any point of their lives; return the crowd when it is served."""
    chance = random.Random(seed)
    early = times // 10
    begin_with_kills(directory, chance, times=early)
    ttps = [start(directory) for _ in range(2)]
    crowd = None
    try:
        addresses = [Address.parse(ttp.wait_for("listening", timeout=PATIENCE)["address"]) for ttp in ttps]
        crowd = Crowd(directory, addresses)
        for turn in range(times - early - 1):
            which = turn % 2
            if chance.random() < 0.9:
                addresses[which] = Address.parse(ttps[which].wait_for("listening", timeout=PATIENCE)["address"])
                crowd.wait_for_an_answer()
                time.sleep(chance.random() * SERVING)
            else:  # it dies somewhere in its start
                time.sleep(chance.random() * SERVING)
            kill(ttps[which])
            ttps[which] = start(directory)
        for which, ttp in enumerate(ttps):
            addresses[which] = Address.parse(ttp.wait_for("listening", timeout=PATIENCE)["address"])
    finally:
        if crowd is not None:
            crowd.leave()
        for ttp in ttps:
            ttp.end()
    check(directory, crowd)
    return crowd


def test_a_ttp_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    crowd = kill_at_random(tmp_path, times=4, seed=1)
    assert len(crowd.certificates) > 1
    assert crowd.cut_off


@pytest.mark.slow
def test_a_ttp_that_is_killed_two_hundred_times_loses_nothing(tmp_path: Path) -> None:
    crowd = kill_at_random(tmp_path, times=200, seed=2)
    assert len(crowd.certificates) > 100
    assert crowd.cut_off > 50
