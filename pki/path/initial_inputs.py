"""The initial inputs of path validation, beside the path, the time and the trust anchor.

Standard     RFC 5280 §6.1.1 (c) and (e) to (i).
Left out     (a), (b) and (d), the path, the time and the trust anchor: arguments of `verify_chain`.

>>> InitialInputs(user_initial_policy_set=["2.23.140.1.2.1"]).user_initial_policy_set
frozenset({'2.23.140.1.2.1'})
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pki.fields.name_constraints import GeneralSubtree
from pki.fields.policy_extensions import ANY_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialInputs:
    """What §6.1.1 lets an application demand of a path.

    user_initial_policy_set: the certificate policies that are accepted, by their identifiers (c).
    initial_policy_mapping_inhibit: whether no policy may be mapped to another (e).
    initial_explicit_policy: whether the path must hold under one of the accepted policies (f).
    initial_any_policy_inhibit: whether anyPolicy in a certificate counts for nothing (g).
    initial_permitted_subtrees: where names must be, of those kinds that occur here (h).
    initial_excluded_subtrees: where names must not be (i).
    """

    user_initial_policy_set: Iterable[str] = (ANY_POLICY,)
    initial_policy_mapping_inhibit: bool = False
    initial_explicit_policy: bool = False
    initial_any_policy_inhibit: bool = False
    initial_permitted_subtrees: Iterable[GeneralSubtree] = ()
    initial_excluded_subtrees: Iterable[GeneralSubtree] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "user_initial_policy_set", frozenset(self.user_initial_policy_set))
        for name in ("initial_permitted_subtrees", "initial_excluded_subtrees"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


INITIAL_INPUTS = InitialInputs()
"""Any policy, any name."""
