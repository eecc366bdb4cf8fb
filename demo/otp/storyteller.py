"""From the story's command line to its run: the state directory, the names, and who listens."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from demo.otp.message import otp_message, random_code
from demo.otp.story import Story
from demo.otp.terms import Terms, terms_of
from demo.party.keys import chosen
from demo.party.reporting import print_json
from demo.party.subject import Subject
from demo.party.world import World
from demo.stage.narration import Narrator
from demo.stage.processes import Event, Processes
from demo.stage.terminal import standard_output
from pki.commands.passphrases import Passphrase

VARIABLE = "CUTAWAY_DEMO_PASSPHRASE"  # an environment variable, for the parties that the story starts
TITLE = "Cutaway: a one-time password, from a bank's server to its client"
CAST = (
    "Three parties, each a process of its own: a trusted third party (TTP), the server, the client. And somebody who "
    "listens on the wire."
)


def tell_story(arguments: argparse.Namespace, subjects: dict[str, Subject]) -> None:
    """Run the story; raise `PartyError` if it does not come out.

    subjects: the names of each party.
    """
    if arguments.directory is not None:
        _tell(arguments, subjects, arguments.directory)
        return
    with tempfile.TemporaryDirectory(prefix="cutaway-") as directory:
        _tell(arguments, subjects, Path(directory))


def _tell(arguments: argparse.Namespace, subjects: dict[str, Subject], directory: Path) -> None:
    world = World("server", seed=arguments.seed)
    code = random_code(world.random_bytes("otp")) if arguments.otp == "random" else arguments.otp
    text = otp_message(amount=arguments.amount, payee=arguments.payee, code=code)
    words = words_of(arguments, subjects, directory, code)
    show = print_json if arguments.json else Narrator(standard_output(), files=False, phases=arguments.phases).tell
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        show(event)

    tell({"party": "story", "event": "begin", "title": TITLE, "why": CAST})
    if arguments.seed is not None:
        tell({"party": "story", "event": "insecure", "seed": arguments.seed})
    with Processes() as processes:
        story = Story(tell, processes, words, text=text, choosing=arguments.choose)
        story.run()
    if arguments.report is not None:
        from demo.report.build import build
        from demo.report.page import write_page

        run = build(told, processes.events, story.captures, text=text, seed=arguments.seed)
        write_page(arguments.report, run)
        tell({"party": "story", "event": "report", "file": str(arguments.report)})
    tell({"party": "story", "event": "end", **({"directory": str(directory)} if arguments.directory else {})})


def words_of(
    arguments: argparse.Namespace, subjects: dict[str, Subject], directory: Path, code: str
) -> dict[str, list[str]]:
    """Return what each party's command line has to say."""
    general = ["--directory", str(directory)]
    if arguments.seed is not None:
        general += ["--seed", str(arguments.seed)]
    suites = [
        *_words("--suite", arguments.suite),
        *_words("--kex", arguments.kex),
        *_words("--cipher", arguments.cipher),
        *_words("--hash", arguments.hash),
    ]
    message = ["--amount", str(arguments.amount), f"--payee={arguments.payee}", "--otp", code]
    general += _passphrase_words(arguments)
    words = {party: [*general, *_subject_words(subject)] for party, subject in subjects.items()}
    if not (directory / "ttp").exists():  # otherwise it has settled already who is who
        for party, applicant in _applicants(terms_of(arguments)):
            for name in (subjects[party].common_name, *subjects[party].dns_names):
                words["ttp"] += ["--enrol", f"{applicant}={name}"]
    if arguments.report is not None:
        words = {party: [*line, "--reveal"] for party, line in words.items()}
    words["ttp"] += _words("--hash", (arguments.hash or ())[:1])
    words["server"] += [*suites, *message, *(["--choose"] if arguments.choose else [])]
    words["client"] += [*suites, "--server-name", subjects["server"].dns_names[0]]
    return words


def _words(option: str, values: Iterable[str] | None) -> list[str]:
    return [word for value in values or () for word in (option, value)]


def _applicants(terms: Terms) -> list[tuple[str, str]]:
    """Return which parties are to enrol, each with the name that the TTP knows it by, which tells the kind of key."""
    servers = ["server"] * terms.needs_rsa + ["server-ec"] * terms.needs_ec
    return [*(("server", name) for name in servers), ("client", "client" if terms.needs_rsa else "client-ec")]


def _passphrase_words(arguments: argparse.Namespace) -> list[str]:
    """Return where the parties find the passphrase. If it is to be typed, it is so here, once for all of them."""
    if arguments.passphrase:
        os.environ[VARIABLE] = chosen(Passphrase(None, None), Path("the three private keys")).decode()
        return ["--passphrase-env", VARIABLE]
    file, variable = arguments.passphrase_file, arguments.passphrase_env
    return [*_words("--passphrase-file", file and [str(file)]), *_words("--passphrase-env", variable and [variable])]


def _subject_words(subject: Subject) -> list[str]:
    words = [
        f"--common-name={subject.common_name}",
        f"--country={subject.country}",
        f"--state={subject.state}",
        f"--locality={subject.locality}",
        f"--organization={subject.organization}",
    ]
    return words + [f"--dns-name={name}" for name in subject.dns_names]
