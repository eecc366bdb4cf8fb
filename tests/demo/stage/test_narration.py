"""Tests of what the demo says of messages and of recordings: it must be true of each variant."""

from __future__ import annotations

import pytest

from demo.otp.story import _later
from demo.stage.narration import why_of


def test_an_empty_certificate_message_is_signed_by_nobody() -> None:
    assert "The TTP has signed it" in why_of("Certificate", [["common name", "bank.example"]])
    empty = why_of("Certificate", [["certificate", "none"]])
    assert "no certificate" in empty
    assert "signed" not in empty


@pytest.mark.parametrize("name", ["ClientHello", "ServerHello", "CertificateRequest", "ServerHelloDone", "Finished"])
def test_parties_go_by_their_names_where_the_ttp_is_the_server(name: str) -> None:
    for facts in ([], [["certificate", "none"]]):
        why = why_of(name, facts, server="the TTP", client="the applicant", proves=True).lower()
        assert "the server" not in why
        assert "the client" not in why


def test_after_a_secret_that_was_sent_finished_is_the_proof() -> None:
    assert "proof that it has the private key" in why_of("Finished", [], proves=True)
    assert "private key" not in why_of("Finished", [])


def test_only_an_ephemeral_key_exchange_is_called_forward_secret() -> None:
    for suite in ("TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"):
        assert "there is no forward secrecy. With --kex ecdsa there is" in _later(suite)
    for suite in ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"):
        assert "That is forward secrecy" in _later(suite)
