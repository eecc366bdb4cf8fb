"""The entries of a CRL: the quick reading takes what the strict one takes, and a million fit into little memory."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout
from pki.asn1.der import SEQUENCE, DERError, Reader, context
from pki.asn1.der_writer import Element, bit_string, integer, sequence, time
from pki.fields.crl_extensions import CertificateIssuer, CRLNumber
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import UnknownExtension, extensions_element
from pki.fields.general_names import DirectoryName
from pki.fields.names import Name
from pki.fields.revoked_certificates import RevokedCertificate, RevokedCertificates
from pki.signatures import RSA_PKCS1_SHA256
from tests.pki.conftest import LEAF, NOW, ROOT

UNKNOWN = UnknownExtension("1.2.3", b"", critical=True)
NAMING = CertificateIssuer((DirectoryName(LEAF),))
ENTRIES = st.lists(
    st.builds(
        RevokedCertificate.build,
        st.one_of(st.integers(-300, 300), st.integers(0, 1 << 160)),
        st.datetimes(datetime(1950, 1, 1), datetime(2060, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0)),
        reason=st.sampled_from(RevocationReason),
        invalidity_date=st.none() | st.just(NOW),
    )
    | st.sampled_from([RevokedCertificate(5, NOW, (UNKNOWN,)), RevokedCertificate(6, NOW, (NAMING,))]),
    max_size=6,
)


def read(encoding: bytes, version: int = 2, *, quickly: bool = True) -> RevokedCertificates | None:
    """Return the entries, or None if they are not DER; with a layout, every entry is read by the strict reader."""
    try:
        reader = Reader(encoding, layout=None if quickly else Layout())
        found = RevokedCertificates.read(reader, version, ROOT)
        reader.finish()
    except DERError:
        return None
    return found


def encode(entries: list[RevokedCertificate]) -> bytes:
    return sequence("revokedCertificates", *(entry.element() for entry in entries)).encoding


@given(ENTRIES, st.sampled_from((1, 2)))
def test_quick_and_strict_reading_agree(entries: list[RevokedCertificate], version: int) -> None:
    encoding = encode(entries)
    quick, strict = read(encoding, version), read(encoding, version, quickly=False)
    assert (quick is None) == (strict is None) == (version == 1 and any(entry.extensions for entry in entries))
    if quick is not None:
        assert quick == strict
        assert [one.serial_number for one in quick] == [one.serial_number for one in entries]
        assert [one.extensions for one in quick] == [one.extensions for one in entries]
        assert quick.has_unknown_critical == any(UNKNOWN in entry.extensions for entry in entries)
        for one in quick:
            found = quick.find(one.serial_number, ROOT if one.issuer is None else one.issuer)
            assert found in [other for other in quick if other.serial_number == one.serial_number]


@given(ENTRIES.filter(bool), st.data())
def test_quick_and_strict_reading_agree_about_spoiled_entries(
    entries: list[RevokedCertificate], data: st.DataObject
) -> None:
    encoding = bytearray(encode(entries))
    encoding[data.draw(st.integers(0, len(encoding) - 1))] = data.draw(st.integers(0, 255))
    quick, strict = read(bytes(encoding)), read(bytes(encoding), quickly=False)
    assert (quick is None) == (strict is None)
    assert quick is None or list(quick) == list(strict or ())


USUAL = "30 12 02 01 05 17 0d 323630363031313230303030 5a"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("02 01 05", "02 02 00 05"),  # X.690 §8.3.2: not in the shortest form
        ("02 01 05", "02 02 ff 85"),
        ("02 01 05", "02 00"),
        ("02 01 05", "02 81 01 05"),  # §10.1: a long length where a short one does
        ("30 12", "30 81 12"),
        ("30 12", "31 12"),
        ("02 01 05", "0a 01 05"),
        ("3236303630313132", "3236313330313132"),  # month 13
        ("3236303630313132", "3236303630303132"),  # day 0
        ("3236303630313132", "3236303630313234"),  # hour 24
        ("3236303630313132", "3236303230333331"),  # 30 February
        ("5a", "2b"),
    ],
)
def test_what_is_wrong_in_an_entry_of_the_usual_form(right: str, wrong: str) -> None:
    whole = bytes.fromhex(USUAL)
    assert read(b"\x30" + bytes([len(whole)]) + whole) == [RevokedCertificate(5, NOW)]
    body = bytes.fromhex(USUAL.replace(right, wrong))
    change = len(body) - len(whole)
    if "30" not in right.split():
        body = body[:1] + bytes([body[1] + change]) + body[2:]
    assert read(b"\x30" + bytes([len(body)]) + body) is None


def test_it_is_a_sequence() -> None:
    entries = [RevokedCertificate(number, NOW) for number in range(5)]
    found = read(encode(entries))
    assert found is not None
    assert (len(found), found[0], found[-1]) == (5, entries[0], entries[4])
    assert found[1:3] == tuple(entries[1:3])
    assert found == tuple(entries)
    assert found != entries[:4]
    assert found != [*entries[:4], RevokedCertificate(9, NOW)]
    assert found != 5
    assert repr(found) == "<RevokedCertificates: 5>"
    with pytest.raises(IndexError):
        found[5]


def test_an_empty_name_is_not_the_name_of_the_issuer_of_the_crl() -> None:
    """An entry that names an issuer is that one's, however strange the name is (RFC 5280 §5.3.3)."""
    found = read(encode([RevokedCertificate(5, NOW, (CertificateIssuer((DirectoryName(Name(())),)),))]))
    assert found is not None
    assert found.find(5, ROOT) is None
    assert found.find(5, Name(())) is not None


def test_who_looks_for_one_entry_reads_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(encode([RevokedCertificate(number, NOW) for number in range(2000)]))
    assert found is not None
    made: list[RevokedCertificate] = []
    read_one = RevokedCertificates._read_one

    def count(self: RevokedCertificates, entries: Reader) -> RevokedCertificate:
        made.append(read_one(self, entries))
        return made[-1]

    monkeypatch.setattr(RevokedCertificates, "_read_one", count)
    assert found.find(1234, ROOT) == RevokedCertificate(1234, NOW)
    assert found.find(2000, ROOT) is None
    assert len(made) <= 2  # one, and one whose hash happens to be the same


# --- The long test: a list of a million, in a process of its own, whose memory is measured.

MILLION = 1_000_000
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pki.crl import CertificateRevocationList
from pki.signed import Signed
from pki.verify import CertificateError, verify_chain
from pki.x509 import Certificate

read = lambda name: Path(sys.argv[1], name).read_bytes()
root, good, bad = (Certificate.from_der(read(name)) for name in ("root", "good", "bad"))
crl = CertificateRevocationList.from_der(read("crl"))
verified = []
verify = Signed.verify_signature_by
Signed.verify_signature_by = lambda self, key: verified.append(self) or verify(self, key)
arguments = {"roots": [root], "crls": [crl], "at": datetime(2026, 6, 1, tzinfo=UTC), "require_revocation_status": True}
for _ in range(5):
    verify_chain(good, **arguments)
    try:
        verify_chain(bad, **arguments)
    except CertificateError as error:
        print(error.reason.name)
print(len(crl.entries), len(verified))
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


def million_entries() -> Iterator[bytes]:
    for number in range(MILLION):
        serial = (number * 0x9E3779B97F4A7C15 % (1 << 126) | 1 << 125).to_bytes(16, "big")
        contents = b"\x02\x10" + serial + f"\x17\x0d{20 + number % 6}0{1 + number % 9}11120000Z".encode()
        if number % 4 == 0:
            contents += extensions_element(
                RevokedCertificate.build(1, NOW, reason=RevocationReason(1)).extensions
            ).encoding
        yield bytes((SEQUENCE, len(contents))) + contents


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read from Linux's /proc")
def test_a_list_of_a_million(tmp_path: Path) -> None:
    """It is read in little memory, its signature is verified once, and chain after chain is compared with it."""
    key = rsa.generate_private_key(65537, 2048)
    day = timedelta(days=1)
    algorithm = RSA_PKCS1_SHA256.element("signature")

    def signed(tbs: Element) -> bytes:
        signature = key.sign(tbs.encoding, padding.PKCS1v15(), hashes.SHA256())
        return sequence("whole", tbs, algorithm, bit_string("signature", signature)).encoding

    info = Reader(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    public = Element("key", SEQUENCE, info.contents("key"))
    validity = sequence("validity", time("from", NOW - 30 * day), time("to", NOW + 30 * day))
    entries = list(million_entries())
    revoked = int.from_bytes(entries[777_777][4:20], "big")
    issuer = ROOT.element("issuer")
    for name, number, subject in (("root", 1, ROOT), ("good", 2, LEAF), ("bad", revoked, LEAF)):
        fields = integer("serialNumber", number), algorithm, issuer, validity, subject.element("subject"), public
        (tmp_path / name).write_bytes(signed(sequence("tbs", *fields)))
    crl = sequence(
        "tbs",
        integer("version", 1),
        algorithm,
        issuer,
        time("thisUpdate", NOW - day),
        time("nextUpdate", NOW + day),
        Element("revokedCertificates", SEQUENCE, b"".join(entries)),
        sequence("[0]", extensions_element([CRLNumber(1)]), tag=context(0, constructed=True)),
    )
    (tmp_path / "crl").write_bytes(signed(crl))
    assert (tmp_path / "crl").stat().st_size > 38_000_000
    done = subprocess.run([sys.executable, "-c", PROGRAM, tmp_path], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    *refused, counts, kilobytes = done.stdout.split("\n")[:-1]
    assert refused == ["REVOKED"] * 5
    assert counts == f"{MILLION} 1"
    assert int(kilobytes) < 200_000
