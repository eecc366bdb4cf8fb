"""Permissions: which names somebody may ask a certificate for, what the certificate is good for, and how long.

Standard     RFC 5280 §4.2.1.10 is the model of the rules for names; RFC 9525 §6.3 for what a wildcard stands for.
Left out     E-mail addresses and other kinds of names, which the authority certifies for nobody.

>>> bank = Permission(names=(".bank.example", "192.0.2.0/24"), excluded=("ttp.bank.example",),
...                   purposes=(Purpose.SERVER_AUTH,), validity=timedelta(days=365))
>>> [bank.permits(name) for name in ("otp.bank.example", "192.0.2.7", "bank.example", "TTP.bank.example")]
[True, True, False, False]
>>> bank.permits("*.bank.example"), bank.permits("*.otp.bank.example")
(False, True)
"""

from __future__ import annotations

import ipaddress
import json
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from pki.asn1.der import UTF8_STRING
from pki.asn1.oids import NAMES, OIDS
from pki.ca.authority import RequestRefused, certifiable_names
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.general_names import DNSName, IPAddress
from pki.fields.name_syntax import is_host_pattern
from pki.fields.names import Attribute, Name

ANY_NAME = "*"
MAX_NAME = 253  # characters, as host names have at most (RFC 1035 §2.3.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What somebody may ask for. Raises `ValueError` if it makes no sense.

    names: the rules, of which a name has to keep one: a host name or an IP address, which is that very name;
        `.example`, which is all host names below; `192.0.2.0/24`, which is all addresses of that network; any other
        text, which is that very common name; `*`, which is whatever name.
    excluded: such rules for names that nobody is given, whatever `names` says, nor a wildcard that stands for one.
    attributes: the types of the other attributes that the subject may have, such as `countryName`: whatever the
        requester says there is certified. The others are left out.
    purposes: what the certificate is good for, whatever the request says.
    validity: for how long.
    """

    names: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    purposes: tuple[Purpose, ...]
    validity: timedelta

    def __post_init__(self) -> None:
        for rule in (*self.names, *self.excluded):
            if not rule.strip(" .") or not rule.isprintable():
                raise ValueError(f"{rule!r} is not a rule for names, expected one such as host.example, .example or *")
            if "/" in rule:
                ipaddress.ip_network(rule)  # a ValueError if it is not a network
        for attribute in self.attributes:
            if attribute not in OIDS or attribute == "commonName":
                raise ValueError(f"{attribute!r} is not a type of attribute beside the name, such as countryName")
        if self.validity <= timedelta(0):
            raise ValueError(f"a validity of {self.validity}, expected more than nothing")

    def permits(self, name: str) -> bool:
        """Return whether this common name, host name or IP address may be asked for."""
        if len(name) > MAX_NAME:
            return False
        name = _plain(name)
        return any(_keeps(name, _plain(rule)) for rule in self.names) and not any(
            _keeps(name, _plain(rule)) or _stands_for(name, _plain(rule)) for rule in self.excluded
        )

    def spelling(self, name: str) -> str:
        """Return how a permitted name is certified: as the rule spells it that is this very name, however it was asked.

        What keeps a rule for hosts or addresses is written in small letters, and under `*` whatever is asked for. So
        who may be called `asha` cannot be `ASHA` or `asha.`, which are others to those who compare names exactly.
        """
        plain = _plain(name)
        same = [rule for rule in self.names if _plain(rule) == plain and rule != ANY_NAME]
        if same:
            return same[0]
        return plain if any(_keeps(plain, _plain(rule)) for rule in self.names if rule != ANY_NAME) else name

    def subject_for(self, request: CertificateSigningRequest) -> Name:
        """Return what of the request's subject may be certified, its common names in the one spelling that they have.

        Raises `RequestRefused`, naming it, if the request asks for a name that is not permitted, or of a kind that is
        certified for nobody.
        """
        for name in certifiable_names(request.names, request.subject):
            text = str(ipaddress.ip_address(name.octets)) if isinstance(name, IPAddress) else name.name
            if not self.permits(text):
                raise self._refusal(name)
        rdns = []
        for rdn in request.subject.rdns:
            for attribute in rdn:
                if attribute.oid == OIDS["commonName"] and not self.permits(attribute.text):
                    raise self._refusal(attribute)
            kept = [self._spelled(attribute) for attribute in rdn if self._keeps_attribute(attribute)]
            if kept:
                rdns.append(kept)
        return Name(rdns)

    def _keeps_attribute(self, attribute: Attribute) -> bool:
        return attribute.oid == OIDS["commonName"] or NAMES.get(attribute.oid) in self.attributes

    def _spelled(self, attribute: Attribute) -> Attribute:
        if attribute.oid != OIDS["commonName"]:
            return attribute
        text = self.spelling(attribute.text)
        return attribute if text == attribute.text else Attribute(attribute.oid, UTF8_STRING, text)

    def _refusal(self, name: DNSName | IPAddress | Attribute) -> RequestRefused:
        rules = ", ".join("any" if rule == ANY_NAME else rule for rule in self.names) or "none"
        if self.excluded:
            rules += f", but not {', '.join(self.excluded)}"
        return RequestRefused(f"the name {str(name)[:MAX_NAME]} is not among those that may be asked for: {rules}")

    def to_json(self) -> str:
        """Return the permission as text, for the registry."""
        return json.dumps(
            {
                "names": self.names,
                "excluded": self.excluded,
                "attributes": self.attributes,
                "purposes": self.purposes,
                "validity": self.validity // timedelta(microseconds=1),  # whole, where seconds would be rounded
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the permission that `to_json` wrote."""
        fields = json.loads(text)
        return cls(
            names=tuple(fields["names"]),
            excluded=tuple(fields["excluded"]),
            attributes=tuple(fields["attributes"]),
            purposes=tuple(map(Purpose, fields["purposes"])),
            validity=timedelta(microseconds=fields["validity"]),
        )


def _plain(name: str) -> str:
    """Return the name as names are compared: case, forms of a letter and spaces at its ends do not count."""
    return unicodedata.normalize("NFKC", name).casefold().strip(" ").removesuffix(".")


def _keeps(name: str, rule: str) -> bool:
    """Return whether the name keeps the rule, both made plain."""
    if rule.startswith("."):
        return name.endswith(rule) and is_host_pattern(name)
    if rule == ANY_NAME or name == rule:
        return True
    try:
        return ipaddress.ip_address(name) in ipaddress.ip_network(rule)
    except ValueError:
        return False


def _stands_for(name: str, rule: str) -> bool:
    """Return whether the name is a wildcard that this host matches, both made plain (RFC 9525 §6.3)."""
    wildcard, _, parent = name.partition(".")
    return wildcard == "*" and parent == rule.partition(".")[2]
