"""Readers: from the files of those who publish vectors to cases. Which reader reads a file, its content tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from vectors.cases import Case, VectorFileError
from vectors.readers import ciphers, curves, hashes, ml_kem, openssl, pkcs1, rfc, rsa, rsp


class UnknownFormat(VectorFileError):
    """No reader knows the form of the file."""


def read_text(name: str, text: str) -> list[Case]:
    """Return the cases of a text file of NIST's, an RFC's, RSA Laboratories', OpenSSL's or CCTV's form.

    Raises `UnknownFormat` if it is in none of these formats, `VectorFileError` if it is in one but has a mistake.
    """
    if rfc.recognise_ed25519(text):
        return _with_own_ids(rfc.ed25519_cases(name, text))
    if openssl.recognise(text):
        return _with_own_ids(openssl.cases(name, text))
    if pkcs1.recognise(text):
        return _with_own_ids(pkcs1.cases(name, text))
    if ml_kem.recognise_cctv(text):
        return _with_own_ids(ml_kem.cctv_cases(name, text))
    try:
        parsed = rsp.parse(name, text)
    except VectorFileError as error:
        raise UnknownFormat(str(error)) from None
    for reader in (hashes, ciphers, rsa, curves, rfc, ml_kem):
        if reader.recognise(parsed):
            return _with_own_ids(reader.cases(parsed))
    raise UnknownFormat("neither its comments nor its field names are those of any known kind of file")


def _with_own_ids(cases: Iterable[Case]) -> list[Case]:
    """Return the cases, those whose id a case before them has with a number added."""
    return list(_numbered(cases))


def _numbered(cases: Iterable[Case]) -> Iterator[Case]:
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.id] += 1
        yield case if seen[case.id] == 1 else replace(case, id=f"{case.id} ({seen[case.id]})")
