"""No byte of the session is unexplained; nothing that went over the wire is missing; sealed records are opened."""

from demo.report.model import Run, Sent
from demo.wire.flows import Flow
from explain.showing.byte_view import Part, View, faults
from tests.demo.support.reports import OTP, Revealed


def test_no_byte_of_the_session_is_unexplained(run: Run) -> None:
    views = list(run.views())
    assert len({view.id for view in views}) == len(views) > 100
    for view in views:
        assert faults(view) == []


def test_every_byte_on_the_wire_is_on_the_page_once_and_in_order(run: Run, revealed: Revealed) -> None:
    sent = list(run.sent())
    captures = [capture for name in ("trivial", "enrolment", "exchange") for capture in revealed.captures[name]]
    shown = iter(sent)
    for capture in captures:
        streams = dict.fromkeys(Flow, b"")
        whole = sum(len(capture.stream(flow)) for flow in Flow)
        caller = None
        while sum(map(len, streams.values())) < whole:
            piece = next(shown)
            caller = caller or (
                piece.receiver if piece.view.id == "t1" else piece.sender
            )  # a client speaks first in TLS
            streams[Flow.TO_TARGET if piece.sender == caller else Flow.TO_CALLER] += piece.view.data
        assert streams == {flow: capture.stream(flow) for flow in Flow}
    assert next(shown, None) is None
    assert [piece.view.id for piece in sent] == ["t1", *(f"r{i}" for i in range(1, len(sent)))]


def named(run: Run, name: str) -> Sent:
    return [sent for sent in run.sent() if sent.name == name][-1]


def find(view: View, label: str) -> Part:
    return next(part for top in view.parts for part in top.walk() if part.label == label)


def test_sealed_records_are_shown_before_and_after_decryption(run: Run) -> None:
    sealed = [sent for sent in run.sent() if sent.sealed]
    assert len(sealed) == 11 + 11 + 6
    for sent in sealed:
        opened = find(sent.view, "block-ciphered").opened
        assert opened is not None
        content = find(opened, "content")
        assert opened.data[content.start : content.end] not in sent.view.data
    otp = find(named(run, "the OTP, encrypted and authenticated").view, "block-ciphered").opened
    assert otp is not None
    assert find(otp, "otp").value == OTP
    assert OTP.encode() in otp.data


def test_the_premaster_secret_is_opened_down_to_its_random_bytes(run: Run) -> None:
    [secret] = [secret for secret in run.secrets if secret.id == "x-pre_master_secret"]
    contents = [part for top in named(run, "ClientKeyExchange").view.parts for part in top.walk() if part.opened]
    [block] = [part.opened for part in contents]
    assert block is not None
    data = find(block, "maskedDB").opened
    assert data is not None
    assert [part.label for part in data.parts] == ["lHash", "PS", "01", "client_version", "random"]
    version = find(data, "client_version")
    assert data.data[version.start :].hex() == secret.value


def test_signatures_are_opened_with_the_public_keys(run: Run) -> None:
    for certificate in run.certificates:
        [signature] = [part.opened for top in certificate.view.parts for part in top.walk() if part.opened]
        assert signature is not None
        assert [part.label for part in signature.parts] == ["00", "01", "PS", "00 ", "T"]
    [opened] = [part.opened for top in named(run, "CertificateVerify").view.parts for part in top.walk() if part.opened]
    assert opened is not None
    assert [part.label for part in opened.parts] == ["maskedDB", "H", "bc"]
    assert opened.data[-1] == 0xBC


def test_certificates_are_explained_down_to_the_bit(run: Run) -> None:
    [server] = [certificate for certificate in run.certificates if certificate.whose == "server"]
    usage = next(part for top in server.view.parts for part in top.walk() if part.label == "KeyUsage" and part.parts)
    assert usage.parts[0].bits.startswith("00 universal")
    certificate_record = next(sent for sent in run.sent() if sent.name == "Certificate" and sent.receiver == "client")
    labels = {part.label for top in certificate_record.view.parts for part in top.walk()}
    assert {"fragment", "certificate_list", "tbsCertificate", "KeyUsage", "signatureValue"} <= labels


def test_what_each_party_calculated_is_where_it_ran(run: Run) -> None:
    key_exchange, verify = named(run, "ClientKeyExchange"), named(run, "CertificateVerify")
    assert "RSAES-OAEP-ENCRYPT" in [step.name for step in key_exchange.before]
    assert {"RSAES-OAEP-DECRYPT", "master_secret", "key_block"} <= {step.name for step in key_exchange.after}
    assert "RSASSA-PSS-SIGN" in [step.name for step in verify.before]
    assert "RSASSA-PSS-VERIFY" in [step.name for step in verify.after]
    calculations = [step for sent in run.sent() for step in (*sent.before, *sent.after)]
    assert all(step.section and step.why and step.html for step in calculations)
    rounds = [step for step in calculations if "round 63" in step.html]
    assert rounds  # at least one block is there with all of its rounds
