"""OpenSSL 4 as a peer in memory, by way of pyOpenSSL: `python -m tests.handshake.support.openssl4 CONVERSATIONS`.

It takes its groups and signature algorithms from a file that is read when the library is loaded, so each choice of them
is a process of its own. CONVERSATIONS is JSON: a list of [our role, group, kind of both keys, scheme]. For each, what
both sides say of it is printed as a line of JSON.
"""

import contextlib
import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from cryptography import x509

from handshake.connection import Connection
from handshake.events import ApplicationData, HandshakeCompleted, PeerSignatureVerified
from handshake.registries.codes import Role
from handshake.registries.groups import group_by_name
from handshake.registries.signature_schemes import scheme_by_name
from pki.keys import dump_private_key
from record.codes import TLS_1_3
from tests.handshake.support.parties import (
    Identity,
    Side,
    authority,
    client_configuration,
    identity,
    server_configuration,
)

HERE = importlib.util.find_spec("OpenSSL") is not None  # the everyday tests do without
SSL: Any = importlib.import_module("OpenSSL.SSL") if HERE else None
X509: Any = importlib.import_module("OpenSSL.crypto").X509 if HERE else None
DATA = b"data" * 1000
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME


def context_of(who: Identity) -> Any:
    """Their side, which asks for certificates and shows its own."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    with tempfile.TemporaryDirectory() as folder:  # pyOpenSSL's own keys know no ML-DSA
        (file := Path(folder) / "own.pem").write_bytes(who.chain[0].to_pem() + dump_private_key(who.private_key))
        context.use_certificate_chain_file(str(file))
        context.use_privatekey_file(str(file))
    store = context.get_cert_store()
    store.add_cert(X509.from_cryptography(x509.load_pem_x509_certificate(authority().certificate.to_pem())))
    store.set_flags(NO_CHECK_TIME)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
    return context


def converse(role: Role, group: str, kind: str, scheme: str) -> dict[str, Any]:
    """One conversation, with certificates on both sides and data both ways."""
    common: dict[str, Any] = {"versions": (TLS_1_3,), "groups": (group_by_name(group),)}
    common["signature_schemes"] = (scheme_by_name(scheme), scheme_by_name("rsa_pkcs1_sha384"))
    common["who"] = identity(f"{role.value}.example", kind=kind)
    if role is Role.CLIENT:
        ours = Side(Connection(client_configuration(**common)))
    else:
        ours = Side(Connection(server_configuration(mutual=True, **common)))
    theirs = SSL.Connection(context_of(identity(f"{role.peer.value}.example", kind=kind)), None)
    theirs.set_accept_state() if role is Role.CLIENT else theirs.set_connect_state()
    received, sent = b"", False
    for _ in range(12):
        ours.drain()
        if data := ours.output():
            theirs.bio_write(data)
        try:
            theirs.do_handshake()
            if not sent and ours.got(HandshakeCompleted):
                sent = True
                theirs.sendall(DATA)
                ours.connection.send(DATA)
            received += theirs.recv(2**16)
        except SSL.WantReadError:
            pass
        with contextlib.suppress(SSL.WantReadError):
            ours.connection.receive_data(theirs.bio_read(2**16))
    completed = ours.got(HandshakeCompleted)
    return {
        "errors": [repr(ours.error)] if ours.error else [],
        "our group": str(completed[0].parameters.group) if completed else None,
        "their group": theirs.get_group_name(),
        "their version": theirs.get_protocol_version_name(),
        "scheme of the peer": [str(event.scheme) for event in ours.got(PeerSignatureVerified)],
        "heard by us": b"".join(event.data for event in ours.got(ApplicationData)) == DATA,
        "heard by them": received == DATA,
    }


if __name__ == "__main__":
    for name, *rest in json.loads(sys.argv[1]):
        print(json.dumps(converse(Role(name), *rest)), flush=True)
