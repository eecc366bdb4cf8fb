"""Runs cases on several processes, so that neither a crash nor a hang takes the run with it.

A worker judges a batch of cases and sends each result as it has it. The time since its last message is the time
of the case that it is at: if that takes too long, the worker is ended, the case has hung, and another worker goes
on with the rest of the batch.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeAlias

from vectors.cases import Case, Outcome, Result
from vectors.explain import explain
from vectors.external import External
from vectors.judge import Judge, explain_nothing
from vectors.operations import perform

BATCH = 40
GRACE = 5.0  # seconds: a worker with an external implementation ends that itself, if it can

Batch: TypeAlias = list[tuple[int, Case]]


@dataclass
class _Worker:
    """A process, the batch it is at, and when it last said anything."""

    process: BaseProcess
    connection: Connection
    batch: deque[tuple[int, Case]]
    since: float

    def deadline(self, timeout: float) -> float:
        """Return when the current case has hung."""
        return self.since + timeout * self.batch[0][1].effort + GRACE if self.batch else float("inf")


def run(
    cases: Sequence[Case],
    *,
    implementation: str = "",
    timeout: float = 60.0,
    jobs: int = 0,
    progress: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Return the results of `cases`, in their order.

    implementation: a command to put to the test instead of this project's primitives; see `vectors.external`.
    timeout: seconds that a case may take, times its effort.
    jobs: how many processes; by default as many as there are processors.
    progress: is told each result as it comes.
    """
    batches = deque(_batches(cases))
    results: dict[int, Result] = {}
    context = multiprocessing.get_context("spawn")
    workers: list[_Worker] = []

    def start() -> None:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, implementation, timeout), daemon=True)
        process.start()
        theirs.close()
        workers.append(_Worker(process, ours, deque(), time.monotonic()))

    def note(index: int, result: Result) -> None:
        results[index] = result
        progress(result)

    def lose(worker: _Worker, outcome: Outcome, reason: str) -> None:
        """The worker is gone, and with it the case that it was at."""
        worker.process.kill()
        worker.process.join()
        workers.remove(worker)
        if worker.batch:
            index, case = worker.batch.popleft()
            note(index, Result(case, outcome, reason, seconds=time.monotonic() - worker.since))
            if worker.batch:
                batches.appendleft(list(worker.batch))

    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    most = jobs or processors
    try:
        while batches or any(worker.batch for worker in workers):
            while len(workers) < min(most, len(workers) + len(batches)):
                start()
            for worker in workers:
                if batches and not worker.batch:
                    worker.batch, worker.since = deque(batches.popleft()), time.monotonic()
                    worker.connection.send(list(worker.batch))
            left = min(worker.deadline(timeout) for worker in workers) - time.monotonic()
            ready = wait([worker.connection for worker in workers], max(0.0, left))
            for worker in list(workers):
                if worker.connection in ready:
                    _listen(worker, note, lose)
                elif worker.deadline(timeout) < time.monotonic():
                    lose(worker, Outcome.HUNG, f"no answer after {time.monotonic() - worker.since:.0f} seconds")
    finally:
        for worker in workers:
            worker.process.kill() if worker.batch else worker.connection.send(None)
            worker.process.join()
    return [results[index] for index in range(len(cases))]


def _listen(
    worker: _Worker, note: Callable[[int, Result], None], lose: Callable[[_Worker, Outcome, str], None]
) -> None:
    try:
        told = worker.connection.recv()
    except (EOFError, ConnectionError):
        worker.process.join()
        lose(worker, Outcome.CRASHED, f"the process ended with exit status {worker.process.exitcode}")
        return
    index, case = worker.batch.popleft()
    worker.since = time.monotonic()
    note(index, replace(told, case=case))


def _batches(cases: Sequence[Case]) -> Iterator[Batch]:
    """Return the cases in batches, the longest first; a Monte Carlo chain is one batch."""
    batches: list[Batch] = []
    for index, case in enumerate(cases):
        last = batches[-1] if batches else []
        goes_on = bool(case.follows) and bool(last) and case.follows == last[-1][1].id
        if last and (goes_on or (len(last) < BATCH and not _long(case) and not _long(last[0][1]))):
            last.append((index, case))
        else:
            batches.append([(index, case)])
    return iter(sorted(batches, key=lambda batch: -sum(case.effort for _, case in batch)))


def _long(case: Case) -> bool:
    return case.effort > 1 or any("monte_carlo" in check.operation for check in case.checks)


_NO_CASE = Case("", "", "")


def _work(connection: Connection, implementation: str, timeout: float) -> None:
    """A worker: takes batches until it is told to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent, which ends its workers
    external = External(implementation, timeout=timeout) if implementation else None
    judge = Judge(external.perform, explain_nothing) if external else Judge(perform, explain)
    while (batch := connection.recv()) is not None:
        for _, case in batch:
            if external:
                external.effort = case.effort
            # The case itself stays here: the caller has it.
            connection.send(replace(judge.judge(case), case=_NO_CASE))
    if external:
        external.close()
