"""Tests of the handshake tell a party much the same again and again."""

import pytest

from tests.handshake.support.remembering import remember


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch)
