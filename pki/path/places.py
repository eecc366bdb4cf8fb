"""A certificate in its place in a chain, of which the rules of the profiles speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from pki.fields.extensions import BasicConstraints
from pki.path.checks import Check
from pki.path.refusals import CertificateError
from pki.x509 import Certificate


class Place(NamedTuple):
    """A certificate, and where it stands.

    is_root: whether the chain ends with it, as a trust anchor.
    is_leaf: whether the chain begins with it.
    """

    certificate: Certificate
    is_root: bool
    is_leaf: bool

    @property
    def is_authority(self) -> bool:
        """Whether it says that it is the certificate of an authority; if not, it is that of an end entity."""
        constraints = self.certificate.extension(BasicConstraints)
        return constraints is not None and constraints.ca


Rule: TypeAlias = Callable[[Place], Iterator[Check | CertificateError]]
"""Gives what it found: a check for what holds, and a refusal, which it does not raise, for what does not."""
