"""The lines for a shell that reproduce the values of a run with `openssl`, and the script that makes their files.

They need `openssl` (3.0 or later), `od` and `tr`, and what `Files.script` has made in the current directory.
"""

from __future__ import annotations

import base64
from datetime import datetime

from demo.report.model import Command
from demo.report.wire import Conversation, Passage
from explain.layout import Field
from handshake.messages.authentication import CertificateVerify
from handshake.messages.keys import EncryptedPremasterSecret
from handshake.registries.codes import Role
from handshake.registries.signature_schemes import SCHEME_NAMES
from handshake.suites.ciphers import CBCCipher, CFBCipher
from handshake.suites.rsa_transport import RSA_OAEP, RSAKeyTransport
from handshake.suites.table import CipherSuite
from handshake.tls12.key_schedule import FINISHED_LABELS

HEX = "| hex"  # a function that the script defines


class Files:
    """The files that the commands read."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._binary: dict[str, bytes] = {}

    def text(self, name: str, text: str) -> str:
        """Have a text file; return its name."""
        self._texts[name] = text
        return name

    def binary(self, name: str, data: bytes) -> str:
        """Have a binary file; return its name."""
        self._binary[name] = data
        return name

    def script(self) -> str:
        """Return the script that writes them all into the current directory."""
        lines = ["hex() { od -An -tx1 -v | tr -d ' \\n'; echo; }", "umask 077"]
        for name, text in self._texts.items():
            lines.append(f"cat > {name} <<'END'\n{text.strip()}\nEND")
        for name in self._texts:
            if not name.endswith("-key.pem"):
                lines.append(f"openssl x509 -in {name} -noout -pubkey > {name.removesuffix('.pem')}-public.pem")
        for name, data in self._binary.items():
            lines.append(f"printf %s {base64.b64encode(data).decode()} | openssl base64 -d -A > {name}")
        return "\n".join(lines) + "\n"


def prf(suite: CipherSuite, secret: bytes, label: bytes, seed: bytes, length: int) -> str:
    """Return the line for PRF(secret, label, seed) (RFC 5246 §5)."""
    return (
        f"openssl kdf -binary -keylen {length} -kdfopt digest:{suite.prf_hash.name.upper()} "
        f"-kdfopt hexsecret:{secret.hex()} -kdfopt 'seed:{label.decode()}' -kdfopt hexseed:{seed.hex()} TLS1-PRF {HEX}"
    )


def premaster_commands(
    conversation: Conversation, files: Files, *, id: str, key: str, premaster: bytes
) -> list[Command]:
    """Return how to decrypt the premaster secret. key: the name of the file with the private key."""
    suite, passage = conversation.suite, conversation.named("ClientKeyExchange")
    if suite is None or passage is None or not isinstance(passage.message, EncryptedPremasterSecret):
        return []
    name = files.binary(f"{id}-premaster.bin", passage.message.encrypted)
    padding = "-pkeyopt rsa_padding_mode:pkcs1"
    if isinstance(suite.key_exchange, RSAKeyTransport) and suite.key_exchange is RSA_OAEP:
        padding = "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256"
    line = f"openssl pkeyutl -decrypt -inkey {key} {padding} -in {name} {HEX}"
    return [Command("Decrypt it with the server's private key", line, premaster.hex())]


def transcript_command(conversation: Conversation, files: Files, *, name: str, messages: list[bytes]) -> Command:
    """Return how to hash handshake messages. name: of their file."""
    if conversation.suite is None:
        raise ValueError("the conversation has no suite")
    hash = conversation.suite.prf_hash
    data = b"".join(messages)
    line = f"openssl dgst -{hash.name} -binary {files.binary(name, data)} {HEX}"
    return Command("Hash the handshake messages up to there", line, hash(data).hexdigest())


def verify_data_command(
    conversation: Conversation, secret: bytes, sender: Role, digest: bytes, value: bytes
) -> Command:
    """Return how to compute a Finished's verify_data (RFC 5246 §7.4.9)."""
    if conversation.suite is None:
        raise ValueError("the conversation has no suite")
    line = prf(conversation.suite, secret, FINISHED_LABELS[sender], digest, 12)
    return Command("Derive it from the master secret", line, value.hex())


def record_commands(
    passage: Passage, conversation: Conversation, files: Files, keys: dict[str, bytes], *, writer: str
) -> list[Command]:
    """Return how to decrypt a record and to compute its MAC. keys: by their names; writer: client or server."""
    suite, record, id = conversation.suite, passage.record, passage.view.id
    if suite is None or not passage.sealed or not isinstance(suite.cipher, CBCCipher | CFBCipher):
        return []  # openssl's commands have no authenticated encryption
    cipher, wire = suite.cipher, record.wire
    fields = {part.label: part for top in record.layout() for _, part in top.walk()}
    sealed = fields.get("block-ciphered") or fields["ciphertext"]
    iv, encrypted = wire[fields["IV"].start : fields["IV"].end], wire[sealed.start : sealed.end]
    mode = "cbc" if isinstance(cipher, CBCCipher) else "cfb"
    opened = sealed.opened.data if sealed.opened else b""
    decrypt = (
        f"openssl enc -d -aes-{8 * cipher.enc_key_length}-{mode} -K {keys[f'{writer}_write_key'].hex()} -iv {iv.hex()} "
        f"-nopad -in {files.binary(f'{id}-encrypted.bin', encrypted)} {HEX}"
    )
    data, mac = _authenticated(passage, conversation, fields, iv + encrypted)
    header = record.sequence_number.to_bytes(8, "big") + wire[:3] + len(data).to_bytes(2, "big")
    authenticate = (
        f"openssl dgst -{cipher.mac_hash.name} -mac HMAC -macopt hexkey:{keys[f'{writer}_write_MAC_key'].hex()} "
        f"-binary {files.binary(f'{id}-authenticated.bin', header + data)} {HEX}"
    )
    return [
        Command(f"Decrypt record {id}, with its padding", decrypt, opened.hex()),
        Command("Compute its MAC, over number, type, version, length and data", authenticate, mac.hex()),
    ]


def _authenticated(
    passage: Passage, conversation: Conversation, fields: dict[str, Field], encrypted: bytes
) -> tuple[bytes, bytes]:
    """Return what the MAC is of, without the header, and the MAC."""
    if "MAC" in fields:
        return encrypted, passage.record.wire[fields["MAC"].start : fields["MAC"].end]
    opened = fields["block-ciphered"].opened
    if opened is None:
        raise ValueError("the record was not opened")
    [mac] = [opened.data[part.start : part.end] for part in opened.fields if part.label == "MAC"]
    return passage.record.content, mac


def certificate_verify_commands(conversation: Conversation, files: Files, *, id: str, key: str) -> list[Command]:
    """Return how to verify the client's signature. key: the name of the file with the client's public key."""
    passage = conversation.named("CertificateVerify")
    if passage is None or not isinstance(passage.message, CertificateVerify):
        return []
    scheme = SCHEME_NAMES.get(passage.message.algorithm, "")
    hash = scheme.rpartition("_")[2]
    options = {"rsa_pss_rsae": " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest", "rsa_pkcs1": ""}
    options_of_scheme = options.get(scheme.rpartition("_")[0])
    if options_of_scheme is None:
        return []
    signature = files.binary(f"{id}-signature.bin", passage.message.signature)
    messages = files.binary(f"{id}-signed.bin", b"".join(conversation.messages("CertificateVerify")))
    line = f"openssl dgst -{hash}{options_of_scheme} -verify {key} -signature {signature} {messages}"
    return [Command("Verify the signature, of all messages so far, with the client's public key", line, "Verified OK")]


def certificate_commands(name: str, *, at: datetime, purpose: str, fingerprint: str) -> list[Command]:
    """Return how to look at a certificate and to verify it. name: of its file; purpose: for `openssl verify`."""
    commands = [
        Command("Take it apart", f"openssl asn1parse -i -in {name}"),
        Command("Read it", f"openssl x509 -in {name} -noout -text"),
        Command(
            "Hash it, all of it: its fingerprint",
            f"openssl x509 -in {name} -noout -fingerprint -sha256",
            f"sha256 Fingerprint={fingerprint}",
        ),
    ]
    line = f"openssl verify -attime {int(at.timestamp())} -x509_strict -CAfile root.pem"
    if purpose:
        line += f" -purpose {purpose}"
    return [*commands, Command("Verify it as of the time of the run", f"{line} {name}", f"{name}: OK")]


def opened_commands(passage: Passage, files: Files) -> list[Command]:
    """Return how to look at the request, the certificates or the CRL that a record carries."""
    commands = []
    for view in passage.view.walk():
        label = view.parts[0].label
        if label == "CertificationRequest":
            name = files.binary(f"{view.id}-request.der", view.data)
            commands.append(
                Command("Check the request's own signature", f"openssl req -inform DER -in {name} -verify -noout")
            )
        elif label == "ContentInfo":
            name = files.binary(f"{view.id}-certificates.der", view.data)
            line = f"openssl pkcs7 -inform DER -in {name} -print_certs -noout"
            commands.append(Command("List the certificates inside", line))
        elif label == "CertificateList":
            name = files.binary(f"{view.id}-crl.der", view.data)
            commands.append(Command("See what the CRL says", f"openssl crl -inform DER -in {name} -text -noout"))
    return commands
