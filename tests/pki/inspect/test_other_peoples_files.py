"""All files of `cryptography-vectors`, and the roots that Debian trusts: what is read, and why the rest is refused.

Many of those files are wrong on purpose. Each refusal must be for a reason of the table, so that one for a new reason
fails; and no file of a kind that the project has may be refused by less than a standard.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from explain.layout import unexplained
from pki.inspect.file_contents import EXPECTED, Item, Unread, contents_of

NOT_HERE = "the project has no such algorithm or kind of thing"
PARTS = ("x509", "asymmetric", "pkcs7", "pkcs12")
# What refusals say, and why. The first that fits counts.
REASONS = {
    r"it is text|it is JSON": "no PEM block (RFC 7468 §2): mostly vectors for algorithms",
    r"DEK-Info|the headers are": "RFC 1421 §4.6.1.3",
    r"neither PEM nor DER, expected a key": "a block without DER in it (RFC 7468 §10)",
    r"found the PEM block|OPENSSH PRIVATE KEY is": NOT_HERE,
    r"a private key (of|on|for) ": NOT_HERE,
    r"an SSH key of the kind |an OpenSSH private key that ": NOT_HERE,
    r"a message of type|contents that are signed|contents of type": "only certs-only messages are read (RFC 5652 §5.2)",
    r"the encryption is|the derivation of the key|the cipher is": "RFC 8018 appendix A.4: weak or unknown schemes",
    r"the pseudorandom function is": "RFC 8018 appendix A.2",
    r"iterations of PBKDF2, expected at least one": "RFC 8018 §5.2: a positive number",
    r"expected the identifier of a named curve|does not name its curve|is on .* inside and on": "RFC 5480 §2.1.1",
    r"and DER leaves|shortest form|out of order|00 \(FALSE\)|form 0x80|whole number of octets": "X.690 §10, §11",
    r"bits? .*(unused|are set)|has the bit": "X.690 §11.2",
    r"is not a well-formed|a character that a": "X.690 §8.23",
    r"is not a time": "RFC 5280 §4.1.2.5",
    r"iPAddress": "RFC 5280 §4.2.1.6, §4.2.1.10: 4 or 16 octets, and a mask of ones and then zeros",
    r"a list of version": "RFC 5280 §5.1.2.1",
    r"a certificate of version": "RFC 5280 §4.1.2.1",
    r"a request with version": "RFC 2986 §4.1",
    r"CRLReason": "RFC 5280 §5.3.1",
    r"OCSP of version": "RFC 6960 §4.2.1: version 1",
    r"a response of type": "RFC 6960 §4.2.1: only basic responses",
    r"the status is successful, expected a response": "RFC 6960 §4.2.1: responseBytes",
    r"(ECPrivateKey|RSAPrivateKey|OneAsymmetricKey) of version": "RFC 5915 §3, RFC 8017 appendix A.1.2, RFC 5958 §2",
    r"privateKey has \d+ octets|publicKey .* belong": "RFC 5915 §3",
    r"the modulus n": "RFC 8017 §3.1",
    r"is below 0 or far above": "the ASN.1 of RFC 5280 appendix A: a range",
    r"found |the data ends|left over|claims \d+ bytes|tag number": "another type than the standard's ASN.1 has there",
}
READ_AT_LEAST = 1324


def why(item: Item) -> str:
    """Return the reason of the table for a refusal; fail if it has no such row."""
    assert isinstance(item.content, Unread)
    inner = re.fullmatch(rf"{re.escape(EXPECTED)} \((.*)\)", item.content.reason, re.DOTALL)
    reason = inner[1] if inner else item.content.reason
    for pattern, section in REASONS.items():
        if re.search(pattern, reason):
            return section
    raise AssertionError(f"refused for a reason that is not in the table: {reason}")


@pytest.mark.slow
def test_all_files_of_cryptographys_vectors() -> None:
    base = Path(pytest.importorskip("cryptography_vectors").__file__).parent
    table: Counter[str] = Counter()
    for part in PARTS:
        for path in sorted((base / part).rglob("*")):
            if not path.is_file():
                continue
            for item in contents_of(path.read_bytes()):
                assert unexplained(item.fields, len(item.data)) == [], path
                table[why(item) if isinstance(item.content, Unread) else "read"] += 1
    for reason, count in table.most_common():
        print(f"{count:5}  {reason}")
    assert table["read"] >= READ_AT_LEAST
    assert sum(table.values()) > 2137  # files; some hold several things
    unused = {*REASONS.values()} - {*table}
    assert not unused, f"reasons that no file has: {unused}"


@pytest.mark.slow
def test_debians_roots() -> None:
    """All are read but for those that are not DER, whose places are named."""
    bundle = Path("/etc/ssl/certs/ca-certificates.crt")
    if not bundle.exists():
        pytest.skip("the system has no /etc/ssl/certs/ca-certificates.crt")
    found = contents_of(bundle.read_bytes())
    refused = [item for item in found if isinstance(item.content, Unread)]
    for item in refused:
        assert why(item) in ("X.690 §10, §11", "X.690 §11.2")
        assert re.fullmatch(rf"block \d+ of {len(found)}, CERTIFICATE, line \d+", item.where)
    assert len(found) > 100
    assert len(refused) <= 2
