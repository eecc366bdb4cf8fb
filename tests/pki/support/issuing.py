"""A process that issues certificates in a loop, and says so after each: for tests that kill it.

Run as `python -m tests.pki.support.issuing REGISTRY KEY CERTIFICATE`; each line that it prints is a certificate's
serial number and the whole certificate, in hexadecimal. A code is spent on every other one.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pki.ca.authority import Authority
from pki.ca.permission import Permission
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.keys import load_private_key
from pki.signatures import RSA_PKCS1_SHA256
from pki.x509 import Certificate

AT = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
PERMISSION = Permission(names=("*",), purposes=(Purpose.CLIENT_AUTH,), validity=timedelta(days=1))


def main(registry: str, key_file: str, certificate_file: str, applicant: str) -> None:
    key = load_private_key(Path(key_file).read_bytes())
    certificate = Certificate.from_pem(Path(certificate_file).read_bytes())
    registrar = Registrar(
        Registry.create(registry, certificate), Authority(certificate, key), signature_algorithm=RSA_PKCS1_SHA256
    )
    request = CertificateSigningRequest.build(
        Name.build(common_name=applicant), [], key, signature_algorithm=RSA_PKCS1_SHA256
    )
    while True:
        issued = registrar.issue(
            request,
            PERMISSION,
            at=AT,
            validity=Validity(AT, AT + timedelta(days=1)),
        )
        tell(issued.certificate)
        code = registrar.new_code(applicant, PERMISSION, not_after=AT)
        tell(registrar.enrol(request, applicant=applicant, code=code, at=AT).certificate)


def tell(certificate: Certificate) -> None:
    sys.stdout.write(f"{certificate.serial_number:x} {certificate.to_der().hex()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
