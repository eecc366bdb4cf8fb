"""Certificate policies along a chain, beyond what PKITS has: the root's own words, and hostile mappings."""

from collections.abc import Sequence
from typing import Any

import pytest

from pki.fields.extensions import BasicConstraints, Extension
from pki.fields.names import Name
from pki.fields.policy_extensions import (
    ANY_POLICY,
    CertificatePolicies,
    InhibitAnyPolicy,
    PolicyConstraints,
    PolicyInformation,
    PolicyMappings,
)
from pki.path.initial_inputs import InitialInputs
from pki.verify import CertificateError, Reason, VerifiedChain, verify_chain
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey
from tests.pki.conftest import NOW, BuildCertificate

CA = BasicConstraints(ca=True)


def issued_under(*policies: str) -> CertificatePolicies:
    return CertificatePolicies(tuple(map(PolicyInformation, policies)))


class Chains:
    """Makes chains of which every certificate but the leaf is an authority's, all with one key."""

    def __init__(self, certificate: BuildCertificate, key: RSAPrivateKey) -> None:
        self.certificate, self.key = certificate, key

    def verify(self, *extensions: Sequence[Extension], **arguments: Any) -> VerifiedChain:
        """Verify a chain with these extensions, the root's first."""
        names = [Name.build(common_name=f"{i}") for i in range(len(extensions))]
        made: list[Certificate] = [
            self.certificate(
                BasicConstraints(ca=i < len(extensions) - 1),
                *own,
                subject=names[i],
                issuer=names[max(i - 1, 0)],
                public_key=self.key.public_key,
            )
            for i, own in enumerate(extensions)
        ]
        return verify_chain(made[-1], intermediates=made[1:-1], roots=made[:1], at=NOW, **arguments)

    def refused(self, *extensions: Sequence[Extension], **arguments: Any) -> Reason:
        with pytest.raises(CertificateError) as caught:
            self.verify(*extensions, **arguments)
        return caught.value.reason


@pytest.fixture(scope="session")
def chains(certificate: BuildCertificate, keys: Sequence[RSAPrivateKey]) -> Chains:
    return Chains(certificate, keys[0])


def test_without_policies(chains: Chains) -> None:
    assert chains.verify([]).policies == {ANY_POLICY}  # a root that is shown itself: nothing narrows it
    assert chains.verify([], []).policies == frozenset()
    assert chains.refused([], [], initial=InitialInputs(initial_explicit_policy=True)) is Reason.NO_VALID_POLICY


def test_the_policies_that_hold_are_told(chains: Chains) -> None:
    chain = chains.verify([], [issued_under("1.1", "1.2")], [issued_under("1.2", "1.3")])
    assert chain.policies == {"1.2"}
    assert chain.checks_by_certificate[0][-1] == ("policies", "1.2", "RFC 5280 §6.1.5 (g)")
    for accepted, found in ((["1.2", "1.9"], {"1.2"}), ([ANY_POLICY], {"1.2"}), (["1.1"], set())):
        inputs = InitialInputs(user_initial_policy_set=accepted)
        assert chains.verify([], [issued_under("1.2")], [issued_under("1.2")], initial=inputs).policies == found


def test_any_policy(chains: Chains) -> None:
    every = issued_under(ANY_POLICY)
    assert chains.verify([], [every], [every]).policies == {ANY_POLICY}
    assert chains.verify([], [every], [every], initial=InitialInputs(user_initial_policy_set=["1.1"])).policies == {
        "1.1"
    }
    assert chains.verify([], [every], [issued_under("1.1")]).policies == {"1.1"}
    inhibited = InitialInputs(initial_any_policy_inhibit=True)
    assert chains.verify([], [every], [issued_under("1.1")], initial=inhibited).policies == frozenset()
    assert chains.verify([], [every, InhibitAnyPolicy(0)], [every]).policies == frozenset()


def test_mappings(chains: Chains) -> None:
    mapped: list[Extension] = [issued_under("1.1"), PolicyMappings((("1.1", "2.1"), ("1.1", "2.2")))]
    assert chains.verify([], mapped, [issued_under("2.2")]).policies == {"1.1"}
    assert chains.verify([], mapped, [issued_under("1.1")]).policies == frozenset()
    inhibit = InitialInputs(initial_policy_mapping_inhibit=True)
    assert chains.verify([], mapped, [issued_under("2.2")], initial=inhibit).policies == frozenset()
    from_any: list[Extension] = [issued_under(ANY_POLICY), PolicyMappings((("1.5", "2.5"),))]
    assert chains.verify([], from_any, [issued_under("2.5")]).policies == {"1.5"}
    for pair in ((ANY_POLICY, "1.1"), ("1.1", ANY_POLICY)):
        bad: list[Extension] = [issued_under(ANY_POLICY), PolicyMappings((pair,))]
        assert chains.refused([], bad, []) is Reason.BAD_POLICY_MAPPING


def test_what_the_root_says_of_itself(chains: Chains) -> None:
    demanding = [PolicyConstraints(require_explicit_policy=0)]
    assert chains.refused(demanding, []) is Reason.NO_VALID_POLICY
    assert chains.verify(demanding, [issued_under("1.1")]).policies == {"1.1"}
    assert chains.verify([issued_under("1.7")], [issued_under("1.1")]).policies == {"1.1"}  # it is outside of the path


def test_what_the_leaf_says_of_itself(chains: Chains) -> None:
    """RFC 5280 §6.1.5 (b): a leaf may demand a policy too, for itself."""
    demanding = PolicyConstraints(require_explicit_policy=0)
    assert chains.refused([], [], [demanding]) is Reason.NO_VALID_POLICY
    assert chains.verify([], [], [PolicyConstraints(require_explicit_policy=1)])
    assert chains.verify([], [issued_under("1.1")], [issued_under("1.1"), demanding]).policies == {"1.1"}


def test_hostile_mappings_cost_little(chains: Chains) -> None:
    """In a tree each depth would multiply the nodes by 40; in the graph there are never more than 40 at a depth."""
    policies = [f"1.3.{i}" for i in range(40)]
    everything = PolicyMappings(tuple((one, other) for one in policies for other in policies))
    hostile: list[Extension] = [issued_under(*policies), everything]
    chain = chains.verify([], *[hostile] * 8, [issued_under(*policies)])
    assert chain.policies == set(policies)
