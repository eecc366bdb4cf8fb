"""Keys encrypted in the form that is usual here, but under a passphrase that is quickly tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pki.key_formats import pbes2
from pki.key_formats.private_key_info import PrivateKey
from pki.keys import dump_private_key


@contextmanager
def cheap_iterations() -> Iterator[None]:
    """Let PBKDF2 be written with few iterations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pbes2, "ITERATIONS", 10)
        yield


def cheaply_encrypted(key: PrivateKey, password: bytes, **options: Any) -> bytes:
    """Like `dump_private_key`, and fast."""
    with cheap_iterations():
        return dump_private_key(key, password=password, **options)
