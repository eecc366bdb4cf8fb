"""A transfer takes little memory, however long it is: each side seals or opens a bounded number of records at once."""

import subprocess
import sys
from pathlib import Path

import pytest

LIMIT = 8 * 2**20  # bytes over the payload, all that is made once and kept included
PROGRAM = (sys.executable, "-m", "tests.handshake.support.memory")
ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system does not tell how much memory is in use"
)
@pytest.mark.parametrize(
    ("suite", "encrypt_then_mac"),
    [
        ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", False),
        pytest.param("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", False, marks=pytest.mark.slow),
        pytest.param("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", False, marks=pytest.mark.slow),
        pytest.param("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", True, marks=pytest.mark.slow),
        pytest.param("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", False, marks=pytest.mark.slow),
    ],
)
def test_a_transfer_grows_neither_side_by_more_than_eight_mebibytes(suite: str, encrypt_then_mac: bool) -> None:
    options = (suite, str(int(encrypt_then_mac)))
    with subprocess.Popen((*PROGRAM, "receive", *options), stdout=subprocess.PIPE, text=True, cwd=ROOT) as receiver:
        assert receiver.stdout is not None
        port = receiver.stdout.readline().strip()
        sender = subprocess.run(
            (*PROGRAM, "send", *options, port), stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=120, check=True
        )
        grown = {"sender": int(sender.stdout), "receiver": int(receiver.stdout.read())}
    assert receiver.returncode == 0
    assert all(0 < growth <= LIMIT for growth in grown.values()), grown
