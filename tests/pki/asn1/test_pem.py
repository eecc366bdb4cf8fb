"""PEM: its form, every way in which it can be wrong, and what others make of it."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from pki.asn1.pem import PEMBlock, PEMFault, is_pem, pem_blocks, pem_decode, pem_encode

# RFC 7468 §10 (a PKCS #8 key, "SubjectPublicKeyInfo" and the like have the same form)
RFC_7468_10 = b"""-----BEGIN PRIVATE KEY-----
MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgVcB/UNPxalR9zDYAjQIf
jojUDiQuGnSJrFEEzZPT/92hRANCAASc7UJtgnF/abqWM60T3XNJEzBv5ez9TdwK
H0M6xpM2q+53wmsN/eYLdgtjgBd3DBmHtPilCkiFICXyaA8z9LkJ
-----END PRIVATE KEY-----
"""


def test_a_key_in_pem() -> None:
    [block] = pem_decode(RFC_7468_10)
    assert (block.label, block.headers, len(block.der), block.line) == ("PRIVATE KEY", {}, 135, 1)
    assert pem_encode(block.label, block.der) == RFC_7468_10


def test_lines_may_end_in_any_way_and_in_spaces() -> None:
    [block] = pem_decode(RFC_7468_10)
    for end in (b"\r\n", b"\r", b" \t\n"):
        assert pem_decode(RFC_7468_10.replace(b"\n", end)) == [block]
    assert pem_decode(RFC_7468_10.rstrip(b"\n")) == [block]


MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "data",
    [
        MARK + RFC_7468_10,
        MARK + b"text\n" + RFC_7468_10,
        b" \t\v\f" + RFC_7468_10.replace(b"\n", b"\n \t\v\f"),
        RFC_7468_10.replace(b"jojU", b"jo jU").replace(b"H0M6", b"\fH0\tM6"),
        RFC_7468_10.replace(b"\n", b"\n\n\n"),
        RFC_7468_10.replace(b"QIf\n", b"QIf"),
    ],
    ids=["mark", "mark and text", "indented", "blanks inside", "empty lines", "one long line"],
)
def test_the_lax_form(data: bytes) -> None:
    """RFC 7468 §2 (data before the boundary), §3 figure 2 (white space)."""
    assert is_pem(data)
    assert pem_decode(data) == pem_decode(RFC_7468_10)


def test_a_fault_leaves_the_other_blocks() -> None:
    good, bad = RFC_7468_10, RFC_7468_10.replace(b"H0M6", b"H0?6")
    [private] = pem_decode(good)
    fault = PEMFault("PRIVATE KEY", 9, "the text of PRIVATE KEY is not base64 (RFC 4648 §4)")
    assert pem_blocks(good + bad + good) == [private, fault, private]
    assert [block.line for block in pem_blocks(good + bad + good)] == [1, 9, 11]
    with pytest.raises(ValueError, match=r"^PEM, line 9: the text of .* \(block 2 of 3\)$"):
        pem_decode(good + bad + good)


@pytest.mark.parametrize(
    ("spoil", "faults"),
    [
        ((b"-----END PRIVATE KEY-----", b""), [(6, "BEGIN inside of PRIVATE KEY, which line 1 began")]),
        ((b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN PRIVATE KEY----"), [(1, "expected -----BEGIN or END")]),
        ((b"-----BEGIN PRIVATE KEY-----\n", b""), [(4, "END PRIVATE KEY, expected BEGIN")]),
        ((b"-----END PRIVATE KEY-----", b"-----END PUBLIC KEY-----"), [(5, "END PUBLIC KEY, expected END")]),
        ((b"-----END PRIVATE KEY-----", b"-----END PRIVATE KEY----"), [(5, "expected -----BEGIN or END")]),
    ],
)
def test_reading_goes_on_after_a_boundary_that_is_wrong(
    spoil: tuple[bytes, bytes], faults: list[tuple[int, str]]
) -> None:
    [private] = pem_decode(RFC_7468_10)
    found = pem_blocks(RFC_7468_10.replace(*spoil) + RFC_7468_10)
    assert found[-1] == private
    for fault, (line, reason) in zip(found[:-1], faults, strict=True):
        assert isinstance(fault, PEMFault)
        assert fault.line == line
        assert fault.reason.startswith(reason)


def test_size_is_bounded() -> None:
    assert pem_decode(RFC_7468_10, max_size=len(RFC_7468_10))
    with pytest.raises(ValueError, match="expected at most"):
        pem_decode(RFC_7468_10 + b"\n", max_size=len(RFC_7468_10))


def test_text_around_does_not_count() -> None:
    [block] = pem_decode(RFC_7468_10)
    assert pem_decode(b"Subject: \xff\nKey: --\n" + RFC_7468_10 + b"\nand\n" + RFC_7468_10 + b"-") == [block, block]
    assert pem_decode(b"") == pem_decode(b"no PEM at all\n") == []


def test_headers_of_old_keys() -> None:
    data = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0102 \n\nAAAA\n"
    [block] = pem_decode(data + b"-----END RSA PRIVATE KEY-----")
    assert block.headers == {"Proc-Type": "4,ENCRYPTED", "DEK-Info": "DES-EDE3-CBC,0102"}
    assert block.der == bytes(3)
    with pytest.raises(ValueError, match="line 4: expected an empty line"):
        pem_decode(data.replace(b"\n\n", b"\n") + b"-----END RSA PRIVATE KEY-----")
    with pytest.raises(ValueError, match="line 3: expected an empty line"):
        pem_decode(b"-----BEGIN X-----\nProc-Type: 4\n-----END X-----")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"-----BEGIN X-----\nAAAA\n", "line 1: X has no END line"),
        (b"-----BEGIN X-----\nAAAA\n-----END Y-----\n", "line 3: END Y, expected END X"),
        (b"-----END X-----\n", "line 1: END X, expected BEGIN"),
        (b"-----BEGIN X-----\n-----BEGIN X-----\nAAAA\n-----END X-----\n", "line 2: BEGIN inside of X"),
        (b"-----BEGIN X----\nAAAA\n-----END X-----\n", "line 1: expected -----BEGIN or END"),
        (b"-----BEGIN X-----\nAAAA\n-----END X----\n", "line 3: expected -----BEGIN or END"),
        (b"-----BEGIN X-----\nAAAA\n----END X-----\n", "line 3: expected -----BEGIN or END"),
        (b"-----BEGIN -X-----\nAAAA\n-----END -X-----\n", "line 1: expected -----BEGIN or END"),
        (b"-----BEGIN X-----\n-----END X-----\n", "line 1: X is empty"),
        (b"-----BEGIN X-----\n\n\n-----END X-----\n", "line 1: X is empty"),
        (b"-----BEGIN X-----\nAAA\n-----END X-----\n", "not base64"),
        (b"-----BEGIN X-----\nAA==AAAA\n-----END X-----\n", "not base64"),
        (b"-----BEGIN X-----\nAB==\n-----END X-----\n", "not base64"),  # bits that do not count, and are not zero
        (b"-----BEGIN X-----\nAA-A\n-----END X-----\n", "line 2: the text of X is not base64"),
        (b"-----BEGIN X-----\nAAAA\n\nAA?A\nAAAA\n-----END X-----\n", "line 4: the text of X is not base64"),
        (b"-----BEGIN X-----\nAAAA\nAA=A\nAAAA\n-----END X-----\n", "line 3: the text of X is not base64"),
        (b"-----BEGIN X-----\nAAAA\nAAA\n\n-----END X-----\n", "line 3: the text of X is not base64"),
        (b"-----BEGIN X-----\nAA-_\n-----END X-----\n", "not base64"),
        (b"-----BEGIN X-----\nAAA\xe9\n-----END X-----\n", "not base64"),
        (b"-----BEGIN X-----\nAAAA====\n-----END X-----\n", "not base64"),
    ],
)
def test_what_is_not_pem(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        pem_decode(data)


def test_labels() -> None:
    for label in ("CERTIFICATE", "X509 CRL", "X.509 CERTIFICATE", "A-B"):
        assert pem_decode(pem_encode(label, b"x"))[0].label == label
    for label in ("-X", "X-", " X", "X ", "A  B", "A--B", "é", "X\n"):
        with pytest.raises(ValueError, match="not a PEM label"):
            pem_encode(label, b"x")


def test_text_is_refused() -> None:
    with pytest.raises(TypeError, match="expected bytes"):
        pem_decode("-----BEGIN X-----")  # type: ignore[arg-type]  # the point of it
    with pytest.raises(TypeError, match="expected bytes"):
        pem_encode("X", "der")  # type: ignore[arg-type]  # the point of it


def test_pem_is_told_from_der() -> None:
    assert is_pem(RFC_7468_10)
    assert is_pem(b"text\r\n" + RFC_7468_10)
    assert not is_pem(pem_decode(RFC_7468_10)[0].der)
    assert not is_pem(b"x-----BEGIN X-----")


@given(st.binary(min_size=1, max_size=400))
def test_what_is_written_is_read(der: bytes) -> None:
    data = pem_encode("SOME THING", der)
    assert pem_decode(data) == [PEMBlock("SOME THING", {}, der)]
    assert all(len(line) == 64 for line in data.splitlines()[1:-2])
    assert base64.b64decode(b"".join(data.splitlines()[1:-1])) == der


@given(st.integers(0, len(RFC_7468_10)), st.integers(0, len(RFC_7468_10) - 1), st.integers(0, 255))
def test_cut_or_spoiled_it_gives_blocks_or_a_value_error(cut: int, at: int, octet: int) -> None:
    spoiled = RFC_7468_10[:at] + bytes([octet]) + RFC_7468_10[at + 1 :]
    for data in (RFC_7468_10[:cut], RFC_7468_10[cut:], spoiled):
        try:
            pem_decode(data)
        except ValueError as error:
            assert str(error).startswith("PEM, line ")  # noqa: PT017 - either is right


def test_cryptography_writes_the_same() -> None:
    key = serialization.load_pem_private_key(pem_encode("PRIVATE KEY", pem_decode(RFC_7468_10)[0].der), None)
    assert key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) == RFC_7468_10  # fmt: skip
