"""What `python -m handshake` runs."""
