import pytest

from record.alerts import AlertDescription, RemoteProtocolError


def test_every_number_is_a_description() -> None:
    assert AlertDescription(40) is AlertDescription.HANDSHAKE_FAILURE
    unknown = AlertDescription(199)
    assert (unknown.value, unknown.name) == (199, "UNKNOWN_199")
    assert all(AlertDescription(number) == number for number in range(256))
    for value in (256, -1):
        with pytest.raises(ValueError, match="not a valid"):
            AlertDescription(value)


def test_the_error_says_who_complained() -> None:
    ours = RemoteProtocolError(AlertDescription.DECODE_ERROR, "cut short")
    theirs = RemoteProtocolError(AlertDescription.UNKNOWN_CA, "refused", received=True)
    assert str(ours) == "cut short (alert decode_error)"
    assert str(theirs) == "refused (alert unknown_ca received)"
