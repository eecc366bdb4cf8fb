"""From the story's command line to its run: the state directory, the names, and who listens."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from demo.children import Children
from demo.narration import Narrator, terminal
from demo.otp.message import otp_message, random_code
from demo.otp.story import Story
from demo.reporting import print_json
from demo.subject import Subject
from demo.world import World

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
    tell = print_json if arguments.json else Narrator(terminal(), files=False).tell
    tell({"party": "story", "event": "begin", "title": TITLE, "why": CAST})
    if arguments.seed is not None:
        tell({"party": "story", "event": "insecure", "seed": arguments.seed})
    with Children() as children:
        Story(tell, children, words, text=text).run()
    tell({"party": "story", "event": "end", **({"directory": str(directory)} if arguments.directory else {})})


def words_of(
    arguments: argparse.Namespace, subjects: dict[str, Subject], directory: Path, code: str
) -> dict[str, list[str]]:
    """Return what each party's command line has to say."""
    general = ["--directory", str(directory)]
    if arguments.seed is not None:
        general += ["--seed", str(arguments.seed)]
    suites = [word for suite in arguments.suite or () for word in ("--suite", suite)]
    message = ["--amount", str(arguments.amount), f"--payee={arguments.payee}", "--otp", code]
    words = {party: [*general, *_subject_words(subject)] for party, subject in subjects.items()}
    if not (directory / "ttp").exists():  # otherwise it has settled already who is who
        for party in ("server", "client"):
            for name in (subjects[party].common_name, *subjects[party].dns_names):
                words["ttp"] += ["--enrol", f"{party}={name}"]
    words["server"] += [*suites, *message]
    words["client"] += [*suites, "--server-name", subjects["server"].dns_names[0]]
    return words


def _subject_words(subject: Subject) -> list[str]:
    words = [
        f"--common-name={subject.common_name}",
        f"--country={subject.country}",
        f"--state={subject.state}",
        f"--locality={subject.locality}",
        f"--organization={subject.organization}",
    ]
    return words + [f"--dns-name={name}" for name in subject.dns_names]
