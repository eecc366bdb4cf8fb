"""The parameters of RSASSA-PSS: they stand with a signature, and may stand with a key that is for nothing else.

Standard     RFC 4055 §2.1, §2.2, §3.1 (`RSASSA-PSS-params`).
Left out     Hash functions other than SHA-2, and mask generation other than MGF1: named, and not supported. Under MGF1,
             SHA-1 is supported as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, integer, null, oid, sequence
from pki.asn1.oids import NAMES, OIDS
from primitives.hash_names import hash_named
from primitives.hashes import HashFunction
from primitives.sha1 import sha1

SECTION = "RFC 4055 §3.1"
TRAILER = 1  # the one that is defined, trailerFieldBC
DEFAULT_SALT_LENGTH = 20

HASHES: dict[str, HashFunction] = {
    OIDS[f"id-{name}"]: hash_named(name) for name in ("sha224", "sha256", "sha384", "sha512")
}
# SHA-1 is the default under MGF1, and OpenSSL leaves it at that. It does no harm there: the mask has to look random,
# and nothing follows from a collision. As the hash of the message, SHA-1 is refused.
MGF_HASHES: dict[str, HashFunction] = HASHES | {OIDS["id-sha1"]: sha1}


@dataclass(frozen=True, slots=True)
class PSSParameters:
    """The hash function, the one under MGF1, and the length of the salt in bytes."""

    hash: HashFunction
    mgf_hash: HashFunction
    salt_length: int

    def element(self) -> Element:
        """Return `RSASSA-PSS-params` to be written; the trailer field is left to its default, as it must be."""
        mgf = sequence(
            "maskGenAlgorithm",
            oid("algorithm", OIDS["id-mgf1"], section="RFC 4055 §2.2"),
            _hash_element(self.mgf_hash),
            section="RFC 4055 §2.2",
        )
        fields = [_explicit(0, _hash_element(self.hash))]
        if self.mgf_hash is not sha1:  # as with every default, DER leaves it out (X.690 §11.5)
            fields.append(_explicit(1, mgf))
        if self.salt_length != DEFAULT_SALT_LENGTH:
            fields.append(_explicit(2, integer("saltLength", self.salt_length, section=SECTION)))
        return sequence("RSASSA-PSS-params", *fields, section=SECTION)

    def __str__(self) -> str:
        hash, mgf_hash = (function.name.upper().replace("SHA", "SHA-") for function in (self.hash, self.mgf_hash))
        return f"{hash}, MGF1-{mgf_hash}, salt {self.salt_length}"


@dataclass(frozen=True, slots=True)
class UnknownPSSParameters:
    """Parameters with a function that is not known here or too weak.

    encoding: their DER.
    hash_name: the name of the hash function, or nothing if that is what is not known.
    """

    encoding: bytes
    hash_name: str


def read_pss_parameters(reader: Reader) -> PSSParameters | UnknownPSSParameters:
    """Read `RSASSA-PSS-params`. The defaults may be spelled out as well as left out (RFC 4055 §3.1)."""
    hash_oid = mgf_hash_oid = OIDS["id-sha1"]
    mgf = OIDS["id-mgf1"]
    salt_length, trailer = DEFAULT_SALT_LENGTH, TRAILER
    start = reader.position
    with reader.sequence("RSASSA-PSS-params", section=SECTION) as parameters:
        whole = parameters.encoding
        if parameters.peek() == context(0, constructed=True):
            with parameters.sequence("[0]", section=SECTION, tag=context(0, constructed=True)) as explicit:
                hash_oid = _read_hash(explicit, "hashAlgorithm")
        if parameters.peek() == context(1, constructed=True):
            with (
                parameters.sequence("[1]", section=SECTION, tag=context(1, constructed=True)) as explicit,
                explicit.sequence("maskGenAlgorithm", section=SECTION) as identifier,
            ):
                mgf = identifier.oid("algorithm", section="RFC 4055 §2.2")
                if mgf == OIDS["id-mgf1"]:
                    mgf_hash_oid = _read_hash(identifier, "parameters")
                elif not identifier.at_end():
                    identifier.any("parameters", section="RFC 4055 §2.2")
        if parameters.peek() == context(2, constructed=True):
            with parameters.sequence("[2]", section=SECTION, tag=context(2, constructed=True)) as explicit:
                salt_length = explicit.natural("saltLength", section=SECTION)
        if parameters.peek() == context(3, constructed=True):
            with parameters.sequence("[3]", section=SECTION, tag=context(3, constructed=True)) as explicit:
                trailer = explicit.natural("trailerField", section=SECTION)
    if trailer != TRAILER:
        raise DERError(start, f"RSASSA-PSS-params with trailerField {trailer}, expected {TRAILER}")
    if hash_oid in HASHES and mgf_hash_oid in MGF_HASHES and mgf == OIDS["id-mgf1"]:
        return PSSParameters(HASHES[hash_oid], MGF_HASHES[mgf_hash_oid], salt_length)
    return UnknownPSSParameters(whole, NAMES.get(hash_oid, "").removeprefix("id-"))


def _read_hash(reader: Reader, label: str) -> str:
    """Read the `AlgorithmIdentifier` of a hash function, whose parameters are NULL or absent (RFC 4055 §2.1)."""
    with reader.sequence(label, section="RFC 4055 §2.1") as identifier:
        algorithm = identifier.oid("algorithm", section="RFC 4055 §2.1")
        if not identifier.at_end():
            identifier.null("parameters", section="RFC 4055 §2.1")
    return algorithm


def _hash_element(hash: HashFunction) -> Element:
    return sequence(
        "hashAlgorithm",
        oid("algorithm", OIDS[f"id-{hash.name}"], section="RFC 4055 §2.1"),
        null("parameters", section="RFC 4055 §2.1"),
        section="RFC 4055 §2.1",
    )


def _explicit(number: int, element: Element) -> Element:
    return sequence(f"[{number}]", element, section=SECTION, tag=context(number, constructed=True))
