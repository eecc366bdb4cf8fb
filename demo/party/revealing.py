"""What a party keeps secret, reported: its keys, its codes, and on each connection all secrets and all steps.

It is what the illustrated exchange is made of, and gives everything away; so it happens with `--reveal` only.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from demo.party.party import Party
from explain import trace
from explain.showing.trace_html import steps_html
from explain.trace import Step
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.registries.codes import Direction
from handshake.tls12.key_schedule import KEY_BLOCK
from pki.keys import PrivateKey, dump_private_key
from pki.x509 import Certificate
from record.layer import OPENING, Record

SECRETS = ("pre_master_secret", "master_secret", "verify_data", *(name for name, _ in KEY_BLOCK))
DEPTH = 3  # levels of steps that are kept
ROW = 3  # steps that are kept of a row of the same
FOLDED = ("block ", "key expansion", "CIPH", "round ")
"""How the steps begin that come so often that they are kept without what is inside, but for the first of a kind."""


def reveal_key(party: Party, key: PrivateKey, *, of: str, certificate: Certificate | None = None) -> None:
    """Report a private key, and the certificate that belongs to it if it is not going to be sent to anybody."""
    if party.revealing:
        shown = "" if certificate is None else certificate.to_pem().decode()
        party.report("revealed key", of=of, key=dump_private_key(key).decode(), certificate=shown)


def reveal_code(party: Party, code: str, *, of: str) -> None:
    """Report an enrolment code. of: the applicant whose it is."""
    if party.revealing:
        party.report("revealed code", of=of, code=code)


@contextmanager
def revealed(
    party: Party, configuration: ClientConfiguration | ServerConfiguration, *, in_full: bool
) -> Iterator[ClientConfiguration | ServerConfiguration]:
    """Give the configuration with which to make one connection; at the end of the block, report what it was to keep.

    in_full: whether the first step of each kind is reported with everything inside it.
    """
    if not party.revealing:
        yield configuration
        return
    with trace.recording() as steps:
        watch = _Watch(configuration, steps, _Folding(in_full=in_full))
        try:
            yield replace(configuration, key_log=watch.key_log, record_log=watch.record)
        finally:
            watch.take_steps()
            party.report("revealed connection", key_log=watch.line, course=watch.course(), secrets=watch.secrets)


class _Watch:
    """Sees one connection, in the order in which things happen."""

    def __init__(
        self, configuration: ClientConfiguration | ServerConfiguration, steps: list[Step], folding: _Folding
    ) -> None:
        self._configuration, self._steps, self._folding = configuration, steps, folding
        self._course: list[Step | Direction] = []
        self.line = ""
        self.secrets: list[list[str]] = []

    def key_log(self, line: str) -> None:
        """Take the line with the master secret, and pass it on to the key log that wanted it anyway."""
        self.line = line
        if self._configuration.key_log is not None:
            self._configuration.key_log(line)

    def record(self, direction: Direction, record: Record) -> None:
        """Take note of a record, after the steps that led to it."""
        self.take_steps(opening=direction is Direction.RECEIVED)
        self._course.append(direction)
        if self._configuration.record_log is not None:
            self._configuration.record_log(direction, record)

    def take_steps(self, *, opening: bool = False) -> None:
        """Take the steps since the last time. opening: whether the last of them opened a record."""
        for step in self._steps:
            for inner in step.walk():
                if inner.name in SECRETS and isinstance(inner.value, bytes):
                    self.secrets.append([inner.name, inner.value.hex(), inner.section, inner.why])
            if step.steps or step.name != OPENING:  # without keys, nothing was opened
                self._course.append(self._folding.folded(step))
        self._steps.clear()

    def course(self) -> list[list[str]]:
        """Return what happened: records, and the steps between them."""
        rows: list[list[str]] = []
        for one in self._course:
            if isinstance(one, Direction):
                rows.append(["record", one.value])
            else:
                rows.append(["step", one.name, one.section, one.why, steps_html([one])])
        return rows


class _Folding:
    """Leaves out the steps inside of those that come again and again."""

    def __init__(self, *, in_full: bool) -> None:
        self._in_full = in_full
        self._seen: set[tuple[str, str]] = set()

    def folded(self, step: Step, depth: int = DEPTH) -> Step:
        """Return the step without what is too deep, and with a word on how much that was."""
        repeated = step.name.startswith(FOLDED)
        kind = _kind(step)
        if step.steps and repeated and self._in_full and kind not in self._seen:
            self._seen.add(kind)
            return step
        if not step.steps:
            return step
        if repeated or depth == 0:
            count = sum(1 for _ in step.walk()) - 1
            return replace(step, steps=[], why=f"{step.why} ({count:,} steps inside are not kept here)")
        return replace(step, steps=[self.folded(inner, depth - 1) for inner in _without_repetition(step.steps)])


def _kind(step: Step) -> tuple[str, str]:
    """Return what steps have in common that differ by their numbers alone, such as block 1 and block 2."""
    return re.sub("[0-9]+", "", step.name), step.section


def _without_repetition(steps: list[Step]) -> list[Step]:
    """Return the steps without the middle of a long row that differs by its numbers alone."""
    kept: list[Step] = []
    for _, group in itertools.groupby(steps, _kind):
        row = list(group)
        if len(row) > ROW:
            middle = len(row) - ROW
            note = Step("…", f"{middle} more", row[1].section, f"the same again, from {row[ROW - 1].name} on")
            row = [*row[: ROW - 1], note, row[-1]]
        kept += row
    return kept
