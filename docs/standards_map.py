"""Writes docs/standards.md, where each section of each standard is found in the code: `python docs/standards_map.py`.

The map is read off the code itself: every citation in a docstring, a comment or a step's section, with the function
that it stands in. `citations.py` tells the standard of each.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from citations import INVENTED, in_python

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "standards.md"
EXAMPLES = ROOT / "explain" / "trace.py"  # which explains how to cite
ROOMS = ("explain", "console", "primitives", "pki", "record", "handshake", "demo")

TITLES = {
    "CABF BR": "The CA/Browser Forum's Baseline Requirements for TLS server certificates",
    "ECMA-48": "Control sequences of terminals",
    "FIPS 180-2": "The worked examples of SHA-1 and SHA-2",
    "FIPS 180-4": "Secure Hash Standard (SHA-1, SHA-2)",
    "FIPS 186-5": "Digital Signature Standard",
    "FIPS 197": "Advanced Encryption Standard",
    "FIPS 197 (2001)": "Its first edition, with more examples",
    "FIPS 198-1": "Keyed-Hash Message Authentication Code",
    "FIPS 202": "SHA-3",
    "FIPS 203": "ML-KEM",
    "FIPS 204": "ML-DSA",
    "Hacker's Delight": "Warren, 2nd edition (2013)",
    "HTML": "The living standard",
    "PKCS #3": "Diffie-Hellman key agreement",
    "RFC 791": "IPv4",
    "RFC 1034": "Domain names: concepts",
    "RFC 1035": "Domain names: implementation",
    "RFC 1071": "The Internet checksum",
    "RFC 1123": "Host requirements (host names)",
    "RFC 1321": "MD5",
    "RFC 1421": "Privacy Enhanced Mail",
    "RFC 2104": "HMAC",
    "RFC 2585": "Certificates and lists over HTTP",
    "RFC 2985": "PKCS #9: attributes",
    "RFC 2986": "PKCS #10: certification requests",
    "RFC 3279": "Algorithm identifiers in certificates",
    "RFC 3394": "AES key wrap",
    "RFC 3526": "More MODP groups",
    "RFC 3749": "TLS compression",
    "RFC 3986": "URIs",
    "RFC 4055": "RSA-PSS and RSA-OAEP in certificates",
    "RFC 4158": "Building certification paths",
    "RFC 4226": "HOTP",
    "RFC 4231": "Test cases of HMAC-SHA-2",
    "RFC 4279": "Pre-shared keys in TLS",
    "RFC 4514": "Distinguished names as text",
    "RFC 4518": "Preparing strings of names",
    "RFC 4632": "Address prefixes (CIDR)",
    "RFC 4648": "Base64",
    "RFC 5077": "Session tickets",
    "RFC 5246": "TLS 1.2",
    "RFC 5280": "Certificates and certificate revocation lists (PKIX)",
    "RFC 5288": "AES-GCM in TLS",
    "RFC 5289": "ECDHE with SHA-2 and AES-GCM in TLS",
    "RFC 5321": "Mail addresses (SMTP)",
    "RFC 5469": "DES and IDEA in TLS, withdrawn",
    "RFC 5480": "Elliptic curve keys in certificates",
    "RFC 5652": "Cryptographic Message Syntax",
    "RFC 5746": "TLS renegotiation indication",
    "RFC 5758": "ECDSA with SHA-2 in certificates",
    "RFC 5869": "HKDF",
    "RFC 5915": "Elliptic curve private keys",
    "RFC 5937": "Trust anchors' constraints",
    "RFC 5958": "PKCS #8: private keys",
    "RFC 6066": "TLS extensions",
    "RFC 6238": "TOTP",
    "RFC 6864": "The ID of IPv4",
    "RFC 6960": "OCSP",
    "RFC 6962": "Certificate Transparency",
    "RFC 6979": "Deterministic ECDSA",
    "RFC 7030": "Enrolment over Secure Transport (EST)",
    "RFC 7093": "Key identifiers",
    "RFC 7301": "ALPN",
    "RFC 7323": "TCP for high performance",
    "RFC 7366": "Encrypt-then-MAC",
    "RFC 7468": "PEM",
    "RFC 7507": "Fallback SCSV",
    "RFC 7617": "HTTP Basic authentication",
    "RFC 7627": "Extended master secret",
    "RFC 7748": "X25519",
    "RFC 7905": "ChaCha20-Poly1305 in TLS",
    "RFC 7914": "scrypt",
    "RFC 7919": "Finite-field groups for TLS",
    "RFC 8017": "PKCS #1: RSA",
    "RFC 8018": "PKCS #5: PBKDF2, PBES2",
    "RFC 8032": "Ed25519",
    "RFC 8200": "IPv6",
    "RFC 8259": "JSON",
    "RFC 8410": "Ed25519 in certificates",
    "RFC 8422": "Elliptic curves in TLS 1.2",
    "RFC 8439": "ChaCha20 and Poly1305",
    "RFC 8449": "Record size limit",
    "RFC 8701": "GREASE",
    "RFC 8951": "Clarifications of EST",
    "RFC 9110": "HTTP",
    "RFC 9112": "HTTP/1.1",
    "RFC 9293": "TCP",
    "RFC 9525": "Service identity",
    "RFC 9618": "Policy validation in certificates",
    "RFC 9654": "OCSP nonces",
    "RFC 9846": "TLS 1.3",
    "RFC 9881": "ML-DSA in certificates",
    "RFC 9935": "ML-KEM in certificates",
    "SEC 1": "Elliptic Curve Cryptography",
    "SP 800-38A": "Block cipher modes: ECB, CBC, CFB, CTR",
    "SP 800-38D": "Galois/Counter Mode",
    "SP 800-38F": "Key wrapping",
    "SP 800-56A": "Key establishment by discrete logarithms",
    "SP 800-67": "Triple DES",
    "SP 800-90A": "Random number generation (HMAC_DRBG)",
    "SP 800-131A": "Which lengths of keys still count",
    "SP 800-132": "Key derivation from passwords",
    "SP 800-186": "Elliptic curve domain parameters",
    "Stallings": "Cryptography and Network Security, with Simplified DES",
    "TAOCP 2": "Knuth, Seminumerical Algorithms",
    "WCAG 2.2": "Web Content Accessibility Guidelines",
    "X.680": "ASN.1",
    "X.690": "DER",
}


class Place(NamedTuple):
    """Where the code cites a section of a standard."""

    standard: str
    section: str
    path: str
    function: str


def main() -> None:
    """Write the page."""
    PAGE.write_text(page())


def page() -> str:
    """Return the page as it should be now."""
    found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for place in places():
        functions = found[place.standard][place.section][place.path]
        if place.function and place.function not in functions:
            functions.append(place.function)
    lines = [
        "# From the standard to the code",
        "",
        "With a standard in one hand: where each of its sections is found. Made from the code by",
        "`docs/standards_map.py`; a test compares. A name in `code` is a function or class; a file alone",
        "cites the section in its head or at its constants.",
        "",
    ]
    for standard in sorted(found, key=_natural):
        title = TITLES.get(standard)
        lines += [f"## {standard}{f': {title}' if title else ''}", "", "| section | where |", "| --- | --- |"]
        for section in sorted(found[standard], key=_natural):
            where = [
                f"[{path}](../{path}){': ' if functions else ''}{', '.join(f'`{name}`' for name in functions)}"
                for path, functions in sorted(found[standard][section].items())
            ]
            mark = "§" if section[0].isdigit() else "appendix "
            lines.append(f"| {mark}{section} | {'; '.join(where)} |")
        lines.append("")
    return "\n".join(lines)


def places() -> Iterator[Place]:
    """Return where the rooms' code cites each section."""
    for room in ROOMS:
        for path in sorted({*(ROOT / room).rglob("*.py")} - {EXAMPLES}):
            source = path.read_text()
            scopes = list(_scopes(ast.parse(source)))
            for found in sorted(in_python(source), key=lambda citation: citation.line):
                if found.standard not in INVENTED:
                    function = next((scope for scope, first, last in scopes if first <= found.line <= last), "")
                    yield Place(found.standard, found.section, path.relative_to(ROOT).as_posix(), function)


def _scopes(tree: ast.AST, outer: str = "") -> Iterator[tuple[str, int, int]]:
    """Return the functions and classes with their lines, the innermost first."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{outer}{node.name}"
            yield from _scopes(node, f"{name}.")
            yield name, min(part.lineno for part in (node, *node.decorator_list)), node.end_lineno or node.lineno
        else:
            yield from _scopes(node, outer)


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Order numbers by their size, and appendices behind sections."""
    parts = re.findall(r"\d+|[^\d.\s]+", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


if __name__ == "__main__":
    main()
