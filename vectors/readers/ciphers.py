"""Reads the response files for block ciphers: AES and Triple-DES in their modes, AES-GCM and -CCM, AES key wrap, CMAC.

Standard     NIST: AESAVS, 2002; TMOVS (SP 800-20), 2000; GCMVS, 2007; CCMVS, 2006; KWVS, 2014. AES-CTR: RFC 3686 §6.
Left out     OFB, CFB-1 and the interleaved and pipelined modes of Triple-DES; the skipped cases say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from vectors.cases import Case, Check, Value, VectorFileError
from vectors.readers.rsp import Record, Rsp, heading, only_headings, records

_AES = re.compile(r"AESVS (\w+) test data for (\w+)")
_CTR = re.compile(r"AES Counter test vectors from RFC 3686")
_TDES = re.compile(r"tdes_values|TDES|TDEA")
_TDES_MODE = re.compile(r"(?:KAT|Test|test) for (ECB|CBCI?|CFBP?\d+|OFBI?)")
_MONTE_CARLO = re.compile(r"Monte", re.IGNORECASE)
_GCM = re.compile(r"GCM (Encrypt|Decrypt) with keysize (?:128|192|256)")
_CCM = re.compile(r'"CCM-(?:DVPT|VADT|VNT|VPT|VTT)" information')
_CMAC = re.compile(r"(AES|3DES)(?:-\d+)?-CMAC Test Vectors")
_KEY_WRAP = re.compile(r"SP 800-38F (KWP?|TKW)-A[ED] with (AES-\d+|TDEA) (inverse )?cipher function")
_MODES = {"ECB": "ECB", "CBC": "CBC", "CFB8": "CFB8", "CFB64": "CFB64", "CFB128": "CFB128", "CTR": "CTR"}


def recognise(rsp: Rsp) -> bool:
    """Return whether this reader reads the file."""
    tdes = _TDES.search(rsp.comments) and _TDES_MODE.search(rsp.comments)
    return bool(tdes) or any(kind.search(rsp.comments) for kind in (_AES, _CTR, _GCM, _CCM, _CMAC, _KEY_WRAP))


def cases(rsp: Rsp) -> Iterator[Case]:
    """Return the file's cases. Raises `VectorFileError`."""
    if match := _AES.search(rsp.comments):
        yield from _aes(rsp, match[2], monte_carlo=match[1] == "MCT")
    elif _CTR.search(rsp.comments):
        yield from _aes(rsp, "CTR", monte_carlo=False)
    elif match := _TDES_MODE.search(rsp.comments):
        yield from _tdes(rsp, match[1], monte_carlo=_MONTE_CARLO.search(rsp.comments) is not None)
    elif match := _KEY_WRAP.search(rsp.comments):
        yield from _key_wrap(rsp, match[1], inverse=match[3] is not None)
    elif _CCM.search(rsp.comments):
        yield from _ccm(rsp)
    elif match := _CMAC.search(rsp.comments):
        yield from _cmac(rsp, match[1])
    else:
        yield from _gcm(rsp)


def _aes(rsp: Rsp, mode: str, *, monte_carlo: bool) -> Iterator[Case]:
    only_headings(rsp, "ENCRYPT", "DECRYPT")
    for section in rsp.sections:
        direction = heading(section, "(EN|DE)CRYPT")[0].lower()
        iv = () if mode == "ECB" else ("IV",)
        for record in records(section, required=("COUNT", "KEY", *iv, "PLAINTEXT", "CIPHERTEXT")):
            rounds = 1000 if monte_carlo else 0
            yield _cipher_case(rsp, record, _Operation("AES", mode, direction, rounds), record.octets("KEY"))


def _tdes(rsp: Rsp, mode: str, *, monte_carlo: bool) -> Iterator[Case]:
    only_headings(rsp, "ENCRYPT", "DECRYPT")
    for section in rsp.sections:
        direction = heading(section, "(EN|DE)CRYPT")[0].lower()
        ivs = [name for name in ("IV", "IV1", "IV2", "IV3") if any(field.name == name for field in section.fields)]
        one_key = any(field.name == "KEYs" for field in section.fields)
        keys = ["KEYs"] if one_key else ["KEY1", "KEY2", "KEY3"]
        texts = ["PLAINTEXT", "CIPHERTEXT"]
        if mode not in _MODES:  # three blocks are under way at once, and may be told apart by numbers
            numbered = [f"{text}{number}" for text in texts for number in (1, 2, 3)]
            texts = [name for name in (*texts, *numbered) if any(field.name == name for field in section.fields)]
        for record in records(section, required=("COUNT", *keys, *ivs, *texts)):
            key = record.octets("KEYs") * 3 if one_key else b"".join(record.octets(name) for name in keys)
            rounds = 10000 if monte_carlo else 0
            yield _cipher_case(rsp, record, _Operation("TDES", mode, direction, rounds), key)


class _Operation(NamedTuple):
    """What a file tests. rounds: of the Monte Carlo test; 0 for any other test."""

    cipher: str
    mode: str
    direction: str
    rounds: int


def _cipher_case(rsp: Rsp, record: Record, operation: _Operation, key: bytes) -> Case:
    cipher, mode, direction, rounds = operation
    algorithm = f"{cipher}-{mode}"
    if mode not in _MODES:
        return Case(rsp.name, record.id, algorithm, skip=f"{algorithm} is not implemented")
    source, target = ("PLAINTEXT", "CIPHERTEXT") if direction == "encrypt" else ("CIPHERTEXT", "PLAINTEXT")
    inputs: dict[str, Value] = {"cipher": cipher, "mode": mode, "key": key, "data": record.octets(source)}
    if mode != "ECB":
        inputs["iv"] = record.octets("IV")
    if rounds:
        inputs |= {"direction": direction, "rounds": rounds}
        check = Check("cipher_monte_carlo", inputs, {"data": record.octets(target)})
    else:
        check = Check(direction, inputs, {"data": record.octets(target)})
    return Case(rsp.name, record.id, algorithm, (check,))


def _gcm(rsp: Rsp) -> Iterator[Case]:
    only_headings(rsp, r"(Keylen|IVlen|PTlen|AADlen|Taglen) = \d+")
    for section in rsp.sections:
        lengths = {
            name: int(heading(section, rf"{name} = (\d+)")[1]) for name in ("Keylen", "IVlen", "AADlen", "Taglen")
        }
        required = ("Count", "Key", "IV", "CT", "AAD", "Tag")
        for record in records(section, required=required, optional=("PT", "FAIL")):
            for name, length in lengths.items():
                field = {"Keylen": "Key", "IVlen": "IV", "AADlen": "AAD", "Taglen": "Tag"}[name]
                if 8 * len(record.octets(field)) != length:
                    raise VectorFileError(f"line {record.line}: {field} has another length than {name} = {length} says")
            if ("PT" in record) == ("FAIL" in record):
                raise VectorFileError(f"line {record.line}: expected either a PT or FAIL")
            yield Case(rsp.name, record.id, "AES-GCM", _gcm_checks(rsp, record))


def _gcm_checks(rsp: Rsp, record: Record) -> tuple[Check, ...]:
    key: dict[str, Value] = {
        "aead": "AES-GCM",
        "key": record.octets("Key"),
        "nonce": record.octets("IV"),
        "aad": record.octets("AAD"),
    }
    ciphertext, tag = record.octets("CT"), record.octets("Tag")
    opening = {**key, "ciphertext": ciphertext, "tag": tag}
    if "FAIL" in record:
        return (Check("aead_decrypt", opening, accepted=False),)
    plaintext = record.octets("PT")
    if "Decrypt" in rsp.comments:
        return (Check("aead_decrypt", opening, {"plaintext": plaintext}),)
    sealing = {**key, "plaintext": plaintext, "tag_length": len(tag)}
    return (Check("aead_encrypt", sealing, {"ciphertext": ciphertext, "tag": tag}),)


_CCM_LENGTHS = {"Alen": "Adata", "Plen": "Payload", "Nlen": "Nonce"}


def _ccm(rsp: Rsp) -> Iterator[Case]:
    """The lengths, in bytes, stand above all sections or in their headings; data of no bytes is written as 00."""
    only_headings(rsp, r"[APNT]len = \d+(, [APNT]len = \d+)*")
    common: dict[str, int] = {}
    for section in rsp.sections:
        if not section.headings:
            for record in records(section, required=(), optional=("Alen", "Plen", "Nlen", "Tlen")):
                common |= {name: record.number(name) for name in record.values}
            continue
        lengths = common | {name: int(n) for name, n in re.findall(r"(\w+) = (\d+)", section.title)}
        if set(lengths) != {*_CCM_LENGTHS, "Tlen"}:
            raise VectorFileError(
                f"line {section.fields[0].line}: of Alen, Plen, Nlen and Tlen, found {sorted(lengths)}"
            )
        names = [field.name for field in section.fields]
        shared = ("Key", "Nonce") if names[:2] == ["Key", "Nonce"] else ("Key",)
        for record in records(
            section, required=("Count", "Adata", "CT"), optional=("Nonce", "Payload", "Result"), shared=shared
        ):
            yield Case(rsp.name, record.id, "AES-CCM", _ccm_checks(record, lengths))


def _ccm_checks(record: Record, lengths: dict[str, int]) -> tuple[Check, ...]:
    data = {}
    if missing := [name for name in ("Key", "Nonce") if name not in record]:
        raise VectorFileError(f"line {record.line}: the case that begins here lacks {', '.join(missing)}")
    for name, field in _CCM_LENGTHS.items():
        if field in record:
            data[field] = record.octets(field) if lengths[name] else b""
            if len(data[field]) != lengths[name]:
                raise VectorFileError(f"line {record.line}: {field} has another length than {name} says")
    t, sealed = lengths["Tlen"], record.octets("CT")
    inputs: dict[str, Value] = {"aead": "AES-CCM", "key": record.octets("Key")}
    inputs |= {"nonce": data["Nonce"], "aad": data["Adata"]}
    both: dict[str, Value] = {"ciphertext": sealed[:-t], "tag": sealed[-t:]}
    result = record.values.get("Result", "").partition(" ")[0]
    if result == "Fail":
        return (Check("aead_decrypt", inputs | both, accepted=False),)
    if result not in ("", "Pass") or "Payload" not in data:
        raise VectorFileError(f"line {record.line}: expected a Payload, or Result = Fail")
    opening = Check("aead_decrypt", inputs | both, {"plaintext": data["Payload"]})
    if result == "Pass":
        return (opening,)
    return Check("aead_encrypt", {**inputs, "plaintext": data["Payload"], "tag_length": t}, both), opening


def _cmac(rsp: Rsp, kind: str) -> Iterator[Case]:
    only_headings(rsp)
    cipher, keys = ("AES", ("KEY",)) if kind == "AES" else ("TDES", ("KEY1", "KEY2", "KEY3"))
    for section in rsp.sections:
        for record in records(section, required=("COUNT", *keys, "MESSAGE", "OUTPUT")):
            key, tag = b"".join(map(record.octets, keys)), record.octets("OUTPUT")
            inputs: dict[str, Value] = {"cipher": cipher, "key": key, "message": record.octets("MESSAGE")}
            inputs["length"] = len(tag)
            checks = Check("cmac", inputs, {"tag": tag}), Check("cmac_verify", {**inputs, "tag": tag})
            yield Case(rsp.name, record.id, f"CMAC-{cipher}", checks)


def _key_wrap(rsp: Rsp, kind: str, *, inverse: bool) -> Iterator[Case]:
    only_headings(rsp, r"PLAINTEXT LENGTH = \d+")
    unwrapping = f"{kind}-AD" in rsp.comments
    algorithm = {"KW": "AES key wrap", "KWP": "AES key wrap with padding", "TKW": "TDEA key wrap"}[kind]
    skip = (
        f"{algorithm}{' with the inverse cipher' if inverse else ''} is not implemented"
        if kind == "TKW" or inverse
        else ""
    )
    wrap, unwrap = ("key_wrap_padded", "key_unwrap_padded") if kind == "KWP" else ("key_wrap", "key_unwrap")
    for section in rsp.sections:
        for record in records(section, required=("COUNT", "K", "C"), optional=("P", "FAIL")):
            kek, wrapped = record.octets("K"), record.octets("C")
            if ("P" in record) == ("FAIL" in record):
                raise VectorFileError(f"line {record.line}: expected either a P or FAIL")
            if "FAIL" in record:
                check = Check(unwrap, {"kek": kek, "wrapped": wrapped}, accepted=False)
            elif unwrapping:
                check = Check(unwrap, {"kek": kek, "wrapped": wrapped}, {"key": record.octets("P")})
            else:
                check = Check(wrap, {"kek": kek, "key": record.octets("P")}, {"wrapped": wrapped})
            yield Case(rsp.name, record.id, algorithm, (check,), skip=skip)
