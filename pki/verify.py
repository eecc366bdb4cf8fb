"""Path validation: whether a certificate can be believed, by way of others, because a root is trusted.

Standard     RFC 5280 §6.1, §6.3; RFC 6960 §3.2 (OCSP responses); the policies as in RFC 9618; RFC 5937 §2 (what a trust
             anchor constrains); RFC 9525 (the server's name).
Left out     Trust anchors that are not certificates; fetching CRLs and OCSP responses.

`_Validation` goes down a path as §6.1.2 to §6.1.5 do, letter by letter. The checks are made in this order, and of
several faults the first is reported: of each certificate §6.1.3 (a)(1), its form (§4) with the rules of the profile,
§6.1.3 (a)(2) to (f), then
§6.1.4 (a) to (o) or, of the last, §6.1.5 (a) to (g), then what it is shown for. The signatures themselves come before
all of that: the search tries them on its way up to the root.
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
from pki.fields.extensions import (
    BasicConstraints,
    ExtendedKeyUsage,
    KeyUsage,
    Purpose,
    SubjectAltName,
    UnknownExtension,
    Usage,
)
from pki.fields.name_constraints import NameConstraints
from pki.fields.name_syntax import problem_of
from pki.fields.policy_extensions import ANY_POLICY
from pki.key_formats.public_key_info import UnknownPublicKey, describe_public_key, is_oversized, rsa_key
from pki.ocsp import OCSPResponse
from pki.path.budget import Budget, Work
from pki.path.checks import Check
from pki.path.initial_inputs import INITIAL_INPUTS, InitialInputs
from pki.path.key_usage import check_key_usage
from pki.path.name_constraints import ConstrainedNames
from pki.path.ocsp_status import OCSPStatus
from pki.path.policies import PolicyProcessing, shown_policies
from pki.path.profile_rules import Objection, apply_rules, objections
from pki.path.profiles import Profile
from pki.path.refusals import CertificateError, Reason, accepted_under, brief, refusal, who
from pki.path.revocation import Revocation, ValidateIssuer, require_decision
from pki.path.search import Search, unsupported_key
from pki.path.server_identity import check_server_name, parse_server_name
from pki.x509 import Certificate
from primitives.ed448_keys import Ed448PublicKey
from primitives.ed25519_keys import Ed25519PublicKey

__all__ = [
    "CertificateError",
    "Check",
    "InitialInputs",
    "Objection",
    "Profile",
    "Purpose",
    "Reason",
    "VerifiedChain",
    "verify_chain",
]

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

    def objections(self, profile: Profile) -> tuple[Objection, ...]:
        """Return what this profile would refuse in the certificates, with those that it includes; the root's first."""
        return objections(self, profile)


@dataclass(frozen=True, slots=True)
class _Demands:
    """What is demanded of a chain: the arguments of `verify_chain`, by their names there."""

    at: datetime
    server_name: str | None
    purpose: Purpose | None
    minimum_rsa_bits: int
    require_revocation_status: bool
    profile: Profile
    max_depth: int | None
    initial: InitialInputs


@dataclass(frozen=True, slots=True)
class _Sources:
    """What tells of revocations, and what the verification may cost, of which they are a part."""

    crls: Revocation
    ocsp: OCSPStatus
    budget: Budget


def verify_chain(
    leaf: Certificate,
    *,
    intermediates: Sequence[Certificate] = (),
    roots: Sequence[Certificate],
    at: datetime,
    server_name: str | None = None,
    purpose: Purpose | None = None,
    crls: Sequence[CertificateRevocationList] = (),
    ocsp_responses: Sequence[OCSPResponse] = (),
    require_revocation_status: bool = False,
    minimum_rsa_bits: int = MINIMUM_RSA_BITS,
    profile: Profile = Profile.PATH,
    max_depth: int | None = None,
    initial: InitialInputs = INITIAL_INPUTS,
) -> VerifiedChain:
    """Return the first chain from `leaf` to one of `roots` that holds; raise `CertificateError` if none does.

    intermediates: certificates that may be of help, in any order, trusted in nothing.
    roots: those trusted to begin with; each must hold itself, but for its own signature, which proves nothing.
    at: the time at which the chain must be valid, with a time zone; fractions of its second do not count.
    server_name: the host name or IP address that the leaf must be for; None if it need not be a server's.
    purpose: what the leaf is shown for, such as `Purpose.SERVER_AUTH`; None for no purpose in particular.
    crls, ocsp_responses: CRLs and OCSP responses, in any order, trusted in nothing. One that says `revoked` is enough.
    require_revocation_status: whether these must decide about every certificate but the root. If they need not, a
        certificate about which they leave it open is taken as not revoked.
    minimum_rsa_bits: what counts as long enough for an RSA key.
    profile: how much of what standards demand of the form of certificates and CRLs is insisted on.
    max_depth: at most how many authorities may stand between the leaf and the root, self-issued ones not counted; None
        for as many as the search takes.
    initial: the other inputs of §6.1.1: policies, and where names may be.

    The work is bounded, whatever the certificates are. Raises `ValueError` for a malformed name, a time without a time
    zone, or a negative depth.
    """
    if at.tzinfo is None:
        raise ValueError("the time of verification has no time zone, expected one with, such as UTC")
    if server_name is not None:
        parse_server_name(server_name)
    if max_depth is not None and max_depth < 0:
        raise ValueError(f"a depth of {max_depth}, expected 0 or more")
    at = at.replace(microsecond=0)  # RFC 5280 §4.1.2.5: notAfter is the last second that counts, to its end
    demands = _Demands(
        at, server_name, purpose, minimum_rsa_bits, require_revocation_status, profile, max_depth, initial
    )

    def verify(profile: Profile) -> VerifiedChain:
        budget = Budget()
        revocation = Revocation(crls, (*intermediates, *roots), at, budget, profile)
        ocsp = OCSPStatus(
            ocsp_responses, revocation=revocation, at=at, minimum_rsa_bits=minimum_rsa_bits, budget=budget
        )
        sources = _Sources(revocation, ocsp, budget)
        return _verify(leaf, intermediates, roots, replace(demands, profile=profile), sources, ())

    try:
        return verify(profile)
    except CertificateError as error:
        if error.reason is Reason.TOO_MUCH_WORK:
            raise
        for weaker in profile.weaker:
            try:
                verify(weaker)
            except CertificateError:
                continue
            raise accepted_under(error, weaker) from None
        raise


def _verify(
    leaf: Certificate,
    intermediates: Sequence[Certificate],
    roots: Sequence[Certificate],
    demands: _Demands,
    sources: _Sources,
    asking: tuple[Certificate, ...],
) -> VerifiedChain:
    """Find and validate a chain.

    asking: the certificates whose revocation is being looked into; `leaf` issued a list for the last of them.
    """
    search = Search(intermediates, roots, sources.budget)
    refused: CertificateError | None = None
    nested = (*asking, leaf)

    def validate_issuer(issuer: Certificate) -> bool:
        """Return whether the issuer of a list, who is not in the chain, holds under the same root (§6.3.3 (f)).

        Raises `CertificateError` if that is too much work to tell: or junk could keep a CRL from being believed.
        """
        if issuer in nested or len(nested) > MAX_NESTING:
            return False
        initial = replace(demands.initial, initial_explicit_policy=False)
        profile = Profile.RFC5280 if demands.profile.includes(Profile.RFC5280) else Profile.PATH  # no server
        plain = replace(demands, server_name=None, purpose=None, initial=initial, profile=profile, max_depth=None)
        try:
            _verify(issuer, intermediates, chain[-1:], plain, sources, nested)
        except CertificateError as error:
            if error.reason is Reason.TOO_MUCH_WORK:
                raise
            return False
        return True

    with contextlib.suppress(CertificateError):  # too much work, of which the search takes a note
        for chain in search.chains(leaf):
            try:
                return _Validation(demands, sources, validate_issuer).validate(chain)
            except CertificateError as error:
                refused = refused or error
                if error.reason is Reason.TOO_MUCH_WORK:
                    break
    # A chain that reached a root and failed tells most; then whatever else was found first.
    raise refused or search.refusals[0]


class _Validation:
    """The validation of one path (§6.1). The variables of §6.1.2 are attributes, by their names there.

    (g) to (j), the issuer's name and key, are those of the certificate above, whose signature the search has tried.
    """

    def __init__(self, demands: _Demands, sources: _Sources, validate_issuer: ValidateIssuer) -> None:
        self.demands, self.sources, self.validate_issuer = demands, sources, validate_issuer

    def validate(self, chain: tuple[Certificate, ...]) -> VerifiedChain:
        """Return the chain with the checks that it passed; raise `CertificateError` at the first that fails."""
        found: list[list[Check]] = [[] for _ in chain]
        try:
            self.sources.budget.spend(Work.OCTETS, sum(len(one.der) for one in chain), chain[0])
            self._initialize(n=len(chain) - 1)
            found[-1].extend(self._anchor(chain))
            for i in reversed(range(len(chain) - 1)):
                found[i].extend(self._process(chain, i))
                found[i].extend(self._prepare(chain[i]) if i else self._wrap_up(chain[i]))
            if len(chain) == 1:  # a root that is shown itself: the path is empty
                found[0].extend(_name_form_check(chain[0]))
                found[0].extend(self._use(chain[0]))
            policies = self.policies.result(chain[0])  # §6.1.5 (g)
            if policies and ANY_POLICY not in policies:
                found[0].append(Check("policies", shown_policies(policies), "RFC 5280 §6.1.5 (g)"))
        except CertificateError as error:
            error.chain, error.checks_by_certificate = chain, found
            raise
        return VerifiedChain(chain, found, policies)

    def _initialize(self, n: int) -> None:
        """§6.1.2. n: how many certificates there are below the trust anchor."""
        initial = self.demands.initial
        # (a) valid_policy_tree, here a graph; (d) explicit_policy; (e) inhibit_anyPolicy; (f) policy_mapping
        self.policies = PolicyProcessing(n, initial)
        # (b) permitted_subtrees, (c) excluded_subtrees
        self.names = ConstrainedNames(initial.initial_permitted_subtrees, initial.initial_excluded_subtrees)
        self.max_path_length = self.demands.max_depth  # (k): n would do as well where nobody limits it

    def _anchor(self, chain: tuple[Certificate, ...]) -> Iterator[Check]:
        """Take the trust anchor (§6.1.1 (d)): a certificate here, whose constraints count (RFC 5937 §2)."""
        root = chain[-1]
        yield Check("trust", "one of the roots that are trusted here", "RFC 5280 §6.1.1 (d)")
        yield _form_check(root)
        yield from apply_rules(chain, len(chain) - 1, self.demands.profile)
        yield self._validity_check(root)
        yield self._key_check(root)
        if self.policies.length:  # it issued the next certificate
            yield from self._constrain_names(root)
            self.policies.constrain(root)
            yield _authority_check(root, is_anchor=True)
            self._limit_path_length(root)
            yield Check("path length", _shown_limit(self.max_path_length), "RFC 5280 §6.1.4 (m)")
            yield _cert_sign_check(root)
        yield _critical_check(root, "RFC 5280 §4.2")

    def _process(self, chain: tuple[Certificate, ...], i: int) -> Iterator[Check]:
        """Process one certificate (§6.1.3). i: where it stands in the chain, from the leaf."""
        certificate, is_last = chain[i], i == 0
        # (a)(1): the signature verifies with the working_public_key, as the search has found; (a)(4): so does the name
        yield _signature_check(certificate, chain[i + 1])
        yield _form_check(certificate)  # §4, which whatever follows relies on
        yield from _name_form_check(certificate)
        yield from apply_rules(chain, i, self.demands.profile)
        yield self._validity_check(certificate)  # (a)(2)
        yield from self._revocation_check(chain[i:])  # (a)(3)
        if is_last or not certificate.is_self_issued:  # (b), (c)
            yield from _name_check(certificate, self.names, self.sources.budget)
        self.policies.descend(certificate, is_last=is_last)  # (d), (e)
        self.policies.require_one(certificate)  # (f)

    def _prepare(self, certificate: Certificate) -> Iterator[Check]:
        """Prepare for certificate i + 1 (§6.1.4)."""
        self.policies.map(certificate)  # (a), (b)
        yield self._key_check(certificate)  # (c) to (f): the next signature is verified with this name and key
        yield from self._constrain_names(certificate)  # (g)
        if not certificate.is_self_issued:
            self.policies.count_down()  # (h)
        self.policies.constrain(certificate)  # (i), (j)
        yield _authority_check(certificate)  # (k)
        if not certificate.is_self_issued:
            self._count_path_length(certificate)  # (l)
        self._limit_path_length(certificate)  # (m)
        yield Check("path length", _shown_limit(self.max_path_length), "RFC 5280 §6.1.4 (l)")
        yield _cert_sign_check(certificate)  # (n)
        yield _critical_check(certificate, "RFC 5280 §6.1.4 (o)")  # (o)
        if self.demands.purpose is not None:
            yield _purpose_check(certificate, self.demands.purpose)

    def _wrap_up(self, certificate: Certificate) -> Iterator[Check]:
        """Wrap up, after the last certificate (§6.1.5); (g) comes with the result."""
        self.policies.wrap_up(certificate)  # (a), (b)
        yield self._key_check(certificate)  # (c) to (e)
        yield _critical_check(certificate, "RFC 5280 §6.1.5 (f)")  # (f)
        yield from self._use(certificate)

    def _use(self, certificate: Certificate) -> Iterator[Check]:
        """Check what the last certificate is shown for, which §6.1 leaves to the application."""
        purpose, server_name = self.demands.purpose, self.demands.server_name
        if purpose is not None:
            usages = USAGES.get(purpose, tuple(Usage))
            if not any(map(certificate.allows, usages)):
                names = " or ".join(map(str, usages))
                message = f"its keyUsage is {certificate.extension(KeyUsage)}, expected {names}"
                raise refusal(Reason.WRONG_KEY_USAGE, certificate, message)
            yield Check("key usage", _shown_usage(certificate), "RFC 5280 §4.2.1.12")
            yield _purpose_check(certificate, purpose)
        if server_name is not None:
            found = check_server_name(certificate, server_name)
            yield Check("server name", f"{server_name}, by {found}", "RFC 9525 §6")

    def _validity_check(self, certificate: Certificate) -> Check:
        """Check the validity (§6.1.3 (a)(2))."""
        begin, end = map(moment_text, (certificate.not_before, certificate.not_after))
        if self.demands.at < certificate.not_before:
            raise refusal(Reason.NOT_YET_VALID, certificate, f"it is not valid before {begin}")
        if self.demands.at > certificate.not_after:
            raise refusal(Reason.EXPIRED, certificate, f"it expired: it was valid until {end}")
        return Check("validity", f"from {begin} until {end}", "RFC 5280 §6.1.3 (a)(2)")

    def _revocation_check(self, path: Sequence[Certificate]) -> Iterator[Check]:
        """Check that the first certificate of `path` was not revoked, as far as what is at hand tells (§6.3)."""
        crls, ocsp = self.sources.crls, self.sources.ocsp
        if not crls.crls and not ocsp and not self.demands.require_revocation_status:
            return
        by_response = ocsp.check(path, self.validate_issuer)
        by_list = crls.check(path, self.validate_issuer)  # one that says `revoked` is enough
        decision = by_response or by_list
        if self.demands.require_revocation_status:
            decision = require_decision(path[0], decision, crls.unnumbered)
        outcome = "left open by what is at hand" if decision is None else f"not revoked, by {decision}"
        yield Check("revocation", outcome, "RFC 5280 §6.3.3" if by_response is None else "RFC 6960 §3.2")
        if by_list is not None and self.demands.profile.includes(Profile.RFC5280):
            yield Check("CRL numbers", "there, and not critical", "RFC 5280 §5.2.3")

    def _key_check(self, certificate: Certificate) -> Check:
        """Check that the working_public_key can be used, and is long enough."""
        key = certificate.public_key
        if isinstance(key, UnknownPublicKey) or is_oversized(key):
            raise unsupported_key(certificate)
        if isinstance(key, Ed25519PublicKey | Ed448PublicKey) and key.has_small_order:
            raise refusal(Reason.WEAK_KEY, certificate, "its key has small order: anyone can make signatures for it")
        rsa = rsa_key(key)
        if rsa is not None and rsa.n.bit_length() < self.demands.minimum_rsa_bits:
            message = f"its key is {describe_public_key(key)}, expected at least {self.demands.minimum_rsa_bits} bits"
            raise refusal(Reason.WEAK_KEY, certificate, message)
        check_key_usage(certificate)
        return Check("public key", describe_public_key(key), "SP 800-131A §3")

    def _constrain_names(self, certificate: Certificate) -> Iterator[Check]:
        """Take over the name constraints of an authority (§6.1.4 (g))."""
        constraints = certificate.extension(NameConstraints)
        if constraints is not None:
            self.names.add(constraints)
            yield Check("name constraints", brief(constraints), "RFC 5280 §6.1.4 (g)")

    def _count_path_length(self, certificate: Certificate) -> None:
        """Count an authority that is not self-issued (§6.1.4 (l))."""
        if self.max_path_length == 0:
            message = "the path length of an authority above it, or the depth that was asked for, allows no further one"
            raise refusal(Reason.PATH_TOO_LONG, certificate, message)
        if self.max_path_length is not None:
            self.max_path_length -= 1

    def _limit_path_length(self, certificate: Certificate) -> None:
        """Take over the path length of an authority, if it is shorter (§6.1.4 (m))."""
        constraints = certificate.extension(BasicConstraints)
        limit = None if constraints is None else constraints.path_length
        if limit is not None and (self.max_path_length is None or limit < self.max_path_length):
            self.max_path_length = limit


def _authority_check(certificate: Certificate, *, is_anchor: bool = False) -> Check:
    """Check that an issuer is an authority (§6.1.4 (k)). A root of before version 3 had no way to say so."""
    constraints = certificate.extension(BasicConstraints)
    if constraints is None and not (is_anchor and certificate.version < 3):
        message = "it issued a certificate, but has no basicConstraints that say it is a certificate authority"
        raise refusal(Reason.NOT_A_CA, certificate, message)
    if constraints is not None and not constraints.ca:
        message = "it issued a certificate, but its basicConstraints say that it is not a certificate authority"
        raise refusal(Reason.NOT_A_CA, certificate, message)
    return Check("authority", str(constraints or "a root of version 1"), "RFC 5280 §6.1.4 (k)")


def _cert_sign_check(certificate: Certificate) -> Check:
    """Check that an issuer's key may sign certificates (§6.1.4 (n))."""
    if not certificate.allows(Usage.KEY_CERT_SIGN):
        message = "it issued a certificate, but its keyUsage does not allow keyCertSign"
        raise refusal(Reason.CANNOT_SIGN_CERTIFICATES, certificate, message)
    return Check("key usage", _shown_usage(certificate), "RFC 5280 §6.1.4 (n)")


def _critical_check(certificate: Certificate, section: str) -> Check:
    """Check that every critical extension is understood here (§6.1.4 (o), §6.1.5 (f))."""
    for extension in certificate.extensions:
        if extension.critical and isinstance(extension, UnknownExtension):
            message = f"its critical extension {describe(extension.oid)} is not understood here"
            raise refusal(Reason.UNKNOWN_CRITICAL_EXTENSION, certificate, message)
    critical = sum(extension.critical for extension in certificate.extensions)
    return Check("critical extensions", f"all {critical} are understood" if critical else "none", section)


def _signature_check(certificate: Certificate, issuer: Certificate) -> Check:
    """Say whose signature the search has verified, on its way up."""
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


def _name_form_check(certificate: Certificate) -> Iterator[Check]:
    """Check that the alternative names are written as their kinds demand."""
    names = certificate.extension(SubjectAltName)
    if names is None:
        return
    for name in names.names:
        if expected := problem_of(name):
            raise refusal(
                Reason.MALFORMED_NAME, certificate, f"its name {brief(name)} is malformed, expected {expected}"
            )
    yield Check("well-formed names", brief(names), "RFC 5280 §4.2.1.6")


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
