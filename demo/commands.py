"""From the command line to the parties and the story, and from what happens there to the exit status."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING

from demo import options, otp
from demo.failure import ERRORS, FAILED, CommandError, PartyError, one_line
from demo.party import Party
from demo.reporting import Fact, Report, json_report
from demo.subject import DEFAULTS, Subject, ask
from demo.world import World
from primitives.command_line import BAD_COMMAND

if TYPE_CHECKING:
    from demo.applicant import Introduction
    from handshake.suites import CipherSuite

PARSERS = {"ttp": options.ttp_parser, "server": options.server_parser, "client": options.client_parser}


def run(words: Sequence[str]) -> int:
    """Run `python -m demo` with these arguments and return the exit status."""
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, _terminate)
    _open_streams()
    name = words[0] if words and words[0] in PARSERS else "story"
    try:
        if name == "story":
            return _story(options.story_parser().parse_args(words))
        return _party(name, PARSERS[name]().parse_args(words[1:]))
    except CommandError as error:
        return _fail(name, one_line(error), BAD_COMMAND)
    except ERRORS as error:
        return _fail(name, one_line(error), FAILED)


def _open_streams() -> None:
    """Make sure that there is something to write to and to read from, and that writing to it never fails."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # open for as long as the program runs
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # as above
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that does not know → gets a ? and no traceback


def _fail(name: str, line: str, status: int) -> int:
    sys.stderr.write(f"{name}: {line}\n")
    return status


def _terminate(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # as shells have it; an exception, so that whatever is open is put in order


def _story(arguments: argparse.Namespace) -> int:
    from demo.storyteller import tell_story

    subjects = {
        party: ask_on_terminal(subject, about=party) if arguments.ask else subject
        for party, subject in DEFAULTS.items()
    }
    tell_story(arguments, subjects)
    return 0


def _party(name: str, arguments: argparse.Namespace) -> int:
    """Run one party."""
    if arguments.lifeline:
        threading.Thread(target=_hold_lifeline, daemon=True).start()
    report = json_report(name) if arguments.json else _told(name)
    party = Party(
        name, arguments.directory, World(name, seed=arguments.seed, at=arguments.at), report, arguments.timeout
    )
    if arguments.seed is not None:
        report("insecure", seed=arguments.seed)
    try:
        RUNNERS[name](party, arguments)
    except ERRORS as error:
        report("failed", reason=one_line(error))
        raise
    report("finished")
    return 0


def _told(name: str) -> Report:
    """Return a report that tells a person at a terminal."""
    from demo.narration import Narrator, terminal

    narrator = Narrator(terminal(), files=True)
    lock = threading.Lock()  # what several threads tell does not mix

    def report(event: str, /, **facts: Fact) -> None:
        with lock:
            narrator.tell({"party": name, "event": event, **facts})

    return report


def _hold_lifeline() -> None:
    """End like Ctrl-C when standard input ends. (`os.read`: a reading thread must not hold Python's own buffer.)"""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _ttp(party: Party, arguments: argparse.Namespace) -> None:
    from demo.ttp import run_ttp  # parties load only what they need, so that they start at once

    run_ttp(
        party,
        listen=arguments.listen,
        subject=_subject(party, arguments),
        applicants=options.applicants_of(arguments),
        stay=arguments.stay,
    )


def _server(party: Party, arguments: argparse.Namespace) -> None:
    code = otp.random_code(party.world.random_bytes("otp")) if arguments.otp == "random" else arguments.otp
    text = otp.otp_message(amount=arguments.amount, payee=arguments.payee, code=code)
    if arguments.trivial:
        from demo.trivial import send_in_the_clear

        send_in_the_clear(arguments.listen, text, report=party.report, timeout=party.patience)
        return
    from demo.server import run_server

    run_server(
        party,
        listen=arguments.listen,
        subject=_subject(party, arguments),
        introduction=_introduction(arguments),
        suites=_suites(arguments),
        text=text,
    )


def _client(party: Party, arguments: argparse.Namespace) -> None:
    if arguments.trivial:
        from demo.trivial import receive_in_the_clear

        receive_in_the_clear(arguments.connect, report=party.report, timeout=party.step_timeout)
        return
    from demo.client import run_client

    run_client(
        party,
        server=arguments.connect,
        server_name=arguments.server_name,
        subject=_subject(party, arguments),
        introduction=_introduction(arguments),
        suites=_suites(arguments),
    )


RUNNERS = {"ttp": _ttp, "server": _server, "client": _client}


def _subject(party: Party, arguments: argparse.Namespace) -> Subject:
    """Return the names, asked for on the terminal if that is wanted."""
    subject = options.subject_of(arguments, party.name)
    return ask_on_terminal(subject, about=party.name) if arguments.ask else subject


def ask_on_terminal(subject: Subject, *, about: str) -> Subject:
    """Ask for the names on standard error and standard input; raise `PartyError` if the input ends before that."""

    def show(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    def question(text: str) -> str:
        show(text)
        answer = sys.stdin.readline()
        if not answer:
            show("\n")
            raise PartyError("the input ended before all names were given")
        return answer

    return ask(subject, about=about, question=question, complain=lambda reason: show(f"  {reason}\n"))


def _introduction(arguments: argparse.Namespace) -> Introduction:
    from demo.applicant import Introduction

    return Introduction(
        ttp=arguments.ttp, root_file=arguments.root, root_fingerprint=arguments.fingerprint, code=arguments.code
    )


def _suites(arguments: argparse.Namespace) -> tuple[CipherSuite, ...]:
    from demo.session import DEFAULT_SUITES
    from handshake.suites import suite_by_name

    return tuple(map(suite_by_name, dict.fromkeys(arguments.suite or DEFAULT_SUITES)))
