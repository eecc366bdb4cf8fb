"""Complete parses of a certificate of 1 KB: every field down to the last extension."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module

from benchmarks.timing import Row, medians
from pki.x509 import Certificate
from vectors.pkits import pkits_files

PARSES = 200  # in one turn


def run() -> list[Row]:
    certificates = (content for name, content in pkits_files().items() if name.endswith(".crt"))
    der = min(certificates, key=lambda content: abs(len(content) - 1024))
    rows = []
    for peer, parse in _peers(der):
        ours_s, theirs_s = medians(_repeated(lambda: Certificate.from_der(der)), _repeated(parse), turns=9)
        rows.append(Row(f"parse a certificate of {len(der)} bytes", PARSES / ours_s, PARSES / theirs_s, "per s", peer))
    return rows


def _peers(der: bytes) -> Iterator[tuple[str, Callable[[], object]]]:
    """Return the parsers in pure Python that are installed; say which are not."""
    try:
        asn1crypto = import_module("asn1crypto.x509")
        yield "asn1crypto", lambda: asn1crypto.Certificate.load(der).native
    except ModuleNotFoundError:
        print("benchmarks: asn1crypto is not installed, its row is left out", file=sys.stderr)
    try:
        decode, rfc5280 = import_module("pyasn1.codec.der.decoder").decode, import_module("pyasn1_modules.rfc5280")
        yield "pyasn1", lambda: decode(der, asn1Spec=rfc5280.Certificate(), decodeOpenTypes=True)
    except ModuleNotFoundError:
        print("benchmarks: pyasn1 and pyasn1-modules are not installed, their row is left out", file=sys.stderr)


def _repeated(parse: Callable[[], object]) -> Callable[[], None]:
    def repeat() -> None:
        for _ in range(PARSES):
            parse()

    return repeat
