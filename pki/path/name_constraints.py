"""Name constraints along a chain: whether each name is one for which the authorities above it may vouch.

Standard     RFC 5280 §4.2.1.10, §6.1.3 (b) and (c), §6.1.4 (g).
Left out     Constraints on kinds of names other than host names, addresses, mailboxes, URIs and directory names: a
             certificate with a name of such a kind, below such a constraint, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from pki.asn1.oids import OIDS
from pki.fields.extensions import SubjectAltName
from pki.fields.general_names import (
    DirectoryName,
    DNSName,
    EmailAddress,
    GeneralName,
    IPAddress,
    OpaqueName,
    OtherName,
    RegisteredID,
    UniformResourceIdentifier,
)
from pki.fields.name_constraints import Base, GeneralSubtree, IPRange, NameConstraints
from pki.fields.name_syntax import is_host_name, is_mailbox
from pki.fields.names import NameKey
from pki.path.budget import Budget, Work
from pki.path.refusals import Reason, brief, refusal
from pki.x509 import Certificate

# RFC 3986 §3.1, §3.2: a scheme, then an authority, of which the registered name is told apart from all around it.
_AUTHORITY = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#\[\]]*@)?([A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?(?![^/?#])"
)


class ConstrainedNames:
    """The names that are still allowed, on the way from the root to the leaf.

    permitted: where names must be, of the kinds that occur in it (§6.1.1 (h)).
    excluded: where names must not be (§6.1.1 (i)).
    """

    def __init__(self, permitted: Iterable[GeneralSubtree], excluded: Iterable[GeneralSubtree]) -> None:
        # One set of subtrees for each certificate that set some: a name must be inside of one of each (intersection).
        self._permitted: list[list[_Constraint]] = []
        self._excluded: list[_Constraint] = []
        self._add(permitted, excluded)

    @property
    def is_constrained(self) -> bool:
        """Whether there is any constraint."""
        return bool(self._permitted or self._excluded)

    def add(self, constraints: NameConstraints) -> None:
        """Take over what an authority's certificate says (§6.1.4 (g))."""
        self._add(constraints.permitted, constraints.excluded)

    def _add(self, permitted: Iterable[GeneralSubtree], excluded: Iterable[GeneralSubtree]) -> None:
        if found := [_Constraint(subtree) for subtree in permitted]:
            self._permitted.append(found)
        self._excluded += map(_Constraint, excluded)

    def check(self, certificate: Certificate, budget: Budget) -> int:
        """Return how many names were looked at; raise `CertificateError` at the first that is not allowed (§6.1.3)."""
        names = _names(certificate)
        budget.spend(Work.COMPARISONS, len(names) * (len(self._excluded) + sum(map(len, self._permitted))), certificate)
        for name in names:
            kind, form = type(name), _form(name)
            for permitted in self._permitted:
                relevant = [constraint for constraint in permitted if constraint.kind is kind]
                if relevant and not any(constraint.holds(name, form, certificate) for constraint in relevant):
                    allowed = brief(", ".join(str(constraint.subtree) for constraint in relevant))
                    message = f"an authority above it may vouch for {allowed} only, and its name is {brief(name)}"
                    raise refusal(Reason.NAME_NOT_PERMITTED, certificate, message)
            for constraint in self._excluded:
                if constraint.kind is kind and (
                    constraint.holds(name, form, certificate) or constraint.is_met_by_wildcard(form)
                ):
                    message = (
                        f"an authority above it may not vouch for {brief(constraint.subtree)}, "
                        f"and its name is {brief(name)}"
                    )
                    raise refusal(Reason.NAME_EXCLUDED, certificate, message)
        return len(names)


class _Constraint:
    """A subtree, in the form in which names are compared with it: brought into that form once, however many they are.

    kind: the class of the names that it is about.
    """

    __slots__ = ("_form", "_problem", "kind", "subtree")

    def __init__(self, subtree: GeneralSubtree) -> None:
        base = subtree.base
        self.subtree = subtree
        self.kind = IPAddress if isinstance(base, IPRange) else type(base)
        self._problem = _problem_of(subtree)
        self._form = None if self._problem else _base_form(base)

    def holds(self, name: GeneralName, form: Any, certificate: Certificate) -> bool:
        """Return whether the name, of this kind and in the form that is compared, is in the subtree.

        Raises `CertificateError` if that cannot be told: what a constraint means must not be left open (§4.2.1.10).
        """
        if self._problem:
            message = f"an authority above it constrains names by {brief(self.subtree)}, {self._problem}"
            raise refusal(Reason.UNSUPPORTED_CONSTRAINT, certificate, message)
        if form is None:
            message = f"its names are constrained, and {brief(name)} is not a mailbox such as someone@example.com"
            raise refusal(Reason.MALFORMED_NAME, certificate, message)
        if self.kind is UniformResourceIdentifier and not form:  # §4.2.1.10 demands a host name then
            message = f"names of its kind are constrained by their hosts, and {brief(name)} has no host name"
            raise refusal(Reason.NAME_NOT_PERMITTED, certificate, message)
        return _COMPARISONS[self.kind](form, self._form)

    def is_met_by_wildcard(self, form: Any) -> bool:
        """Return whether a wildcard stands for a host that is excluded: `*.a.example` for `b.a.example`."""
        if self.kind is not DNSName:
            return False
        host, excluded = str(form), str(self._form)
        return host.startswith("*.") and excluded.partition(".")[2] == host[2:]


def _problem_of(subtree: GeneralSubtree) -> str:
    """Return why a constraint cannot be processed, or nothing if it can (§4.2.1.10)."""
    if (subtree.minimum, subtree.maximum) != (0, None):
        return "whose bounds RFC 5280 does not allow"
    match subtree.base:
        case DNSName(text) if text and not is_host_name(text):
            return "which is not a host name"
        case EmailAddress(text) if not is_mailbox(text) and not is_host_name(text.removeprefix(".")):
            return "which is not a mailbox, a host name, or a domain with a dot before it"
        case UniformResourceIdentifier(text) if not is_host_name(text.removeprefix(".")):
            return "which is not a host name, or a domain with a dot before it"
        case OtherName() | RegisteredID() | OpaqueName():
            return "which is not understood here"
    return ""


def _names(certificate: Certificate) -> list[GeneralName]:
    """Return all names of the subject: the distinguished name, the alternative ones, and mailboxes in the former."""
    alternative = certificate.extension(SubjectAltName)
    names: list[GeneralName] = list(alternative.names) if alternative is not None else []
    if certificate.subject:
        names.append(DirectoryName(certificate.subject))
        names += [
            EmailAddress(attribute.text)
            for rdn in certificate.subject.rdns
            for attribute in rdn
            if attribute.oid == OIDS["emailAddress"]
        ]
    return names


def _form(name: GeneralName) -> Any:
    """Return the name in the form that is compared with constraints; None for a mailbox that is malformed."""
    match name:
        case DNSName(text):
            return text.lower()
        case EmailAddress(text):  # only the host's case is without meaning (RFC 5321 §2.4)
            return _mailbox_form(text) if is_mailbox(text) else None
        case UniformResourceIdentifier(text):
            return _host(text).lower()
        case IPAddress(octets):
            return octets
        case DirectoryName(distinguished):
            return distinguished.key
    return name


def _base_form(base: Base) -> Any:
    """Return what a constraint is about in the form that is compared with names."""
    match base:
        case UniformResourceIdentifier(text):  # a host alone
            return text.lower()
        case EmailAddress(text):  # a mailbox, or a host alone
            return _mailbox_form(text)
        case IPRange():
            return base
    return _form(base)


def _mailbox_form(text: str) -> tuple[str, str, str]:
    local, at, host = text.rpartition("@")
    return local, at, host.lower()


def _is_host_below(host: str, base: str) -> bool:
    """Return whether labels added to the left of `base` give `host`; to nothing, they give any."""
    return not base or host == base or host.endswith("." + base)


def _is_exact_host(host: str, base: str) -> bool:
    """Return whether this is the host, or with a dot at the beginning of `base` a host below it."""
    return host.endswith(base) if base.startswith(".") else host == base


def _is_mailbox_below(name: tuple[str, str, str], base: tuple[str, str, str]) -> bool:
    """Compare mailboxes: a constraint is one mailbox, all of a host, or with a dot all of a domain."""
    return name == base if base[1] else _is_exact_host(name[2], base[2])


def _host(uri: str) -> str:
    """Return the host name in a URI, or nothing if there is none, or an IP address."""
    found = _AUTHORITY.match(uri)
    host = found[1].rstrip(".") if found else ""
    return "" if host.rpartition(".")[2].isdigit() else host


def _is_directory_below(name: NameKey, base: NameKey) -> bool:
    """Compare distinguished names: the subtree's must be how the name begins (§7.1)."""
    return name[: len(base)] == base


_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    DNSName: _is_host_below,
    IPAddress: lambda octets, base: octets in base,
    EmailAddress: _is_mailbox_below,
    UniformResourceIdentifier: _is_exact_host,
    DirectoryName: _is_directory_below,
}
