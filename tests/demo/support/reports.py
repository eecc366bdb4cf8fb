"""Running the story with parties that reveal their secrets."""

from dataclasses import dataclass
from pathlib import Path

from demo.otp.story import Story
from demo.otp.storyteller import words_of
from demo.party.subject import DEFAULTS
from demo.stage.processes import Event, Processes
from demo.story_command import COMMAND
from demo.wire.flows import Capture
from tests.demo.support.parties import OTP

SEED = 7
__all__ = ["OTP", "SEED", "Revealed", "revealed_run"]


@dataclass
class Revealed:
    told: list[Event]
    events: list[Event]
    captures: dict[str, list[Capture]]


def revealed_run(directory: Path, *words: str) -> Revealed:
    """Run the story as `--report` does, and return what the report is made of."""
    arguments = COMMAND.parser().parse_args(["--directory", str(directory), "--report", "unused.html", *words])
    told: list[Event] = []
    with Processes() as processes:
        story = Story(told.append, processes, words_of(arguments, DEFAULTS, directory, "256345"), text=OTP)
        story.run()
    return Revealed(told, processes.events, story.captures)
