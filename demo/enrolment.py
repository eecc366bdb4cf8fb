"""Enrolment: an applicant shows its code and its request to the TTP, and gets a certificate.

It runs inside of TLS, in which the TTP has shown a certificate under the root that the applicant knows from
its letter. So the code goes to nobody but the TTP.

    applicant → TTP    {"applicant": …, "code": …, "request": PEM}
    TTP → applicant    {"certificate": PEM}   or   {"refused": why}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from demo.certificate_facts import certificate_facts
from demo.codes import CodeError, EnrolmentCodes
from demo.dialogue import Dialogue, Stream
from demo.failure import PartyError
from demo.reporting import Report
from demo.subject import DNS_NAME, TTP_NAME
from demo.world import World
from pki.authority import Authority, RequestRefused
from pki.extensions import Purpose, SubjectAltName, find_extension
from pki.general_names import DNSName
from pki.signatures import RSA_PKCS1_SHA384
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.integers import RandomBytes

REQUEST = frozenset({"applicant", "code", "request"})
CERTIFICATE, REFUSED = frozenset({"certificate"}), frozenset({"refused"})

PURPOSES = {"server": Purpose.SERVER_AUTH, "client": Purpose.CLIENT_AUTH}
"""Who may enrol, and what for: a client's certificate makes nobody a server."""

VALIDITY = timedelta(days=365)


class RefusalError(Exception):
    """The TTP does not certify this; the message is what the applicant is told."""


class Desk:
    """The TTP's enrolment desk. Safe to use from many threads.

    authority: signs the certificates.
    names: what each applicant may be called, its common name first, where the operator has settled it.
    keep: is given each applicant and its certificate before they leave.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        names: Mapping[str, tuple[str, ...]],
        keep: Callable[[str, Certificate], None],
        world: World,
        report: Report,
    ) -> None:
        self._authority, self._names, self._keep = authority, dict(names), keep
        self._world, self._report = world, report
        self.codes = EnrolmentCodes()

    def serve(self, stream: Stream, *, random_bytes: RandomBytes) -> None:
        """Answer one applicant. Raises `DialogueError` if it does not say what it should."""
        dialogue = Dialogue(stream, other="the applicant")
        message = dialogue.hear(REQUEST)
        try:
            certificate = self._certify(**message, random_bytes=random_bytes)
        except RefusalError as error:
            self._report("refused", applicant=message["applicant"][:32], reason=str(error))
            dialogue.say(refused=str(error))
            return
        self._report("issued", applicant=message["applicant"], facts=certificate_facts(certificate))
        dialogue.say(certificate=certificate.to_pem().decode())

    def _certify(self, applicant: str, code: str, request: str, *, random_bytes: RandomBytes) -> Certificate:
        """Return a certificate, or raise `RefusalError`. The code is used up only by a request that is acceptable."""
        purpose = PURPOSES.get(applicant)
        if purpose is None:
            raise RefusalError("the applicant is neither the server nor the client")
        try:
            wish = CertificateSigningRequest.from_pem(request.encode())
        except ValueError as error:
            raise RefusalError(f"the request is not PKCS #10: {error}") from None
        self._check_names(applicant, wish)
        now = self._world.now()
        try:
            with self.codes.redeem(applicant, code):
                certificate = self._authority.issue(
                    wish,
                    not_before=now,
                    not_after=now + VALIDITY,
                    purposes=(purpose,),
                    signature_algorithm=RSA_PKCS1_SHA384,
                    random_bytes=random_bytes,
                )
                self._keep(applicant, certificate)
                return certificate
        except (RequestRefused, CodeError) as error:
            raise RefusalError(str(error)) from None

    def _check_names(self, applicant: str, wish: CertificateSigningRequest) -> None:
        """Refuse names that this applicant must not have.

        Only whole DNS names are certified: a wildcard such as `*.example` would be good for the TTP's own, too.
        """
        names = find_extension(wish.extensions, SubjectAltName)
        for name in names.names if names else ():
            if not (isinstance(name, DNSName) and DNS_NAME.fullmatch(name.name)):
                raise RefusalError(f"{name} is not a DNS name of one host")
        common_name = wish.subject.common_name or ""
        if TTP_NAME in (name.lower() for name in (common_name, *wish.dns_names)):
            raise RefusalError(f"{TTP_NAME} is the TTP's own name")
        allowed = self._names.get(applicant, ())
        if allowed and common_name != allowed[0]:
            raise RefusalError(f"the code is for {allowed[0]}, but the request says {common_name}")
        for dns_name in wish.dns_names if allowed else ():
            if dns_name not in allowed:
                raise RefusalError(f"the code is not for the DNS name {dns_name}")


def ask_for_certificate(
    stream: Stream, *, applicant: str, code: str, request: CertificateSigningRequest
) -> Certificate:
    """Return the certificate that the TTP issues; raise `PartyError` if it refuses, `DialogueError` on nonsense."""
    dialogue = Dialogue(stream, other="the TTP")
    dialogue.say(applicant=applicant, code=code, request=request.to_pem().decode())
    answer = dialogue.hear(CERTIFICATE, REFUSED)
    if "refused" in answer:
        raise PartyError(f"the TTP refused: {answer['refused']}")
    try:
        return Certificate.from_pem(answer["certificate"].encode())
    except ValueError as error:
        raise PartyError(f"the TTP sent something that is not a certificate: {error}") from None
