"""Bytes in a page: what the script is given, what stands there without it, and that nothing else is needed."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from explain.meaning import KINDS, Meaning
from explain.showing.byte_view import Part, View
from explain.showing.bytes_html import bytes_css, bytes_html, bytes_js, legend_html
from explain.showing.bytes_json import bytes_data, script_json
from tests.conftest import PeerTool

EVIL = '</script><!-- <img src=x onerror="alert(1)">'
LETTER, DIGITS = Meaning("a letter", "it is read first", "text"), Meaning("two digits", "they are to be added", "key")


@pytest.fixture
def view() -> View:
    inside = View("v1a", "turned into letters", b"xy", [Part("letters", 0, 2, LETTER, "§3")])
    digits = Part("digits", 1, 3, DIGITS, "§2", "3", opened=inside)
    return View("v1", f"an example {EVIL}", b"a12", [Part("letter", 0, 1, LETTER, "§1", EVIL), digits])


def test_the_script_is_given_all_of_a_view(view: View) -> None:
    data = json.loads(script_json(bytes_data([view])))
    texts, kinds = data["texts"], list(KINDS)
    assert data["kinds"] == kinds
    assert set(data["views"]) == {"v1", "v1a"}
    title, encoded, parts, top = data["views"]["v1a"]
    assert (title, base64.b64decode(encoded), top) == ("turned into letters", b"xy", "v1")
    [[label, start, end, value, what, why, section, bits, kind, inner, opened]] = parts
    assert (texts[label], start, end, texts[value], texts[section], texts[bits]) == ("letters", 0, 2, "", "§3", "")
    assert (texts[what], texts[why], kinds[kind], inner, opened) == (*LETTER, [], "")
    assert data["views"]["v1"][2][1][-1] == "v1a"
    assert len(texts) == len(set(texts))  # each text once


def test_whatever_is_in_the_data_does_not_end_the_script(view: View) -> None:
    shown = script_json(bytes_data([view]))
    assert "</" not in shown
    assert "<!--" not in shown
    assert EVIL in json.loads(shown)["texts"]


def test_without_the_script_there_are_dumps(view: View) -> None:
    html = bytes_html(view, EVIL)
    assert "0000  61 31 32" in html
    assert "turned into letters\n0000  78 79" in html
    assert "<img" not in html


def test_the_legend_has_every_kind() -> None:
    for kind, words in KINDS.items():
        assert f'k-{kind}">' in legend_html()
        assert words in legend_html()


@pytest.fixture
def driver(peer_tool: PeerTool, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = peer_tool("chromium")
    for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'browser'}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(peer_tool("chromedriver")))
    yield driver
    driver.quit()


@pytest.mark.slow
def test_a_page_needs_nothing_else(view: View, driver: webdriver.Chrome, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><style>:root {{ color-scheme: light }} {bytes_css()}</style>"
        f"<body>{bytes_html(view, 'Every byte')}<script>{bytes_js()}"
        f"const follow = exploreBytes({script_json(bytes_data([view]))});</script>"
    )
    driver.get(page.as_uri())
    driver.find_element(By.TAG_NAME, "summary").click()
    [first] = driver.find_elements(By.CSS_SELECTOR, '[data-id="v1"] [data-i="0"]')
    first.click()
    first.send_keys(Keys.ARROW_RIGHT)
    told = driver.find_element(By.CLASS_NAME, "teller").text
    for words in ("digits", "Two digits.", "Why? They are to be added.", "§2", "bytes 1 to 2, 2 of them"):
        assert words in told
    driver.execute_script("follow('v1a', '1')")
    assert driver.current_url.endswith("#v1a.1")
    assert driver.find_element(By.CSS_SELECTOR, '[data-id="v1a"] .picked').text == "79"
    assert first.value_of_css_property("background-color") == "rgba(211, 236, 208, 1)"  # the colour of texts
    assert driver.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium has no types for it
