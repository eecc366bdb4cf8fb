"""The page as people use it, in a browser: pointing, tapping, with keys, by links, in light and dark, on paper."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from demo.report.model import Run, Sent
from demo.report.page import write_page
from tests.conftest import PeerTool

PATIENCE = 8.0  # seconds
DESKTOP, PHONE = (1280, 900), (390, 844)
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Reader:
    """Somebody who reads a page in a browser."""

    def __init__(self, driver: webdriver.Chrome, page: Path) -> None:
        self.driver, self.page = driver, page

    def open(self, address: str = "", *, size: tuple[int, int] = DESKTOP, colours: str = "light") -> None:
        """Open the page anew, at this address in it."""
        width, height = size
        self._tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=size == PHONE
        )
        self._tell("Emulation.setTouchEmulationEnabled", enabled=size == PHONE)
        self.colours(colours)
        self.driver.get("about:blank")
        self.driver.get(f"{self.page.as_uri()}{address}")

    def reload(self) -> None:
        """Open the page once more in the same process, where what it has stored is there at once."""
        self.driver.refresh()

    def colours(self, colours: str) -> None:
        """Choose, as the system's settings do, light or dark."""
        self._tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": colours}])

    def _tell(self, command: str, **facts: object) -> Any:
        return self.driver.execute_cdp_cmd(command, facts)

    def run(self, script: str, *values: object) -> Any:
        return self.driver.execute_script(script, *values)

    def find(self, selector: str) -> WebElement:
        return WebDriverWait(self.driver, PATIENCE).until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def told(self, view: str) -> str:
        """Return what the page tells of the byte that was chosen last in a view."""
        return self.find(f'.bytes[data-view="{view}"] .teller').text

    def address(self) -> str:
        return self.driver.current_url.partition("#")[2]

    def focused(self) -> WebElement:
        return self.driver.switch_to.active_element

    def visible(self, element: WebElement) -> bool:
        """Return whether nothing covers the middle of the element, and it is in the window."""
        script = (
            "const b = arguments[0].getBoundingClientRect();"
            "return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2) === arguments[0]"
        )
        return bool(self.run(script, element))

    def messages(self) -> list[Any]:
        logged: list[Any] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has none for it
        return logged


@pytest.fixture(scope="module")
def driver(peer_tool: PeerTool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = peer_tool("chromium")
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(peer_tool("chromedriver"))
    driver = webdriver.Chrome(options, service)
    driver.set_page_load_timeout(PATIENCE)
    driver.set_script_timeout(10 * PATIENCE)  # axe-core looks at every element
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The whole page, and a short one in which there is one of everything, for what looks at every element."""
    kept = [
        one for one in run.chapters[3].scenes if not isinstance(one, Sent) or one.name in ("ServerHello", "Finished")
    ]
    chapters = [run.chapters[0], replace(run.chapters[3], scenes=kept[:12])]
    short = replace(run, chapters=chapters, secrets=run.secrets[6:10], certificates=run.certificates[:1])
    directory = tmp_path_factory.mktemp("pages")
    for name, one in (("whole", run), ("short", short)):
        write_page(directory / name, one)
        (directory / name).rename(directory / f"{name}.html")
    return {name: directory / f"{name}.html" for name in ("whole", "short")}


@pytest.fixture
def reader(driver: webdriver.Chrome, pages: dict[str, Path]) -> Reader:
    return Reader(driver, pages["whole"])


@pytest.fixture
def short(driver: webdriver.Chrome, pages: dict[str, Path]) -> Reader:
    return Reader(driver, pages["short"])


def test_it_opens_without_a_word_and_without_a_network(reader: Reader) -> None:
    reader.messages()
    reader.open()
    assert reader.find("#chapter-1 .sent").is_displayed()
    for details in reader.driver.find_elements(By.CSS_SELECTOR, ".chapter:nth-of-type(2) details")[:40]:
        reader.run("arguments[0].open = true", details)
    assert reader.run("return performance.getEntriesByType('resource').length") == 0
    assert reader.messages() == []
    assert reader.run("return performance.getEntriesByName('first-contentful-paint').length") == 1


def test_pointing_at_a_byte_tells_all_about_it(reader: Reader) -> None:
    reader.open("#r42")
    reader.find('.bytes[data-view="r42"] > summary').click()
    cell = reader.find('[data-id="r42"] [data-i="20"]')
    ActionChains(reader.driver).move_to_element(cell).perform()
    told = reader.told("r42")
    for expected in (
        "fragment › content › body › random",
        "random_bytes",
        "28 bytes",
        "Why? Nobody can prepare for a value that they cannot predict.",
        "RFC 5246 §7.4.1.2",
        "bytes 15 to 42, 28 of them",
        "#r42.20",
    ):
        assert expected in told
    assert len(reader.driver.find_elements(By.CSS_SELECTOR, '[data-id="r42"] .lit')) == 28


def test_tapping_a_byte_chooses_it_and_gives_it_an_address(reader: Reader) -> None:
    reader.open("#r41", size=PHONE)
    reader.find('.bytes[data-view="r41"] > summary').click()
    cell = reader.find('[data-id="r41"] [data-i="9"]')
    cell.click()
    assert reader.address() == "r41.9"
    assert cell.get_attribute("aria-selected") == "true"
    assert "client_version" in reader.told("r41")
    assert reader.visible(cell)  # what is told of it does not cover it
    assert reader.visible(reader.find('.bytes[data-view="r41"] .teller .label'))
    reader.find('[data-id="r41"] [data-i="0"]').click()
    assert reader.address() == "r41.0"
    assert len(reader.driver.find_elements(By.CSS_SELECTOR, ".picked")) == 1


@pytest.mark.parametrize(
    ("address", "size", "label"),
    [
        ("#r43.300", DESKTOP, "tag"),
        ("#r47b.20", DESKTOP, "seed"),
        ("#r50a.3", PHONE, "length"),
        ("#server.4", PHONE, "tag"),
        ("#t1.0", DESKTOP, "text"),
    ],
)
def test_a_link_leads_to_its_byte(reader: Reader, address: str, size: tuple[int, int], label: str) -> None:
    reader.open(address, size=size)
    view, _, offset = address[1:].partition(".")
    cell = reader.find(f'[data-id="{view}"] [data-i="{offset}"].picked')
    assert reader.focused() == cell
    assert reader.visible(cell)
    teller = reader.run("return arguments[0].closest('.bytes').querySelector('.teller').innerText", cell)
    assert address in teller
    assert label in teller.split("\n")


@pytest.mark.slow
def test_a_link_to_nothing_does_no_harm(reader: Reader) -> None:
    reader.messages()
    for address in ("#nothing", "#r42.9999", "#r42.x", "#r42.", "#%22%5D.1", "#constructor.0"):
        reader.open(address)
        assert reader.find("h1").is_displayed()
    assert reader.messages() == []


def test_what_is_inside_is_one_link_away(reader: Reader) -> None:
    reader.open("#r53.25")
    reader.find('.bytes[data-view="r53"] .teller .more a').click()
    reader.find('[data-id="r53a"] [data-i="0"].picked')
    assert "r53a.0" in reader.address()


def test_the_keyboard_reaches_everything(reader: Reader) -> None:
    reader.open()  # with an address, the browser would go there in its own time, and take the focus away
    keys = ActionChains(reader.driver)
    seen = []
    reader.run("document.querySelector('#r42 .id').focus()")
    assert reader.focused().text == "r42"
    for _ in range(2):
        keys.send_keys(Keys.TAB).perform()
        seen.append(reader.focused().text)
    assert [text.partition(" (")[0] for text in seen] == ["What it says", "Every byte"]
    outline = reader.focused().value_of_css_property("outline-style")
    assert outline == "solid"  # the focus can be seen
    keys.send_keys(Keys.ENTER).perform()
    reader.find('[data-id="r42"]')
    keys.send_keys(Keys.TAB).perform()
    walk = (
        (Keys.ARROW_RIGHT, 1), (Keys.ARROW_DOWN, 17), (Keys.ARROW_UP, 1), (Keys.PAGE_DOWN, 3), (Keys.END, 15),
        (Keys.HOME, 0), (Keys.ARROW_LEFT, 0), (Keys.ARROW_UP, 0),
    )  # fmt: skip
    for key, expected in walk:
        keys.send_keys(key).perform()
        assert reader.focused().get_attribute("data-i") == str(expected)
    keys.send_keys(Keys.TAB).perform()  # one stop for all bytes, and on
    assert reader.focused().tag_name == "summary"
    assert reader.focused().text == "The same as a list"
    keys.send_keys(Keys.ENTER).perform()
    # The list is made when it is opened, and the browser tells of that a little later.
    reader.find('.bytes[data-view="r42"] .list li')
    keys.send_keys(Keys.TAB).perform()
    assert reader.focused().text == "0 type handshake"
    keys.send_keys(Keys.ENTER).perform()
    assert reader.address() == "r42.0"


@pytest.mark.slow
def test_the_steps_of_an_algorithm_unfold(reader: Reader) -> None:
    reader.open("#r48")
    drawer = reader.find('details[data-steps="r48-before"]')
    drawer.find_element(By.TAG_NAME, "summary").click()
    [signing] = [
        step
        for step in drawer.find_elements(By.CSS_SELECTOR, ".trace > li > details")
        if step.text.startswith("RSASSA-PSS-SIGN")
    ]
    signing.find_element(By.TAG_NAME, "summary").click()
    assert "EMSA-PSS-ENCODE" in signing.text
    assert "maskedDB" not in signing.text
    for inner in signing.find_elements(By.CSS_SELECTOR, "details > summary"):
        if inner.text.startswith("EMSA-PSS-ENCODE"):
            inner.click()
    assert "maskedDB" in signing.text


def test_light_and_dark(reader: Reader) -> None:
    def background() -> str:
        return str(reader.run("return getComputedStyle(document.body).backgroundColor"))

    reader.open()
    reader.run("localStorage.clear()")
    reader.reload()
    light = background()
    button = reader.find("#theme")
    assert button.text == "Dark"
    button.click()
    dark = background()
    assert dark != light
    assert button.text == "Light"
    reader.reload()
    assert background() == dark  # the choice is kept
    reader.find("#theme").click()
    assert background() == light
    reader.run("localStorage.clear()")
    reader.colours("dark")
    reader.reload()
    assert background() == dark  # the system's choice, until the reader makes one


@pytest.mark.parametrize(
    ("size", "colours"),
    [
        (DESKTOP, "dark"),
        pytest.param(PHONE, "light", marks=pytest.mark.slow),
        pytest.param(DESKTOP, "light", marks=pytest.mark.slow),
        pytest.param(PHONE, "dark", marks=pytest.mark.slow),
    ],
)
def test_contrast_names_and_roles(short: Reader, size: tuple[int, int], colours: str) -> None:
    """Nothing that axe-core knows how to find."""
    short.open("#r42.20", size=size, colours=colours)
    short.run(
        "for (const kind of ['facts', 'openssl', 'list', 'steps', 'secret'])"
        "  for (const one of [...document.querySelectorAll(`details.${kind}`)].slice(0, 2)) one.open = true"
    )
    short.run(files("axe_core_python").joinpath("axe.min.js").read_text())
    found = short.driver.execute_async_script("axe.run(document, {resultTypes: ['violations']}).then(arguments[0])")
    shown = [(fault["id"], [node["html"][:120] for node in fault["nodes"][:3]]) for fault in found["violations"]]
    assert shown == []
    assert found["passes"]


@pytest.mark.parametrize("address", ["", "#r42.20", "#r47b.20", "#secrets", "#certificates"])
def test_a_phone_needs_no_scrolling_to_the_side(reader: Reader, address: str) -> None:
    reader.open(address, size=PHONE)
    assert reader.run("return document.documentElement.scrollWidth") == PHONE[0]


def test_it_can_be_printed(short: Reader) -> None:
    short.open()
    short.run("dispatchEvent(new Event('beforeprint'))")
    assert all(details.get_attribute("open") for details in short.driver.find_elements(By.CSS_SELECTOR, ".facts"))
    printed = base64.b64decode(short.driver.print_page())
    assert printed.startswith(b"%PDF")
    assert len(printed) > 50_000
