"""Who a party says it is in its certificate: common name, country, state, locality, organisation, DNS names.

Standard     RFC 5280 §4.1.2.6 and appendix A.1 (names), ISO 3166 (country), RFC 1123 §2.1 (DNS names).
Left out     Every other attribute that a name can have.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace

from pki.fields.names import Name

TTP_NAME = "ttp.example"  # what the TTP's enrolment service is called; it issues this name to nobody else
SERVER_NAME = "server.bank.example"
CLIENT_NAME = "client.bank.example"

QUESTIONS = {
    "common_name": "Common name",
    "country": "Country (two letters)",
    "state": "State",
    "locality": "Locality",
    "organization": "Organisation",
    "dns_names": "DNS names (separated by commas)",
}
DNS_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")


def dns_name(text: str) -> str:
    """Return the text if it is a DNS name; raise `ValueError` if not."""
    if not DNS_NAME.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is not a DNS name, expected one such as {SERVER_NAME}")
    return text


@dataclass(frozen=True)
class Subject:
    """The names of a party. Raises `ValueError` on one that a certificate cannot carry."""

    common_name: str
    country: str = "IN"
    state: str = "Karnataka"
    locality: str = "Bengaluru"
    organization: str = "Example Bank"
    dns_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{2}", self.country):
            raise ValueError(f"country {self.country[:80]!r}, expected two capital letters such as IN")
        if not self.common_name.strip():
            raise ValueError("the common name is empty")
        _ = self.name
        for name in self.dns_names:
            dns_name(name)

    @property
    def name(self) -> Name:
        """The distinguished name."""
        return Name.build(
            common_name=self.common_name,
            country=self.country,
            state=self.state,
            locality=self.locality,
            organization=self.organization,
        )


DEFAULTS = {
    "ttp": Subject("Cutaway TTP", organization="Cutaway"),
    "server": Subject(SERVER_NAME, dns_names=(SERVER_NAME,)),
    "client": Subject(CLIENT_NAME, dns_names=(CLIENT_NAME,)),
}


def split_dns_names(text: str) -> tuple[str, ...]:
    """Return the names in a list that is separated by commas; raise `ValueError` if the list is empty."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ValueError("expected at least one DNS name")
    return names


def ask(subject: Subject, *, about: str, question: Callable[[str], str], complain: Callable[[str], object]) -> Subject:
    """Ask for each name in turn and return the subject; an empty answer takes what `subject` has.

    about: who the names are of, such as `server`.
    question: asks and returns the answer, such as `input`; `complain` says what is wrong with one that is then asked
    for again.
    """
    for field in fields(Subject):
        if field.name == "dns_names" and about == "ttp":
            continue  # the root certificate names no host
        held = getattr(subject, field.name)
        shown = held if isinstance(held, str) else ",".join(held)
        while True:
            answer = question(f"{about}: {QUESTIONS[field.name]} [{shown}]: ").strip()
            if not answer:
                break
            try:
                value = answer if isinstance(held, str) else split_dns_names(answer)
                subject = Subject(**{**asdict(subject), field.name: value})
                break
            except ValueError as error:
                complain(str(error))
        if field.name == "common_name" and subject.dns_names == (shown,) and DNS_NAME.fullmatch(subject.common_name):
            subject = replace(subject, dns_names=(subject.common_name,))
    return subject
