"""The options that both commands of the chat have."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.command_line import Parser
from demo.commands.options import key_plan

if TYPE_CHECKING:
    from demo.chat.strength import Strength
    from demo.party.keys import KeyPlan

AES, RSA = (128, 256), (2048, 3072, 4096)
GROUPS = ("ffdhe2048", "ffdhe3072", "ffdhe4096")


def strength_options(parser: Parser) -> None:
    """Add how strong the chat's protection is; server and client have to be given the same."""
    group = parser.add_argument_group("the protection, for which server and client are given the same")
    group.add_argument(
        "--kex",
        choices=("dh", "x25519"),
        default="x25519",
        help="Diffie-Hellman modulo a prime, with AES-CFB; or X25519, with AES-GCM (default: x25519)",
    )
    group.add_argument("--aes", type=int, choices=AES, default=128, help="bits of the AES key (default: 128)")
    group.add_argument("--group", choices=GROUPS, help="the group for --kex dh (default: ffdhe2048)")
    group.add_argument(
        "--dh-parameters", type=Path, metavar="FILE", help="the group in a file, as openssl dhparam writes it"
    )
    group.add_argument(
        "--rsa", type=int, choices=RSA, default=2048, help="bits of the RSA key that is made (default: 2048)"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="write down connections and errors")


def strength_of(arguments: argparse.Namespace) -> Strength:
    """Return what the options come to."""
    from demo.chat.strength import strength

    return strength(kex=arguments.kex, aes=arguments.aes, group=arguments.group, parameters=arguments.dh_parameters)


def chat_key_plan(arguments: argparse.Namespace) -> KeyPlan:
    """Return what key a party of the chat is to have."""
    from dataclasses import replace

    from demo.party.keys import RSAKeys

    return replace(key_plan(arguments), kind=RSAKeys(arguments.rsa))
