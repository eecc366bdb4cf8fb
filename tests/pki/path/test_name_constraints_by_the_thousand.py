"""Name constraints, addresses and host names in every combination, after the plan of BetterTLS's suite.

Netflix's suite has a root, an authority that constrains names and a leaf: each of the leaf's names and of the four
constraints is absent, right or wrong. What it calls a soft failure is one here: a name that is not allowed spoils the
certificate, whichever name the server is asked for by, and a common name does not count.
"""

from __future__ import annotations

import itertools

import pytest

from pki.fields.extensions import BasicConstraints, SubjectAltName, SubjectKeyIdentifier
from pki.fields.general_names import DNSName, GeneralName, IPAddress
from pki.fields.name_constraints import Base, GeneralSubtree, IPRange, NameConstraints
from pki.fields.names import Name
from pki.verify import CertificateError, Reason, verify_chain
from primitives.rsa import RSAPrivateKey
from tests.pki.conftest import INTERMEDIATE, NOW, ROOT, BuildCertificate

RIGHT, WRONG = "test.localhost", "bad.example.com"
HOSTS: dict[str, list[GeneralName]] = {"": [], "right": [DNSName(RIGHT)], "wrong": [DNSName(WRONG)]}
ADDRESSES: dict[str, list[GeneralName]] = {
    "": [],
    "right": [IPAddress(bytes([127, 0, 0, 1]))],
    "wrong": [IPAddress(bytes([1, 1, 1, 1]))],
}
TREES: dict[str, list[Base]] = {"": [], "right": [DNSName("localhost")], "wrong": [DNSName("example.com")]}
RANGES: dict[str, list[Base]] = {
    "": [],
    "right": [IPRange(bytes([127, 0, 0, 0]), 24)],
    "wrong": [IPRange(bytes([1, 1, 1, 0]), 24)],
}
COMMON_NAMES = ("leaf", RIGHT, WRONG, "127.0.0.1", "1.1.1.1")


def is_allowed(name: str, permitted: str, excluded: str) -> bool:
    """Return whether a name that is absent, right or wrong is allowed."""
    return not name or (permitted in ("", name) and excluded != name)


@pytest.mark.slow
def test_every_combination(certificate: BuildCertificate, keys: tuple[RSAPrivateKey, ...]) -> None:
    root = certificate(BasicConstraints(ca=True), subject=ROOT, public_key=keys[0].public_key)
    kinds = tuple(HOSTS)
    leaves = {}
    for common_name, host, address in itertools.product(COMMON_NAMES, kinds, kinds):
        names = tuple(HOSTS[host] + ADDRESSES[address])
        extension = SubjectAltName(names) if names else SubjectKeyIdentifier(b"leaf")
        subject = Name.build(common_name=common_name)
        leaves[common_name, host, address] = certificate(
            extension, subject=subject, issuer=INTERMEDIATE, signing_key=keys[1]
        )
    done = 0
    for hosts, addresses, not_hosts, not_addresses in itertools.product(kinds, repeat=4):
        permitted = tuple(map(GeneralSubtree, TREES[hosts] + RANGES[addresses]))
        excluded = tuple(map(GeneralSubtree, TREES[not_hosts] + RANGES[not_addresses]))
        constraints = [NameConstraints(permitted, excluded)] if permitted or excluded else []
        authority = certificate(
            BasicConstraints(ca=True), *constraints, subject=INTERMEDIATE, public_key=keys[1].public_key
        )
        for (_, host, address), leaf in leaves.items():
            is_right = is_allowed(host, hosts, not_hosts) and is_allowed(address, addresses, not_addresses)
            for asked, found in ((RIGHT, host), ("127.0.0.1", address)):
                try:
                    verify_chain(leaf, intermediates=[authority], roots=[root], at=NOW, server_name=asked)
                except CertificateError as error:
                    reason = error.reason
                    assert not (is_right and found == "right")
                    assert (reason is Reason.WRONG_NAME) == is_right
                else:
                    assert is_right
                    assert found == "right"
                done += 1
    assert done == 81 * 45 * 2 == 7290
