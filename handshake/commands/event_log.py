"""What happened on a connection, in words: what was negotiated, and every message with its fields.

Standard     None: this is for people.
Left out     Secrets, which no event holds.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from console.printable import printable
from explain.layout import Field
from explain.showing.meaning_lines import NOTE, MeaningLines
from handshake.channel import step_of
from handshake.events import (
    AlertReceived,
    AlertSent,
    ApplicationData,
    ApplicationDataSent,
    Event,
    HandshakeCompleted,
    KeysUpdated,
    MessageReceived,
    MessageSent,
    OwnCertificateNotShown,
    PeerAuthenticated,
    PeerCertificateMissing,
    PeerCertificateNotVerified,
    PeerCertificateVerified,
    PeerSignatureVerified,
    SessionNotResumed,
    SSL2ClientHelloReceived,
)
from handshake.machine import Message
from handshake.messages.hello import ServerHello
from handshake.messages.keys import ChangeCipherSpec
from handshake.messages.meanings import MEANINGS
from handshake.parameters import Parameters
from handshake.proofs import UnverifiedChain
from handshake.registries.codes import HandshakeType, Role
from handshake.registries.signature_schemes import LEGACY_SCHEMES, SignatureScheme
from handshake.suites.rsa_transport import RSAKeyTransport
from handshake.suites.tls13 import TLS13Suite
from pki.keys import describe_public_key
from pki.verify import Profile, VerifiedChain
from record.codes import MAXIMUM_PLAINTEXT, VERSION_NAMES

WIDTH = 80
FULL_TAG = 16  # bytes of the tag that an AEAD usually has
SHORTEST_NAME = 3  # bytes that are taken for text, if they look like it


class EventLog:
    """Writes down what happens on one connection.

    role: which side we are. say: is given each line. explain: whether every message is written down with its fields,
    and what each is and why it is there where it comes for the first time, in lines of at most `width` characters.
    """

    def __init__(self, role: Role, say: Callable[[str], None], *, explain: bool, width: int = WIDTH) -> None:
        self._role, self._say, self._explain, self._width = role, say, explain, width
        self._meanings, self._explained = MeaningLines(MEANINGS), False
        self._scheme: SignatureScheme | None = None
        self._why_new = ""
        self._unverified: UnverifiedChain | None = None

    def __call__(self, event: Event) -> None:
        """Write down one event."""
        match event:
            case MessageSent() | MessageReceived() | SSL2ClientHelloReceived() if self._explain:
                self._write_message(event)
            case PeerCertificateVerified():
                self._write_checks(event.chain)
            case PeerCertificateNotVerified():
                self._unverified = event.chain
                for check in event.chain.checks:
                    self._say(f"checked: {check.name}: {check.outcome} ({check.section})")
                self._say(f"FAILED: {event.chain.failure}")
            case PeerCertificateMissing():
                self._say("the client shows no certificate")
            case OwnCertificateNotShown():
                self._say(f"the server asks for a certificate, and is shown none: {event.reason}")
            case PeerSignatureVerified():
                self._scheme = event.scheme
            case SessionNotResumed():
                self._why_new = event.reason
            case HandshakeCompleted():
                if self._why_new:
                    self._say(f"session: new: {self._why_new}")
                chain = event.peer_chain or self._unverified
                for name, value in negotiated(event.parameters, chain, self._role, self._scheme):
                    self._say(f"{name}: {value}")
                for weakness in weaknesses(event.parameters, chain, self._scheme):
                    self._say(f"weak: {weakness}")
            case PeerAuthenticated():
                shown = "nobody" if event.chain is None else str(event.chain[0].subject)
                self._say(f"peer, asked after the handshake: {shown}")
            case KeysUpdated():
                self._say(f"new keys: what the {event.sender.value} sends")
            case AlertSent() | AlertReceived() if self._explain:
                arrow = ">" if isinstance(event, AlertSent) else "<"
                self._say(f"{arrow} alert {event.level.name.lower()} {event.description.name.lower()}")
            case ApplicationData() if self._explain:
                self._say(f"< application data, {len(event.data)} bytes")
            case ApplicationDataSent() if self._explain:
                self._say(f"> application data, {event.length} bytes")
            case _:
                pass

    def _write_checks(self, chain: VerifiedChain) -> None:
        """Write down what was checked, and what the stricter profiles would refuse: the handshake goes by PATH."""
        if self._explain:
            for check in chain.checks:
                checked = f"checked: {check.name}: {check.outcome} ({check.section})"
                for line in self._wrapped(checked, "  ", "      "):
                    self._say(line)
        for objection in chain.objections(Profile.WEB if self._role is Role.CLIENT else Profile.RFC5280):
            warning = f"warning: {objection.profile.name} would refuse it, {objection.reason.name}: {objection.message}"
            for line in self._wrapped(warning, "", "  "):
                self._say(line)

    def _write_message(self, event: MessageSent | MessageReceived | SSL2ClientHelloReceived) -> None:
        arrow = ">" if isinstance(event, MessageSent) else "<"
        is_change = isinstance(event.message, ChangeCipherSpec)
        name = Message.CHANGE_CIPHER_SPEC if is_change else _name(event)
        if not self._explained:
            self._explained = True
            self._say(NOTE)
        self._say(f"{arrow} {name.value}, {len(event.data)} bytes")
        for field in event.layout():
            self._write_field((field,), event.data)

    def _write_field(self, path: tuple[Field, ...], data: bytes) -> None:
        """Write down the field at the end of the path, which leads there from the outermost, and all below it."""
        field, indent = path[-1], "  " * len(path)
        shown = field.value
        if not field.fields and shown in ("", f"{field.end - field.start} bytes"):
            shown = _excerpt(data[field.start : field.end])
        lines = self._wrapped(f"{field.label}{': ' if shown else ''}{shown}", indent, indent + "      ")
        section = f"   [{field.section}]" if field.section else ""
        if len(lines[-1] + section) > self._width:
            lines.append(f"{indent}      {section.strip()}")
        else:
            lines[-1] += section
        for line in self._meanings.of(*path):
            lines += self._wrapped(line, indent + "    ", indent + "    ")
        for line in lines:
            self._say(line)
        for part in field.fields:
            self._write_field((*path, part), data)

    def _wrapped(self, text: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(text, self._width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _name(event: MessageSent | MessageReceived | SSL2ClientHelloReceived) -> Message:
    if isinstance(event.message, ServerHello):
        return step_of(event.message)
    return Message[HandshakeType(event.data[0]).name]


def _excerpt(data: bytes) -> str:
    if len(data) >= SHORTEST_NAME and data.isascii() and data.decode().isprintable():
        return f"{data.decode()} ({len(data)} bytes)"
    return f"{data[:16].hex()}{'…' if len(data) > 16 else ''} ({len(data)} bytes)"


def _against_quantum_computers(parameters: Parameters) -> str:
    group = parameters.group
    return ", also against quantum computers" if group is not None and group.post_quantum else ""


def negotiated(
    parameters: Parameters, chain: VerifiedChain | UnverifiedChain | None, role: Role, scheme: SignatureScheme | None
) -> Iterator[tuple[str, str]]:
    """Return what was agreed upon, and why: pairs of a name and what there is to say."""
    suite = parameters.suite
    chooser = "the server" if role is Role.CLIENT else "us"
    why = f"chosen by {chooser}, of those that both sides and the certificate can do"
    yield "version", VERSION_NAMES[parameters.version]
    yield "suite", f"{suite.name} ({'that of the session' if parameters.resumption else why})"
    yield from _keys(parameters)
    order = ""
    if suite.cipher.is_block_cipher:
        order = ", encrypt-then-MAC" if parameters.encrypt_then_mac else ", MAC-then-encrypt"
    yield "records", f"{suite.cipher.name}{order}"
    if isinstance(suite, TLS13Suite):
        yield "key schedule", f"HKDF with {suite.prf_hash.name}, bound to the whole handshake"
    elif parameters.extended_master_secret:
        which = "its first" if parameters.resumption else "this"
        yield "master secret", f"extended, bound to {which} handshake (RFC 7627)"
    else:
        yield "master secret", "of the two randoms only, as the peer does not know RFC 7627"
    limits = parameters.record_limits
    if min(limits.to_client, limits.to_server) < MAXIMUM_PLAINTEXT:
        how = "max_fragment_length" if limits.max_fragment_length else "record_size_limit"
        sizes = f"at most {limits.to_client} bytes to the client, {limits.to_server} to the server"
        yield "record size", f"{sizes}, by {how}"
    if parameters.server_name is not None:
        yield "server name", parameters.server_name
    if parameters.protocol is not None:
        yield "protocol", parameters.protocol
    yield from _peer(parameters, chain, scheme)


def _keys(parameters: Parameters) -> Iterator[tuple[str, str]]:
    """Return how the keys came about."""
    suite = parameters.suite
    if isinstance(suite, TLS13Suite):
        after = ", after a HelloRetryRequest" if parameters.retried else ""
        if parameters.group is not None:
            secrecy = f"forward secrecy{_against_quantum_computers(parameters)}"
            yield "key exchange", f"{parameters.group}{after}: {secrecy}"
        else:
            yield "key exchange", f"none, only the key from before{after}: no forward secrecy"
        if parameters.resumption is not None:
            yield "session", f"resumed, by its {parameters.resumption.value}: no certificates shown"
        if parameters.early_data:
            yield "early data", "taken; an attacker may send it again"
    elif parameters.resumption is not None:
        yield "session", f"resumed, by its {parameters.resumption.value}: no keys exchanged, no certificates shown"
    elif isinstance(suite.key_exchange, RSAKeyTransport):
        yield "key exchange", f"{suite.key_exchange.name}: no forward secrecy"
    else:
        yield "key exchange", f"{suite.key_exchange.name} on {parameters.group}: forward secrecy"


def _peer(
    parameters: Parameters, chain: VerifiedChain | UnverifiedChain | None, scheme: SignatureScheme | None
) -> Iterator[tuple[str, str]]:
    """Return who the peer is."""
    if parameters.psk_identity is not None:
        yield "peer", f"somebody who has the key {printable(parameters.psk_identity.decode('utf-8', 'replace'))!r}"
        return
    if chain is None:
        yield "peer", "not authenticated"
        return
    signed = f", signed by {scheme.name}" if scheme is not None else ""
    shown = f"{chain[0].subject}, {describe_public_key(chain[0].public_key)}{signed}"
    if isinstance(chain, UnverifiedChain):
        yield "peer", f"NOT VERIFIED: {shown}"
        yield "issued by", str(chain[0].issuer)
    else:
        yield "peer", shown
        yield "issued by", f"{chain[0].issuer}; verified up to: {chain[-1].subject}"
    yield "peer fingerprint", f"SHA-256 {chain[0].fingerprint().hex()}"


def weaknesses(
    parameters: Parameters, chain: VerifiedChain | UnverifiedChain | None, scheme: SignatureScheme | None
) -> Iterator[str]:
    """Return what is weak in what was agreed upon, a sentence for each thing."""
    suite, group = parameters.suite, parameters.group
    if isinstance(chain, UnverifiedChain):
        yield f"nobody knows who the server is: {chain.failure}"
    if isinstance(suite, TLS13Suite):
        if group is None:
            yield "anyone who learns the key from before can read this connection, even later"
        if suite.cipher.tag_length < FULL_TAG:
            yield f"a forged record passes once in 2^{8 * suite.cipher.tag_length} times, as its tag is so short"
        if parameters.early_data:
            yield "the early data may have been sent before, by somebody who recorded it"
    else:
        if isinstance(suite.key_exchange, RSAKeyTransport):
            yield "anyone who gets the server's key can read this connection, even later"
        if suite.cipher.is_block_cipher and not parameters.encrypt_then_mac:
            yield "the padding of records is decrypted before it is authenticated, on which padding oracles rest"
        if not parameters.extended_master_secret:
            yield "the keys are not bound to the handshake: a server in the middle can share them (RFC 7627)"
    if group is not None and not group.post_quantum:
        yield "a quantum computer could find the keys, also those of connections that are recorded today"
    if scheme is not None and scheme in LEGACY_SCHEMES:
        yield f"the handshake is signed by {scheme.name}, for whose hash function collisions can be made"
