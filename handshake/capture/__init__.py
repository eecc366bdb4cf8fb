"""Captures for Wireshark."""
