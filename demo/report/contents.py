"""What the parties say to each other inside of TLS, byte by byte: HTTP in enrolment, JSON in the delivery.

Standard     RFC 9112 §2.1, §3, §4, §5 (HTTP/1.1), RFC 8259 §4 (JSON). For showing what was said; those who act on it
             read it with `http.client`, `http.server` and `json`.
Left out     Chunked bodies and fields over several lines: nobody here sends them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from demo.report.nested_der import splice
from demo.report.parts import Part, View, der_words, explained
from pki.csr import CertificateSigningRequest
from pki.est.messages import decode_body
from pki.pkcs7 import certs_only_layout

CRLF = ("CRLF", "carriage return and line feed", "lines end like this in HTTP, whatever the system")
SPACE = ("SP", "a space", "divides the words of the line")
FIELDS = {
    "host": ("the name of the server that is meant", "one address may serve many names", "RFC 9110 §7.2"),
    "accept-encoding": (
        "how the answer may be packed: as it is",
        "what is not asked for is not sent",
        "RFC 9110 §12.5.3",
    ),
    "content-length": (
        "the length of the body in bytes",
        "the reader must know where the body ends, for another message may follow on the same connection",
        "RFC 9110 §8.6",
    ),
    "content-type": ("what the body is", "the reader must know how to read it, or that it cannot", "RFC 9110 §8.3"),
    "content-transfer-encoding": (
        "the body is in base64",
        "a leftover from mail, which could carry text only; EST wants base64, with or without saying so",
        "RFC 8951 §3.1",
    ),
    "authorization": (
        "the applicant's name and its enrolment code, in base64, which hides nothing",
        "by the code the TTP knows who applies. Only because TLS is around it, nobody else can read it",
        "RFC 7617 §2",
    ),
    "server": ("the program that answers", "for whoever looks for faults", "RFC 9110 §10.2.4"),
    "date": ("when the answer was made", "caches need it", "RFC 9110 §6.6.1"),
    "connection": (
        "whether another message may follow here",
        "both sides must agree on when it is over",
        "RFC 9110 §7.6.1",
    ),
    "retry-after": ("when to ask again", "the server says how long it needs", "RFC 9110 §10.2.3"),
}
OTHER_FIELD = (
    "one more fact about the message",
    "new fields can be added; who does not know one, ignores it",
    "RFC 9110 §5",
)
START = {
    "method": (
        "what is to be done: POST hands something in",
        "the same address can be read and written",
        "RFC 9110 §9.3.3",
    ),
    "request-target": ("the place: EST's for a first certificate", "one server may serve much else", "RFC 7030 §3.2.2"),
    "HTTP-version": ("the version of HTTP", "tells by which rules the message is to be read", "RFC 9112 §2.3"),
    "status-code": (
        "whether it was done: 200 is yes",
        "for programs: the first digit says how it went",
        "RFC 9110 §15",
    ),
    "reason-phrase": ("the same in words", "for people", "RFC 9112 §4"),
}


class _Parts:
    """Parts one after the other."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.position = 0

    def add(self, label: str, data: bytes, what: str, why: str, section: str, *, value: str = "") -> None:
        """Add a part, unless it is empty."""
        if data:
            end = self.position + len(data)
            shown = value or (data.decode("utf-8", "replace") if data.strip() else f"{len(data)} bytes")
            self.parts.append(Part(label, self.position, end, what, why, section, shown))
            self.position = end


def application_parts(stream: bytes) -> list[Part]:
    """Return what each byte is of all that one side said."""
    if re.match(rb"(POST|GET) |HTTP/", stream):
        return _http(stream)
    return _lines(stream)


def text_parts(data: bytes, what: str, why: str) -> list[Part]:
    """Return a text that stands by itself, without anything around it."""
    return [Part("text", 0, len(data), what, why, "ISO/IEC 10646 (UTF-8)", data.decode("utf-8", "replace"))]


def _lines(stream: bytes) -> list[Part]:
    """JSON objects, one to a line, each with one text."""
    found = _Parts()
    for line in stream.splitlines(keepends=True):
        match = re.fullmatch(rb'(\{")(\w+)(":")(.*)("\})(\n)', line)
        if match is None:
            found.add("data", line, "application data", "what the connection is for", "RFC 5246 §10")
            continue
        name = match[2].decode()
        what, why = MESSAGES.get(name, ("what is said", "what the connection is for"))
        section = "RFC 8259 §4"
        found.add(
            "{", match[1], "an object begins, and in it a name", "JSON says what is a name and what a value", section
        )
        found.add(
            "name", match[2], "says what the text is", "a reader takes the names it expects and no others", section
        )
        found.add(
            ":", match[3], "the name ends, its value begins", "JSON says what is a name and what a value", section
        )
        found.add(name, match[4], what, why, "RFC 8259 §7", value=json.loads(line)[name])
        found.add("}", match[5], "the value and the object end", "a message that is cut off is noticed", section)
        found.add("LF", match[6], "the line ends", "one message to a line: the reader knows that it is whole", section)
    return found.parts


MESSAGES = {
    "otp": (
        "the one-time password, in a sentence that says what it is for",
        "this is what all of the rest was for: it comes from the bank's server, to the bank's client, unread on the "
        "way",
    ),
    "acknowledged": (
        "the SHA-256 of the text that the client has received",
        "the server learns that this very text has arrived",
    ),
}


def _http(stream: bytes) -> list[Part]:
    """One message after the other."""
    found = _Parts()
    while found.position < len(stream):
        head, gap, rest = stream[found.position :].partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        words = first.split(b" ", 2)
        names = ("HTTP-version", "status-code", "reason-phrase") if first.startswith(b"HTTP") else tuple(START)[:3]
        for i, (name, word) in enumerate(zip(names, words, strict=False)):
            if i:
                found.add(SPACE[0], b" ", *SPACE[1:], "RFC 9112 §3")
            found.add(name, word, *START[name])
        length = 0
        for line in lines:
            found.add(CRLF[0], b"\r\n", *CRLF[1:], "RFC 9112 §2.1")
            field, colon, value = line.partition(b":")
            label = field.decode("latin-1")
            what, why, section = FIELDS.get(label.lower(), OTHER_FIELD)
            found.add("field-name", field, f"the name of a field: {what}", why, "RFC 9110 §5.1")
            blank = value[: len(value) - len(value.lstrip())]
            found.add(":", colon + blank, "the name ends", "divides name and value", "RFC 9112 §5")
            found.add(label, value.strip(), what, why, section)
            if label.lower() == "content-length":
                length = int(value)
        found.add("CRLF CRLF", gap, "an empty line", "the fields end, the body begins", "RFC 9112 §2.1")
        body = rest[:length]
        found.add("body", body, *BODY, value=f"{len(body)} bytes of base64")
        if body:
            found.parts[-1].opened = _opened(body)
    return found.parts


def application_title(parts: Sequence[Part]) -> tuple[str, str]:
    """Return what a record with application data is, and why it is sent, by what it begins with."""
    return TITLES.get(parts[0].label if len(parts) else "", ("application data", ""))


TITLES = {
    "method": (
        "the request: its head",
        "The applicant asks for a certificate, and shows the code from its letter. TLS is around both.",
    ),
    "HTTP-version": ("the answer: its head", "The TTP says that it has been done."),
    "body": ("the body", "The head above says how long it is and what it is; inside is DER, in base64."),
    "{": ("the message", "One line of text. Only now, when each knows who the other one is, is anything told."),
}

BODY = (
    "what the message carries, in base64",
    "a request on the way to the TTP, a certificate on the way back",
    "RFC 7030 §4.2",
)


def _opened(body: bytes) -> View | None:
    """Return the DER in the body, explained, if it is a request or a message with certificates."""
    try:
        der = decode_body(body)
    except ValueError:
        return None  # an answer in plain text
    how = "decoded from base64"
    try:
        fields = CertificateSigningRequest.from_der(der).layout()
    except ValueError:
        fields = certs_only_layout(der)
    return View("", how, der, splice(explained(fields, der_words), der))
