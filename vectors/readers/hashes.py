"""Reads the response files for hash functions and HMAC: SHA-1, SHA-2, SHA-3, SHAKE, MD5.

Standard     NIST: The Secure Hash Algorithm Validation System (SHAVS), 2014; SHA3VS, 2016; HMACVS, 2006.
Left out     Messages that are not a whole number of bytes: such cases are skipped with that reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.names import hash_name
from vectors.readers.rsp import Record, Rsp, Section, heading, only_headings, records

_SHA = re.compile(r'"(SHA\S*) (ShortMsg|LongMsg|Monte)"')
_SHAKE = re.compile(r'"(SHAKE\d+) (ShortMsg|LongMsg|VariableOut|Monte)"')
_HMAC_RFC = re.compile(r"HMAC-(SHA-?\d+|MD5)")
_MD5 = re.compile(r"rfc1321")
_LINK = ("i", "M", "MDi")
_HMAC_SIZES = {20: "SHA-1", 28: "SHA-224", 32: "SHA-256", 48: "SHA-384", 64: "SHA-512"}


def recognise(rsp: Rsp) -> bool:
    """Return whether this reader reads the file."""
    names = {field.name for section in rsp.sections for field in section.fields}
    return bool(
        _SHA.search(rsp.comments)
        or _SHAKE.search(rsp.comments)
        or (names == {"Len", "Msg", "MD"} and _MD5.search(rsp.comments))
        or (names == {"Len", "Key", "Msg", "MD"} and _HMAC_RFC.search(rsp.comments))
        or names == {"Count", "Klen", "Tlen", "Key", "Msg", "Mac"}
    )


def cases(rsp: Rsp) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    if match := _SHAKE.search(rsp.comments):
        read = _shake_monte_carlo if match[2] == "Monte" else _shake
        yield from read(rsp, hash_name(match[1]))
    elif match := _SHA.search(rsp.comments):
        read = _sha_monte_carlo if match[2] == "Monte" else _sha
        yield from read(rsp, hash_name(match[1]))
    elif match := _HMAC_RFC.search(rsp.comments):
        yield from _hmac_rfc(rsp, hash_name(match[1]))
    elif _MD5.search(rsp.comments):
        yield from _sha(rsp, "MD5")
    else:
        yield from _hmac(rsp)


def _message(record: Record) -> tuple[bytes, str]:
    """Return the message, `Len` bits of `Msg`, and why it cannot be hashed here, if so."""
    bits = record.number("Len")
    if bits % 8:
        return b"", f"the message has {bits} bits; only whole bytes are hashed here"
    message = record.octets("Msg")
    if bits == 0:  # these files write the empty message as 00
        message = b""
    if len(message) * 8 != bits:
        raise VectorFileError(f"line {record.line}: Len = {bits}, but Msg has {len(message) * 8} bits")
    return message, ""


def _sha(rsp: Rsp, name: str) -> Iterator[Case]:
    only_headings(rsp, r"L ?= ?\d+")
    for section in rsp.sections:
        for record in records(section, required=("Len", "Msg", "MD")):
            message, skip = _message(record)
            check = Check("hash", {"hash": name, "message": message}, {"digest": record.octets("MD")})
            yield Case(rsp.name, record.id, name, (check,), skip=skip)


def _sha_monte_carlo(rsp: Rsp, name: str) -> Iterator[Case]:
    only_headings(rsp, r"L ?= ?\d+")
    operation, effort = ("sha3_monte_carlo", 2) if name.startswith("SHA3") else ("sha_monte_carlo", 1)
    for section in rsp.sections:
        yield from _shown_links(rsp, name, section)
        chain = Section(section.headings, [field for field in section.fields if field.name not in _LINK])
        before, seed = "", b""
        known = True  # whether the digest that this link of the chain starts from is in the file
        for record in records(chain, required=("COUNT", "MD"), shared=("Seed",)):
            published = record["MD"] != "?"  # NIST's files for SHA-512/t give the first links and the last alone
            digest = record.octets("MD") if published else b""
            start = seed if before else record.octets("Seed")
            check = Check(operation, {"hash": name, "seed": start}, {"digest": digest})
            skip = "" if published and known else "the file does not give this link's digest, or the one before it"
            yield Case(rsp.name, record.id, name, (check,), skip=skip, follows=before, effort=effort)
            before, seed, known = record.id, digest, published


def _shown_links(rsp: Rsp, name: str, section: Section) -> Iterator[Case]:
    """The first links of each chain, which NIST's SHA256Monte.txt and its like show: each is a hash like any other."""
    links = Section(section.headings, [field for field in section.fields if field.name in ("COUNT", *_LINK)])
    if len({field.name for field in links.fields}) > 1:
        for record in records(links, required=_LINK, shared=("COUNT",)):
            check = Check("hash", {"hash": name, "message": record.octets("M")}, {"digest": record.octets("MDi")})
            identity = f"{section.title} COUNT = {record['COUNT']} i = {record['i']}".strip()
            yield Case(rsp.name, identity, name, (check,))


def _shake(rsp: Rsp, name: str) -> Iterator[Case]:
    lengths = r"(Outputlen|Input Length|(Minimum|Maximum) Output Length \(bits\)) = \d+"
    only_headings(rsp, lengths, r"Tested for Output of byte-oriented messages")
    for section in rsp.sections:
        variable = any("Input Length" in text for text in section.headings)
        required = ("COUNT", "Outputlen", "Msg", "Output") if variable else ("Len", "Msg", "Output")
        for record in records(section, required=required):
            message, skip = (record.octets("Msg"), "") if variable else _message(record)
            bits = record.number("Outputlen") if variable else int(heading(section, r"Outputlen = (\d+)")[1])
            yield Case(rsp.name, record.id, name, (_xof(record, name, message, bits),), skip=skip)


def _xof(record: Record, name: str, message: bytes, bits: int) -> Check:
    output = record.octets("Output")
    if bits != 8 * len(output):
        raise VectorFileError(f"line {record.line}: Outputlen is {bits}, but Output has {8 * len(output)} bits")
    return Check("xof", {"hash": name, "message": message, "length": bits // 8}, {"output": output})


def _shake_monte_carlo(rsp: Rsp, name: str) -> Iterator[Case]:
    only_headings(rsp, r"(Minimum|Maximum) Output Length \(bits\) = \d+")
    for section in rsp.sections:
        least = int(heading(section, r"Minimum Output Length \(bits\) = (\d+)")[1])
        most = int(heading(section, r"Maximum Output Length \(bits\) = (\d+)")[1])
        before, seed, length = "", b"", most // 8
        for record in records(section, required=("COUNT", "Outputlen", "Output"), shared=("Msg",)):
            inputs: dict[str, Value] = {
                "hash": name,
                "seed": seed if before else record.octets("Msg"),
                "least": (least + 7) // 8,
                "most": most // 8,
                "first_length": 0 if before else length,
            }
            check = Check("shake_monte_carlo", inputs, {"output": record.octets("Output")})
            yield Case(rsp.name, record.id, name, (check,), follows=before, effort=2)
            before, seed = record.id, record.octets("Output")


def _hmac_rfc(rsp: Rsp, name: str) -> Iterator[Case]:
    only_headings(rsp)
    for section in rsp.sections:
        for record in records(section, required=("Len", "Key", "Msg", "MD")):
            message, skip = _message(record)
            check = _hmac_check(name, record.octets("Key"), message, record.octets("MD"))
            yield Case(rsp.name, record.id, f"HMAC-{name}", (check,), skip=skip)


def _hmac(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, r"L ?= ?\d+")
    for section in rsp.sections:
        size = int(heading(section, r"L ?= ?(\d+)")[1])
        if size not in _HMAC_SIZES:
            raise VectorFileError(f"line {section.fields[0].line}: no hash has a digest of {size} bytes")
        for record in records(section, required=("Count", "Klen", "Tlen", "Key", "Msg", "Mac")):
            key, tag = record.octets("Key"), record.octets("Mac")
            if len(key) != record.number("Klen") or len(tag) != record.number("Tlen"):
                raise VectorFileError(f"line {record.line}: Key or Mac has another length than Klen or Tlen says")
            name = _HMAC_SIZES[size]
            yield Case(rsp.name, record.id, f"HMAC-{name}", (_hmac_check(name, key, record.octets("Msg"), tag),))


def _hmac_check(name: str, key: bytes, message: bytes, tag: bytes) -> Check:
    return Check("hmac", {"hash": name, "key": key, "message": message, "length": len(tag)}, {"tag": tag})
