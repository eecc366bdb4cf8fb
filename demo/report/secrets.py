"""Each secret of the run: what it is made of, and since when who knows it.

That nobody else knows it is what all of the exchange is for; the page marks it for the TTP, the server, the client and
the eavesdropper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo.report.commands import Files, premaster_commands, prf, transcript_command, verify_data_command
from demo.report.model import Command, Moment, Secret
from demo.report.wire import Conversation
from handshake.messages.keys import Finished
from handshake.registries.codes import Role
from handshake.suites.rsa_transport import RSAKeyTransport
from handshake.tls12.key_schedule import KEY_BLOCK


@dataclass(frozen=True)
class Line:
    """One connection, for its secrets.

    id: begins the ids of its secrets, such as `x`. title: which connection it is.
    caller, target: who is its client and its server. key_file: the file with the target's private key.
    key: the id of that key among the secrets.
    """

    conversation: Conversation
    id: str
    title: str
    caller: str
    target: str
    key_file: str
    key: str

    def name_of(self, role: Role) -> str:
        """Return who has this role."""
        return self.caller if role is Role.CLIENT else self.target

    def link(self, name: str) -> str:
        """Return the id of the first record of this name."""
        passage = self.conversation.named(name)
        return "" if passage is None else passage.view.id


def connection_secrets(line: Line, values: Mapping[str, bytes], why: Mapping[str, str], files: Files) -> list[Secret]:
    """Return a connection's secrets, in the order in which they come to be.

    values, why: what the parties revealed, by the names of the steps that made them.
    """
    return [
        _premaster(line, values, why, files),
        _master(line, values, why, files),
        *_keys(line, values, why),
        *(_verify_data(line, values, role, files) for role in Role),
    ]


def _premaster(line: Line, values: Mapping[str, bytes], why: Mapping[str, str], files: Files) -> Secret:
    conversation, value = line.conversation, values["pre_master_secret"]
    exchange = line.link("ClientKeyExchange")
    name = "pre_master_secret"
    secret = Secret(f"{line.id}-{name}", line.title, name, value.hex(), "RFC 5246 §8.1", why[name])
    if conversation.suite is not None and isinstance(conversation.suite.key_exchange, RSAKeyTransport):
        secret.made_of = [("client_version and 46 random bytes of the client", ""), ("sent encrypted", exchange)]
        secret.made_of.append((f"decrypted with the private key of the {line.target}", line.key))
        secret.known = {
            line.caller: Moment(exchange, "has made it up, before this"),
            line.target: Moment(exchange, "has decrypted it"),
        }
    else:
        secret.made_of = [("the server's ephemeral key", line.link("ServerKeyExchange")), ("the client's", exchange)]
        secret.known = {
            who: Moment(exchange, "has computed it: own private key, the other's public one")
            for who in (line.caller, line.target)
        }
    secret.commands = premaster_commands(conversation, files, id=line.id, key=line.key_file, premaster=value)
    return secret


def _master(line: Line, values: Mapping[str, bytes], why: Mapping[str, str], files: Files) -> Secret:
    conversation, value = line.conversation, values["master_secret"]
    premaster, suite = values["pre_master_secret"], conversation.suite
    exchange = line.link("ClientKeyExchange")
    secret = Secret(
        f"{line.id}-master_secret", line.title, "master_secret", value.hex(), "RFC 7627 §4", why["master_secret"]
    )
    secret.made_of = [("pre_master_secret", f"{line.id}-pre_master_secret")]
    secret.known = {who: Moment(exchange, "has derived it") for who in (line.caller, line.target)}
    if suite is None:
        return secret
    if conversation.extended_master_secret:
        messages = [*conversation.messages("ClientKeyExchange")]
        last = conversation.named("ClientKeyExchange")
        messages += [last.message_data] if last else []
        hashed = transcript_command(conversation, files, name=f"{line.id}-session.bin", messages=messages)
        label, seed = b"extended master secret", suite.prf_hash(b"".join(messages)).digest()
        secret.made_of += [
            ("the label “extended master secret”", ""),
            ("the hash of all messages from here", line.link("ClientHello")),
        ]
        secret.made_of.append(("to here", exchange))
        secret.commands = [hashed]
    else:
        secret.section = "RFC 5246 §8.1"
        label, seed = b"master secret", conversation.client_random + conversation.server_random
        secret.made_of += [("the label “master secret”", ""), *_randoms(line)]
    secret.commands.append(
        Command("Derive it from the premaster secret", prf(suite, premaster, label, seed, len(value)), value.hex())
    )
    return secret


def _keys(line: Line, values: Mapping[str, bytes], why: Mapping[str, str]) -> list[Secret]:
    conversation, exchange = line.conversation, line.link("ClientKeyExchange")
    secrets, start = [], 0
    total = sum(len(values.get(name, b"")) for name, _ in KEY_BLOCK)
    for name, _ in KEY_BLOCK:
        value = values.get(name, b"")
        if not value:
            continue
        secret = Secret(f"{line.id}-{name}", line.title, name, value.hex(), "RFC 5246 §6.3", why[name])
        end = start + len(value)
        secret.made_of = [
            ("master_secret", f"{line.id}-master_secret"),
            ("the label “key expansion”", ""),
            *reversed(_randoms(line)),
            (f"of what comes out, bytes {start} to {end - 1}", ""),
        ]
        secret.known = {who: Moment(exchange, "has derived it") for who in (line.caller, line.target)}
        if conversation.suite is not None:
            seed = conversation.server_random + conversation.client_random
            derive = prf(conversation.suite, values["master_secret"], b"key expansion", seed, total)
            part = f"{derive} | cut -c {2 * start + 1}-{2 * end}"
            secret.commands = [
                Command("Derive the key block from the master secret, and cut this key out", part, value.hex())
            ]
        secrets.append(secret)
        start = end
    return secrets


def _verify_data(line: Line, values: Mapping[str, bytes], role: Role, files: Files) -> Secret:
    conversation = line.conversation
    finished = [p for p in conversation.passages if isinstance(p.message, Finished)]
    passage = finished[0] if role is Role.CLIENT else finished[1]  # in a full handshake, the client's comes first
    message = passage.message
    value = message.verify_data if isinstance(message, Finished) else b""
    messages = conversation.messages("Finished")
    if role is Role.SERVER:
        messages += [finished[0].message_data]
    id, sender = passage.view.id, line.name_of(role)
    secret = Secret(
        f"{line.id}-{role.value}_verify_data",
        line.title,
        f"verify_data of the {sender}",
        value.hex(),
        "RFC 5246 §7.4.9",
        "shows that its sender has seen the same messages and knows the master secret",
    )
    secret.made_of = [
        ("master_secret", f"{line.id}-master_secret"),
        (f"the label “{role.value} finished”", ""),
        ("the hash of all messages from here", line.link("ClientHello")),
        ("up to this one", id),
    ]
    secret.known = {
        sender: Moment(id, "has computed and sent it"),
        line.name_of(role.peer): Moment(id, "has decrypted it, and computed the same by itself"),
    }
    hashed = transcript_command(conversation, files, name=f"{line.id}-{role.value}-finished.bin", messages=messages)
    digest = bytes.fromhex(hashed.expected)
    secret.commands = [hashed, verify_data_command(conversation, values["master_secret"], role, digest, value)]
    return secret


def _randoms(line: Line) -> list[tuple[str, str]]:
    return [("client_random", line.link("ClientHello")), ("server_random", line.link("ServerHello"))]


def private_key(of: str, owner: str, value: str, *, since: Moment) -> Secret:
    """Return a private key. of: whose or what it is for; value: its private exponent in hexadecimal."""
    return Secret(
        f"key-{of}",
        "keys of the parties",
        f"private key of the {KEY_OWNERS.get(of, of)}",
        value,
        "RFC 8017 §3.2",
        "the exponent d: anyone who has it can sign in the owner's name, and decrypt what is encrypted to the owner",
        made_of=[("two random primes, which the owner alone has seen", "")],
        known={owner: since},
    )


KEY_OWNERS = {"root": "TTP’s root", "service": "TTP’s service"}


def enrolment_code(of: str, code: str, *, since: Sequence[tuple[str, Moment]]) -> Secret:
    """Return an enrolment code. of: the applicant whose it is."""
    return Secret(
        f"code-{of}",
        "codes and texts",
        f"enrolment code of the {of}",
        code,
        "RFC 7030 §3.2.3",
        "by it the TTP knows who applies; it came in an introduction letter, by a way that no network touches, and "
        "works once",
        made_of=[("random characters, drawn by the TTP", "")],
        known=dict(since),
    )


def otp_text(id: str, step: int, text: str, *, since: Sequence[tuple[str, Moment]]) -> Secret:
    """Return the one-time password as it was sent in a step."""
    return Secret(
        id,
        "codes and texts",
        f"the OTP, as sent in step {step}",
        text,
        "RFC 5246 §10" if step > 1 else "no standard",
        "anyone who reads it can confirm the transfer in the client's place"
        + ("" if step == 1 else "; a real one would be new after it was given away in step 1"),
        made_of=[("amount, payee and code, chosen by the server", "")],
        known=dict(since),
    )
