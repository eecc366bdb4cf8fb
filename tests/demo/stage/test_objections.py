"""What stricter profiles would refuse in a chain is a row of its own, in the report and in the narration."""

from demo.facts.certificates import objection_rows
from pki.verify import Purpose, verify_chain
from tests.handshake.support.parties import NOW, authority, identity


def rows(name: str, **about: object) -> list[list[str]]:
    leaf = identity(name, **about).chain[0]
    return objection_rows(verify_chain(leaf, roots=[authority("root").certificate], at=NOW))


def test_what_our_authority_issues_has_no_objections() -> None:
    assert rows("server.example") == []
    assert rows("client.example", purposes=(Purpose.CLIENT_AUTH,)) == []


def test_objections() -> None:
    [[what, why]] = rows("code.example", purposes=(Purpose.SERVER_AUTH, Purpose.CODE_SIGNING))
    assert what == "warning"
    assert why.startswith("the profile WEB would refuse it, FORBIDDEN_PURPOSE: the certificate of CN=code.example: ")
