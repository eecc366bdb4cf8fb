"""Where systems keep the certificates that all their programs trust.

Standard     None: these are the files of Debian, Fedora, openSUSE, Alpine, and of OpenSSL on macOS.
Left out     Windows, and macOS's own keychain, which are no files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

PLACES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
    "/opt/homebrew/etc/openssl@3/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
)


def system_roots(environment: Mapping[str, str] | None = None, places: tuple[str, ...] = PLACES) -> Path:
    """Return the file with the certificates that this system trusts.

    environment: where SSL_CERT_FILE may name another file, as OpenSSL has it; the process's own, if it is not given.
    Raises `ValueError` if there is none of the files.
    """
    named = (os.environ if environment is None else environment).get("SSL_CERT_FILE")
    if named:
        return Path(named)
    for place in places:
        if Path(place).is_file():
            return Path(place)
    raise ValueError("no file with this system's trusted certificates was found: name one with --ca FILE")
