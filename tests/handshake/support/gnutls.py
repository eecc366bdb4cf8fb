"""GnuTLS as a client in memory: the library itself, by way of `ctypes`, so that a conversation takes no process."""

import ctypes
import errno
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_char_p, c_int, c_size_t, c_ssize_t, c_uint, c_void_p
from ctypes.util import find_library
from functools import cache
from typing import Any

from pki.keys import dump_private_key
from tests.handshake.support.parties import NOW, Identity, authority

# gnutls/gnutls.h
CLIENT, NONBLOCK, NO_TICKETS = 1 << 1, 1 << 3, 1 << 10
PEM_FORMAT, CERTIFICATE, DNS_NAME, SHUT_WR = 1, 1, 1, 1
AGAIN = -28


class _Datum(Structure):
    """gnutls_datum_t."""

    _fields_ = (("data", c_void_p), ("size", c_uint))

    @classmethod
    def of(cls, data: bytes) -> "_Datum":
        made = cls()
        made.buffer = ctypes.create_string_buffer(data, len(data))  # to be there as long as this is
        made.data, made.size = ctypes.cast(made.buffer, c_void_p), len(data)
        return made


Transfer = CFUNCTYPE(c_ssize_t, c_void_p, POINTER(c_char), c_size_t)
Clock = CFUNCTYPE(ctypes.c_long, c_void_p)
_clock = Clock(lambda result: int(NOW.timestamp()))


@cache
def library() -> ctypes.CDLL | None:
    """The library; None if it is not installed."""
    path = find_library("gnutls")
    if path is None:
        return None
    loaded = ctypes.CDLL(path)
    loaded.gnutls_strerror.restype = c_char_p
    loaded.gnutls_record_send.restype = loaded.gnutls_record_recv.restype = c_ssize_t
    loaded.gnutls_global_set_time_function(_clock)
    return loaded


def _call(function: str, *arguments: object) -> int:
    """Call a function of the library; raise `GnuTLSError` with what it says, if it fails."""
    loaded = library()
    assert loaded is not None
    result = int(loaded[function](*arguments))
    if result < 0 and result != AGAIN:
        raise GnuTLSError(f"{function}: {loaded.gnutls_strerror(result).decode()}")
    return result


class GnuTLSError(Exception):
    """What GnuTLS complains of."""


class _Memory:
    """Bytes on their way."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: bytes, /) -> int:
        self._data += data
        return len(data)

    def read(self, size: int = 2**20, /) -> bytes:
        data = bytes(self._data[:size])
        del self._data[:size]
        return data


class _Certificate(Structure):
    """gnutls_pcert_st."""

    _fields_ = (("public_key", c_void_p), ("certificate", _Datum), ("type", c_int))


Retrieve = CFUNCTYPE(  # gnutls_certificate_retrieve_function2
    c_int,
    *(c_void_p, c_void_p, c_int, c_void_p, c_int),
    *(POINTER(POINTER(_Certificate)), POINTER(c_uint), POINTER(c_void_p)),
)


class _Credentials:
    """Whom a client trusts, and who it is."""

    def __init__(self, who: Identity | None) -> None:
        self.pointer = c_void_p()
        _call("gnutls_certificate_allocate_credentials", byref(self.pointer))
        roots = _Datum.of(authority().certificate.to_pem())
        _call("gnutls_certificate_set_x509_trust_mem", self.pointer, byref(roots), PEM_FORMAT)
        if who is None:
            return
        self._certificate, self._key = _Certificate(), c_void_p()
        own = _Datum.of(who.chain[0].to_pem())
        _call("gnutls_pcert_import_x509_raw", byref(self._certificate), byref(own), PEM_FORMAT, 0)
        key = _Datum.of(dump_private_key(who.private_key))
        _call("gnutls_privkey_init", byref(self._key))
        _call("gnutls_privkey_import_x509_raw", self._key, byref(key), PEM_FORMAT, None, 0)
        # Left to itself, it takes no Ed25519 and no RSASSA-PSS key to be what a CertificateRequest asks for.
        self._retrieve = Retrieve(self._choose)
        loaded: Any = library()
        loaded.gnutls_certificate_set_retrieve_function2(self.pointer, self._retrieve)

    def _choose(self, *arguments: Any) -> int:
        certificates, length, key = arguments[-3:]
        certificates[0], length[0], key[0] = ctypes.pointer(self._certificate), 1, self._key.value
        return 0


credentials = cache(_Credentials)


class GnuTLS:
    """A client, with its bytes in memory. It is an `openssl.Peer`.

    priority: what it speaks, in GnuTLS's own words. session: what `session` of another one was, to be resumed.
    """

    def __init__(
        self, priority: str, *, who: Identity | None = None, tickets: bool = True, session: bytes | None = None
    ) -> None:
        self.incoming, self.outgoing = _Memory(), _Memory()
        self.established = self.ended = False
        self.error: Exception | None = None
        self.received = b""
        self._credentials = credentials(who)
        self._session = c_void_p()
        _call("gnutls_init", byref(self._session), CLIENT | NONBLOCK | (0 if tickets else NO_TICKETS))
        _call("gnutls_priority_set_direct", self._session, priority.encode(), None)
        _call("gnutls_credentials_set", self._session, CERTIFICATE, self._credentials.pointer)
        _call("gnutls_server_name_set", self._session, DNS_NAME, b"server.example", c_size_t(14))
        self._name = ctypes.create_string_buffer(b"server.example")
        loaded: Any = library()
        loaded.gnutls_session_set_verify_cert(self._session, self._name, 0)
        self._callbacks = Transfer(self._push), Transfer(self._pull)
        loaded.gnutls_transport_set_push_function(self._session, self._callbacks[0])
        loaded.gnutls_transport_set_pull_function(self._session, self._callbacks[1])
        if session is not None:
            _call("gnutls_session_set_data", self._session, session, c_size_t(len(session)))

    def __del__(self) -> None:
        loaded: Any = library()
        loaded.gnutls_deinit(self._session)

    def _push(self, _: object, data: Any, size: int) -> int:
        self.outgoing.write(data[:size])
        return size

    def _pull(self, _: object, buffer: Any, size: int) -> int:
        data = self.incoming.read(size)
        if not data:
            loaded: Any = library()
            loaded.gnutls_transport_set_errno(self._session, errno.EAGAIN)
            return -1
        ctypes.memmove(buffer, data, len(data))
        return len(data)

    def step(self) -> None:
        """Go on until more bytes are needed."""
        try:
            if not self.established and _call("gnutls_handshake", self._session) == 0:
                self.established = True
            buffer = ctypes.create_string_buffer(2**14)
            while self.established and not self.ended:
                length = _call("gnutls_record_recv", self._session, buffer, c_size_t(len(buffer)))
                if length == AGAIN:
                    return
                self.received += buffer.raw[:length]
                if length == 0:
                    self.ended = True
                    _call("gnutls_bye", self._session, SHUT_WR)
        except GnuTLSError as error:
            self.error = error

    def write(self, data: bytes) -> None:
        while data:
            data = data[_call("gnutls_record_send", self._session, data, c_size_t(len(data))) :]

    @property
    def resumed(self) -> bool:
        """Whether a session was resumed."""
        return bool(_call("gnutls_session_is_resumed", self._session))

    @property
    def session(self) -> bytes:
        """The session, to be resumed by another one."""
        datum = _Datum()
        _call("gnutls_session_get_data2", self._session, byref(datum))
        return ctypes.string_at(datum.data, datum.size)
