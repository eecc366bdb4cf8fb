"""`python -m pki`: an authority in a directory, and a magnifying glass for certificates, requests, lists and keys."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from console.exit_status import BAD_COMMAND, FAILED, exit_status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    return exit_status(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    # Inside of main, so that Ctrl-C is handled while modules load, too.
    from console.command_line import CommandError
    from console.printable import printable
    from pki.ca.authority import RequestRefused
    from pki.ca.records import RegistryError
    from pki.commands import exporting, inspecting, issuing, ocsp
    from pki.commands.options import PROGRAM, parser

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names in certificates may hold what the locale cannot spell
            stream.reconfigure(errors="backslashreplace")
    commands = {
        "init": issuing.init,
        "request": issuing.request,
        "key": issuing.key,
        "sign": issuing.sign,
        "issue": issuing.issue,
        "list": issuing.list_,
        "renew": issuing.renew,
        "revoke": issuing.revoke,
        "crl": issuing.crl,
        "ocsp": ocsp.ocsp,
        "show": inspecting.show,
        "verify": inspecting.verify,
        "explain": inspecting.explain,
        "export": exporting.export,
    }
    options = parser().parse_args(arguments)
    try:
        status = commands[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (CommandError, RegistryError, RequestRefused, ValueError, OSError) as error:
        message = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
        sys.stderr.write(f"{PROGRAM} {options.command}: {printable(' '.join(message.split()))}\n")
        return FAILED if isinstance(error, RequestRefused) else BAD_COMMAND
    return status


if __name__ == "__main__":
    sys.exit(main())
