"""The profiles by which a chain can be validated: how much of what standards demand of certificates is insisted on.

Standard     RFC 5280 §4, §5, §6.1; the Baseline Requirements of the CA/Browser Forum (CABF BR).
Left out     The rules themselves: `pki.path.rfc5280_profile` and `pki.path.web_profile`.

>>> Profile.WEB.includes(Profile.RFC5280), Profile.PATH.includes(Profile.RFC5280), Profile.WEB.weaker
(True, False, (<Profile.RFC5280: 'rfc5280'>, <Profile.PATH: 'path'>))
"""

from __future__ import annotations

from enum import Enum


class Profile(Enum):
    """What is insisted on. Each profile includes those before it.

    PATH: path validation itself, and what it relies on (RFC 5280 §6.1). It takes a trust anchor as a name and a key
        with constraints (§6.1.1 (d)), and rules of form refuse no root.
    RFC5280: also what conforming authorities write (§4), and lists that are numbered (§5.2.3). It takes the certificate
        of a root as one that an authority has written.
    WEB: also what browsers' authorities have agreed upon for the certificates of TLS servers (CABF BR).
    """

    PATH = "path"
    RFC5280 = "rfc5280"
    WEB = "web"

    def includes(self, other: Profile) -> bool:
        """Return whether whatever `other` insists on is insisted on here."""
        order = list(Profile)
        return order.index(other) <= order.index(self)

    @property
    def weaker(self) -> tuple[Profile, ...]:
        """The profiles that insist on less, the strongest of them first."""
        return tuple(one for one in reversed(Profile) if one is not self and self.includes(one))
