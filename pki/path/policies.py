"""Certificate policies along a chain: under which rules all of its authorities vouch for the leaf.

Standard     RFC 5280 §6.1.2 to §6.1.5, with the graph of RFC 9618 §5 in place of the tree.
Left out     Qualifiers, from which nothing follows here.

Each authority names the policies under which it issues, may say that a policy of its own counts as one of the
authority below (a mapping), and may demand that some policy hold. The tree of RFC 5280 has a node for each way to
come to a policy, and hostile certificates can make these grow exponentially; here every policy has one node at each
depth, with all its parents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pki.asn1.oids import describe
from pki.fields.policy_extensions import (
    ANY_POLICY,
    CertificatePolicies,
    InhibitAnyPolicy,
    PolicyConstraints,
    PolicyMappings,
)
from pki.path.initial_inputs import InitialInputs
from pki.path.refusals import Reason, brief, refusal
from pki.x509 import Certificate


@dataclass(eq=False, slots=True)
class Node:
    """A policy that holds down to a certificate.

    valid_policy: the policy, as that certificate's issuer calls it.
    expected: what the next certificate may call it.
    parents: the nodes above that it follows from.
    """

    valid_policy: str
    expected: frozenset[str]
    parents: list[Node] = field(default_factory=list)


class PolicyProcessing:
    """The policies of a chain, certificate by certificate from below the root to the leaf.

    length: how many certificates will follow (n).
    initial: the inputs of §6.1.1, of which (c), (e), (f) and (g) count here.
    """

    def __init__(self, length: int, initial: InitialInputs) -> None:
        self.length = length
        self.initial_policies = frozenset(initial.user_initial_policy_set)
        # §6.1.2 (a): the nodes at the depth reached, by their policies; none are left once no policy holds (NULL).
        self.nodes = {ANY_POLICY: Node(ANY_POLICY, frozenset([ANY_POLICY]))}
        # §6.1.2 (d) to (f): after how many more certificates a policy is demanded, anyPolicy and mappings forbidden.
        self.explicit_policy = 0 if initial.initial_explicit_policy else length + 1
        self.inhibit_any_policy = 0 if initial.initial_any_policy_inhibit else length + 1
        self.policy_mapping = 0 if initial.initial_policy_mapping_inhibit else length + 1

    def descend(self, certificate: Certificate, *, is_last: bool) -> None:
        """Go one certificate deeper (§6.1.3 (d), (e)). is_last: whether it is the leaf."""
        above, self.nodes = self.nodes, {}
        extension = certificate.extension(CertificatePolicies)
        if extension is None:  # (e)
            return
        expecting: dict[str, list[Node]] = {}
        for node in above.values():
            for policy in node.expected:
                expecting.setdefault(policy, []).append(node)
        named = {policy.identifier for policy in extension.policies}
        for policy in named - {ANY_POLICY}:  # (d)(1)
            parents = expecting.get(policy) or ([above[ANY_POLICY]] if ANY_POLICY in above else [])
            if parents:
                self.nodes[policy] = Node(policy, frozenset([policy]), parents)
        if ANY_POLICY in named and (self.inhibit_any_policy or (not is_last and certificate.is_self_issued)):  # (d)(2)
            for policy, parents in expecting.items():
                if policy not in self.nodes:
                    self.nodes[policy] = Node(policy, frozenset([policy]), parents)
        # (d)(3), the removal of nodes without children, changes nothing before the end: see `_authority_constrained`.

    def require_one(self, certificate: Certificate) -> None:
        """Raise `CertificateError` if now no policy holds and one is demanded (§6.1.3 (f))."""
        if not self.explicit_policy and not self.nodes:
            message = "a policy is demanded, and none holds for all certificates down to this one"
            raise refusal(Reason.NO_VALID_POLICY, certificate, message)

    def map(self, certificate: Certificate) -> None:
        """Rename policies for the certificates below (§6.1.4 (a), (b))."""
        mappings = certificate.extension(PolicyMappings)
        if mappings is None:
            return
        renamed: dict[str, set[str]] = {}
        for issuer, subject in mappings.mappings:
            if ANY_POLICY in (issuer, subject):  # (a)
                raise refusal(
                    Reason.BAD_POLICY_MAPPING, certificate, "it maps anyPolicy, which stands for itself alone"
                )
            renamed.setdefault(issuer, set()).add(subject)
        any_policy = self.nodes.get(ANY_POLICY)
        for policy, subjects in renamed.items():
            if not self.policy_mapping:  # (b)(2)
                self.nodes.pop(policy, None)
            elif policy in self.nodes:  # (b)(1)
                self.nodes[policy].expected = frozenset(subjects)
            elif any_policy is not None:
                self.nodes[policy] = Node(policy, frozenset(subjects), any_policy.parents)

    def count_down(self) -> None:
        """Count a certificate that is not self-issued (§6.1.4 (h))."""
        self.explicit_policy = max(self.explicit_policy - 1, 0)
        self.policy_mapping = max(self.policy_mapping - 1, 0)
        self.inhibit_any_policy = max(self.inhibit_any_policy - 1, 0)

    def constrain(self, certificate: Certificate) -> None:
        """Take over the limits that the certificate of an authority sets (§6.1.4 (i), (j)).

        A root is outside of the path, but what it says of itself is taken as an initial input (RFC 5937 §2).
        """
        constraints = certificate.extension(PolicyConstraints)
        if constraints is not None:
            if constraints.require_explicit_policy is not None:
                self.explicit_policy = min(self.explicit_policy, constraints.require_explicit_policy)
            if constraints.inhibit_policy_mapping is not None:
                self.policy_mapping = min(self.policy_mapping, constraints.inhibit_policy_mapping)
        inhibit = certificate.extension(InhibitAnyPolicy)
        if inhibit is not None:
            self.inhibit_any_policy = min(self.inhibit_any_policy, inhibit.skip_certificates)

    def wrap_up(self, certificate: Certificate) -> None:
        """Count the leaf, and take over what it demands (§6.1.5 (a), (b))."""
        self.explicit_policy = max(self.explicit_policy - 1, 0)
        constraints = certificate.extension(PolicyConstraints)
        if constraints is not None and constraints.require_explicit_policy == 0:
            self.explicit_policy = 0

    def result(self, leaf: Certificate) -> frozenset[str]:
        """Return the policies, among those accepted, under which the chain holds (RFC 9618 §5.5, in §6.1.5 (g)).

        Raises `CertificateError` if there is none and one is demanded.
        """
        policies = self._authority_constrained()
        if ANY_POLICY in policies:
            policies = self.initial_policies
        elif ANY_POLICY not in self.initial_policies:
            policies &= self.initial_policies
        if not self.explicit_policy and not policies:
            message = "a policy is demanded, and none of those that hold for the chain is accepted"
            raise refusal(Reason.NO_VALID_POLICY, leaf, message)
        return policies

    def _authority_constrained(self) -> frozenset[str]:
        """Return the policies as the first authority calls them: those that follow from anyPolicy (RFC 9618 §5.5).

        From the nodes that are left the parents lead upwards, so what has no child at the end is never met.
        """
        if ANY_POLICY in self.nodes:
            return frozenset([ANY_POLICY])
        found = set()
        seen: set[Node] = set()
        waiting = list(self.nodes.values())
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for parent in node.parents:
                if parent.valid_policy == ANY_POLICY:
                    found.add(node.valid_policy)
                else:
                    waiting.append(parent)
        return frozenset(found)


def shown_policies(policies: Iterable[str]) -> str:
    """Return the policies as a person reads them."""
    return brief(", ".join(map(describe, sorted(policies))) or "none")
