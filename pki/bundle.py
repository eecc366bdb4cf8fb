"""A file with many trusted certificates, as systems keep one: `/etc/ssl/certs/ca-certificates.crt` and its like.

Standard     RFC 7468 §5, §5.2 (text around and between the certificates).
Left out     Nothing: but a certificate that is not DER is not taken, here as everywhere. Some authorities have written
             such, and other programs wink at it. In a bundle they are not a reason to do without the others.
"""

from __future__ import annotations

from pki.asn1.der import DERError
from pki.asn1.pem import pem_decode
from pki.x509 import Certificate


def read_bundle(data: bytes) -> tuple[list[Certificate], list[str]]:
    """Return the certificates in PEM, and what is wrong with those that are left out.

    Raises `ValueError` if there is not one certificate that can be taken.
    """
    certificates, left_out = [], []
    blocks = [block for block in pem_decode(data) if block.label == "CERTIFICATE"]
    for number, block in enumerate(blocks, 1):
        try:
            certificates.append(Certificate.from_der(block.der))
        except DERError as error:
            left_out.append(f"certificate {number} of {len(blocks)}: {error}")
    if not certificates:
        raise ValueError(left_out[0] if left_out else "expected a CERTIFICATE, found none")
    return certificates, left_out
