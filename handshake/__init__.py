"""The TLS handshake: messages, key schedule, state machines, connection (floor 5)."""
