"""The identities that server and client of the OTP need: one with an RSA key, one with an EC key, or both.

The EC key and its certificate have a folder of their own beside the other, such as `server-ec`, and the TTP knows their
owner by that name.
"""

from __future__ import annotations

from dataclasses import replace

from demo.enrolling.applicant import Introduction, obtain_identity
from demo.party.identity import Identity
from demo.party.keys import ECKeys, KeyPlan, RSAKeys
from demo.party.party import Party
from demo.party.subject import Subject


def obtain_identities(
    party: Party, subject: Subject, introduction: Introduction, plan: KeyPlan, *, rsa: bool, ec: bool
) -> list[Identity]:
    """Return the identities, the one with the RSA key first; raise `PartyError` if one of them cannot be.

    plan: what keys they are to have, apart from the kind. rsa, ec: which ones are needed.
    """
    found = []
    if rsa:
        found.append(obtain_identity(party, subject, introduction, replace(plan, kind=RSAKeys(2048))))
    if ec:
        other = replace(party, name=f"{party.name}-ec")
        found.append(obtain_identity(other, subject, introduction, replace(plan, kind=ECKeys())))
    return found
