"""The benchmarks run. What they measure is for people to judge: no test asserts a time."""

import contextlib
import json
import re
from pathlib import Path

import pytest

import benchmarks.__main__ as command
from benchmarks import tables
from benchmarks.document import write_document
from benchmarks.row import LIMIT, Result, Row, Target, Work
from benchmarks.timing import OURS, measure, timings

PEERS_MAY_WARN = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def quick(work: str = "ours") -> Work:
    return lambda: work


def absent() -> Work:
    raise ModuleNotFoundError("No module named 'tlslite'", name="tlslite.utils")


ROW = Row(
    what="AES-128-CBC encryption, one record of 16 KiB",
    ours=quick(),
    peers={"tlslite-ng": absent, LIMIT: quick},
    target=Target(20, "tlslite-ng"),
    size=2**14,
)
RESULTS = [
    Result(ROW, 0.001, {"tlslite-ng": 0.03, LIMIT: 0.00001}, {"tlslite-ng": 30, LIMIT: 0.01}, {}),
    Result(ROW, 0.001, {"tlslite-ng": 0.01}, {"tlslite-ng": 10}, {}),
    Result(ROW, 0.001, {LIMIT: 0.00001}, {LIMIT: 0.01}, {"tlslite-ng": "tlslite is not installed"}),
    Result(Row(what="alone", ours=quick()), 0.001, {}, {}, {}),
]


def test_a_missing_peer_is_said_in_its_row() -> None:
    result = measure(ROW, seconds=0)
    assert set(result.peers) == {LIMIT}
    assert result.missing == {"tlslite-ng": "tlslite is not installed"}
    assert result.reached is None
    assert any(line.split(maxsplit=1) == ["tlslite-ng", "tlslite is not installed"] for line in tables.lines(result))


def test_another_error_of_a_peer_is_not_hidden() -> None:
    def broken() -> Work:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        measure(Row(what="", ours=quick(), peers={"peer": broken}), seconds=0)


class Clock:
    """The clock of the timings: only the works that it makes let it go on."""

    def __init__(self) -> None:
        self.now, self.done = 0.0, ""

    def work(self, name: str, seconds: float) -> Work:
        def run() -> None:
            self.now += seconds
            self.done += name

        return run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("benchmarks.timing.process_time", lambda: clock.now)
    return clock


def test_who_takes_long_has_fewer_turns_spread_over_those_of_the_others(clock: Clock) -> None:
    works = {OURS: clock.work("f", 2**-7), "slow": clock.work("s", 2**-3)}  # of which floating point makes exact sums
    times = timings(works, seconds=1, turns=2)
    assert {time for _, time in times[OURS]} == {2**-7}
    assert {time for _, time in times["slow"]} == {2**-3}
    assert [turn for turn, _ in times["slow"]] == [*range(16, 129, 16)]
    assert clock.done[4:] == ("f" * 16 + "s") * 8  # after two of each, to see how long they take


def test_ours_are_timed_in_all_turns_of_faster_peers(clock: Clock) -> None:
    row = Row(what="", ours=clock.work("s", 2**-3), peers={"fast": lambda: clock.work("f", 2**-7)})
    result = measure(row, seconds=1)
    assert clock.done[4:] == "sf" * 128
    assert (result.ours, result.peers["fast"], result.ratios["fast"]) == (2**-3, 2**-7, 2**-4)


def test_what_takes_long_is_done_no_more_often_than_there_are_turns(clock: Clock) -> None:
    times = timings({OURS: clock.work("f", 1), "slow": clock.work("s", 8)}, seconds=1, turns=2)
    assert times == {OURS: [(1, 1), (2, 1)], "slow": [(1, 8), (2, 8)]}
    assert clock.done == "fsfs"


@pytest.mark.parametrize("result", RESULTS)
def test_a_row_is_readable_at_80_columns(result: Result) -> None:
    for line in (tables.HEAD, *tables.lines(result)):
        assert len(line) <= 80, line


def test_targets_are_marked() -> None:
    assert [result.reached for result in RESULTS] == [True, False, None, None]
    assert [("✓" in text, "✗" in text) for text in map("\n".join, map(tables.lines, RESULTS[:2]))] == [
        (True, False),
        (False, True),
    ]
    assert tables.targets(RESULTS).splitlines()[2:] == [
        "| AES-128-CBC encryption, one record of 16 KiB | tlslite-ng | 20× | 30× | ✓ |",
        "| AES-128-CBC encryption, one record of 16 KiB | tlslite-ng | 20× | 10× | ✗ |",
        "| AES-128-CBC encryption, one record of 16 KiB | tlslite-ng | 20× | not installed | ? |",
    ]


def test_the_tables_have_as_many_cells_in_all_rows() -> None:
    for table in tables.markdown(RESULTS), tables.targets(RESULTS):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_the_document_is_written_with_its_plot(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: it comes with the extra `benchmarks`")
    write_document(tmp_path / "benchmarks.md", RESULTS, {"Python": "3"})
    assert "Measured with Python 3." in (tmp_path / "benchmarks.md").read_text()
    assert (tmp_path / "benchmarks.svg").read_text().startswith("<?xml")
    assert len(list(tmp_path.iterdir())) == 2


@PEERS_MAY_WARN
def test_rows_are_picked_by_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["-k", "dh: DH ffdhe", "--seconds", "0"]) == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:2]] == [["DH", "ffdhe2048"]]


@PEERS_MAY_WARN
@pytest.mark.slow
def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["-k", "dh:", "--seconds", "0", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    (row,) = printed["rows"]
    assert row["what"] == "DH ffdhe2048"
    assert row["ours_s"] > 0
    assert printed["machine"]["Python"]


@pytest.mark.slow
def test_a_word_in_no_row_gets_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["-k", "nothing of the kind"]) == 2
    assert capsys.readouterr().err == "python -m benchmarks: no row has 'nothing of the kind' in it\n"


def test_a_part_cannot_be_written_as_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        command.main(["-k", "aes", "--write"])
    assert exit.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_every_group_has_rows_with_names_of_their_own_that_fit() -> None:
    names = [row.what for row in command.picked([])]
    assert len(names) == len(set(names))
    assert all(len(name) <= 50 for name in names)


@PEERS_MAY_WARN
@pytest.mark.slow
def test_every_row_can_be_measured() -> None:
    pytest.importorskip("gmpy2", exc_type=ImportError, reason="gmpy2 is not installed")
    for row in command.picked([]):
        row.ours()
        for make in row.peers.values():
            with contextlib.suppress(ModuleNotFoundError):  # the table says which peers are missing
                make()()


def test_the_copy_without_trace_calls_computes_the_same_and_calls_no_trace() -> None:
    from benchmarks import tracing

    for path in tracing.SOURCE.glob("*.py"):
        stripped = tracing.without_trace_calls(path.read_text())
        assert not re.search(r"(?<!\.)\b(note|steps|algorithm|tracing|unrecorded)\(|\.gives\(", stripped), path
    for name in ("SHA256", "AES-GCM, 16 bytes", "S-DES, a block", "PKCS #1 v1.5 sign", "Ed25519 sign"):
        make = tracing.WORKS[name]
        assert make(tracing._ours)() == make(tracing._copied)(), name
