"""The rules of the profiles, applied: what each of them finds in a chain.

Standard     RFC 5280 §4; CABF BR §7.1. The rules, and their sections: `rfc5280_profile`, `web_profile`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pki.path import rfc5280_profile, web_profile
from pki.path.checks import Check
from pki.path.places import Place, Rule
from pki.path.profiles import Profile
from pki.path.refusals import CertificateError, Reason
from pki.x509 import Certificate


class Objection(NamedTuple):
    """What a profile would refuse in a chain that another profile has accepted.

    profile: the one whose rule it is.
    reason, certificate, message: as in `CertificateError`.
    """

    profile: Profile
    reason: Reason
    certificate: Certificate
    message: str


def apply_rules(chain: Sequence[Certificate], i: int, profile: Profile) -> Iterator[Check]:
    """Give the checks that certificate i of the chain has passed; raise `CertificateError` at the first that fails."""
    rules: list[Rule] = []
    if profile.includes(Profile.RFC5280):
        rules += rfc5280_profile.RULES
    if profile.includes(Profile.WEB):
        rules = [rule for rule in rules if rule not in web_profile.WAIVED] + [*web_profile.RULES]
    for found in _findings(chain, i, rules):
        if isinstance(found, CertificateError):
            raise found
        yield found


def objections(chain: Sequence[Certificate], profile: Profile) -> tuple[Objection, ...]:
    """Return all that the profile, or one that it includes, would refuse in the chain, the root's first."""
    return tuple(
        Objection(one, found.reason, found.certificate, found.message)
        for one, rules in ((Profile.RFC5280, rfc5280_profile.RULES), (Profile.WEB, web_profile.RULES))
        if profile.includes(one)
        for i in reversed(range(len(chain)))
        for found in _findings(chain, i, rules)
        if isinstance(found, CertificateError)
    )


def _findings(chain: Sequence[Certificate], i: int, rules: Iterable[Rule]) -> Iterator[Check | CertificateError]:
    place = Place(chain[i], is_root=i == len(chain) - 1, is_leaf=i == 0)
    for rule in rules:
        yield from rule(place)
