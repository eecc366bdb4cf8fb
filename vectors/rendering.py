"""Writes a report: as text for a terminal, as Markdown, as JSON, as JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree  # writes only

from vectors.cases import Outcome, Result
from vectors.report import Counts, Report

_COLUMNS = ("executed", "passed", "failed", "skipped")
_LONGEST = 160  # characters of a value in a text; JSON has all of it
_MOST = 20  # failures that a text shows; JSON has all of them


def _figures(counts: Counts) -> list[str]:
    return [str(getattr(counts, column)) for column in _COLUMNS]


def _rows(report: Report) -> list[list[str]]:
    rows = [[source, algorithm, *_figures(counts)] for (source, algorithm), counts in report.rows.items()]
    return [*rows, ["total", "", *_figures(report.total)]]


def _flag_rows(report: Report) -> list[list[str]]:
    return [[flag, bug_type, *_figures(counts)] for (flag, bug_type), counts in sorted(report.flags.items())]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: words to the left, figures to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    words = len(head) - len(_COLUMNS)

    def line(row: Sequence[str]) -> str:
        columns = enumerate(zip(row, widths, strict=True))
        cells = (cell.ljust(width) if i < words else cell.rjust(width) for i, (cell, width) in columns)
        return "  ".join(cells).rstrip()

    return [line(head), *map(line, rows)]


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value)} characters)"


def _failure(result: Result) -> list[str]:
    case = result.case
    lines = [f"{result.outcome.name} {case.source}  {case.id}  ({case.algorithm}{_operation(result)})"]
    if case.comment:
        lines.append(f"    comment   {case.comment}")
    for flag in case.flags:
        bug_type = f" ({flag.bug_type})" if flag.bug_type else ""
        lines.append(f"    flag      {flag.name}{bug_type}{': ' if flag.meaning else ''}{flag.meaning}")
    if case.policy:
        lines.append(f"    policy    {case.policy}")
    lines.append(f"    reason    {result.reason}")
    if result.expected or result.actual:
        lines += [f"    expected  {_short(result.expected)}", f"    actual    {_short(result.actual)}"]
    if result.step:
        lines.append(f"    step      {_short(result.step)}")
    return lines


def _operation(result: Result) -> str:
    return f", {result.operation}" if result.operation else ""


def _verdict(report: Report) -> str:
    total = report.total
    words = [f"{total.passed} passed", f"{total.failed} failed"]
    words += [f"{count} {name}" for name, count in (("crashed", total.crashed), ("hung", total.hung)) if count]
    words += [f"{total.skipped} skipped", f"in {report.seconds:.1f} s"]
    if report.holds:
        verdict = "Everything holds"
    elif not total.executed:
        verdict = "NOTHING RAN"
    else:
        verdict = "NOT EVERYTHING HOLDS"
    return f"{verdict}: {', '.join(words)}"


def _policy(report: Report) -> list[tuple[str, int]]:
    return sorted(report.policy.items())


def text(report: Report) -> str:
    """Return the report for a terminal."""
    lines = _table(("source", "algorithm", *_COLUMNS), _rows(report))
    if report.flags:
        lines += ["", *_table(("flag", "bug type", *_COLUMNS), _flag_rows(report))]
        bug_rows = [[name, *_figures(counts)] for name, counts in sorted(report.bug_types.items())]
        lines += ["", *_table(("bug type", *_COLUMNS), bug_rows)]
    if report.policy:
        lines += ["", "Results of `acceptable`, as the policy settled them:"]
        lines += [f"    {count} × {rule}" for rule, count in _policy(report)]
    if report.skipped:
        lines += ["", "Skipped:"]
        lines += [f"    {count} × {reason}" for reason, count in report.skipped.most_common()]
    for note in report.notes:
        lines += ["", f"Note: {note}"]
    for result in report.failures[:_MOST]:
        lines += ["", *_failure(result)]
    if len(report.failures) > _MOST:
        lines += ["", f"… and {len(report.failures) - _MOST} more; --json has all of them"]
    for problem in report.problems:
        lines += ["", f"PROBLEM {problem}"]
    return "\n".join([*lines, "", _verdict(report)])


def markdown(report: Report) -> str:
    """Return the report in Markdown."""
    lines = ["# Test vectors", "", _verdict(report), ""]
    lines += _markdown_table(("source", "algorithm", *_COLUMNS), _rows(report))
    if report.flags:
        lines += ["", "## By flag", "", *_markdown_table(("flag", "bug type", *_COLUMNS), _flag_rows(report))]
    if report.policy:
        lines += ["", "## Results of `acceptable`, as the policy settled them", ""]
        lines += [f"- {count} × {rule}" for rule, count in _policy(report)]
    if report.skipped:
        lines += ["", "## Skipped", "", *(f"- {count} × {reason}" for reason, count in report.skipped.most_common())]
    if report.notes:
        lines += ["", "## Notes", "", *(f"- {note}" for note in report.notes)]
    if report.failures:
        lines += ["", "## Failures", "", "```"]
        lines += [line for result in report.failures[:_MOST] for line in _failure(result)]
        lines.append("```")
    if report.problems:
        lines += ["", "## Problems", "", *(f"- {problem}" for problem in report.problems)]
    return "\n".join(lines)


def _markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    words = len(head) - len(_COLUMNS)
    rule = ["---" if i < words else "---:" for i in range(len(head))]
    return [f"| {' | '.join(row)} |" for row in [head, rule, *rows]]


def as_json(report: Report) -> str:
    """Return the report in JSON, with all failures in full."""
    return json.dumps(
        {
            "holds": report.holds,
            "seconds": round(report.seconds, 3),
            "total": asdict(report.total),
            "sources": [{"source": s, "algorithm": a, **asdict(c)} for (s, a), c in report.rows.items()],
            "flags": [{"flag": f, "bug_type": b, **asdict(c)} for (f, b), c in sorted(report.flags.items())],
            "bug_types": [{"bug_type": b, **asdict(c)} for b, c in sorted(report.bug_types.items())],
            "policy": [{"rule": rule, "cases": count} for rule, count in _policy(report)],
            "skipped": [{"reason": reason, "cases": count} for reason, count in report.skipped.most_common()],
            "failures": [_failure_json(result) for result in report.failures],
            "problems": report.problems,
            "notes": report.notes,
        },
        indent=2,
        ensure_ascii=False,
    )


def _failure_json(result: Result) -> dict[str, Any]:
    case = result.case
    return {
        "outcome": result.outcome.value,
        "source": case.source,
        "id": case.id,
        "algorithm": case.algorithm,
        "comment": case.comment,
        "flags": [asdict(flag) for flag in case.flags],
        "policy": case.policy,
        "operation": result.operation,
        "reason": result.reason,
        "expected": result.expected,
        "actual": result.actual,
        "step": result.step,
        "seconds": round(result.seconds, 6),
    }


def junit(report: Report) -> bytes:
    """Return the report as JUnit XML: a suite is a source file; crashes, hangs and problems are errors."""
    top = ElementTree.Element("testsuites", name="vectors", time=f"{report.seconds:.3f}")
    by_source: dict[str, list[Result]] = {}
    for result in report.results:
        by_source.setdefault(result.case.source, []).append(result)
    for source, results in by_source.items():
        outcomes = [result.outcome for result in results]
        suite = ElementTree.SubElement(
            top,
            "testsuite",
            name=source,
            tests=str(len(results)),
            failures=str(outcomes.count(Outcome.FAILED)),
            errors=str(outcomes.count(Outcome.CRASHED) + outcomes.count(Outcome.HUNG)),
            skipped=str(outcomes.count(Outcome.SKIPPED)),
        )
        for result in results:
            _junit_case(suite, result)
    if report.problems:
        number = str(len(report.problems))
        suite = ElementTree.SubElement(top, "testsuite", name="files", tests=number, failures="0", errors=number)
        for problem in report.problems:
            case = ElementTree.SubElement(suite, "testcase", classname="files", name=problem)
            ElementTree.SubElement(case, "error", message=problem)
    written: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return written


def _junit_case(suite: ElementTree.Element, result: Result) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"{result.case.source} {result.case.algorithm}",
        name=result.case.id,
        time=f"{result.seconds:.6f}",
    )
    if result.outcome is Outcome.SKIPPED:
        ElementTree.SubElement(case, "skipped", message=result.reason)
    elif result.outcome is not Outcome.PASSED:
        kind = "failure" if result.outcome is Outcome.FAILED else "error"
        ElementTree.SubElement(case, kind, message=result.reason).text = "\n".join(_failure(result))
