"""The post-quantum groups and signatures, with OpenSSL 4, which pyOpenSSL brings along."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from handshake.registries.groups import KEM_GROUPS
from tests.documentation.page import ROOT

pytestmark = pytest.mark.slow

GROUPS = [group.name for group in KEM_GROUPS]
SCHEMES = {"mldsa44": "ML-DSA-44", "mldsa65": "ML-DSA-65", "mldsa87": "ML-DSA-87"}
CONFIGURATION = """openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = choices
[choices]
Groups = {groups}
SignatureAlgorithms = {schemes}
"""


def converse(asked: list[tuple[str, str, str, str]], folder: Path) -> list[dict[str, object]]:
    """What both sides say of these conversations."""
    if importlib.util.find_spec("OpenSSL") is None:
        reason = "pyOpenSSL is not installed"
        if os.environ.get("CUTAWAY_REQUIRE_PEERS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    file = folder / "openssl.cnf"
    schemes = ":".join([*SCHEMES, "rsa_pss_rsae_sha256", "rsa_pkcs1_sha384"])
    file.write_text(CONFIGURATION.format(groups=":".join(GROUPS), schemes=schemes))
    done = subprocess.run(
        [sys.executable, "-m", "tests.handshake.support.openssl4", json.dumps(asked)],
        cwd=ROOT,
        env={**os.environ, "OPENSSL_CONF": str(file)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("role", ["client", "server"])
def test_every_group_with_openssl_4(role: str, tmp_path: Path) -> None:
    asked = [(role, group, "RSA", "rsa_pss_rsae_sha256") for group in GROUPS]
    for (_, group, _, scheme), told in zip(asked, converse(asked, tmp_path), strict=True):
        assert told == {
            "errors": [],
            "our group": group,
            "their group": group,
            "their version": "TLSv1.3",
            "scheme of the peer": [scheme],
            "heard by us": True,
            "heard by them": True,
        }


@pytest.mark.parametrize("role", ["client", "server"])
def test_ml_dsa_with_openssl_4(role: str, tmp_path: Path) -> None:
    asked = [(role, "X25519MLKEM768", kind, scheme) for scheme, kind in SCHEMES.items()]
    for (_, _, _, scheme), told in zip(asked, converse(asked, tmp_path), strict=True):
        assert (told["errors"], told["scheme of the peer"]) == ([], [scheme])
        assert told["heard by us"] is told["heard by them"] is True
