"""Whatever is refused, a recording shows the check that refused it, and all other checks before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from explain import trace
from primitives.curves.edwards25519 import L
from primitives.ec import P256, ECPrivateKey
from primitives.ecdsa import ecdsa_sign, ecdsa_verify
from primitives.ed25519 import ed25519_public_key, ed25519_sign, ed25519_verify
from primitives.errors import InvalidSignature, InvalidTag
from primitives.hmac import HMAC
from primitives.sha2 import sha256
from primitives.x25519 import x25519

KEY = ECPrivateKey(P256, 5)
SEED = bytes(32)
SIGNED = ed25519_sign(SEED, b"a")
S_PLUS_L = SIGNED[:32] + (int.from_bytes(SIGNED[32:], "little") + L).to_bytes(32, "little")
NO_POINT = b"\xff" * 32 + SIGNED[32:]  # a y-coordinate above p


@pytest.mark.parametrize(
    ("work", "refusal", "check"),
    [
        (lambda: HMAC(b"key", b"a", hash=sha256).verify(bytes(32)), InvalidTag, "tags are equal"),
        (
            lambda: ecdsa_verify(KEY.public_key, b"b", ecdsa_sign(KEY, b"a", hash=sha256), hash=sha256),
            InvalidSignature,
            "v = r",
        ),
        (lambda: ed25519_verify(ed25519_public_key(SEED), b"b", SIGNED), InvalidSignature, "[S]B = R + [k]A"),
        (lambda: ed25519_verify(ed25519_public_key(SEED), b"a", S_PLUS_L), InvalidSignature, "S < L"),
        (lambda: ed25519_verify(ed25519_public_key(SEED), b"a", NO_POINT), InvalidSignature, "R, A are points"),
        (lambda: x25519(SEED, bytes(32)), ValueError, "result ≠ 0"),
    ],
)
def test_the_check_that_refused_is_the_last_step(
    work: Callable[[], object], refusal: type[Exception], check: str
) -> None:
    with trace.recording() as steps, pytest.raises(refusal):
        work()
    everything = [step for outer in steps for step in outer.walk()]
    assert [step.name for step in everything if step.value is False] == [check]
    assert everything[-1].name == check
    assert all(step.section and step.why for step in everything)
