"""The figures of docs/lattices.md: how seldom decryption fails, computed by the script that the page names."""

import re
import runpy
from typing import Any

import pytest

from primitives.ml_kem import ML_KEM_512, ML_KEM_768
from tests.documentation.page import ROOT

SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "decryption_failures.py"))
ROW = re.compile(r"^\| (ML-KEM-\d+) \| 2\^([\d.]+) \| 2\^([\d.]+) \|$", re.MULTILINE)
TABLE_1 = {"ML-KEM-512": 138.8, "ML-KEM-768": 164.8, "ML-KEM-1024": 174.8}  # FIPS 203 §3.2, negated


def printed() -> dict[str, tuple[float, float]]:
    page = (ROOT / "docs" / "lattices.md").read_text()
    return {name: (float(ours), float(with_769)) for name, ours, with_769 in ROW.findall(page)}


def test_the_page_is_within_half_a_bit_of_the_standard() -> None:
    assert printed().keys() == TABLE_1.keys()
    for name, (figure, _) in printed().items():
        assert abs(figure - TABLE_1[name]) <= 0.5


def test_a_sum_of_two_coins_is_binomial() -> None:
    coin = {0: SCRIPT["ONE"] // 2, 1: SCRIPT["ONE"] // 2}
    assert SCRIPT["repeated"](coin, 4) == {x: SCRIPT["ONE"] * ways // 16 for x, ways in enumerate((1, 4, 6, 4, 1))}
    assert SCRIPT["product"]({-1: SCRIPT["ONE"]}, {2: SCRIPT["ONE"]}) == {-2: SCRIPT["ONE"]}


@pytest.mark.slow
def test_often_with_a_smaller_modulus() -> None:
    _, figure = printed()["ML-KEM-512"]
    assert round(-SCRIPT["failures"](ML_KEM_512, 769), 1) == figure


@pytest.mark.slow
def test_seldom_with_the_modulus_that_it_has() -> None:
    figure, _ = printed()["ML-KEM-768"]
    assert round(-SCRIPT["failures"](ML_KEM_768), 1) == figure
