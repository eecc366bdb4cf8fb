"""Alerts: how one side tells the other why it stops, and the errors that become alerts.

Standard     RFC 5246 §7.2; RFC 5746 §4.5, RFC 6066 §9, RFC 7301 §3.2, RFC 7507 §3 for the later numbers.
Left out     The export-era alerts that RFC 5246 reserves, except in name.

>>> AlertDescription.BAD_RECORD_MAC
<AlertDescription.BAD_RECORD_MAC: 20>
>>> raise RemoteProtocolError(AlertDescription.DECODE_ERROR, "3 bytes left over")
Traceback (most recent call last):
    ...
record.alerts.RemoteProtocolError: 3 bytes left over (alert decode_error)
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from explain.layout import Field


class AlertLevel(IntEnum):
    """RFC 5246 §7.2."""

    WARNING = 1
    FATAL = 2


class AlertDescription(IntEnum):
    """RFC 5246 §7.2, with the numbers that later RFCs added."""

    CLOSE_NOTIFY = 0
    UNEXPECTED_MESSAGE = 10
    BAD_RECORD_MAC = 20
    DECRYPTION_FAILED_RESERVED = 21
    RECORD_OVERFLOW = 22
    DECOMPRESSION_FAILURE = 30
    HANDSHAKE_FAILURE = 40
    NO_CERTIFICATE_RESERVED = 41
    BAD_CERTIFICATE = 42
    UNSUPPORTED_CERTIFICATE = 43
    CERTIFICATE_REVOKED = 44
    CERTIFICATE_EXPIRED = 45
    CERTIFICATE_UNKNOWN = 46
    ILLEGAL_PARAMETER = 47
    UNKNOWN_CA = 48
    ACCESS_DENIED = 49
    DECODE_ERROR = 50
    DECRYPT_ERROR = 51
    EXPORT_RESTRICTION_RESERVED = 60
    PROTOCOL_VERSION = 70
    INSUFFICIENT_SECURITY = 71
    INTERNAL_ERROR = 80
    INAPPROPRIATE_FALLBACK = 86  # RFC 7507 §3
    USER_CANCELED = 90
    NO_RENEGOTIATION = 100
    MISSING_EXTENSION = 109  # RFC 9846 §6.2
    UNSUPPORTED_EXTENSION = 110
    CERTIFICATE_UNOBTAINABLE = 111  # RFC 6066 §9
    UNRECOGNIZED_NAME = 112  # RFC 6066 §9
    BAD_CERTIFICATE_STATUS_RESPONSE = 113  # RFC 6066 §9
    BAD_CERTIFICATE_HASH_VALUE = 114  # RFC 6066 §9
    UNKNOWN_PSK_IDENTITY = 115  # RFC 4279 §2
    CERTIFICATE_REQUIRED = 116  # RFC 9846 §6.2
    GENERAL_ERROR = 117  # RFC 9846 §6.2
    NO_APPLICATION_PROTOCOL = 120  # RFC 7301 §3.2

    @classmethod
    def _missing_(cls, value: object) -> AlertDescription | None:
        """Return a number that no RFC here names as itself: a peer may send any."""
        if not isinstance(value, int) or not 0 <= value <= 255:
            return None
        unknown = int.__new__(cls, value)
        unknown._name_, unknown._value_ = f"UNKNOWN_{value}", value
        return unknown


def alert_layout(data: bytes) -> list[Field]:
    """Return what each byte of alerts is (RFC 5246 §7.2): two bytes for each; half of one, if it was cut in two."""
    names: tuple[tuple[str, Mapping[int, str]], ...] = (
        ("level", {level.value: level.name.lower() for level in AlertLevel}),
        ("description", {description.value: description.name.lower() for description in AlertDescription}),
    )
    fields = []
    for i, byte in enumerate(data):
        label, values = names[i % 2]
        fields.append(Field(label, i, i + 1, values.get(byte, str(byte)), "RFC 5246 §7.2"))
    return fields


class LocalProtocolError(Exception):
    """We asked for something that the protocol does not allow at this point; nothing was sent."""


class RemoteProtocolError(Exception):
    """The peer's bytes broke the protocol; or the peer said with a fatal alert that ours did.

    alert: the alert that was sent to the peer for it, or that the peer sent.
    reason: what was wrong and what was expected, in one line. It stays on this side.
    received: whether the peer sent the alert.
    """

    def __init__(self, alert: AlertDescription, reason: str, *, received: bool = False) -> None:
        super().__init__(f"{reason} (alert {alert.name.lower()}{' received' if received else ''})")
        self.alert, self.reason, self.received = alert, reason, received


# One constructor an alert: `raise decode_error("3 bytes left over")`. Each says when the standard wants it.


def unexpected_message(reason: str) -> RemoteProtocolError:
    """Return the error for a message or record that may not come at this point (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.UNEXPECTED_MESSAGE, reason)


def bad_record_mac() -> RemoteProtocolError:
    """Return the one error for every record that does not open, whatever was wrong with it (RFC 5246 §7.2.2)."""
    reason = "a record was not protected with this connection's keys"
    return RemoteProtocolError(AlertDescription.BAD_RECORD_MAC, reason)


def record_overflow(reason: str) -> RemoteProtocolError:
    """Return the error for a record that is longer than it may be (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.RECORD_OVERFLOW, reason)


def handshake_failure(reason: str) -> RemoteProtocolError:
    """Return the error where there is no acceptable set of parameters, of those that are offered (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.HANDSHAKE_FAILURE, reason)


def bad_certificate(reason: str) -> RemoteProtocolError:
    """Return the error for a certificate that is corrupt, or whose signature does not verify (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.BAD_CERTIFICATE, reason)


def unsupported_certificate(reason: str) -> RemoteProtocolError:
    """Return the error for a certificate of a type, or for a use, that does not fit (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.UNSUPPORTED_CERTIFICATE, reason)


def illegal_parameter(reason: str) -> RemoteProtocolError:
    """Return the error for a field that is out of range or contradicts others (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.ILLEGAL_PARAMETER, reason)


def decode_error(reason: str) -> RemoteProtocolError:
    """Return the error for a message that cannot be decoded, or whose length is wrong (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.DECODE_ERROR, reason)


def decrypt_error(reason: str) -> RemoteProtocolError:
    """Return the error for a signature or a Finished that does not verify (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.DECRYPT_ERROR, reason)


def protocol_version(reason: str) -> RemoteProtocolError:
    """Return the error for a version that is recognized but not spoken (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.PROTOCOL_VERSION, reason)


def insufficient_security(reason: str) -> RemoteProtocolError:
    """Return the error for groups of primes of which none is acceptable (RFC 7919 §4), or for weak ciphers alone."""
    return RemoteProtocolError(AlertDescription.INSUFFICIENT_SECURITY, reason)


def missing_extension(reason: str) -> RemoteProtocolError:
    """Return the error for a message without an extension that the version demands (RFC 9846 §6.2)."""
    return RemoteProtocolError(AlertDescription.MISSING_EXTENSION, reason)


def certificate_required(reason: str) -> RemoteProtocolError:
    """Return the error for a client that shows no certificate, where one is required (RFC 9846 §6.2)."""
    return RemoteProtocolError(AlertDescription.CERTIFICATE_REQUIRED, reason)


def inappropriate_fallback(reason: str) -> RemoteProtocolError:
    """Return the error for a retry with a lower version that was not necessary (RFC 7507 §3)."""
    return RemoteProtocolError(AlertDescription.INAPPROPRIATE_FALLBACK, reason)


def internal_error(reason: str) -> RemoteProtocolError:
    """Return the error that has nothing to do with the peer or the protocol (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.INTERNAL_ERROR, reason)


def unsupported_extension(reason: str) -> RemoteProtocolError:
    """Return the error for a ServerHello with an extension that was not asked for (RFC 5246 §7.2.2)."""
    return RemoteProtocolError(AlertDescription.UNSUPPORTED_EXTENSION, reason)


def no_application_protocol(reason: str) -> RemoteProtocolError:
    """Return the error for clients that offer no protocol that is spoken here (RFC 7301 §3.2)."""
    return RemoteProtocolError(AlertDescription.NO_APPLICATION_PROTOCOL, reason)
