"""Revocation: whether certificate revocation lists (CRLs) say that a certificate holds no longer.

Standard     RFC 5280 §6.3.
Left out     Fetching lists: those at hand are used. What responders say: `pki.path.ocsp_status`.

A list decides only if it is fresh, is about the certificate and signed by somebody entitled to: the certificate's
issuer, or whom the certificate names for it. Everything else about a list leaves the question open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from pki.asn1.as_text import moment_text
from pki.crl import CertificateRevocationList, RevokedCertificate
from pki.fields.crl_extensions import CRLNumber, IssuingDistributionPoint
from pki.fields.distribution_points import (
    ALL_REASONS,
    CRLDistributionPoints,
    DistributionPoint,
    DistributionPointName,
    RevocationReason,
)
from pki.fields.extensions import AuthorityKeyIdentifier, BasicConstraints, UnknownExtension, Usage
from pki.fields.general_names import DirectoryName, GeneralName
from pki.key_formats.public_key_info import PublicKey, is_oversized
from pki.path.budget import Budget, Work
from pki.path.profiles import Profile
from pki.path.refusals import CertificateError, Reason, brief, refusal
from pki.signatures import WEAK_HASHES
from pki.x509 import Certificate
from primitives.errors import InvalidSignature

ValidateIssuer: TypeAlias = Callable[[Certificate], bool]
"""Returns whether the certificate of a list's signer holds under the same root (§6.3.3 (f))."""


class Revocation:
    """The lists at hand, and what they say.

    crls: lists from anywhere, trusted in nothing.
    certificates: where the issuers of lists are looked for, besides the chain.
    at: the time at which the lists must be fresh.
    budget: what the verification may cost, of which this is a part.
    profile: from RFC5280 on, a list that is not numbered as §5.2.3 demands shows of no certificate that it was not
        revoked; that one was, it shows nevertheless.
    """

    def __init__(
        self,
        crls: Iterable[CertificateRevocationList],
        certificates: Sequence[Certificate],
        at: datetime,
        budget: Budget,
        profile: Profile = Profile.PATH,
    ) -> None:
        self.certificates, self.budget, self.profile = certificates, budget, profile
        self.crls = list(dict.fromkeys(crls))
        usable = [crl for crl in self.crls if _is_usable(crl, at)]
        self._fresh = [crl for crl in usable if crl.next_update is not None and at <= crl.next_update]
        self._ended = [crl for crl in usable if crl.next_update is None or at > crl.next_update]
        self._signatures: dict[tuple[CertificateRevocationList, PublicKey], bool] = {}

    def check(self, chain: Sequence[Certificate], validate: ValidateIssuer) -> str | None:
        """Return by which lists the first certificate of `chain` is not revoked, or None if they leave it open.

        chain: the certificate, its issuer, and so on to the root.
        validate: tells whether a certificate that is not in the chain holds under the same root.

        Raises `CertificateError` if the certificate was revoked.
        """
        certificate = chain[0]
        extension = certificate.extension(CRLDistributionPoints)
        points = [] if extension is None else list(extension.points)
        # §6.3.3, after the points that are named: one without restrictions, with the name of the issuer.
        points.append(DistributionPoint(DistributionPointName((DirectoryName(certificate.issuer),))))
        decided: set[RevocationReason] = set()  # reasons_mask
        used: dict[CertificateRevocationList, None] = {}
        for point in points:
            for crl in self._fresh:
                if decided >= ALL_REASONS:
                    break
                reasons = self._reasons(crl, certificate, point)  # (d), (e)
                if reasons <= decided or not self._is_signed(crl, chain, point, validate):
                    continue
                delta = self._delta(crl, chain, point, validate)
                entry = _entry(certificate, crl, delta)
                if entry is not None:
                    raise _revoked(certificate, entry, delta or crl)
                if self._is_conforming(crl):
                    decided |= reasons  # (l)
                    used[crl] = None
        if not decided >= ALL_REASONS:
            self._check_ended(chain, points, validate)
            return None
        return ", ".join(map(_shown, used))

    def _is_conforming(self, crl: CertificateRevocationList) -> bool:
        """Return whether the list is as the profile demands: with a cRLNumber that is not critical (§5.2.3)."""
        number = crl.extension(CRLNumber)
        return not self.profile.includes(Profile.RFC5280) or (number is not None and not number.critical)

    @property
    def unnumbered(self) -> int:
        """How many lists show of no certificate that it was not revoked, because of their cRLNumber (§5.2.3)."""
        return sum(not self._is_conforming(crl) for crl in self._fresh)

    def _check_ended(
        self, chain: Sequence[Certificate], points: Sequence[DistributionPoint], validate: ValidateIssuer
    ) -> None:
        """Raise `CertificateError` if a list whose time is over has the certificate: what it says is true for good.

        Such a list cannot show that a certificate was not revoked; that it was, it shows as well as on its first day.
        """
        for crl in self._ended:
            entry = _entry(chain[0], crl, None)
            if entry is None or entry.reason is RevocationReason.CERTIFICATE_HOLD:
                continue
            for point in points:
                if self._reasons(crl, chain[0], point) and self._is_signed(crl, chain, point, validate):
                    raise _revoked(chain[0], entry, crl)

    def _reasons(
        self, crl: CertificateRevocationList, certificate: Certificate, point: DistributionPoint
    ) -> frozenset[RevocationReason]:
        """Return the reasons for which the list decides about the certificate: none, if it is not about it (§6.3.3)."""
        scope = crl.scope
        if crl.base_number is not None:
            return frozenset()
        if point.crl_issuer:  # (b)(1)
            if DirectoryName(crl.issuer) not in point.crl_issuer or not scope.indirect:
                return frozenset()
        elif crl.issuer != certificate.issuer:
            return frozenset()
        if not _is_in_scope(scope, certificate, point, crl):  # (b)(2)
            return frozenset()
        reasons = ALL_REASONS if point.reasons is None else point.reasons & ALL_REASONS  # (d)
        return reasons if scope.only_reasons is None else reasons & scope.only_reasons

    def _is_signed(
        self,
        crl: CertificateRevocationList,
        chain: Sequence[Certificate],
        point: DistributionPoint,
        validate: ValidateIssuer,
    ) -> bool:
        """Return whether somebody entitled to it signed the list (§6.3.3 (f), (g))."""
        # The issuer of an indirect list may itself be on it, if its certificate says so: then the list speaks for its
        # own issuer. Otherwise nobody does, or a stolen key could vouch for itself.
        validated = chain if point.crl_issuer else chain[1:]
        for issuer in dict.fromkeys((*validated, *self.certificates)):
            entitled = issuer.subject == crl.issuer and issuer.allows(Usage.CRL_SIGN)
            # In this order: hashing a long CRL is too much to do for a key that any stranger may have sent.
            if entitled and (issuer in validated or self._holds(issuer, validate)) and self._has_signed(crl, issuer):
                return True
        return False

    def _holds(self, issuer: Certificate, validate: ValidateIssuer) -> bool:
        """Return whether an issuer who is not in the chain holds under the same root (§6.3.3 (f))."""
        self.budget.spend(Work.CRL_ISSUERS, 1, issuer)
        return validate(issuer)

    def _has_signed(self, crl: CertificateRevocationList, issuer: Certificate) -> bool:
        """Return whether the issuer's key made the list's signature."""
        key = issuer.public_key
        edge = crl, key
        if edge not in self._signatures:
            self.budget.spend(Work.CRL_SIGNATURES, 1, issuer)
            self._signatures[edge] = _verifies(crl, key)
        return self._signatures[edge]

    def _delta(
        self,
        crl: CertificateRevocationList,
        chain: Sequence[Certificate],
        point: DistributionPoint,
        validate: ValidateIssuer,
    ) -> CertificateRevocationList | None:
        """Return the latest list of changes that can be taken with a complete one (§5.2.4, §6.3.3 (c), (h))."""
        if crl.number is None:
            return None
        found = None
        for delta in self._fresh:
            if delta.base_number is None or delta.number is None:
                continue
            if (
                delta.issuer == crl.issuer
                and _scope_as_written(delta) == _scope_as_written(crl)
                and delta.extension(AuthorityKeyIdentifier) == crl.extension(AuthorityKeyIdentifier)
                and delta.base_number <= crl.number <= delta.number
                and (found is None or (found.number or 0) < delta.number)
                and self._is_signed(delta, chain, point, validate)
            ):
                found = delta
        return found


def _is_usable(crl: CertificateRevocationList, at: datetime) -> bool:
    """Return whether the list has begun, and all that is critical in it is understood (§5.2, §5.3, §6.3.3 (a))."""
    return (
        crl.algorithms_agree
        and crl.this_update <= at
        and not crl.entries.has_unknown_critical
        and not any(isinstance(extension, UnknownExtension) and extension.critical for extension in crl.extensions)
    )


def _is_in_scope(
    scope: IssuingDistributionPoint,
    certificate: Certificate,
    point: DistributionPoint,
    crl: CertificateRevocationList,
) -> bool:
    """Return whether the list is for this kind of certificate, and for the distribution point (§6.3.3 (b)(2))."""
    constraints = certificate.extension(BasicConstraints)
    is_authority = constraints is not None and constraints.ca
    if scope.only_attribute_certificates or (
        scope.only_user_certificates if is_authority else scope.only_ca_certificates
    ):
        return False
    if scope.name is None:
        return True
    if point.name is None:
        names: tuple[GeneralName, ...] = point.crl_issuer
    else:
        issuers = [name.name for name in point.crl_issuer if isinstance(name, DirectoryName)]
        names = point.name.names(issuers[0] if issuers else certificate.issuer)
    return any(name in names for name in scope.name.names(crl.issuer))


def _entry(
    certificate: Certificate, crl: CertificateRevocationList, delta: CertificateRevocationList | None
) -> RevokedCertificate | None:
    """Return the entry by which the certificate is revoked, or None if it is not (§6.3.3 (i), (j), (k))."""
    entry = None if delta is None else delta.find(certificate.serial_number, certificate.issuer)
    if entry is None:
        entry = crl.find(certificate.serial_number, certificate.issuer)
    return None if entry is None or entry.reason is RevocationReason.REMOVE_FROM_CRL else entry


def _scope_as_written(crl: CertificateRevocationList) -> bytes:
    return crl.scope.value_element().encoding


def _verifies(crl: CertificateRevocationList, key: PublicKey) -> bool:
    if crl.signature_algorithm.hash_name in WEAK_HASHES or is_oversized(key):
        return False
    try:
        crl.verify_signature_by(key)
    except InvalidSignature:
        return False
    return True


def _revoked(certificate: Certificate, entry: RevokedCertificate, crl: CertificateRevocationList) -> CertificateError:
    reason = "" if entry.reason is RevocationReason.UNSPECIFIED else f", for {entry.reason}"
    message = f"it was revoked on {moment_text(entry.revocation_date)}{reason}, says {_shown(crl)}"
    return refusal(Reason.REVOKED, certificate, message)


def _shown(crl: CertificateRevocationList) -> str:
    number = "the list" if crl.number is None else f"list {crl.number}"
    return f"{number} of {brief(crl.issuer)}"


def require_decision(certificate: Certificate, decision: str | None, unnumbered: int) -> str:
    """Return by what it was decided; raise `CertificateError` if it was not.

    unnumbered: how many lists do not count because of their cRLNumber.
    """
    if decision is None:
        points = certificate.extension(CRLDistributionPoints)
        where = "" if points is None else f"; it should be at {brief(points)}"
        message = f"no list or response that is fresh, signed rightly and about it tells whether it was revoked{where}"
        if unnumbered:
            message += f"; {unnumbered} of the lists have no cRLNumber that is not critical"
        raise refusal(Reason.REVOCATION_UNKNOWN, certificate, message)
    return decision
