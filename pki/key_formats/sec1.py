"""Private keys of elliptic curves in DER, as SEC 1 lays them out.

Standard     SEC 1 version 2.0 §C.4, RFC 5915 §3 (`ECPrivateKey`).
Left out     Curves given by their numbers instead of their names: refused (RFC 5480 §2.1.1 forbids them, too).

>>> from primitives.ec import P256, ECPrivateKey
>>> ec_private_key_element(ECPrivateKey(P256, 1), named_curve=True).encoding.hex()[:20]
'30770201010420000000'
"""

from __future__ import annotations

from pki.asn1.der import OBJECT_IDENTIFIER, DERError, Reader, context, tag_name
from pki.asn1.der_writer import Element, bit_string, integer, octet_string, oid, sequence
from pki.asn1.oids import describe
from pki.key_formats.public_key_info import CURVE_OIDS, CURVES
from primitives.curves.weierstrass import Curve
from primitives.ec import ECPrivateKey, ECPublicKey
from primitives.integers import i2osp, os2ip

SECTION = "RFC 5915 §3"
PARAMETERS, PUBLIC_KEY = context(0, constructed=True), context(1, constructed=True)


def read_named_curve(reader: Reader, label: str, *, section: str) -> Curve:
    """Read the name of a curve that is known here; raise `DERError` for any other."""
    start = reader.position
    if reader.peek() not in (OBJECT_IDENTIFIER, -1):
        raise DERError(start, f"found {tag_name(reader.peek())} for {label}, expected the identifier of a named curve")
    identifier = reader.oid(label, section=section)
    if identifier not in CURVES:
        known = ", ".join(curve.name for curve in CURVES.values())
        raise DERError(start, f"a private key on the curve {describe(identifier)}, expected {known}")
    return CURVES[identifier]


def read_ec_private_key(reader: Reader, curve: Curve | None = None) -> ECPrivateKey:
    """Read an `ECPrivateKey`.

    curve: the one named outside, as in PKCS #8; without it, the key must name its curve itself.
    The public key, if there is one, must be the private key's: a signer that trusts another one signs with the
    wrong name.
    """
    public = None
    with reader.sequence("ECPrivateKey", section=SECTION) as fields:
        start = fields.position
        version = fields.natural("version", section=SECTION)
        if version != 1:
            raise DERError(start, f"ECPrivateKey of version {version}, expected 1")
        key_start = fields.position
        octets = fields.octet_string("privateKey", section=SECTION)
        start = fields.position
        if fields.peek() == PARAMETERS:
            with fields.sequence("[0]", section=SECTION, tag=PARAMETERS) as explicit:
                named = read_named_curve(explicit, "parameters", section=SECTION)
            if curve is not None and named != curve:
                raise DERError(start, f"the key is on {named.name} inside and on {curve.name} outside")
            curve = named
        if curve is None:
            raise DERError(start, "the key does not name its curve, expected parameters")
        public_start = fields.position
        if fields.peek() == PUBLIC_KEY:
            with fields.sequence("[1]", section=SECTION, tag=PUBLIC_KEY) as explicit:
                public = explicit.octets_in_bits("publicKey", section=SECTION)
    if len(octets) != curve.scalar_size:
        raise DERError(key_start, f"privateKey has {len(octets)} octets, expected {curve.scalar_size} on {curve.name}")
    try:
        key = ECPrivateKey(curve, os2ip(octets))
        belongs = public is None or ECPublicKey.from_bytes(curve, public) == key.public_key
    except ValueError as error:
        raise DERError(key_start, str(error)) from None
    if not belongs:
        raise DERError(public_start, "publicKey does not belong to privateKey")
    return key


def ec_private_key_element(key: ECPrivateKey, *, named_curve: bool) -> Element:
    """Return an `ECPrivateKey` to be written, with its public key in uncompressed form.

    named_curve: whether it names its curve, as it must where nothing around it does (RFC 5915 §3).
    """
    fields = [
        integer("version", 1, section=SECTION),
        octet_string("privateKey", i2osp(key.d, key.curve.scalar_size), section=SECTION),
    ]
    if named_curve:
        name = oid("parameters", CURVE_OIDS[key.curve.name], section=SECTION)
        fields.append(sequence("[0]", name, section=SECTION, tag=PARAMETERS))
    public = bit_string("publicKey", key.public_key.to_bytes(), section=SECTION)
    fields.append(sequence("[1]", public, section=SECTION, tag=PUBLIC_KEY))
    return sequence("ECPrivateKey", *fields, section=SECTION)
