"""The benchmarks run. What they measure is for people to judge: no test asserts a time."""

import pytest

import benchmarks.__main__ as command


@pytest.mark.slow
def test_every_benchmark_prints_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("gmpy2", exc_type=ImportError)
    assert command.main([]) == 0
    printed = capsys.readouterr().out
    for what in ("RSA-2048 key generation", "RSA-2048 private operation", "SHA-256 of 1 MiB"):
        assert what in printed


def test_an_unknown_name_gets_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["rsa", "nothing"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("benchmarks: no benchmark 'nothing', expected some of: ")
