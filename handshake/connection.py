"""A TLS connection without its socket: bytes in, events out; data in, bytes out.

Standard     RFC 5246 §7.2 (alerts), §7.2.1 (closure), §7.4.1.1, appendix E.2 (a ClientHello in the form of SSL
             2.0); RFC 5746 §4.5 (no renegotiation); RFC 9846 §5, §5.1, §6, appendix E.3, appendix E.4.
Left out     Reading or writing anything: see `stream`.

Give it what the peer sent with `receive_data` and take what happened with `next_event`, until it returns
NEED_DATA; send the peer whatever `data_to_send` returns, after each call of anything. Whatever the peer sends,
`next_event` returns an event or raises `RemoteProtocolError`; when it raises, the alert that tells the peer why is
waiting in `data_to_send`.
"""

from __future__ import annotations

from typing import TypeAlias

from handshake.channel import Channel, step_of, step_of_type
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.events import (
    NEED_DATA,
    AlertReceived,
    ApplicationData,
    ConnectionClosed,
    Event,
    MessageReceived,
    NeedData,
    SSL2ClientHelloReceived,
)
from handshake.machine import OPEN, OVER, Machine, Message, State
from handshake.messages.extensions import find
from handshake.messages.handshake import TLS13_LONGEST, read_message
from handshake.messages.hello import ClientHello, ServerHello
from handshake.messages.keys import ChangeCipherSpec
from handshake.messages.reassembly import Reassembly
from handshake.messages.ssl2_hello import SSL2ClientHello, SSL2Opening
from handshake.messages.tls13_extensions import SelectedVersion
from handshake.parameters import Parameters
from handshake.registries.codes import RECEIVED, SENT, Role
from handshake.tls12 import states as tls12
from handshake.tls12.client import Client as TLS12Client
from handshake.tls12.server import Server as TLS12Server
from handshake.tls13 import states as tls13
from handshake.tls13.client import Client as TLS13Client
from handshake.tls13.server import Server as TLS13Server
from handshake.versions import choose_version
from pki.verify import VerifiedChain
from primitives.octets import BytesLike, require_bytes, view_bytes
from record.alerts import (
    AlertDescription,
    AlertLevel,
    LocalProtocolError,
    RemoteProtocolError,
    decode_error,
    illegal_parameter,
    internal_error,
    protocol_version,
    unexpected_message,
)
from record.codes import TLS_1_2, TLS_1_3, ContentType
from record.layer import Record
from record.presentation import Reader

Party: TypeAlias = TLS12Client | TLS12Server | TLS13Client | TLS13Server

CHANGE_KEYS = (
    Message.CLIENT_HELLO,
    Message.SERVER_HELLO,
    Message.END_OF_EARLY_DATA,
    Message.FINISHED,
    Message.KEY_UPDATE,
)
"""The messages of TLS 1.3 behind which the keys may change, so that they end with their record (RFC 9846 §5.1)."""
MAXIMUM_CHANGE_CIPHER_SPECS = 32  # in a handshake of TLS 1.3, where one or two are sent
MAXIMUM_IDLE_MESSAGES = 4  # in a row: warnings and requests for renegotiation, which bring nothing


class Connection:
    """One side of a connection; which one, the configuration says. A client's first message is ready at once."""

    def __init__(self, configuration: ClientConfiguration | ServerConfiguration) -> None:
        if isinstance(configuration, ClientConfiguration):
            version = max(configuration.versions)  # which decides who greets
        elif isinstance(configuration, ServerConfiguration):
            version = TLS_1_2  # until the client has spoken
        else:
            raise TypeError(
                f"the configuration is {type(configuration).__name__}, expected ClientConfiguration or "
                "ServerConfiguration"
            )
        role = Role.CLIENT if isinstance(configuration, ClientConfiguration) else Role.SERVER
        tables, start = (tls13.TABLES, tls13.START) if version == TLS_1_3 else (tls12.TABLES, tls12.START)
        self._configuration = configuration
        self._channel = Channel(Machine(tables[role], start[role]), configuration)
        self._party: Party = self._party_of(version)
        self._opening = SSL2Opening() if self.role is Role.SERVER and configuration.legacy else None
        self._reassembly = Reassembly()
        self._alert = b""  # the first half of an alert that was sent in two
        self._idle_messages = 0
        self._count_change_cipher_specs = 0
        self._at_end = self._cut = self._is_complete = False
        self._failure: RemoteProtocolError | None = None
        self._send_flight()

    @property
    def role(self) -> Role:
        """Which side this is."""
        return self._party.role

    def export(self, label: bytes, context: bytes | None, length: int) -> bytes:
        """Return keying material for another protocol, which both sides can compute and nobody else.

        RFC 9846 §7.5; in TLS 1.2, RFC 5705 §4.
        label: what it is for, 1 to 249 bytes, such as `b"EXPORTER-Channel-Binding"`. context: at most 65535 bytes;
        without one, TLS 1.2 gives something else than with an empty one. length: how many bytes are wanted: at most 255
        digests of the suite's hash in TLS 1.3.
        Raises `LocalProtocolError` before the handshake is complete, and in TLS 1.2 without the extended master secret.
        """
        if self.parameters is None:
            raise LocalProtocolError("keying material is exported from a connection that is established")
        if not 1 <= len(label) <= 249:
            raise ValueError(f"the label has {len(label)} bytes, expected 1 to 249")
        if context is not None and len(context) > 65535:
            raise ValueError(f"the context has {len(context)} bytes, expected at most 65535")
        return self._party.export(label, context, length)

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self._channel.machine.state

    @property
    def parameters(self) -> Parameters | None:
        """What was agreed upon, once the handshake is complete."""
        return self._party.parameters if self._party.established is not None else None

    @property
    def peer_chain(self) -> VerifiedChain | None:
        """Who the peer is, once the handshake is complete and if it showed that."""
        return self._party.peer_chain

    def data_to_send(self) -> bytes:
        """Return the bytes that are to be sent to the peer, and forget them."""
        return self._channel.data_to_send()

    def receive_data(self, data: BytesLike) -> None:
        """Take bytes from the peer, cut anywhere; `b""` says that there will be no more."""
        require_bytes(data, "received data")
        if self._at_end and data:
            raise LocalProtocolError("data was received after its end")
        if not data:
            self._at_end = True
        elif self.state not in OVER:  # what comes after the end of TLS does not concern it
            (self._channel.records.receive_data if self._opening is None else self._opening.add)(data)

    def next_event(self) -> Event | NeedData:
        """Return what happened next, or NEED_DATA if nothing more does before the peer's next bytes.

        Raises `RemoteProtocolError`, now and in every later call, when the connection has failed.
        """
        while not self._channel.events:
            if self._failure is not None:
                raise self._failure
            if self.state in OVER:
                return NEED_DATA
            try:
                if not self._step():
                    return NEED_DATA
            except RemoteProtocolError as error:
                self._fail(error)
            except Exception:  # a fault of ours, or of the configuration: the peer is told, and nothing more is done
                self._fail(internal_error("this side has failed"))
                raise
        return self._channel.events.popleft()

    def send(self, data: BytesLike) -> None:
        """Send application data. Raises `LocalProtocolError` unless the connection is established and open."""
        view = view_bytes(data, "data to send")
        self._channel.machine.check(SENT, Message.APPLICATION_DATA)
        if view:
            if (party := self._tls13) is not None:
                party.before_data()
            self._channel.send_application_data(view)

    def update_keys(self, *, request_update: bool = False) -> None:
        """Protect what is sent from now on with the next keys (RFC 9846 §4.7.3).

        request_update: whether the peer is to do so, too. Raises `LocalProtocolError` in TLS 1.2, and unless the
        connection is established and open.
        """
        if (party := self._tls13) is None:
            raise LocalProtocolError("the keys of a connection of TLS 1.2 cannot be updated")
        party.update_keys(request_update=request_update)

    def request_certificate(self) -> None:
        """Ask the client for its certificate, after the handshake (RFC 9846 §4.7.2).

        When it has shown one, `PeerAuthenticated` is the event, and `peer_chain` what it says. Raises
        `LocalProtocolError` on a client's side, in TLS 1.2, unless the connection is established and open, if the
        client does not answer such requests, and if the configuration's `client_roots` are empty.
        """
        party = self._party
        if not isinstance(party, TLS13Server):
            raise LocalProtocolError("only a server of TLS 1.3 can ask for a certificate after the handshake")
        party.request_certificate()

    def close(self) -> None:
        """Say that this side sends no more (RFC 5246 §7.2.1). What the peer still sends can be received.

        In the midst of a handshake, this gives the connection up. After the end it does nothing.
        """
        if self.state in (State.CLOSING, *OVER):
            return
        if self.state in OPEN:
            self._channel.send_close_notify()
            return
        self._channel.send_alert(AlertLevel.WARNING, AlertDescription.USER_CANCELED)
        self._channel.send_alert(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY)
        self._channel.machine.end(State.CLOSED)

    def _step(self) -> bool:
        """Handle one message of the peer; return whether there was one."""
        if self._opening is not None:
            return self._receive_opening(self._opening)
        if self._receive_handshake_message():
            return True
        record = self._channel.next_record()
        if record is not None:
            self._receive_record(record)
            return True
        if self._at_end:
            self._receive_end()
            return True
        return False

    def _receive_opening(self, opening: SSL2Opening) -> bool:
        """Handle the client's first bytes, which may be a ClientHello in the form of SSL 2.0 (RFC 5246 appendix E.2).

        Return whether there was enough of them.
        """
        taken = opening.take()
        if opening.is_tls:
            self._opening = None
            self._channel.records.receive_data(opening.received)
        elif taken is not None:
            # 1. The message is read, and means what one of TLS does.
            data, rest = taken
            self._opening = None
            message = SSL2ClientHello.read(Reader(data))
            self._channel.emit(SSL2ClientHelloReceived(message, data))
            # 2. What follows it comes in records. The handshake's hash is over the message as it came, without the two
            #    bytes of its length.
            self._channel.records.receive_data(rest)
            hello = message.in_tls()
            self._choose_version(hello, only=TLS_1_2)  # RFC 9846 appendix E.5: TLS 1.3 does not begin so
            self._party.receive(hello, data)
            self._channel.machine.advance(RECEIVED, Message.CLIENT_HELLO)
            self._send_flight()
        elif self._at_end:
            self._receive_end()
        else:
            return False
        return True

    def _receive_record(self, record: Record) -> None:
        if self._tls13 is not None and self._reassembly.pending and record.content_type is not ContentType.HANDSHAKE:
            raise unexpected_message("a handshake message is interrupted by a record of another type")  # RFC 9846 §5.1
        match record.content_type:
            case ContentType.HANDSHAKE:
                self._reassembly.add(record.content)
            case ContentType.CHANGE_CIPHER_SPEC:
                self._receive_change_cipher_spec(record)
            case ContentType.ALERT:
                self._receive_alerts(record.content)
            case ContentType.APPLICATION_DATA:
                is_early = self.state is State.WAIT_END_OF_EARLY_DATA
                self._channel.machine.advance(RECEIVED, Message.APPLICATION_DATA)
                if is_early and isinstance(self._party, TLS13Server):
                    self._party.receive_early_data(record.content)
                elif record.content:
                    self._reset_idle()
                    if (party := self._tls13) is not None:
                        party.receive_data()
                    self._channel.emit(ApplicationData(record.content))

    def _receive_handshake_message(self) -> bool:
        """Handle the next handshake message, if it is here as a whole."""
        # 1. May it come now? As soon as its type is known.
        kind = self._reassembly.peek()
        if kind is None:
            return False
        step = step_of_type(kind)
        self._channel.machine.check(RECEIVED, step)
        if kind not in self._party.forms:
            raise unexpected_message(f"{kind.name.lower()} received in a version that does not have it")
        # 2. Read it.
        data = self._reassembly.take()
        if data is None:
            return False
        message = read_message(data, forms=self._party.forms)
        self._channel.emit(MessageReceived(message, data))
        if isinstance(message, ClientHello) and self.state is State.WAIT_CLIENT_HELLO:
            self._choose_version(message)
        elif isinstance(message, ServerHello):
            self._follow_version(message)
            step = step_of(message)
            self._channel.machine.check(RECEIVED, step)
        if self._tls13 is not None and step in CHANGE_KEYS and self._reassembly.pending:
            raise unexpected_message(f"there is more behind a {step.value} in its record, where the keys change")
        # 3. Handle it, take the step in the table, and send what the table says is next.
        if self.state in (State.CONNECTED, State.CLOSING):
            if (party := self._tls13) is not None:
                party.receive_later(message, data)
            else:
                self._refuse_renegotiation()
            self._channel.machine.advance(RECEIVED, step)
            self._send_flight()
        else:
            if step is Message.HELLO_REQUEST:
                self._count_idle()
            else:
                self._reset_idle()
            self._party.receive(message, data)
            self._channel.machine.advance(RECEIVED, step, established=self._party.established)
            self._send_flight()
        return True

    def _send_flight(self) -> None:
        """Send messages until it is the peer's turn."""
        if self._reassembly.pending and self._channel.machine.to_send() is not None:
            raise unexpected_message("there is more behind the last message of a flight")
        while (message := self._channel.machine.to_send()) is not None:
            self._party.send(message)
        if self.state is State.CONNECTED and not self._is_complete:
            self._is_complete = True
            self._party.complete()

    def _choose_version(self, hello: ClientHello, *, only: int | None = None) -> None:
        """Speak what both sides speak, as a server. only: the one version that can have begun so."""
        if isinstance(self._configuration, ServerConfiguration):
            version = choose_version(hello, self._configuration)
            if only is not None and version != only:
                raise protocol_version("this is no way to begin with that version")
            if version == TLS_1_3:
                self._keep_to_tls13(Machine(tls13.TABLES[Role.SERVER], State.WAIT_CLIENT_HELLO))

    def _follow_version(self, hello: ServerHello) -> None:
        """Speak what the server chose, as a client (RFC 9846 §4.3.1)."""
        party = self._party
        if not isinstance(party, TLS13Client):
            return
        if hello.is_retry or find(hello.extensions, SelectedVersion) is not None:
            self._keep_to_tls13()
            return
        if party.sends_early_data:  # RFC 9846 appendix E.3
            raise protocol_version("the server does not speak TLS 1.3, for which it was sent early data")
        older = TLS12Client(party.configuration, self._channel)
        self._channel.machine = Machine(tls12.TABLES[Role.CLIENT], State.WAIT_SERVER_HELLO)
        older.take_over(party.hello, party.tls12_offer)
        self._party = older

    def _keep_to_tls13(self, machine: Machine | None = None) -> None:
        """Follow the rules of TLS 1.3 from now on. machine: that of a server, which has learnt it just now."""
        if machine is not None:
            self._channel.machine = machine
            self._party = self._party_of(TLS_1_3)
        self._channel.records.idle_change_cipher_spec = True
        self._reassembly.longest = TLS13_LONGEST

    def _party_of(self, version: int) -> Party:
        """Return this side, as one that speaks the version."""
        configuration = self._configuration
        if isinstance(configuration, ClientConfiguration):
            return (TLS13Client if version == TLS_1_3 else TLS12Client)(configuration, self._channel)
        return (TLS13Server if version == TLS_1_3 else TLS12Server)(configuration, self._channel)

    @property
    def _tls13(self) -> TLS13Client | TLS13Server | None:
        """The party of this side, if TLS 1.3 is spoken as far as is known."""
        party = self._party
        return party if isinstance(party, TLS13Client | TLS13Server) else None

    def _receive_idle_change_cipher_spec(self, record: Record) -> None:
        """RFC 9846 §5: it is dropped, if it is the one byte, unprotected, and between ClientHello and Finished."""
        if record.protected_by != "none" or self._is_complete:
            raise unexpected_message("ChangeCipherSpec received under protection, or after the handshake")
        if record.content != b"\1":
            raise unexpected_message("ChangeCipherSpec is not the one byte 1")
        self._count_change_cipher_specs += 1
        if self._count_change_cipher_specs > MAXIMUM_CHANGE_CIPHER_SPECS:
            raise unexpected_message(f"{self._count_change_cipher_specs} ChangeCipherSpecs in one handshake")

    def _receive_change_cipher_spec(self, record: Record) -> None:
        """RFC 5246 §7.1."""
        if self._tls13 is not None:
            self._receive_idle_change_cipher_spec(record)
            return
        # 1. May it come now? Before the keys are there, it would protect with none (CVE-2014-0224).
        self._channel.machine.check(RECEIVED, Message.CHANGE_CIPHER_SPEC)
        # 2. A message that began before it would end after it: half of it protected, half of it not. So would
        #    an alert, whose first half a stranger could have sent.
        if self._reassembly.pending or self._alert:
            raise unexpected_message("ChangeCipherSpec received in the midst of another message")
        # 3. Read it. It is "a single byte" (§7.1), and nothing of a connection can come behind that in its record.
        if len(record.content) != 1:
            raise unexpected_message(f"ChangeCipherSpec has {len(record.content)} bytes, expected 1")
        reader = Reader(record.content)
        message = ChangeCipherSpec.read(reader)
        reader.finish()
        if message.type != 1:
            raise illegal_parameter(f"ChangeCipherSpec has the type {message.type}, expected 1")
        self._channel.emit(MessageReceived(message, record.content))
        # 4. Change.
        if isinstance(self._party, TLS12Client | TLS12Server):
            self._party.receive_change_cipher_spec()
        self._channel.machine.advance(RECEIVED, Message.CHANGE_CIPHER_SPEC)

    def _receive_alerts(self, content: bytes) -> None:
        """RFC 5246 §7.2. Alerts may share a record, or be cut in two, as handshake messages may (§6.2.1)."""
        if self._tls13 is not None:
            if len(content) != 2:  # RFC 9846 §5.1: "exactly one message"
                raise decode_error(f"an alert has {len(content)} bytes, expected 2")
            self._receive_tls13_alert(content[0], AlertDescription(content[1]))
            return
        self._alert += content
        while len(self._alert) >= 2 and self.state not in OVER:
            level, description = self._alert[:2]
            self._alert = self._alert[2:]
            if level not in (AlertLevel.WARNING, AlertLevel.FATAL):
                raise illegal_parameter(f"an alert has the level {level}, expected 1 or 2")
            self._receive_alert(AlertLevel(level), AlertDescription(description))

    def _receive_tls13_alert(self, level: int, description: AlertDescription) -> None:
        """RFC 9846 §6: what an alert is, its description says; the level is there for the looks of it."""
        shown = AlertLevel(level) if level in (AlertLevel.WARNING, AlertLevel.FATAL) else AlertLevel.FATAL
        self._channel.emit(AlertReceived(shown, description))
        if description is AlertDescription.CLOSE_NOTIFY:
            self._receive_close_notify()
        elif description is AlertDescription.USER_CANCELED:  # §6.1: close_notify comes behind it
            self._count_idle()
        else:
            raise RemoteProtocolError(description, "the peer refuses to go on", received=True)

    def _receive_alert(self, level: AlertLevel, description: AlertDescription) -> None:
        self._channel.emit(AlertReceived(level, description))
        if description is AlertDescription.CLOSE_NOTIFY:
            self._receive_close_notify()
        elif level is AlertLevel.FATAL:
            raise RemoteProtocolError(description, "the peer refuses to go on", received=True)
        else:
            self._count_idle()

    def _receive_close_notify(self) -> None:
        """RFC 5246 §7.2.1."""
        state = self.state
        if state is not State.CLOSING:  # we close, too, at once
            self._channel.send_alert(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY)
        if state not in (State.CONNECTED, State.CLOSING):
            raise RemoteProtocolError(
                AlertDescription.CLOSE_NOTIFY, "the peer gives up in the midst of the handshake", received=True
            )
        self._channel.machine.advance(RECEIVED, Message.CLOSE_NOTIFY)
        self._channel.emit(ConnectionClosed(confirmed=True))

    def _receive_end(self) -> None:
        """The transport ended. Without close_notify, somebody may have cut off the end (RFC 5246 §7.2.1)."""
        if self.state is not State.CLOSING:
            self._cut = True  # which "no longer requires that a session not be resumed"
            raise decode_error("the connection was cut: it ends without close_notify")
        self._channel.machine.end(State.CLOSED)  # "not required for the initiator of the close to wait"
        self._channel.emit(ConnectionClosed(confirmed=False))

    def _refuse_renegotiation(self) -> None:
        """RFC 5246 §7.4.1.1, §7.2.2: no_renegotiation is a warning, and the connection goes on."""
        self._count_idle()
        if self.state is State.CONNECTED:
            self._channel.send_alert(AlertLevel.WARNING, AlertDescription.NO_RENEGOTIATION)

    def _count_idle(self) -> None:
        self._idle_messages += 1
        if self._idle_messages > MAXIMUM_IDLE_MESSAGES:
            raise unexpected_message(
                f"{self._idle_messages} messages in a row that bring nothing, accepted are {MAXIMUM_IDLE_MESSAGES}"
            )

    def _reset_idle(self) -> None:
        self._idle_messages = 0

    def _fail(self, failure: RemoteProtocolError) -> None:
        """End the connection, and tell the peer why unless it told us (RFC 5246 §7.2.2)."""
        if not failure.received:
            if isinstance(self._party, TLS13Client):
                self._party.before_alert()
            self._channel.send_alert(AlertLevel.FATAL, failure.alert)
        # What comes after our goodbye concerns no session; and in TLS 1.3 a ticket was forgotten when it was used.
        party = self._party
        if isinstance(party, TLS12Client | TLS12Server) and not self._cut and self.state is not State.CLOSING:
            party.forget_session()
        self._channel.machine.end(State.FAILED)
        self._failure = failure
