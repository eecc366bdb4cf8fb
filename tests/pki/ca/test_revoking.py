"""Revocations and the lists that tell of them: what is on which list, how long one serves, what OpenSSL heeds."""

import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pki.ca.authority import Authority
from pki.ca.records import CRLRecord, RegistryError, Revocation
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.crl import CertificateRevocationList, RevocationReason
from pki.fields.general_names import DNSName
from pki.fields.name_constraints import GeneralSubtree, NameConstraints
from pki.signatures import RSA_PKCS1_SHA256
from primitives.rsa import RSAPrivateKey
from tests.conftest import PeerTool
from tests.pki.ca.test_authority import request_for
from tests.pki.ca.test_registrar import GOOD, HOUR, enrol, new_code, new_registrar, on_record
from tests.pki.conftest import DAY, INTERMEDIATE, NOW, VALIDITY


@pytest.fixture
def registrar(tmp_path: Path, root: Authority) -> Registrar:
    return new_registrar(tmp_path / "registry.sqlite", root)


def revoked(crl: CertificateRevocationList) -> list[tuple[int, datetime, RevocationReason]]:
    return [(one.serial_number, one.revocation_date, one.reason) for one in crl.entries]


def test_a_revocation_is_on_the_next_list(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    empty = registrar.issue_crl(at=NOW, next_update=NOW + DAY)
    assert (empty.number, len(empty.entries), empty.this_update, empty.next_update) == (1, 0, NOW, NOW + DAY)
    empty.verify_signature_by(keys[0].public_key)
    made = [enrol(registrar, request_for(keys[2]), new_code(registrar)).certificate.serial_number for _ in range(3)]
    why = RevocationReason.KEY_COMPROMISE
    done = registrar.revoke(made[0], at=NOW + HOUR, reason=why)
    registrar.revoke(made[2], at=NOW)
    assert done == Revocation(made[0], NOW + HOUR, why)
    assert [record.revocation for record in on_record(registrar)[1][1:]] == [
        done,
        None,
        Revocation(made[2], NOW, RevocationReason.UNSPECIFIED),
    ]
    crl = registrar.issue_crl(at=NOW + HOUR, next_update=NOW + DAY)
    assert crl.number == 2
    assert revoked(crl) == [(made[2], NOW, RevocationReason.UNSPECIFIED), (made[0], NOW + HOUR, why)]
    with registrar.registry.look() as records:
        assert records.last_crl() == CRLRecord(2, NOW + HOUR, NOW + DAY, crl.to_der())


def test_a_list_serves_until_half_of_its_time_or_the_next_revocation(
    registrar: Registrar, keys: Sequence[RSAPrivateKey]
) -> None:
    made = enrol(registrar, request_for(keys[2]), new_code(registrar)).certificate

    def current(after: timedelta) -> CertificateRevocationList:
        return registrar.current_crl(at=NOW + after, lifetime=DAY)

    first = current(0 * HOUR)
    assert (first.number, first.next_update) == (1, NOW + DAY)
    assert current(0 * HOUR) == current(12 * HOUR - timedelta(seconds=1)) == first
    second = current(12 * HOUR)
    assert (second.number, second.this_update, second.next_update) == (2, NOW + 12 * HOUR, NOW + 36 * HOUR)
    assert current(13 * HOUR) == second
    registrar.revoke(made.serial_number, at=NOW + 13 * HOUR)
    third = current(13 * HOUR)
    assert [entry.serial_number for entry in third.entries] == [made.serial_number]
    assert current(14 * HOUR) == third


def test_what_is_not_revoked(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    made = enrol(registrar, request_for(keys[2]), new_code(registrar)).certificate.serial_number
    with pytest.raises(RegistryError, match="no certificate has the serial number 7b"):
        registrar.revoke(123, at=NOW)
    with pytest.raises(RegistryError, match="no authority can revoke itself"):
        registrar.revoke(registrar.authority.certificate.serial_number, at=NOW)
    for reason in (RevocationReason.CERTIFICATE_HOLD, RevocationReason.REMOVE_FROM_CRL):
        with pytest.raises(ValueError, match=f"{reason} is not a reason to revoke for good"):
            registrar.revoke(made, at=NOW, reason=reason)
    registrar.revoke(made, at=NOW)
    with pytest.raises(RegistryError, match="is revoked already, since 2026-06-01 12:00:00"):
        registrar.revoke(made, at=NOW + HOUR)
    assert [one[1] for one in revoked(registrar.issue_crl(at=NOW, next_update=NOW + DAY))] == [NOW]


def test_openssl_accepts_the_chain_and_heeds_the_lists(
    registrar: Registrar, keys: Sequence[RSAPrivateKey], tmp_path: Path, peer_tool: PeerTool
) -> None:
    """The root, an authority below it, and a leaf, strictly, with a CRL for each step; then with the leaf revoked."""
    request = request_for(keys[1], subject=INTERMEDIATE)
    constraints = NameConstraints(permitted=(GeneralSubtree(DNSName("leaf.example")),))
    made = registrar.issue_authority(
        request, at=NOW, path_length=0, name_constraints=constraints, **VALIDITY
    ).certificate
    below = Registrar(
        Registry.create(tmp_path / "below.sqlite", made), Authority(made, keys[1]), signature_algorithm=RSA_PKCS1_SHA256
    )
    leaf = enrol(below, request_for(keys[2], GOOD), new_code(below)).certificate
    files = {name: tmp_path / f"{name}.pem" for name in ("root", "below", "leaf", "crls")}
    for name, certificate in (("root", registrar.authority.certificate), ("below", made), ("leaf", leaf)):
        files[name].write_bytes(certificate.to_pem())

    def verify() -> str:
        lists = [one.issue_crl(at=NOW, next_update=NOW + HOUR).to_pem() for one in (registrar, below)]
        files["crls"].write_bytes(b"".join(lists))
        command: list[str | Path] = [
            peer_tool("openssl"),
            "verify",
            "-x509_strict",
            "-crl_check_all",
            "-purpose",
            "sslclient",
        ]
        command += ["-attime", str(int(NOW.timestamp())), "-verify_hostname", "a.leaf.example"]
        command += ["-CRLfile", files["crls"], "-CAfile", files["root"], "-untrusted", files["below"], files["leaf"]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert verify() == f"{files['leaf']}: OK\n"
    below.revoke(leaf.serial_number, at=NOW, reason=RevocationReason.SUPERSEDED)
    assert "error 23 at 0 depth lookup: certificate revoked" in verify()
