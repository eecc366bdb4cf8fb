"""What EST servers and clients agree on: paths, types of contents, and base64 as the form of whatever is carried.

Standard     RFC 7030 §3.2.2, §3.2.4, §4.1.3, §4.2; RFC 8951 §3.1, §3.2 (which settles what base64 means here);
             RFC 2585 §3, §4.2 for the CRL; RFC 6960 appendix A.1 for OCSP.
Left out     Labels for several authorities on one server; /csrattrs, /serverkeygen and /fullcmc, which are optional.

>>> decode_body(encode_body(b"any bytes"))
b'any bytes'
"""

from __future__ import annotations

import base64
import binascii

PREFIX = "/.well-known/est"  # RFC 7030 §3.2.2
CA_CERTIFICATES, ENROL, RENEW = f"{PREFIX}/cacerts", f"{PREFIX}/simpleenroll", f"{PREFIX}/simplereenroll"
CRL, OCSP = "/crl", "/ocsp"  # not of RFC 7030, which leaves revocation to others

REQUEST_TYPE = "application/pkcs10"  # RFC 7030 §4.2.1
CERTIFICATES_TYPE = "application/pkcs7-mime"
CERTS_ONLY = f"{CERTIFICATES_TYPE}; smime-type=certs-only"  # §4.2.3
CRL_TYPE = "application/pkix-crl"  # RFC 2585 §4.2
OCSP_REQUEST_TYPE, OCSP_RESPONSE_TYPE = "application/ocsp-request", "application/ocsp-response"  # RFC 6960 appendix C

MAX_BODY = 1 << 16  # bytes; a request or a chain of certificates is some kilobytes
LINE = 64  # characters of base64, as short as OpenSSL's decoder wants them


def encode_body(der: bytes) -> bytes:
    """Return the DER as base64 in lines."""
    text = base64.b64encode(der)
    return b"".join(text[i : i + LINE] + b"\n" for i in range(0, len(text), LINE))


def decode_body(body: bytes) -> bytes:
    """Return the DER; white space does not count (RFC 8951 §3.1). Raises `ValueError` if it is not base64."""
    text = b"".join(body.split())
    try:
        der = base64.b64decode(text, validate=True)
    except binascii.Error:
        der = b""
    if not der or base64.b64encode(der) != text:  # one spelling only, as in PEM
        raise ValueError("the body is not base64 (RFC 4648 §4)")
    return der
