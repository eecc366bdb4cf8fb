"""Object identifiers and their names."""

from pki.asn1 import der_writer
from pki.asn1.oids import NAMES, OIDS, describe


def test_each_name_has_one_identifier_and_each_identifier_one_name() -> None:
    assert len(OIDS) == len(NAMES)
    for dotted, name in NAMES.items():
        assert OIDS[name] == dotted
        assert der_writer.oid("oid", dotted).value == describe(dotted) == f"{name} ({dotted})"


def test_the_unknown_are_shown_by_their_numbers() -> None:
    assert describe("1.2.3") == "1.2.3"
