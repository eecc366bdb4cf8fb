"""What can be broken on purpose, by its name: who does what, which check has to catch it, and what it prevents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from demo.breaking.tampering import (
    TO_CLIENT,
    change_last_byte,
    cut_before,
    put_in_key,
    repeat,
    strike_suites,
    swap_with_next,
)
from demo.wire.flows import Tamper
from handshake.suites.table import suite_by_name
from primitives.integers import i2osp
from primitives.rsa import generate_private_key
from record.codes import ContentType

STRONG, WEAK = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"
OTHER_NAME = "server.other.example"


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is wrong.

    title: what it is, in a few words. deed: who does what.
    caught_by: the party that has to notice, and alert: what it then tells the other.
    check: which check it is. where: its place in the code. section: the standard that prescribes it.
    without: what would have happened without that check.
    tamper: makes what sits on the wire between client and server, if it is done there.
    server, client: more words for a party's command line, if it is done by that.
    setting: what else about the world has to be so: `expired`, `untrusted` or `revoked`.
    """

    title: str
    deed: str
    caught_by: str
    alert: str
    check: str
    where: str
    section: str
    without: str
    tamper: Callable[[], Tamper] | None = None
    server: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    setting: str = ""


def _put_in_new_key() -> Tamper:
    return put_in_key(i2osp(generate_private_key(2048).n, 256))


BREAKS = {
    "wrong-name": Break(
        "A certificate for another name",
        f"The server has a good certificate of the same TTP, but for {OTHER_NAME}.",
        "client",
        "bad_certificate",
        "the certificate must be for the name that the client wants to talk to",
        "pki/path/server_identity.py: check_server_name",
        "RFC 9525 §6.3",
        "Anybody whom the TTP has certified for anything could have posed as the bank.",
        server=("--common-name", OTHER_NAME, "--dns-name", OTHER_NAME),
    ),
    "expired": Break(
        "A certificate that is over",
        "The server enrolled two years ago and has not renewed. Its clock stands still, so it does not notice.",
        "client",
        "certificate_expired",
        "the time of the handshake must lie between the certificate's dates",
        "pki/verify.py: verify_chain",
        "RFC 5280 §6.1.3 (a)(2)",
        "A key that was lost, or whose owner has no right to the name any more, would be good for ever.",
        setting="expired",
    ),
    "untrusted": Break(
        "A certificate of somebody else's TTP",
        "The server shows a certificate with the right name. It comes from a TTP that the client has never heard of.",
        "client",
        "unknown_ca",
        "the chain must lead to a root that was trusted beforehand, each signature in it verified",
        "pki/verify.py: verify_chain",
        "RFC 5280 §6.1",
        "Everybody can make a TTP, and with it a certificate for any name.",
        setting="untrusted",
    ),
    "revoked": Break(
        "A certificate that was taken back",
        "The TTP has revoked the server's certificate: its key was stolen. The server goes on with it.",
        "client",
        "certificate_revoked",
        "the certificate must not be on the TTP's CRL, its certificate revocation list",
        "pki/path/revocation.py: Revocation.check",
        "RFC 5280 §6.3",
        "The thief of the key could have posed as the bank until the certificate is over.",
        setting="revoked",
    ),
    "swapped-key": Break(
        "Another key in the server's certificate",
        "Somebody on the wire puts their own public key into the certificate, and leaves all else as it is.",
        "client",
        "bad_certificate",
        "the TTP's signature covers every byte of the certificate, the key above all",
        "pki/x509.py: Certificate.verify_signature_by",
        "RFC 5280 §6.1.3 (a)(1)",
        "The client would have encrypted its secret for the attacker.",
        tamper=_put_in_new_key,
    ),
    "downgraded": Break(
        "The better suites struck off the list",
        f"Both know {STRONG}. Somebody on the wire leaves only {WEAK} on the client's list.",
        "server",
        "decrypt_error",
        "the client signs the handshake as it has seen it, and the server verifies as it has",
        "handshake/proofs.py: verify_signature",
        "RFC 5246 §7.4.8",
        "Both would have used the weakest suite they know, and each thought that the other knows no better. Without "
        "client certificates, it is the Finished messages that notice (RFC 5246 §7.4.9).",
        tamper=lambda: strike_suites(suite_by_name(WEAK).code),
        server=("--suite", STRONG, "--suite", WEAK),
        client=("--suite", STRONG, "--suite", WEAK),
    ),
    "bad-oaep": Break(
        "A premaster secret that does not decrypt",
        "The client changes one bit of the encrypted premaster secret, as somebody looking for an oracle would.",
        "server",
        "bad_record_mac",
        "the server goes on with a random secret in its place, and so the client's Finished does not open",
        "handshake/suites/rsa_transport.py: RSAKeyTransport.receive",
        "RFC 5246 §7.4.7.1",
        "An error of its own for this would answer the attacker's question. Enough of these answers decrypt "
        "any premaster secret, recorded long ago.",
        client=("--fault", "bad-oaep"),
    ),
    "tampered-finished": Break(
        "A changed bit in the record with the server's Finished",
        "Somebody on the wire changes one bit of the record that ends the handshake.",
        "client",
        "bad_record_mac",
        "Finished is the first record under the new keys: its MAC does not hold, so that nobody looks at what it says",
        "record/cbc.py: CBCProtection.open",
        "RFC 7366 §3",
        "The changed Finished would be decrypted and compared, and a stranger could probe what it says bit by bit.",
        tamper=partial(change_last_byte, TO_CLIENT, ContentType.HANDSHAKE),
    ),
    "wrong-finished": Break(
        "A Finished that is wrong by one bit",
        "The server has the keys, and protects its Finished as it should; but one bit of its verify_data is wrong.",
        "client",
        "decrypt_error",
        "verify_data must be the PRF of the master secret and of the handshake as the client has seen it",
        "handshake/proofs.py: verify_finished",
        "RFC 5246 §7.4.9",
        "Nobody would have compared what the two have seen: a handshake changed on the way could go unnoticed, and a "
        "server without the master secret could pass for one that has it.",
        server=("--fault", "bad-finished"),
    ),
    "tampered-record": Break(
        "A changed bit in the record with the OTP",
        "Somebody on the wire changes one bit. They cannot read the record, but they can carry it.",
        "client",
        "bad_record_mac",
        "the MAC over number, type, length and content of the record must hold",
        "record/cbc.py: CBCProtection.open",
        "RFC 7366 §3",
        "The client would have got another text than was sent: in CBC, the attacker changes one bit of it at will.",
        tamper=partial(change_last_byte, TO_CLIENT, ContentType.APPLICATION_DATA),
    ),
    "bad-mac": Break(
        "A MAC that is wrong from the start",
        "The server itself corrupts the MAC of the record with the OTP.",
        "client",
        "bad_record_mac",
        "the MAC must hold, no matter who sent the record",
        "record/cbc.py: CBCProtection.open",
        "RFC 5246 §6.2.3.1",
        "Nothing could tell a record of the server's from one that somebody made up.",
        server=("--fault", "bad-mac"),
    ),
    "bad-padding": Break(
        "A padding that is wrong from the start",
        "The server, which does not know encrypt-then-MAC, pads the record with the OTP with zeros. The MAC is right.",
        "client",
        "bad_record_mac",
        "padding and MAC are checked on one path, and the same alert is sent for both",
        "record/cbc.py: CBCProtection.open",
        "RFC 5246 §6.2.3.2",
        "An answer of its own for a wrong padding decrypts records, byte by byte: see the lesson padding-oracle.",
        server=("--fault", "bad-padding"),
    ),
    "replayed": Break(
        "The record with the OTP, twice",
        "Somebody on the wire sends the same record again.",
        "client",
        "bad_record_mac",
        "the MAC covers the record's number, which is another one for the second",
        "record/protection.py: record_mac",
        "RFC 5246 §6.2.3.1",
        "An order to transfer money, sent once, would have been carried out twice.",
        tamper=partial(repeat, TO_CLIENT, ContentType.APPLICATION_DATA),
    ),
    "reordered": Break(
        "Two records in the wrong order",
        "Somebody on the wire lets the record with the OTP go before the one with the server's Finished.",
        "client",
        "bad_record_mac",
        "the MAC covers the record's number: each record has one place",
        "record/protection.py: record_mac",
        "RFC 5246 §6.2.3.1",
        "Data would have been taken from somebody whose handshake was not verified yet.",
        tamper=partial(swap_with_next, TO_CLIENT, ContentType.HANDSHAKE),
    ),
    "truncated": Break(
        "The end cut off",
        "Somebody on the wire cuts the connection before the server has said that it was all.",
        "client",
        "decode_error",
        "a connection ends with close_notify, which is protected like all records",
        "handshake/connection.py: Connection._receive_end",
        "RFC 5246 §7.2.1",
        "“Transfer Rs 1000 to Bob, unless he calls before noon” loses its second half, and looks whole.",
        tamper=partial(cut_before, TO_CLIENT, ContentType.ALERT),
    ),
}
