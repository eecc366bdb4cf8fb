"""What a run tells: counts by source and algorithm, by flag and by type of bug, the failures, the policy.

One `Report` is made from the results; `vectors.rendering` writes it as text, Markdown, JSON or JUnit XML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vectors.cases import Outcome, Result
from vectors.readers.policy import RULES


@dataclass
class Counts:
    """How many cases came to what. Crashed and hung ones are among the failed."""

    executed: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    crashed: int = 0
    hung: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one case."""
        if outcome is Outcome.SKIPPED:
            self.skipped += 1
            return
        self.executed += 1
        self.passed += outcome is Outcome.PASSED
        self.failed += outcome is not Outcome.PASSED
        self.crashed += outcome is Outcome.CRASHED
        self.hung += outcome is Outcome.HUNG


@dataclass
class Report:
    """A run in figures.

    rows: counts by source and algorithm.
    flags: counts by a Wycheproof flag and its bug type; bug_types: by bug type alone.
    policy: for each rule that settled a result of `acceptable`, how many cases it settled.
    skipped: for each reason, how many cases were skipped for it.
    failures: the results that are neither passed nor skipped.
    problems: what is wrong with files or counts; notes: what was passed over.
    must_run: whether a skipped case is itself a failure of the run.
    """

    total: Counts = field(default_factory=Counts)
    rows: dict[tuple[str, str], Counts] = field(default_factory=dict)
    flags: dict[tuple[str, str], Counts] = field(default_factory=dict)
    bug_types: dict[str, Counts] = field(default_factory=dict)
    policy: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    results: list[Result] = field(default_factory=list)
    failures: list[Result] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    must_run: bool = False
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether something ran, nothing failed, no file had a problem, and nothing that must run was skipped."""
        skipped = self.must_run and self.total.skipped > 0
        return self.total.executed > 0 and not self.total.failed and not self.problems and not skipped


def make(results: Iterable[Result], *, source: Callable[[str], str] = lambda name: name) -> Report:
    """Return the report of `results`; `source` gives the name by which a file is counted."""
    report = Report()
    for result in results:
        case, outcome = result.case, result.outcome
        report.results.append(result)
        report.total.add(outcome)
        report.rows.setdefault((source(case.source), case.algorithm), Counts()).add(outcome)
        for flag in case.flags:
            report.flags.setdefault((flag.name, flag.bug_type), Counts()).add(outcome)
        for bug_type in {flag.bug_type for flag in case.flags if flag.bug_type}:
            report.bug_types.setdefault(bug_type, Counts()).add(outcome)
        if case.policy:
            report.policy[case.policy] += 1
        if outcome is Outcome.SKIPPED:
            report.skipped[result.reason] += 1
        elif outcome is not Outcome.PASSED:
            report.failures.append(result)
    return report


def whole_policy() -> list[str]:
    """Return every rule of the policy for results of `acceptable`, one a line."""
    return [rule.text for rule in RULES]
