"""The command that puts a key and its certificates into one file for other programs: export."""

from __future__ import annotations

import argparse
from pathlib import Path

from console.command_line import CommandError
from console.files import write_private
from console.waiting import waiting
from pki.commands.inspecting import certificates
from pki.commands.passphrases import Passphrase
from pki.commands.streams import STANDARD, note, require_writable, write
from pki.pkcs12 import write_personal_information


def export(options: argparse.Namespace) -> int:
    """Write PKCS #12 with the private key, its certificate, and those above it."""
    require_writable(options.out)
    chain = [one for name in (options.certificate, *options.chain) for one in certificates(name)]
    key = Passphrase(options.passphrase_file, options.passphrase_env).load(options.key)
    new = Passphrase(options.new_passphrase_file, options.new_passphrase_env).choose(Path(options.out))
    name = chain[0].subject.common_name if options.name is None else options.name
    try:
        with waiting("encrypting"):
            data = write_personal_information(key, dict.fromkeys(chain), new, name=name)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if options.out == STANDARD:
        write(options.out, data)
    else:
        write_private(Path(options.out), data)
    note(f"{options.out}: the key and {len(dict.fromkeys(chain))} certificates, for programs that take PKCS #12")
    return 0
