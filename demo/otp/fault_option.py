"""The option by which a server or a client does something wrong on purpose."""

from __future__ import annotations

from console.command_line import Parser

FAULTS = ("bad-mac", "bad-padding", "bad-finished", "bad-oaep")
"""What a party can do wrong on purpose, by the names that `--fault` knows; `demo.otp.faults` does it."""


def fault_option(parser: Parser) -> None:
    """Add what the party does wrong on purpose."""
    parser.add_argument(
        "--fault",
        choices=FAULTS,
        metavar="FAULT",
        help=f"do this one thing wrong on purpose, to see the other side notice: {', '.join(FAULTS)}",
    )
