"""The table of suites: their names, IANA's and OpenSSL's, and what each name says of the suite."""

import re

import pytest

from handshake.registries.cipher_suites import (
    PRIVATE_SUITE_NAMES,
    SUITE_CODES,
    SUITE_NAMES,
    openssl_name,
    suite_section,
)
from handshake.suites.table import DEFAULT_SUITES, PRIVATE_SUITES, SUITES, CipherSuite
from tests.conftest import PeerTool, run

BY_NUMBER = pytest.mark.parametrize("suite", SUITES.values(), ids=str)


@BY_NUMBER
def test_a_suite_is_what_its_name_says(suite: CipherSuite) -> None:
    key_exchange, _, cipher = suite.name.removeprefix("TLS_").partition("_WITH_")
    parts = key_exchange.split("_")
    assert (suite.ephemeral is None, suite.transport is None) == ((kx := parts[0]) == "RSA", kx != "RSA")
    assert suite.on_curves == (kx == "ECDHE")
    assert suite.authentication.name == {"OAEP": "RSA"}.get(parts[-1], parts[-1])
    if suite.transport is not None:
        assert ("OAEP" in suite.transport.name) == ("OAEP" in parts)
    mac = {"SHA": "SHA1"}.get(last := cipher.rpartition("_")[2], last)
    assert suite.prf_hash.name == ("sha384" if last == "SHA384" else "sha256")
    shown = suite.cipher.name.upper().replace("-", "_").replace(" WITH HMAC", "")
    assert shown == (
        f"{cipher.rpartition('_')[0]}_{mac}" if re.search("CBC|CFB", cipher) else cipher.rpartition("_")[0]
    )


def test_every_name_has_one_number_and_one_section() -> None:
    assert {SUITE_NAMES[suite.code] for suite in DEFAULT_SUITES} == {suite.name for suite in DEFAULT_SUITES}
    assert {suite.code: suite.name for suite in PRIVATE_SUITES} == PRIVATE_SUITE_NAMES
    assert all(SUITE_CODES[suite.name] == suite.code for suite in SUITES.values())
    assert {suite_section(code) for code in PRIVATE_SUITE_NAMES} == {"RFC 9846 §11 (private use)"}
    assert suite_section(0x1234) == "RFC 5246 appendix A.5"


def test_the_names_are_those_of_openssl(peer_tool: PeerTool) -> None:
    """`openssl ciphers -V -stdname` prints the number and both names of every suite that it knows."""
    listed = run(peer_tool("openssl"), "ciphers", "-V", "-stdname", "ALL:@SECLEVEL=0")
    rows = re.findall(r"0x(..),0x(..) - (\S+) +- (\S+) ", listed)
    theirs = {int(a + b, 16): (name, openssl) for a, b, name, openssl in rows}
    for suite in DEFAULT_SUITES:
        assert theirs[suite.code] == (suite.name, suite.openssl_name), suite
    assert not any(openssl_name(suite.name) for suite in PRIVATE_SUITES)
