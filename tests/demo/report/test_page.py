"""The page as a file: written whole, for its owner alone, and what is in it stays text."""

import base64
import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from console.command_line import CommandError
from demo.failure import PartyError
from demo.report.model import Act, Chapter, Run
from demo.report.page import check_target, page_data, page_html, write_page
from primitives.sha2 import sha256
from tests.demo.support.reports import Revealed
from tests.demo.support.terminal import demo

LIMIT = 3_000_000  # bytes


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    return page_html(run)


def test_the_page_is_of_bearable_size_and_loads_nothing(page: str) -> None:
    assert len(page.encode()) < LIMIT
    assert not re.search(r"""(src|href)=["'](?!#|data:,)""", page)
    assert "@import" not in page
    assert "url(" not in page
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none';")
    for kind, pattern in (("style", "<style>(.*?)</style>"), ("script", "<script>(.*?)</script>")):
        [inline] = re.findall(pattern, page, re.DOTALL)
        digest = base64.b64encode(sha256(inline.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_the_page_warns_that_it_gives_everything_away(page: str, run: Run) -> None:
    assert "This page gives everything away" in page
    assert "made up from the seed 7" in page
    assert "made up from the seed" not in page_html(replace(run, seed=None))


def test_without_the_script_the_page_says_the_main_things(page: str, run: Run) -> None:
    still = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    for chapter in run.chapters:
        assert chapter.title in still
    for sent in run.sent():
        assert f'id="{sent.view.id}"' in still
        assert sent.view.data[:16].hex(" ") in still
    for secret in run.secrets:
        assert f'id="secret-{secret.id}"' in still


def test_every_link_leads_to_something(page: str, run: Run) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert len(ids) == len(re.findall(r'\bid="', page))
    for link in re.findall(r'href="#([^"]*)"', page):
        assert link in ids, link


def test_the_data_of_the_page_are_the_bytes_and_parts_of_the_run(run: Run) -> None:
    data = json.loads(page_data(run))
    shown = {view.id: view for view in run.views()}
    assert set(data["views"]) == set(shown)
    for id, (title, encoded, parts, top) in data["views"].items():
        assert (title, base64.b64decode(encoded)) == (shown[id].title, shown[id].data)
        assert top in shown
        leaves = []
        waiting = list(parts)
        while waiting:
            label, start, end, *words, kind, inner, opened = waiting.pop(0)
            assert data["texts"][label]
            assert all(data["texts"][word] for word in words[1:4])
            assert 0 <= kind < len(data["kinds"])
            assert not opened or opened in shown
            if inner:
                waiting = inner + waiting
            else:
                leaves.append((start, end))
        assert b"".join(shown[id].data[a:b] for a, b in leaves) == shown[id].data


def test_whatever_a_peer_calls_itself_it_stays_text(run: Run) -> None:
    evil = '</script><!--<script>alert(1)</script><img src=x onerror="alert(2)">'
    act = Act("server", evil, facts=[[evil, evil]], checks=[[evil, evil]], quote=evil)
    sent = next(run.sent())
    part = replace(sent.view.parts[0], value=evil)
    spoilt = replace(sent, name=evil, why=evil, facts=[[evil, evil]], view=replace(sent.view, parts=[part]))
    page = page_html(replace(run, chapters=[Chapter(1, evil, evil, [act, spoilt])]))
    assert "<img" not in re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    [data] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert evil in json.loads(data)["texts"]
    assert page.count("<script") - data.count("<script") == 2


def test_the_file_is_for_its_owner_alone_and_replaced_as_a_whole(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("the page of an earlier run")
    target.chmod(0o644)
    write_page(target, run)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_text() == page_html(run)
    assert os.listdir(tmp_path) == ["page.html"]


def test_a_page_that_cannot_be_written_is_an_error(run: Run, tmp_path: Path) -> None:
    with pytest.raises(PartyError, match="cannot write"):
        write_page(tmp_path / "nowhere" / "page.html", run)
    with pytest.raises(CommandError, match="that is a directory, expected the name of a file"):
        check_target(tmp_path)
    check_target(tmp_path / "page.html")


def test_a_bad_path_is_said_before_the_run_begins(tmp_path: Path) -> None:
    ended = demo("--report", str(tmp_path / "nowhere" / "page.html"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"otp: --report {tmp_path}/nowhere/page.html: there is no directory {tmp_path}/nowhere\n"


def test_a_broken_exchange_has_no_page(tmp_path: Path) -> None:
    ended = demo("--break", "expired", "--report", str(tmp_path / "page.html"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "otp: --report shows a whole exchange: give it without --break\n"


def test_the_demo_writes_the_page_of_its_run(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    ended = demo("--report", str(target), "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [event["file"] for event in events if event["event"] == "report"] == [str(target)]
    fingerprints = {event["fingerprint"] for event in events if event["event"] == "master secret agreed"}
    assert len(fingerprints) == 1
    [fingerprint] = fingerprints
    assert f"fingerprint {fingerprint}" in target.read_text()
    assert not any(event["event"].startswith("revealed") for event in events)  # they go into the page alone


def test_secrets_are_revealed_only_where_that_is_asked_for(revealed: Revealed, tmp_path: Path) -> None:
    assert {event["event"] for event in revealed.events if event["event"].startswith("revealed")} == {
        "revealed key",
        "revealed code",
        "revealed connection",
    }
    assert not any(event["event"].startswith("revealed") for event in revealed.told)
    ended = demo("client", "--reveal", "--directory", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "client: --reveal is for programs: give --json with it\n"
