"""A small web server behind a TLS stream: it answers GET and HEAD with a page that tells what was negotiated.

Standard     RFC 9112, as far as Python's `http.server` goes.
Left out     Everything else.
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, cast

from handshake.commands.event_log import negotiated
from handshake.registries.codes import Role
from handshake.stream import Stream


class _Handler(BaseHTTPRequestHandler):
    wbufsize = -1  # the headers and the page are one write, and so one record
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Cutaway", ""
    page: bytes

    def do_GET(self) -> None:
        self._answer(self.page)

    def do_HEAD(self) -> None:
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: standard error is for what the handshakes tell."""


def answer_http(stream: Stream) -> None:
    """Answer the requests that come over the stream, until the client has no more."""
    parameters = stream.parameters
    lines = list(negotiated(parameters, stream.peer_chain, Role.SERVER, None)) if parameters is not None else []
    items = "".join(f"<li>{escape(name)}: {escape(value)}</li>\n" for name, value in lines)
    title = "Hello from Cutaway"
    page = f"<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n"
    handler = type("_Page", (_Handler,), {"page": page.encode()})
    handler(cast(Any, stream), stream.peer_address, cast(Any, None))
