"""PKCS #12: private keys and certificates in one file under a password, as browsers and Windows take them.

Standard     RFC 7292 §4 (PFX), §4.1 (AuthenticatedSafe), §4.2 (SafeContents and its bags), appendix B (the MAC's key),
             appendix C (the older encryption); RFC 5652 §3, §8 (EncryptedData); RFC 2985 for the names of bags.
Left out     Files that are signed or encrypted with public keys, and PBMAC1: refused. Bags with CRLs and secrets are
             named, not read. Writing anything but PBES2.
Timing       The MAC is compared in constant time; what is decrypted after it is right, as far as a password can tell.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hmac import compare_digest
from typing import TypeVar

from pki.asn1.der import BMP_STRING, DERError, Reader, context
from pki.asn1.der_writer import (
    Element,
    integer,
    null,
    octet_string,
    octets_holding,
    oid,
    sequence,
    set_of,
    string,
)
from pki.asn1.oids import NAMES, OIDS, describe
from pki.key_formats.encryption_schemes import Encrypted, read_encrypted_private_key_info, read_scheme
from pki.key_formats.pbes2 import (
    MAX_ITERATIONS,
    PBES2Encrypted,
    encrypt,
    encryption_algorithm,
)
from pki.key_formats.pkcs12_pbe import PKCS12Encrypted, bmp_password, check_derivation
from pki.key_formats.private_key_info import PrivateKey, private_key_info, read_private_key_info
from pki.x509 import Certificate
from primitives.errors import DecryptionError
from primitives.hash_names import hash_named
from primitives.hashes import HashFunction
from primitives.hmac import hmac_digest
from primitives.integers import RandomBytes
from primitives.pkcs12_kdf import MAC_KEY, pkcs12_kdf
from primitives.sha2 import sha256

PFX, SAFE, CONTENTS, MAC = "RFC 7292 §4", "RFC 7292 §4.1", "RFC 7292 §4.2", "RFC 7292 §4"
KEYS, SHROUDED, CERTS = "RFC 7292 §4.2.1", "RFC 7292 §4.2.2", "RFC 7292 §4.2.3"
INFO, ENCRYPTED, ALGORITHM = "RFC 5652 §3", "RFC 5652 §8", "RFC 5280 §4.1.1.2"
EXPLICIT, IMPLICIT = context(0, constructed=True), context(0)
MAC_HASHES: dict[str, HashFunction] = {
    OIDS[f"id-{name}"]: hash_named(name) for name in ("sha1", "sha224", "sha256", "sha384", "sha512")
}
MAC_ITERATIONS, SALT_SIZE = 10_000, 16

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Bag:
    """One thing in the file.

    content: a private key, encrypted or not; a certificate; or what is not read here, by the identifier of its kind.
    name: its `friendlyName`, if it has one. key_id: its `localKeyId`, the same for a key and its certificate.
    """

    content: PrivateKey | Encrypted | Certificate | str
    name: str | None = None
    key_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class MacData:
    """The MAC by which a password proves the file. digest: the MAC itself; the others go into its key."""

    hash: HashFunction
    digest: bytes
    salt: bytes
    iterations: int


@dataclass(frozen=True, slots=True)
class PersonalInformation:
    """A file of PKCS #12.

    safes: its parts, in order; each a tuple of bags, or encrypted as a whole.
    content: what the MAC is of. mac: None if the file has none.
    """

    safes: tuple[tuple[Bag, ...] | Encrypted, ...]
    content: bytes
    mac: MacData | None

    def open(self, password: bytes, *, max_iterations: int = MAX_ITERATIONS) -> tuple[Bag, ...]:
        """Return all bags, with nothing left encrypted.

        password: in UTF-8; an empty one opens files that were written without any, too.
        max_iterations: of all derivations together; more are not tried.
        Raises `DecryptionError` if the password is wrong or the file damaged, and `ValueError` if there are too many
        iterations, or the password is not UTF-8.
        """
        try:
            return self._open(password, max_iterations)
        except DecryptionError:
            if password:
                raise
        return self._open(None, max_iterations)

    def _open(self, password: bytes | None, max_iterations: int) -> tuple[Bag, ...]:
        budget = _Budget(max_iterations)
        self._verify(password, budget)
        bags: list[Bag] = []
        for safe in self.safes:
            if isinstance(safe, tuple):
                bags += safe
            else:
                plain = _decrypt(safe, password, budget)
                bags += _decrypted(read_safe_contents, plain)
        return tuple(_opened(bag, password, budget) for bag in bags)

    def _verify(self, password: bytes | None, budget: _Budget) -> None:
        """Verify the MAC, if there is one; raise `DecryptionError` if it does not match (appendix B, RFC 2104)."""
        if self.mac is None:
            return
        hash, digest, salt, iterations = self.mac.hash, self.mac.digest, self.mac.salt, self.mac.iterations
        budget.spend(iterations)
        if not compare_digest(_mac(self.content, bmp_password(password), salt, iterations, hash), digest):
            raise DecryptionError


def _mac(content: bytes, password: bytes, salt: bytes, iterations: int, hash: HashFunction) -> bytes:
    key = pkcs12_kdf(password, salt, iterations, hash.digest_size, id=MAC_KEY, hash=hash)
    return hmac_digest(key, content, hash=hash)


class _Budget:
    """How many iterations may still be made: a file can hold any number of encrypted parts."""

    def __init__(self, iterations: int) -> None:
        self._left = iterations

    def spend(self, iterations: int) -> int:
        """Return the iterations, which are made now; raise `ValueError` if there are too many."""
        if iterations > self._left:
            raise ValueError(f"{iterations} iterations, expected at most {self._left}")
        self._left -= iterations
        return iterations


def _decrypt(encrypted: Encrypted, password: bytes | None, budget: _Budget) -> bytes:
    if isinstance(encrypted, PBES2Encrypted):
        return encrypted.decrypt(password or b"", max_iterations=budget.spend(encrypted.iterations))
    return encrypted.decrypt(password, max_iterations=budget.spend(encrypted.iterations))


def _opened(bag: Bag, password: bytes | None, budget: _Budget) -> Bag:
    if not isinstance(bag.content, PBES2Encrypted | PKCS12Encrypted):
        return bag
    plain = _decrypt(bag.content, password, budget)
    return Bag(_decrypted(read_private_key_info, plain), bag.name, bag.key_id)


def _decrypted(read: Callable[[Reader], Read], plain: bytes) -> Read:
    """Read what was decrypted: all that can be wrong with it is one error, the one of a wrong padding."""
    try:
        reader = Reader(plain)
        found = read(reader)
        reader.finish()
    except ValueError:
        raise DecryptionError from None
    return found


# --- Reading.


def read_personal_information(reader: Reader) -> PersonalInformation:
    """Read a `PFX` that ends where the bytes end."""
    mac = None
    with reader.sequence("PFX", section=PFX) as pfx:
        start = pfx.position
        version = pfx.natural("version", section=PFX)
        if version != 3:
            raise DERError(start, f"PFX of version {version}, expected 3")
        with pfx.sequence("authSafe", section=PFX) as info:
            start = info.position
            content_type = info.oid("contentType", section=INFO)
            if content_type != OIDS["id-data"]:
                raise DERError(start, f"contents of type {describe(content_type)}, expected id-data, under a password")
            with (
                info.sequence("content", section=INFO, tag=EXPLICIT) as explicit,
                explicit.octets_holding("authSafe", section=PFX) as octets,
            ):
                content = octets.data[octets.position : octets.end]
                with octets.sequence("AuthenticatedSafe", section=SAFE) as contents:
                    safes = tuple(_each(contents, _read_safe))
        if not pfx.at_end():
            mac = _read_mac(pfx)
    reader.finish()
    return PersonalInformation(safes, content, mac)


def _each(reader: Reader, read: Callable[[Reader], Read]) -> Iterator[Read]:
    while not reader.at_end():
        yield read(reader)


def _read_safe(reader: Reader) -> tuple[Bag, ...] | Encrypted:
    """Read one `ContentInfo` of the `AuthenticatedSafe`."""
    with reader.sequence("ContentInfo", section=INFO) as info:
        start = info.position
        content_type = info.oid("contentType", section=INFO)
        with info.sequence("content", section=INFO, tag=EXPLICIT) as explicit:
            if content_type == OIDS["id-data"]:
                with explicit.octets_holding("data", section=SAFE) as octets:
                    return read_safe_contents(octets)
            if content_type != OIDS["id-encryptedData"]:
                raise DERError(
                    start, f"contents of type {describe(content_type)}, expected id-data or id-encryptedData"
                )
            with explicit.sequence("EncryptedData", section=ENCRYPTED) as data:
                data.natural("version", section=ENCRYPTED)
                with data.sequence("encryptedContentInfo", section=ENCRYPTED) as content:
                    content.oid("contentType", section=ENCRYPTED)
                    made = read_scheme(content, "contentEncryptionAlgorithm", section=ENCRYPTED)
                    return made(content.octet_string("encryptedContent", section=ENCRYPTED, tag=IMPLICIT))


def read_safe_contents(reader: Reader) -> tuple[Bag, ...]:
    """Read `SafeContents`: any number of bags."""
    with reader.sequence("SafeContents", section=CONTENTS) as bags:
        return tuple(_each(bags, _read_bag))


def _read_bag(reader: Reader) -> Bag:
    name = key_id = None
    with reader.sequence("SafeBag", section=CONTENTS) as bag:
        bag_id = bag.oid("bagId", section=CONTENTS)
        with bag.sequence("bagValue", section=CONTENTS, tag=EXPLICIT) as value:
            content = _read_content(value, bag_id)
        if not bag.at_end():
            with bag.set_of("bagAttributes", section=CONTENTS) as attributes:
                for kind, found in _each(attributes, _read_attribute):
                    if kind == OIDS["friendlyName"]:
                        name = str(found)
                    elif isinstance(found, bytes):
                        key_id = found
    return Bag(content, name, key_id)


def _read_content(value: Reader, bag_id: str) -> PrivateKey | Encrypted | Certificate | str:
    if bag_id == OIDS["keyBag"]:
        return read_private_key_info(value)
    if bag_id == OIDS["pkcs8ShroudedKeyBag"]:
        return read_encrypted_private_key_info(value, section=SHROUDED)
    if bag_id == OIDS["certBag"]:
        with value.sequence("CertBag", section=CERTS) as bag:
            kind = bag.oid("certId", section=CERTS)
            with bag.sequence("certValue", section=CERTS, tag=EXPLICIT) as explicit:
                start = explicit.position
                octets = explicit.octet_string("certificate", section=CERTS)
        if kind != OIDS["x509Certificate"]:
            return f"certificate of type {describe(kind)}"
        try:
            return Certificate.from_der(octets)
        except DERError as error:
            raise DERError(start, f"a certificate in PKCS #12: {error}") from None
    value.any("bag", section=CONTENTS)
    return NAMES.get(bag_id, bag_id)


def _read_attribute(reader: Reader) -> tuple[str, str | bytes | None]:
    """Read a `PKCS12Attribute`; return its type, and its value if it is known here."""
    with reader.sequence("attribute", section=CONTENTS) as attribute:
        kind = attribute.oid("attrId", section=CONTENTS)
        with attribute.set_of("attrValues", section=CONTENTS) as values:
            if kind == OIDS["friendlyName"]:
                return kind, values.string("friendlyName", section="RFC 2985 §5.5", tag=BMP_STRING)[1]
            if kind == OIDS["localKeyId"]:
                return kind, values.octet_string("localKeyId", section="RFC 2985 §5.5")
            while not values.at_end():
                values.any("attrValue", section=CONTENTS)
    return kind, None


def _read_mac(pfx: Reader) -> MacData:
    with pfx.sequence("macData", section=MAC) as mac:
        with mac.sequence("mac", section=MAC) as info:
            with info.sequence("digestAlgorithm", section=MAC) as identifier:
                start = identifier.position
                algorithm = identifier.oid("algorithm", section=ALGORITHM)
                if algorithm not in MAC_HASHES:
                    raise DERError(start, f"the MAC is of {describe(algorithm)}, expected SHA-1 or SHA-2")
                if not identifier.at_end():
                    identifier.null("parameters", section=ALGORITHM)
            digest = info.octet_string("digest", section=MAC)
        start = mac.position
        salt = mac.octet_string("macSalt", section=MAC)
        iterations = 1 if mac.at_end() else mac.natural("iterations", section=MAC)  # DEFAULT 1
    check_derivation(start, salt, iterations)
    return MacData(MAC_HASHES[algorithm], digest, salt, iterations)


# --- Writing.


def write_personal_information(
    key: PrivateKey,
    certificates: Iterable[Certificate],
    password: bytes,
    *,
    name: str | None = None,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> bytes:
    """Return a file of PKCS #12 with the key and its certificates: PBES2 for each part, HMAC-SHA-256 for the whole.

    certificates: the key's own first, then those above it. password: in UTF-8, one byte or more.
    name: what programs show. random_bytes: where salts and IVs come from.
    Raises `ValueError` if there is no certificate, if the first is not the key's, or the password is not such.
    """
    chain = tuple(certificates)
    if not chain:
        raise ValueError("a file of PKCS #12 without a certificate, expected at least one certificate")
    own, *others = chain
    if own.public_key != key.public_key:
        raise ValueError(f"the certificate of {own.subject} is not of this key")
    key_id = own.fingerprint()[:20]
    made = encrypt(private_key_info(key).encoding, password, random_bytes=random_bytes)
    shrouded = sequence(
        "EncryptedPrivateKeyInfo",
        encryption_algorithm(made, "encryptionAlgorithm", section=SHROUDED),
        octet_string("encryptedData", made.encrypted, section=SHROUDED),
        section=SHROUDED,
    )
    bags = [_cert_bag(own, _attributes(name, key_id)), *(_cert_bag(other, []) for other in others)]
    key_bag = _bag("pkcs8ShroudedKeyBag", shrouded, _attributes(name, key_id))
    safe = sequence(
        "AuthenticatedSafe",
        _encrypted_safe(sequence("SafeContents", *bags, section=CONTENTS), password, random_bytes),
        _plain_safe(sequence("SafeContents", key_bag, section=CONTENTS)),
        section=SAFE,
    )
    salt = random_bytes(SALT_SIZE)
    digest = _mac(safe.encoding, bmp_password(password), salt, MAC_ITERATIONS, sha256)
    algorithm = [oid("algorithm", OIDS["id-sha256"], section=ALGORITHM), null("parameters", section=ALGORITHM)]
    return sequence(
        "PFX",
        integer("version", 3, section=PFX),
        sequence(
            "authSafe",
            oid("contentType", OIDS["id-data"], section=INFO),
            sequence("content", octets_holding("authSafe", safe, section=PFX), section=INFO, tag=EXPLICIT),
            section=PFX,
        ),
        sequence(
            "macData",
            sequence(
                "mac",
                sequence("digestAlgorithm", *algorithm, section=MAC),
                octet_string("digest", digest, section=MAC),
                section=MAC,
            ),
            octet_string("macSalt", salt, section=MAC),
            integer("iterations", MAC_ITERATIONS, section=MAC),
            section=MAC,
        ),
        section=PFX,
    ).encoding


def _plain_safe(contents: Element) -> Element:
    data = octets_holding("data", contents, section=SAFE)
    return _content_info("id-data", data)


def _encrypted_safe(contents: Element, password: bytes, random_bytes: RandomBytes) -> Element:
    made = encrypt(contents.encoding, password, random_bytes=random_bytes)
    info = sequence(
        "encryptedContentInfo",
        oid("contentType", OIDS["id-data"], section=ENCRYPTED),
        encryption_algorithm(made, "contentEncryptionAlgorithm", section=ENCRYPTED),
        octet_string("encryptedContent", made.encrypted, section=ENCRYPTED, tag=IMPLICIT),
        section=ENCRYPTED,
    )
    data = sequence("EncryptedData", integer("version", 0, section=ENCRYPTED), info, section=ENCRYPTED)
    return _content_info("id-encryptedData", data)


def _content_info(kind: str, content: Element) -> Element:
    return sequence(
        "ContentInfo",
        oid("contentType", OIDS[kind], section=INFO),
        sequence("content", content, section=INFO, tag=EXPLICIT),
        section=INFO,
    )


def _cert_bag(certificate: Certificate, attributes: list[Element]) -> Element:
    value = octet_string("certificate", certificate.to_der(), section=CERTS)
    bag = sequence(
        "CertBag",
        oid("certId", OIDS["x509Certificate"], section=CERTS),
        sequence("certValue", value, section=CERTS, tag=EXPLICIT),
        section=CERTS,
    )
    return _bag("certBag", bag, attributes)


def _bag(kind: str, content: Element, attributes: list[Element]) -> Element:
    fields = [
        oid("bagId", OIDS[kind], section=CONTENTS),
        sequence("bagValue", content, section=CONTENTS, tag=EXPLICIT),
    ]
    if attributes:
        fields.append(set_of("bagAttributes", *attributes, section=CONTENTS))
    return sequence("SafeBag", *fields, section=CONTENTS)


def _attributes(name: str | None, key_id: bytes) -> list[Element]:
    values = {"localKeyId": octet_string("localKeyId", key_id, section="RFC 2985 §5.5")}
    if name is not None:
        values["friendlyName"] = string("friendlyName", name, type=BMP_STRING, section="RFC 2985 §5.5")
    return [
        sequence(
            "attribute",
            oid("attrId", OIDS[kind], section=CONTENTS),
            set_of("attrValues", value, section=CONTENTS),
            section=CONTENTS,
        )
        for kind, value in values.items()
    ]
