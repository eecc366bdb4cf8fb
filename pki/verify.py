"""Path validation: whether a certificate can be believed, by way of others, because a root is trusted.

Standard     RFC 5280 §6.1, §6.3; the policies as in RFC 9618; RFC 9525 (the server's name).
Left out     Trust anchors that are no certificates; fetching lists of revoked certificates.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from pki.asn1.as_text import moment_text
from pki.asn1.der_writer import integer
from pki.asn1.oids import describe
from pki.crl import CertificateRevocationList
from pki.fields.extensions import BasicConstraints, ExtendedKeyUsage, KeyUsage, Purpose, UnknownExtension, Usage
from pki.fields.name_constraints import GeneralSubtree, NameConstraints
from pki.fields.policy_extensions import ANY_POLICY
from pki.key_formats.public_key_info import UnknownPublicKey, describe_public_key, is_oversized, rsa_key
from pki.path.budget import Budget, Work
from pki.path.checks import Check
from pki.path.name_constraints import ConstrainedNames
from pki.path.policies import PolicyProcessing, shown_policies
from pki.path.refusals import CertificateError, Reason, brief, refusal, who
from pki.path.revocation import Revocation, ValidateIssuer, require_decision
from pki.path.search import Search, unsupported_key
from pki.path.server_identity import check_server_name, parse_server_name
from pki.x509 import Certificate

__all__ = ["CertificateError", "Check", "Purpose", "Reason", "VerifiedChain", "verify_chain"]

MINIMUM_RSA_BITS = 2048  # SP 800-131A rev. 2 §3: shorter keys are disallowed
MAX_SERIAL_OCTETS = 20  # RFC 5280 §4.1.2.2

MAX_NESTING = 3  # issuers of lists whose own revocation is told by lists of others, and so on

# RFC 5280 §4.2.1.12: the usages that agree with each purpose. One of them must be allowed.
USAGES = {
    Purpose.SERVER_AUTH: (Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT, Usage.KEY_AGREEMENT),
    Purpose.CLIENT_AUTH: (Usage.DIGITAL_SIGNATURE, Usage.KEY_AGREEMENT),
    Purpose.CODE_SIGNING: (Usage.DIGITAL_SIGNATURE,),
    Purpose.EMAIL_PROTECTION: (
        Usage.DIGITAL_SIGNATURE,
        Usage.CONTENT_COMMITMENT,
        Usage.KEY_ENCIPHERMENT,
        Usage.KEY_AGREEMENT,
    ),
    Purpose.TIME_STAMPING: (Usage.DIGITAL_SIGNATURE, Usage.CONTENT_COMMITMENT),
    Purpose.OCSP_SIGNING: (Usage.DIGITAL_SIGNATURE, Usage.CONTENT_COMMITMENT),
}


class VerifiedChain(tuple[Certificate, ...]):
    """The certificates of a chain that holds: the leaf first, the root last.

    checks_by_certificate: the facts that were checked of each, in the same order.
    policies: the certificate policies under which the chain holds, among those that are accepted, by their identifiers
    (the user-constrained-policy-set); `ANY_POLICY` stands for all.
    """

    checks_by_certificate: tuple[tuple[Check, ...], ...]
    policies: frozenset[str]

    def __new__(
        cls,
        certificates: Iterable[Certificate],
        checks: Iterable[Iterable[Check]],
        policies: Iterable[str] = (ANY_POLICY,),
    ) -> Self:
        """Return the chain; only `verify_chain` has a reason to."""
        chain = super().__new__(cls, certificates)
        chain.checks_by_certificate = tuple(map(tuple, checks))
        chain.policies = frozenset(policies)
        return chain

    @property
    def checks(self) -> list[Check]:
        """All facts that were checked, the root's first, in the order of the checks."""
        return [check for checks in reversed(self.checks_by_certificate) for check in checks]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    """What whoever verifies demands: the arguments of `verify_chain`, by their names there."""

    at: datetime
    server_name: str | None
    purpose: Purpose | None
    minimum_rsa_bits: int
    require_revocation_status: bool
    user_initial_policy_set: frozenset[str]
    initial_policy_mapping_inhibit: bool
    initial_explicit_policy: bool
    initial_any_policy_inhibit: bool
    initial_permitted_subtrees: tuple[GeneralSubtree, ...]
    initial_excluded_subtrees: tuple[GeneralSubtree, ...]


def verify_chain(
    leaf: Certificate,
    *,
    intermediates: Sequence[Certificate] = (),
    roots: Sequence[Certificate],
    at: datetime,
    server_name: str | None = None,
    purpose: Purpose | None = None,
    crls: Sequence[CertificateRevocationList] = (),
    require_revocation_status: bool = False,
    minimum_rsa_bits: int = MINIMUM_RSA_BITS,
    user_initial_policy_set: Iterable[str] = (ANY_POLICY,),
    initial_policy_mapping_inhibit: bool = False,
    initial_explicit_policy: bool = False,
    initial_any_policy_inhibit: bool = False,
    initial_permitted_subtrees: Iterable[GeneralSubtree] = (),
    initial_excluded_subtrees: Iterable[GeneralSubtree] = (),
) -> VerifiedChain:
    """Return the first chain from `leaf` to one of `roots` that holds; raise `CertificateError` if none does.

    intermediates: certificates that may be of help, in any order, trusted in nothing.
    roots: those trusted to begin with; each must hold itself, but for its own signature, which proves nothing.
    at: the time at which the chain must be valid, with a time zone.
    server_name: the host name or IP address that the leaf must be for; None if it need not be a server's.
    purpose: what the leaf is shown for, such as `Purpose.SERVER_AUTH`; None for no purpose in particular.
    crls: lists of revoked certificates, in any order, trusted in nothing.
    require_revocation_status: whether these must decide about every certificate but the root. If they need not, a
        certificate about which they leave it open is taken as not revoked.
    minimum_rsa_bits: what counts as long enough for an RSA key.
    user_initial_policy_set: the certificate policies that are accepted, by their identifiers (§6.1.1 (c)).
    initial_policy_mapping_inhibit: whether no policy may be mapped to another (e).
    initial_explicit_policy: whether the chain must hold under one of the accepted policies (f).
    initial_any_policy_inhibit: whether anyPolicy in a certificate counts for nothing (g).
    initial_permitted_subtrees, initial_excluded_subtrees: where names must be, of those kinds that occur in the former,
        and where they must not be (h), (i).

    The work is bounded, whatever the certificates are. Raises `ValueError` for a name or time that is none.
    """
    if at.tzinfo is None:
        raise ValueError("the time of verification has no time zone, expected one with, such as UTC")
    if server_name is not None:
        parse_server_name(server_name)
    inputs = _Inputs(
        at=at,
        server_name=server_name,
        purpose=purpose,
        minimum_rsa_bits=minimum_rsa_bits,
        require_revocation_status=require_revocation_status,
        user_initial_policy_set=frozenset(user_initial_policy_set),
        initial_policy_mapping_inhibit=initial_policy_mapping_inhibit,
        initial_explicit_policy=initial_explicit_policy,
        initial_any_policy_inhibit=initial_any_policy_inhibit,
        initial_permitted_subtrees=tuple(initial_permitted_subtrees),
        initial_excluded_subtrees=tuple(initial_excluded_subtrees),
    )
    return _verify(leaf, intermediates, roots, inputs, Revocation(crls, (*intermediates, *roots), at, Budget()), ())


def _verify(
    leaf: Certificate,
    intermediates: Sequence[Certificate],
    roots: Sequence[Certificate],
    inputs: _Inputs,
    revocation: Revocation,
    asking: tuple[Certificate, ...],
) -> VerifiedChain:
    """Find and validate a chain.

    asking: the certificates whose revocation is being looked into; `leaf` issued a list for the last of them.
    """
    search = Search(intermediates, roots, revocation.budget)
    refused: CertificateError | None = None
    nested = (*asking, leaf)

    def validate_issuer(issuer: Certificate) -> bool:
        """Return whether the issuer of a list, who is not in the chain, holds under the same root (§6.3.3 (f)).

        Raises `CertificateError` if that is too much work to tell: or junk could keep a CRL from being believed.
        """
        if issuer in nested or len(nested) > MAX_NESTING:
            return False
        plain = replace(inputs, server_name=None, purpose=None, initial_explicit_policy=False)
        try:
            _verify(issuer, intermediates, chain[-1:], plain, revocation, nested)
        except CertificateError as error:
            if error.reason is Reason.TOO_MUCH_WORK:
                raise
            return False
        return True

    with contextlib.suppress(CertificateError):  # too much work, of which the search takes a note
        for chain in search.chains(leaf):
            try:
                return _Validation(inputs, revocation, validate_issuer).validate(chain)
            except CertificateError as error:
                refused = refused or error
                if error.reason is Reason.TOO_MUCH_WORK:
                    break
    # A chain that reached a root and failed tells most; then whatever else was found first.
    raise refused or search.refusals[0]


class _Validation:
    """What is demanded of each certificate of a chain, from the root down (RFC 5280 §6.1)."""

    def __init__(self, inputs: _Inputs, revocation: Revocation, validate_issuer: ValidateIssuer) -> None:
        self.inputs, self.revocation, self.validate_issuer = inputs, revocation, validate_issuer

    def validate(self, chain: tuple[Certificate, ...]) -> VerifiedChain:
        """Return the chain with the checks that it passed; raise `CertificateError` at the first that fails."""
        found: list[list[Check]] = [[] for _ in chain]
        try:
            return self._validate(chain, found)
        except CertificateError as error:
            error.chain, error.checks_by_certificate = chain, found
            raise

    def _validate(self, chain: tuple[Certificate, ...], found: list[list[Check]]) -> VerifiedChain:
        """Go from the root down; take a note in `found` of each check that is passed."""
        inputs, budget = self.inputs, self.revocation.budget
        budget.spend(Work.OCTETS, sum(len(certificate.der) for certificate in chain), chain[0])
        authorities_left: int | None = None  # max_path_length; None while nobody has limited it
        names = ConstrainedNames(inputs.initial_permitted_subtrees, inputs.initial_excluded_subtrees)
        policies = PolicyProcessing(
            len(chain) - 1,
            initial_policies=inputs.user_initial_policy_set,
            mapping_inhibit=inputs.initial_policy_mapping_inhibit,
            explicit=inputs.initial_explicit_policy,
            any_inhibit=inputs.initial_any_policy_inhibit,
        )
        for i in reversed(range(len(chain))):
            certificate, checks = chain[i], found[i]
            root = i == len(chain) - 1
            if root:
                checks.append(Check("trust", "one of the roots that are trusted here", "RFC 5280 §6.1.1 (d)"))
            else:
                checks.append(_signature_check(certificate, chain[i + 1]))
            checks += self._every_certificate(certificate)
            if not root:
                checks += self._revocation_check(chain[i:])
                if i == 0 or not certificate.is_self_issued:  # §6.1.3 (b), (c)
                    checks += _name_check(certificate, names, budget)
                policies.process(certificate, last=i == 0)
            if i > 0:
                passed, authorities_left = self._authority(certificate, authorities_left, root=root)
                checks += passed
                constraints = certificate.extension(NameConstraints)
                if constraints is not None:
                    names.add(constraints)  # §6.1.4 (g)
                    checks.append(Check("name constraints", brief(constraints), "RFC 5280 §6.1.4 (g)"))
                if root:
                    policies.constrain(certificate)
            else:
                checks += self._leaf(certificate)
        result = policies.result(chain[0])
        if result and ANY_POLICY not in result:
            found[0].append(Check("policies", shown_policies(result), "RFC 5280 §6.1.5 (g)"))
        return VerifiedChain(chain, found, result)

    def _every_certificate(self, certificate: Certificate) -> Iterator[Check]:
        """Check what holds for all certificates of a chain."""
        yield _form_check(certificate)
        yield self._key_check(certificate)
        yield self._validity_check(certificate)
        for extension in certificate.extensions:  # §6.1.4 (o), §6.1.5 (f)
            if extension.critical and isinstance(extension, UnknownExtension):
                message = f"its critical extension {describe(extension.oid)} is not understood here"
                raise refusal(Reason.UNKNOWN_CRITICAL_EXTENSION, certificate, message)
        critical = sum(extension.critical for extension in certificate.extensions)
        yield Check("critical extensions", f"all {critical} are understood" if critical else "none", "RFC 5280 §4.2")

    def _key_check(self, certificate: Certificate) -> Check:
        key = certificate.public_key
        if isinstance(key, UnknownPublicKey) or is_oversized(key):
            raise unsupported_key(certificate)
        rsa = rsa_key(key)
        if rsa is not None and rsa.n.bit_length() < self.inputs.minimum_rsa_bits:
            message = f"its key is {describe_public_key(key)}, expected at least {self.inputs.minimum_rsa_bits} bits"
            raise refusal(Reason.WEAK_KEY, certificate, message)
        return Check("public key", describe_public_key(key), "SP 800-131A §3")

    def _validity_check(self, certificate: Certificate) -> Check:
        """Check the validity (§6.1.3 (a)(2))."""
        begin, end = map(moment_text, (certificate.not_before, certificate.not_after))
        if self.inputs.at < certificate.not_before:
            raise refusal(Reason.NOT_YET_VALID, certificate, f"it is not valid before {begin}")
        if self.inputs.at > certificate.not_after:
            raise refusal(Reason.EXPIRED, certificate, f"it expired: it was valid until {end}")
        return Check("validity", f"from {begin} until {end}", "RFC 5280 §6.1.3 (a)(2)")

    def _revocation_check(self, chain: Sequence[Certificate]) -> Iterator[Check]:
        """Check that the first certificate of `chain` was not revoked, as far as the lists at hand tell (§6.3)."""
        if not self.revocation.crls and not self.inputs.require_revocation_status:
            return
        decision = self.revocation.check(chain, self.validate_issuer)
        if self.inputs.require_revocation_status:
            decision = require_decision(chain[0], decision)
        outcome = "left open by the lists at hand" if decision is None else f"not revoked, by {decision}"
        yield Check("revocation", outcome, "RFC 5280 §6.3.3")

    def _authority(
        self, certificate: Certificate, authorities_left: int | None, *, root: bool
    ) -> tuple[list[Check], int | None]:
        """Check an issuer (§6.1.4 (k) to (n)); return how many authorities may follow it."""
        constraints = certificate.extension(BasicConstraints)
        if constraints is None and not (root and certificate.version < 3):  # older roots had no way to say it
            message = "it issued a certificate, but has no basicConstraints that say it is a certificate authority"
            raise refusal(Reason.NOT_A_CA, certificate, message)
        if constraints is not None and not constraints.ca:
            message = "it issued a certificate, but its basicConstraints say that it is no certificate authority"
            raise refusal(Reason.NOT_A_CA, certificate, message)
        if authorities_left is not None and not certificate.is_self_issued:  # (l)
            if authorities_left == 0:
                message = "the path length of an authority above it allows no further authority"
                raise refusal(Reason.PATH_TOO_LONG, certificate, message)
            authorities_left -= 1
        limit = None if constraints is None else constraints.path_length
        if limit is not None and (authorities_left is None or limit < authorities_left):  # (m)
            authorities_left = limit
        if not certificate.allows(Usage.KEY_CERT_SIGN):  # (n)
            message = "it issued a certificate, but its keyUsage does not allow keyCertSign"
            raise refusal(Reason.CANNOT_SIGN_CERTIFICATES, certificate, message)
        checks = [
            Check("authority", str(constraints or "a root of version 1"), "RFC 5280 §6.1.4 (k)"),
            Check("path length", _shown_limit(authorities_left), "RFC 5280 §6.1.4 (l)"),
            Check("key usage", _shown_usage(certificate), "RFC 5280 §6.1.4 (n)"),
        ]
        if self.inputs.purpose is not None and not root:
            checks.append(_purpose_check(certificate, self.inputs.purpose))
        return checks, authorities_left

    def _leaf(self, certificate: Certificate) -> Iterator[Check]:
        """Check what the leaf is shown for."""
        if self.inputs.purpose is not None:
            usages = USAGES.get(self.inputs.purpose, tuple(Usage))
            if not any(map(certificate.allows, usages)):
                names = " or ".join(map(str, usages))
                message = f"its keyUsage is {certificate.extension(KeyUsage)}, expected {names}"
                raise refusal(Reason.WRONG_KEY_USAGE, certificate, message)
            yield Check("key usage", _shown_usage(certificate), "RFC 5280 §4.2.1.12")
            yield _purpose_check(certificate, self.inputs.purpose)
        if self.inputs.server_name is not None:
            found = check_server_name(certificate, self.inputs.server_name)
            yield Check("server name", f"{self.inputs.server_name}, by {found}", "RFC 9525 §6")


def _signature_check(certificate: Certificate, issuer: Certificate) -> Check:
    """Check that the algorithm is the same inside and outside; the signature itself was checked on the way up."""
    if not certificate.algorithms_agree:
        message = "its signature algorithm is named differently inside and outside of what is signed"
        raise refusal(Reason.ALGORITHM_MISMATCH, certificate, message)
    made = f"{certificate.signature_algorithm.name}, made with the key of {who(issuer)}"
    return Check("signature", made, "RFC 5280 §6.1.3 (a)(1), (a)(4)")


def _name_check(certificate: Certificate, names: ConstrainedNames, budget: Budget) -> Iterator[Check]:
    """Check the names, if an authority above constrains any."""
    if names.is_constrained:
        outcome = f"all {names.check(certificate, budget)} are allowed"
        yield Check("names", outcome, "RFC 5280 §6.1.3 (b), (c)")


def _form_check(certificate: Certificate) -> Check:
    """Check what RFC 5280 §4 demands of the form and the parser lets pass, so that it can be shown."""
    octets = len(integer("serialNumber", certificate.serial_number).contents)
    if octets > MAX_SERIAL_OCTETS:
        message = f"its serial number has {octets} octets, expected at most {MAX_SERIAL_OCTETS}"
        raise refusal(Reason.BAD_SERIAL_NUMBER, certificate, message)
    identifiers = set()
    for extension in certificate.extensions:
        if extension.oid in identifiers:
            message = f"its extension {describe(extension.oid)} occurs twice"
            raise refusal(Reason.DUPLICATE_EXTENSION, certificate, message)
        identifiers.add(extension.oid)
    return Check("form", f"version {certificate.version}, every extension once", "RFC 5280 §4.1, §4.2")


def _purpose_check(certificate: Certificate, purpose: Purpose) -> Check:
    """Check extKeyUsage. An authority that has it vouches for no other purposes, as all implementations hold it."""
    extended = certificate.extension(ExtendedKeyUsage)
    if extended is None:
        return Check("purpose", "any", "RFC 5280 §4.2.1.12")
    if purpose not in extended.purposes and Purpose.ANY not in extended.purposes:
        message = f"it may be used for {brief(extended)}, expected {describe(purpose)}"
        raise refusal(Reason.WRONG_PURPOSE, certificate, message)
    return Check("purpose", brief(extended), "RFC 5280 §4.2.1.12")


def _shown_limit(authorities_left: int | None) -> str:
    return "no limit" if authorities_left is None else f"{authorities_left} more authorities may follow"


def _shown_usage(certificate: Certificate) -> str:
    return str(certificate.extension(KeyUsage) or "any")
