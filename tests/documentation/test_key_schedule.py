"""The picture of the key schedule is that of the code of today."""

import runpy
from typing import Any

from tests.documentation.page import ROOT

SCHEDULE: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "key_schedule.py"))


def test_the_page_is_of_a_run_of_today() -> None:
    """`python docs/key_schedule.py` writes it anew."""
    assert (ROOT / "docs" / "key-schedule.md").read_text() == SCHEDULE["page"]()


def test_the_labels_are_those_of_the_standard() -> None:
    """RFC 9846 §7.1, read off its diagram."""
    top, _ = SCHEDULE["schedule"]()
    assert [node.label for node in top.all()] == [
        "", "res binder", "c e traffic", "e exp master", "derived", "c hs traffic", "s hs traffic", "derived",
        "c ap traffic", "s ap traffic", "exp master", "res master",
    ]  # fmt: skip
