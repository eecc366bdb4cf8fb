"""CRLs in files, which change while a server runs."""

from datetime import datetime
from pathlib import Path

import pytest

from handshake.commands.crl_files import CRLFiles
from pki.crl import CertificateRevocationList
from pki.signatures import RSA_PKCS1_SHA256
from tests.handshake.support.parties import DAY, NOW, authority


def crl(number: int, *, begin: datetime = NOW - DAY, end: datetime = NOW + DAY) -> CertificateRevocationList:
    return authority().issue_crl(
        [], number=number, this_update=begin, next_update=end, signature_algorithm=RSA_PKCS1_SHA256
    )


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "crl.pem"
    said: list[str] = []
    path.write_bytes(crl(1).to_pem())
    files = CRLFiles([str(path)], clock=lambda: NOW, warn=said.append)
    assert list(files) == [crl(1)]
    other = tmp_path / "new"
    other.write_bytes(crl(2).to_der())
    other.replace(path)
    assert list(files) == [crl(2)]
    assert (len(files), files[0], said) == (1, crl(2), [])


def test_the_last_good_one_stays_in_use(tmp_path: Path) -> None:
    path = tmp_path / "crl.pem"
    said: list[str] = []
    path.write_bytes(crl(1).to_pem())
    files = CRLFiles([str(path)], clock=lambda: NOW, warn=said.append)
    path.write_bytes(b"half a file")
    assert list(files) == list(files) == [crl(1)]
    path.unlink()
    assert list(files) == [crl(1)]
    assert [f"{path}: the CRL of before stays in use" in text for text in said] == [True, True]
    path.write_bytes(crl(3).to_pem())
    assert list(files) == [crl(3)]


def test_the_end_of_a_crl_is_announced_once(tmp_path: Path) -> None:
    path = tmp_path / "crl.pem"
    said: list[str] = []
    path.write_bytes(crl(1, begin=NOW, end=NOW + 4 * DAY).to_pem())
    now = NOW
    files = CRLFiles([str(path)], clock=lambda: now, warn=said.append)
    for days, warnings in ((0, 0), (3, 0), (3.1, 1), (3.9, 1), (4.1, 2)):
        now = NOW + days * DAY
        assert len(list(files)) == 1
        assert len(said) == warnings, days
    assert "ends at" in said[0]
    assert "ended at" in said[1]


def test_what_is_not_a_crl_is_refused_at_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "crl.pem"
    with pytest.raises(OSError, match=r"crl\.pem"):
        CRLFiles([str(path)], clock=lambda: NOW, warn=print)
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match=r"crl\.pem"):
        CRLFiles([str(path)], clock=lambda: NOW, warn=print)
