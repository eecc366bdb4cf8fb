"""Bytes inside of bytes: where a field holds a certificate or name in DER, its own fields are put in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explain.layout import Field, Layout
from explain.showing.byte_view import Part, explained, moved
from pki.asn1.der import DERError, Reader
from pki.fields.names import Name
from pki.inspect.meanings import MEANINGS
from pki.x509 import Certificate


def with_nested_der(parts: Sequence[Part], data: bytes) -> list[Part]:
    """Return the parts with the fields of every certificate and name that stands in `data` as a whole."""
    for part in parts:
        reader = READERS.get(part.label)
        inner = part.parts[-1] if part.parts else None
        if reader is None or inner is None or inner.parts:
            with_nested_der(part.parts, data)
        elif part.parts[0].label == "length":  # a vector of TLS, whose contents are DER
            part.parts[-1:] = _read(reader, data, inner.start, inner.end) or [inner]
        else:  # a value of any type in DER
            part.parts = _read(reader, data, part.start, part.end) or part.parts
    return list(parts)


def _certificate(der: bytes) -> list[Field]:
    return Certificate.from_der(der).layout()


def _name(der: bytes) -> list[Field]:
    layout = Layout()
    Name.read(Reader(der, layout=layout), "Name")
    return layout.fields


READERS: dict[str, Callable[[bytes], list[Field]]] = {"certificate": _certificate, "distinguished_name": _name}


def _read(reader: Callable[[bytes], list[Field]], data: bytes, start: int, end: int) -> list[Part]:
    try:
        fields = reader(data[start:end])
    except DERError:  # a peer can send anything
        return []
    return moved(explained(fields, MEANINGS), start)
