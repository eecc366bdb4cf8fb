"""NIST's PKITS: every case of its description, with the policies that come out."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from pki.asn1.der import DERError
from pki.crl import CertificateRevocationList
from pki.path.initial_inputs import InitialInputs
from pki.path.profiles import Profile
from pki.verify import CertificateError, Reason, verify_chain
from pki.x509 import Certificate
from vectors.pkits import PathCase, path_cases, pkits_files, pkits_source

AT = datetime(2011, 4, 15, tzinfo=UTC)  # the suite was made in that year, and some certificates ended in it

# Signed with DSA, which FIPS 186-5 withdrew and nothing here implements: what is signed so is refused by name.
OUT_OF_SCOPE = {"4.1.4", "4.1.5", "4.1.6"}

# Files that strict DER refuses: their signatures, corrupted on purpose, are not a whole number of octets.
UNREADABLE = {"BadSignedCACert.crt", "InvalidDSASignatureTest6EE.crt", "BadCRLSignatureCACRL.crl"}

# By the section of the description, why its invalid cases are refused.
REASONS = {
    "1": {Reason.BAD_SIGNATURE, Reason.UNKNOWN_ISSUER, Reason.UNSUPPORTED_ALGORITHM},
    "2": {Reason.NOT_YET_VALID, Reason.EXPIRED},
    "3": {Reason.UNKNOWN_ISSUER},
    "4": {Reason.REVOKED, Reason.REVOCATION_UNKNOWN},
    "5": {Reason.REVOKED, Reason.NOT_A_CA},
    "6": {Reason.NOT_A_CA, Reason.PATH_TOO_LONG},
    "7": {Reason.CANNOT_SIGN_CERTIFICATES, Reason.REVOCATION_UNKNOWN},
    "8": {Reason.NO_VALID_POLICY},
    "9": {Reason.NO_VALID_POLICY},
    "10": {Reason.NO_VALID_POLICY, Reason.BAD_POLICY_MAPPING},
    "11": {Reason.NO_VALID_POLICY},
    "12": {Reason.NO_VALID_POLICY},
    "13": {Reason.NAME_NOT_PERMITTED, Reason.NAME_EXCLUDED},
    "14": {Reason.REVOKED, Reason.REVOCATION_UNKNOWN},
    "15": {Reason.REVOKED, Reason.REVOCATION_UNKNOWN},
    "16": {Reason.UNKNOWN_CRITICAL_EXTENSION},
}


def certificates(case: PathCase) -> list[Certificate]:
    readable = [name for name in case.certificates if name not in UNREADABLE]
    return [Certificate.from_der(pkits_files()[name]) for name in readable]


def lists(case: PathCase) -> list[CertificateRevocationList]:
    readable = [name for name in case.lists if name not in UNREADABLE]
    return [CertificateRevocationList.from_der(pkits_files()[name]) for name in readable]


def policies_of(case: PathCase, profile: Profile = Profile.PATH) -> frozenset[str]:
    root, *others = certificates(case)
    return verify_chain(
        others[-1],
        intermediates=others[:-1],
        roots=[root],
        at=AT,
        crls=lists(case),
        require_revocation_status=True,
        profile=profile,
        initial=InitialInputs(
            user_initial_policy_set=case.user_initial_policy_set,
            initial_explicit_policy=case.initial_explicit_policy,
            initial_policy_mapping_inhibit=case.initial_policy_mapping_inhibit,
            initial_any_policy_inhibit=case.initial_any_policy_inhibit,
        ),
    ).policies


@pytest.mark.parametrize("case", path_cases(), ids=lambda case: f"{case.number} {case.title}")
def test_case(case: PathCase) -> None:
    if case.valid and case.number not in OUT_OF_SCOPE:
        assert policies_of(case) == set(case.policies)
        return
    if case.certificates[-1] in UNREADABLE:
        with pytest.raises(DERError, match="not a whole number of octets"):
            Certificate.from_der(pkits_files()[case.certificates[-1]])
        return
    with pytest.raises(CertificateError) as caught:
        policies_of(case)
    assert caught.value.reason in REASONS[case.number.split(".")[1]]
    assert caught.value.message.isprintable()
    assert (caught.value.reason is Reason.UNSUPPORTED_ALGORITHM) == (case.number in OUT_OF_SCOPE)


@pytest.mark.slow
def test_cases_under_the_profile_of_rfc_5280() -> None:
    """The suite is older in one thing: its policyConstraints are often not critical, as RFC 5280 §4.2.1.11 demands.

    basicConstraints that are not critical, in 4.6.4, are taken here, too.
    """
    refused: dict[str, CertificateError] = {}
    for case in path_cases():
        if case.number in OUT_OF_SCOPE or case.certificates[-1] in UNREADABLE:
            continue
        try:
            policies = policies_of(case, Profile.RFC5280)
        except CertificateError as caught:
            if case.valid:
                refused[case.number] = caught
        else:
            assert case.valid
            assert policies == set(case.policies)
    for error in refused.values():
        assert (error.reason, error.accepted_under) == (Reason.WRONG_CRITICALITY, Profile.PATH)
        assert "its policyConstraints is not critical" in error.message
    assert len(refused) == 19
    assert "4.6.4" not in refused


def test_every_case_is_there() -> None:
    assert len(path_cases()) == pkits_source()["cases"] == 249
    assert {case.number.split(".")[1] for case in path_cases()} == REASONS.keys()
    assert Counter(case.valid for case in path_cases()) == {True: 114, False: 135}


def test_lists_are_what_decides() -> None:
    """Without its lists, a case of a revoked certificate holds unless they are demanded."""
    (case,) = (case for case in path_cases() if case.number == "4.4.3")
    root, *others = certificates(case)
    chain = verify_chain(others[-1], intermediates=others[:-1], roots=[root], at=AT)
    assert len(chain) == 3
    assert "revocation" not in [check.name for check in chain.checks]
    with pytest.raises(CertificateError) as caught:
        verify_chain(others[-1], intermediates=others[:-1], roots=[root], at=AT, require_revocation_status=True)
    assert caught.value.reason is Reason.REVOCATION_UNKNOWN
