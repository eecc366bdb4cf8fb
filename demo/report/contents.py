"""What the parties say to each other inside of TLS, byte by byte: HTTP in enrolment, JSON in the delivery.

Standard     RFC 9112 §2.1, §3, §4, §5 (HTTP/1.1), RFC 8259 §4 (JSON). For showing what was said; those who act on it
             read it with `http.client`, `http.server` and `json`.
Left out     Chunked bodies and fields over several lines: nobody here sends them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from explain.meaning import Meaning
from explain.showing.byte_view import Part, View, explained
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.est.messages import CRL_TYPE, decode_body
from pki.inspect.meanings import MEANINGS as DER_MEANINGS
from pki.inspect.nested_der import with_nested_der
from pki.pkcs7 import certs_only_layout

CRLF = Meaning(
    "carriage return and line feed", "systems differ in how they end a line, so HTTP has one form for all", "frame"
)
SPACE = Meaning("a space", "words can be of any length, so the reader must see where one ends", "frame")
FIELDS = {
    "host": (
        Meaning("the name of the server that is meant", "one address may serve many names", "text"),
        "RFC 9110 §7.2",
    ),
    "accept-encoding": (
        Meaning(
            "how the answer may be packed: as it is",
            "a server may compress its answers, which this client could not read",
            "text",
        ),
        "RFC 9110 §12.5.3",
    ),
    "content-length": (
        Meaning(
            "the length of the body, in bytes",
            "the reader must know where the body ends, for another message may follow on the same connection",
            "text",
        ),
        "RFC 9110 §8.6",
    ),
    "content-type": (
        Meaning("what the body is", "the reader must know how to read it, or that it cannot", "text"),
        "RFC 9110 §8.3",
    ),
    "content-transfer-encoding": (
        Meaning(
            "the body is in base64",
            "a leftover from mail, which could carry text only; EST wants base64, with or without saying so",
            "text",
        ),
        "RFC 8951 §3.1",
    ),
    "authorization": (
        Meaning(
            "the applicant's name and its enrolment code, in base64, which hides nothing",
            "the code shows the TTP who applies; it can be sent like this only because TLS is around it",
            "text",
        ),
        "RFC 7617 §2",
    ),
    "server": (
        Meaning(
            "the program that answers",
            "people who look for a fault want to know what program they are dealing with",
            "text",
        ),
        "RFC 9110 §10.2.4",
    ),
    "date": (Meaning("when the answer was made", "a cache must know how old an answer is", "text"), "RFC 9110 §6.6.1"),
    "connection": (
        Meaning(
            "whether another message may follow here", "both sides must agree on when the connection is over", "text"
        ),
        "RFC 9110 §7.6.1",
    ),
    "retry-after": (
        Meaning("when to ask again", "a client that asks again at once only costs both sides time", "text"),
        "RFC 9110 §10.2.3",
    ),
}
OTHER_FIELD = (
    Meaning(
        "one more fact about the message",
        "new fields can be added at any time, since readers ignore those that they do not know",
        "text",
    ),
    "RFC 9110 §5",
)
START = {
    "method": (
        Meaning(
            "what is to be done: POST hands something in, GET asks for something",
            "one address can be asked for what is there, and be given something new",
            "text",
        ),
        "RFC 9110 §9.3.3",
    ),
    "request-target": (
        Meaning(
            "the place at the server that the request is meant for",
            "one server does several things, such as issuing a first certificate and renewing one",
            "text",
        ),
        "RFC 7030 §3.2.2",
    ),
    "HTTP-version": (
        Meaning(
            "the version of HTTP",
            "a later version may have other rules, so the reader must know by which to read on",
            "text",
        ),
        "RFC 9112 §2.3",
    ),
    "status-code": (
        Meaning(
            "whether it was done: 200 is yes",
            "a program cannot read words; the first digit alone tells it how things went",
            "text",
        ),
        "RFC 9110 §15",
    ),
    "reason-phrase": (
        Meaning("the same in words", "people read words more easily than numbers", "text"),
        "RFC 9112 §4",
    ),
}


class _Parts:
    """Parts one after the other."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.position = 0

    def add(self, label: str, data: bytes, meaning: Meaning, section: str, *, value: str = "") -> None:
        """Add a part, unless it is empty."""
        if data:
            end = self.position + len(data)
            shown = value or (data.decode("utf-8", "replace") if data.strip() else f"{len(data)} bytes")
            self.parts.append(Part(label, self.position, end, meaning, section, shown))
            self.position = end


def application_parts(stream: bytes) -> list[Part]:
    """Return what each byte is of all that one side said."""
    if re.match(rb"(POST|GET) |HTTP/", stream):
        return _http(stream)
    return _lines(stream)


def text_parts(data: bytes, meaning: Meaning) -> list[Part]:
    """Return a text that stands by itself, without anything around it."""
    return [Part("text", 0, len(data), meaning, "ISO/IEC 10646 (UTF-8)", data.decode("utf-8", "replace"))]


def _lines(stream: bytes) -> list[Part]:
    """JSON objects, one to a line, each with one text."""
    found = _Parts()
    for line in stream.splitlines(keepends=True):
        match = re.fullmatch(rb'(\{")(\w+)(":")(.*)("\})(\n)', line)
        if match is None:
            found.add("data", line, DATA, "RFC 5246 §10")
            continue
        begin, name, colon, value, end, feed = match.groups()
        label = name.decode()
        found.add("{", begin, BEGIN, "RFC 8259 §4")
        found.add("name", name, NAME, "RFC 8259 §4")
        found.add(":", colon, COLON, "RFC 8259 §4")
        found.add(label, value, MESSAGES.get(label, OTHER_MESSAGE), "RFC 8259 §7", value=json.loads(line)[label])
        found.add("}", end, END, "RFC 8259 §4")
        found.add("LF", feed, LINE_FEED, "RFC 8259 §4")
    return found.parts


DATA = Meaning("application data", "what the connection is for", "text")
BEGIN = Meaning("an object begins, and in it a name", "JSON says what is a name and what a value", "frame")
NAME = Meaning("says what the text is", "a reader takes the names it expects and no others", "text")
COLON = Meaning("the name ends, its value begins", "JSON says what is a name and what a value", "frame")
END = Meaning("the value and the object end", "a reader notices if the message is cut off before it", "frame")
LINE_FEED = Meaning("the line ends", "each message is one line, so the reader knows when it has all of it", "frame")
MESSAGES = {
    "otp": Meaning(
        "the one-time password, in a sentence that says what it is for",
        "this is what all of the rest was for: it comes from the bank's server, to the bank's client, unread on the "
        "way",
        "text",
    ),
    "acknowledged": Meaning(
        "the SHA-256 of the text that the client has received",
        "the server must know whether the text has arrived, and whether it is still the same",
        "text",
    ),
}
OTHER_MESSAGE = Meaning("what is said", "what the connection is for", "text")


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
                found.add("SP", b" ", SPACE, "RFC 9112 §3")
            found.add(name, word, *START[name])
        length, is_crl = 0, False
        for line in lines:
            found.add("CRLF", b"\r\n", CRLF, "RFC 9112 §2.1")
            is_crl |= line.lower().endswith(CRL_TYPE.encode())
            field, colon, value = line.partition(b":")
            label = field.decode("latin-1")
            meaning, section = FIELDS.get(label.lower(), OTHER_FIELD)
            named = meaning._replace(what=f"the name of a field: {meaning.what}")
            found.add("field-name", field, named, "RFC 9110 §5.1")
            blank = value[: len(value) - len(value.lstrip())]
            found.add(":", colon + blank, FIELD_COLON, "RFC 9112 §5")
            found.add(label, value.strip(), meaning, section)
            if label.lower() == "content-length":
                length = int(value)
        found.add("CRLF CRLF", gap, EMPTY_LINE, "RFC 9112 §2.1")
        body = rest[:length]
        if is_crl:
            found.add("body", body, CRL_BODY, "RFC 2585 §3", value=f"{len(body)} bytes of DER")
        else:
            found.add("body", body, BODY, "RFC 7030 §4.2", value=f"{len(body)} bytes of base64")
        if body:
            found.parts[-1].opened = _opened_crl(body) if is_crl else _opened(body)
    return found.parts


def application_title(parts: Sequence[Part]) -> tuple[str, str]:
    """Return what a record with application data is, and why it is sent, by what it begins with."""
    if not parts:
        return "application data", ""
    first = parts[0]
    return TITLES.get(f"{first.label} {first.value}", TITLES.get(first.label, ("application data", "")))


TITLES = {
    "method": (
        "the request: its head",
        "The applicant asks for a certificate, and shows the code from its introduction letter. TLS is around both.",
    ),
    "method GET": (
        "a request: its head",
        "Whom has the TTP revoked? From a certificate alone nobody can tell, for it stays as it was signed.",
    ),
    "HTTP-version": ("the answer: its head", "The TTP says that it has been done."),
    "body": ("the body", "The head above says how long it is and what it is; inside is DER."),
    "{": ("the message", "One line of text. Only now, when each knows who the other one is, is anything told."),
}

FIELD_COLON = Meaning("the name ends", "names can be of any length, so the reader must see where one ends", "frame")
EMPTY_LINE = Meaning(
    "an empty line: the fields end, the body begins",
    "there can be any number of fields, so the reader must see that there are no more",
    "frame",
)
BODY = Meaning(
    "what the message carries, in base64: a request on the way to the TTP, a certificate on the way back",
    "all before it only says what this is and how long: the request or the certificate itself is here",
    "text",
)

CRL_BODY = Meaning(
    "what the message carries: the TTP's certificate revocation list (CRL)",
    "anyone who verifies a certificate of the TTP must know whether it has been revoked since",
    "text",
)


def _opened_crl(der: bytes) -> View | None:
    """Return the CRL in the body, explained."""
    fields = CertificateRevocationList.from_der(der).layout()
    return View("", "what the DER says", der, with_nested_der(explained(fields, DER_MEANINGS), der))


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
    return View("", how, der, with_nested_der(explained(fields, DER_MEANINGS), der))
