"""RFC 8448: from its private keys and messages, our key schedule and record protection give its secrets and records."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explain.layout import unexplained
from handshake.registries.codes import Role
from handshake.tls13.key_schedule import EarlySecret, TrafficSecret
from primitives.ec import P256, ECPrivateKey, ECPublicKey
from primitives.ecdh import ecdh
from primitives.gcm import AESGCM
from primitives.hkdf import hkdf_expand, hkdf_extract
from primitives.hmac import hmac_digest
from primitives.sha2 import sha256
from primitives.tls13_hkdf import hkdf_label
from primitives.x25519 import x25519
from record.codes import ContentType
from record.layer import Record, RecordLayer
from record.tls13 import TLS13GCMProtection

TRACES: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "rfc8448.toml").read_text())
STEPS = [step for trace in TRACES.values() for step in trace.get("steps", []) if len(step) > 3]
HANDSHAKE, DATA, ALERT = ContentType.HANDSHAKE, ContentType.APPLICATION_DATA, ContentType.ALERT
CLOSE_NOTIFY = b"\1\0"


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


class Trace:
    """One of the handshakes, with its figures as octets."""

    def __init__(self, section: str) -> None:
        self.figures = {name: octets(text) for name, text in TRACES[section].items() if name not in ("title", "steps")}
        self.shared = self._shared()

    def __getitem__(self, name: str) -> bytes:
        return self.figures[name]

    def message(self, name: str) -> bytes:
        """The handshake message of an unprotected record."""
        return self.figures[name][5:]

    def _shared(self) -> bytes:
        """The result of the key exchange, computed by the client from the server's key share."""
        private, hello = self["client_private_key"], self.message("record_server_hello")
        if len(self["server_private_key"]) == 32 and b"\0\x1d\0\x20" in hello:
            public = hello.partition(b"\0\x1d\0\x20")[2][:32]
            assert public == x25519(self["server_private_key"], (9).to_bytes(32, "little"))
            return x25519(private, public)
        point = hello.partition(b"\0\x17\0\x41")[2][:65]
        key = ECPrivateKey(P256, int.from_bytes(private, "big"))
        return ecdh(key, ECPublicKey.from_bytes(P256, point))


def protection(secret: TrafficSecret) -> TLS13GCMProtection:
    keys = secret.write_keys(key_length=16, iv_length=12)
    return TLS13GCMProtection(AESGCM(keys.enc_key), write_iv=keys.fixed_iv, name="AES-128-GCM")


class Side:
    """What one side sends: its records are opened, and made again."""

    def __init__(self) -> None:
        self.sender, self.receiver = RecordLayer(), RecordLayer()

    def keys(self, secret: TrafficSecret) -> None:
        self.sender.change_write_protection(protection(secret))
        self.receiver.change_read_protection(protection(secret))

    def opens(self, wire: bytes) -> Iterator[Record]:
        self.receiver.receive_data(wire)
        while record := self.receiver.next_record():
            assert unexplained(record.layout(), len(record.wire)) == []
            yield record

    def agrees(self, wire: bytes, content_type: ContentType, *contents: bytes) -> None:
        """The record carries this, and we make the very same of it."""
        assert [(r.content_type, r.content) for r in self.opens(wire)] == [(content_type, c) for c in contents]
        assert b"".join(r.wire for c in contents for r in self.sender.send(content_type, c)) == wire


def hashed(*messages: bytes) -> bytes:
    return sha256(b"".join(messages)).digest()


def transcript_of_hellos(trace: Trace) -> bytes:
    hello, answer = trace.message("record_client_hello_1"), trace.message("record_server_hello")
    if "record_hello_retry_request" not in trace.figures:
        return hello + answer
    synthetic = b"\xfe\0\0\x20" + hashed(hello)  # RFC 9846 §4.1
    second = trace.message("record_hello_retry_request"), trace.message("record_client_hello_2")
    return synthetic + b"".join(second) + answer


@pytest.mark.parametrize("section", TRACES)
def test_the_records_of_a_handshake(section: str) -> None:
    trace = Trace(section)
    client, server = Side(), Side()
    psk = None
    if section == "section-4":
        first = next(step for step in TRACES["section-4"]["steps"] if "resumption" in step["does"])
        psk = octets(first["expanded"])
    early = EarlySecret.extract(psk, hash=sha256)
    hellos = transcript_of_hellos(trace)
    if psk is not None:
        hello = trace.message("record_client_hello_1")
        binder = early.binder_key(is_external=False).verify_data(transcript_hash=hashed(hello[:-35]))
        assert hello[-32:] == binder
        client.keys(early.client_early_traffic_secret(transcript_hash=hashed(hello)))
        client.agrees(trace["record_client_early_app_data"], DATA, trace["client_early_app_data"])
    handshake = early.handshake_secret(trace.shared)
    secrets = {role: handshake.traffic_secret(role, transcript_hash=hashed(hellos)) for role in Role}
    server.keys(secrets[Role.SERVER])
    names = ("encrypted_extensions", "certificate_request", "server_certificate", "server_certificate_verify")
    flight = b"".join(trace.figures.get(f"message_{name}", b"") for name in names)
    finished = trace["message_server_finished"]
    assert finished[4:] == secrets[Role.SERVER].verify_data(transcript_hash=hashed(hellos, flight))
    change_cipher_spec = b"\x14\3\3\0\1\1" if section == "section-7" else b""
    wire = trace["record_server_handshake_messages"]
    assert wire.startswith(change_cipher_spec)
    server.agrees(wire.removeprefix(change_cipher_spec), HANDSHAKE, flight + finished)
    so_far = hellos + flight + finished
    main = handshake.main_secret()
    data = {role: main.traffic_secret(role, transcript_hash=hashed(so_far)) for role in Role}

    wire = trace["record_client_finished"].removeprefix(change_cipher_spec)
    end_of_early_data = b""
    if psk is not None:
        end_of_early_data = b"\5\0\0\0"
        cut = 5 + int.from_bytes(wire[3:5], "big")
        client.agrees(wire[:cut], HANDSHAKE, end_of_early_data)
        wire = wire[cut:]
    client.keys(secrets[Role.CLIENT])
    [record] = client.opens(wire)
    authentication, last = record.content[:-36], record.content[-36:]
    so_far += end_of_early_data + authentication
    assert last[:4] == b"\x14\0\0\x20"
    assert last[4:] == secrets[Role.CLIENT].verify_data(transcript_hash=hashed(so_far))
    assert b"".join(r.wire for r in client.sender.send(HANDSHAKE, record.content)) == wire
    so_far += last

    client.keys(data[Role.CLIENT])
    server.keys(data[Role.SERVER])
    if "record_new_session_ticket" in trace.figures:
        [ticket] = server.opens(trace["record_new_session_ticket"])
        assert b"".join(r.wire for r in server.sender.send(HANDSHAKE, ticket.content)) == ticket.wire
        nonce = ticket.content[13 : 13 + ticket.content[12]]
        resumption = main.resumption_secret(transcript_hash=hashed(so_far))
        step = next(step for step in TRACES["section-4"]["steps"] if "resumption" in step["does"])
        assert resumption.psk(nonce) == octets(step["expanded"])
    for role, side in (("client", client), ("server", server)):
        if f"record_{role}_app_data" in trace.figures:
            side.agrees(trace[f"record_{role}_app_data"], DATA, trace[f"{role}_app_data"])
        side.agrees(trace[f"record_{role}_close_notify"], ALERT, CLOSE_NOTIFY)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step['party']} {step['does']}")
def test_each_step_of_the_key_schedule(step: dict[str, str]) -> None:
    """Each printed value, from the values that are printed as its inputs."""
    figures = {name: octets(text) for name, text in step.items() if name not in ("party", "does")}
    if "private_key" in figures:
        assert figures["public_key"] == x25519(figures["private_key"], (9).to_bytes(32, "little"))
        return
    if "secret" in figures:
        assert figures["secret"] == hkdf_extract(figures["salt"] or bytes(32), figures["IKM"], hash=sha256)
        return
    made = [name for name in figures if name.endswith("expanded")]
    for name in made:
        info, expanded = figures[name.replace("expanded", "info")], figures[name]
        assert hkdf_expand(figures["PRK"], info, len(expanded), hash=sha256) == expanded
        label = info[9 : 3 + info[2]]
        context = figures.get("hash", b"") if name == "expanded" else b""
        assert hkdf_label(label, context, len(expanded)) == info
    if "binder_hash" in figures:
        assert figures["finished"] == hmac_digest(figures["expanded"], figures["binder_hash"], hash=sha256)


def test_the_schedule_gives_every_secret_that_is_printed() -> None:
    """Section 3, where each secret is printed."""
    trace, printed = Trace("section-3"), {octets(step["expanded"]) for step in STEPS if "expanded" in step}
    hellos = transcript_of_hellos(trace)
    handshake = EarlySecret.extract(None, hash=sha256).handshake_secret(trace.shared)
    made = {bytes(handshake.traffic_secret(role, transcript_hash=hashed(hellos))) for role in Role}
    names = ("encrypted_extensions", "server_certificate", "server_certificate_verify", "server_finished")
    so_far = hellos + b"".join(trace[f"message_{name}"] for name in names)
    main = handshake.main_secret()
    made |= {bytes(main.traffic_secret(role, transcript_hash=hashed(so_far))) for role in Role}
    made.add(bytes(main.exporter_secret(transcript_hash=hashed(so_far))))
    assert len(made) == 5
    assert made <= printed
    extracted = {octets(step["secret"]) for step in STEPS if step["does"].startswith("extract")}
    assert {bytes(handshake), bytes(main)} <= extracted
