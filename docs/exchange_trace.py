"""Writes docs/exchange.md: what the demo prints of a run that can be repeated, and where in the code each part happens.

`python docs/exchange_trace.py` writes it anew; a test compares.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = "5"
HEAD = """\
# The exchange, traced and annotated

Written by `docs/exchange_trace.py`. Below is what `python -m demo --seed 5` prints, line by line; it prints the same to you,
since a seed makes up all randomness and all times. Read it with the code beside it:

| part | what happens there | where |
| --- | --- | --- |
| 1 | an OTP goes over a bare socket | [demo/otp/trivial.py](../demo/otp/trivial.py) |
| 2 | the TTP makes its root, its registry and the introduction letters with the codes | [demo/ttp/ttp.py](../demo/ttp/ttp.py), [pki/ca/authority.py](../pki/ca/authority.py) |
| 3 | requests, the fingerprint compared, EST over TLS, certificates | [demo/enrolling/applicant.py](../demo/enrolling/applicant.py), [pki/est/client.py](../pki/est/client.py), [pki/ca/registrar.py](../pki/ca/registrar.py) |
| 4 | the handshake: its messages, whose turn it is, the keys | [handshake/tls12/states.py](../handshake/tls12/states.py), [handshake/tls12/client.py](../handshake/tls12/client.py), [handshake/tls12/server.py](../handshake/tls12/server.py), [handshake/tls12/key_schedule.py](../handshake/tls12/key_schedule.py) |
| 4 | each shows a certificate, and the other checks it | [pki/verify.py](../pki/verify.py), [handshake/proofs.py](../handshake/proofs.py) |
| 5 | the OTP, sealed into a record, and its acknowledgement | [demo/otp/delivery.py](../demo/otp/delivery.py), [record/layer.py](../record/layer.py) |
| 6 | what the eavesdropper made of all that | [demo/wire/eavesdropper.py](../demo/wire/eavesdropper.py) |

Every byte of such a run, with its name and its reason, is in the page that `--report FILE` writes: see
[report.md](report.md). What each check is for, `--break` shows: see [breaking.md](breaking.md).

```text
"""  # noqa: E501  # a row of a table is one line


def page() -> str:
    """Return the page, made of a run."""
    done = subprocess.run(  # noqa: S603  # our own interpreter, our own module
        [sys.executable, "-m", "demo", "--seed", SEED],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return HEAD + "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n```\n"


if __name__ == "__main__":
    (ROOT / "docs" / "exchange.md").write_text(page())
