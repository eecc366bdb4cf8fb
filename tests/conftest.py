"""What all tests share: the programs of peers, and what is not to be collected."""

import os
import shutil
from collections.abc import Callable
from typing import TypeAlias

import pytest

collect_ignore = ["without_gmpy2"]  # its module refuses to be imported: that is its work

PeerTool: TypeAlias = Callable[[str], str]


@pytest.fixture(scope="session")
def peer_tool() -> PeerTool:
    """Return the path of a peer's program: `openssl = peer_tool("openssl")`.

    A missing program skips the test with its reason; with CUTAWAY_REQUIRE_PEERS=1 it fails it.
    """

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            reason = f"the program {name} is not installed"
            if os.environ.get("CUTAWAY_REQUIRE_PEERS") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find
