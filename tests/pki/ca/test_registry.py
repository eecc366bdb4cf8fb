"""The registry: what is written lasts and what is not is not, through exceptions, kills, and crowds."""

import contextlib
import functools
import itertools
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from pki.ca.authority import Authority
from pki.ca.enrolment_codes import CodeError
from pki.ca.records import CertificateRecord, CRLRecord, Records, RegistryError, RequestRecord, Revocation
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import BasicConstraints
from pki.keys import dump_private_key
from pki.signatures import RSA_PKCS1_SHA256
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey
from tests.pki.ca.test_authority import request_for
from tests.pki.conftest import DAY, LEAF, NOW, BuildCertificate
from tests.pki.support import issuing

WHY = RevocationReason.KEY_COMPROMISE
HOUSE = Path(__file__).parents[3]


@pytest.fixture
def build(certificate: BuildCertificate) -> BuildCertificate:
    return functools.partial(certificate, BasicConstraints(ca=False))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.sqlite"


@pytest.fixture
def registry(path: Path, root: Authority) -> Registry:
    return Registry.create(path, root.certificate)


def test_a_new_registry_holds_the_root_alone(registry: Registry, root: Authority, path: Path) -> None:
    assert registry.certificate == root.certificate
    assert "Registry of O=Example, CN=Root" in repr(registry)
    with registry.look() as records:
        assert [one.certificate for one in records.certificates()] == [root.certificate]
        assert not [*records.requests(), *records.codes(), *records.revocations()]
        found = [
            records.last_crl(),
            records.code("x"),
            records.request(1),
            records.certificate(1),
            records.certificate_for(1),
        ]
        assert found == [None] * 5
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == [path.name]  # one file, and nothing beside it


def test_made_again_it_is_the_same_one(registry: Registry, root: Authority, path: Path) -> None:
    with registry.change() as records:
        number = records.add_request(b"x", at=NOW, applicant="a", issued=False, note="")
    again = Registry.create(path, root.certificate)
    with again.look() as records:
        assert records.request(number) == RequestRecord(number, NOW, "a", issued=False, note="", der=b"x")


def test_a_creation_that_was_cut_off_is_done_again(path: Path, root: Authority) -> None:
    path.touch()  # as far as a killed process may have come, for the rest is one transaction
    with pytest.raises(RegistryError, match="is not a registry"):
        Registry(path)
    assert Registry.create(path, root.certificate).certificate == root.certificate


def test_a_subordinate_authority_has_a_registry_of_its_own(
    path: Path, keys: Sequence[RSAPrivateKey], build: BuildCertificate
) -> None:
    below = build(subject=LEAF)
    registry = Registry.create(path, below)
    with registry.look() as records:
        assert list(records.certificates()) == []  # its certificate is on record with the authority above


def test_what_is_no_registry(path: Path, root: Authority, build: BuildCertificate, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="there is no registry at"):
        Registry(path)
    path.write_bytes(b"something else " * 100)
    for attempt in (Registry, lambda p: Registry.create(p, root.certificate)):
        with pytest.raises(RegistryError, match="file is not a database"):
            attempt(path)
    other = tmp_path / "other.sqlite"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
    for attempt in (Registry, lambda p: Registry.create(p, root.certificate)):
        with pytest.raises(RegistryError, match="is not a registry"):
            attempt(other)
    with pytest.raises(RegistryError, match="cannot be used"):
        Registry(tmp_path)
    Registry.create(tmp_path / "mine", root.certificate)
    with pytest.raises(RegistryError, match="the registry of another authority, O=Example, CN=Root"):
        Registry.create(tmp_path / "mine", build())


def test_another_version_is_not_touched(registry: Registry, path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    for use in (registry.change, registry.look):
        with pytest.raises(RegistryError, match="has version 2, expected 1"), use():
            pass


def test_an_exception_undoes_the_whole_block(registry: Registry, build: BuildCertificate) -> None:
    def fail(records: Records) -> None:
        number = records.add_request(b"x", at=NOW, applicant="a", issued=True, note="")
        records.add_certificate(build(), at=NOW, request=number)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), registry.change() as records:
        fail(records)
    with registry.look() as records:
        assert len(list(records.certificates())) == 1
        assert list(records.requests()) == []


def test_a_serial_number_is_given_once(registry: Registry, root: Authority, build: BuildCertificate) -> None:
    first = build(serial_number=7)
    with registry.change() as records:
        assert records.add_certificate(first, at=NOW)
        assert not records.add_certificate(first, at=NOW)
        assert not records.add_certificate(build(serial_number=7, not_after=NOW), at=NOW)
        assert not records.add_certificate(build(serial_number=root.certificate.serial_number), at=NOW)
        assert records.add_certificate(build(serial_number=(1 << 159) - 1), at=NOW)
    with registry.look() as records:
        held = records.certificate(7)
        assert held == CertificateRecord(first, NOW, request=None, replaces=None, revocation=None)
        assert len(list(records.certificates())) == 3


def test_what_does_not_fit_together_is_not_written(registry: Registry, build: BuildCertificate) -> None:
    def request(records: Records) -> None:
        records.add_certificate(build(), at=NOW, request=12345)

    def replaced(records: Records) -> None:
        records.add_certificate(build(), at=NOW, replaces=12345)

    def unknown(records: Records) -> None:
        records.revoke(Revocation(12345, NOW, WHY))

    def twice(records: Records) -> None:
        records.revoke(Revocation(registry.certificate.serial_number, NOW, WHY))
        records.revoke(Revocation(registry.certificate.serial_number, NOW + DAY, WHY))

    def number(records: Records) -> None:
        records.add_crl(CRLRecord(1, NOW, NOW, b"a"))
        records.add_crl(CRLRecord(1, NOW, NOW, b"b"))

    for mistake in (request, replaced, unknown, twice, number):
        with pytest.raises(RegistryError, match="constraint failed"), registry.change() as records:
            mistake(records)
    with registry.look() as records:
        assert records.last_crl() is None
        assert records.revocations() == []
        assert len(list(records.certificates())) == 1


def test_times_have_a_zone_and_come_back_in_utc(registry: Registry) -> None:
    with pytest.raises(ValueError, match="no time zone"), registry.change() as records:
        records.add_crl(CRLRecord(1, NOW.replace(tzinfo=None), NOW, b""))
    with registry.change() as records:
        records.add_crl(CRLRecord(1, NOW.astimezone(timezone(timedelta(hours=5.5))), NOW + DAY, b"crl"))
        assert records.last_crl() == CRLRecord(1, NOW, NOW + DAY, b"crl")


def test_a_reader_sees_one_moment_and_no_half_of_a_change(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pki.ca.registry.BUSY_TIMEOUT", 0.05)

    def write() -> None:
        with registry.change() as records:
            records.add_request(b"x", at=NOW, applicant="a", issued=False, note="")

    with registry.look() as reader:
        assert list(reader.requests()) == []
        with pytest.raises(RegistryError, match="database is locked"):
            write()  # a writer waits for readers; this one gives up soon, and all that it did is undone
        assert list(reader.requests()) == []
    write()
    with registry.look() as reader:
        assert [request.number for request in reader.requests()] == [1]


def test_a_registry_that_stays_locked(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pki.ca.registry.BUSY_TIMEOUT", 0.05)
    with (
        registry.change(),
        pytest.raises(RegistryError, match="database is locked"),
        Registry(registry._path).change(),
    ):
        pass


def test_a_full_disk_changes_nothing(registry: Registry) -> None:
    def fill(records: Records) -> None:
        pages = records._connection.execute("PRAGMA page_count").fetchone()[0]
        records._connection.execute(f"PRAGMA max_page_count = {pages}")
        records.add_request(bytes(100_000), at=NOW, applicant="a", issued=False, note="")

    with pytest.raises(RegistryError, match="full"), registry.change() as records:
        fill(records)
    with registry.look() as records:
        assert list(records.requests()) == []


def test_revocations_leave_the_list_after_one_that_came_after_the_end(
    registry: Registry, build: BuildCertificate
) -> None:
    """RFC 5280 §3.3: an entry stays until it has been on a CRL issued after the certificate's validity."""
    with registry.change() as records:
        for number in (1, 2, 3):
            records.add_certificate(build(serial_number=number, not_after=NOW + number * DAY), at=NOW)
            records.revoke(Revocation(number, NOW, WHY))
    numbers = itertools.count(1)

    def listed(after: timedelta) -> list[int]:
        """What is on a CRL that is issued then."""
        with registry.change() as records:
            found = [one.serial_number for one in records.revocations()]
            unlisted = records.has_unlisted_revocations()
            records.add_crl(CRLRecord(next(numbers), NOW + after, NOW + after + DAY, b""))
            assert not records.has_unlisted_revocations()
            assert not unlisted or found
        return found

    assert listed(timedelta(0)) == [1, 2, 3]
    assert listed(DAY) == [1, 2, 3]  # the first is valid for this last second
    assert listed(DAY + timedelta(seconds=1)) == [1, 2, 3]  # the list that came after its end
    assert listed(DAY + timedelta(seconds=2)) == [2, 3]
    assert listed(4 * DAY) == [2, 3]
    assert listed(5 * DAY) == []
    with registry.change() as records:  # revoked after its end: on no list yet
        records.add_certificate(build(serial_number=4, not_after=NOW + DAY), at=NOW)
        records.revoke(Revocation(4, NOW + 5 * DAY, WHY))
        assert records.has_unlisted_revocations()
    assert listed(6 * DAY) == [4]
    assert listed(7 * DAY) == []


# Kills and crowds.


class Issuer:
    """The process of `tests.pki.support.issuing`, and what it has said so far."""

    def __init__(self, folder: Path, applicant: str) -> None:
        words = [sys.executable, "-m", "tests.pki.support.issuing", *map(str, files(folder)), applicant]
        self._process = subprocess.Popen(words, cwd=HOUSE, stdout=subprocess.PIPE)
        self._said = bytearray()

    def read(self, *, lines: int) -> None:
        """Read until it has said so many lines, or is dead."""
        deadline = time.monotonic() + 60
        while self._said.count(b"\n") < lines and self._more(deadline - time.monotonic()):
            pass

    def kill(self) -> list[Certificate]:
        """Kill it; return the certificates that it has handed out, the last of which it may have been about to say."""
        self._process.send_signal(signal.SIGKILL)
        while self._more(60):
            pass
        self._process.wait()
        assert self._process.returncode == -signal.SIGKILL
        if self._process.stdout:
            self._process.stdout.close()
        whole = self._said[: self._said.rfind(b"\n") + 1].decode().splitlines()
        certificates = [Certificate.from_der(bytes.fromhex(line.split()[1])) for line in whole]
        assert [f"{one.serial_number:x}" for one in certificates] == [line.split()[0] for line in whole]
        return certificates

    def _more(self, timeout: float) -> bool:
        if self._process.stdout is None or not select.select([self._process.stdout], [], [], max(timeout, 0))[0]:
            return False
        data = os.read(self._process.stdout.fileno(), 1 << 16)
        self._said += data
        return bool(data)


def files(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "registry.sqlite", folder / "key.pem", folder / "root.pem"


@pytest.fixture
def office(tmp_path: Path, root: Authority, keys: Sequence[RSAPrivateKey]) -> Path:
    """A folder with an authority's key and certificate, and no registry yet."""
    _, key, certificate = files(tmp_path)
    key.write_bytes(dump_private_key(keys[0]))
    certificate.write_bytes(root.certificate.to_pem())
    return tmp_path


def check_after_kills(office: Path, handed_out: Sequence[Certificate]) -> None:
    """Nothing that was handed out is lost, no serial number occurs twice, and the record is whole."""
    assert max(Counter(one.serial_number for one in handed_out).values(), default=0) <= 1
    registry = Registry(files(office)[0])
    with registry.look() as records:
        certificates = list(records.certificates())
        held = {record.certificate for record in certificates}
        assert [one for one in handed_out if one not in held] == []
        assert max(Counter(record.certificate.serial_number for record in certificates).values()) == 1
        requests = list(records.requests())
        assert [request.number for request in requests] == [record.request for record in certificates[1:]]
        assert all(request.issued for request in requests)
        for code in records.codes():  # a code is used if and only if its certificate is there
            assert code.request is None or records.certificate_for(code.request) is not None
        assert records._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert records._connection.execute("PRAGMA foreign_key_check").fetchall() == []


def kill_at_random(office: Path, *, times: int, seed: int) -> int:
    """Kill an issuing process that often, with another one at work on the same registry; return what was handed out."""
    chance = random.Random(seed)
    handed_out: list[Certificate] = []
    other = Issuer(office, "other")
    for _ in range(times):
        issuer = Issuer(office, "one")
        if chance.random() < 0.8:
            issuer.read(lines=1)  # past the start; else it dies somewhere in the start
        time.sleep(chance.random() * 0.05)
        handed_out += issuer.kill()
        if chance.random() < 0.3:
            handed_out += other.kill()
            other = Issuer(office, "other")
    handed_out += other.kill()
    check_after_kills(office, handed_out)
    return len(handed_out)


def test_a_kill_loses_nothing_that_was_handed_out(office: Path, root: Authority) -> None:
    Registry.create(files(office)[0], root.certificate)
    assert kill_at_random(office, times=8, seed=2) >= 8


@pytest.mark.slow
def test_many_kills_lose_nothing_that_was_handed_out(office: Path, root: Authority) -> None:
    Registry.create(files(office)[0], root.certificate)
    assert kill_at_random(office, times=20, seed=1) >= 20


def test_what_was_half_written_when_the_process_died_is_undone(office: Path, root: Authority) -> None:
    """A process that dies inside of a transaction leaves a journal, from which the next one puts all back."""
    path = files(office)[0]
    registry = Registry.create(path, root.certificate)
    script = (
        "import os, sys, sqlite3\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA cache_size = 1')\n"  # so that changed pages are written before the end
        "connection.execute('BEGIN IMMEDIATE')\n"
        "for number in range(500):\n"
        "    row = (number, '', '', 'issued', '', bytes(1000))\n"
        "    connection.execute('INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?)', row)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    before = path.read_bytes()
    subprocess.run([sys.executable, "-c", script, path], check=False)
    assert path.read_bytes() != before
    assert os.path.getsize(f"{path}-journal") > 0
    with registry.look() as records:
        assert list(records.requests()) == []
    check_after_kills(office, [])


def test_two_processes_begin_the_same_registry(office: Path) -> None:
    issuers = [Issuer(office, name) for name in ("one", "two", "three")]
    for issuer in issuers:
        issuer.read(lines=6)
    handed_out = [one for issuer in issuers for one in issuer.kill()]
    assert len(handed_out) >= 18
    check_after_kills(office, handed_out)


def test_many_threads_with_one_code_get_one_certificate(
    registry: Registry, root: Authority, keys: Sequence[RSAPrivateKey]
) -> None:
    registrar = Registrar(registry, root, signature_algorithm=RSA_PKCS1_SHA256)
    code = registrar.new_code("one", issuing.PERMISSION, not_after=NOW)
    requests = [request_for(key, subject=LEAF) for key in keys] * 4
    got: list[Certificate] = []
    refused: list[str] = []

    def visit(number: int) -> None:
        try:
            got.append(registrar.enrol(requests[number], applicant="one", code=code, at=NOW).certificate)
        except CodeError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4  # the four whose request it was that came first: the same certificate each time
    assert len(set(got)) == 1
    assert refused == ["the enrolment code has been used"] * 8
    with registry.look() as records:
        assert len(list(records.certificates())) == 2
