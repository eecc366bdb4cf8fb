"""Cipher suites: their numbers and names in IANA's registry, and where each is defined.

Standard     RFC 5246 appendix A.5, RFC 5288 §3, RFC 5289 §3.1, §3.2, RFC 7905 §2, RFC 8422 §6; RFC 9846 appendix B.4;
             RFC 5746 §3.3, RFC 7507 §2 (signals in the place of suites); RFC 8701 §2 (GREASE); RFC 9846 §11 (private
             use).
Left out     Suites that nothing here speaks. What each consists of: see `handshake.suites.table`.

>>> SUITE_NAMES[0xC02F], suite_section(0xC02F), openssl_name("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'RFC 5289 §3.2', 'ECDHE-RSA-AES128-GCM-SHA256')
"""

from __future__ import annotations

from handshake.registries.codes import GREASE

_RFC_5246 = {  # with AES-CBC and HMAC
    0x002F: "TLS_RSA_WITH_AES_128_CBC_SHA",
    0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
    0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA",
    0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
    0x003C: "TLS_RSA_WITH_AES_128_CBC_SHA256",
    0x003D: "TLS_RSA_WITH_AES_256_CBC_SHA256",
    0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
    0x006B: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
}
_RFC_5288 = {  # with AES-GCM
    0x009C: "TLS_RSA_WITH_AES_128_GCM_SHA256",
    0x009D: "TLS_RSA_WITH_AES_256_GCM_SHA384",
    0x009E: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    0x009F: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
}
_RFC_8422 = {  # on curves, with AES-CBC and HMAC-SHA-1
    0xC009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    0xC00A: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    0xC013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    0xC014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
}
_RFC_5289_CBC = {  # on curves, with AES-CBC and HMAC-SHA-2
    0xC023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    0xC024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
    0xC027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    0xC028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
}
_RFC_5289_GCM = {  # on curves, with AES-GCM
    0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
}
_RFC_7905 = {  # with ChaCha20-Poly1305
    0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    0xCCAA: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
}
_RFC_9846 = {  # of TLS 1.3: the record protection, and the hash function of the key schedule
    0x1301: "TLS_AES_128_GCM_SHA256",
    0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256",
    0x1304: "TLS_AES_128_CCM_SHA256",
    0x1305: "TLS_AES_128_CCM_8_SHA256",
}
PRIVATE_SUITE_NAMES = {
    0xFF01: "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256",
    0xFF02: "TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256",
    0xFF03: "TLS_DHE_RSA_WITH_AES_128_CFB_SHA256",
    0xFF04: "TLS_DHE_RSA_WITH_AES_256_CFB_SHA256",
    0xFF05: "TLS_ECDHE_RSA_WITH_AES_128_CFB_SHA256",
    0xFF06: "TLS_ECDHE_RSA_WITH_AES_256_CFB_SHA256",
    0xFF07: "TLS_ECDHE_ECDSA_WITH_AES_128_CFB_SHA256",
    0xFF08: "TLS_ECDHE_ECDSA_WITH_AES_256_CFB_SHA256",
}
"""What IANA never assigned, in its private-use range 0xFF00-0xFFFF: RSA key transport with OAEP, and AES-CFB.

RFC 9846 §11 reserves the range.
"""

EMPTY_RENEGOTIATION_INFO_SCSV = 0x00FF  # RFC 5746 §3.3
FALLBACK_SCSV = 0x5600  # RFC 7507 §2
SIGNALLING_SUITE_NAMES = {
    EMPTY_RENEGOTIATION_INFO_SCSV: "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
    FALLBACK_SCSV: "TLS_FALLBACK_SCSV",
}

_SECTIONS = {
    "RFC 5246 appendix A.5": _RFC_5246,
    "RFC 5288 §3": _RFC_5288,
    "RFC 8422 §6": _RFC_8422,
    "RFC 5289 §3.1": _RFC_5289_CBC,
    "RFC 5289 §3.2": _RFC_5289_GCM,
    "RFC 7905 §2": _RFC_7905,
    "RFC 9846 appendix B.4": _RFC_9846,
    "RFC 9846 §11 (private use)": PRIVATE_SUITE_NAMES,
    "RFC 8701 §2": GREASE,
    "RFC 5746 §3.3": {EMPTY_RENEGOTIATION_INFO_SCSV: SIGNALLING_SUITE_NAMES[EMPTY_RENEGOTIATION_INFO_SCSV]},
    "RFC 7507 §2": {FALLBACK_SCSV: SIGNALLING_SUITE_NAMES[FALLBACK_SCSV]},
}

SUITE_NAMES = {code: name for names in _SECTIONS.values() for code, name in names.items()}
SUITE_CODES = {name: code for code, name in SUITE_NAMES.items() if name != "GREASE"}
_SECTION_OF = {code: section for section, names in _SECTIONS.items() for code in names}


def suite_section(code: int) -> str:
    """Return where a suite is defined; for one that is not known here, where suites are registered."""
    return _SECTION_OF.get(code, "RFC 5246 appendix A.5")


def openssl_name(name: str) -> str:
    """Return OpenSSL's name of a suite, given IANA's; empty for one of the private-use range."""
    if SUITE_CODES[name] in PRIVATE_SUITE_NAMES:
        return ""
    if SUITE_CODES[name] in _RFC_9846:
        return name
    key_exchange, _, cipher = name.removeprefix("TLS_").partition("_WITH_")
    cipher = cipher.replace("AES_", "AES").replace("_CBC", "").replace("POLY1305_SHA256", "POLY1305")
    parts = [] if key_exchange == "RSA" else [key_exchange]
    return "_".join([*parts, cipher]).replace("_", "-")
