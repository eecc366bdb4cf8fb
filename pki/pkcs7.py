"""Certificates in one message: PKCS #7 certs-only, a signed message that is neither a message nor signed.

Standard     RFC 5652 §3, §5.1, §10.2.2 (CMS, which PKCS #7 has become); RFC 7030 §4.1.3 for what is in it.
Left out     Contents and signatures: refused. CRLs in the message: read over. BER, which RFC 5652 §4 allows:
             refused where messages are taken from peers, and read by `pki.asn1.ber` where people look at files. But the
             certificates may stand in any order, since software in wide use does not sort them.
"""

from __future__ import annotations

from collections.abc import Iterable

from explain.layout import Field, Layout
from pki.asn1.der import SEQUENCE, DERError, Reader, context, tag_name
from pki.asn1.der_writer import encoded, integer, oid, sequence, set_of
from pki.asn1.oids import OIDS, describe
from pki.x509 import Certificate

INFO, SIGNED_DATA, CONTENT = "RFC 5652 §3", "RFC 5652 §5.1", "RFC 5652 §5.2"
CHOICE = "RFC 5652 §10.2.2"

EXPLICIT = CERTIFICATES = context(0, constructed=True)
CRLS = context(1, constructed=True)


def certs_only(certificates: Iterable[Certificate]) -> bytes:
    """Return the DER of a certs-only message with these certificates, whose order it does not keep (X.690 §11.6)."""
    elements = [encoded("certificate", certificate.to_der(), section=CHOICE) for certificate in certificates]
    if not elements:
        raise ValueError("a certs-only message without a certificate, expected at least one")
    signed_data = sequence(
        "SignedData",
        integer("version", 1, section=SIGNED_DATA),  # only newer kinds of certificate or content take more
        set_of("digestAlgorithms", section=SIGNED_DATA),
        sequence("encapContentInfo", oid("eContentType", OIDS["id-data"], section=CONTENT), section=CONTENT),
        set_of("certificates", *elements, section=SIGNED_DATA, tag=CERTIFICATES),
        set_of("signerInfos", section=SIGNED_DATA),
        section=SIGNED_DATA,
    )
    return sequence(
        "ContentInfo",
        oid("contentType", OIDS["id-signedData"], section=INFO),
        sequence("content", signed_data, section=INFO, tag=EXPLICIT),
        section=INFO,
    ).encoding


def read_certs_only(der: bytes) -> tuple[Certificate, ...]:
    """Return the certificates of a certs-only message, one or more, in its order; raise `DERError` if it is not one."""
    return read_certs_only_message(Reader(der))


def certs_only_layout(der: bytes) -> list[Field]:
    """Return what each byte of a certs-only message is; each certificate has a layout of its own."""
    layout = Layout()
    read_certs_only_message(Reader(der, layout=layout))
    return layout.fields


def read_certs_only_message(reader: Reader) -> tuple[Certificate, ...]:
    """Read a certs-only message that ends where the bytes end; the certificates in it are DER in any case."""
    with reader.sequence("ContentInfo", section=INFO) as info:
        start = info.position
        content_type = info.oid("contentType", section=INFO)
        if content_type != OIDS["id-signedData"]:
            raise DERError(start, f"a message of type {describe(content_type)}, expected id-signedData")
        with (
            info.sequence("content", section=INFO, tag=EXPLICIT) as explicit,
            explicit.sequence("SignedData", section=SIGNED_DATA) as signed_data,
        ):
            signed_data.natural("version", section=SIGNED_DATA)
            with signed_data.set_of("digestAlgorithms", section=SIGNED_DATA):
                pass  # the block fails if anything is in the set, as it does below
            with signed_data.sequence("encapContentInfo", section=CONTENT) as content:
                start = content.position
                content_type = content.oid("eContentType", section=CONTENT)
                if content_type != OIDS["id-data"]:
                    raise DERError(
                        start, f"contents of type {describe(content_type)}, expected id-data and no contents"
                    )
                if not content.at_end():
                    _read_over_nothing(content)
            certificates: list[Certificate] = []
            with signed_data.sequence("certificates", section=SIGNED_DATA, tag=CERTIFICATES) as choices:
                while not certificates or not choices.at_end():
                    certificates.append(_read_certificate(choices))
            if signed_data.peek() == CRLS:
                signed_data.any("crls", section=SIGNED_DATA)
            with signed_data.set_of("signerInfos", section=SIGNED_DATA):
                pass
    reader.finish()
    return tuple(certificates)


def _read_over_nothing(content: Reader) -> None:
    """Read contents of no octets, which some programs write where RFC 5652 §5.2 wants them to be left out."""
    start = content.position
    with content.sequence("eContent", section=CONTENT, tag=EXPLICIT) as explicit:
        if not explicit.at_end() and explicit.octet_string("eContent", section=CONTENT):
            raise DERError(start, "contents that are signed, expected none")
    content.demand(start, "empty contents, expected none at all (RFC 5652 §5.2)")


def _read_certificate(choices: Reader) -> Certificate:
    """Read one of the `CertificateChoices`, which is to be an X.509 certificate."""
    start = choices.position
    if choices.peek() not in (SEQUENCE, -1):
        raise DERError(start, f"found {tag_name(choices.peek())}, expected a certificate, and no other kind of one")
    encoding = choices.any("certificate", section=CHOICE)
    try:
        return Certificate.from_der(encoding)
    except DERError as error:
        raise DERError(start + error.offset, error.reason) from None
