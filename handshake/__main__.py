"""`python -m handshake client HOST:PORT` and `python -m handshake server PORT`: TLS from the command line.

Standard     None: in the manner of `openssl s_client` and `openssl s_server`.
Left out     Interactive commands.

The data is on standard input and output, and all that is told about it on standard error. The status is 0 if all
went well, 1 if the connection failed, and 2 for what was wrong with the command line.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from weakref import WeakKeyDictionary

from console.command_line import CommandError, fill_standard_streams
from console.exit_status import INTERRUPTED
from console.files import append_private, require_new, write_new
from console.interrupts import heard_interrupts
from handshake.capture.capture import Capture
from handshake.commands.event_log import WIDTH, EventLog
from handshake.commands.hints import hint
from handshake.commands.http_page import answer_http
from handshake.commands.json_log import JSONLog
from handshake.commands.options import PROGRAM, client_configuration, parser, server_configuration
from handshake.events import ApplicationData, Event, PeerCertificateNotVerified, PeerCertificateVerified
from handshake.listener import Address, Limits
from handshake.registries.codes import Role
from handshake.stream import Stream, connect, serve
from record.alerts import LocalProtocolError, RemoteProtocolError

QUIET = 2.0  # seconds for which the peer may say nothing after the end of our input, before we say goodbye
GOODBYE = 5.0  # seconds for which it may not answer that
PATIENCE = 24 * 3600.0  # seconds of silence before the end of our input
HANDSHAKE = 30.0  # seconds for a client of the server to establish its connection
CROWD = 500  # clients at a time

_telling = threading.Lock()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    fill_standard_streams()
    options = parser().parse_args(arguments)
    run = _client if options.command == "client" else _server
    with ExitStack() as resources:
        try:
            return run(options, resources)
        except KeyboardInterrupt:
            return INTERRUPTED


def _say(line: str) -> None:
    with _telling, suppress(OSError):  # if nobody listens any more, the connection goes on all the same
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _saying(peer: Address) -> Callable[[str], None]:
    """Return what says a line about a peer. It knows the address only: a log must not keep its stream alive."""
    shown = _shown(peer)
    return lambda line: _say(f"{shown}: {line}")


def _complain(options: argparse.Namespace, error: Exception, status: int, *, about: str = "", more: str = "") -> int:
    """Say what went wrong, in one line. about: what it was with, if the error does not say so itself. more: a hint."""
    _say(f"{PROGRAM} {options.command}: {about}{_reason(error)}{f': {more}' if more else ''}")
    return status


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _key_log(options: argparse.Namespace, capture: Capture | None) -> Callable[[str], None] | None:
    """Return what logs keys, to wherever they are wanted; None if nobody wants them. Raises `OSError`."""
    path = options.keylog or os.environ.get("SSLKEYLOGFILE")
    logs = [] if capture is None else [capture.key_log]
    if path:
        append_private(path, b"")  # better to hear now than in the midst of a handshake that it cannot be written
        logs.append(lambda line: append_private(path, line.encode("ascii") + b"\n"))

    def log(line: str) -> None:
        for each in logs:
            each(line)

    return log if logs else None


def _capture(options: argparse.Namespace, resources: ExitStack) -> Capture | None:
    """Return where the connections are captured, if anybody wants that. Raises `OSError`."""
    return resources.enter_context(Capture(options.pcap, clock=time.time_ns)) if options.pcap else None


def _warn(options: argparse.Namespace) -> None:
    if getattr(options, "no_verify", False):
        _say("INSECURE: --no-verify lets in anyone at the other end, and tells only which check failed")
    if options.legacy:
        _say("INSECURE: --legacy believes signatures with SHA-1 and SHA-224, which attackers may be able to forge")


class _Pipe:
    """The client's conversation: standard input to the peer, what the peer says to standard output."""

    def __init__(self) -> None:
        self.last_heard = time.monotonic()
        self.ending = False

    def hear(self, event: Event) -> None:
        """Write what the peer says, at once."""
        self.last_heard = time.monotonic()
        if isinstance(event, ApplicationData):
            sys.stdout.buffer.write(event.data)
            sys.stdout.buffer.flush()

    def talk(self, stream: Stream) -> None:
        """Send standard input until its end; then wait until the peer seems to have answered, and say goodbye."""
        try:
            while data := os.read(0, 2**16):
                stream.sendall(data)
            self.last_heard = time.monotonic()
            while (left := self.last_heard + QUIET - time.monotonic()) > 0:
                time.sleep(left)
            self.ending = True
            stream.end()
            time.sleep(GOODBYE)
            stream.abort()
        except (OSError, ValueError, RemoteProtocolError):  # it is over, and the receiving thread knows why
            return


def _client(options: argparse.Namespace, resources: ExitStack) -> int:
    try:
        configuration = client_configuration(options, _say)
        _warn(options)
        if options.certs:
            require_new(options.certs)
        capture = _capture(options, resources)  # as soon as all else is right: it begins a new file
        configuration = replace(configuration, key_log=_key_log(options, capture))
    except (ValueError, OSError, CommandError) as error:
        return _complain(options, error, 2)
    log = JSONLog(Role.CLIENT, _say) if options.json else EventLog(Role.CLIENT, _say, explain=options.explain)
    pipe = _Pipe()

    def on_event(event: Event) -> None:
        log(event)
        pipe.hear(event)
        if isinstance(event, PeerCertificateVerified | PeerCertificateNotVerified) and options.certs:
            write_new(options.certs, b"".join(certificate.to_pem() for certificate in event.chain))

    try:
        stream = connect(options.address, configuration, idle_timeout=PATIENCE, on_event=on_event, capture=capture)
        if options.key_update:
            stream.update_keys(request_update=True)
    except (OSError, RemoteProtocolError, LocalProtocolError) as error:
        if isinstance(log, JSONLog):
            log.failed(error, _reason(error))
            return 1
        about = f"{_shown(options.address)}: " if isinstance(error, OSError) else ""
        return _complain(options, error, 1, about=about, more=hint(error, configuration))
    threading.Thread(target=pipe.talk, args=(stream,), daemon=True).start()
    try:
        with heard_interrupts():
            while stream.recv():
                pass  # `on_event` has written it already
        stream.close()
    except KeyboardInterrupt:
        stream.close()
        raise
    except BrokenPipeError:  # nobody reads our output any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except (OSError, RemoteProtocolError) as error:
        return 0 if pipe.ending else _complain(options, error, 1)
    return 0


def _server(options: argparse.Namespace, resources: ExitStack) -> int:
    try:
        configuration = server_configuration(options, _say)
        _warn(options)
        capture = _capture(options, resources)  # as soon as all else is right: it begins a new file
        configuration = replace(configuration, key_log=_key_log(options, capture))
    except (ValueError, OSError, CommandError) as error:
        return _complain(options, error, 2)
    logs: WeakKeyDictionary[Stream, EventLog] = WeakKeyDictionary()

    def on_event(stream: Stream, event: Event) -> None:
        if stream not in logs:
            say, width = _saying(stream.peer_address), WIDTH - len(f"{_shown(stream.peer_address)}: ")
            logs[stream] = EventLog(Role.SERVER, say, explain=options.explain, width=width)
        logs[stream](event)

    def on_error(peer: Address, error: Exception) -> None:
        _say(f"{_shown(peer)}: {_reason(error)}")

    def handle(stream: Stream) -> None:
        if options.ask_later:
            with suppress(LocalProtocolError):  # of TLS 1.2, or one that would not answer
                stream.request_certificate()
        if options.http:
            answer_http(stream)
            return
        while data := stream.recv():
            if options.echo:
                try:
                    stream.sendall(data)
                except BrokenPipeError:  # the client has said goodbye already, and wants to hear no echo
                    return
            else:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()

    try:
        listener = serve(
            (options.host, options.port),
            configuration,
            handle,
            handshake_timeout=HANDSHAKE,
            limits=Limits(connections=CROWD, per_address=options.per_address),
            on_event=on_event,
            on_error=on_error,
            capture=capture,
        )
    except OSError as error:
        return _complain(options, error, 1, about=f"{_shown((options.host, options.port))}: ")
    _say(f"listening on {_shown(listener.address)}")
    with listener:
        listener.wait()
    return 0


def _shown(address: Address) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


if __name__ == "__main__":
    sys.exit(main())
