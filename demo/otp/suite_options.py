"""The options that say what server and client are to agree on."""

from __future__ import annotations

from console.command_line import Parser, checked
from demo.otp.combinations import CIPHERS, HASHES, KEY_EXCHANGES


def suite_options(parser: Parser) -> None:
    """Add the choice of what to agree on."""
    group = parser.add_argument_group(
        "what to agree on",
        "Each may be given several times, the preferred one first. Without any of them:\n"
        "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256, and its 256-bit sister.",
    )
    group.add_argument(
        "--kex", choices=KEY_EXCHANGES, action="append", help="the key exchange: RSA, or signed by ECDSA"
    )
    group.add_argument("--cipher", choices=CIPHERS, action="append", help="the cipher")
    group.add_argument("--hash", choices=HASHES, action="append", help="the hash function")
    group.add_argument(
        "--suite", type=checked(_suite), action="append", metavar="NAME", help="or a cipher suite by its name"
    )


def choose_option(parser: Parser) -> None:
    """Add whether to choose by hand."""
    parser.add_argument(
        "--choose", action="store_true", help="choose what to agree on when the client is there, among what it offers"
    )


def _suite(text: str) -> str:
    """Return the suite's name in IANA's registry, or as one would be there."""
    from handshake.suites.table import suite_by_name  # only when it is needed: it brings the algorithms with it

    return suite_by_name(text).name
