"""An attacker on the wire, between the real processes: whatever it does to a record, nobody is fooled."""

from pathlib import Path

import pytest

from demo.wire.flows import CutOffError, Flow
from tests.demo.support.parties import OTP, PATIENCE, Ending, Exchange, exchange

pytestmark = pytest.mark.slow  # every attack starts three processes; tests/handshake tries the same without any

TO_SERVER, TO_CLIENT = Flow.TO_TARGET, Flow.TO_CALLER

# The records of the exchange in each flow, as they are without tampering.
RECORDS = {
    TO_SERVER: (
        "ClientHello", "Certificate", "ClientKeyExchange", "CertificateVerify", "ChangeCipherSpec", "Finished",
        "acknowledgement", "close_notify",
    ),
    TO_CLIENT: (
        "ServerHello", "Certificate", "CertificateRequest", "ServerHelloDone", "ChangeCipherSpec", "Finished",
        "OTP", "close_notify",
    ),
}  # fmt: skip


class Attack:
    """Does something to one record, and passes on all others as they are."""

    def __init__(self, flow: Flow, name: str) -> None:
        self.flow, self.number = flow, RECORDS[flow].index(name)

    def __call__(self, flow: Flow, number: int, record: bytes) -> list[bytes]:
        if flow is self.flow and number == self.number:
            return self.attack(record)
        return self.otherwise(flow, record)

    def attack(self, record: bytes) -> list[bytes]:
        raise NotImplementedError

    def otherwise(self, flow: Flow, record: bytes) -> list[bytes]:
        return [record]


class SpoilLastByte(Attack):
    def attack(self, record: bytes) -> list[bytes]:
        return [record[:-1] + bytes([record[-1] ^ 1])]


class SpoilType(Attack):
    def attack(self, record: bytes) -> list[bytes]:
        return [bytes([record[0] ^ 1]) + record[1:]]


class SpoilIV(Attack):
    def attack(self, record: bytes) -> list[bytes]:
        return [record[:5] + bytes([record[5] ^ 0x80]) + record[6:]]


class Repeat(Attack):
    def attack(self, record: bytes) -> list[bytes]:
        return [record, record]


class Drop(Attack):
    def attack(self, record: bytes) -> list[bytes]:
        return []


class SwapWithNext(Attack):
    held: bytes | None = None

    def attack(self, record: bytes) -> list[bytes]:
        self.held = record
        return []

    def otherwise(self, flow: Flow, record: bytes) -> list[bytes]:
        if flow is not self.flow or self.held is None:
            return [record]
        first, self.held = self.held, None
        return [record, first]


class CutBefore(Attack):
    def attack(self, record: bytes) -> list[bytes]:
        raise CutOffError


BRIEF = 1.5  # seconds, where somebody waits in vain for what was taken away


def attacked(directory: Path, attack: Attack, *, timeout: float = PATIENCE) -> Exchange:
    """Let the parties talk under the attack: at least one of them must notice, and none may take a wrong OTP.

    timeout: how long they wait for each other. Where the attack itself ends the exchange, that must be long: on a busy
    machine, a party that has given up waiting would cut the connection before the other one has noticed.
    """
    result = exchange(directory, tamper=attack, timeout=timeout)
    assert (result.server.status, result.client.status) != (0, 0)
    for received in result.client.all("otp received"):
        assert received["text"] == OTP
    assert OTP.encode() not in result.wire
    return result


def who_noticed(result: Exchange) -> tuple[Ending, Ending]:
    """Return who sent a fatal alert, and the other."""
    both = result.server, result.client
    return both if any(way == "sent" and what != "close_notify" for way, what in both[0].alerts) else both[::-1]


def test_without_an_attack_both_succeed(enrolled_once: Path) -> None:
    result = exchange(enrolled_once)
    assert (result.server.status, result.client.status) == (0, 0)
    assert [event["text"] for event in result.client.all("otp received")] == [OTP]
    assert len(result.server.all("otp acknowledged")) == 1
    assert OTP.encode() not in result.wire
    for ending in (result.server, result.client):  # both say goodbye, and neither says anything else
        assert sorted(ending.alerts) == [("received", "close_notify"), ("sent", "close_notify")]


@pytest.mark.parametrize(
    ("flow", "name", "alert"),
    [
        (TO_SERVER, "ClientHello", "decrypt_error"),  # both see another handshake: the client's signature tells
        (TO_SERVER, "Certificate", "bad_certificate"),
        (TO_SERVER, "ClientKeyExchange", "decrypt_error"),
        (TO_SERVER, "CertificateVerify", "decrypt_error"),
        (TO_SERVER, "ChangeCipherSpec", "illegal_parameter"),
        (TO_SERVER, "Finished", "bad_record_mac"),
        (TO_SERVER, "acknowledgement", "bad_record_mac"),
        (TO_CLIENT, "ServerHello", "decrypt_error"),  # as with the ClientHello
        (TO_CLIENT, "Certificate", "bad_certificate"),
        (TO_CLIENT, "CertificateRequest", "decrypt_error"),
        (TO_CLIENT, "ChangeCipherSpec", "illegal_parameter"),
        (TO_CLIENT, "Finished", "bad_record_mac"),
        (TO_CLIENT, "OTP", "bad_record_mac"),
    ],
)
def test_a_spoiled_byte_in_any_record_ends_with_its_alert(
    enrolled_once: Path, flow: Flow, name: str, alert: str
) -> None:
    result = attacked(enrolled_once, SpoilLastByte(flow, name))
    noticed, other = who_noticed(result)
    assert noticed.alerts[-1] == ("sent", alert)
    assert other.alerts[-1] == ("received", alert)
    assert (noticed.status, other.status) == (1, 1)
    assert noticed.line.endswith(f"(the other side was told: alert {alert})")
    assert other.line.endswith(f": the other side refused to go on: it sent the alert {alert}")
    if name != "acknowledgement":
        assert not result.client.all("otp received")
    assert not result.server.all("otp acknowledged")


def test_a_length_that_promises_more_ends_in_time(enrolled_once: Path) -> None:
    spoil = SpoilLastByte(TO_CLIENT, "ServerHelloDone")  # its length: one byte more to come
    result = attacked(enrolled_once, spoil, timeout=BRIEF)
    assert (result.server.status, result.client.status) == (1, 1)


def test_a_spoiled_goodbye_is_noticed_by_whom_it_was_for(enrolled_once: Path) -> None:
    result = attacked(enrolled_once, SpoilLastByte(TO_CLIENT, "close_notify"))
    assert result.client.status == 1
    assert result.client.alerts == [("sent", "bad_record_mac")]
    result = attacked(enrolled_once, SpoilLastByte(TO_SERVER, "close_notify"))
    assert result.server.status == 1
    assert result.client.status == 0  # it had heard the server's goodbye: its own part was over


@pytest.mark.parametrize("flow", Flow)
@pytest.mark.parametrize("spoil", [SpoilType, SpoilIV])
def test_header_and_iv_of_application_data_are_protected(enrolled_once: Path, flow: Flow, spoil: type[Attack]) -> None:
    result = attacked(enrolled_once, spoil(flow, RECORDS[flow][-2]))
    noticed, _ = who_noticed(result)
    assert noticed.alerts[-1] == ("sent", "bad_record_mac")
    assert (result.server.status, result.client.status) == (1, 1)


@pytest.mark.parametrize(
    ("flow", "name", "alert"),
    [
        (TO_SERVER, "ClientHello", "unexpected_message"),
        (TO_SERVER, "CertificateVerify", "unexpected_message"),
        (TO_CLIENT, "ServerHello", "unexpected_message"),
        (TO_SERVER, "Finished", "bad_record_mac"),  # from here on, each record is sealed under its number
        (TO_SERVER, "acknowledgement", "bad_record_mac"),
        (TO_CLIENT, "OTP", "bad_record_mac"),
    ],
)
def test_a_repeated_record_is_refused(enrolled_once: Path, flow: Flow, name: str, alert: str) -> None:
    result = attacked(enrolled_once, Repeat(flow, name))
    noticed = result.server if flow is TO_SERVER else result.client
    assert noticed.status == 1
    assert ("sent", alert) in noticed.alerts
    assert len(result.client.all("otp received")) <= 1


@pytest.mark.parametrize(
    ("flow", "name"),
    [
        (TO_SERVER, "ClientHello"),
        (TO_SERVER, "CertificateVerify"),
        (TO_SERVER, "acknowledgement"),
        (TO_CLIENT, "CertificateRequest"),
        (TO_CLIENT, "Finished"),
        (TO_CLIENT, "OTP"),
    ],
)
def test_a_dropped_record_is_missed(enrolled_once: Path, flow: Flow, name: str) -> None:
    result = attacked(enrolled_once, Drop(flow, name), timeout=BRIEF)
    assert (result.server.status, result.client.status) == (1, 1)
    assert not result.server.all("otp acknowledged")


@pytest.mark.parametrize(
    ("flow", "name", "alert"),
    [
        (TO_SERVER, "Certificate", "unexpected_message"),
        (TO_SERVER, "ChangeCipherSpec", "unexpected_message"),
        (TO_CLIENT, "ServerHello", "unexpected_message"),
        (TO_CLIENT, "Finished", "bad_record_mac"),  # the record with the OTP comes first, under the wrong number
    ],
)
def test_records_out_of_order_are_refused(enrolled_once: Path, flow: Flow, name: str, alert: str) -> None:
    result = attacked(enrolled_once, SwapWithNext(flow, name))
    noticed, _ = who_noticed(result)
    assert ("sent", alert) in noticed.alerts
    assert (result.server.status, result.client.status) == (1, 1)
    assert not result.client.all("otp received")


@pytest.mark.parametrize(
    ("flow", "name"),
    [
        (TO_SERVER, "ClientHello"),
        (TO_CLIENT, "ServerHello"),
        (TO_SERVER, "ClientKeyExchange"),
        (TO_SERVER, "Finished"),
        (TO_CLIENT, "OTP"),
        (TO_SERVER, "acknowledgement"),
    ],
)
def test_a_cut_connection_is_no_end(enrolled_once: Path, flow: Flow, name: str) -> None:
    result = attacked(enrolled_once, CutBefore(flow, name))
    assert (result.server.status, result.client.status) == (1, 1)
    assert not result.server.all("otp acknowledged")
    assert "cut" in result.client.line or "reset" in result.client.line


def test_a_goodbye_that_is_cut_off_is_missed(enrolled_once: Path) -> None:
    result = attacked(enrolled_once, CutBefore(TO_CLIENT, "close_notify"))
    assert result.client.status == 1
    assert "close_notify" in result.client.line
