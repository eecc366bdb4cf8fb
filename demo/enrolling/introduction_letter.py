"""The introduction letter: what the TTP's operator hands an applicant by a way that no network touches.

It holds the fingerprint of the TTP's root certificate, by which the applicant knows the TTP, and a
one-time code, by which the TTP knows the applicant. Without such a first step nobody could tell a TTP from
an attacker who claims to be it. On one machine the letter is a file in the state directory, readable by
its owner alone; the applicant destroys it once it has served.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from console.files import read_limited, replace_private
from demo.failure import PartyError

FORM = re.compile(r"To: ([\w-]+)\nRoot SHA-256: ([0-9A-F]{2}(?::[0-9A-F]{2}){31})\nCode: ([0-9A-Z-]+)\n")


@dataclass(frozen=True, repr=False)
class IntroductionLetter:
    """To whom, the root certificate's SHA-256 fingerprint (hexadecimal with colons), and the code."""

    applicant: str
    fingerprint: str
    code: str


def introduction_letter_path(directory: Path, applicant: str) -> Path:
    """Return where the applicant's introduction letter lies in the state directory."""
    return directory / "introduction-letters" / f"{applicant}.txt"


def write_introduction_letter(directory: Path, letter: IntroductionLetter) -> Path:
    """Put the introduction letter into the state directory, in place of an older one."""
    path = introduction_letter_path(directory, letter.applicant)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = f"To: {letter.applicant}\nRoot SHA-256: {letter.fingerprint}\nCode: {letter.code}\n"
    replace_private(path, text.encode())
    return path


def read_introduction_letter(path: Path) -> IntroductionLetter | None:
    """Return the introduction letter, or None if it is missing; raise `PartyError` if the file is something else."""
    try:
        data = read_limited(path)
    except FileNotFoundError:
        return None
    match = FORM.fullmatch(data.decode("ascii", errors="replace"))
    if match is None:
        raise PartyError(f"{path} is not an introduction letter of the TTP")
    return IntroductionLetter(match[1], match[2], match[3])
