"""`python -m demo lesson NAME`: one lesson, told from beginning to end without asking anything."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from console.command_line import Parser, checked
from demo.commands.options import PROGRAM
from demo.lessons.catalogue import LESSONS
from demo.lessons.script import Audience, Script
from demo.party.reporting import json_report

if TYPE_CHECKING:
    from demo.stage.terminal import Terminal

WIDTH = 24  # columns for the names of values


def _name(text: str) -> str:
    if text not in LESSONS:
        raise ValueError(f"there is no lesson {text!r}, {PROGRAM} lessons lists them")
    return text


class _Narrator:
    """Tells a lesson's events on a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __call__(self, event: str, /, **facts: str | list[str]) -> None:
        terminal = self._terminal
        match event, facts:
            case "part", {"title": str(title), "text": str(text)}:
                terminal.heading(title)
                terminal.prose(text)
                terminal.blank()
            case "note", {"text": str(text)}:
                terminal.prose(text)
            case "value", {"name": str(name), "value": str(value)}:
                terminal.facts([(name, value)], width=WIDTH)
            case "picture", {"lines": list(lines)}:
                terminal.picture(lines)
                terminal.blank()
            case "succeeded", {"text": str(text)}:
                terminal.lost(text)
                terminal.blank()
            case "refused", {"text": str(text), "check": str(check), "where": str(where), "section": str(section)}:
                terminal.checked([("the attack fails", text)])
                terminal.facts([("the check", check), ("in the code", where), ("standard", section)], width=WIDTH)


class LessonCommand:
    """The command that tells a lesson."""

    def parser(self) -> Parser:
        """Return the command's parser."""
        parser = Parser(
            prog=f"{PROGRAM} lesson",
            description="Tells a lesson: a weak form that somebody built, the attack on it, and the same attack on "
            "this stack, with the check that stops it. Everything happens for real, on this machine's loopback. The "
            "exit status is 0 if the attack succeeded on the weak form and failed on this stack.",
            epilog=f"{PROGRAM} lessons lists them.",
        )
        parser.add_argument("name", type=checked(_name), metavar="NAME", help=f"such as {', '.join(list(LESSONS)[:3])}")
        parser.add_argument("--json", action="store_true", help="tell it in lines of JSON, for programs")
        return parser

    def run(self, arguments: argparse.Namespace) -> int:
        """Tell the lesson; return the exit status."""
        lesson = LESSONS[arguments.name]
        if arguments.json:
            tell: Audience = json_report(arguments.name)
            tell("lesson", title=lesson.title)
        else:
            from demo.stage.terminal import standard_output

            terminal = standard_output()
            terminal.title(lesson.title)
            tell = _Narrator(terminal)
        lesson.run(Script(tell))
        return 0


COMMAND = LessonCommand()
