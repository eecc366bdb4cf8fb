"""What certificates, requests and certificate revocation lists (CRLs) have in common: bytes, and a signature of them.

Standard     RFC 5280 §4.1.1, §5.1.1; RFC 2986 §4.2. X.509 calls it `SIGNED{ToBeSigned}`: what is signed, with which
             algorithm, and the signature. RFC 7468 (PEM).
Left out     What is signed: each kind reads and writes that itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from explain.layout import Field, Layout
from pki.asn1.der import MAX_SIZE, Reader
from pki.asn1.der_writer import Element, bit_string, sequence
from pki.asn1.pem import pem_decode, pem_encode
from pki.key_formats.public_key_info import PublicKey
from pki.signatures import SignatureAlgorithm, Signer, read_signature_algorithm


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Signed(ABC):
    """Something that is signed, as it was read.

    signature_algorithm, signature: the signature of `tbs`.
    tbs: the bytes that are signed.
    der: the whole.
    """

    PEM_LABELS: ClassVar[tuple[str, ...]]  # the one that is written, and others that are read
    SECTION: ClassVar[str]
    MAX_SIZE: ClassVar[int] = MAX_SIZE  # bytes
    SIGNATURE: ClassVar[tuple[str, str]] = ("signatureValue", "RFC 5280 §4.1.1.3")  # its label and its section

    signature_algorithm: SignatureAlgorithm
    signature: bytes
    tbs: bytes
    der: bytes

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader) -> Self:
        """Read one of these, which ends where the bytes end."""

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Return what these bytes are; raise `DERError` if they are something else."""
        return cls.read(Reader(der, max_size=cls.MAX_SIZE))

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """Return the one of these in `data`; raise `ValueError` unless there is exactly one."""
        blocks = pem_decode(data, max_size=2 * cls.MAX_SIZE)  # PEM is longer by a third, and may have text around it
        found = [block.der for block in blocks if block.label in cls.PEM_LABELS]
        if len(found) != 1:
            labels = ", ".join(block.label for block in blocks)
            raise ValueError(f"expected one {cls.PEM_LABELS[0]}, found {labels or 'no PEM block'}")
        return cls.from_der(found[0])

    def to_der(self) -> bytes:
        """Return it in DER, the same bytes that were read."""
        return self.der

    def to_pem(self) -> bytes:
        """Return it in PEM."""
        return pem_encode(self.PEM_LABELS[0], self.der)

    def layout(self) -> list[Field]:
        """Return what each byte of it is."""
        layout = Layout()
        self.read(Reader(self.der, layout=layout, max_size=self.MAX_SIZE))
        return layout.fields

    def verify_signature_by(self, public_key: PublicKey) -> None:
        """Return if this key made the signature; raise `InvalidSignature` if not. No other fact is checked."""
        self.signature_algorithm.verify(public_key, self.tbs, self.signature)

    @classmethod
    def _sign(cls, label: str, tbs: Element, signer: Signer, *more: Element) -> Self:
        """Return what was built, signed. more: what follows the signature."""
        signature = signer.sign(tbs.encoding)
        name, section = cls.SIGNATURE
        whole = sequence(
            label,
            tbs,
            signer.algorithm.element("signatureAlgorithm"),
            bit_string(name, signature, section=section),
            *more,
            section=cls.SECTION,
        )
        return cls.from_der(whole.encoding)

    def __eq__(self, other: object) -> bool:
        return self.der == other.der if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.der)


def read_algorithm(reader: Reader, label: str) -> tuple[SignatureAlgorithm, bytes]:
    """Read the `AlgorithmIdentifier` of a signature; return it with its encoding, to be compared with another one."""
    start = reader.position
    algorithm = read_signature_algorithm(reader, label)
    return algorithm, reader.data[start : reader.position]
