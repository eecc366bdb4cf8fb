"""Handshake messages: as values and as bytes."""
