"""Certificates: complete parses of one of 1 KB, every field down to the last extension."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from benchmarks.row import LIMIT, Row, Work
from pki.x509 import Certificate
from vectors.pkits import pkits_files


def rows() -> Iterator[Row]:
    certificates = (content for name, content in pkits_files().items() if name.endswith(".crt"))
    der = min(certificates, key=lambda content: abs(len(content) - 1024))

    def asn1crypto() -> Work:
        load = import_module("asn1crypto.x509").Certificate.load
        return lambda: load(der).native

    def pyasn1() -> Work:
        decode, rfc5280 = import_module("pyasn1.codec.der.decoder").decode, import_module("pyasn1_modules.rfc5280")
        return lambda: decode(der, asn1Spec=rfc5280.Certificate(), decodeOpenTypes=True)

    def openssl() -> Work:
        load = import_module("cryptography.x509").load_der_x509_certificate
        return lambda: [extension.value for extension in load(der).extensions]

    yield Row(
        what=f"parse a certificate of {len(der)} bytes",
        ours=lambda: Certificate.from_der(der),
        peers={"asn1crypto": asn1crypto, "pyasn1": pyasn1, LIMIT: openssl},
    )
