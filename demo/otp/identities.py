"""The identities that server and client of the OTP need: one with an RSA key, one with an EC key, or both.

The EC key and its certificate have a folder of their own beside the other, such as `server-ec`, and the TTP knows their
owner by that name.
"""

from __future__ import annotations

from dataclasses import replace

from demo.enrolling.applicant import Application, obtain_identity
from demo.party.identity import Identity
from demo.party.keys import ECKeys, RSAKeys
from demo.party.party import Party


def obtain_identities(party: Party, application: Application, *, rsa: bool, ec: bool) -> list[Identity]:
    """Return the identities, the one with the RSA key first; raise `PartyError` if one of them cannot be.

    application: for each of them, apart from the kind of key. rsa, ec: which ones are needed.
    """
    found = []
    plan = application.plan
    if rsa:
        found.append(obtain_identity(party, replace(application, plan=replace(plan, kind=RSAKeys(2048)))))
    if ec:
        other = replace(party, name=f"{party.name}-ec")
        found.append(obtain_identity(other, replace(application, plan=replace(plan, kind=ECKeys()))))
    return found
