"""Name constraints along a chain: whether each name is one for which the authorities above it may vouch.

Standard     RFC 5280 §4.2.1.10, §6.1.3 (b) and (c), §6.1.4 (g).
Left out     Constraints on kinds of names other than host names, addresses, mailboxes, URIs and directory names: a
             certificate with a name of such a kind, below such a constraint, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from pki.asn1.oids import OIDS
from pki.fields.extensions import SubjectAltName
from pki.fields.general_names import (
    DirectoryName,
    DNSName,
    EmailAddress,
    GeneralName,
    IPAddress,
    UniformResourceIdentifier,
)
from pki.fields.name_constraints import Base, IPRange, NameConstraints, Subtree
from pki.path.refusals import Reason, brief, refusal
from pki.x509 import Certificate

MAX_COMPARISONS = 100_000  # per certificate, far above any honest one's


class ConstrainedNames:
    """The names that are still allowed, on the way from the root to the leaf.

    permitted: where names must be, of the kinds that occur in it (§6.1.1 (h)).
    excluded: where names must not be (§6.1.1 (i)).
    """

    def __init__(self, permitted: Sequence[Subtree], excluded: Iterable[Subtree]) -> None:
        # One set of subtrees for each certificate that set some: a name must be inside of one of each (intersection).
        self._permitted: list[Sequence[Subtree]] = [permitted] if permitted else []
        self._excluded = list(excluded)

    @property
    def is_constrained(self) -> bool:
        """Whether there is any constraint."""
        return bool(self._permitted or self._excluded)

    def add(self, constraints: NameConstraints) -> None:
        """Take over what an authority's certificate says (§6.1.4 (g))."""
        if constraints.permitted:
            self._permitted.append(constraints.permitted)
        self._excluded += constraints.excluded

    def check(self, certificate: Certificate) -> int:
        """Return how many names were looked at; raise `CertificateError` at the first that is not allowed (§6.1.3)."""
        names = _names(certificate)
        subtrees = len(self._excluded) + sum(map(len, self._permitted))
        if len(names) * subtrees > MAX_COMPARISONS:
            message = f"it has {len(names)} names to compare with {subtrees} constraints"
            raise refusal(Reason.TOO_MUCH_WORK, certificate, message)
        for name in names:
            for permitted in self._permitted:
                relevant = [subtree for subtree in permitted if _same_kind(subtree.base, name)]
                if relevant and not any(_is_within(name, subtree, certificate) for subtree in relevant):
                    allowed = brief(", ".join(map(str, relevant)))
                    message = f"an authority above it may vouch for {allowed} only, and its name is {brief(name)}"
                    raise refusal(Reason.NAME_NOT_PERMITTED, certificate, message)
            for subtree in self._excluded:
                if _same_kind(subtree.base, name) and (
                    _is_within(name, subtree, certificate) or _wildcard_covers(name, subtree.base)
                ):
                    message = f"an authority above it may not vouch for {brief(subtree)}, and its name is {brief(name)}"
                    raise refusal(Reason.NAME_EXCLUDED, certificate, message)
        return len(names)


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


def _same_kind(base: Base, name: GeneralName) -> bool:
    """Return whether the constraint is about names of this kind."""
    return type(base) is type(name) or (isinstance(base, IPRange) and isinstance(name, IPAddress))


def _is_within(name: GeneralName, subtree: Subtree, certificate: Certificate) -> bool:
    """Return whether the name is in the subtree, which is of the same kind."""
    compare = _COMPARISONS.get(type(name))
    if compare is None or (subtree.minimum, subtree.maximum) != (0, None):
        message = f"an authority above it constrains names by {brief(subtree)}, which is not understood here"
        raise refusal(Reason.UNSUPPORTED_CONSTRAINT, certificate, message)
    if isinstance(name, UniformResourceIdentifier) and not _host(name.uri):  # §4.2.1.10 demands one then
        message = f"names of its kind are constrained by their hosts, and {brief(name)} has no host name"
        raise refusal(Reason.NAME_NOT_PERMITTED, certificate, message)
    return compare(name, subtree.base)


def _is_host_below(host: str, base: str) -> bool:
    """Return whether labels added to the left of `base` give `host`: one at least, if `base` begins with a dot."""
    host, base = host.lower().rstrip("."), base.lower()
    if base in ("", "."):
        return True
    return host.endswith(base) if base.startswith(".") else host == base or host.endswith("." + base)


def _is_exact_host(host: str, base: str) -> bool:
    """Return whether this is the host, or with a dot at the beginning of `base` a host below it."""
    host, base = host.lower().rstrip("."), base.lower()
    return host.endswith(base) if base.startswith(".") else host == base


def _is_mailbox_below(name: EmailAddress, base: EmailAddress) -> bool:
    """Compare mailboxes: a constraint is one mailbox, all of a host, or with a dot all of a domain."""
    local, _, host = name.mailbox.rpartition("@")
    base_local, at, base_host = base.mailbox.rpartition("@")
    if at:  # only the host's case is without meaning (RFC 5321 §2.4)
        return local == base_local and host.lower() == base_host.lower()
    return _is_exact_host(host, base_host)


def _is_uri_below(name: UniformResourceIdentifier, base: UniformResourceIdentifier) -> bool:
    """Compare the host of a URI: a constraint is one host, or with a dot all hosts below."""
    return _is_exact_host(_host(name.uri), base.uri)


def _host(uri: str) -> str:
    """Return the host name in a URI, or nothing if there is none, or an IP address."""
    try:
        host = urlsplit(uri).hostname or ""
    except ValueError:
        return ""
    return "" if ":" in host or host.rstrip(".").rpartition(".")[2].isdigit() else host


def _is_directory_below(name: DirectoryName, base: DirectoryName) -> bool:
    """Compare distinguished names: the subtree's must be how the name begins (§7.1)."""
    return name.name.key[: len(base.name.key)] == base.name.key


def _wildcard_covers(name: GeneralName, base: Base) -> bool:
    """Return whether a wildcard stands for a host that is excluded: `*.a.example` for `b.a.example`."""
    if not isinstance(name, DNSName) or not isinstance(base, DNSName) or not name.name.startswith("*."):
        return False
    return base.name.lower().lstrip(".").partition(".")[2] == name.name[2:].lower().rstrip(".")


_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    DNSName: lambda name, base: _is_host_below(name.name, base.name),
    IPAddress: lambda name, base: name.octets in base,
    EmailAddress: _is_mailbox_below,
    UniformResourceIdentifier: _is_uri_below,
    DirectoryName: _is_directory_below,
}
